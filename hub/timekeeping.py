"""What time it is, for a hub whose machine may not know: who tells it, whom to believe, and what is mended then.

Four qualities (`sync.clock`): nobody told the time since the machine started; people's browsers did; a battery clock
or a time server keeps it; the region said so in a signed answer. A better one replaces a worse one, and a worse one
never a better. What a stick brought from a hub that knows the time counts as what people's browsers say, until any of
these tells better. What was told is an entry, `clock.fix`, in the hub's own stream: from it the tables mend the moments
that were written before (`hub.projections.clock_fix`). What only this machine keeps is moved along at once, so that
nobody is signed out and no code lapses because the time became known.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hub.errors import InputWrong, NotAllowed
from hub.kept_clock import LATEST_MS, MINUTE_MS
from hub.node import Node
from hub.projections import clock_fix
from hub.tables import put, run
from sync.clock import CROWD, FIRST_POSSIBLE_MS, MACHINE, NONE, REGION

KIND = clock_fix.KIND
CROWD_MIN = 3
"""Different people on different phones who have to tell the time before it is believed."""
SAID_MAX = 60
"""Phones that are remembered in one start of the machine."""
NEAR_MS = {NONE: 0, CROWD: 2 * MINUTE_MS, MACHINE: 2 * MINUTE_MS, REGION: MINUTE_MS}
"""A time that differs by less from the one that the hub has, at least as good, is the same time."""
AHEAD_MS = 400 * 86_400_000
"""How far ahead something of this machine's own may be due."""
NOTE = "clock said"
CARRIED = "clock carried"
"""The note of the start in which the time is known from what somebody carried here."""
STARTS_MAX = 400
"""Earlier starts without a time that are estimated at once."""
MOMENTS = {
    "SignIn": ("begun_ms", "seen_ms"),
    "Attempt": ("first_ms",),
    "Job": ("made_ms", "changed_ms"),
    "Key": ("made_ms", "used_ms"),
    "Tide": ("begun_ms", "ended_ms"),
    "Peer": ("joined_ms", "seen_ms"),
    "Invite": ("made_ms",),
    "PageSentence": ("asked_ms",),
    "Credential": ("changed_ms",),
    "Document": ("changed_ms",),
    "Destination": ("next_ms", "made_ms", "last_ms"),
    "Forwarded": ("at_ms",),
    "Unanswered": ("last_ms",),
    "Collection": ("made_ms", "changed_ms"),
    "Offer": ("seen_ms",),
    "Subscription": ("next_ms", "made_ms"),
    "Draft": ("made_ms", "changed_ms"),
    "DraftStep": ("at_ms",),
    "Edition": ("made_ms",),
    "Bank": ("made_ms", "changed_ms"),
    "Erasure": ("made_ms",),
    "ErasurePlace": ("proved_ms",),
    "BrokenStream": ("since_ms",),
}
"""What only this machine keeps, by table: the moments that our clock gave.

`Key.until_ms` is not among them: somebody chose that day."""


@dataclass(frozen=True)
class Said:
    """What one phone said: add `offset_ms` to the milliseconds since the machine's start."""

    person: str
    phone: str
    offset_ms: int


def hear_region(node: Node, *, moment_ms: int, quality: int, heard_ms: int) -> bool:
    """The region's time in a signed answer that came at `heard_ms` since our start; True when the clock was mended.

    A region that does not know the time itself tells none.
    """
    is_known = quality >= MACHINE and _is_possible(moment_ms)
    return is_known and _take(node, moment_ms - heard_ms, REGION)


def hear_neighbour(node: Node, *, moment_ms: int, quality: int, heard_ms: int) -> bool:
    """The same of a hub that is no region of ours: worth as much as one of our own people."""
    is_known = quality >= MACHINE and _is_possible(moment_ms)
    return is_known and _take(node, _whole(moment_ms - heard_ms), CROWD)


def hear_carried(node: Node, *, moment_ms: int, quality: int) -> bool:
    """The time at which a hub wrote what somebody has carried here, with the minutes that carriers counted since.

    It is at least so late now. That moves a clock which nobody told the time, and only on; phones, people and the line
    know better, and replace it.
    """
    is_news = moment_ms >= node.clock.now_ms() + MINUTE_MS and (node.clock.quality == NONE or is_carried(node))
    if quality < MACHINE or not node.clock.boot_id or not _is_possible(moment_ms) or not is_news:
        return False
    offset_ms = _whole(moment_ms - node.clock.monotonic_ms())
    is_first = _adopt(node, offset_ms, CROWD, moved_ms=offset_ms + node.clock.monotonic_ms() - node.clock.now_ms())
    node.write(lambda: put(node.tables.Note, name=CARRIED, value=json.dumps(node.clock.boot_id)))
    return is_first


def is_carried(node: Node) -> bool:
    """Whether the time is known from what somebody carried here, so that it may be late."""
    row = node.tables.Note.get_or_none(node.tables.Note.name == CARRIED)
    return row is not None and node.clock.quality == CROWD and json.loads(row.value) == node.clock.boot_id


def hear_phone(node: Node, *, person: str, is_keeper: bool, phone: str, moment_ms: int) -> bool:
    """The time on the phone of somebody who signed in just now; True when the clock was mended.

    One who looks after the hub is believed, of all others the middle of three different people on three phones.
    """
    if node.clock.quality > CROWD or not node.clock.boot_id or not _is_possible(moment_ms):
        return False
    offset_ms = _whole(moment_ms - node.clock.monotonic_ms())
    if is_keeper:
        return _take(node, offset_ms, CROWD)
    said = node.write(lambda: _remember(node, Said(person, phone, offset_ms)))
    if min(len({each.person for each in said}), len({each.phone for each in said})) < CROWD_MIN:
        return False
    if node.clock.quality == CROWD and not is_carried(node):
        return False
    return _take(node, _whole(_middle([each.offset_ms for each in said])), CROWD)


def set_by_hand(node: Node, *, is_keeper: bool, moment_ms: int) -> bool:
    """Somebody who looks after the hub says what time it is; True when that changed it. Raises NotAllowed, InputWrong.

    Only while neither a battery clock nor the region knows better.
    """
    if not is_keeper:
        raise NotAllowed("Whoever looks after the hub tells it the time. Nothing was changed.")
    if node.clock.quality > CROWD:
        raise InputWrong("This machine knows the time by itself. Nothing was changed.")
    if not _is_possible(moment_ms):
        raise InputWrong("That day cannot be today. Nothing was changed; look at the year once more.")
    return _take(node, _whole(moment_ms - node.clock.monotonic_ms()), CROWD)


def is_told(node: Node) -> bool:
    """Whether anybody or anything tells the time in this start of the machine."""
    return node.clock.quality > NONE


def look(node: Node) -> None:
    """Note what time it is, and mend what was written before a time server was heard. Called now and then."""
    clock = node.clock
    if clock.machine.quality >= MACHINE:
        standing = clock.kept.offset_ms if clock.kept.quality else clock.kept.line_ms
        offset_ms = clock.machine.now_ms() - clock.monotonic_ms()
        is_other = abs(offset_ms - standing) >= NEAR_MS[MACHINE] or _has_unknown(node)
        if clock.kept.quality < MACHINE and clock.boot_id and is_other:
            _adopt(node, offset_ms, MACHINE, moved_ms=offset_ms - standing)
    if clock.is_note_due():
        clock.note()


def estimated(node: Node) -> int:
    """How many starts of the machine have dates that are only about right."""
    return int(node.tables.ClockFix.select().where(node.tables.ClockFix.quality == NONE).count())


def _is_possible(moment_ms: int) -> bool:
    return FIRST_POSSIBLE_MS <= moment_ms < LATEST_MS


def _middle(offsets_ms: list[int]) -> int:
    """The median; of two in the middle the earlier time."""
    return sorted(offsets_ms)[(len(offsets_ms) - 1) // 2]


def _whole(offset_ms: int) -> int:
    """To the minute: people's phones know no better, and marks of clocks are counted so."""
    return round(offset_ms / MINUTE_MS) * MINUTE_MS


def _take(node: Node, offset_ms: int, quality: int) -> bool:
    """Believe a time unless the one that stands is better, or as good and nearly the same."""
    clock = node.clock
    moved_ms = offset_ms + clock.monotonic_ms() - clock.now_ms()
    is_near = abs(moved_ms) < NEAR_MS[quality]
    if not clock.boot_id or clock.quality > quality or (is_near and clock.quality >= min(quality, MACHINE)):
        return False
    return _adopt(node, offset_ms, quality, moved_ms=moved_ms)


def _adopt(node: Node, offset_ms: int, quality: int, *, moved_ms: int) -> bool:
    """Write the fix down, move what only this machine keeps, and go by it; False when another process was first."""
    clock = node.clock
    was_ms = offset_ms - moved_ms

    def work() -> bool:
        table = node.tables.ClockFix
        row = table.get_or_none(table.id == clock.boot_id)
        if row is not None and row.quality >= quality and abs(row.offset_ms - offset_ms) < NEAR_MS[quality]:
            return False
        node.tables.Note.delete().where(node.tables.Note.name == CARRIED).execute()
        _fix(node, clock.boot_id, offset_ms, quality, was_ms)
        _estimate(node, offset_ms)
        _move(node, moved_ms)
        return True

    is_first: bool = node.write(work)
    clock.tell(offset_ms, quality)
    return is_first


def _fix(node: Node, boot: str, offset_ms: int, quality: int, was_ms: int) -> None:
    """Write down what the time was in a start, and by which clocks the hub had gone in it."""
    row = node.tables.ClockFix.get_or_none(node.tables.ClockFix.id == boot)
    was = {round(was_ms / MINUTE_MS)}
    if row is not None:
        was |= {*clock_fix.known(row).was, round(row.offset_ms / MINUTE_MS)}
    said = {"boot": boot, "offset_ms": max(0, offset_ms), "quality": quality, "was": sorted(was)[-clock_fix.WAS_MAX :]}
    node.record(KIND, said, depth=1 if row is None else row.depth + 1)


def _has_unknown(node: Node) -> bool:
    return bool(_unknown_starts(node))


def _unknown_starts(node: Node) -> list[tuple[int, str]]:
    """Earlier starts in which nobody told the time, in their order, each with its distance (ms) from its own count."""
    found: dict[str, int] = {}
    for mark in clock_fix.marks(node.tables):
        boot, minutes, quality = mark.split(" ")
        if int(quality) == NONE and boot != node.clock.boot_id:
            found[boot] = int(minutes) * MINUTE_MS
    table = node.tables.ClockFix
    better = {row.id for row in table.select().where(table.quality > NONE)}
    return sorted((line_ms, boot) for boot, line_ms in found.items() if boot not in better)[-STARTS_MAX:]


def _estimate(node: Node, offset_ms: int) -> None:
    """Say of earlier starts that nobody told the time in about when they were.

    How long the machine was off between them nobody knows, only how long in all since the time was known last: it is
    shared out evenly. Where it was never known, each is as late as it can have been.
    """
    kept, table = node.clock.kept, node.tables.ClockFix
    starts, off_ms = _unknown_starts(node), max(0, offset_ms - kept.line_ms)
    if kept.known_ms:
        starts = [(line_ms, boot) for line_ms, boot in starts if line_ms >= kept.known_ms - NEAR_MS[CROWD]]
    for number, (line_ms, boot) in enumerate(starts, 1):
        part = number / (len(starts) + 1) if kept.known_ms else 1
        about_ms = _whole(line_ms + round(off_ms * part))
        row = table.get_or_none(table.id == boot)
        if row is None or row.offset_ms != about_ms:
            _fix(node, boot, about_ms, NONE, line_ms)


def _move(node: Node, moved_ms: int) -> None:
    """Move the moments that only this machine keeps and that were written since the time was known last.

    What was written in this start is as it should be where the machine knew the time from the first.
    """
    kept = node.clock.kept
    until_ms = max(node.clock.steady_ms(), node.clock.now_ms()) + AHEAD_MS if kept.is_blind else node.clock.steady_ms()
    for name, columns in MOMENTS.items():
        model: Any = getattr(node.tables, name)
        for column in columns:
            sql = f"UPDATE {model._meta.table_name} SET {column} = {column} + ? WHERE {column} > ? AND {column} <= ?"  # noqa: S608
            run(node.tables, sql, moved_ms, kept.known_ms, until_ms)


def _remember(node: Node, said: Said) -> Sequence[Said]:
    """Put one phone's word beside those of the others in this start; the latest of each phone counts."""
    row = node.tables.Note.get_or_none(node.tables.Note.name == NOTE)
    kept = json.loads(row.value) if row is not None else {}
    standing = kept.get("said", []) if kept.get("boot") == node.clock.boot_id else []
    others = [Said(*each) for each in standing if each[1] != said.phone and each[0] != said.person]
    now = [*others, said][-SAID_MAX:]
    value = {"boot": node.clock.boot_id, "said": [[each.person, each.phone, each.offset_ms] for each in now]}
    put(node.tables.Note, name=NOTE, value=json.dumps(value))
    return now
