"""Whoever keeps the shelf chooses a cover: a photo, a picture from within, or what the work came with."""

import io
import re
import shutil
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from content.worn import PHOTO
from hub import library, photos, pictures, worn
from hub.care import backup, restore
from hub.errors import InputWrong
from hub.node import Node
from tests.fixtures import engines, packages
from tests.fixtures import photos as made
from tests.fixtures.care import stick
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.test_library_covers import pixel, work

KEEPERS = ("librarian", "steward")
WELL, PAGE = "well.en", "/library/well.en/cover/"
SHOWN = re.compile(r'<img src="(/library/[^"]+/(?:pictures|files)/[^"]+)"')


def coloured(colour: str, width: int = 600) -> bytes:
    """A photo of one colour that says where it was taken."""
    out = io.BytesIO()
    sheet = made.opened(made.photo(width, 400))
    sheet.paste(colour, (0, 0, *sheet.size))
    sheet.save(out, "JPEG", exif=sheet.getexif())
    return out.getvalue()


@pytest.fixture
def here(node: Node, cast: Cast, tmp_path: Path) -> Node:
    """A hub with a work that names its cover, and holds another picture."""
    place = packages.folder(tmp_path / "well")
    (place / "other.jpg").write_bytes(coloured("blue"))
    library.add(node, source=place)
    work(node)
    return node


def send(cast: Cast, data: bytes, role: str = "librarian") -> TestResponse:
    """A photo sent as a phone sends it."""
    form = {"camera": (io.BytesIO(data), "IMG_1.jpg")}
    return cast.client(role).post(PAGE, data=form, content_type="multipart/form-data")


def cover(cast: Cast) -> str:
    """The address of the cover on the shelf, as a guest sees it."""
    (address,) = SHOWN.findall(cast.client(OUTSIDER).get("/library/").text)
    return str(address)


def test_others_get_nothing(cast: Cast, here: Node) -> None:
    """A guest is led to sign in; everybody's forms are refused, and nothing changed."""
    for role in (each for each in ROLES if each not in KEEPERS):
        assert cast.client(role).get(PAGE).status_code == (303 if role == OUTSIDER else 403)
        assert send(cast, coloured("red"), role).status_code == 403
    assert library.package(here, WELL) == library.delivered(here, WELL)
    assert not (here.home / photos.FOLDER).exists()


@pytest.mark.parametrize("role", KEEPERS)
def test_a_photo_stands_for_the_work_everywhere(cast: Cast, here: Node, role: str) -> None:
    """Shelf, page, e-readers, machines; without where it was taken; and one tap takes it back."""
    assert send(cast, coloured("red"), role).status_code == 303
    guest = cast.client(OUTSIDER)
    page = guest.get(f"/library/{WELL}/").text
    own = page.partition('"image":"http://localhost')[2].partition('"')[0]
    assert own.startswith(f"/library/{WELL}/photo/")
    assert b"Neema" not in guest.get(own).data
    assert guest.get(own.replace("/photo/", "/photo/0")).status_code == 404
    work(here)
    assert pixel(guest, cover(cast))[0] > 200
    images = guest.get("/opds/publications/").get_json()["publications"][0]["images"]
    assert images[0]["href"] == own
    assert all(guest.get(each["href"]).status_code == 200 for each in images)
    assert cast.client(role).post(PAGE, data={"back": "yes"}).status_code == 303
    assert library.package(here, WELL) == library.delivered(here, WELL)
    assert guest.get(own).status_code == 404


def test_a_picture_from_within_and_an_update_that_takes_it_away(cast: Cast, here: Node, tmp_path: Path) -> None:
    """It stays over an update; where that lacks the picture, the publisher's cover stands there again."""
    browser = cast.client("librarian")
    assert 'value="other.jpg"' in browser.get(PAGE).text
    assert browser.post(PAGE, data={"path": "other.jpg"}).status_code == 303
    assert pixel(browser, cover(cast))[2] > 200
    assert library.package(here, WELL).digest == library.delivered(here, WELL).digest
    place = packages.folder(tmp_path / "two", version=2)
    shutil.copy(tmp_path / "well" / "other.jpg", place)
    library.add(here, source=place)
    assert library.package(here, WELL).cover == "other.jpg"
    library.add(here, source=packages.folder(tmp_path / "three", version=3))
    assert library.package(here, WELL).cover == "well.svg"


def test_what_cannot_be_a_cover_is_refused(cast: Cast, here: Node) -> None:
    """With a sentence, and nothing is changed."""
    browser = cast.client("librarian")
    for form in ({}, {"path": "read.md"}, {"path": "../etc/passwd"}, {"path": f"{PHOTO}{'0' * 64}.jpg"}):
        answer = browser.post(PAGE, data=form)
        assert "Nothing was changed" in answer.text or form.get("path", "").startswith(PHOTO), form
    for data in (b"<svg onload='x()'/>", b"GIF89a", b""):
        assert send(cast, data).status_code == 400
    with pytest.raises(InputWrong):
        photos.keep(here, bytes(photos.BYTES_MAX + 1))
    assert "/files/" in cast.client(OUTSIDER).get(f"/library/{WELL}/").text
    assert browser.get("/library/none/cover/").status_code == 404


def test_a_hostile_photo_stays_one(cast: Cast, here: Node) -> None:
    """Eighty million pixels in a few bytes: it is never opened in the hub, and the work has its own drawing to show."""
    send(cast, made.bomb(9_000))
    work(here)
    assert cast.client(OUTSIDER).get("/library/").status_code == 200
    assert pictures.renditions(here).copies(photos.sha256(library.package(here, WELL).photo)) == ()


def test_what_nobody_shows_is_cleared_away(cast: Cast, here: Node) -> None:
    """The file once it is old enough that nobody is just sending it; its copies at once."""
    send(cast, coloured("red"))
    work(here)
    name = library.package(here, WELL).photo
    photos.clear_away(here, old_ms=0)
    assert photos.served(here, name)
    send(cast, coloured("green"))
    photos.clear_away(here, old_ms=0)
    assert not photos.served(here, name)
    assert pictures.renditions(here).copies(photos.sha256(name)) == ()


@pytest.mark.sqlite(engines.FILE)
def test_a_backup_carries_photos(cast: Cast, here: Node, tmp_path: Path) -> None:
    """They are nowhere else."""
    send(cast, coloured("red"))
    name = library.package(here, WELL).photo
    file = backup.make(here, stick(tmp_path), with_content=True)
    shutil.copytree(here.home / "keys", tmp_path / "new" / "keys")
    restore.restore(tmp_path / "new", file)
    assert (tmp_path / "new" / photos.path(here, name).relative_to(here.home)).is_file()


def test_a_lost_photo_gives_way(cast: Cast, here: Node) -> None:
    """A card that was copied without it: the publisher's cover is shown."""
    send(cast, coloured("red"))
    photos.path(here, library.package(here, WELL).photo).unlink()
    work(here)
    assert "well.svg" in cast.client(OUTSIDER).get(f"/library/{WELL}/").text
    assert "cover" in worn.mended(here, WELL)
