"""Where somebody was forgotten: place by place, over lines and by sticks, on the page and in the command."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from hub import projections
from hub.cli import main
from hub.config import keep
from hub.consent.purposes import NAMED
from hub.forgetting import heard, people, traces
from hub.giving import bundles
from hub.node import Node
from hub.sharing import rows
from hub.sharing.rows import Row
from hub.tide import erased, others, outbox, parked, peers, run, sealing, stands, stick_in, stick_out, summed
from hub.worker import DUE, HANDLERS
from sync import bundle, part
from tests.fixtures import consents, mules, tide
from tests.fixtures.cast import Cast
from tests.fixtures.deciding import gather
from tests.fixtures.forgetting import found_in
from tests.fixtures.sharing import but, decide
from tests.fixtures.web import Served

Places = tuple[Node, Node, Node, Node]


@pytest.fixture
def places(make_node: Callable[..., Node], serve_node: Callable[[Node], Served]) -> Places:
    """A hub with its region and a school over lines, and a far neighbour that only sticks reach since they met."""
    hub, region = mules.named(make_node("hub"), "Alder hill"), mules.named(make_node("region", role="region"), "Coast")
    school, far = mules.named(make_node("school"), "School"), mules.named(make_node("far"), "Far island")
    for other in (region, school):
        tide.joined(hub, other, serve_node(other).url)
    tide.joined(far, hub, "http://127.0.0.1:9")
    mules.meet(far, hub)
    return hub, region, school, far


def _named_everywhere(hub: Node, school: Node, far: Node) -> str:
    """Somebody who learned, and is named to both neighbours: the id."""
    community, keeper = gather(hub), consents.keeper(hub)
    agreed = [Row(rows.PERSON, rows.pair(each.identity.hub_id), rows.BY_NAME, rows.DAY) for each in (school, far)]
    decide(community, but(*agreed))
    consents.says(hub, keeper, community.joseph, "yes", purpose=NAMED)
    tide.learn(hub, first=1, count=3)
    said = tide.statement(9, actor=tide.person_actor(community.joseph.id))
    tide.record(hub, said)
    return community.joseph.id


def _names(node: Node) -> list[str]:
    return [name for each in others.shared_with_us(node) for name, _ in each.people]


def _opens(node: Node, *letters: bytes) -> bool:
    store = node.journal.store
    raws = [raw for line in store.lines() for _, _, raw in store.entries(line, 0, 1_000_000)]
    return any(each in raw for raw in raws for each in letters)


def test_it_is_erased_at_three_of_four_places_then_at_four(places: Places, tmp_path: Path) -> None:
    """The one that only sticks reach is named until its receipt is back; nobody is told empty of who was named."""
    hub, region, school, far = places
    joseph = _named_everywhere(hub, school, far)
    assert all(each.agreed for each in run.sync_all(hub))
    mules.bring(hub, far, tmp_path, "names.tide")
    assert (_names(school), _names(far)) == (["Joseph"], ["Joseph"])
    letters = traces.letters_of(hub, "region", joseph)
    done = people.forget(hub, person=joseph, wish=people.PERSON)
    people.clean(hub)
    assert done.places == 4 and [each.done for each in erased.erasures(hub)] == [1]
    assert all(each.agreed for each in run.sync_all(hub))
    (shown,) = erased.erasures(hub)
    assert (shown.done, shown.places, [each.name for each in shown.lacking]) == (3, 4, ["Far island"])
    assert _names(school) == [] and not _opens(school, b"Joseph", joseph.encode())
    assert not _opens(region, letters) and _names(far) == ["Joseph"]
    mules.bring(hub, far, tmp_path, "gone.tide")
    assert _names(far) == [] and not _opens(far, b"Joseph", joseph.encode())
    tide.learn(hub, first=20, count=2)
    run.sync_all(hub)
    mules.bring(far, hub, tmp_path, "receipt.tide")
    assert [(each.done, each.lacking) for each in erased.erasures(hub)] == [(4, ())]
    stands_for = [summed.name_of(hub, rows.pair(each.identity.hub_id), joseph).encode() for each in (school, far)]
    assert not any(_opens(each, *stands_for) for each in places)
    for each in (region, school, far):
        before = projections.fingerprint(each.tables)
        each.write(lambda each=each: projections.rebuild(each.tables, each.journal.replay()))  # type: ignore[misc]
        assert projections.fingerprint(each.tables) == before


def test_a_receipt_from_before_proves_nothing(places: Places, tmp_path: Path) -> None:
    """Where the other hub stood before it heard of the erasure."""
    hub, _, school, far = places
    joseph = _named_everywhere(hub, school, far)
    mules.bring(hub, far, tmp_path, "names.tide")
    old = stick_out.export(far, hub=hub.identity.hub_id, to=tmp_path / "old.tide")
    people.forget(hub, person=joseph)
    run.prepare(hub)
    assert stick_in.take_in(hub, old.files[0]).receipts == 1
    assert "Far island" in [each.name for each in erased.erasures(hub)[0].lacking]


def test_what_others_erased_goes_off_the_disk_of_a_neighbour(places: Places, tmp_path: Path) -> None:
    """By a job that comes by itself: not a byte of the name in a file of its home, no bundle or part from before."""
    hub, _, school, far = places
    joseph = _named_everywhere(hub, school, far)
    run.sync_all(hub)
    wanted = [b"Joseph", joseph.encode()]
    fetched = school.home / "jobs" / bundles.FOLDER / "fetched"
    fetched.mkdir(parents=True)
    (fetched / "a.tide").write_bytes(b"made before")
    assert stick_in.take_in(school, _late_part(hub, school, tmp_path / "part.tide")).waiting == 1
    assert parked.waiting(school).paths() and (school.settings.database or found_in(school.home, wanted))
    people.forget(hub, person=joseph)
    _check_outbox(hub, school, joseph)
    assert not DUE[heard.JOB](school)
    run.sync_all(hub)
    assert DUE[heard.JOB](school)
    HANDLERS[heard.JOB](school, None, None)  # type: ignore[arg-type]
    assert not DUE[heard.JOB](school)
    assert found_in(school.home, wanted) == [] and not fetched.exists() and parked.waiting(school).paths() == []


def _check_outbox(hub: Node, school: Node, person: str) -> None:
    """That something was taken back, how much, and that it is not to come back; with the bytes, which name nobody."""
    for audience in ("region", rows.pair(school.identity.hub_id)):
        gone = [each for each in outbox.going(hub, audience) if each.copy.kind == "erase"]
        assert [each.says for each in gone] == [
            "1 record that had left is taken back: who has it erases it.",
            "What was taken back is not to come back by any other road.",
        ]
        assert all(person.encode() not in each.copy.payload for each in gone)


def _late_part(hub: Node, school: Node, place: Path) -> Path:
    """A part of ours that goes on from a record which the school does not have."""
    hub.write(lambda: [hub.change("hub", hub.identity.hub_id, name=f"Alder {number}") for number in range(2)])
    run.prepare(hub)
    peer, key = peers.find(hub, school.identity.hub_id), sealing.key_of(hub, school.identity.hub_id)
    known = stands.standing(hub, peer.hub).positions
    letter = bundle.Letter("0b" * 16, key or b"", known, part_bytes=1, batch_entries=1)
    for data in bundle.parts(hub.journal, hub.identity, peers.peering(hub, peer), letter):
        (brought,) = part.read(school.identity, sealing.ring(school), data).batches
        if brought.before.root == hub.journal.streams(hub=hub.identity.hub_id, audience="public")[0].root:
            place.write_bytes(data)
    return place


def test_page_and_command_say_where(node: Node, cast: Cast) -> None:
    """Erased at so many of so many places, and which is missing since when."""
    keep(node.home, {"database": node.settings.database})
    for number, name in enumerate(("Coast", "School", "Far island")):
        taking = {"sends": "public region", "takes": "public", "joined_ms": number, "seen_ms": 0, "url": ""}
        node.write(lambda name=name, taking=taking: node.tables.Peer.insert(id=name, name=name, **taking).execute())
    node.write(lambda: erased.ask(node, wish="guardian", entries=7, audiences=["region"]))
    erased.clean(node)
    erased.prove(node, [each for hub in ("Coast", "School") for each in erased.awaited(node, hub)])
    shown = cast.client("steward").get("/status/forgotten/").get_data(as_text=True)
    assert "Erased at 3 of 4 places" in shown and "Far island has not shown it yet, since" in shown
    (said,) = json.loads(_run(node, "--json"))
    assert (said["done"], said["places"], [each["name"] for each in said["lacking"]]) == (3, 4, ["Far island"])
    assert "guardian: erased at 3 of 4 places. Not shown yet: Far island." in _run(node)


def _run(node: Node, *words: str) -> str:
    result = CliRunner().invoke(main, ["people", "forgotten", *words, "--home", str(node.home)])
    assert result.exit_code == 0, result.output
    return result.stdout
