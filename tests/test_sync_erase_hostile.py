"""Erasing: what hostile hubs and carriers try, and batches in which something is erased."""

from collections.abc import Callable

import pytest
import zstandard

from sync import batch as batches
from sync import give, stream
from sync.erasing import ERASE, Erasure
from sync.errors import BatchWrong, EntryWrong, SignatureWrong, SyncError
from tests.fixtures.erasing import agree, has, holder, place, teller
from tests.fixtures.properties import facts
from tests.fixtures.sync_hub import BareHub, MakeHub, befriend


@pytest.fixture
def hub(make_hub: MakeHub) -> BareHub:
    """A hub that has said something about a child."""
    return teller(make_hub)


@pytest.fixture
def region(make_hub: MakeHub, hub: BareHub) -> BareHub:
    """The region of that hub."""
    return holder(make_hub, hub)


HOSTILE: dict[str, tuple[Callable[[str], bytes], str]] = {
    "no JSON": (lambda _: b"{", "not known here"),
    "a million numbers": (lambda root: Erasure(root, ((1, b""),) * 400).payload(), "at once"),
    "no number": (lambda root: Erasure(root, ((0, b""),)).payload(), "not known here"),
    "no hash": (lambda root: Erasure(root, (), (b"m",)).payload(), "not known here"),
    "no stream": (lambda _: Erasure("07", ()).payload(), "not known here"),
    "numbers to come": (lambda root: Erasure(root, ((99, b"s" * 64),)).payload(), "not there"),
    "nobody's signature": (lambda root: Erasure(root, ((2, b"s" * 64),)).payload(), "not there"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_erasure_is_refused_in_one_sentence(hub: BareHub, region: BareHub, name: str) -> None:
    """Nothing of its batch is kept, and nothing is erased."""
    hub.sync(region)
    made, words = HOSTILE[name]
    (line,) = hub.journal.streams(audience="region")
    hub.write(lambda: hub.journal.append("region", ERASE, made(line.root)))
    with pytest.raises(BatchWrong, match=words) as refused:
        hub.sync(region)
    assert str(refused.value).count(";") == 1
    assert has(region) and len(region.journal.read(line.stream)) == 4


def test_another_hubs_stream_is_not_erased(hub: BareHub, region: BareHub, make_hub: MakeHub) -> None:
    """Whoever signs it."""
    hub.sync(region)
    thief = make_hub("thief")
    befriend(thief, region)
    name, seq = place(hub)
    signature = thief.identity.sign(stream.erased_message(name, seq, dict((s, r) for _, s, r in facts(hub))[seq]))
    thief.write(lambda: thief.journal.append("region", ERASE, Erasure(name, ((seq, signature),)).payload()))
    with pytest.raises(BatchWrong, match="another hub"):
        thief.sync(region)
    assert has(region)


def test_a_stream_that_comes_later_is_not_emptied_by_another_hub(
    hub: BareHub, region: BareHub, make_hub: MakeHub
) -> None:
    """A wish for a stream that nobody knows waits in vain."""
    thief = make_hub("thief")
    befriend(thief, region)
    name, seq = place(hub)
    signature = thief.identity.sign(stream.erased_message(name, seq, dict((s, r) for _, s, r in facts(hub))[seq]))
    thief.write(lambda: thief.journal.append("region", ERASE, Erasure(name, ((seq, signature),)).payload()))
    thief.sync(region)
    agree(hub, region)
    assert has(region)


@pytest.mark.parametrize("seq", [1, 3])
def test_what_a_stream_needs_is_refused(hub: BareHub, region: BareHub, seq: int) -> None:
    """A hub may sign that its stream's beginning, or an erasure, be erased; nobody does it."""
    hub.sync(region)
    (line,) = hub.journal.streams(audience="region")
    if seq == 3:
        hub.erase(place(hub, "after"))
        seq = line.seq + 1
    running = next(row[1] for row in hub.journal.store.entries(line, seq - 1, 1)) if seq == 1 else b""
    if not running:
        now = hub.journal.store.line(line.stream)
        assert now is not None
        running = now.head
    signature = hub.identity.sign(stream.erased_message(line.root, seq, running))
    hub.write(lambda: hub.journal.append("region", ERASE, Erasure(line.root, ((seq, signature),)).payload()))
    with pytest.raises(BatchWrong, match="cannot do without"):
        hub.sync(region)


def marked(hub: BareHub) -> batches.Batch:
    """A batch with an erased entry."""
    hub.erase(place(hub))
    (line,) = hub.journal.streams(audience="region")
    return batches.read(give.make(hub.journal, line, 0, 10)[0])


def test_a_marked_batch_is_read_as_it_was_written(hub: BareHub) -> None:
    """And is of version 2, while a batch without anything erased stays of version 1."""
    (line,) = hub.journal.streams(audience="region")
    assert give.make(hub.journal, line, 0, 10)[0][0] == batches.VERSION
    batch = marked(hub)
    data = batches.write(batch)
    assert data[0] == batches.MARKED and batches.read(data) == batch
    for size in range(len(data)):
        with pytest.raises(SyncError):
            batches.read(data[:size])


def test_a_changed_bit_of_a_marked_batch_is_noticed(hub: BareHub) -> None:
    """Wherever it is; but for those of the packing that unpack to the very same, and so change nothing."""
    batch = marked(hub)
    packed = batches.write(batch)
    for place_of in range(0, 8 * len(packed), 5):
        changed = bytearray(packed)
        changed[place_of // 8] ^= 1 << place_of % 8
        try:
            assert batches.read(bytes(changed)) == batch and place_of // 8 > packed.index(zstandard.FRAME_HEADER)
        except SyncError:
            continue


def test_nobody_who_carries_a_batch_empties_it(hub: BareHub) -> None:
    """The chain would fit an empty entry; without the owner's signature for it nothing is taken."""
    (line,) = hub.journal.streams(audience="region")
    whole = batches.read(give.make(hub.journal, line, 0, 10)[0])
    marks = {seq: stream.salt_of(whole.seeds[0], seq) for seq, _, _ in whole.rows}
    rows = list(whole.rows)
    seq, running, raw = rows[2]
    rows[2], marks[seq] = (seq, running, b""), stream.leaf(marks[seq], raw)
    forged = batches.Batch(
        whole.hub, whole.root, whole.before, {}, tuple(rows), whole.signature, marks, {seq: bytes(64)}
    )
    with pytest.raises(SignatureWrong):
        batches.read(batches.write(forged))
    silent = batches.Batch(whole.hub, whole.root, whole.before, {}, tuple(rows), whole.signature, marks)
    with pytest.raises(EntryWrong):
        batches.read(batches.write(silent))


def test_an_erased_entry_has_no_bytes(hub: BareHub) -> None:
    """One that is signed away and there all the same is no batch, and neither is a marked one without marks."""
    (line,) = hub.journal.streams(audience="region")
    whole = batches.read(give.make(hub.journal, line, 0, 10)[0])
    marks = {seq: stream.salt_of(whole.seeds[0], seq) for seq, _, _ in whole.rows}
    seq, running, _ = whole.rows[2]
    signature = hub.identity.sign(stream.erased_message(whole.root, seq, running))
    both = batches.Batch(whole.hub, whole.root, whole.before, {}, whole.rows, whole.signature, marks, {seq: signature})
    with pytest.raises(BatchWrong, match="damaged"):
        batches.read(batches.write(both))
    plain = batches.write(whole)
    at = plain.index(whole.seeds[0])
    with pytest.raises(BatchWrong, match="damaged"):
        batches.read(bytes((batches.MARKED,)) + plain[1:at] + b"\0" + plain[at:])
