"""The page of the tide on a stick: what it would carry, writing it, what one brought, by stick and by phone."""

import io
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hub import jobs
from hub.giving import bundles
from hub.node import Node
from hub.tables import run as sql
from hub.tide import stick_in, stick_out
from tests.fixtures import tide
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.mules import meet, named

KEEPERS = {"librarian", "steward", "region"}
PAGE = "/status/tide/stick/"


@pytest.fixture
def coast(make_node: Callable[..., Node], node: Node, cast: Cast) -> Node:
    """The region of the hub of the cast; both have told their keys."""
    named(node, "Alder hill")
    made = named(make_node("coast", role="region"), "Coast")
    tide.joined(node, made, "http://127.0.0.1:9")
    meet(node, made)
    return made


@pytest.fixture
def stick(node: Node, tmp_path: Path) -> Path:
    """A stick that is in."""
    made = tmp_path / "media" / "MULE"
    made.mkdir(parents=True)
    (made / "letter.txt").write_text("dear")
    object.__setattr__(node.settings, "sticks", str(made.parent))
    return made


def test_only_keepers_see_it(coast: Node, cast: Cast) -> None:
    """And only they write or take in."""
    found = {role: cast.client(role).get(PAGE).status_code for role in ROLES}
    assert found == {role: 200 if role in KEEPERS else 303 if role == OUTSIDER else 403 for role in ROLES}
    for action in ("write", "take", "send"):
        assert {cast.client(role).post(f"{PAGE}{action}/").status_code for role in set(ROLES) - KEEPERS} == {403}


def test_a_stick_is_written_and_taken_in_by_presses(node: Node, coast: Node, cast: Cast, stick: Path) -> None:
    """The librarian sees how much goes, writes it, and at the way back takes the receipt in: nothing is left to go."""
    tide.learn(node, first=1, count=7)
    client = cast.client("librarian")
    text = client.get(PAGE).text
    assert "What the stick would carry" in text and "9 records that this hub has not signed for" in text
    answer = client.post(f"{PAGE}write/", data={"hub": coast.identity.hub_id, "place": "MULE"})
    job = jobs.show(node, answer.location.rstrip("/").rpartition("/")[2])
    bundles.write_by_itself(node, job, lambda _said: None, lambda: None)
    assert (stick / "Coast.tide").is_file()
    assert stick_in.take_in(coast, stick / "Coast.tide").records == 7
    (stick / "Coast.tide").unlink()
    text = client.get(PAGE).text
    assert (
        "Alder hill.receipt.tide" in text and "for this hub" in text and "No stick with such a file is in" not in text
    )
    taken = client.post(f"{PAGE}take/", data={"place": "MULE"})
    job = jobs.show(node, taken.location.rstrip("/").rpartition("/")[2])
    assert "nothing new" in bundles.take_by_itself(node, job, lambda _said: None, lambda: None)
    assert "Nothing new: it has signed for all of it" in client.get(PAGE).text


def test_a_phone_carries_it(node: Node, coast: Node, cast: Cast) -> None:
    """Fetched as a file here, sent as a file there; the page of the work shows how it went."""
    tide.learn(node, first=1, count=3)
    client = cast.client("librarian")
    page = client.post(f"{PAGE}write/", data={"hub": coast.identity.hub_id, "place": ""}).location
    job = jobs.jobs(node, kind=bundles.OUT_JOB)[0]
    jobs.finish(node, job.id, bundles.write_by_itself(node, job, lambda _said: None, lambda: None))
    text = client.get(page).text
    assert "It is done" in text and "Only that hub can read" in text
    fetched = client.get(f"{page}1/")
    assert fetched.headers["Cache-Control"] == "no-store"
    assert "Coast.tide" in fetched.headers["Content-Disposition"]
    assert stick_in.take_in(coast, _kept(coast.home / "came.tide", fetched.data)).records == 3
    back = stick_out.export(coast, hub="Alder hill", to=coast.home / "back.tide").files[0].read_bytes()
    sent = client.post(f"{PAGE}send/", data={"file": (io.BytesIO(back), "back.tide")})
    assert sent.status_code == 303
    job = jobs.jobs(node, kind=bundles.IN_JOB)[0]
    assert "Coast" in bundles.take_by_itself(node, job, lambda _said: None, lambda: None)
    assert client.get(f"{page}2/").status_code == 404


def _kept(place: Path, data: bytes) -> Path:
    place.write_bytes(data)
    return place


def test_what_cannot_be_is_one_sentence(node: Node, coast: Node, cast: Cast, stick: Path) -> None:
    """A hub that is none, a stick that is away, no file: the page again, with status 400 and nothing asked for."""
    client = cast.client("librarian")
    hub = coast.identity.hub_id
    for action, data in {
        "write": {"hub": "nobody", "place": ""},
        "take": {"place": "AWAY"},
        "send": {},
    }.items():
        answer = client.post(f"{PAGE}{action}/", data=data)
        assert answer.status_code == 400 and "Nothing was" in answer.text, action
    assert "not in" in client.post(f"{PAGE}write/", data={"hub": hub, "place": "AWAY"}).text
    assert jobs.jobs(node) == []
    assert client.get(f"{PAGE}nothing/").status_code == 404


def test_a_stick_that_is_away_lets_the_work_rest(node: Node, coast: Node, cast: Cast, stick: Path) -> None:
    """It goes on by itself when the stick is back."""
    bundles.write(node, hub="Coast", place="MULE")
    away = stick.rename(stick.parent.parent / "elsewhere")
    job = jobs.jobs(node, kind=bundles.OUT_JOB)[0]
    with pytest.raises(jobs.Away):
        bundles.write_by_itself(node, job, lambda _said: None, lambda: None)
    jobs.claim(node)
    jobs.pause(node, job.id)
    away.rename(stick)
    bundles.look_again(node)
    assert jobs.show(node, job.id).state == jobs.WAITING


def test_what_is_carried_shows_nothing_of_it(
    node: Node, coast: Node, cast: Cast, make_node: Callable[..., Node], tmp_path: Path
) -> None:
    """For whom it is and how large; not whose, and no word of it."""
    other = named(make_node("other"), "Canary Diallo")
    tide.joined(other, coast, "http://127.0.0.1:9")
    meet(other, coast)
    tide.learn(other, first=1, count=5)
    stick_in.take_in(node, stick_out.export(other, hub="Coast", to=tmp_path / "c.tide").files[0])
    text = cast.client("librarian").get(PAGE).text
    assert "Carried for others" in text and re.search(r"1\s+sealed part", text)
    assert "Canary" not in text and other.identity.hub_id[:8] not in text
    assert not sql(node.tables, "SELECT count(*) FROM statement").fetchone()[0]


def test_a_hub_that_stands_alone_is_led_on(cast: Cast) -> None:
    """There is nobody to carry to yet."""
    assert "No hub to carry to" in cast.client("librarian").get(PAGE).text


def test_a_name_that_cannot_be_written_down_is_said(node: Node, coast: Node, cast: Cast, stick: Path) -> None:
    """The page stands, alone with such a file and beside others, and what it refuses too; the name is not shown."""
    client = cast.client("librarian")
    (stick / os.fsdecode(b"na\xffme.tide")).write_bytes(b"")
    said = "1 file has a name that this hub cannot write down"
    text = client.get(PAGE).text
    assert said in text and "Take it in" not in text
    (stick / "Coast.tide").write_bytes(b"")
    text = client.get(PAGE).text
    assert said in text and "Take it in" in text and "me.tide" not in text
    for action in ("write", "take"):
        answer = client.post(f"{PAGE}{action}/", data={"hub": coast.identity.hub_id, "place": "AWAY"})
        assert answer.status_code == 400 and said in answer.text


def test_an_empty_file_of_a_phone_is_named(node: Node, coast: Node, cast: Cast) -> None:
    """By the name that it has there, as far as a disk takes it."""
    cast.client("librarian").post(f"{PAGE}send/", data={"file": (io.BytesIO(b""), "../Coast: one.tide")})
    job = jobs.jobs(node, kind=bundles.IN_JOB)[0]
    said = bundles.take_by_itself(node, job, lambda _said: None, lambda: None)
    assert said.startswith("001 Coast one.tide has nothing in it")


def test_the_page_of_the_tide_hears_a_receipt(node: Node, coast: Node, cast: Cast, stick: Path) -> None:
    """What was signed for is safe, and waits for no tide."""
    tide.learn(node, first=1, count=7)
    made = stick_in.take_in(coast, stick_out.export(node, hub="Coast", to=stick).files[0])
    client = cast.client("librarian")
    assert "Waits for the tide" in client.get("/status/tide/").text
    assert made.receipt_file is not None
    stick_in.take_in(node, made.receipt_file)
    text = client.get("/status/tide/").text
    assert "All is safe there" in text and "what is there came by stick" in text and "Waits for the tide" not in text
