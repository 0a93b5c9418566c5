"""What was seen of somebody and which badges they have, with the words and names that pages say beside it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext

from hub import badges
from hub.badges import Award
from hub.learning import observations
from hub.learning.known import Seen
from hub.learning.progress import competencies
from hub.node import Node
from hub.people import roster
from hub.tables.recognition import ALONE, NOT_YET, TEACHES, WITH_HELP

LEVELS: dict[int, tuple[object, str]] = {
    NOT_YET: (lazy_gettext("not yet"), "seed"),
    WITH_HELP: (lazy_gettext("with help"), "sprout"),
    ALONE: (lazy_gettext("alone"), "plant"),
    TEACHES: (lazy_gettext("teaches others"), "flower"),
}
"""How well somebody was seen to do something: what is said of it, and its drawing."""
KINDLY: dict[int, object] = {
    NOT_YET: lazy_gettext("You are at its beginning."),
    WITH_HELP: lazy_gettext("You do it with somebody beside you."),
    ALONE: lazy_gettext("You do it by yourself."),
    TEACHES: lazy_gettext("You show others how."),
}
"""The same, said to whoever was seen."""
LATEST = 3
"""Observations that a guardian's card names."""


@dataclass(frozen=True)
class SeenLine:
    """One observation as a page says it: the sentence of what was seen, in its language, and who saw it ("" when
    nobody knows any more)."""

    seen: Seen
    says: str
    language: str
    observer: str


@dataclass(frozen=True)
class AwardLine:
    """One badge that somebody has, and who gave it."""

    award: Award
    giver: str


def seen_of(
    node: Node, person: str, *, languages: Sequence[str], limit: int = observations.SHOWN_MAX
) -> list[SeenLine]:
    """What was seen of somebody, the latest first, in the reader's languages where the work stands in them."""
    found = observations.of_person(node, person, limit=limit)
    if not found:
        return []
    who, named = names(node, {each.observer for each in found}), competencies(node, languages=languages)
    lines = []
    for each in found:
        manifest, says, _ = named.get(each.competency, (None, each.words or each.competency.rpartition("/")[2], ""))
        language = manifest.language if manifest else each.language
        lines.append(SeenLine(each, says, language, who.get(each.observer, "")))
    return lines


def awards_of(node: Node, person: str) -> list[AwardLine]:
    """The badges that somebody has, the latest first."""
    found = badges.of_person(node, person)
    who = names(node, {each.giver for each in found})
    return [AwardLine(each, who.get(each.giver, "")) for each in found]


def names(node: Node, ids: Collection[str]) -> dict[str, str]:
    """Person id → name, also of those who rest; whoever is not known here is absent."""
    found = (roster.find(node, each) for each in sorted(ids))
    return {each.id: each.name for each in found if each is not None}
