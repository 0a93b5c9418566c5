"""Put another sharing policy to the community: a proposal like any other, which carries the rows it is about."""

from typing import Any

from hub.errors import InputWrong
from hub.governance import proposals
from hub.governance.proposals import Words
from hub.governance.standing import Proposal
from hub.node import Node
from hub.people.roster import Person
from hub.sharing import rows, standing
from hub.sharing.rows import Policy, Row


def propose(node: Node, *, actor: Person, policy: Policy, words: Words) -> Proposal:
    """Open a proposal to let leave what `policy` says, instead of what holds now. Sent twice, it is opened once.

    Raises NotAllowed, or InputWrong when it would change nothing, before anything is written.
    """

    def work() -> Proposal:
        if policy == standing.in_force(node):
            raise InputWrong("That is what holds already. Nothing was changed; choose another form for something.")
        held = [each.proposal.id for each in standing.editions(node) if each.holds]
        opened = proposals.open_proposal(node, actor=actor, words=words, parent=held[0] if len(held) == 1 else "")
        standing_row = node.tables.SharingPolicy.get_or_none(node.tables.SharingPolicy.id == opened.version.id)
        if standing_row is None:
            facts: dict[str, Any] = {"rows": rows.packed(policy), "replaces": " ".join(sorted(held))}
            node.change("sharing.policy", opened.version.id, proposal=opened.id, **facts)
        elif rows.unpacked(standing_row.rows) != policy:
            raise InputWrong(
                "A proposal with these words is open already, about something else. Nothing was changed; take that one"
                " back first, or say it in other words."
            )
        return opened

    return node.write(work)


def chosen(given: list[Row]) -> Policy:
    """The policy of these rows. Raises InputWrong when one of them is not on offer."""
    if len(given) > rows.ROWS_MAX or not all(row.form in rows.offered(row) for row in given):
        raise InputWrong("That is not among the forms on offer. Nothing was changed; choose from the page.")
    return rows.made(given)
