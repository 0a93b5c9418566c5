"""A photo beside a thing to borrow: a librarian takes it, everybody sees it, light, and without where it was taken."""

import io
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub import photos, pictures
from hub.care import backup, restore
from hub.lending import things
from hub.lending.things import Description
from hub.node import Node
from hub.worker import HANDLERS, Worker
from tests.fixtures import photos as made
from tests.fixtures.care import stick
from tests.fixtures.cast import OUTSIDER, ROLES, Cast

PAGE = "/library/things/"
SHOWN = re.compile(r'<img src="(/library/things/[^"]+/photo/[^"]+)"')


@pytest.fixture
def pump(node: Node, cast: Cast) -> str:
    """The id of a thing in the list."""
    said = Description("Pump", "tool", "For tyres.", "In the box", "1", "en")
    return things.add(node, actor=cast.person("librarian"), said=said).id


def send(cast: Cast, pump: str, role: str = "librarian", data: bytes = b"") -> TestResponse:
    """A photo sent as a phone sends it."""
    form = {"camera": (io.BytesIO(data or made.photo(900, 600)), "IMG_1.jpg")}
    return cast.client(role).post(f"{PAGE}{pump}/photo/", data=form, content_type="multipart/form-data")


def work(node: Node) -> None:
    """Let the worker do all that waits."""
    while Worker(node, HANDLERS).step():
        pass


def test_others_get_nothing(cast: Cast, node: Node, pump: str) -> None:
    """Not even stewards: librarians keep the desk."""
    for role in (each for each in ROLES if each != "librarian"):
        assert send(cast, pump, role).status_code == 403
    assert things.thing(node, pump).photo == ""
    assert not (node.home / photos.FOLDER).exists()


def status(client: FlaskClient, address: str) -> int:
    """What an address answers, whose file is let go of at once."""
    with client.get(address) as answer:
        return answer.status_code


def test_everybody_sees_it_light(cast: Cast, node: Node, pump: str) -> None:
    """A drawing until it is light; then a small copy in lists, a wider one on its page; until it is taken away."""
    assert send(cast, pump).status_code == 303
    guest = cast.client(OUTSIDER)
    assert not SHOWN.search(guest.get(PAGE).text)
    work(node)
    for address, width in ((PAGE, 160), ("/library/?q=pump", 160)):
        (found,) = SHOWN.findall(guest.get(address).text)
        copy = guest.get(found).data
        assert (made.opened(copy).width, b"Neema" in copy) == (width, False)
    (wide,) = re.findall(r'<img class="cover" src="([^"]+)"', guest.get(f"{PAGE}{pump}/").text)
    assert made.opened(guest.get(wide).data).width == 360
    assert status(guest, f"{PAGE}{pump}/photo/{things.thing(node, pump).photo}") == 200
    assert status(guest, wide.replace("360x", "361x")) == 404
    pictures.prune(node)
    assert status(guest, wide) == 200
    assert cast.client("librarian").post(f"{PAGE}{pump}/photo/", data={"back": "yes"}).status_code == 303
    assert status(guest, wide) == 404
    pictures.prune(node)
    photos.clear_away(node, old_ms=0)
    assert not list((node.home / photos.FOLDER).glob("*/*"))


def test_what_is_no_picture_is_refused(cast: Cast, node: Node, pump: str) -> None:
    """With a sentence on its page, and nothing is changed."""
    for answer in (
        send(cast, pump, data=b"<svg onload='x()'/>"),
        cast.client("librarian").post(f"{PAGE}{pump}/photo/"),
    ):
        assert (answer.status_code, "Nothing was changed" in answer.text) == (400, True)
    assert things.thing(node, pump).photo == ""
    assert send(cast, "nothing").status_code == 404


def test_a_backup_carries_it(cast: Cast, node: Node, pump: str, tmp_path: Path) -> None:
    """It is nowhere else."""
    send(cast, pump)
    name = things.thing(node, pump).photo
    assert f"photos/{name}" in restore.archive.check(backup.make(node, stick(tmp_path))).files
