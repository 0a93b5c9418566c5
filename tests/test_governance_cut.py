"""The power goes while something is decided: it is all there afterwards, or nothing of it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hub.governance import adopting, standing
from hub.governance.adopting import Look
from hub.governance.proposals import Words
from hub.governance.standing import Proposal
from hub.node import Node
from hub.tide import policy
from tests.fixtures.deciding import Deciding

CHANGED = Words("Open on Mondays", "We open on Mondays instead.", "market", "en")


class _PowerCut(Exception):  # noqa: N818 - it is none of ours
    """The hub stops before an entry is written."""


class _Short:
    """A journal that takes so many entries and no more."""

    def __init__(self, journal: Any, entries: int) -> None:
        self._journal, self._left = journal, entries

    def append(self, *args: Any, **more: Any) -> Any:
        """Count, then do."""
        if not self._left:
            raise _PowerCut
        self._left -= 1
        return self._journal.append(*args, **more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)


def _whole(node: Node) -> list[Proposal]:
    return standing.read(node)


def _adopt(deciding: Deciding, found: Proposal) -> None:
    deciding.adopt(found)


def _change(deciding: Deciding, found: Proposal) -> None:
    deciding.adopt(found)
    adopting.change(deciding.node, Look(deciding.steward, found.id, 0), words=CHANGED)


def _object(deciding: Deciding, found: Proposal) -> None:
    deciding.object(deciding.object(found, deciding.grace), deciding.grace, "Another reason.")


ACTS: dict[str, tuple[Callable[[Deciding, Proposal], None], int]] = {
    "adopting": (_adopt, 1),
    "changing": (_change, 4),
    "objecting anew": (_object, 3),
}
"""What is done, and how many entries that writes."""


@pytest.mark.every_case
@pytest.mark.parametrize(("act", "cut"), [(act, cut) for act, (_, size) in ACTS.items() for cut in range(size)])
def test_a_cut_leaves_before_or_after(deciding: Deciding, act: str, cut: int) -> None:
    """Each step of several entries is whole: done again it ends as if it had never been cut."""
    found = deciding.consent(deciding.opened(), deciding.joseph)
    do, size = ACTS[act]
    short = replace(deciding, node=replace(deciding.node, journal=_Short(deciding.node.journal, cut)))
    with pytest.raises(_PowerCut):
        do(short, found)
    after = _whole(deciding.node)
    for each in after:
        assert not each.is_changing or any(one.parent == each.id for one in after)
        assert not [one for one in after if one.parent == each.id and not each.is_changing]
        assert len({one.person for one in each.open_objections}) == len(each.open_objections)
    if act == "adopting" or cut == 0:
        assert after == [found]


def test_nothing_of_it_is_among_what_may_leave(deciding: Deciding) -> None:
    """No rule of the policy names it, so it stays; whatever was said of a proposal, no copy of it is made."""
    kinds = {name for name in ("proposal", *(f"proposal.{each}" for each in ("version", "objection", "consent")))}
    assert kinds & policy.KINDS == set()
    deciding.adopt(deciding.consent(deciding.object(deciding.opened(), deciding.grace), deciding.grace))
    written = [each for line in deciding.node.journal.streams() for each in deciding.node.journal.read(line.stream)]
    said = [each for each in written if each.entry.kind.startswith("proposal")]
    leaving = [policy.transform(b"k" * 32, audience)(each) for each in said for audience in policy.AUDIENCES]
    assert (len(said) >= 5, [each for each in leaving if each]) == (True, [])
