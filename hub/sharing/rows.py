"""The rows of a sharing policy: a kind of record, to whom, in which form, and how exact its time.

For each kind and audience only forms are on offer that are safe for it; a row that is on no offer means never, and so
does one that is not there. Forms stand in an order, the widest first: of two policies the narrower row can be taken.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PUBLIC, REGION, PAIR = "public", "region", "pair"
AUDIENCE = re.compile(r"public|region|pair:[a-z2-7]{52}")
AS_IT_IS, BY_NAME, UNDER_A_PSEUDONYM, COUNTS, NEVER = "as-it-is", "by-name", "pseudonym", "counts", "never"
"""Forms: whole; with the name, of those who said yes to that; under a made-up name; counts of many only; not at all."""
EXACT, HOUR, DAY, WEEK, MONTH = "exact", "hour", "day", "week", "month"
"""How exact a time leaves."""
TIMES = (EXACT, HOUR, DAY, WEEK, MONTH)
HUB, SHELF, LEARNING, PERSON, CIRCLE = "hub", "hub.package", "statement", "person", "circle"

Place = tuple[str, str]
"""A kind, and the audience or the sort of audience."""
Form = tuple[str, str]
"""How, and how exact the time."""
STAYS: Form = (NEVER, EXACT)
_WHOLE: tuple[Form, ...] = ((AS_IT_IS, EXACT), STAYS)
_COUNTED: tuple[Form, ...] = ((COUNTS, MONTH), STAYS)
OFFERS: Mapping[Place, tuple[Form, ...]] = {
    (HUB, PUBLIC): _WHOLE,
    (SHELF, PUBLIC): _WHOLE,
    (LEARNING, PUBLIC): _COUNTED,
    (LEARNING, REGION): (*((UNDER_A_PSEUDONYM, time) for time in (HOUR, DAY, WEEK, MONTH)), *_COUNTED),
    (LEARNING, PAIR): _COUNTED,
    (PERSON, PAIR): ((BY_NAME, DAY), STAYS),
    (CIRCLE, PAIR): ((AS_IT_IS, DAY), STAYS),
}
"""Kind and sort of audience → the forms on offer, the widest first. What is not here never leaves."""
ROWS_MAX = 400
"""Rows of one policy: some for each of a hundred neighbours."""


@dataclass(frozen=True)
class Row:
    """What becomes of one kind of record towards one audience."""

    kind: str
    audience: str
    how: str
    time: str

    @property
    def form(self) -> Form:
        """How, and how exact the time."""
        return self.how, self.time


@dataclass(frozen=True)
class Policy:
    """What may leave: its rows by kind and audience; never-rows are left out, so that equal policies are equal."""

    rows: tuple[Row, ...]

    def row(self, kind: str, audience: str) -> Row:
        """The row for a kind and an audience; one that says never where there is none."""
        found = (row for row in self.rows if (row.kind, row.audience) == (kind, audience))
        return next(found, Row(kind, audience, *STAYS))

    def towards(self, audience: str) -> tuple[Row, ...]:
        """The rows for one audience."""
        return tuple(row for row in self.rows if row.audience == audience)

    @property
    def audiences(self) -> frozenset[str]:
        """Everybody who gets anything."""
        return frozenset(row.audience for row in self.rows)

    @property
    def is_by_name(self) -> bool:
        """Whether anything leaves with the name of those who said yes to that."""
        return any(row.how == BY_NAME for row in self.rows)


def made(rows: Iterable[Row]) -> Policy:
    """A policy of rows in their order of reading; what is on no offer is left out."""
    kept = {(row.kind, row.audience): row for row in rows if row.how != NEVER and row.form in offered(row)}
    return Policy(tuple(sorted(kept.values(), key=_order)))


def offered(row: Row) -> tuple[Form, ...]:
    """The forms on offer in the place of a row, the widest first."""
    return offers(row.kind, row.audience)


def offers(kind: str, audience: str) -> tuple[Form, ...]:
    """The forms on offer for a kind and an audience, the widest first; () where nothing can ever leave."""
    return OFFERS.get((kind, sort_of(audience)), ()) if AUDIENCE.fullmatch(audience) else ()


def sort_of(audience: str) -> str:
    """public, region or pair."""
    return audience.partition(":")[0]


def hub_of(audience: str) -> str:
    """The one hub that an audience is; "" for any other."""
    return audience.partition(":")[2]


def pair(hub: str) -> str:
    """The audience that is one hub."""
    return f"{PAIR}:{hub}"


def places(pairs: Iterable[str] = ()) -> tuple[Place, ...]:
    """Every kind and audience with something on offer, with those of some neighbours."""
    fixed = [(kind, sort) for kind, sort in OFFERS if sort != PAIR]
    return (*fixed, *((kind, pair(hub)) for hub in pairs for kind, sort in OFFERS if sort == PAIR))


def towards(audience: str) -> list[Place]:
    """Every kind with something on offer for one audience, with that audience."""
    pairs = [hub_of(audience)] if hub_of(audience) else []
    return [place for place in places(pairs) if place[1] == audience]


def width(row: Row) -> int:
    """How much a row lets go: 0 for never."""
    forms = offered(row)
    return len(forms) - 1 - forms.index(row.form) if row.form in forms else 0


def strictest(policies: Iterable[Policy]) -> Policy:
    """Of several policies the narrowest of each row: in any order, and any number of times, the same."""
    listed = list(policies)
    everywhere = {(row.kind, row.audience) for policy in listed for row in policy.rows}
    return made(min((policy.row(*place) for policy in listed), key=width) for place in everywhere)


def narrowed(before: Policy, now: Policy, audience: str) -> tuple[Row, ...]:
    """The rows of now that let less go to an audience than before, those that say never among them."""
    return tuple(row for row, old in _both(before, now, audience) if width(row) < width(old))


def widened(before: Policy, now: Policy, audience: str) -> tuple[Row, ...]:
    """The rows of now that let more go to an audience than before."""
    return tuple(row for row, old in _both(before, now, audience) if width(row) > width(old))


def packed(policy: Policy) -> str:
    """A policy as the journal keeps it: a row a line."""
    return "\n".join(f"{row.kind} {row.audience} {row.how} {row.time}" for row in policy.rows)


def unpacked(text: str) -> Policy:
    """The policy that a text keeps; lines that this program cannot read or does not offer mean never."""
    parts = [line.split() for line in text.split("\n")[:ROWS_MAX]]
    return made(Row(*each) for each in parts if len(each) == 4)


def _both(before: Policy, now: Policy, audience: str) -> list[tuple[Row, Row]]:
    """Each row towards an audience as it is now, beside what it was."""
    kinds = dict.fromkeys(row.kind for row in (*before.towards(audience), *now.towards(audience)))
    return [(now.row(kind, audience), before.row(kind, audience)) for kind in kinds]


def _order(row: Row) -> tuple[int, str, int]:
    sorts = (PUBLIC, REGION, PAIR)
    return sorts.index(sort_of(row.audience)), row.audience, list(OFFERS).index((row.kind, sort_of(row.audience)))


DEFAULT = made(
    (
        Row(HUB, PUBLIC, AS_IT_IS, EXACT),
        Row(SHELF, PUBLIC, AS_IT_IS, EXACT),
        Row(LEARNING, REGION, UNDER_A_PSEUDONYM, HOUR),
    )
)
"""The first version, which holds without any decision: nothing that names a person leaves."""
