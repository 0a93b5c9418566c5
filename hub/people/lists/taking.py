"""Bring a list in, a few records at a time, so that everybody else's changes pass in between.

The whole list is looked at first and refused before anything is written. From then on each step can be repeated: a
list that was cut off half-way is finished by taking it in once more, and nothing comes twice.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import TypeVar

from hub.acts import By
from hub.node import Node
from hub.people import roster
from hub.people.lists.intake import Intake
from hub.people.lists.planning import Move, Taken, plan
from hub.people.settle import Change, settle_all

Each = TypeVar("Each")

STEP_MOVES = 25
"""Moves in one transaction: about the time of a few answers, also on a small machine."""

Watch = Callable[[int, int], None]
"""Hears how many moves of how many are made."""


def take(node: Node, intake: Intake, *, watch: Watch = lambda done, total: None, by: By | None = None) -> Taken:
    """Bring everything in; `by` is whose doing it is.

    Raises NotAllowed for a list that would leave the hub without a keeper, StorageFull.
    """
    planned = plan(node, intake)
    done, total = 0, len(planned.moves) + len(planned.resting)
    for moves in _steps(planned.moves):
        node.write(partial(_make, node, moves, by))
        done += len(moves)
        watch(done, total)
    for people in _steps(planned.resting):
        node.write(partial(_rest, node, people))
        done += len(people)
        watch(done, total)
    return planned.taken


def _steps(things: Iterable[Each]) -> Iterator[list[Each]]:
    going = iter(things)
    while step := list(islice(going, STEP_MOVES)):
        yield step


def _make(node: Node, moves: list[Move], by: By | None) -> None:
    changes = [change for move in moves for change in move]
    settle_all(node, [change for change in changes if not _opens(change)])
    for change in changes:
        if _opens(change):
            roster.give_role(node, person=change.fields["person"], role=change.fields["role"], by=by)


def opened(moves: Iterable[Move]) -> frozenset[str]:
    """The roles that open other people's records and that a list would give."""
    return frozenset(change.fields["role"] for move in moves for change in move if _opens(change))


def _opens(change: Change) -> bool:
    """Whether the change gives a role that opens other people's records: three pictures end with it."""
    return change.kind == "role" and change.fields["role"] not in roster.PLAIN


def _rest(node: Node, people: list[str]) -> None:
    for person in people:
        roster.set_active(node, person=person, is_active=False)
