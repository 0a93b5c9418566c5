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


def take(node: Node, *, person: str, address: str) -> None:
    """Take one try for a person from an address, before the secret is looked at.

    Raises TooMany, and takes none, while either rests. Taking it first leaves nothing to win by trying in parallel.
    """
    tries = node.settings.sign_in_tries
    limits = {f"person:{person}": tries}
    if address:
        limits[f"address:{address}"] = tries * ADDRESS_TRIES
    node.write(lambda: _take(node, limits))


def take_newcomer(node: Node, *, address: str) -> None:
    """Let one more newcomer in from an address. Raises TooMany; then none was counted."""
    node.write(lambda: _take(node, {f"newcomers:{address}": NEWCOMERS_MAX}))


def take_code(node: Node, *, person: str, address: str) -> None:
    """Take one try at a result code of a take-home pack. Raises TooMany, and takes none, while somebody rests."""
    tries = node.settings.sign_in_tries
    limits = {_codes_of(person): tries}
    if address:
        limits[f"codes from:{address}"] = tries * ADDRESS_TRIES
    node.write(lambda: _take(node, limits))


def forgive_codes(node: Node, *, person: str, address: str) -> None:
    """After a right code: forget the person's tries, and give the address its last one back."""
    table = node.tables.Attempt

    def work() -> None:
        table.delete().where(table.id == _codes_of(person)).execute()
        here = (table.id == f"codes from:{address}") & (table.count > 0)
        table.update(count=table.count - 1).where(here).execute()

    node.write(work)


def take_move(node: Node, *, file: str, address: str) -> None:
    """Take one try at the code of a file of somebody who moves. Raises TooMany, and takes none, while one rests."""
    tries = node.settings.sign_in_tries
    limits = {f"move:{file}": tries}
    if address:
        limits[f"moves from:{address}"] = tries * ADDRESS_TRIES
    node.write(lambda: _take(node, limits))


def forgive_move(node: Node, *, file: str, address: str) -> None:
    """After a right code: forget the file's tries, and give the address its last one back."""
    table = node.tables.Attempt

    def work() -> None:
        table.delete().where(table.id == f"move:{file}").execute()
        here = (table.id == f"moves from:{address}") & (table.count > 0)
        table.update(count=table.count - 1).where(here).execute()

    node.write(work)


def take_copy(node: Node, *, address: str) -> None:
    """Let a guest take one more copy of a take-home pack. Raises TooMany; then none was counted."""
    node.write(lambda: _take(node, {f"copies:{address}": COPIES_MAX}))


def forgive(node: Node, *, person: str, address: str = "") -> None:
    """After the right secret: forget the person's tries, and give the address its last one back."""
    table = node.tables.Attempt

    def work() -> None:
        table.delete().where(table.id == f"person:{person}").execute()
        here = (table.id == f"address:{address}") & (table.count > 0)
        table.update(count=table.count - 1).where(here).execute()

    node.write(work)


def _codes_of(person: str) -> str:
    return f"codes:{person}"


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
