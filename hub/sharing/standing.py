"""Which sharing policy holds: reckoned from what was adopted, so that the order in which it came cannot matter.

What nobody has adopted another in place of holds. Two copies of a hub that decide apart leave two such policies; then
the narrower of each row holds, and so it is with one that was adopted and opened again by an objection from
elsewhere: until its round is closed anew it can only narrow. While nothing holds, the first version does.
"""

from hub.governance import standing
from hub.governance.carried import Carried, carried
from hub.node import Node
from hub.sharing import rows
from hub.sharing.rows import Policy

Edition = Carried[Policy]
"""A policy that was put to the community, with its proposal."""


def in_force(node: Node) -> Policy:
    """The policy that holds now."""
    found = editions(node)
    heads = [each.value for each in found if each.holds]
    opened = [each.value for each in found if each.counts and not each.holds]
    return rows.strictest([*(heads or [rows.DEFAULT]), *opened])


def editions(node: Node) -> list[Edition]:
    """Every policy that was put to the community, the latest first; without those whose words have not arrived."""
    said = {
        row.id: (rows.unpacked(row.rows), frozenset(row.replaces.split())) for row in node.tables.SharingPolicy.select()
    }
    return carried(standing.read(node), said) if said else []


def of_proposal(node: Node, proposal: str) -> Edition | None:
    """What a proposal would let leave; None when it is about something else."""
    return next((each for each in editions(node) if each.proposal.id == proposal), None)
