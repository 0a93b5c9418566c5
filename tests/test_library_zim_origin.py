"""Pages of a ZIM file on the packages' origin: every address that an encyclopaedia has, shut in, whole and in parts."""

import gzip
import http.client
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from content.package import Manifest
from hub import library, seeing
from hub.node import Node
from hub.web import zim_origin
from tests.fixtures import engines, zims
from tests.fixtures.web import Served
from tests.fixtures.zims import Entry

pytestmark = pytest.mark.sqlite(engines.SHELF)
FILM = zims.PAGES["film.webm"].data


@dataclass(frozen=True)
class Answer:
    """What came back; headers by small names."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Origin:
    """The packages' origin of a hub with the village's book."""

    node: Node
    served: Served
    manifest: Manifest

    @property
    def top(self) -> str:
        """The address of the file's beginning."""
        return f"/{self.manifest.id}/{seeing.mark(self.node, self.manifest)}/archive.zim/"

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for an address below the beginning, written as it goes over the wire."""
        line = http.client.HTTPConnection(self.served.content_url.removeprefix("http://"), timeout=30)
        line.request(method, self.top + path, headers={name.replace("_", "-"): text for name, text in headers.items()})
        answer = line.getresponse()
        found = Answer(answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read())
        line.close()
        return found


@pytest.fixture
def origin(node: Node, served: Served, tmp_path: Path) -> Origin:
    """The village's book on the shelf."""
    added = library.add(node, source=zims.zim(tmp_path / "village.zim"))
    return Origin(node, served, library.package(node, added.package))


def test_every_page_is_where_its_links_lead(origin: Origin) -> None:
    """Odd letters, signs of addresses and scripts; a redirect and the beginning lead on; nothing is a calm sentence."""
    for path, entry in zims.PAGES.items():
        answer = origin.ask(quote(path))
        assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (200, entry.kind), path
    assert origin.ask("").headers["location"] == f"{origin.top}Main"
    turned = origin.ask("Older_well")
    assert (turned.status, turned.headers["location"]) == (302, f"{origin.top}Well%3F%20%23%201%25")
    assert origin.ask("C/Goat").headers["location"] == f"{origin.top}Goat"
    gone = origin.ask("Nowhere", Accept_Language="xx, fr-FR;q=0.8, en")
    assert (gone.status, b'lang="fr"' in gone.body, origin.top.encode() in gone.body) == (404, True, True)
    assert b'dir="rtl"' in origin.ask("../../x", Accept_Language="ar").body


def test_pages_are_shut_in(origin: Origin) -> None:
    """No origin, no forms, no frames of others, no door for records: also where there is nothing."""
    for path in ("Main", "Nowhere", "Old_well", "film.webm", "pictures/well.png"):
        headers = origin.ask(path).headers
        policy = headers["content-security-policy"]
        assert "sandbox allow-scripts" in policy and "allow-same-origin" not in policy
        assert "form-action 'none'" in policy and "/xapi/" not in policy
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
        assert "set-cookie" not in headers


def test_what_is_called_from_the_top_of_the_old_site_is_found(origin: Origin) -> None:
    """In pages and in styles; what lies elsewhere is left alone."""
    page = gzip.decompress(origin.ask("Main", Accept_Encoding="gzip").body).decode()
    assert f'href="{origin.top}Goat"' in page and f'src="{origin.top}pictures/well.png"' in page
    assert 'href="Nowhere"' in page and "mangrovePage" in page
    assert f"url({origin.top}pictures/well.png)" in origin.ask("look.css").body.decode()


def test_a_page_is_packed_once_and_marked(origin: Origin) -> None:
    """With gzip for whoever takes it; whoever has it hears that it is the same; marks of others do not fit."""
    plain, packed = origin.ask("look.css"), origin.ask("look.css", Accept_Encoding="gzip, deflate")
    assert gzip.decompress(packed.body) == plain.body and len(packed.body) < len(plain.body)
    assert packed.headers["etag"] == f"W/{plain.headers['etag']}" != plain.headers["etag"]
    assert packed.headers["vary"] == "Accept-Encoding" and "immutable" in packed.headers["cache-control"]
    for mark in (plain.headers["etag"], packed.headers["etag"], f'"x", {plain.headers["etag"]}'):
        same = origin.ask("look.css", If_None_Match=mark)
        assert (same.status, same.body) == (304, b"")
    assert origin.ask("look.css", If_None_Match=origin.ask("Goat").headers["etag"]).status == 200
    assert origin.ask("Goat", "HEAD").body == b""
    assert {origin.ask("Goat", method).status for method in ("POST", "PUT", "DELETE")} <= {404, 405}
    assert origin.ask("Goat", Cookie="mangrove=x").body == origin.ask("Goat").body
    assert origin.ask("Goat", Host="bad host/x").status in (200, 400)


def test_a_film_comes_in_parts(origin: Origin) -> None:
    """From where it lies in the file, as players ask for it."""
    assert isinstance(FILM, bytes)
    for asked, part, status in (
        ("bytes=0-9", FILM[:10], 206),
        ("bytes=-5", FILM[-5:], 206),
        ("bytes=1000000-", FILM[1_000_000:], 206),
        ("bytes=300000-800000", FILM[300_000:800_001], 206),
        ("bytes=1024000-", b"", 416),
        ("bytes=x", FILM, 200),
    ):
        answer = origin.ask("film.webm", Range=asked)
        assert (answer.status, answer.body == part) == (status, True), asked
        assert status == 416 or answer.headers["content-type"] == "video/webm"


def test_a_part_of_a_packed_page_is_a_part_of_the_page_as_it_is_sent(origin: Origin) -> None:
    """The words at its end too."""
    whole = origin.ask("Goat").body
    assert origin.ask("Goat", Range="bytes=5-40").body == whole[5:41]
    assert origin.ask("Goat", Range="bytes=-7").body == whole[-7:] == b"script>"


def test_another_version_and_what_is_gone_are_not_there(origin: Origin) -> None:
    """The address names the digest; memory forgets nothing it must and shows nothing it must not."""
    assert origin.ask("Goat").status == 200
    library.remove(origin.node, origin.manifest.id)
    assert origin.ask("Goat").status == 404


def test_a_page_that_rots_is_said_and_the_others_stay(origin: Origin) -> None:
    """The disk lost the file: a sentence, no trace."""
    origin.node.shelf.blob_path(origin.manifest.files["archive.zim"].sha256).unlink()
    assert (answer := origin.ask("Goat")).status == 500
    assert b"All others are as they were" in answer.body


def test_a_page_made_with_a_question_in_its_name_is_found(node: Node, served: Served, tmp_path: Path) -> None:
    """Sites put into ZIM files have such pages; a kind that is none is sent as mere bytes."""
    pages = {
        "Main": Entry("Main", "<p>main</p>"),
        "page?id=7": Entry("Seven", "<p>seven</p>"),
        "odd": Entry("Odd", "x", "text/html\r\nSet-Cookie: a=b", is_page=False),
    }
    added = library.add(node, source=zims.zim(tmp_path / "site.zim", pages, redirects={}))
    origin = Origin(node, served, library.package(node, added.package))
    assert b"seven" in origin.ask("page?id=7").body
    odd = origin.ask("odd")
    assert (odd.headers["content-type"], "set-cookie" in odd.headers) == ("application/octet-stream", False)


def test_memory_has_its_bound(origin: Origin, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """However many pages are read, those of longest ago go."""
    monkeypatch.setattr(zim_origin, "KEPT_PART", origin.node.settings.zim_memory // 500)
    pages = {f"p{number}": Entry(f"P {number}", f"<p>{number}</p>") for number in range(30)}
    added = library.add(origin.node, source=zims.zim(tmp_path / "m.zim", pages, main="p0", redirects={}, Name="many"))
    many = Origin(origin.node, origin.served, library.package(origin.node, added.package))
    for number in [*range(30), *range(30)]:
        assert f"<p>{number}</p>" in many.ask(f"p{number}").body.decode()
