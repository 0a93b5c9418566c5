"""The tide on a stick: written by one hub, carried by anybody, taken in by the other, and answered by a receipt."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hub.errors import InputWrong
from hub.node import Node
from hub.tables import run as sql
from hub.tide import carried, join, parked, peers, sealing, stands, stick_in, stick_out
from hub.tide import report as tide_report
from hub.tide.stick_out import Plan
from sync import part
from tests.fixtures import tide
from tests.fixtures.mules import bring, coast, meet, named, village

__all__ = ["coast", "village"]


def _learned(node: Node) -> int:
    """Statements of other hubs that stand here."""
    return int(sql(node.tables, "SELECT count(*) FROM statement").fetchone()[0])


def _plan(node: Node, other: Node) -> Plan:
    return stick_out.plan(node, peers.find(node, other.identity.hub_id))


def test_a_stick_brings_what_was_learned(village: Node, coast: Node, tmp_path: Path) -> None:
    """Under pseudonyms, once, however often it is taken in; and the stick says so before it is written."""
    tide.learn(village, first=1, count=30)
    made = bring(village, coast, tmp_path)
    assert (made.records, made.names, made.problems) == (30, ["Alder hill"], [])
    assert _learned(coast) == 30
    again = stick_in.take_in(coast, tmp_path / "stick.tide")
    assert (again.records, again.parts) == (0, 1)
    assert str(stick_in.told(again)) == "Alder hill: nothing new. All of it was here already."


def test_the_receipt_beside_it_moves_where_the_next_begins(village: Node, coast: Node, tmp_path: Path) -> None:
    """Until it is back everything would go again."""
    tide.learn(village, first=1, count=30)
    made = bring(village, coast, tmp_path)
    assert _plan(village, coast).records >= 30 and not _plan(village, coast).is_known
    assert made.receipt_file == tmp_path / "Alder hill.receipt.tide"
    back = stick_in.take_in(village, made.receipt_file)
    assert (back.receipts, back.records, back.receipt_file) == (1, 0, None)
    assert _plan(village, coast).records == 0 and _plan(village, coast).is_known
    tide.learn(village, first=31, count=2)
    assert bring(village, coast, tmp_path, "next.tide").records == 2


def test_a_tide_over_the_line_moves_it_too(village: Node, coast: Node, serve_node: Callable[[Node], object]) -> None:
    """What both sides agreed on need not go on the stick."""
    served = serve_node(coast)
    tide.learn(village, first=1, count=5)
    stick_out.run.sync_with(village, url=served.url)  # type: ignore[attr-defined]
    assert _plan(village, coast).records == 0 and _plan(village, coast).is_known


def test_a_receipt_says_what_is_safe(village: Node, coast: Node, tmp_path: Path) -> None:
    """What went by stick alone is safe as well, in numbers and words; before the receipt it is not said to be."""
    total = tide_report.states(village)[0].total
    tide.learn(village, first=1, count=20)
    made = bring(village, coast, tmp_path)
    (state,) = tide_report.states(village)
    assert (state.total, state.waiting) == (total + 20, total + 20 - state.safe) and state.waiting >= 20
    assert made.receipt_file is not None
    stick_in.take_in(village, made.receipt_file)
    (state,) = tide_report.states(village)
    assert (state.safe, state.waiting, state.last) == (total + 20, 0, None)
    said = tide_report.words(state)
    assert "came by stick" in said and f"All {total + 20} records are safe there." in said


def test_what_a_stick_brought_counts_after_a_tide(
    village: Node, coast: Node, serve_node: Callable[[Node], object], tmp_path: Path
) -> None:
    """The last tide knew of fewer; a tide that finds no line takes nothing back."""
    served = serve_node(coast)
    tide.learn(village, first=1, count=5)
    before = stick_out.run.sync_with(village, url=served.url)  # type: ignore[attr-defined]
    tide.learn(village, first=6, count=20)
    made = bring(village, coast, tmp_path)
    assert made.receipt_file is not None and tide_report.states(village)[0].safe == before.safe
    stick_in.take_in(village, made.receipt_file)
    (state,) = tide_report.states(village)
    assert (state.safe, state.waiting, state.is_well) == (before.safe + 20, 0, True)
    went = stick_out.run.sync_with(village, url="http://127.0.0.1:9", pause=lambda _s: None)  # type: ignore[attr-defined]
    assert (went.agreed, went.safe, tide_report.states(village)[0].safe) == (False, before.safe + 20, before.safe + 20)


def test_the_region_answers_on_the_way_back(village: Node, coast: Node, tmp_path: Path) -> None:
    """Its bundle brings what is public there, and its receipt."""
    tide.learn(village, first=1, count=3)
    bring(village, coast, tmp_path)
    coast.write(lambda: coast.change("hub", coast.identity.hub_id, name="The wide coast"))
    made = bring(coast, village, tmp_path, "back.tide")
    assert (made.receipts, made.records) == (1, 1)
    assert peers.called(village, coast.identity.hub_id) == "The wide coast"
    assert _plan(village, coast).records == 0


def test_no_canary_is_in_the_file(village: Node, coast: Node, tmp_path: Path) -> None:
    """Neither a name, nor a word, nor what is learned, nor who sends it."""
    tide.plant(village)
    made = stick_out.export(village, hub="Coast", to=tmp_path / "a.tide")
    data = made.files[0].read_bytes()
    words = (*tide.CANARIES, tide.PERSON, "Alder hill", "safe-water", village.identity.hub_id)
    assert not [word for word in words if word.encode() in data]
    assert part.identity.public_key(village.identity.hub_id) not in data


def test_the_sealing_key_is_in_no_record(village: Node, coast: Node, tmp_path: Path) -> None:
    """Its secret stands in the folder of keys alone; its public half is in the hub's record."""
    secret = sealing.ring(village).keys[0].secret
    row = village.tables.Hub.get(village.tables.Hub.id == village.identity.hub_id)
    assert row.sealing == sealing.ring(village).public.hex()
    for placed in village.journal.replay():
        assert secret not in placed.entry.payload and secret.hex().encode() not in placed.entry.payload
    assert (village.home / "keys" / "sealing").stat().st_mode & 0o777 == 0o600


def test_a_lost_sealing_key_is_told_anew(village: Node, coast: Node, tmp_path: Path) -> None:
    """What was sealed to it is refused in one sentence; after the next tide all is well."""
    tide.learn(village, first=1, count=3)
    (coast.home / "keys" / "sealing").unlink()
    made = bring(village, coast, tmp_path)
    assert made.records == 0 and "sealed to a key that this hub does not have any more" in made.problems[0]
    meet(village, coast)
    assert bring(village, coast, tmp_path, "b.tide").problems == []


def test_a_hub_that_never_told_its_key_is_said_so(
    village: Node, make_node: Callable[..., Node], tmp_path: Path
) -> None:
    """One sentence, and nothing is written."""
    stranger = named(make_node("stranger"), "Far away")
    tide.joined(village, stranger, "http://127.0.0.1:9")
    with pytest.raises(InputWrong, match="has not told its key yet"):
        stick_out.export(village, hub="Far away", to=tmp_path / "a.tide")
    assert list(tmp_path.glob("*.tide")) == []


@pytest.mark.parametrize("word", ["nobody", "", "aaaaaa"])
def test_a_hub_that_is_none_is_said_so(village: Node, coast: Node, tmp_path: Path, word: str) -> None:
    """By name, by nothing, by an id."""
    with pytest.raises(InputWrong, match="exchanges with no hub"):
        stick_out.export(village, hub=word, to=tmp_path / "a.tide")


def test_a_hub_is_meant_by_its_name_or_the_front_of_its_id(village: Node, coast: Node) -> None:
    """In small letters too."""
    hub = coast.identity.hub_id
    assert {peers.find(village, word).hub for word in ("coast", "Coast", hub, hub[:8])} == {hub}


def test_an_unknown_sender_is_refused(village: Node, coast: Node, tmp_path: Path) -> None:
    """Its peering was ended here."""
    tide.learn(village, first=1, count=3)
    peers.end(coast, village.identity.hub_id)
    made = bring(village, coast, tmp_path)
    assert "does not exchange with" in made.problems[0] and _learned(coast) == 0


def test_a_part_that_comes_early_waits_on_the_disk(village: Node, coast: Node, tmp_path: Path) -> None:
    """Sealed as it came; the first one brings both."""
    tide.learn(village, first=1, count=1200)
    made = stick_out.export(village, hub="Coast", to=tmp_path / "a.tide")
    parts = list(stick_in.read_parts(made.files[0]))
    joined_up = b"".join(parts)
    assert joined_up == made.files[0].read_bytes()
    if len(parts) > 1:
        (tmp_path / "late.tide").write_bytes(b"".join(parts[1:]))
        assert stick_in.take_in(coast, tmp_path / "late.tide").waiting == len(parts) - 1
        assert len(parked.waiting(coast).paths()) == len(parts) - 1
    assert stick_in.take_in(coast, made.files[0]).records == 1200
    assert parked.waiting(coast).paths() == []


def test_a_neighbour_carries_what_it_cannot_read(
    village: Node, coast: Node, make_node: Callable[..., Node], tmp_path: Path
) -> None:
    """It keeps the bundle, hands it on with its own, and forgets it when the region has signed that it came."""
    mule = named(make_node("mule"), "River bend")
    tide.joined(mule, coast, "http://127.0.0.1:9")
    meet(mule, coast)
    tide.learn(village, first=1, count=9)
    stick_out.export(village, hub="Coast", to=tmp_path / "a.tide")
    kept = stick_in.take_in(mule, tmp_path / "a.tide")
    assert (kept.carried, kept.records, _learned(mule)) == (1, 0, 0)
    (shown,) = carried.carried(mule)
    assert (shown.name, shown.bundles, shown.parts) == ("Coast", 1, 1)
    made = stick_out.export(mule, hub="Coast", to=tmp_path / "b.tide")
    assert made.carried == 1
    came = stick_in.take_in(coast, tmp_path / "b.tide")
    assert sorted(came.names) == ["Alder hill", "River bend"] and _learned(coast) == 9
    stick_out.export(coast, hub="River bend", to=tmp_path / "c.tide")
    stick_in.take_in(mule, tmp_path / "c.tide")
    assert carried.carried(mule) == []


def test_what_nobody_here_meets_is_not_carried(
    village: Node, coast: Node, make_node: Callable[..., Node], tmp_path: Path
) -> None:
    """And neither what is above the quota, or too old."""
    stranger = named(make_node("stranger"), "Far away")
    stick_out.export(village, hub="Coast", to=tmp_path / "a.tide")
    assert "for another hub" in stick_in.take_in(stranger, tmp_path / "a.tide").problems[0]
    tide.joined(stranger, coast, "http://127.0.0.1:9")
    object.__setattr__(stranger.settings, "carry_max", 10)
    assert stick_in.take_in(stranger, tmp_path / "a.tide").carried == 0
    object.__setattr__(stranger.settings, "carry_max", 10**6)
    old = part.aged((tmp_path / "a.tide").read_bytes(), stranger.settings.carry_days * carried.DAY_M)
    (tmp_path / "old.tide").write_bytes(old)
    assert stick_in.take_in(stranger, tmp_path / "old.tide").carried == 0
    assert stick_in.take_in(stranger, tmp_path / "a.tide").carried == 1


def test_a_carried_bundle_grows_older_by_what_the_machine_runs(
    village: Node, coast: Node, make_node: Callable[..., Node], tmp_path: Path
) -> None:
    """Not by what its clock says; it is let go at the end, and hands its age on."""
    mule = named(make_node("mule"), "River bend")
    tide.joined(mule, coast, "http://127.0.0.1:9")
    carried.grow_older(mule)
    stick_out.export(village, hub="Coast", to=tmp_path / "a.tide")
    stick_in.take_in(mule, tmp_path / "a.tide")
    mule.clock.machine.advance(86_400)  # type: ignore[attr-defined]
    (data,) = carried.parts_for(mule, coast.identity.hub_id)
    assert part.look(data).age_m == carried.DAY_M
    assert carried.carried(mule)[0].oldest_days == 1
    object.__setattr__(mule.settings, "carry_days", 1)
    mule.clock.machine.advance(3600)  # type: ignore[attr-defined]
    carried.grow_older(mule)
    assert carried.carried(mule) == []


def test_a_bundle_of_our_own_is_not_carried_by_us(village: Node, coast: Node, tmp_path: Path) -> None:
    """It lies on the stick already; one sentence says so."""
    stick_out.export(village, hub="Coast", to=tmp_path / "a.tide")
    made = stick_in.take_in(village, tmp_path / "a.tide")
    assert made.carried == 0 and "written by this hub itself" in made.problems[0]


def test_a_note_of_somebody_else_makes_nobody_forget(
    village: Node, coast: Node, make_node: Callable[..., Node], tmp_path: Path
) -> None:
    """Only the recipient can say that a bundle came."""
    mule = named(make_node("mule"), "River bend")
    tide.joined(mule, coast, "http://127.0.0.1:9")
    stick_out.export(village, hub="Coast", to=tmp_path / "a.tide")
    stick_in.take_in(mule, tmp_path / "a.tide")
    bundle = part.look((tmp_path / "a.tide").read_bytes()).bundle
    assert carried.forget(mule, [part.note(village.identity, bundle)]) == 0
    assert carried.forget(mule, [part.note(coast.identity, bundle)]) == 1


def test_what_is_remembered_is_mended_when_it_is_damaged(village: Node, coast: Node) -> None:
    """Then everything goes again, once."""
    hub = coast.identity.hub_id
    village.write(
        lambda: village.tables.Note.insert(name=f"{stands.STANDS} {hub}", value='"AAAA"').on_conflict_ignore().execute()
    )
    assert stands.standing(village, hub).positions is None
    assert join.invite(village).code


def test_a_first_stick_may_leave_out_what_others_told(
    village: Node, coast: Node, make_node: Callable[..., Node], tmp_path: Path
) -> None:
    """A region has the public word of many hubs; they follow with the next stick, which leaves nothing out."""
    third = named(make_node("third"), "Third")
    tide.joined(third, coast, "http://127.0.0.1:9")
    meet(third, coast)
    coast.write(lambda: stands.forget(coast, village.identity.hub_id))
    whole = _plan(coast, village)
    assert not whole.is_known and whole.far >= 1
    near = stick_out.export(coast, hub=village.identity.hub_id, to=tmp_path / "near.tide", is_near=True)
    assert near.records == whole.records - whole.far
    taken = stick_in.take_in(village, near.files[0])
    assert (taken.problems, village.journal.streams(hub=third.identity.hub_id)) == ([], [])
    assert taken.receipt_file is not None
    stick_in.take_in(coast, taken.receipt_file)
    assert _plan(coast, village).records == _plan(coast, village).far == whole.far
    assert bring(coast, village, tmp_path, "next.tide").problems == []
    assert village.journal.streams(hub=third.identity.hub_id)
    assert _plan(village, coast).far == 0
