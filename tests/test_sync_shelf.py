"""The messages about shelves: pinned bytes, and nothing but a named mistake for what is none."""

import hashlib

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as some

from sync import protocol, shelf
from sync.errors import MessageWrong, SignatureWrong
from sync.identity import Identity
from sync.shelf import FilesAsk, FilesSaid, Offer, OffersAsk, OffersSaid, PageAsk, PageSaid

ONE, OTHER = Identity(bytes(range(32))), Identity(bytes(32))
BLOB = "ab" * 32
GOLDEN = {
    "offers": (OffersAsk({"water": 3}), "0105776174657203"),
    "page": (PageAsk(shelf.CHUNKS, "well.en", bytes(32), 300), "020777656c6c2e656e" + "00" * 32 + "ac02"),
    "files": (FilesAsk(1000, (b"\xab" * 32,)), "e80701" + "ab" * 32),
}
READERS = (OffersAsk, OffersSaid, PageAsk, PageSaid, FilesAsk, FilesSaid)


@pytest.mark.parametrize("name", GOLDEN)
def test_a_question_has_its_bytes(name: str) -> None:
    """They never change, since hubs of other versions read them."""
    ask, packed = GOLDEN[name]
    assert ask.packed().hex() == packed
    assert type(ask).read(bytes.fromhex(packed)) == ask
    assert len(ask.packed()) < protocol.SHELF_MESSAGES[name].request_bytes_max


def test_answers_come_back_as_they_were() -> None:
    """Offers with and without their texts, pages in pieces, files that are there and not."""
    said = OffersSaid((Offer("a", 1), Offer("b", 2, b"text", bytes(64))), is_whole=False)
    assert OffersSaid.read(said.packed()) == said
    assert PageSaid.read(PageSaid(9, b"piece").packed()) == PageSaid(9, b"piece")
    files = FilesSaid((b"one", None, b"", b"four" * 99))
    assert FilesSaid.read(files.packed()) == files
    assert shelf.page_from(shelf.packed_page(b"page" * 999)) == b"page" * 999


@given(data=some.binary(max_size=300))
def test_what_is_none_is_named(data: bytes) -> None:
    """Any bytes are a message or a mistake with a name."""
    for kind in READERS:
        try:
            found = kind.read(data)
        except MessageWrong:
            continue
        assert isinstance(found, kind)


def test_hashes_travel_as_bytes() -> None:
    """In the order in which they were named."""
    assert shelf.hashes_of([BLOB, "00" * 32]) == (b"\xab" * 32, bytes(32))


def test_a_name_is_of_plain_letters() -> None:
    """Nothing else has ever been the id of a collection or of a package."""
    with pytest.raises(MessageWrong, match="a name that cannot be"):
        OffersAsk.read(b"\x01\x01\xff\x01")


def test_a_bomb_is_not_unfolded() -> None:
    """What says to be larger than an answer may be, or does not say how large it is, is refused unopened."""
    bomb = zstandard.ZstdCompressor().compress(bytes(100_000_000))
    silent = zstandard.ZstdCompressor(write_content_size=False).compress(bytes(100_000_000))
    for data in (bomb, silent):
        with pytest.raises(MessageWrong):
            shelf.page_from(data)
        with pytest.raises(MessageWrong):
            FilesSaid.read(b"\x00" + data)


def test_a_ticket_opens_one_file_at_one_hub() -> None:
    """It names its hub; for another file, at another hub, or changed, it is nobody's."""
    shown = protocol.ticket(ONE, OTHER.hub_id, BLOB)
    assert protocol.open_ticket(OTHER, shown, BLOB) == ONE.hub_id
    other = hashlib.sha256(b"").hexdigest()
    cases = [(OTHER, shown, other), (ONE, shown, BLOB), (OTHER, shown[:-4] + "AAAA", BLOB), (OTHER, "", BLOB)]
    for own, ticket, blob in [*cases, (OTHER, f"{ONE.hub_id}:§", BLOB)]:
        with pytest.raises(SignatureWrong):
            protocol.open_ticket(own, ticket, blob)
