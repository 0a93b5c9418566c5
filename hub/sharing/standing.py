"""Which sharing policy holds: reckoned from what was adopted, so that the order in which it came cannot matter.

What nobody has adopted another in place of holds. Two copies of a hub that decide apart leave two such policies; then
the narrower of each row holds, and so it is with one that was adopted and opened again by an objection from
elsewhere: until its round is closed anew it can only narrow. While nothing holds, the first version does.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.governance import standing
from hub.governance.standing import ADOPTED, Proposal
from hub.node import Node
from hub.sharing import rows
from hub.sharing.rows import Policy


@dataclass(frozen=True)
class Edition:
    """A policy that was put to the community, with its proposal."""

    proposal: Proposal
    policy: Policy
    replaces: frozenset[str]
    holds: bool = False


def in_force(node: Node) -> Policy:
    """The policy that holds now."""
    found = editions(node)
    heads = [each.policy for each in found if each.holds]
    opened = [each.policy for each in found if each.proposal.is_reopened]
    return rows.strictest([*(heads or [rows.DEFAULT]), *opened])


def editions(node: Node) -> list[Edition]:
    """Every policy that was put to the community, the latest first; without those whose words have not arrived."""
    if not node.tables.SharingPolicy.select().exists():
        return []
    known = {row.id: row for row in node.tables.SharingPolicy.select()}
    proposals = {each.id: each for each in standing.read(node)}
    texts = {each.id: _carried(each, known, proposals) for each in proposals.values()}
    carried = [
        Edition(each, rows.unpacked(known[version].rows), frozenset(known[version].replaces.split()))
        for each in proposals.values()
        if (version := texts[each.id])
    ]
    gone = frozenset[str]().union(*(each.replaces for each in carried if each.proposal.is_adopted))
    return [_held(each, gone) for each in carried]


def of_proposal(node: Node, proposal: str) -> Edition | None:
    """What a proposal would let leave; None when it is about something else."""
    return next((each for each in editions(node) if each.proposal.id == proposal), None)


def _held(edition: Edition, gone: frozenset[str]) -> Edition:
    holds = edition.proposal.state == ADOPTED and edition.proposal.id not in gone
    return Edition(edition.proposal, edition.policy, edition.replaces, holds)


def _carried(found: Proposal, known: Mapping[str, object], proposals: Mapping[str, Proposal]) -> str:
    """The version whose rows a proposal stands for: the latest of its line with rows, else that of what it changes."""
    seen: set[str] = set()
    each: Proposal | None = found
    while each is not None and each.id not in seen:
        seen.add(each.id)
        version = next((one.id for one in reversed(each.line) if one.id in known), "")
        if version:
            return version
        each = proposals.get(each.parent)
    return ""
