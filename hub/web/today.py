"""What each role needs to know today: gathered from the services here, said in `templates/home/`."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from content.package import Manifest
from hub import library, wholeness
from hub.care.health import health
from hub.consent.overview import overview
from hub.governance import standing
from hub.learning import classes, progress
from hub.learning.classes import CAN, ClassTable
from hub.learning.progress import Grown, Step, Tally
from hub.lending import loans
from hub.node import Node
from hub.outcomes import outcomes
from hub.people import circles, households
from hub.people.roster import Person
from hub.tide import coming, peers, report
from hub.web import consent_words, here, recognised, words
from hub.web.chores import chores
from hub.web.pictures import COVER_BYTES_MAX, cover_thumb, thumb
from hub.writing import roles

PLANTS_SHOWN = 6
CAN_SHOWN = 3
STRANDS_SHOWN = 3
CHORES_SHOWN = 5


@dataclass(frozen=True)
class Card:
    """What a guardian hears of one child: what went well, what is being learned, and one thing to try at home."""

    child: Person
    tally: Tally
    can: tuple[Grown, ...]
    learning: tuple[Grown, ...]
    try_at_home: Grown | None


@dataclass(frozen=True)
class Group:
    """One circle of a facilitator with the strands in which most learners wait for help or for the next step.

    `more` is how many further ones there are.
    """

    table: ClassTable
    help: tuple[classes.Strand, ...]
    ready: tuple[classes.Strand, ...]
    more: int


def of_learner(node: Node, person: Person) -> dict[str, Any]:
    """The next step, three to choose from, what could be done once more, and what has grown."""
    step = progress.continue_with(node, person.id)
    grown = progress.garden(node, person.id, languages=words.reading(person))
    return {
        "is_bare": not node.shelf.list(),
        "step": step,
        "choices": progress.choices(node, person.id, limit=progress.CHOICES + (step is None)),
        "again": once_more(node, person, grown),
        "offered": progress.CHOICES,
        "garden": grown[:PLANTS_SHOWN],
        "can": [each for each in grown if each.state in CAN],
        "art": art,
    }


def of_guardian(node: Node, person: Person) -> dict[str, Any]:
    """A card for each child."""
    languages = words.reading(person)
    cards = [card(node, child, languages) for child in households.children_of(node, person.id)]
    consents = {each.child.id: consent_words.asked(node, each.child.id) for each in cards}
    told = {
        each.child.id: (
            recognised.awards_of(node, each.child.id),
            recognised.seen_of(node, each.child.id, languages=languages, limit=recognised.LATEST),
        )
        for each in cards
    }
    faces = {"states": words.GARDEN, "levels": recognised.LEVELS, "faces": consent_words}
    return {"cards": cards, "art": art, "consents": consents, "recognised": told, **faces}


def of_facilitator(node: Node, person: Person) -> dict[str, Any]:
    """Each circle that the person leads: who needs what; and what they wrote that came back."""
    led, languages = circles.led_by(node, person.id), words.reading(person)
    tables = [classes.class_table(node, circle=circle.id, languages=languages) for circle in led]
    return {"groups": [group(table) for table in tables], "back": roles.came_back(node, person=person.id)}


def of_librarian(node: Node, person: Person) -> dict[str, Any]:
    """How the hub is, what on the shelf is damaged, what was handed in, and the slow work that waits."""
    waiting = chores(node, person)
    facts = {"health": health(node), "damaged": library.damaged(node), "size": words.size, **_unasked(node, person)}
    facts["lent"], facts["handed"] = len(loans.out(node)), roles.waiting(node)
    facts["broken"] = sum(bool(each.path) for each in wholeness.report(node).broken)
    return {**facts, "chores": waiting[:CHORES_SHOWN], "more": max(0, len(waiting) - CHORES_SHOWN)}


def of_steward(node: Node, person: Person) -> dict[str, Any]:
    """What needs a decision, what leaves and how it stands with it, what was learned, and who was not asked."""
    now_ms, decided = node.clock.now_ms(), standing.read(node)
    waiting = {
        "due": [each for each in decided if each.is_due(now_ms)],
        "open": [each for each in decided if each.is_open],
    }
    facts = {"found": outcomes(node), "facts": health(node), "goes": coming.shortly(node)}
    return {**waiting, **_tides(node), **facts, **_unasked(node, person)}


def _unasked(node: Node, person: Person) -> dict[str, Any]:
    """How many of those who learn here were not asked about everything yet."""
    return {"unasked": len(overview(node, person).unasked)}


def of_partner(node: Node, _person: Person) -> dict[str, Any]:
    """What is learned here, in numbers only."""
    return {"found": outcomes(node)}


def of_region(node: Node, _person: Person) -> dict[str, Any]:
    """The hubs that come here by their last tide, and how it stands with those that this one goes to."""
    coming = [peer for peer in peers.peers(node) if not peer.url]
    return {**_tides(node), "hubs": sorted(coming, key=lambda peer: -peer.seen_ms), "found": outcomes(node)}


def _tides(node: Node) -> dict[str, Any]:
    states = report.states(node)
    return {"tides": [(state.is_well, report.words(state)) for state in states], "no_peer": report.no_peer()}


def art(each: Step | Grown) -> str:
    """The drawing that stands for a step or for a competency: a picture's address, or an icon's name."""
    if each.manifest is not None and each.picture:
        return thumb(here.node(), each.manifest, each.picture)
    if isinstance(each, Step):
        return cover_thumb(here.node(), each.manifest, most=COVER_BYTES_MAX) or words.icon(each.item.kind)
    return "target"


def once_more(node: Node, person: Person, grown: list[Grown]) -> list[tuple[Manifest, bool]]:
    """Works that somebody has finished, each with whether they can do all of it; those where they cannot come first."""
    young = {each.manifest.work for each in grown if each.manifest is not None and each.state not in CAN}
    finished = [way.manifest for way in progress.of_person(node, person.id) if way.next_item is None]
    return sorted(((each, each.work not in young) for each in finished), key=itemgetter(1))


def card(node: Node, child: Person, languages: Sequence[str]) -> Card:
    """The card of one child for a reader of some languages; what to try is what asks for help, else what is newest."""
    grown = progress.garden(node, child.id, languages=languages)
    can = [each for each in grown if each.state in CAN]
    learning = sorted((each for each in grown if each.state not in CAN), key=lambda each: not each.needs_help)
    return Card(
        child=child,
        tally=progress.tally(node, child.id),
        can=tuple(can[-CAN_SHOWN:]),
        learning=tuple(learning[:CAN_SHOWN]),
        try_at_home=next(iter([*learning, *reversed(can)]), None),
    )


def group(table: ClassTable) -> Group:
    """The strands of a class that matter today, the fullest first."""
    waiting = sorted((each for each in table.strands if each.help), key=lambda each: -len(each.help))
    ready = sorted((each for each in table.strands if each.ready), key=lambda each: -len(each.ready))
    more = sum(max(0, len(each) - STRANDS_SHOWN) for each in (waiting, ready))
    return Group(table, tuple(waiting[:STRANDS_SHOWN]), tuple(ready[:STRANDS_SHOWN]), more)
