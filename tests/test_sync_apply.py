"""Taking a batch: whole or not at all, once, in its place; two branches of a stream are both kept."""

from dataclasses import replace
from itertools import pairwise

import pytest

from sync import batch as batches
from sync import give, lines, stream
from sync.batch import Batch
from sync.entry import Entry, encode
from sync.errors import BatchWrong, DoesNotFit, EntryWrong, PeerUnknown
from sync.identity import Identity
from sync.stream import Opening
from tests.fixtures.fused import Cut
from tests.fixtures.properties import check_folded, check_whole
from tests.fixtures.sync_hub import BareHub, MakeHub

ROOT = "07" * 16
SEED = b"s" * 16


@pytest.fixture
def owner(make_hub: MakeHub) -> BareHub:
    """A hub with a stream for the region."""
    made = make_hub("owner")
    made.say("region", "one", "two", "three", "four")
    return made


@pytest.fixture
def taker(make_hub: MakeHub) -> BareHub:
    """A hub with an empty journal."""
    return make_hub("taker")


def batch_of(hub: BareHub, after: int = 0, count: int = 100) -> Batch:
    """A batch from a hub's first stream for the region."""
    line = hub.journal.streams(audience="region")[0]
    return batches.read(give.make(hub.journal, line, after, count)[0])


def made_up(*raws: bytes, root: str = ROOT, owner: str = "", seed: bytes = SEED, tail: tuple[bytes, ...] = ()) -> Batch:
    """A batch with a right signature over anything; `tail` is what stays of it when it is cut from a longer one."""
    own = Identity(bytes(32))
    opening = Opening(owner or own.hub_id, "region", 1)
    listed = [encode(Entry(stream.OPEN, stream.opening_payload(opening), 0)), *raws, *tail]
    rows, running = [], stream.origin(root)
    for seq, raw in enumerate(listed, 1):
        running = stream.step(running, seq, seed, raw)
        rows.append((seq, running, raw))
    signature = own.sign(stream.head_message(root, len(rows), running))
    return Batch(own.hub_id, root, stream.origin(root), {0: seed}, tuple(rows), signature)


def after(batch: Batch, seq: int) -> Batch:
    """The same without its entries up to a number."""
    return replace(batch, before=batch.rows[seq - 1][1], rows=batch.rows[seq:])


def note(text: str) -> bytes:
    """An entry as bytes."""
    return encode(Entry("note", text.encode(), 0))


def test_a_batch_is_kept_and_folded(owner: BareHub, taker: BareHub) -> None:
    """Entries have the same ids here as there."""
    assert taker.journal.apply(batch_of(owner)) == 5
    assert taker.placed("region") == owner.placed("region") == taker.folded


def test_a_batch_that_comes_twice_counts_once(owner: BareHub, taker: BareHub) -> None:
    """The second time nothing is new."""
    taker.journal.apply(batch_of(owner))
    assert taker.journal.apply(batch_of(owner)) == 0
    assert len(taker.folded) == 5


def test_a_batch_that_overlaps_brings_only_the_rest(owner: BareHub, taker: BareHub) -> None:
    """What is here already is compared and passed over."""
    taker.journal.apply(batch_of(owner, 0, 3))
    assert taker.journal.apply(batch_of(owner, 1)) == 2
    check_whole(taker)
    check_folded(taker)


def test_a_batch_before_its_time_does_not_fit(owner: BareHub, taker: BareHub) -> None:
    """There is never a hole: neither in a stream that is not here nor in one that is shorter."""
    with pytest.raises(DoesNotFit, match="not here"):
        taker.journal.apply(batch_of(owner, 2))
    taker.journal.apply(batch_of(owner, 0, 1))
    with pytest.raises(DoesNotFit, match="not here"):
        taker.journal.apply(batch_of(owner, 2))
    assert len(taker.placed()) == 1


def test_a_batch_that_may_not_come_in_leaves_nothing(owner: BareHub, taker: BareHub) -> None:
    """Who may bring what is asked before anything is written."""
    with pytest.raises(PeerUnknown, match="may not bring it"):
        taker.journal.apply(batch_of(owner), lambda line: line.audience == "public")
    assert taker.journal.streams() == []


def test_the_opening_must_be_signed_by_the_hub_it_names(taker: BareHub) -> None:
    """A stream cannot be begun in another hub's name, nor its entries signed by another."""
    with pytest.raises(BatchWrong, match="another hub's stream"):
        taker.journal.apply(made_up(owner=taker.identity.hub_id))
    taker.journal.apply(made_up(note("one")))
    with pytest.raises(BatchWrong, match="another hub's stream"):
        taker.journal.apply(replace(made_up(note("one"), note("two")), hub=taker.identity.hub_id))


def test_a_stream_that_begins_with_anything_else_is_refused(taker: BareHub) -> None:
    """The first entry says whose it is."""
    batch = made_up(note("one"))
    running = stream.step(batch.before, 1, SEED, note("one"))
    with pytest.raises(EntryWrong, match="whose it is"):
        taker.journal.apply(replace(batch, rows=((1, running, note("one")),)))


def test_two_tails_of_one_stream_are_both_kept(taker: BareHub) -> None:
    """The second becomes a branch after the last common number, named by its first hash; both are folded."""
    taker.journal.apply(made_up(note("one"), note("two a"), note("three a")))
    other = made_up(note("one"), note("two b"))
    assert taker.journal.apply(other) == 1
    main, branch = sorted(taker.journal.streams(), key=lambda line: line.base)
    assert (main.seq, branch.parent, branch.base, branch.seq) == (4, main.stream, 2, 3)
    assert branch.stream == other.rows[2][1][:16].hex()
    assert taker.texts("region") == ["one", "three a", "two a", "two b"]
    check_whole(taker)
    check_folded(taker)


def test_a_branch_grows_as_a_stream_does(taker: BareHub) -> None:
    """A batch goes on from the branch whose end it names, and repeats are harmless there too."""
    taker.journal.apply(made_up(note("one"), note("two a")))
    taker.journal.apply(made_up(note("one"), note("two b")))
    grown = made_up(note("one"), note("two b"), note("three b"))
    assert taker.journal.apply(after(grown, 3)) == 1
    assert taker.journal.apply(grown) == 0
    assert len(taker.journal.streams()) == 2
    check_whole(taker)


def test_a_branch_can_leave_a_branch(taker: BareHub) -> None:
    """Three devices with one key make a tree."""
    taker.journal.apply(made_up(note("one"), note("two a")))
    taker.journal.apply(made_up(note("one"), note("two b"), note("three b")))
    taker.journal.apply(made_up(note("one"), note("two b"), note("three c"), note("four c")))
    bases = sorted(line.base for line in taker.journal.streams())
    assert bases == [0, 2, 3]
    check_whole(taker)


def test_a_branch_that_begins_where_a_batch_begins_is_kept(taker: BareHub) -> None:
    """The batch need not overlap what is here."""
    taker.journal.apply(made_up(note("one"), note("two a")))
    other = made_up(note("one"), note("two b"))
    assert taker.journal.apply(after(other, 2)) == 1
    assert len(taker.journal.streams()) == 2
    check_whole(taker)


def test_after_four_branches_a_person_decides(taker: BareHub) -> None:
    """A fifth one is refused, and what is here stays as it is."""
    for name in range(5):
        taker.journal.apply(made_up(note("one"), note(f"two {name}")))
    with pytest.raises(BatchWrong, match="until a person decides"):
        taker.journal.apply(made_up(note("one"), note("two more")))
    assert len(taker.journal.streams()) == 5


def test_a_hub_begins_only_so_many_streams(taker: BareHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub that begins ever new streams is stopped; the ones that are here go on."""
    monkeypatch.setattr(lines, "LINES_MAX", 2)
    for name in ("07", "08"):
        taker.journal.apply(made_up(root=name * 16))
    with pytest.raises(BatchWrong, match="no more are taken"):
        taker.journal.apply(made_up(root="09" * 16))
    assert taker.journal.apply(made_up(note("one"), root="07" * 16)) == 1


def test_one_block_has_one_seed(taker: BareHub) -> None:
    """A batch that goes on in a block with another seed than it began with is refused."""
    taker.journal.apply(made_up(note("one")))
    grown = after(made_up(note("one"), note("two")), 2)
    with pytest.raises(BatchWrong, match="as its stream began"):
        taker.journal.apply(replace(grown, seeds={0: b"t" * 16}))


def test_a_batch_over_the_border_of_a_block_brings_the_next_seed(owner: BareHub, taker: BareHub) -> None:
    """A stream of three blocks in uneven batches is whole in the end."""
    owner.write(lambda: [owner.journal.append("region", "note", b"x") for _ in range(600)])
    for start, end in pairwise((0, 200, 256, 257, 605)):
        taker.journal.apply(batch_of(owner, start, end - start))
    check_whole(taker)
    assert taker.placed() == owner.placed("region")


def test_a_power_cut_between_any_two_statements_leaves_all_or_nothing(owner: BareHub, taker: BareHub) -> None:
    """Whatever statement is the last, the batch is absent or whole at the next start."""
    fuse, is_cut = 0, True
    while is_cut:
        taker.database.fuse = fuse
        try:
            taker.journal.apply(batch_of(owner))
            is_cut = False
        except Cut:
            fuse += 1
        taker.open()
        check_whole(taker)
        assert len(taker.placed()) == (0 if is_cut else 5)
    assert fuse > 5
