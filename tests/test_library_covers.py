"""Every work has a cover: a picture out of what it holds, else a calm drawing; and whatever is hostile stays one."""

import re
from pathlib import Path
from types import MappingProxyType

import pytest
from flask.testing import FlaskClient

from content import covers, rendering
from content.package import FileEntry, Item, Manifest
from hub import library, pictures
from hub.node import Node
from hub.web import drawn
from hub.worker import HANDLERS, Worker
from tests.fixtures import carriers, engines, packages, photos
from tests.fixtures.cast import OUTSIDER, Cast

pytestmark = pytest.mark.sqlite(engines.SHELF)

COPY = re.compile(r'<img src="(/library/[^"]+/pictures/[^"]+)"')


def work(node: Node) -> None:
    """Let the worker do all that waits."""
    while Worker(node, HANDLERS).step():
        pass


def added(node: Node, source: Path) -> Manifest:
    """A package on the shelf, its pictures made."""
    manifest = library.package(node, library.add(node, source=source).package)
    work(node)
    return manifest


def pixel(client: FlaskClient, address: str) -> tuple[int, int, int]:
    """What a picture shows in its middle."""
    shown = photos.opened(client.get(address).data).convert("RGB")
    red, green, blue = shown.getpixel((shown.width // 2, shown.height // 2))  # type: ignore[misc]
    return red, green, blue


def test_a_pdf_shows_its_first_page(node: Node, cast: Cast, tmp_path: Path) -> None:
    """On the shelf, on its page, for e-readers and for machines; nothing of it was asked of the librarian."""
    manifest = added(node, carriers.red_pdf(tmp_path / "red.pdf"))
    guest = cast.client(OUTSIDER)
    (address,) = COPY.findall(guest.get("/library/").text)
    assert pixel(guest, address)[0] > 200 > pixel(guest, address)[1]
    assert "/pictures/" in guest.get(f"/library/{manifest.id}/").text.partition("package-head")[2][:600]
    images = guest.get("/opds/publications/").get_json()["publications"][0]["images"]
    assert images[0]["rel"] == "http://opds-spec.org/image"
    assert all(guest.get(each["href"]).content_type == each["type"] == "image/jpeg" for each in images)
    assert '"image":"http://localhost/library/' in guest.get(f"/library/{manifest.id}/").text
    assert photos.opened(guest.get(images[0]["href"]).data).width == 720


def test_a_sound_shows_the_picture_in_its_tag(node: Node, cast: Cast, tmp_path: Path) -> None:
    """And beside its player."""
    (tmp_path / "song.mp3").write_bytes(carriers.mp3_with(photos.photo(400, 400)))
    manifest = added(node, tmp_path / "song.mp3")
    guest = cast.client(OUTSIDER)
    assert COPY.search(guest.get("/library/").text)
    assert "/pictures/" in cast.client("learner").get(f"/learn/{manifest.id}/item/").text


@pytest.mark.parametrize(
    "data",
    [
        carriers.mp3_with(photos.bomb(9_000), b"image/png"),
        carriers.mp3_with(b"\xff\xd8\xff\xe0 torn"),
        carriers.mp3_with(b"<svg onload='x()'/>", b"image/svg+xml"),
        carriers.mp3_with(b""),
    ],
    ids=["bomb", "torn", "program", "nothing"],
)
def test_a_hostile_picture_harms_nothing(node: Node, cast: Cast, tmp_path: Path, data: bytes) -> None:
    """The sound stands there with a drawing."""
    (tmp_path / "song.mp3").write_bytes(data)
    manifest = added(node, tmp_path / "song.mp3")
    page = cast.client(OUTSIDER).get(f"/library/{manifest.id}/").text
    assert f"/library/{manifest.id}/cover.svg" in page
    assert library.verify(node) == []


@pytest.mark.parametrize("sides", [(14_400, 1), (1, 14_400), (14_400, 14_400)])
def test_a_page_of_any_sides_is_drawn_within_bounds(tmp_path: Path, sides: tuple[int, int]) -> None:
    """As large as a PDF may be, and as thin."""
    place = carriers.red_pdf(tmp_path / "wide.pdf", width=sides[0], height=sides[1])
    found = [name.partition(".")[0].split("x") for name, _ in rendering.copies(place)]
    assert found
    assert all(1 <= int(width) <= 720 and 1 <= int(height) <= 2_000 for width, height in found)


def test_a_torn_pdf_has_a_drawing(node: Node, cast: Cast, tmp_path: Path) -> None:
    """It came as a PDF and cannot be read as one."""
    (tmp_path / "torn.pdf").write_bytes(b"%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 9 0 R>> endobj\n%%EOF\n")
    manifest = added(node, tmp_path / "torn.pdf")
    assert pictures.cover(node, manifest) == ""
    assert "cover.svg" in cast.client(OUTSIDER).get(f"/library/{manifest.id}/").text


def test_who_may_not_see_a_page_does_not_see_its_picture(node: Node, cast: Cast, tmp_path: Path) -> None:
    """A PDF for facilitators alone stands for the work for them alone."""
    place = packages.folder(tmp_path / "in")
    carriers.red_pdf(place / "guide.pdf")
    text = (place / "package.toml").read_text().replace('cover = "well.svg"\n', "")
    item = '\n[[item]]\nid = "guide"\nkind = "pdf"\ntitle = "Guide"\npath = "guide.pdf"\nfacilitators_only = true\n'
    (place / "package.toml").write_text(text + item)
    added(node, place)
    told = {role: cast.client(role).get("/library/").text for role in ("facilitator", "learner", OUTSIDER)}
    assert [bool(COPY.search(text)) for text in told.values()] == [True, False, False]
    (address,) = COPY.findall(told["facilitator"])
    assert [cast.client(role).get(address).status_code for role in told] == [200, 404, 404]


def test_what_has_no_picture_is_drawn(node: Node, cast: Cast, tmp_path: Path) -> None:
    """Its letter, its icon, one colour for all translations; a drawing that runs nothing, for whoever sees the work."""
    manifest = added(node, packages.page_zip(tmp_path / "beans.zip"))
    guest = cast.client(OUTSIDER)
    assert ">C</text>" in guest.get("/library/").text
    answer = guest.get(f"/library/{manifest.id}/cover.svg")
    assert (answer.status_code, answer.content_type) == (200, "image/svg+xml")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert ">C</text>" in answer.text
    assert guest.get("/library/none/cover.svg").status_code == 404
    images = guest.get("/opds/publications/").get_json()["publications"][0]["images"]
    assert [each["type"] for each in images] == ["image/svg+xml", "image/png"]


@pytest.mark.parametrize(
    ("title", "letter"),
    [("water", "W"), ("  «Élan»", "É"), ("किताब", "कि"), ("ماء", "م"), ("ßen", "ß"), ("...", "."), ("7 seas", "7")],
)
def test_the_letter_of_a_title(title: str, letter: str) -> None:
    """With the signs that belong to it, in every script."""
    assert drawn.letter_of(title) == letter


def made(kinds: dict[str, str], *files: str, **told: str) -> Manifest:
    """A package with items of these kinds, by path, and further files."""
    items = tuple(Item(f"i{number}", kind, "Item", path) for number, (path, kind) in enumerate(kinds.items()))
    entries = {path: FileEntry("0" * 64, 9_000) for path in (*kinds, *files)}
    return Manifest("a", "a", 1, "A", "en", items, MappingProxyType(entries), "folder", **told)  # type: ignore[arg-type]


CASES: dict[str, tuple[Manifest, list[str]]] = {
    "named": (made({"a.pdf": "pdf"}, "b.jpg", cover="b.jpg"), ["b.jpg", "a.pdf"]),
    "by its name": (
        made({"i.html": "scorm"}, "img/logo.png", "img/cover.jpg", "x.png"),
        ["img/cover.jpg", "img/logo.png"],
    ),
    "too deep": (made({"i.html": "html5"}, "a/b/c/icon.png"), []),
    "beside a film": (made({"f/well.mp4": "video"}, "f/well.jpg", "f/tank.jpg"), ["f/well.jpg", "f/well.mp4"]),
    "a lesson's": (made({"l.md": "lesson"}, "b.png", "a.png", "c.svg"), ["a.png"]),
    "an album's": (made({"p/1.jpg": "pictures"}, "p/0.jpg"), ["p/1.jpg"]),
    "few of many": (made({f"{n}.mp3": "audio" for n in range(9)}), ["0.mp3", "1.mp3", "2.mp3"]),
    "nothing": (made({"q.toml": "quiz"}), []),
}


@pytest.mark.parametrize("case", CASES)
def test_where_a_cover_comes_from(case: str) -> None:
    """What is named first, then what is likely, and never many."""
    manifest, expected = CASES[case]
    assert list(covers.tried(manifest)) == expected


def test_a_shelf_that_stood_before_gets_covers_at_the_next_start(node: Node, tmp_path: Path) -> None:
    """Nothing of the package changes, so that other hubs still know it."""
    manifest = library.package(node, library.add(node, source=carriers.red_pdf(tmp_path / "red.pdf")).package)
    work(node)
    pictures.renditions(node).prune([])
    assert pictures.cover(node, manifest) == ""
    pictures.mend(node)
    work(node)
    assert pictures.cover(node, manifest) == "red.pdf"
    assert library.delivered(node, manifest.id).cover == ""
