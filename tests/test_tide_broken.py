"""What a region hands on and cannot be is left where it stands: the page says so, and everything else went on."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hub.app import create_app
from hub.node import Node
from hub.tide import broken, certificates, peers, report, run, sealing, stick_in, stick_out
from hub.tide.link import Link
from sync import batch as batches
from sync import give, part, protocol
from sync.errors import SyncError
from sync.messages import PullSaid
from sync.part import Packed
from sync.protocol import Position
from sync.shared import Left
from tests.fixtures import tide
from tests.fixtures.cast import Cast
from tests.fixtures.clock import HandClock
from tests.fixtures.mules import coast, village
from tests.fixtures.web import Served

__all__ = ["coast", "village"]


@pytest.fixture
def other(make_node: Callable[..., Node], region: Node, up: Served) -> Node:
    """A hub of the region, which has told its name there."""
    made = make_node("other")
    made.write(lambda: made.change("hub", made.identity.hub_id, name="Other"))
    tide.joined(made, region, up.url)
    assert run.sync_with(made, pause=lambda _: None).agreed
    return made


def test_the_page_says_that_a_stream_was_left(
    hub: Node, region: Node, up: Served, other: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub's own records go, the region's certificates come; the one stream comes as soon as it is right."""
    asked: list[str] = []
    twisted = _twisting(region, other, asked)
    tide.learn(hub, first=1, count=5)
    with monkeypatch.context() as lying:
        lying.setattr(Link, "__call__", twisted)
        went = run.sync_with(hub, pause=lambda _: None)
    assert "everything else went on" in went.problem and went.pushed >= 5
    assert len(certificates.certificates(hub)) == 2 and region.tables.Statement.select().count() == 5
    assert "everything else went on" in report.words(report.states(hub)[0])
    app = create_app(hub)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    cast = Cast(hub, app)
    page = cast.client("steward").get("/status/tide/").get_data(as_text=True)
    assert "was left where it stands" in page
    assert hub.tables.Hub.get_or_none(hub.tables.Hub.id == other.identity.hub_id) is None
    asked.clear()
    with monkeypatch.context() as lying:
        lying.setattr(Link, "__call__", twisted)
        again = run.sync_with(hub, pause=lambda _: None)
    assert asked == [] and "everything else went on" in again.problem
    _press_again(hub, cast, "librarian", 403)
    assert len(broken.broken(hub)) == 1
    _press_again(hub, cast, "steward", 303)
    assert run.sync_with(hub, pause=lambda _: None).agreed and broken.broken(hub) == []
    assert hub.tables.Hub.get_by_id(other.identity.hub_id).name == "Other"


def test_it_is_asked_for_when_it_goes_elsewhere(
    hub: Node, region: Node, up: Served, other: Node, monkeypatch: pytest.MonkeyPatch, clock: HandClock
) -> None:
    """Nobody has to press anything: one more entry is another place, and what comes well is forgotten here."""
    with monkeypatch.context() as lying:
        lying.setattr(Link, "__call__", _twisting(region, other, []))
        run.sync_with(hub, pause=lambda _: None)
    (left,) = broken.broken(hub)
    assert (left.peer, left.since_ms) == (region.identity.hub_id, clock.now_ms()) and left.why
    assert report.states(hub)[0].as_dict()["broken"] == [left.as_dict()]
    assert left.root[:8] in report.words(report.states(hub)[0])
    other.write(lambda: other.change("hub", other.identity.hub_id, name="Another"))
    run.sync_with(other, pause=lambda _: None)
    assert run.sync_with(hub, pause=lambda _: None).agreed and broken.broken(hub) == []
    assert hub.tables.Hub.get_by_id(other.identity.hub_id).name == "Another"


def test_a_region_notes_what_is_pushed_broken(hub: Node, region: Node, up: Served) -> None:
    """Its page says so until a right batch of that stream comes."""
    tide.learn(hub, first=1, count=3)
    run.prepare(hub)
    (line,) = hub.journal.streams(hub=hub.identity.hub_id, audience="region")
    data, _ = give.make(hub.journal, line, 0, 100)
    for at, is_right in ((90, False), (0, True)):
        body = data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :] if not is_right else data
        asked = protocol.request(hub.identity, region.identity.hub_id, "push", body)
        if is_right:
            run.answer(region, "push", asked)
            assert broken.broken(region) == []
        else:
            with pytest.raises(SyncError):
                run.answer(region, "push", asked)
            (left,) = broken.broken(region)
            assert (left.peer, left.root, left.kind) == (hub.identity.hub_id, line.root, "SignatureWrong")


def test_no_more_are_kept_than_a_page_could_tell(hub: Node, region: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub that makes up broken streams fills no table."""
    monkeypatch.setattr(broken, "KEPT_MAX", 3)
    made = {f"{number:032x}": Position(f"{number:032x}", 1, bytes(16)) for number in range(9)}
    left = {root: Left(place, "BatchWrong", "no") for root, place in made.items()}
    for _ in range(2):
        broken.note(hub, region.identity.hub_id, left)
    assert len(broken.broken(hub)) == 3 and len(broken.Places(hub, region.identity.hub_id)) == 3
    broken.note(hub, region.identity.hub_id, {}, brought=made)
    assert broken.broken(hub) == []


def test_a_stick_says_which_was_left(village: Node, coast: Node, tmp_path: Path) -> None:
    """The rest of the part counts, and the stream is passed over until it goes on."""
    tide.learn(village, first=1, count=5)
    village.write(lambda: village.change("hub", village.identity.hub_id, name="Alder valley"))
    made = stick_out.export(village, hub="Coast", to=tmp_path / "stick.tide")
    found = part.read(coast.identity, sealing.ring(coast), made.files[0].read_bytes())
    (line,) = village.journal.streams(hub=village.identity.hub_id, audience="region")
    packed = tuple(_spoilt(each) if each.after.root == line.root else each for each in found.batches)
    assert len(packed) > 1
    (tmp_path / "bad.tide").write_bytes(
        part.write(village.identity, replace(found, batches=packed), sealing.ring(coast).public)
    )
    came = stick_in.take_in(coast, tmp_path / "bad.tide")
    assert (
        peers.called(coast, village.identity.hub_id) == "Alder valley" and coast.tables.Statement.select().count() == 0
    )
    (problem,) = came.problems
    assert "everything else was taken" in str(problem) and "signature" in str(problem)
    assert [each.root for each in broken.broken(coast)] == [line.root]
    tide.learn(village, first=6, count=1)
    assert (
        stick_in.take_in(coast, stick_out.export(village, hub="Coast", to=tmp_path / "next.tide").files[0]).records == 6
    )
    assert broken.broken(coast) == []


def _spoilt(each: Packed) -> Packed:
    return replace(each, data=each.data[:90] + bytes((each.data[90] ^ 1,)) + each.data[91:])


def _twisting(region: Node, other: Node, asked: list[str]) -> Callable[[Link, str, bytes], bytes]:
    """A line to a region that changes what it hands on of one hub, and signs that itself; `asked` are those batches."""
    carry = Link.__call__

    def twisted(link: Link, name: str, body: bytes) -> bytes:
        said = carry(link, name, body)
        found = (
            PullSaid.read(protocol.open_answer(region.identity.hub_id, name, body, said)).batch
            if name == "pull"
            else None
        )
        if found is None or batches.read(found).hub != other.identity.hub_id:
            return said
        asked.append(name)
        changed = found[:-1] + bytes((found[-1] ^ 1,))
        return protocol.answer(region.identity, name, body, PullSaid(changed).packed())

    return twisted


def _press_again(hub: Node, cast: Cast, role: str, status: int) -> None:
    client, (left,) = cast.client(role), broken.broken(hub)
    page = client.get("/status/tide/").get_data(as_text=True)
    assert left.root[:8] in page and ("/status/tide/again/" in page) is (status == 303)
    said = client.post("/status/tide/again/", data={"hub": left.peer, "stream": left.root})
    assert said.status_code == status
    once_more = client.post("/status/tide/again/", data={"hub": left.peer, "stream": left.root}, follow_redirects=True)
    assert status != 303 or "not among the broken ones any more" in once_more.get_data(as_text=True)  # noqa: PLR2004
