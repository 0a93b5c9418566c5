"""The hub's key: made once, readable by nobody else, and its signature is believed only when it fits."""

import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sync import identity
from sync.errors import KeyUnreadable, SignatureWrong
from sync.identity import Identity
from tests.fixtures.forgetful import Forgetful


def _together(works: list[Callable[[], object]]) -> None:
    """Run each in a thread of its own, all at once."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_the_key_is_made_once(tmp_path: Path) -> None:
    """A second start finds the same hub."""
    assert Identity.load_or_create(tmp_path).hub_id == Identity.load_or_create(tmp_path).hub_id


def test_the_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    """The file has mode 0600 and no draft is left beside it."""
    Identity.load_or_create(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["hub"]
    assert stat.S_IMODE((tmp_path / "hub").stat().st_mode) == 0o600


def test_of_two_starts_at_once_one_key_stands(tmp_path: Path) -> None:
    """Another process that was quicker keeps its key, and this one takes it."""

    def slower(size: int) -> bytes:
        Identity.load_or_create(tmp_path)
        return bytes(size)

    made = Identity.load_or_create(tmp_path, slower)
    assert made.hub_id == Identity.load_or_create(tmp_path).hub_id != Identity(bytes(32)).hub_id


def test_a_damaged_key_is_said(tmp_path: Path) -> None:
    """A key of the wrong size is refused by name; it is not replaced."""
    (tmp_path / "hub").write_bytes(b"short")
    with pytest.raises(KeyUnreadable, match="put the file back"):
        Identity.load_or_create(tmp_path)
    assert (tmp_path / "hub").read_bytes() == b"short"


def test_a_lost_key_is_said_and_not_made_anew(tmp_path: Path) -> None:
    """Looking for the key of a hub that has one never makes another hub."""
    with pytest.raises(KeyUnreadable, match="cannot be read .* put the file back"):
        Identity.load(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_of_many_threads_that_make_a_key_one_is_first(tmp_path: Path) -> None:
    """Each gets the same key, and no draft is left."""
    found: list[str] = []
    _together([lambda: found.append(Identity.load_or_create(tmp_path).hub_id)] * 8)
    assert (len(found), len(set(found)), [path.name for path in tmp_path.iterdir()]) == (8, 1, ["hub"])


def test_a_hub_is_named_by_its_public_key() -> None:
    """52 letters, and back to the same key."""
    hub = Identity(bytes(32)).hub_id
    assert len(hub) == 52
    assert identity.hub_name(identity.public_key(hub)) == hub


def test_a_signature_of_the_hub_is_believed() -> None:
    """What it signed verifies."""
    own = Identity(bytes(32))
    identity.verify(own.hub_id, b"hello", own.sign(b"hello"))


@pytest.mark.parametrize("hub", ["", "a" * 51, "a" * 53, "A" * 52, "1" * 52, "b" * 51 + "b", "a" * 52])
def test_what_is_no_hub_signs_nothing(hub: str) -> None:
    """A name that spells no key, or one that everybody can sign for, is refused as such."""
    with pytest.raises(SignatureWrong, match="not the id of a hub"):
        identity.verify(hub, b"", bytes(64))


@pytest.mark.parametrize(("message", "size"), [(b"other", 64), (b"hello", 63), (b"hello", 0)])
def test_another_signature_is_refused(message: bytes, size: int) -> None:
    """Another message or a cut signature is not of the hub."""
    own = Identity(bytes(32))
    with pytest.raises(SignatureWrong, match="not of the hub"):
        identity.verify(own.hub_id, message, own.sign(b"hello")[:size])


def test_marks_rise_and_last(tmp_path: Path) -> None:
    """A mark is there after a restart, and a lower one does not replace it."""
    own = Identity.load_or_create(tmp_path)
    own.mark("s", 5)
    own.mark("t", 1)
    own.mark("s", 3)
    assert Identity.load_or_create(tmp_path).marks() == {"s": 5, "t": 1}


def test_marks_of_many_threads_are_all_kept(tmp_path: Path) -> None:
    """Several places of the door mark at once: none loses another's mark or stumbles over its draft."""
    own = Identity.load_or_create(tmp_path)
    _together([lambda name=name: [own.mark(name, seq) for seq in range(1, 6)] for name in "abcdefgh"])
    assert own.marks() == dict.fromkeys("abcdefgh", 5)


MARKING = """
import sys
from pathlib import Path
from sync.identity import Identity
own = Identity.load(Path(sys.argv[1]))
for seq in range(1, 31):
    own.mark(sys.argv[2], seq)
"""


def test_marks_of_several_processes_are_all_kept(tmp_path: Path) -> None:
    """The server and a command may show entries at the same moment."""
    own = Identity.load_or_create(tmp_path)
    running = [subprocess.Popen([sys.executable, "-c", MARKING, str(tmp_path), name]) for name in "ab"]
    assert [each.wait() for each in running] == [0, 0]
    assert own.marks() == {"a": 30, "b": 30}


def test_a_key_and_its_marks_outlive_a_power_cut(tmp_path: Path, forgetful: Forgetful) -> None:
    """Whatever was signed or shown, this is still the hub that did it, and it knows how far it had come."""
    own = Identity.load_or_create(tmp_path)
    own.mark("s", 5)
    forgetful.cut(tmp_path)
    left = Identity.load(tmp_path)
    assert (left.hub_id, left.marks()) == (own.hub_id, {"s": 5})


def test_marks_can_be_forgotten(tmp_path: Path) -> None:
    """After the streams they name were left, nothing is marked; forgetting twice is harmless."""
    own = Identity.load_or_create(tmp_path)
    own.mark("s", 5)
    own.forget_marks()
    own.forget_marks()
    assert own.marks() == {}


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"s": "many"}', '{"s": null}', "\udcff"])
def test_a_damaged_file_of_marks_marks_nothing(tmp_path: Path, text: str) -> None:
    """It is only a warning device; the hub starts without it."""
    own = Identity.load_or_create(tmp_path)
    (tmp_path / "high-water").write_bytes(text.encode(errors="surrogateescape"))
    assert own.marks() == {}


def test_a_draft_that_a_power_cut_left_is_in_nobodys_way(tmp_path: Path) -> None:
    """A half-written file of an earlier try is replaced."""
    own = Identity.load_or_create(tmp_path)
    (tmp_path / "high-water.new").write_bytes(b"half")
    own.mark("s", 2)
    assert own.marks() == {"s": 2}


def test_an_identity_without_a_folder_remembers_in_memory() -> None:
    """Marks work the same without a disk."""
    own = Identity(bytes(32))
    own.mark("s", 5)
    own.mark("s", 3)
    assert own.marks() == {"s": 5}
    own.forget_marks()
    assert own.marks() == {}
