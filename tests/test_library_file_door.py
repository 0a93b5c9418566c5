"""Files of packages come ahead of the framework; everything is asked each time, so that memory shows nothing hidden."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from content.package import Manifest
from hub import library, seeing, worn
from hub.app import create_content_app
from hub.node import Node
from hub.web import content_origin, shut_files
from hub.web.warm import Warm
from tests.fixtures import engines, packages
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.sqlite(engines.SHELF)

WORDS = "<p>Boil the water before you drink it.</p>" * 40


@pytest.fixture
def village(node: Node, cast: Cast, tmp_path: Path) -> Manifest:
    """A package with a page of words and a small picture."""
    source = packages.page_zip(tmp_path / "village.zip", more__html=WORDS, dot__png="no picture", odd__bin="?")
    return library.package(node, library.add(node, source=source).package)


@pytest.fixture
def phone(node: Node) -> FlaskClient:
    """A browser on the packages' origin, which knows nobody."""
    return create_content_app(node).test_client()


@pytest.fixture
def behind(node: Node) -> FlaskClient:
    """The same without the door."""
    app = create_content_app(node)
    app.wsgi_app = type(app).wsgi_app.__get__(app)  # type: ignore[method-assign]
    return app.test_client()


@pytest.fixture
def at(node: Node, village: Manifest) -> Callable[[str], str]:
    """The address of a path of the package, with the mark of who sees all of it."""
    return lambda path: f"/{village.id}/{seeing.mark(node, library.package(node, village.id))}/{path}"


@pytest.mark.parametrize("path", ["more.html", "dot.png", "odd.bin", "none.html", "", "../x", "a//b", "%00", "%ff"])
def test_the_door_says_what_the_origin_says(
    phone: FlaskClient, behind: FlaskClient, at: Callable[[str], str], path: str
) -> None:
    """For every way of asking: the same status, the same headers, the same bytes, twice."""
    asked: list[tuple[str, dict[str, str]]] = [
        ("GET", {}),
        ("GET", {"Accept-Encoding": "gzip"}),
        ("GET", {"Accept-Encoding": "x" * 300}),
        ("GET", {"Range": "bytes=2-4"}),
        ("GET", {"Host": "hub.example:81"}),
        ("HEAD", {}),
        ("POST", {}),
        ("OPTIONS", {}),
    ]
    for method, headers in asked * 2:
        found = [each.open(at(path), method=method, headers=headers) for each in (phone, behind)]
        here, there = found
        assert (here.status_code, here.data) == (there.status_code, there.data), (method, headers)
        assert sorted(here.headers) == sorted(there.headers), (method, headers)


def test_another_mark_another_package_and_what_is_gone(
    phone: FlaskClient, node: Node, village: Manifest, at: Callable[[str], str]
) -> None:
    """What was just given is not given again when it is off the shelf, nor under another mark."""
    where = at("dot.png")
    assert [phone.get(where).status_code for _ in range(2)] == [200, 200]
    assert phone.get(f"/{village.id}/{'0' * seeing.MARK_CHARS}/dot.png").status_code == 404
    assert phone.get(f"/other/{where.split('/')[2]}/dot.png").status_code == 404
    library.remove(node, village.id)
    assert phone.get(where).status_code == 404


def test_who_may_no_longer_see_it_gets_nothing(
    phone: FlaskClient, node: Node, village: Manifest, at: Callable[[str], str]
) -> None:
    """A guest's address is shut by the mark "facilitators only", opened again with it, and theirs is another."""
    for_all = at("dot.png")
    assert phone.get(for_all).status_code == 200
    worn.show_to(node, [village.id], "only")
    assert (phone.get(for_all).status_code, phone.get(at("dot.png")).status_code) == (404, 200)
    theirs = at("dot.png")
    worn.show_to(node, [village.id], "12")
    assert [phone.get(each).status_code for each in (for_all, theirs, at("dot.png"))] == [404, 200, 200]
    worn.show_to(node, [village.id], "")
    assert phone.get(for_all).status_code == 200


def test_words_are_packed_once_and_marked(phone: FlaskClient, at: Callable[[str], str]) -> None:
    """The second answer is the first, our script before its words; whoever does not take it packed gets it plain."""
    first, second = (phone.get(at("more.html"), headers={"Accept-Encoding": "gzip"}) for _ in range(2))
    assert first.data == second.data and gzip.decompress(first.data).decode().endswith(WORDS)
    assert first.headers["ETag"].startswith('W/"') and first.headers["Content-Encoding"] == "gzip"
    assert phone.get(at("more.html")).data == gzip.decompress(first.data)


def test_each_host_has_its_policy(phone: FlaskClient, at: Callable[[str], str]) -> None:
    """However many names a machine is called by, and however long."""
    for number in range(shut_files.POLICIES_MAX * 2):
        headers = phone.get(at("dot.png"), headers={"Host": f"hub{number % 100}.example"}).headers
        assert f"http://hub{number % 100}.example" in headers["Content-Security-Policy"]
        assert {name: headers[name] for name in content_origin.SHUT} == content_origin.SHUT
    assert "h" * 300 in phone.get(at("dot.png"), headers={"Host": "h" * 300}).headers["Content-Security-Policy"]


def test_a_file_that_the_disk_lost_is_said(
    phone: FlaskClient, node: Node, village: Manifest, at: Callable[[str], str]
) -> None:
    """A sentence and no trace, for one that nobody asked for lately."""
    node.shelf.blob_path(village.files["more.html"].sha256).unlink()
    answer = phone.get(at("more.html"))
    assert (answer.status_code, answer.text) == (500, content_origin.SENTENCE)


def test_memory_has_its_bounds() -> None:
    """So many bytes, so many things, none too large; what is used again stays."""
    warm = Warm[str, str](bytes_max=10, one_max=4, count_max=4)
    for name in "abcb":
        warm.put(name, name, size_bytes=3)
    assert warm.get("a") == "a"
    warm.put("d", "d", size_bytes=3)
    warm.put("large", "large", size_bytes=5)
    assert [warm.get(name) for name in ("a", "b", "c", "d", "large")] == ["a", None, "c", "d", None]
    for name in "efghi":
        warm.put(name, name, size_bytes=0)
    assert [name for name in "acdefghi" if warm.get(name)] == list("fghi")
