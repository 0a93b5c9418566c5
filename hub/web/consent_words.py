"""What pages call the words of consent: what holds, who said it and how, and the card as it is read out."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import get_locale, gettext, lazy_gettext

from hub.consent import purposes, standing, visits
from hub.consent.purposes import PURPOSES, Purpose
from hub.consent.standing import Act
from hub.node import Node
from hub.people import roster
from hub.tables.consents import GIVEN, REFUSED, WITHDRAWN
from hub.web import words

ANSWERS: dict[str, object] = {
    standing.NOT_ASKED: lazy_gettext("not asked yet"),
    GIVEN: lazy_gettext("said yes"),
    REFUSED: lazy_gettext("said no"),
    WITHDRAWN: lazy_gettext("taken back"),
}
ICONS = {standing.NOT_ASKED: "wait", GIVEN: "yes", REFUSED: "no", WITHDRAWN: "no"}
TONES = {standing.NOT_ASKED: "tide", GIVEN: "good", REFUSED: "clay", WITHDRAWN: "clay"}
HOWS: dict[str, object] = {
    "screen": lazy_gettext("face to face"),
    "paper": lazy_gettext("on paper"),
    "phone": lazy_gettext("signed in by themselves"),
}


@dataclass(frozen=True)
class Asked:
    """One purpose as a page shows it: its words in the page's language, what holds for a person, by which answers."""

    name: str
    icon: str
    title: str
    asks: str
    means: str
    holds: str
    ends: str
    answer: str
    seen: tuple[str, ...]

    @property
    def is_given(self) -> bool:
        """Whether there is a yes that can be taken back."""
        return self.answer == GIVEN

    @property
    def is_no(self) -> bool:
        """Whether there is a no."""
        return standing.is_no(self.answer)


def asked(node: Node, person: str) -> list[Asked]:
    """Every purpose with what holds for a person."""
    found = standing.by_purpose(standing.acts(node, [person]))
    asked_now = purposes.asked_here(node)
    return [_asked(each, found[each.name]) for each in PURPOSES if each in asked_now or found[each.name]]


def _asked(purpose: Purpose, found: Sequence[Act]) -> Asked:
    texts = {part: gettext(getattr(purpose, part)) for part in ("title", "asks", "means", "holds", "ends")}
    seen = tuple(each.id for each in standing.heads(found))
    return Asked(name=purpose.name, icon=purpose.icon, answer=standing.holding(found), seen=seen, **texts)


def card(node: Node) -> str:
    """The version of the card as this page reads it out, kept if it is the first time."""
    read = [str(gettext(text)) for text in purposes.sentences(node)]
    return visits.keep_card(node, language=str(get_locale()), words=read)


def cards(node: Node) -> list[tuple[str, str]]:
    """The versions that a paper may carry, as a list to choose from: first the words of this page."""
    known = [
        (version, gettext("%(version)s, %(language)s", version=version, language=words.language(language)))
        for version, language in visits.cards(node)
    ]
    return [("", gettext("The words of this page")), *known]


def giver(node: Node, act: Act) -> str:
    """The name of who said it."""
    found = roster.find(node, act.giver) if act.giver else None
    return found.name if found else act.giver_name


def witness(node: Node, act: Act) -> str:
    """The name of who wrote it down; "" when they wrote for themselves."""
    found = roster.find(node, act.witness) if act.witness != act.giver else None
    return found.name if found else ""


def title(purpose: str) -> str:
    """What a purpose is called; its short name when this program does not know it."""
    found = purposes.purpose(purpose)
    return str(gettext(found.title)) if found else purpose
