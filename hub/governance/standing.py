"""How proposals stand: reckoned from the rows of what was said, so that the order of arrival cannot matter.

Where two things cannot both hold, the one that restricts wins: an objection or an amendment that a closed round had
not seen opens the round again, and a withdrawal outlives every adoption.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from hub.governance.spoken import (
    Adoption,
    Ballot,
    Consent,
    Count,
    Draw,
    Hands,
    Objection,
    Option,
    Remark,
    Review,
    Version,
)
from hub.node import Node
from hub.tables.governance import CONSENT

ADOPTED, ENDED, REPLACED, WITHDRAWN = "adopted", "ended", "replaced", "withdrawn"
"""How a proposal stands when it is in no round any more."""
KEEP, CHANGE, END = "keep", "change", "end"
"""What can come of a review; of two at once the later of these stands."""
STRENGTH = (KEEP, CHANGE, END)
BY_CONSENT = "consent"
FACTS = (
    *("id", "circle", "title", "language", "picture", "method", "places"),
    *("proposer", "typist", "parent", "opened_ms", "step"),
)
"""What a proposal is, as its row has it."""
SAID = {
    "versions": ("ProposalVersion", Version),
    "remarks": ("Remark", Remark),
    "objections": ("Objection", Objection),
    "consents": ("ProposalConsent", Consent),
    "hands": ("Hands", Hands),
    "adoptions": ("Adoption", Adoption),
    "reviews": ("Review", Review),
}
"""What is said of proposals → its table, and what one row of it is."""
VOTES = {
    "options": ("Option", Option),
    "ballots": ("Ballot", Ballot),
    "counts": ("Count", Count),
    "draws": ("Draw", Draw),
}
"""The same of those that are voted on."""


@dataclass(frozen=True)
class Proposal:
    """A proposal with everything that was said of it, each list by time.

    `line` holds the versions from the first to the one that counts; `beside` those of a line that another copy of the
    hub wrote at the same time. `successors` are the proposals to change it that are open or adopted, with whether each
    is adopted.
    """

    id: str
    circle: str
    title: str
    language: str
    picture: str
    method: str
    proposer: str
    typist: str
    parent: str
    opened_ms: int
    step: str
    places: int
    is_withdrawn: bool
    line: tuple[Version, ...]
    beside: tuple[Version, ...]
    remarks: tuple[Remark, ...]
    objections: tuple[Objection, ...]
    consents: tuple[Consent, ...]
    hands: tuple[Hands, ...]
    adoptions: tuple[Adoption, ...]
    reviews: tuple[Review, ...]
    options: tuple[Option, ...]
    ballots: tuple[Ballot, ...]
    counts: tuple[Count, ...]
    draws: tuple[Draw, ...]
    successors: dict[str, bool] = field(default_factory=dict)

    @property
    def version(self) -> Version:
        """The version that counts."""
        return self.line[-1]

    @property
    def open_objections(self) -> tuple[Objection, ...]:
        """Objections that were neither withdrawn nor answered by an amendment of this line."""
        answered = self.answered
        return tuple(each for each in self.objections if not each.is_withdrawn and each.id not in answered)

    @property
    def answered(self) -> dict[str, int]:
        """Objection → the number of the version that answers it."""
        return {objection: version.number for version in self.line for objection in version.integrates}

    @property
    def consenting(self) -> tuple[Consent, ...]:
        """The consents to the version that counts, one a person; none of somebody whose objection it had not seen."""
        mine: dict[str, set[str]] = defaultdict(set)
        for each in self.objections:
            if each.version == self.version.id or each in self.open_objections:
                mine[each.person].add(each.id)
        return tuple(
            each for each in self.consents if each.version == self.version.id and mine[each.person] <= each.seen
        )

    @property
    def unheard(self) -> tuple[Objection, ...]:
        """Objections that this line answers, of people who have not said yet whether it does."""
        answered, heard = self.answered, {each.person for each in self.consenting}
        return tuple(
            each
            for each in self.objections
            if each.id in answered and not each.is_withdrawn and each.person not in heard
        )

    @property
    def numbers(self) -> dict[str, int]:
        """Version → its number."""
        return {each.id: each.number for each in (*self.line, *self.beside)}

    @property
    def former_concerns(self) -> tuple[Consent, ...]:
        """Concerns about other versions than the one that counts, of people who have not spoken of that."""
        heard = {each.person for each in self.consenting} | {each.person for each in self.open_objections}
        replaced = {(each.person, each.version): each.id for each in self.objections}
        return tuple(
            each
            for each in self.consents
            if each.has_concern
            and each.version in self.numbers
            and each.version != self.version.id
            and each.person not in heard
            and replaced.get((each.person, each.version), "") in {"", *each.seen}
        )

    @property
    def counted(self) -> tuple[Hands, ...]:
        """The counts of hands for the version that counts; two when two rooms counted apart."""
        return tuple(each for each in self.hands if each.is_counted and each.version == self.version.id)

    @property
    def closings(self) -> tuple[Adoption, ...]:
        """The closed rounds that stand: of the version that counts, having seen all that has come."""
        if self.is_withdrawn or self.open_objections:
            return ()
        known = self.known
        return tuple(each for each in self.adoptions if each.version == self.version.id and known <= each.seen)

    @property
    def adoption(self) -> Adoption | None:
        """The closed round that stands; of two at once the one that is looked at again sooner."""
        return min(self.closings, key=lambda each: (each.review_ms, each.id), default=None)

    @property
    def known(self) -> frozenset[str]:
        """Every version, objection, ballot, count and draw that has come here."""
        texts = {each.id for each in (*self.line, *self.beside)} | {each.id for each in self.objections}
        votes = {each.id for each in self.ballots} | {each.id for each in self.counts}
        return frozenset(texts | votes | {each.id for each in self.draws})

    @property
    def is_reopened(self) -> bool:
        """Whether it was adopted, and something that the round had not seen came from elsewhere."""
        return bool(self.adoptions) and self.adoption is None and not self.is_withdrawn

    @property
    def is_adopted(self) -> bool:
        """Whether it was adopted and that stands, whatever came of it later."""
        return self.adoption is not None

    @property
    def is_open(self) -> bool:
        """Whether it is still being talked about."""
        return self.adoption is None and not self.is_withdrawn

    @property
    def reviewed(self) -> Review | None:
        """The last review of the adoption; of two at once the one that restricts more, or is looked at sooner."""
        closed = {each.id for each in self.closings}
        mine = [each for each in self.reviews if each.adoption in closed]
        standing = [each for each in mine if each.outcome != CHANGE or each.successor in self.successors]
        return max(standing, key=_weight, default=None)

    @property
    def reviews_done(self) -> int:
        """How many times the adoption was looked at, those among them that led nowhere."""
        closed = {each.id for each in self.closings}
        return max((each.number for each in self.reviews if each.adoption in closed), default=0)

    @property
    def review_ms(self) -> int:
        """When it is to be looked at again; 0 when nothing of it is in force."""
        adoption, reviewed = self.adoption, self.reviewed
        if adoption is None or self.state != ADOPTED:
            return 0
        return reviewed.review_ms if reviewed is not None and reviewed.outcome == KEEP else adoption.review_ms

    @property
    def is_changing(self) -> bool:
        """Whether a proposal to change it is open; until that is adopted it holds."""
        reviewed = self.reviewed
        return reviewed is not None and reviewed.outcome == CHANGE and not self.successors[reviewed.successor]

    @property
    def state(self) -> str:
        """The round it is in, or how it stands after them."""
        if self.is_withdrawn:
            return WITHDRAWN
        if self.adoption is None:
            return CONSENT if self.adoptions else self.step
        reviewed = self.reviewed
        if reviewed is not None and reviewed.outcome == END:
            return ENDED
        return REPLACED if any(self.successors.values()) else ADOPTED

    def is_due(self, now_ms: int) -> bool:
        """Whether it is time to look at it again, and nobody has begun to."""
        return bool(self.review_ms) and now_ms >= self.review_ms and not self.is_changing


def _weight(review: Review) -> tuple[int, int, int, str]:
    return review.number, STRENGTH.index(review.outcome), -review.review_ms, review.id


def read(node: Node, proposals: Iterable[str] | None = None) -> list[Proposal]:
    """These proposals, or all, the latest first. One whose first version has not arrived yet is not among them."""
    table, wanted = node.tables.Proposal, None if proposals is None else list(proposals)
    query = table.select()
    rows = list(query if wanted is None else query.where(table.id.in_(wanted) | table.parent.in_(wanted)))
    if not rows:
        return []
    ids = None if wanted is None else [row.id for row in rows]
    asked = SAID if all(row.method == BY_CONSENT for row in rows) else {**SAID, **VOTES}
    said = {name: _grouped(node, ids, *how) for name, how in asked.items()}
    names = (*SAID, *VOTES)
    found = [_proposal(row, {name: said.get(name, {}).get(row.id, []) for name in names}) for row in rows]
    made = [each for each in found if each is not None]
    following: dict[str, dict[str, bool]] = defaultdict(dict)
    for each in made:
        if not each.is_withdrawn:
            following[each.parent][each.id] = each.is_adopted
    chosen = [replace(each, successors=following[each.id]) for each in made if wanted is None or each.id in wanted]
    return sorted(chosen, key=lambda each: (-each.opened_ms, each.id))


def _grouped(node: Node, ids: list[str] | None, table: str, make: Any) -> dict[str, list[Any]]:
    """The rows of a table by their proposal, by time."""
    model: Any = getattr(node.tables, table)
    query = model.select() if ids is None else model.select().where(model.proposal.in_(ids))
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in query.dicts():
        groups[row["proposal"]].append(make.of(row))
    for rows in groups.values():
        rows.sort(key=lambda each: (each.said_ms, each.id))
    return groups


def _proposal(row: Any, said: dict[str, list[Any]]) -> Proposal | None:
    line, beside = _line(said.pop("versions"))
    if not line:
        return None
    facts: dict[str, Any] = {name: getattr(row, name) for name in FACTS}
    lists: dict[str, Any] = {name: tuple(each) for name, each in said.items()}
    return Proposal(**facts, is_withdrawn=bool(row.is_withdrawn), line=line, beside=beside, **lists)


def _line(versions: list[Version]) -> tuple[tuple[Version, ...], tuple[Version, ...]]:
    """The versions from the first to the one that counts, and the others: the longest line counts, of two the one
    that answers more objections, then the one with the greater id."""
    known = {each.id: each for each in versions}
    if not versions:
        return (), ()
    each: Version | None = max(versions, key=lambda one: (one.number, len(one.integrates), one.id))
    line: list[Version] = []
    while each is not None and each not in line:
        line.append(each)
        each = known.get(each.former)
    return tuple(reversed(line)), tuple(one for one in versions if one not in line)
