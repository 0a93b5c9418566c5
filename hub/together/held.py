"""Read and write the facts about records that hubs hold together."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from hub.node import LOCAL, Node
from hub.projections.joint import KIND, origin
from hub.tables.joint import ADD, HOLD, REMOVE
from hub.together import merge
from hub.together.merge import Fact, Stands

PERSON, CIRCLE = "person", "circle"
FIELDS = ("name", "picture")
MEMBERS, SAME = "members", "same-as"
"""Sets: who is in a group, and who is the same person as somebody."""
SHOWN = 200
"""Records on the page."""


@dataclass(frozen=True)
class Held:
    """A record that hubs hold together, as it stands here.

    `home` decides; `partners` are the hubs it is held together with; `members` and `same` are records themselves.
    `is_ours` says whether this hub decides, `is_shared` that it is held together still.
    """

    subject: str
    sort: str
    origin: str
    home: str
    homes: tuple[str, ...]
    partners: tuple[str, ...]
    fields: tuple[Stands, ...]
    members: tuple[str, ...]
    same: tuple[str, ...]
    is_ours: bool
    is_shared: bool

    def field(self, name: str) -> Stands:
        """How one field stands. Raises KeyError."""
        return {each.field: each for each in self.fields}[name]

    @property
    def name(self) -> str:
        """What it is called; "" while nothing has come of it yet."""
        return self.field("name").value

    @property
    def is_open(self) -> bool:
        """Whether there is something to choose."""
        return any(each.rivals or each.proposals for each in self.fields)


def subject(hub: str, sort: str, record: str) -> str:
    """The name under which hubs hold a record together."""
    return f"{hub}:{sort}:{record}"


def record_of(name: str) -> tuple[str, str]:
    """The sort and the id of a record in the tables of the hub where it began."""
    _, sort, record = name.split(":", 2)
    return sort, record


def facts(node: Node, subjects: Collection[str] | None = None) -> dict[str, list[Fact]]:
    """Subject → all facts about it."""
    table = node.tables.JointFact
    query = table.select() if subjects is None else table.select().where(table.subject.in_(list(subjects)))
    found: dict[str, list[Fact]] = defaultdict(list)
    for row in query:
        found[row.subject].append(_fact(row))
    return found


def all_held(node: Node) -> list[Held]:
    """Every record that hubs hold together, as far as it is known here: what asks for a choice first, then by name."""
    found = [reckon(node, name, each) for name, each in facts(node).items()]
    return sorted(found, key=lambda each: (not each.is_open, each.name.casefold(), each.subject))


def one(node: Node, name: str) -> Held:
    """One of them; one of which nothing has come yet has no home but where it began."""
    return reckon(node, name, facts(node, [name])[name])


def reckon(node: Node, name: str, found: Collection[Fact]) -> Held:
    """How a record stands by these facts."""
    began = origin(name)
    chain = merge.homes(found, began)
    partners = merge.shared_with(found, began)
    return Held(
        subject=name,
        sort=record_of(name)[0],
        origin=began,
        home=chain[-1],
        homes=chain,
        partners=partners,
        fields=tuple(merge.field(found, field, chain) for field in FIELDS),
        members=merge.members(found, MEMBERS, chain[-1]),
        same=merge.members(found, SAME, chain[-1]),
        is_ours=chain[-1] == node.identity.hub_id,
        is_shared=bool(partners) and (began == node.identity.hub_id or node.identity.hub_id in partners),
    )


def say(
    node: Node, sort: str, about: str, *, field: str = "", value: str = "", replaces: Iterable[Fact | str] = ()
) -> str:
    """Write one fact of this hub; returns its id. Only inside `node.write`."""
    known = {each.id: each.depth for each in facts(node, [about])[about]}
    names = sorted(each if isinstance(each, str) else each.id for each in replaces)
    lines = node.journal.streams(hub=node.identity.hub_id, audience=LOCAL)
    stream = max(lines, key=lambda line: line.incarnation).stream if lines else ""
    made = node.new_id()
    payload = {"id": made, "sort": sort, "subject": about, "field": field, "value": value, "replaces": names}
    depth = 1 + max((known.get(each, 0) for each in names), default=0)
    node.record(KIND, {**payload, "depth": depth, "stream": stream}, depth=depth)
    return made


def adds(found: Iterable[Fact], name: str, value: str) -> list[Fact]:
    """The facts that put something into a set and that nothing has taken out yet, as far as is known here."""
    listed = list(found)
    out = {each for fact in listed if fact.sort == REMOVE for each in fact.replaces}
    return [each for each in listed if (each.sort, each.field, each.value) == (ADD, name, value) and each.id not in out]


def payload(fact: Fact, *, by: str) -> dict[str, Any]:
    """A fact as another hub is told it; `by` is the hub that tells."""
    said: dict[str, Any] = {"id": fact.id, "sort": fact.sort, "subject": fact.subject, "field": fact.field}
    said |= {"value": fact.value, "replaces": sorted(fact.replaces), "depth": fact.depth, "stream": fact.stream}
    return said if fact.hub == by else {**said, "by": fact.hub}


@dataclass(frozen=True)
class Twins:
    """A record that came more than once, saying different things; one counts, and all are kept."""

    name: str
    hub: str
    count: int


def twins(node: Node) -> list[Twins]:
    """Records of one id that say different things, at most SHOWN."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in node.tables.Twin.select().order_by(node.tables.Twin.name).limit(SHOWN):
        found[row.name].append(row)
    return [Twins(name, each[0].hub, len(each)) for name, each in found.items()]


def is_any(node: Node) -> bool:
    """Whether anything is held together at all: asked before each tide, so it is one small question."""
    return bool(node.tables.JointFact.select().where(node.tables.JointFact.sort == HOLD).exists())


def _fact(row: Any) -> Fact:
    return Fact(
        id=row.fact,
        sort=row.sort,
        subject=row.subject,
        field=row.field,
        value=row.value,
        hub=row.hub,
        depth=row.depth,
        stream=row.stream,
        replaces=frozenset(row.replaces.split()),
    )
