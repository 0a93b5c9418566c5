"""Which entries tell of proposals. Each is a record of its own, so that none waits for another and folds commute.

How a proposal stands is not kept: `hub.governance.standing` reckons it from the rows, whatever order they came in.
"""

KINDS: dict[str, str] = {
    "proposal": "Proposal",
    "proposal.version": "ProposalVersion",
    "proposal.remark": "Remark",
    "proposal.objection": "Objection",
    "proposal.consent": "ProposalConsent",
    "proposal.hands": "Hands",
    "proposal.adoption": "Adoption",
    "proposal.review": "Review",
    "proposal.option": "Option",
    "proposal.ballot": "Ballot",
    "proposal.count": "Count",
    "proposal.draw": "Draw",
    "matter": "Matter",
}
"""Entry kind → its table."""
