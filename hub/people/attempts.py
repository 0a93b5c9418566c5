"""Count tries, so that nobody guesses a secret: durable, shared by all processes, and forgiven after a rest."""

from hub.errors import TooMany
from hub.node import Node
from hub.tables import put

ADDRESS_TRIES = 6
"""An address gets this many times a person's tries: one phone signs in a whole family."""
NEWCOMERS_MAX = 10
"""Newcomers from one address before a rest: a shared phone welcomes a family, not a thousand."""
COPIES_MAX = 20
"""Copies of take-home packs that guests take from one address before a rest."""

REPORTS_MAX = 40
"""Reports, and what is added to them, from one address before a rest: a shared phone speaks for many."""


def take(node: Node, *, person: str, address: str) -> None:
    """Take one try for a person from an address, before the secret is looked at.

    Raises TooMany, and takes none, while either rests. Taking it first leaves nothing to win by trying in parallel.
    """
    _try(node, f"person:{person}", f"address:{address}" if address else "")


def take_newcomer(node: Node, *, address: str) -> None:
    """Let one more newcomer in from an address. Raises TooMany; then none was counted."""
    node.write(lambda: _take(node, {f"newcomers:{address}": NEWCOMERS_MAX}))


def take_code(node: Node, *, person: str, address: str) -> None:
    """Take one try at a result code of a take-home pack. Raises TooMany, and takes none, while somebody rests."""
    _try(node, f"codes:{person}", f"codes from:{address}" if address else "")


def forgive_codes(node: Node, *, person: str, address: str) -> None:
    """After a right code: forget the person's tries, and give the address its last one back."""
    _forgive(node, f"codes:{person}", f"codes from:{address}")


def take_move(node: Node, *, file: str, address: str) -> None:
    """Take one try at the code of a file of somebody who moves. Raises TooMany, and takes none, while one rests."""
    _try(node, f"move:{file}", f"moves from:{address}" if address else "")


def forgive_move(node: Node, *, file: str, address: str) -> None:
    """After a right code: forget the file's tries, and give the address its last one back."""
    _forgive(node, f"move:{file}", f"moves from:{address}")


def take_copy(node: Node, *, address: str) -> None:
    """Let a guest take one more copy of a take-home pack. Raises TooMany; then none was counted."""
    node.write(lambda: _take(node, {f"copies:{address}": COPIES_MAX}))


def take_report(node: Node, *, address: str) -> None:
    """Take one report, or more of one, from an address. Raises TooMany; then none was counted."""
    node.write(lambda: _take(node, {f"reports:{address}": REPORTS_MAX}))


def forgive(node: Node, *, person: str, address: str = "") -> None:
    """After the right secret: forget the person's tries, and give the address its last one back."""
    _forgive(node, f"person:{person}", f"address:{address}")


def _try(node: Node, subject: str, place: str) -> None:
    """Count a try of a subject, and of the place that it came from where one is known."""
    tries = node.settings.sign_in_tries
    limits = {subject: tries, **({place: tries * ADDRESS_TRIES} if place else {})}
    node.write(lambda: _take(node, limits))


def _forgive(node: Node, subject: str, place: str) -> None:
    table = node.tables.Attempt

    def work() -> None:
        table.delete().where(table.id == subject).execute()
        table.update(count=table.count - 1).where((table.id == place) & (table.count > 0)).execute()

    node.write(work)


def _take(node: Node, limits: dict[str, int]) -> None:
    """Count one more for every subject, unless one of them has reached its limit."""
    _forget_old(node)
    standing = {subject: _count(node, subject, limit) for subject, limit in limits.items()}
    for subject, limit in limits.items():
        _put(node, subject, standing[subject] + 1, begins=standing[subject] + 1 in (1, limit))


def _count(node: Node, subject: str, limit: int) -> int:
    """The tries that stand, or TooMany."""
    row = node.tables.Attempt.get_or_none(node.tables.Attempt.id == subject)
    if row is None:
        return 0
    if row.count >= limit:
        wait_s = node.settings.sign_in_rest - (node.clock.now_ms() - row.first_ms) // 1000
        wait_min = max(1, -(-wait_s // 60))
        raise TooMany(
            "That was many times in a short while. Everything is safe; come back in %(minutes)s minutes,"
            " or ask your facilitator.",
            minutes=wait_min,
        )
    return int(row.count)


def _put(node: Node, subject: str, count: int, *, begins: bool) -> None:
    """Keep a count; the while begins with the first try, and the rest with the last."""
    table = node.tables.Attempt
    row = table.get_or_none(table.id == subject)
    first_ms = node.clock.now_ms() if begins or row is None else row.first_ms
    put(table, id=subject, count=count, first_ms=first_ms)


def _forget_old(node: Node) -> None:
    """Forget what lies a rest behind, or ahead of a clock that was set back."""
    now_ms, table = node.clock.now_ms(), node.tables.Attempt
    rest_ms = node.settings.sign_in_rest * 1000
    table.delete().where((table.first_ms <= now_ms - rest_ms) | (table.first_ms > now_ms + rest_ms)).execute()
