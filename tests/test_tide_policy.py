"""What leaves follows the policy that the community adopted: at once where it narrows, by a job where it widens."""

from collections.abc import Callable
from typing import Any

import pytest

from hub import jobs, projections
from hub.node import Node
from hub.sharing import rows
from hub.sharing.rows import Row
from hub.tide import outbox, policy, publish, recall, run, spoken, taken
from tests.fixtures import tide
from tests.fixtures.deciding import Deciding, gather
from tests.fixtures.sharing import COUNTED, DAILY, NOTHING, STAYS, but, decide
from tests.fixtures.web import Served

BOTH = ("public", "region")
MUCH = 10_000


@pytest.fixture
def people(hub: Node) -> Deciding:
    """A community that decides."""
    return gather(hub)


def _left(node: Node, audience: str = "region") -> list[publish.Copy]:
    return list(tide.prepared(node, audience))


def _opened(region: Node, hub: Node) -> list[int]:
    """The moments of a hub's statements that open in the journal of another one."""
    told = [each for each in region.journal.replay(hub.identity.hub_id) if each.entry.kind == "statement"]
    return [each.entry.at_ms for each in told]


def _rows(node: Node, hub: Node) -> int:
    """How many statements of a hub another one holds."""
    table = node.tables.Statement
    return int(table.select().where(table.hub == hub.identity.hub_id).count())


def test_a_coarser_time_leaves_coarser(hub: Node, region: Node, people: Deciding) -> None:
    """To the day, and what was prepared to the hour is not given any more."""
    tide.joined(hub, region, "http://127.0.0.1:9")
    tide.learn(hub, first=1, count=2)
    publish.publish(hub, BOTH)
    decide(people, but(DAILY))
    assert recall.recall(hub)
    publish.publish(hub, BOTH)
    (standing,) = [line for line in publish.lines(hub, ("region",)) if line.is_current]
    entries = [each.entry for each in hub.journal.read(standing.stream, after=1, limit=MUCH)]
    assert [each.at_ms % 86_400_000 for each in entries] == [0, 0]
    assert [recall.recall(hub) for _ in range(2)] == [False, False]


def test_what_is_narrowed_never_goes(hub: Node, region: Node, up: Served, people: Deciding) -> None:
    """Two records arrived, two wait; then nothing of learning may leave: the two never arrive, those there go."""
    tide.learn(hub, first=1, count=2)
    run.sync_with(hub)
    tide.learn(hub, first=3, count=2)
    publish.publish(hub, BOTH)
    decide(people, but(STAYS))
    tide.learn(hub, first=5, count=2)
    went = run.sync_with(hub)
    assert (went.agreed, went.problem, _rows(region, hub), _opened(region, hub)) == (True, "", 0, [])
    assert outbox.rules(hub, "region") == ["Nothing goes to our region."]
    assert run.sync_with(hub).requests == 1


def test_a_line_that_was_all_there_is_not_begun_again(hub: Node, up: Served, people: Deciding) -> None:
    """Where nothing waits a narrower policy leaves no stream behind, and holds from then on."""
    tide.learn(hub, first=1, count=2)
    run.sync_with(hub)
    decide(people, but(STAYS))
    tide.learn(hub, first=3, count=2)
    run.sync_with(hub)
    assert len(publish.lines(hub, ("region",))) == 1
    (gone,) = [each.says for each in outbox.going(hub, "region")]
    assert gone == "2 records that had left are taken back: who has them erases them."


def test_what_left_finer_goes_again_coarser(hub: Node, region: Node, up: Served, people: Deciding) -> None:
    """The region holds every record once, by the hour no more, and tables that are those of its journal."""
    tide.learn(hub, first=1, count=6)
    run.sync_with(hub)
    assert {at_ms % 86_400_000 > 0 for at_ms in _opened(region, hub)} == {True}
    decide(people, but(DAILY))
    tide.learn(hub, first=7, count=1)
    assert run.sync_with(hub).agreed
    assert [at_ms % 86_400_000 for at_ms in _opened(region, hub)] == [0] * 7 and _rows(region, hub) == 7
    before = projections.fingerprint(region.tables)
    region.write(lambda: projections.rebuild(region.tables, region.journal.replay()))
    assert projections.fingerprint(region.tables) == before


def test_a_cut_while_it_is_taken_back_is_gone_on_from(
    hub: Node, region: Node, up: Served, people: Deciding, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In steps, each whole; nothing new goes before all of the old is taken back."""
    monkeypatch.setattr(taken, "PLACES_MAX", 2)
    tide.learn(hub, first=1, count=5)
    run.sync_with(hub)
    decide(people, but(DAILY))
    erase, steps = hub.journal.erase, []

    def cut(*given: Any) -> Any:
        steps.append(1)
        if len(steps) == 3:
            raise RuntimeError("the power went")
        return erase(*given)

    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(hub.journal, "erase", cut)
        recall.recall(hub)
    assert 0 < len(_left(hub)) - 2 < 5
    run.sync_with(hub)
    assert [at_ms % 86_400_000 for at_ms in _opened(region, hub)] == [0] * 5 and _rows(region, hub) == 5


def test_what_never_left_is_not_taken_back(hub: Node, region: Node, people: Deciding) -> None:
    """It was prepared for a region that has not been met: nobody needs to hear of it."""
    tide.joined(hub, region, "http://127.0.0.1:9")
    tide.learn(hub, first=1, count=2)
    publish.publish(hub, BOTH)
    hub.journal.identity.mark(hub.journal.streams(audience="region")[0].stream, 1)
    decide(people, but(STAYS))
    recall.recall(hub)
    entries = [each.entry for line in publish.lines(hub, ("region",)) for each in hub.journal.read(line.stream)]
    assert [entry.kind for entry in entries if entry.kind in policy.KINDS] == ["statement", "statement"]
    assert _left(hub) == []


def test_widening_is_a_job_that_goes_on_where_it_was_cut(
    hub: Node, region: Node, up: Served, people: Deciding, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an earlier policy kept is copied in steps; a cut between two costs nothing, and each leaves once."""
    monkeypatch.setattr(publish, "STEP_ENTRIES", 7)
    decide(people, but(STAYS), "Nothing")
    tide.learn(hub, first=1, count=20)
    run.sync_with(hub)
    decide(people, but(DAILY), "By the day")
    run.sync_with(hub)
    assert (_rows(region, hub), [job.kind for job in jobs.unfinished(hub, kind=publish.JOB)]) == (0, [publish.JOB])
    with pytest.raises(RuntimeError):
        _cut_after(hub, monkeypatch, steps=2)
    assert len(list(outbox.going(hub, "region"))) == 20
    tide.learn(hub, first=21, count=3)
    publish.by_itself(hub)
    run.sync_with(hub)
    assert _rows(region, hub) == 23 and len(_left(hub)) == 23
    assert not publish.is_unfinished(hub)
    assert "0 records" in publish.by_itself(hub)


def _cut_after(hub: Node, monkeypatch: pytest.MonkeyPatch, *, steps: int) -> None:
    """The power goes after so many steps of the job."""
    step, done = publish._step_again, []

    def cut(*given: Any) -> tuple[int, bool]:
        done.append(1)
        if len(done) > steps:
            raise RuntimeError("the power went")
        return step(*given)

    with monkeypatch.context() as patched:
        patched.setattr(publish, "_step_again", cut)
        publish.by_itself(hub)


def test_a_finer_time_holds_from_then_on(hub: Node, up: Served, people: Deciding) -> None:
    """What left to the day is not sent again to the hour."""
    decide(people, but(DAILY), "By the day")
    tide.learn(hub, first=1, count=2)
    run.sync_with(hub)
    decide(people, but(Row(rows.LEARNING, rows.REGION, rows.UNDER_A_PSEUDONYM, rows.HOUR)), "By the hour")
    tide.learn(hub, first=3, count=2)
    run.sync_with(hub)
    assert [copy.at_ms % 86_400_000 > 0 for copy in _left(hub)] == [False, False, True, True]
    assert jobs.unfinished(hub, kind=publish.JOB) == []


def test_nothing_at_all_can_be_decided(hub: Node, region: Node, up: Served, people: Deciding) -> None:
    """No name, no shelf, no learning: the region hears nothing, and both agree."""
    decide(people, NOTHING)
    tide.plant(hub)
    assert run.sync_with(hub).agreed
    assert region.journal.streams(hub=hub.identity.hub_id) == []


def test_a_pseudonym_of_the_region_is_the_one_it_was(hub: Node) -> None:
    """Hubs that publish already keep their made-up names; for a neighbour one person has another."""
    assert policy.pseudonym(b"k" * 32, "region", "p") == "a49066a81cbb903aaa80"
    assert policy.pseudonym(b"k" * 32, rows.pair("a" * 52), "p") != policy.pseudonym(b"k" * 32, "region", "p")


def test_every_row_and_every_record_is_said_in_words(hub: Node) -> None:
    """No form on offer is without its sentence and its words to choose from."""
    for place in rows.places(["a" * 52]):
        for form in rows.offers(*place):
            assert spoken.row(hub, Row(*place, *form)).endswith(".") and spoken.form(form)


def test_the_outbox_says_what_goes(hub: Node, people: Deciding) -> None:
    """Each record as a sentence, and the bytes beside it."""
    tide.plant(hub)
    said = [each.says for audience in BOTH for each in outbox.going(hub, audience)]
    assert said[0] == "This hub is called Alder hill."
    assert said[1].endswith("answered safe-water › look › q1: 12%.")
    assert COUNTED.form in rows.offers(rows.LEARNING, "region") and len(said) == 3


def test_two_hubs_of_the_old_program_agree(make_node: Callable[..., Node]) -> None:
    """What a hub that was updated notes beside its streams begins with what it did before: nothing is sent again."""
    node = make_node("updated")
    tide.learn(node, first=1, count=2)
    publish.publish(node, BOTH)
    assert not recall.recall(node)
    assert publish.publish(node, BOTH) == 0


def test_what_left_before_a_pause_is_not_copied_twice(hub: Node, region: Node, up: Served, people: Deciding) -> None:
    """By the day, then nothing, then by the day again: what was passed over follows, and each leaves once."""
    tide.learn(hub, first=1, count=3)
    run.sync_with(hub)
    decide(people, but(STAYS), "Nothing")
    tide.learn(hub, first=4, count=3)
    run.sync_with(hub)
    decide(people, but(), "As before")
    run.sync_with(hub)
    publish.by_itself(hub)
    tide.learn(hub, first=7, count=3)
    run.sync_with(hub)
    assert _rows(region, hub) == 9 and len([copy for copy in _left(hub) if copy.kind == "statement"]) == 9
