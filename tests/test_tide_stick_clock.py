"""A hub that nobody told the time goes by what a stick brought: at least so late, until somebody knows better."""

from pathlib import Path

import pytest

from hub import timekeeping
from hub.app import create_app
from hub.kept_clock import KeptClock
from hub.node import Node
from hub.tide import stick_in, stick_out
from sync import part
from sync.clock import CROWD, NONE, REGION
from tests.fixtures.cast import Cast
from tests.fixtures.clock import BlindClock, HandClock
from tests.fixtures.mules import bring, coast, meet, village

__all__ = ["coast", "village"]
MINUTE_MS, DAY_S = 60_000, 86_400


@pytest.fixture
def blind(village: Node, coast: Node, clock: HandClock, tmp_path: Path) -> Node:
    """The village in a machine that woke in 1970; its region keeps the time."""
    (tmp_path / "woken").mkdir()
    object.__setattr__(village, "clock", KeptClock(BlindClock(clock.now_ms()), tmp_path / "woken"))
    assert village.clock.quality == NONE and village.clock.now_ms() < DAY_S * 1000
    return village


def _away_ms(node: Node, clock: HandClock) -> int:
    """How far a hub's time is behind the true one, to the minute."""
    return round((clock.now_ms() - node.clock.now_ms()) / MINUTE_MS) * MINUTE_MS


def _stick(coast: Node, village: Node, place: Path, minutes: int) -> Path:
    """A bundle that was that long on its way with carriers, as their machines counted."""
    made = stick_out.export(coast, hub=village.identity.hub_id, to=place)
    (file,) = made.files
    file.write_bytes(b"".join(part.aged(data, minutes) for data in stick_in.read_parts(file)))
    return file


def test_a_stick_tells_the_time(blind: Node, coast: Node, clock: HandClock, tmp_path: Path) -> None:
    """When it was written, and what carriers counted since; an entry mends what was dated before."""
    made = _stick(coast, blind, tmp_path / "a.tide", 90)
    clock.advance(2 * 3600)
    stick_in.take_in(blind, made)
    assert (blind.clock.quality, timekeeping.is_carried(blind)) == (CROWD, True)
    assert _away_ms(blind, clock) == 30 * MINUTE_MS
    assert blind.tables.ClockFix.select().count() == 1
    page = Cast(blind, create_app(blind)).client("steward").get("/status/clock/").text
    assert "what somebody carried here" in page


def test_it_never_goes_back_and_a_later_one_goes_on(blind: Node, coast: Node, clock: HandClock, tmp_path: Path) -> None:
    """Sticks come in any order."""
    early = _stick(coast, blind, tmp_path / "early.tide", 0)
    clock.advance(DAY_S)
    bring(coast, blind, tmp_path, "late.tide")
    assert _away_ms(blind, clock) == 0
    stick_in.take_in(blind, early)
    assert _away_ms(blind, clock) == 0


@pytest.mark.parametrize("how", ["three phones", "a keeper", "the region"])
def test_who_knows_better_replaces_it(blind: Node, coast: Node, clock: HandClock, tmp_path: Path, how: str) -> None:
    """A stick lay in a drawer for three days; then people, or the line, tell the time, and no stick moves it again."""
    made = _stick(coast, blind, tmp_path / "a.tide", 0)
    clock.advance(3 * DAY_S)
    stick_in.take_in(blind, made)
    assert _away_ms(blind, clock) == 3 * DAY_S * 1000
    now = clock.now_ms()
    if how == "the region":
        timekeeping.hear_region(blind, moment_ms=now, quality=REGION, heard_ms=blind.clock.monotonic_ms())
    for number in range(3 if how == "three phones" else 1 if how == "a keeper" else 0):
        timekeeping.hear_phone(
            blind, person=f"p{number}", is_keeper=how == "a keeper", phone=f"a{number}", moment_ms=now
        )
    assert (_away_ms(blind, clock), timekeeping.is_carried(blind)) == (0, False)
    clock.advance(DAY_S)
    bring(coast, blind, tmp_path, "b.tide")
    assert _away_ms(blind, clock) == DAY_S * 1000, "this machine's own steps stand still in the test"


def test_who_does_not_keep_the_time_tells_none(blind: Node, coast: Node, clock: HandClock, tmp_path: Path) -> None:
    """A hub without a clock writes sticks too."""
    clock.quality = NONE
    bring(coast, blind, tmp_path)
    assert blind.clock.quality == NONE


def test_no_carrier_moves_the_time_far(blind: Node, coast: Node, clock: HandClock, tmp_path: Path) -> None:
    """The minutes on the way are in no seal: they count for as long as a carrier would keep the bundle."""
    stick_in.take_in(blind, _stick(coast, blind, tmp_path / "a.tide", part.AGE_MAX_M))
    assert -_away_ms(blind, clock) == blind.settings.carry_days * DAY_S * 1000


def test_a_hub_that_keeps_the_time_hears_no_stick(village: Node, coast: Node, clock: HandClock, tmp_path: Path) -> None:
    """Whatever is written on it."""
    meet(village, coast)
    stick_in.take_in(village, _stick(coast, village, tmp_path / "a.tide", 600))
    assert _away_ms(village, clock) == 0 and not timekeeping.is_carried(village)
