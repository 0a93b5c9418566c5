"""What a player tells of a film or a sound: in the words of the video profile, once, and only while it is open."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub import learning
from hub.errors import InputWrong
from hub.learning import Opened, sittings, watching
from hub.learning.watching import Told
from hub.node import Node
from hub.tables.learning import BEGUN
from hub.vocabulary import ENOUGH, LENGTH, SEGMENTS, SESSION, TIME, TIME_FROM, TIME_TO, VERBS, VIDEO, WATCHED
from hub.xapi.store import original
from tests.fixtures.cast import OUTSIDER, Cast
from tests.fixtures.clock import HandClock

Market = Callable[[str], Opened]
AMINA = "11111111-1111-4111-8111-111111111111"
SITTING = "22222222-2222-4222-8222-222222222222"
FORM = {
    "did": "played",
    "session": SITTING,
    "number": "1",
    "at": "0",
    "since": "",
    "length": "",
    "parts": "",
    "ago": "0",
}


def _told(did: str, number: int = 1, **more: object) -> Told:
    return Told(**{"did": did, "session": SITTING, "number": number, "at": 12.5, "length": 60.0, **more})


def _note(node: Node, opened: Opened, *told: Told) -> int:
    sitting = sittings.latest(node, person=AMINA, opened=opened)
    assert sitting is not None
    return watching.note(node, person=AMINA, opened=opened, registration=sitting.registration, told=told)


def _sitting(node: Node, opened: Opened) -> sittings.Sitting:
    return learning.open_item(node, person=AMINA, opened=opened)


def _kept(node: Node, verb: str) -> list[dict]:
    table = node.tables.Statement
    rows = table.select().where(table.verb == VERBS[verb]).order_by(table.rank)
    return [original(node.journal.get(row.stream, row.seq)) for row in rows]


@pytest.fixture
def film(node: Node, market: Market) -> Opened:
    """A film that is open."""
    opened = market("film")
    learning.open_item(node, person=AMINA, opened=opened)
    return opened


def test_each_press_says_what_the_profile_asks_for(node: Node, film: Opened) -> None:
    """Where it was played, where paused and what of it was seen, between which seconds somebody went."""
    parts = ((0.0, 12.5), (30.0, 47.5))
    for number, told in enumerate(
        (_told("played"), _told("paused", parts=parts), _told("seeked", since=47.5)), start=1
    ):
        _note(node, film, replace(told, number=number))
    (played,), (paused,), (seeked,) = (_kept(node, verb) for verb in ("played", "paused", "seeked"))
    assert played["result"]["extensions"] == {TIME: 12.5}
    assert paused["result"]["extensions"] == {TIME: 12.5, WATCHED: 0.5, SEGMENTS: "0.0[.]12.5[,]30.0[.]47.5"}
    assert seeked["result"]["extensions"] == {TIME_FROM: 47.5, TIME_TO: 12.5}
    for each in (played, paused, seeked):
        assert each["context"]["extensions"] == {SESSION: SITTING, LENGTH: 60.0}
        assert [one["id"] for one in each["context"]["contextActivities"]["category"]] == [VIDEO]
        assert each["object"]["id"] == film.activity
    assert node.tables.Progress.get().state == BEGUN


def test_a_sound_does_not_call_itself_a_film(node: Node, film: Opened) -> None:
    """The same verbs, without the profile's category; without a length it names none."""
    song = replace(film, item=replace(film.item, kind="audio"))
    _note(node, song, _told("played", length=0.0))
    (played,) = _kept(node, "played")
    assert "category" not in played["context"]["contextActivities"]
    assert played["context"]["extensions"] == {SESSION: SITTING}


@pytest.mark.parametrize("did", ["played", "paused", "seeked"])
def test_it_goes_on_where_it_was_left(node: Node, film: Opened, clock: HandClock, did: str) -> None:
    """At the last second that was told, whichever press told it."""
    _note(node, film, _told("paused", at=50.0))
    clock.advance(1)
    _note(node, film, _told(did, 2, at=31.9))
    sitting = learning.open_item(node, person=AMINA, opened=film)
    assert learning.last_place(node, person=AMINA, opened=film, sitting=sitting) == 31


def test_the_same_press_twice_is_kept_once(node: Node, film: Opened) -> None:
    """And after the end of the sitting nothing more."""
    for _ in range(2):
        _note(node, film, _told("played"))
    learning.finish(node, person=AMINA, opened=film)
    _note(node, film, _told("paused", 2))
    assert (len(_kept(node, "played")), _kept(node, "paused")) == (1, [])


WRONG = {
    "a verb that is none": {"did": "completed"},
    "an opening of nobody": {"session": "x"},
    "a number that is none": {"number": "-1"},
    "too many presses": {"number": str(watching.NUMBER_MAX + 1)},
    "no place": {"at": ""},
    "a place that is none": {"at": "NaN"},
    "a place beyond all films": {"at": "99999999"},
    "a part that ends before it begins": {"parts": "7[.]3"},
    "parts that are none": {"parts": "all of it"},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_a_form_that_is_none_of_ours_is_refused(cast: Cast, node: Node, film: Opened, wrong: dict) -> None:
    """By the service and by the page, and nothing is kept."""
    with pytest.raises(InputWrong, match="Nothing was changed"):
        watching.read(FORM | wrong)
    client = cast.client("learner")
    client.get(f"/learn/{film.manifest.id}/film/")
    assert client.post(f"/learn/{film.manifest.id}/film/played/", data=FORM | wrong).status_code == 400
    assert _kept(node, "played") == []


def test_only_a_film_or_a_sound_is_played(node: Node, market: Market) -> None:
    """A lesson is not."""
    learning.open_item(node, person=AMINA, opened=market("look"))
    with pytest.raises(InputWrong):
        _note(node, market("look"), _told("played"))


def test_the_page_tells_the_player_where_to_tell_it(cast: Cast, node: Node, market: Market) -> None:
    """Whoever is signed in; nothing of a guest is kept."""
    address = "/learn/market.en/film/"
    page = cast.client("learner").get(address).text
    assert f'data-keep="{address}played/"' in page and "data-session=" in page
    assert "data-keep" not in cast.client(OUTSIDER).get(address).text
    assert cast.client(OUTSIDER).post(f"{address}played/", data=FORM).status_code == 401
    assert _kept(node, "played") == []
    sitting = re.search('data-sitting="([^"]+)"', page)
    assert sitting is not None
    told = FORM | {"sitting": sitting[1], "did": ["played", "paused"], "number": ["1", "2"], "at": ["0", "7.5"]}
    told |= {name: [FORM[name]] * 2 for name in ("session", "since", "length", "parts", "ago")}
    for _ in range(2):
        answer = cast.client("learner").post(f"{address}played/", data=told)
        assert (answer.status_code, answer.json) == (200, {"place": 7})
    assert (len(_kept(node, "played")), len(_kept(node, "paused"))) == (1, 1)
    brother = cast.client("facilitator")
    brother.get(address)
    assert brother.post(f"{address}played/", data=told).json == {"place": 0}
    assert len(_kept(node, "played")) == 1


def test_whoever_saw_nearly_all_has_completed_it(node: Node, film: Opened) -> None:
    """Once, with what the profile asks for; a later press of the same sitting changes nothing."""
    assert _note(node, film, _told("progressed", at=30.0, parts=((0.0, 30.0),))) == 30
    assert node.tables.Progress.get().state == BEGUN
    assert _note(node, film, _told("paused", 2, at=58.0, parts=((0.0, 58.0),))) == 0
    (done,) = _kept(node, "completed")
    assert done["result"]["extensions"] == {TIME: 58.0, WATCHED: 0.967, SEGMENTS: "0.0[.]58.0"}
    assert done["result"]["completion"] and done["context"]["extensions"][ENOUGH] == watching.SEEN_SHARE
    assert [one["id"] for one in done["context"]["contextActivities"]["category"]] == [VIDEO]
    _note(node, film, _told("paused", 3, at=60.0, parts=((0.0, 60.0),)))
    learning.finish(node, person=AMINA, opened=film)
    assert len(_kept(node, "completed")) == 1 and len(_kept(node, "paused")) == 1
    assert learning.last_place(node, person=AMINA, opened=film, sitting=_sitting(node, film)) == 0


def test_what_waited_on_a_phone_has_its_own_moment(node: Node, film: Opened, clock: HandClock) -> None:
    """Many in one change; a moment that no clock can mean is now."""
    clock.advance(3600)
    _note(node, film, _told("played", ago_ms=60_000), _told("paused", 2))
    moments = [datetime.fromisoformat(_kept(node, verb)[0]["timestamp"]) for verb in ("played", "paused")]
    assert (moments[1] - moments[0]).total_seconds() == 60
    assert watching.read(FORM | {"ago": "-5"}).ago_ms == watching.read(FORM | {"ago": "9" * 40}).ago_ms == 0


_PARTS = st.lists(st.tuples(st.integers(0, 90), st.integers(0, 30)).map(lambda each: (each[0], sum(each))), max_size=8)


@settings(max_examples=60, deadline=None)
@given(_PARTS)
def test_what_is_seen_twice_counts_once(parts: list[tuple[int, int]]) -> None:
    """The share is that of the seconds that were played at all."""
    seen = {second for begin, end in parts for second in range(begin, end)}
    told = _told("paused", length=120.0, parts=tuple((float(begin), float(end)) for begin, end in parts))
    assert told.share == pytest.approx(len(seen) / 120)
