"""What may be chosen on the library's pages besides words: the names of facets and values, and where each choice leads.

Every choice is an address, so that it works without a script and can be kept and passed on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request
from flask_babel import lazy_gettext

from content.facets import FACETS
from hub import finding
from hub.collections import shelves
from hub.finding import Facet, Value
from hub.sentences import number
from hub.web import words
from hub.web.here import node, viewer

VALUE_CHARS_MAX = 200

TITLES: dict[str, tuple[object, str]] = {
    "language": (lazy_gettext("Language"), "globe"),
    "kind": (lazy_gettext("Films, books, lessons …"), "library"),
    "use": (lazy_gettext("Lesson, exercise, story …"), "star"),
    "collection": (lazy_gettext("By shelf"), "list"),
    "level": (lazy_gettext("For whom"), "sprout"),
    "time": (lazy_gettext("How long"), "clock"),
    "sound": (lazy_gettext("Sound"), "audio"),
    "competency": (lazy_gettext("What I will be able to do"), "hand"),
    "goal": (lazy_gettext("Goals of the world"), "target"),
}
"""Facet to what it is called, and its icon."""

BROWSED = ("kind", "collection", "level", "competency", "goal")
"""Facets that have a page of their own."""

TIMES: dict[str, object] = {
    "10": lazy_gettext("up to 10 minutes"),
    "30": lazy_gettext("up to 30 minutes"),
    "more": lazy_gettext("more than 30 minutes"),
}
SILENT = lazy_gettext("works without sound")

GOALS: dict[str, object] = {
    "1": lazy_gettext("No poverty"),
    "2": lazy_gettext("No hunger"),
    "3": lazy_gettext("Good health"),
    "4": lazy_gettext("Good education"),
    "5": lazy_gettext("Women and men are equal"),
    "6": lazy_gettext("Clean water and toilets"),
    "7": lazy_gettext("Clean energy"),
    "8": lazy_gettext("Good work"),
    "9": lazy_gettext("Industry and new ideas"),
    "10": lazy_gettext("Less inequality"),
    "11": lazy_gettext("Good towns and villages"),
    "12": lazy_gettext("Use things well"),
    "13": lazy_gettext("Protect the climate"),
    "14": lazy_gettext("Life in the water"),
    "15": lazy_gettext("Life on land"),
    "16": lazy_gettext("Peace and justice"),
    "17": lazy_gettext("Do it together"),
}
"""The goals of the United Nations, in short."""


Named = Mapping[str, tuple[str, str]]
"""Values of a facet → what each is called, and in which language."""


@dataclass(frozen=True)
class Choice:
    """One value as a page shows it: `href` chooses it, or lets go of it when it is chosen. `language` is that of its
    words, "" for that of the page."""

    facet: str
    label: str
    language: str
    icon: str
    count: str
    href: str
    is_chosen: bool


@dataclass(frozen=True)
class Group:
    """The choices of one facet."""

    name: str
    title: str
    icon: str
    choices: tuple[Choice, ...]


def titled(facet: str) -> tuple[str, str]:
    """What a facet is called, and its icon."""
    title, icon = TITLES[facet]
    return str(title), icon


def chosen() -> dict[str, str]:
    """What the address chooses of each facet."""
    told = {facet: request.args.get(facet, "").strip() for facet in FACETS}
    return {facet: value for facet, value in told.items() if value and len(value) <= VALUE_CHARS_MAX}


def address(asked: str, choices: Mapping[str, str]) -> str:
    """The address of a search with these choices, without a page; of the shelf without words."""
    told = ({"q": asked} if asked else {}) | {facet: choices[facet] for facet in FACETS if facet in choices}
    return f"/library/?{urlencode(told)}" if told else "/library/"


def groups(
    facets: Iterable[Facet], choices: Mapping[str, str], asked: str = "", *, total: int = 0
) -> tuple[Group, ...]:
    """The facets as a page shows them; one that would leave all of the `total` that are there is left out."""
    kept = [facet for facet in facets if facet.name in choices or _is_worth_it(facet, total)]
    told = {"competency": _abilities(kept), "collection": _shelves(kept)}
    return tuple(_group(facet, choices, asked, told) for facet in kept)


def taken(shown: Sequence[Group]) -> list[Choice]:
    """What is chosen: each leads to the same page without it."""
    return [choice for group in shown for choice in group.choices if choice.is_chosen]


def _abilities(kept: Iterable[Facet]) -> Named:
    names = [value.name for facet in kept if facet.name == "competency" for value in facet.values]
    return finding.abilities(node(), names, words.reading(viewer())) if names else {}


def _shelves(kept: Iterable[Facet]) -> Named:
    """What collections are called; nobody says in which language."""
    if not any(facet.name == "collection" for facet in kept):
        return {}
    return {name: (title, "") for name, title in shelves.titles(node()).items()}


def _is_worth_it(facet: Facet, total: int) -> bool:
    return len(facet.values) > 1 or facet.values[0].count != total


def _group(facet: Facet, choices: Mapping[str, str], asked: str, told: Mapping[str, Named]) -> Group:
    """A facet as a page shows it. A collection that is gone is left out, though the catalogue may know it yet."""
    title, icon = titled(facet.name)
    values = [value for value in facet.values if value.is_chosen or not _is_gone(value, told)]
    shown = [_choice(value, choices, asked, told, icon) for value in values]
    return Group(facet.name, title, icon, tuple(shown))


def _is_gone(value: Value, told: Mapping[str, Named]) -> bool:
    return value.facet == "collection" and value.name not in told["collection"]


def _choice(value: Value, choices: Mapping[str, str], asked: str, told: Mapping[str, Named], icon: str) -> Choice:
    rest = {facet: each for facet, each in choices.items() if facet != value.facet}
    href = address(asked, rest if value.is_chosen else {**rest, value.facet: value.name})
    label, language = label_of(value.facet, value.name), ""
    if value.facet in told:
        label, language = told[value.facet].get(value.name, (value.name, ""))
    if value.facet == "kind" and value.name in words.KINDS:
        icon = words.icon(value.name)
    count = f"{number(value.count)}+" if value.is_capped else number(value.count)
    return Choice(value.facet, label, language, icon, count, href, value.is_chosen)


def label_of(facet: str, name: str) -> str:
    """What a value is called in the language of the page; as it was typed when we know no such value."""
    if facet == "goal":
        return f"{number(int(name))} · {GOALS[name]}" if name in GOALS else name
    named = {"language": words.language, "kind": words.kind, "level": words.level, "use": words.use}
    told = {"time": TIMES, "sound": {"none": SILENT}}
    return (named[facet](name) if facet in named else str(told.get(facet, {}).get(name, name))) or name
