"""Forwarding: everything arrives once whatever is cut, refusals hold nothing up, and a clear sentence when it stops."""

import json
import signal
import stat
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from hub import jobs, own_keys
from hub.errors import InputWrong, NotFound, PeerRefused
from hub.node import Node
from hub.out import destinations, forward, sent
from hub.out.destinations import Access
from hub.out.forward import BATCH
from hub.people.roster import Person
from hub.vocabulary import VOIDED
from hub.worker import Worker
from tests.fixtures import consents, tide
from tests.fixtures.clock import HandClock
from tests.fixtures.outside import Cut, Cutting, Outside, Strange, add, learn
from tests.fixtures.process import Running, mangrove

Start = Callable[..., Strange]
OK = (200, "[]", {})


@pytest.fixture
def learner(node: Node) -> Person:
    """Somebody grown up who said yes."""
    person = consents.grown_up(node)
    consents.says(node, consents.keeper(node), person, "yes")
    return person


def _stops(*_: Any) -> None:
    raise Cut


def _void(node: Node, statement: str, number: int = 999) -> None:
    ref = {"objectType": "StatementRef", "id": statement}
    tide.record(node, tide.statement(number, verb={"id": VOIDED}, object=ref, result={}))


@pytest.mark.parametrize("version", destinations.VERSIONS)
def test_all_of_it_arrives_in_order(node: Node, outside: Outside, learner: Person, version: str) -> None:
    """By either version, over several batches; a second way sends nothing."""
    made = add(node, replace(outside.access, version=version))
    outside_ids: list[str] = []
    for first in (0, 130):
        tide_ids = _learn(node, learner, first=first, count=130)
        report = forward.go(node, made.id)
        assert (report.sent, report.problem, report.is_at_end) == (len(tide_ids), "", True)
        outside_ids = [each["id"] for each in outside.has()]
    assert len(set(outside_ids)) == len(outside_ids) == 260
    assert (forward.go(node, made.id).sent, sent.counts(node, made.id)["sent"]) == (0, 260)


def _learn(node: Node, learner: Person, *, first: int = 0, count: int) -> list[str]:
    return learn(node, learner.id, first=first, count=count)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_cut_anywhere_loses_and_doubles_nothing(
    node: Node, outside: Outside, learner: Person, number: int, before: bool
) -> None:
    """The power goes before or just after the n-th request was answered; the next way brings the rest."""
    made = add(node, outside.access)
    _learn(node, learner, count=130)
    with pytest.raises(Cut):
        forward.go(node, made.id, connect=partial(Cutting, number=number, before=before, happens=_stops))
    reached = len(outside.has())
    assert reached == min(130, BATCH * (number - before))
    forward.go(node, made.id)
    found = outside.has()
    assert len({each["id"] for each in found}) == len(found) == 130
    assert sent.counts(node, made.id)["sent"] == 130


def test_the_other_side_is_killed_and_comes_back(
    make_node: Callable[..., Node],
    choose_database: Callable[[Path], Path],
    serve_process: Callable[..., Running],
    tmp_path: Path,
) -> None:
    """A real second hub dies between two batches: what it answered for is there, the rest goes when it is back."""
    home = choose_database(tmp_path / "there")
    assert mangrove("init", "--home", home, "--name", "There").returncode == 0
    added = json.loads(mangrove("key", "add", "Mbuyu", "--scope", "all", "--home", home, "--json").stdout)
    server = serve_process(home)
    node = make_node()
    person = consents.grown_up(node)
    consents.says(node, consents.keeper(node), person, "yes")
    access = Access(f"{server.url}/xapi", "1.0.3", added["key"], added["secret"])
    made = add(node, access)
    _learn(node, person, count=120)

    kill = partial(server.stop, signal.SIGKILL)
    report = forward.go(node, made.id, connect=partial(Cutting, number=2, before=True, happens=kill))
    assert (report.sent, "cannot be reached" in report.problem, report.is_stopped) == (BATCH, True, False)
    again = serve_process(home)
    table = node.tables.Destination
    node.write(table.update(url=f"{again.url}/xapi", next_ms=0).execute)
    assert forward.go(node, made.id).sent == 120 - BATCH
    again.stop()
    written = tmp_path / "there.jsonl"
    assert mangrove("statements", "export", "--format", "jsonl", "--to", written, "--home", home).returncode == 0
    ids = [json.loads(line)["id"] for line in written.read_text(encoding="utf-8").splitlines()]
    assert len(set(ids)) == len(ids) == 120


def test_what_is_voided_here_is_voided_there(node: Node, outside: Outside, learner: Person) -> None:
    """Whether it went before; what was voided before it went never goes, nor does a voiding of what did not go."""
    made = add(node, outside.access)
    ids = _learn(node, learner, count=3)
    forward.go(node, made.id)
    _void(node, ids[0])
    more = _learn(node, learner, first=10, count=2)
    _void(node, more[0], 998)
    report = forward.go(node, made.id)
    assert (report.sent, report.voided, report.problem) == (1, 1, "")
    found = outside.has()
    assert sorted(each["verb"]["id"] == VOIDED for each in found) == [False, False, False, True]
    assert sent.counts(node, made.id) | {"sent": 3, "voided": 1, "going": 0} == sent.counts(node, made.id)


def test_a_no_takes_back_what_went(node: Node, outside: Outside, learner: Person) -> None:
    """All of it is voided there, nothing recorded later goes, and of somebody else all stays."""
    keeper, other = consents.keeper(node), consents.grown_up(node, "Hawa")
    consents.says(node, keeper, other, "yes")
    made = add(node, outside.access)
    _learn(node, learner, count=60)
    _learn(node, other, first=100, count=2)
    assert forward.go(node, made.id).sent == 62
    consents.says(node, keeper, learner, "no")
    _learn(node, learner, first=200, count=2)
    report = forward.go(node, made.id)
    assert (report.sent, report.voided) == (0, 60)
    plain = [each for each in outside.has() if each["verb"]["id"] != VOIDED]
    assert len(plain) == 2 and len({each["actor"]["account"]["name"] for each in plain}) == 1
    assert [(each.records, each.voided) for each in sent.told_of(node, learner.id)] == [(0, 60)]
    assert forward.go(node, made.id).voided == 0
    consents.says(node, keeper, learner, "yes")
    _learn(node, learner, first=300, count=1)
    assert (forward.go(node, made.id).sent, len(sent.told_of(node, learner.id))) == (1, 1)


def test_a_no_counts_for_what_waits(node: Node, outside: Outside, learner: Person) -> None:
    """What was noted as going when the line dropped does not go after a no, and is voided should it have arrived."""
    made = add(node, outside.access)
    _learn(node, learner, count=3)
    with pytest.raises(Cut):
        forward.go(node, made.id, connect=partial(Cutting, number=1, before=False, happens=_stops))
    assert len(outside.has()) == 3
    consents.says(node, consents.keeper(node), learner, "no")
    report = forward.go(node, made.id)
    assert (report.sent, report.voided) == (0, 3)
    assert [each["verb"]["id"] for each in outside.has()] == [VOIDED] * 3


def test_the_one_refused_is_found(node: Node, strange: Start, learner: Person) -> None:
    """Its neighbours arrive, it is listed with the other side's words, and the way goes on."""
    ids = _learn(node, learner, count=20)
    made_of: list[str] = []

    def decide(found: list[dict[str, Any]]) -> tuple[int, str, dict[str, str]]:
        if not made_of:
            made_of.append(found[7]["id"])
        return (400, "context: is not liked here", {}) if made_of[0] in [each["id"] for each in found] else OK

    store = strange(decide)
    made = add(node, store.access)
    report = forward.go(node, made.id)
    assert (report.sent, report.refused, report.problem) == (19, 1, "")
    assert [(each.statement, each.why) for each in sent.refused(node, made.id)] == [
        (ids[7], "context: is not liked here")
    ]
    _learn(node, learner, first=50, count=1)
    before = len(store.requests)
    assert (forward.go(node, made.id).sent, len(store.requests) - before) == (1, 1)


@pytest.mark.parametrize(("status", "state"), [(409, "known"), (413, "refused"), (422, "refused")])
def test_what_is_there_already_is_passed_over(
    node: Node, strange: Start, learner: Person, status: int, state: str
) -> None:
    """Another content under the id, or too much even alone: counted, and no reason to stop."""
    made = add(node, strange(lambda _: (status, "no", {})).access)
    _learn(node, learner, count=3)
    report = forward.go(node, made.id)
    assert (getattr(report, state), report.problem) == (3, "")
    assert sent.counts(node, made.id)[state] == 3


@pytest.mark.parametrize(
    ("status", "says"), [(401, "does not take our key"), (403, "does not take our key"), (404, "no store"), (302, "no")]
)
def test_it_stops_for_somebody_to_look(node: Node, strange: Start, learner: Person, status: int, says: str) -> None:
    """A key that opens nothing, or no store at all: one request, a sentence, and nothing more until it is resumed."""
    store = strange(lambda _: (status, "", {"Location": "http://127.0.0.1:9/"}))
    made = add(node, store.access)
    _learn(node, learner, count=120)
    with pytest.raises(PeerRefused, match=says):
        forward.by_itself(node, lambda _: None)
    found = destinations.destination(node, made.id)
    assert (found.state, says in found.problem, len(store.requests)) == ("stopped", True, 1)
    assert not forward.is_due(node)
    store.decide = lambda _: OK
    destinations.replace_secret(node, made.id, secret="another")
    assert forward.is_due(node)
    assert (forward.go(node, made.id).sent, store.proof()) == (120, "key:another")


def test_it_rests_longer_each_time(node: Node, strange: Start, learner: Person, clock: HandClock) -> None:
    """A busy store is asked again after a minute, two, four …, or as late as it says; a success forgets that."""
    said: dict[str, Any] = {"status": 503, "head": {}}
    store = strange(lambda _: (said["status"], "", said["head"]))
    made = add(node, store.access)
    _learn(node, learner, count=1)
    rests = []
    for _ in range(3):
        clock.advance(1)
        forward.by_itself(node, lambda _: None)
        rests.append(destinations.destination(node, made.id).next_ms - clock.now_ms())
        assert not forward.is_due(node)
        clock.advance(rests[-1] / 1000)
        assert forward.is_due(node)
    assert rests == [60_000, 120_000, 240_000]
    said["head"] = {"Retry-After": "7200"}
    forward.by_itself(node, lambda _: None)
    assert destinations.destination(node, made.id).next_ms - clock.now_ms() == 7_200_000
    clock.advance(7_200)
    said["status"] = 200
    forward.by_itself(node, lambda _: None)
    found = destinations.destination(node, made.id)
    assert (found.fails, found.problem, found.last_ms) == (0, "", clock.now_ms())


def test_nobody_listens(node: Node, learner: Person) -> None:
    """Nothing is lost, nothing is marked, and it says so."""
    made = add(node, Access("http://127.0.0.1:9/xapi", "1.0.3", "key", "secret"))
    _learn(node, learner, count=2)
    report = forward.go(node, made.id)
    assert "cannot be reached" in report.problem and "All is safe here" in report.problem
    assert (report.sent, sent.counts(node, made.id)["going"], report.is_stopped) == (0, 2, False)


def test_a_pause_holds_it(node: Node, outside: Outside, learner: Person) -> None:
    """Nothing goes; resumed, what came meanwhile goes. Removed, it is over, and what went stays told."""
    made = add(node, outside.access)
    destinations.pause(node, made.id)
    _learn(node, learner, count=2)
    assert not forward.is_due(node)
    assert forward.go(node, made.id).sent == 0 and outside.has() == []
    destinations.resume(node, made.id)
    assert forward.go(node, made.id).sent == 2
    destinations.remove(node, made.id)
    assert (destinations.destinations(node), destinations.secret(node, made.id)) == ([], "")
    assert [each.records for each in sent.told_of(node, learner.id)] == [2]
    for change in (destinations.pause, destinations.resume, destinations.remove):
        with pytest.raises(NotFound):
            change(node, made.id)


def test_the_secret_lies_with_the_keys(node: Node, outside: Outside, learner: Person, tmp_path: Path) -> None:
    """For the hub alone, in no table; when it is away, nothing is sent and a sentence says what to do."""
    made = add(node, outside.access)
    place = node.home / own_keys.FOLDER / f"{destinations.FILE_PREFIX}{made.id}"
    assert (stat.S_IMODE(place.stat().st_mode), place.read_text()) == (0o600, outside.access.secret)
    row = node.tables.Destination.get_by_id(made.id)
    assert outside.access.secret not in json.dumps(row.__data__)
    place.unlink()
    _learn(node, learner, count=1)
    report = forward.go(node, made.id)
    assert ("no backup holds it" in report.problem, report.is_stopped, outside.has()) == (True, True, [])
    (place.parent / f"{destinations.FILE_PREFIX}gone").write_text("x")
    destinations.clear_away(node)
    assert list(place.parent.glob(f"{destinations.FILE_PREFIX}*")) == []


def test_another_hub_does_not_go_on(node: Node, outside: Outside, learner: Person) -> None:
    """After a backup was restored as a new hub, nothing goes under names that the old one made up."""
    made = add(node, outside.access)
    _learn(node, learner, count=1)
    node.write(node.tables.Destination.update(hub="another").execute)
    report = forward.go(node, made.id)
    assert (report.is_stopped, "restored" in report.problem, outside.has()) == (True, True, [])


WRONG = (
    {"url": "http://lrs.example/xapi"},
    {"url": "ftp://lrs.example/xapi"},
    {"url": "https://lrs.example/xapi?a=b"},
    {"version": "0.95"},
    {"username": ""},
    {"username": "a:b"},
    {"secret": "  "},
    {"secret": "x" * 501},
    {"secret": "a\nb"},
)


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_destination_that_cannot_be(node: Node, wrong: dict[str, str]) -> None:
    """A sentence, and nothing is kept: no row and no secret."""
    right = Access("https://lrs.example/xapi", "1.0.3", "key", "secret")
    with pytest.raises(InputWrong):
        add(node, replace(right, **wrong))
    assert destinations.destinations(node) == []
    assert list((node.home / own_keys.FOLDER).glob(f"{destinations.FILE_PREFIX}*")) == []


def test_there_is_an_end_to_destinations(node: Node) -> None:
    """Eight; one more is refused with a sentence."""
    right = Access("https://lrs.example/xapi/statements", "2.0.0", "key", "secret")
    made = [add(node, right) for _ in range(destinations.COUNT_MAX)]
    assert made[0].url == "https://lrs.example/xapi"
    with pytest.raises(InputWrong, match="8 destinations"):
        add(node, right)


def test_the_worker_goes_by_itself(node: Node, outside: Outside, learner: Person) -> None:
    """Once there is something new; a job tells in words what came of it."""
    add(node, outside.access)
    object.__setattr__(node.settings, "sound_max", 0)  # speaking every sentence takes far longer than this
    worker = Worker(node)
    worker.ask_for_what_is_due()
    while worker.step():
        pass
    _learn(node, learner, count=2)
    node.write(node.tables.Destination.update(next_ms=0).execute)
    worker.ask_for_what_is_due()
    while worker.step():
        pass
    done = jobs.jobs(node, kind=forward.JOB)
    assert "Ministry: 2 records were sent." in [each.progress for each in done]
    assert len(outside.has()) == 2


def test_only_what_comes_later_goes_unless_asked(node: Node, outside: Outside, learner: Person) -> None:
    """A destination begins with what is recorded after it was made."""
    _learn(node, learner, count=3)
    made = add(node, outside.access, past=False)
    _learn(node, learner, first=10, count=1)
    assert forward.go(node, made.id).sent == 1
