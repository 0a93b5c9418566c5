"""Badges: what a community recognises in its own words, and who was given it. They are never counted or compared.

A badge is defined once and never changed, since what somebody was given stays what it was: a better one is a new one,
and the old one is no longer given. Giving is a learning record of whoever gets it, with the giver as its instructor;
taking back is a record that voids it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from content.package import field_id
from hub import typed
from hub.errors import InputWrong, NotAllowed, NotFound
from hub.learning.acts import ATTEMPT
from hub.learning.observations import SENTENCE_MAX, void
from hub.learning.sittings import derived
from hub.moments import moment_text
from hub.node import Node
from hub.people import circles, roster
from hub.people.pictures import AVATARS, PLACES
from hub.people.roster import Person
from hub.people.settle import settle
from hub.vocabulary import BADGE_TYPE, COMPETENCY_TYPE, FEEDBACK, VERBS, badge, competency, person_actor
from hub.xapi import store

DEFINERS = frozenset({"facilitator", "steward"})
"""Who defines badges and gives them: a facilitator to the own learners, a steward to anybody."""
NAME_MAX, MEANS_MAX = 60, 300
"""Letters of a name, and of what a badge stands for."""
BADGES_MAX = 200
"""Badges that are given at one time; more is no recognition."""
COMPETENCIES_MAX = 5
PEOPLE_MAX = 200
"""People who get a badge by one form."""
PICTURES = (*AVATARS, *PLACES)


@dataclass(frozen=True)
class Badge:
    """One badge: `means` is what it stands for in words, `competencies` are names of what is on a shelf."""

    id: str
    name: str
    means: str
    competencies: tuple[str, ...]
    picture: str
    language: str
    definer: str
    is_given: bool


@dataclass(frozen=True)
class Definition:
    """What somebody typed of a new badge."""

    name: str
    means: str
    picture: str
    language: str
    competencies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Award:
    """A badge that somebody has; `sentence` may be "", `giver` is a person's id."""

    statement: str
    person: str
    badge: Badge
    giver: str
    sentence: str
    at_ms: int


def badges(node: Node) -> list[Badge]:
    """All badges by name, those that are no longer given last."""
    found = [_badge(row) for row in node.tables.Badge.select()]
    return sorted(found, key=lambda each: (not each.is_given, each.name.casefold(), each.id))


def find(node: Node, badge_id: str) -> Badge:
    """The badge with this id. Raises NotFound."""
    row = node.tables.Badge.get_or_none(node.tables.Badge.id == badge_id)
    if row is None:
        raise NotFound("There is no badge at this address. Look in the list of badges.")
    return _badge(row)


def defines(person: Person) -> bool:
    """Whether somebody defines and gives badges."""
    return not DEFINERS.isdisjoint(person.roles)


def define(node: Node, *, actor: Person, said: Definition) -> Badge:
    """A new badge. Raises NotAllowed or InputWrong before anything is written."""
    _check_defines(actor)
    fields = _checked(node, said)

    def work() -> str:
        given = [each for each in badges(node) if each.is_given]
        if any((each.name.casefold(), each.picture) == (fields["name"].casefold(), said.picture) for each in given):
            raise InputWrong(
                "A badge with that name and that picture is here already. Nothing was changed; take another picture."
            )
        if len(given) >= BADGES_MAX:
            raise InputWrong("There are too many badges. Nothing was changed; let go of one that is no longer given.")
        made = node.new_id()
        settle(node, "badge", made, **fields, definer=actor.id, defined_ms=node.clock.now_ms(), is_given=1)
        return made

    return find(node, node.write(work))


def set_given(node: Node, *, actor: Person, badge_id: str, is_given: bool) -> bool:
    """Give a badge no longer, or again; whoever has it keeps it. Raises NotFound or NotAllowed unless `actor` defined
    it or is a steward."""
    found = find(node, badge_id)
    if actor.id != found.definer and "steward" not in actor.roles:
        raise NotAllowed("Whoever defined this badge and the stewards do this. Nothing was changed; ask one of them.")
    return node.write(lambda: settle(node, "badge", badge_id, is_given=int(is_given)))


def receivers(node: Node, actor: Person) -> list[Person]:
    """To whom `actor` may give badges, by name: a steward to anybody else, a facilitator to the own learners."""
    if "steward" in actor.roles:
        found = set(roster.people(node))
    elif "facilitator" in actor.roles:
        led = circles.led_by(node, actor.id)
        found = {each for circle in led for each in circles.members(node, circle.id, "learner")}
    else:
        found = set()
    return sorted((each for each in found if each.id != actor.id), key=lambda each: (each.name.casefold(), each.id))


def give(node: Node, *, actor: Person, badge_id: str, people: Collection[str], sentence: str, form: str) -> int:
    """Give a badge to some people; returns how many did not have it. Safe to repeat.

    Raises NotFound, NotAllowed for somebody whom `actor` may not give it, InputWrong; then nobody gets it.
    """
    _check_defines(actor)
    found, words = find(node, badge_id), typed.text(sentence, SENTENCE_MAX) if sentence.strip() else ""
    if not ATTEMPT.fullmatch(form) or not 0 < len(people) <= PEOPLE_MAX:
        raise InputWrong("Nobody is chosen yet. Nothing was given; choose at least one person.")
    if not found.is_given:
        raise InputWrong("This badge is no longer given. Nothing was changed; whoever has it keeps it.")

    def work() -> int:
        if not set(people) <= {each.id for each in receivers(node, actor)}:
            raise NotAllowed("A facilitator gives badges to the own learners, nobody to themselves. Nothing was given.")
        fresh = sorted(set(people) - holders(node, badge_id))
        made = [_statement(node, actor, found, person, words, form) for person in fresh]
        made = [each for each in made if not store.is_kept(node, each["id"])]
        if made:
            store.keep_own(node, made)
        return len(made)

    return node.write(work)


def holders(node: Node, badge_id: str) -> set[str]:
    """The people who have a badge, by id."""
    return {each.person for each in _standing(node, node.tables.Award.badge == badge_id)}


def take_back(node: Node, *, actor: Person, statement: str) -> Award:
    """Take a badge back; returns what was. Safe to repeat. Raises NotFound, or NotAllowed unless `actor` gave it, may
    give badges to that person, or is a steward."""
    table = node.tables.Award
    found = _awards(node, table.select().where(table.statement == statement.lower()))
    if not found:
        raise NotFound("This was not given here. Nothing was changed; open the badge again.")
    if actor.id != found[0].giver and found[0].person not in {each.id for each in receivers(node, actor)}:
        raise NotAllowed("Whoever gave it, who leads the learner's circle and stewards do this. Nothing was changed.")
    void(node, actor=actor, statement=found[0].statement)
    return found[0]


def of_person(node: Node, person: str) -> list[Award]:
    """The badges that somebody has, the latest first."""
    return _standing(node, node.tables.Award.person == person)


def given_to(node: Node, badge_id: str, people: Collection[str]) -> list[Award]:
    """Which of these people have a badge, the latest first."""
    return [each for each in _standing(node, node.tables.Award.badge == badge_id) if each.person in set(people)]


def _check_defines(actor: Person) -> None:
    if not defines(actor):
        raise NotAllowed("Facilitators and stewards define and give badges. Nothing was changed; tell one of them.")


def _checked(node: Node, said: Definition) -> dict[str, Any]:
    """The fields of a badge as they are kept. Raises InputWrong."""
    name, means = " ".join(typed.text(said.name, NAME_MAX).split()), typed.text(said.means, MEANS_MAX)
    if said.picture not in PICTURES:
        raise InputWrong("That picture is not among ours. Nothing was changed; choose one from the page.")
    wanted = list(dict.fromkeys(said.competencies))
    if len(wanted) > COMPETENCIES_MAX or not set(wanted) <= _on_shelf(node):
        raise InputWrong(
            "A badge stands for at most %(most)s things that are on the shelf. Nothing was changed; choose fewer.",
            most=COMPETENCIES_MAX,
        )
    return {
        "name": name,
        "means": means,
        "picture": said.picture,
        "language": said.language,
        "competencies": " ".join(wanted),
    }


def _on_shelf(node: Node) -> set[str]:
    return {field_id(manifest, each.id) for manifest in node.shelf.list() for each in manifest.competencies}


def _statement(node: Node, actor: Person, given: Badge, person: str, sentence: str, form: str) -> dict[str, Any]:
    language = given.language or "und"
    definition = {"type": BADGE_TYPE, "name": {language: given.name}, "description": {language: given.means}}
    stands_for = [{"id": competency(each), "definition": {"type": COMPETENCY_TYPE}} for each in given.competencies]
    made: dict[str, Any] = {
        "id": derived("badge", form, person, given.id),
        "actor": person_actor(person),
        "verb": {"id": VERBS["earned"], "display": {"en": "earned"}},
        "object": {"id": badge(given.id), "definition": definition},
        "timestamp": moment_text(node.clock.now_ms()),
        "context": {"instructor": {"objectType": "Agent", **person_actor(actor.id)}},
    }
    if sentence:
        made["result"] = {"extensions": {FEEDBACK: sentence}}
    if stands_for:
        made["context"]["contextActivities"] = {"other": stands_for}
    return made


def _standing(node: Node, condition: Any) -> list[Award]:
    table = node.tables.Award
    query = table.select().where(condition & (table.is_voided == 0))
    return _awards(node, query.order_by(table.at_ms.desc(), table.statement))


def _awards(node: Node, found: Any) -> list[Award]:
    """Rows as awards; one whose badge has not come yet shows nothing."""
    rows, known = list(found), {each.id: each for each in badges(node)}
    return [
        Award(row.statement, row.person, known[row.badge], row.giver, row.sentence, row.at_ms)
        for row in rows
        if row.badge in known
    ]


def _badge(row: Any) -> Badge:
    return Badge(
        id=row.id,
        name=row.name,
        means=row.means,
        competencies=tuple(row.competencies.split()),
        picture=row.picture,
        language=row.language,
        definer=row.definer,
        is_given=bool(row.is_given),
    )
