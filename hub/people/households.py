"""Households: people who live together or share a phone, and which grown-up looks after which child."""

from dataclasses import dataclass

from hub.errors import InputWrong, NotFound
from hub.node import Node
from hub.people import roster
from hub.people.circles import check_place
from hub.people.roster import Person
from hub.people.settle import settle

RELATIONS = ("child", "guardian", "other")


@dataclass(frozen=True)
class Household:
    """One household; in a trusting one a phone changes hands between its learners without a secret."""

    id: str
    name: str
    picture: str
    is_trusting: bool


@dataclass(frozen=True)
class Kin:
    """A person in a household, and as what."""

    person: Person
    relation: str


def households(node: Node) -> list[Household]:
    """All households by name."""
    return _households(node, node.tables.Household.is_active == 1)


def household(node: Node, id: str) -> Household:  # noqa: A002 - the word of the interface
    """The household with this id. Raises NotFound."""
    table = node.tables.Household
    found = _households(node, (table.id == id) & (table.is_active == 1))
    if not found:
        raise NotFound("There is no household at this address. Look in the list of households.")
    return found[0]


def add_household(node: Node, *, name: str, picture: str, is_trusting: bool = False) -> Household:
    """A new household. Raises InputWrong before anything is written."""
    facts = {"name": roster.check_name(name), "picture": check_place(picture)}

    def work() -> str:
        made = node.new_id()
        settle(node, "household", made, **facts, is_trusting=int(is_trusting), is_active=1)
        return made

    return household(node, node.write(work))


def change_household(node: Node, *, household: str, name: str, picture: str, is_trusting: bool) -> bool:
    """Change what a household is called and whether it is a trusting one; True when something differed."""
    _known(node, household)
    facts = {"name": roster.check_name(name), "picture": check_place(picture), "is_trusting": int(is_trusting)}
    return node.write(lambda: settle(node, "household", household, **facts))


def link(node: Node, *, household: str, person: str, relation: str) -> bool:
    """Put somebody into a household as child, guardian or other; True when that was new."""
    _known(node, household)
    roster.person(node, person)
    if relation not in RELATIONS:
        raise InputWrong("In a household one is %(relations)s. Nothing was changed.", relations=", ".join(RELATIONS))
    fields = {"household": household, "person": person, "relation": relation, "is_member": 1}
    return node.write(lambda: settle(node, "household.link", f"{household}/{person}", **fields))


def unlink(node: Node, *, household: str, person: str) -> bool:
    """Take somebody out of a household; True when they were in it."""
    subject = f"{household}/{person}"
    table = node.tables.HouseholdLink
    if table.get_or_none(table.id == subject) is None:
        return False
    return node.write(lambda: settle(node, "household.link", subject, is_member=0))


def kin(node: Node, household: str) -> list[Kin]:
    """Who is in a household, guardians first, then by name."""
    table = node.tables.HouseholdLink
    rows = table.select(table.person, table.relation).where((table.household == household) & (table.is_member == 1))
    relations = {row.person: row.relation for row in rows}
    found = [Kin(each, relations[each.id]) for each in roster.chosen(node, relations)]
    return sorted(found, key=lambda each: each.relation != "guardian")


def households_of(node: Node, person: str) -> list[Household]:
    """The households somebody is in."""
    return _of(node, person, RELATIONS)


def companions(node: Node, person: str) -> list[Person]:
    """The other people of somebody's households, by name."""
    return _others(node, person, [each.id for each in households_of(node, person)])


def children_of(node: Node, person: str) -> list[Person]:
    """The children of the households in which somebody is guardian."""
    homes = [each.id for each in _of(node, person, ("guardian",))]
    return _others(node, person, homes, relation="child")


def trusted(node: Node, person: str) -> list[Person]:
    """To whom somebody may hand the phone without a secret: the learners of a trusting household.

    Whoever holds a role that opens other people's records is never among them.
    """
    homes = [each.id for each in households_of(node, person) if each.is_trusting]
    return [each for each in _others(node, person, homes) if each.roles == {"learner"}]


def _of(node: Node, person: str, relations: tuple[str, ...]) -> list[Household]:
    table, links = node.tables.Household, node.tables.HouseholdLink
    mine = links.select(links.household).where(
        (links.person == person) & (links.is_member == 1) & links.relation.in_(relations)
    )
    return _households(node, table.id.in_(mine) & (table.is_active == 1))


def _others(node: Node, person: str, homes: list[str], relation: str = "") -> list[Person]:
    if not homes:
        return []
    links = node.tables.HouseholdLink
    query = links.select(links.person).where(links.household.in_(homes) & (links.is_member == 1))
    if relation:
        query = query.where(links.relation == relation)
    return roster.chosen(node, {row.person for row in query} - {person})


def _households(node: Node, condition: object) -> list[Household]:
    rows = node.tables.Household.select().where(condition)
    found = [Household(row.id, row.name, row.picture, bool(row.is_trusting)) for row in rows]
    return sorted(found, key=lambda each: (each.name.casefold(), each.id))


def _known(node: Node, household_id: str) -> None:
    household(node, household_id)
