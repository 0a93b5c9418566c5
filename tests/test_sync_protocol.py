"""The envelope of messages: signed by the sender, for one recipient and one request; and their bodies."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sync import protocol
from sync.errors import MessageWrong, SignatureWrong, SyncError, VersionUnknown
from sync.identity import Identity
from sync.messages import Greeting, Hello, Page, PageAsk, PullAsk, PullSaid, PushSaid
from sync.protocol import Position

CLIENT, SERVER, OTHER = (Identity(bytes([number]) * 32) for number in range(3))
POSITIONS = some.builds(
    Position,
    root=some.binary(min_size=16, max_size=16).map(bytes.hex),
    seq=some.integers(0, 2**53),
    tip=some.binary(min_size=16, max_size=16),
)
LISTS = some.lists(POSITIONS, max_size=5).map(tuple)
DIGESTS = some.binary(min_size=16, max_size=16)
TIMES = some.integers(-(2**55), 2**55 - 1)
BODIES = some.one_of(
    some.builds(Hello, DIGESTS, TIMES, some.integers(0, 3)),
    some.builds(Greeting, TIMES, some.integers(0, 3), some.just(True)),
    some.builds(Greeting, TIMES, some.integers(0, 3), some.just(False), DIGESTS, LISTS, LISTS, DIGESTS),
    some.builds(PageAsk, some.binary(min_size=16, max_size=16).map(bytes.hex)),
    some.builds(Page, LISTS),
    some.builds(PullAsk, POSITIONS, some.integers(1, 1000), LISTS),
    some.builds(PullSaid, some.one_of(some.none(), some.binary(min_size=1))),
    some.builds(PushSaid, some.booleans(), some.integers(0, 1000), DIGESTS),
)


@given(BODIES)
def test_what_was_said_is_read(body: Hello) -> None:
    """Every message's body comes back equal."""
    assert type(body).read(body.packed()) == body


@given(BODIES.filter(lambda body: not isinstance(body, PullSaid)), some.data())
def test_a_body_that_is_cut_or_goes_on_is_refused(body: Hello, data: some.DataObject) -> None:
    """A part of a message is not taken for one, except where a shorter one means something else."""
    packed = body.packed()
    with pytest.raises(MessageWrong):
        type(body).read(packed + b"x")
    cut = packed[: data.draw(some.integers(0, len(packed) - 1))]
    with suppress(MessageWrong):
        assert type(body).read(cut) == Greeting.read(cut)


def test_a_time_of_unknown_quality_is_refused() -> None:
    """Quality goes from 0 to 3."""
    with pytest.raises(MessageWrong, match="time"):
        Hello.read(bytes(16) + bytes(7) + b"\x04")


def test_a_request_is_opened_by_its_recipient() -> None:
    """Sender and body are what was sent."""
    asked = protocol.request(CLIENT, SERVER.hub_id, "hello", b"body")
    assert protocol.open_request(SERVER, "hello", asked) == (CLIENT.hub_id, b"body")


def test_a_request_is_good_for_one_hub_and_one_message() -> None:
    """Turned to another hub or under another name it is refused."""
    asked = protocol.request(CLIENT, SERVER.hub_id, "hello", b"body")
    for own, name in ((OTHER, "hello"), (SERVER, "push")):
        with pytest.raises(SignatureWrong):
            protocol.open_request(own, name, asked)


@given(some.data())
def test_a_changed_request_is_refused(data: some.DataObject) -> None:
    """A bit anywhere makes it nobody's."""
    asked = bytearray(protocol.request(CLIENT, SERVER.hub_id, "hello", b"body"))
    asked[data.draw(some.integers(0, len(asked) - 1))] ^= 1 << data.draw(some.integers(0, 7))
    with pytest.raises(SyncError):
        protocol.open_request(SERVER, "hello", bytes(asked))


@pytest.mark.parametrize("name", sorted(protocol.MESSAGES))
def test_a_request_that_is_too_long_is_refused(name: str) -> None:
    """Each message has its limit, looked at first."""
    with pytest.raises(MessageWrong, match="too long"):
        protocol.open_request(SERVER, name, bytes(protocol.MESSAGES[name].request_bytes_max + 1))


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("goodbye", b"\x01", MessageWrong),
        ("hello", b"", MessageWrong),
        ("hello", b"\x01" + bytes(95), MessageWrong),
        ("hello", b"\x02" + bytes(200), VersionUnknown),
        ("hello", b"\x01" + bytes(200), SignatureWrong),
    ],
)
def test_what_is_no_request_is_refused(name: str, data: bytes, kind: type[SyncError]) -> None:
    """Unknown, cut, of another version, or of nobody: each by its name."""
    with pytest.raises(kind):
        protocol.open_request(SERVER, name, data)


def test_an_answer_belongs_to_its_request() -> None:
    """It is refused as the answer to another request, and as another hub's."""
    said = protocol.answer(SERVER, "hello", b"asked", b"body")
    assert protocol.open_answer(SERVER.hub_id, "hello", b"asked", said) == b"body"
    for sender, asked in ((SERVER, b"other"), (OTHER, b"asked")):
        with pytest.raises(SignatureWrong, match="somebody else may be behind"):
            protocol.open_answer(sender.hub_id, "hello", asked, said)


@pytest.mark.parametrize("data", [b"", b"\x01" + bytes(63), bytes(protocol.MESSAGES["push"].answer_bytes_max + 1)])
def test_what_is_no_answer_is_refused(data: bytes) -> None:
    """Cut off, or far too long."""
    with pytest.raises(MessageWrong):
        protocol.open_answer(SERVER.hub_id, "push", b"asked", data)


def test_a_digest_does_not_depend_on_the_order() -> None:
    """Two hubs that list the same positions differently agree."""
    one, two = Position("00" * 16, 1, bytes(16)), Position("01" * 16, 1, bytes(16))
    assert protocol.digest([one, two]) == protocol.digest([two, one]) != protocol.digest([one])
