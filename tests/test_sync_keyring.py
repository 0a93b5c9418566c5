"""The sealing keys of a hub: a new one each year, the old one for half a year more; no clock is believed blindly."""

from pathlib import Path

import pytest

from sync import keyring
from sync.errors import SealWrong
from sync.keyring import GRACE_MS, NAME, YEAR_MS, Keyring

NOW_MS = 1_764_000_000_000


def _current(folder: Path, now_ms: int, quality: int = 2) -> Keyring:
    return keyring.current(folder, now_ms=now_ms, quality=quality)


def test_a_key_is_made_once_and_kept_for_its_owner(tmp_path: Path) -> None:
    """A file that nobody else reads."""
    ring = _current(tmp_path, NOW_MS)
    assert _current(tmp_path, NOW_MS + 1) == ring
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600


def test_a_year_later_there_is_a_new_one_and_the_old_one_opens_for_half_a_year(tmp_path: Path) -> None:
    """Then it is gone from the file, and what was sealed to it opens nowhere."""
    old = _current(tmp_path, NOW_MS)
    hint, secret = keyring.hint_of(old.public), old.keys[0].secret
    assert _current(tmp_path, NOW_MS + YEAR_MS - 1) == old
    new = _current(tmp_path, NOW_MS + YEAR_MS)
    assert new.public != old.public
    assert new.secret(hint) == secret
    gone = _current(tmp_path, NOW_MS + YEAR_MS + GRACE_MS)
    assert gone.public == new.public
    assert secret.hex() not in (tmp_path / NAME).read_text()
    with pytest.raises(SealWrong, match="does not have any more"):
        gone.secret(hint)


def test_a_clock_that_nothing_keeps_begins_and_destroys_nothing(tmp_path: Path) -> None:
    """It may say anything."""
    ring = _current(tmp_path, NOW_MS)
    assert _current(tmp_path, NOW_MS + 10 * YEAR_MS, quality=1) == ring


def test_a_clock_that_leapt_and_came_back_destroys_no_key_at_once(tmp_path: Path) -> None:
    """The replaced one lives half a year from the day that is believed again; a year later there is a new one."""
    first = _current(tmp_path, NOW_MS)
    leapt = _current(tmp_path, NOW_MS + 50 * YEAR_MS)
    back = _current(tmp_path, NOW_MS + 1)
    assert back.public == leapt.public
    assert _current(tmp_path, NOW_MS + GRACE_MS).secret(keyring.hint_of(first.public))
    assert len(_current(tmp_path, NOW_MS + 1 + GRACE_MS).keys) == 1
    assert _current(tmp_path, NOW_MS + 1 + YEAR_MS).public != leapt.public


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'[["00", 1, 0]]', b'[["zz", 1, 0]]', b"[[1]]"])
def test_a_damaged_file_is_made_anew(tmp_path: Path, content: bytes) -> None:
    """What was sealed before opens no more, and others hear of the new key with the next news."""
    (tmp_path / NAME).write_bytes(content)
    assert keyring.load(tmp_path) is None
    assert keyring.load(tmp_path) != _current(tmp_path, NOW_MS) == keyring.load(tmp_path)
