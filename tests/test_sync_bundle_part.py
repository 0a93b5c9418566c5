"""A part of a bundle: read by its recipient as it was written, by nobody else, and refused when it is anything else."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from sync import part, seal
from sync.errors import MessageWrong, NotForUs, PartWrong, SealWrong, SignatureWrong, SyncError, VersionUnknown
from sync.identity import Identity
from sync.keyring import Keyring, SealingKey, hint_of
from sync.part import Cover, Note, Packed, Part
from sync.protocol import Position
from sync.standing import Receipt

SENDER, RECIPIENT, OUTSIDER = Identity(b"\1" * 32), Identity(b"\2" * 32), Identity(b"\3" * 32)
RING = Keyring((SealingKey(b"\4" * 32, 0),))
BUNDLE = "0b" * 16
AT = Position("ab" * 16, 0, bytes(16)), Position("ab" * 16, 3, bytes(16))
EMPTY_BATCH = bytes(2 + 32 + 16 + 32 + 64) + b"\1\1\1"
"""What is looked at of a batch before it is unpacked: it says that it will have one byte."""
COVER = Cover(RECIPIENT.hub_id, BUNDLE, 1, True, hint_of(RING.public), (part.note(SENDER, BUNDLE),))
PART = Part(COVER, SENDER.hub_id, 1_764_000_000_000, 2, Receipt((BUNDLE,), AT), (Packed(*AT, EMPTY_BATCH),))
DATA = part.write(SENDER, PART, RING.public)


def test_the_recipient_reads_what_was_written() -> None:
    """All of it, and the cover is there for every carrier."""
    assert part.read(RECIPIENT, RING, DATA) == PART
    assert part.look(DATA) == COVER == part.glance(DATA[:-1])


def test_it_grows_older_without_being_changed() -> None:
    """The age is outside the seal, and never turns over."""
    old = part.aged(part.aged(DATA, 5), 7)
    assert part.look(old).age_m == 12
    assert part.read(RECIPIENT, RING, old) == replace(PART, cover=replace(COVER, age_m=12))
    assert part.look(part.aged(old, 2**40)).age_m == part.AGE_MAX_M


def test_any_changed_byte_but_the_age_is_refused() -> None:
    """In the front, on the cover and in the seal."""
    for at in [*range(9), *range(13, len(DATA))]:
        spoilt = DATA[:at] + bytes((DATA[at] ^ 4,)) + DATA[at + 1 :]
        with pytest.raises(SyncError):
            part.read(RECIPIENT, RING, spoilt)


def test_a_cut_part_is_refused_at_every_byte() -> None:
    """And so is one that goes on."""
    for size in range(len(DATA)):
        with pytest.raises((PartWrong, MessageWrong)):
            part.look(DATA[:size])
    with pytest.raises(PartWrong):
        part.look(DATA + b"x")


def test_nobody_else_reads_it() -> None:
    """Neither another hub nor the recipient with other keys."""
    with pytest.raises(NotForUs, match="for another hub"):
        part.read(OUTSIDER, RING, DATA)
    with pytest.raises(SealWrong, match="does not have any more"):
        part.read(RECIPIENT, Keyring((SealingKey(b"\5" * 32, 0),)), DATA)


def test_another_version_is_told() -> None:
    """Which of the two hubs needs an update."""
    with pytest.raises(VersionUnknown, match="older of the two"):
        part.size_of(DATA[:8] + b"\2" + DATA[9:17])


def test_a_part_that_says_it_is_too_large_is_not_read() -> None:
    """Before a byte more of it is taken in."""
    with pytest.raises(PartWrong, match="more than"):
        part.size_of(DATA[:13] + b"\xff" * 4)


def test_a_part_that_would_be_too_large_is_not_written() -> None:
    """Nothing of it was."""
    large = Packed(*AT, bytes(part.PART_BYTES_MAX))
    with pytest.raises(PartWrong, match="nothing was written"):
        part.write(SENDER, replace(PART, batches=(large,)), RING.public)


def _sealed(said: bytes, signer: Identity = SENDER) -> bytes:
    """A part whose seal holds other things than a hub would write, signed well."""
    cover = COVER.packed()
    signature = signer.sign(b"mangrove part 1 " + DATA[:9] + cover + said) if said else b""
    sealed = seal.seal(said + signature, RING.public, info=part.INFO, aad=DATA[:9] + cover)
    rest = cover + sealed
    return DATA[:13] + len(rest).to_bytes(4, "big") + rest


HEAD = part.identity.public_key(SENDER.hub_id) + bytes(8)
LARGE = bytes(2 + 32 + 16 + 32 + 64) + b"\1\1" + part.number(4 * 1024 * 1024)
ROW = AT[0].packed() + AT[1].packed()
STRANGE: dict[str, tuple[bytes, type[SyncError]]] = {
    "nothing": (b"", PartWrong),
    "no batches": (HEAD + b"\0", MessageWrong),
    "more batches than it has": (HEAD + b"\0\2" + part.number(5) + ROW, MessageWrong),
    "a row that goes nowhere": (HEAD + b"\0\1\0" + AT[0].packed() + AT[0].packed(), PartWrong),
    "something behind": (HEAD + b"\0\0x", MessageWrong),
    "what would fill the memory": (HEAD + b"\0\3" + (part.number(len(LARGE)) + ROW) * 3 + LARGE * 3, PartWrong),
}


@pytest.mark.parametrize("case", STRANGE)
def test_what_a_broken_sender_seals_is_refused(case: str) -> None:
    """Although its seal and its signature are right."""
    said, mistake = STRANGE[case]
    with pytest.raises(mistake):
        part.read(RECIPIENT, RING, _sealed(said))


def test_a_signature_of_somebody_else_is_refused() -> None:
    """Anybody can seal; only the sender can sign."""
    with pytest.raises(SignatureWrong):
        part.read(RECIPIENT, RING, _sealed(HEAD + b"\0\0", OUTSIDER))


def test_an_answer_to_what_was_handed_over_is_read_again() -> None:
    """Notes, and a receipt that only its sender can open; without one nothing follows."""
    for receipt in (DATA, b""):
        said = part.Handed((part.note(RECIPIENT, BUNDLE),), receipt)
        assert part.Handed.read(said.packed()) == said
    with pytest.raises(MessageWrong):
        part.Handed.read(b"\1")


def test_a_delivered_note_is_of_its_hub() -> None:
    """And of nobody else; of something that is no hub neither."""
    note: Callable[[str], bool] = part.note(RECIPIENT, BUNDLE).is_of
    assert note(RECIPIENT.hub_id)
    assert not note(SENDER.hub_id) and not note("nobody")
    assert not Note("0c" * 16, part.note(RECIPIENT, BUNDLE).signature).is_of(RECIPIENT.hub_id)
