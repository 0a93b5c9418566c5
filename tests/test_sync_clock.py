"""The machine's clock says what it knows and how far that goes."""

from pathlib import Path

import pytest

from sync import clock
from sync.clock import SystemClock


def test_the_boot_is_named_without_dashes(tmp_path: Path) -> None:
    """The kernel's name fits an entry."""
    (tmp_path / "boot").write_text("0b5c7d4e-0000-4000-8000-1234567890ab\n")
    assert SystemClock(tmp_path / "boot").boot_id == "0b5c7d4e000040008000" + "1234567890ab"


def test_a_machine_that_names_no_boot_has_none(tmp_path: Path) -> None:
    """An absent file is an empty name, not a mistake."""
    assert SystemClock(tmp_path / "nothing").boot_id == ""


def test_time_that_something_keeps_is_the_machines(tmp_path: Path) -> None:
    """A battery clock or a time server that was heard makes the quality MACHINE."""
    (tmp_path / "rtc").touch()
    assert SystemClock(sources=(tmp_path / "rtc",)).quality == clock.MACHINE


def test_time_that_nothing_keeps_is_worth_nothing(tmp_path: Path) -> None:
    """Without a source the quality is NONE."""
    assert SystemClock(sources=(tmp_path / "rtc",)).quality == clock.NONE


def test_a_clock_that_was_never_set_is_worth_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A source that says 1970 is no source."""
    (tmp_path / "rtc").touch()
    monkeypatch.setattr(clock, "FIRST_POSSIBLE_MS", 2**60)
    assert SystemClock(sources=(tmp_path / "rtc",)).quality == clock.NONE


def test_time_since_the_start_never_goes_back() -> None:
    """Two looks are in order, and the wall clock is in this century."""
    machine = SystemClock()
    assert 0 <= machine.monotonic_ms() <= machine.monotonic_ms()
    assert machine.now_ms() > clock.FIRST_POSSIBLE_MS
