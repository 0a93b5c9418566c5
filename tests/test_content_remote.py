"""Which addresses on the internet a package would call: found wherever they stand, and names are no addresses."""

import json
import time
from pathlib import Path

import pytest

from content import remote
from content.install import install
from content.offer import look
from content.remote import addresses, called
from content.shelf import Shelf
from tests.fixtures import cmi5, packages

FOUND: dict[str, tuple[str, str, list[str]]] = {
    "a call": ("a.js", 'fetch("https://api.far.net/x?y=1")', ["https://api.far.net/x?y=1"]),
    "another": ("a.mjs", "line.open('GET', 'http://10.0.0.1/x')", ["http://10.0.0.1/x"]),
    "a module": ("a.js", 'import x from "//cdn.far.net/a.js"', ["//cdn.far.net/a.js"]),
    "a line": ("a.js", "new WebSocket(`wss://live.far.net/${id}`)", ["wss://live.far.net/"]),
    "escaped": ("a.js", r'x = "https:\/\/far.net\/a"', ["https://far.net/a"]),
    "behind a kind of file": ("a.js", 'a = "*/*", b = "https://far.net/b"; /* x */', ["https://far.net/b"]),
    "a namespace": ("a.js", 'document.createElementNS("http://www.w3.org/2000/svg", "g")', []),
    "a licence": ("a.js", 'x = "https://creativecommons.org/licenses/by/4.0/"', []),
    "a note": ("a.js", '/* "https://far.net" */ // "https://far.net"\n//# sourceMappingURL=https://far.net/a.map', []),
    "a text": ("a.js", 'x = "more at https://far.net/ today"', []),
    "a link": ("a.js", 'a.href="https://far.net/"; b = {href: "https://far.net"}', []),
    "a script in a page": ("a.html", '<script>fetch("https://far.net/a")</script>', ["https://far.net/a"]),
    "data in a page": ("a.html", '<script type="application/ld+json">{"a": "https://far.net/"}</script>', []),
    "a handler": ("a.html", "<p onclick=\"fetch('https://far.net/a')\">", ["https://far.net/a"]),
    "a form": (
        "a.html",
        "<FORM ACTION = https://far.net/a><a ping='//far.net/b'>",
        ["//far.net/b", "https://far.net/a"],
    ),
    "a turn": ("a.html", '<meta http-equiv="Refresh" content="0; URL=https://far.net/">', ["https://far.net/"]),
    "a note in a page": ("a.html", '<!-- <img src="https://far.net/a.png"> --><a href="https://far.net">', []),
    "a style": ("a.css", "/* url(https://far.net/a) */ b { background: url(//far.net/b) }", ["//far.net/b"]),
    "a course": ("imsmanifest.xml", '<resource id="a" href="https://far.net/a.html">', ["https://far.net/a.html"]),
    "a part": ("cmi5.xml", "<au><url> https://far.net/a </url></au>", ["https://far.net/a"]),
    "an activity": ("tincan.xml", '<launch lang="en">https://far.net/a</launch>', ["https://far.net/a"]),
    "a title": ("imsmanifest.xml", "<title>https://far.net</title>", []),
    "a task": (
        "content/content.json",
        json.dumps(
            {"source": "https://far.net/f", "text": '<img alt="" src="https://far.net/a.png"><a href="//b.net">'}
        ),
        ["https://far.net/a.png", "https://far.net/f"],
    ),
    "who made it": ("content/content.json", json.dumps({"license": "CC BY", "source": "https://far.net"}), []),
    "half a letter": ("content/content.json", '{"path": "https://far.net/\\ud800"}', []),
    "another kind": ("a.txt", '"https://far.net/a"', []),
}


@pytest.mark.parametrize("case", FOUND)
def test_what_is_an_address(case: str) -> None:
    """What a browser or a script would call; not what a reader may follow, nor what only looks like it."""
    path, text, wanted = FOUND[case]
    assert addresses(path, text.encode()) == wanted
    assert remote.can_load(path) or not wanted


SLOW = ('"//', "/*", "<a b ", '<x src="', "<!--", "<script>", "<", "<a b='", '"//a.', " \t")


@pytest.mark.parametrize("sign", SLOW)
def test_no_file_takes_long(sign: str) -> None:
    """What is made to be slow is not: twice as much takes about twice as long, for every kind of file."""
    data = (sign * (200_000 // len(sign))).encode()
    for path in ("a.js", "a.css", "a.html", "cmi5.xml", "content/content.json"):
        start = time.process_time()
        addresses(path, data)
        assert time.process_time() - start < 2, path


def test_a_package_has_its_bounds() -> None:
    """So many addresses, so much read; pages come before scripts, whatever they are called."""
    many = "".join(f'x("https://far.net/{number:04}");' for number in range(3_000)).encode()
    assert len(addresses("a.js", many)) == remote.ADDRESSES_MAX
    read: list[str] = []
    files = [("a.js", remote.FILE_BYTES_MAX, lambda: read.append("a") or b"")] * 20  # type: ignore[func-returns-value]
    page = ("z.html", 9, lambda: b'<img src="https://far.net/z">')
    assert called([*files, page, ("huge.css", remote.FILE_BYTES_MAX + 1, lambda: 1 / 0)]) == ("https://far.net/z",)  # type: ignore[list-item, return-value]
    assert len(read) == remote.SEARCHED_BYTES // remote.FILE_BYTES_MAX - 1


def test_they_are_told_before_and_after(tmp_path: Path) -> None:
    """What a librarian sees of a stick is what stands on the package's page."""
    shelf = Shelf(tmp_path / "shelf")
    page = packages.page_zip(tmp_path / "a.zip", '<script src="a.js"></script>', a__js='fetch("https://far.net/a")')
    assert look(shelf, page).remote == install(shelf, page).remote == ("https://far.net/a",)
    course = cmi5.structure(cmi5.au("one"), cmi5.au("two", url="https://far.net/two"))
    source = cmi5.package(tmp_path / "b.zip", course)
    assert look(shelf, source).remote == install(shelf, source, in_part=True).remote == ("https://far.net/two",)
