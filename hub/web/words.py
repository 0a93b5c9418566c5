"""What pages call things that are the same everywhere: languages, kinds of items, sizes, levels."""

import math
from collections.abc import Callable, Sequence

from babel import Locale, UnknownLocaleError
from flask import session
from flask_babel import get_locale, gettext, lazy_gettext

from content import offer
from hub import sentences
from hub.agreeing import Thing
from hub.people.roster import Person

KINDS: dict[str, tuple[object, str]] = {
    "lesson": (lazy_gettext("Lessons"), "lesson"),
    "quiz": (lazy_gettext("Quizzes"), "quiz"),
    "video": (lazy_gettext("Films"), "video"),
    "audio": (lazy_gettext("Sounds"), "audio"),
    "pdf": (lazy_gettext("PDF"), "pdf"),
    "book": (lazy_gettext("Books"), "book"),
    "html5": (lazy_gettext("Activities"), "web"),
    "pictures": (lazy_gettext("Pictures"), "photo"),
    "zim": (lazy_gettext("Encyclopaedias"), "library"),
    "scorm": (lazy_gettext("Courses"), "web"),
    "h5p": (lazy_gettext("Interactive tasks"), "web"),
    "cmi5": (lazy_gettext("Courses"), "web"),
    "tincan": (lazy_gettext("Activities"), "web"),
}
"""Kind of item to what a list of them is called, and its icon."""

LEVELS: dict[str, object] = {
    "beginner": lazy_gettext("for beginners"),
    "middle": lazy_gettext("for those who know a little"),
    "advanced": lazy_gettext("for those who know much"),
}
STATES: dict[int, object] = {
    1: lazy_gettext("begun"),
    2: lazy_gettext("finished"),
    3: lazy_gettext("passed"),
}
"""How far somebody is with an item, as `hub.tables.learning.Progress` counts it."""
GARDEN: dict[str, object] = {
    "seed": lazy_gettext("begun"),
    "sprout": lazy_gettext("on the way"),
    "plant": lazy_gettext("can do it"),
    "flower": lazy_gettext("can still do it days later"),
}
"""What somebody can do, as `hub.learning.rules.STATES` names it."""
GROUPS: dict[str, tuple[object, str]] = {
    "help": (lazy_gettext("needs help"), "hand"),
    **{name: (said, name) for name, said in GARDEN.items()},
    "not begun": (lazy_gettext("not begun yet"), "dots"),
}
"""A group of a class by its level (`hub.learning.groups.ORDER`): what is said of whoever is in it, and its icon."""
LEARNS = "learns"
"""Under this name a guest's phone keeps the languages of its learning."""
APART = "\u00a0"
"""Between a number and its unit, where no line ends."""
KILO = 1_000
"""Sizes are told as phones tell them, in thousands."""
USES: dict[str, object] = {
    "lesson": lazy_gettext("lesson"),
    "exercise": lazy_gettext("exercise"),
    "story": lazy_gettext("story"),
    "song": lazy_gettext("song"),
    "reference": lazy_gettext("to look things up"),
    "game": lazy_gettext("game"),
    "project": lazy_gettext("project"),
    "test": lazy_gettext("test"),
    "guide": lazy_gettext("guide for whoever teaches"),
}
"""What one does with a work: `content.shapes.USES`."""
TOLD_FIRST = (
    "zim",
    "scorm",
    "h5p",
    "cmi5",
    "tincan",
    "html5",
    "video",
    "audio",
    "book",
    "pdf",
    "pictures",
    "lesson",
    "quiz",
)
"""Which kind stands for a package of several: what makes it unlike the others."""

STANDING: dict[str, tuple[object, str, str]] = {
    offer.SAME: (lazy_gettext("stands here already"), "good", "check"),
    offer.COPY: (lazy_gettext("stands here already as %(title)s"), "good", "check"),
    offer.ALIKE: (lazy_gettext("looks like what stands here already"), "good", "check"),
    offer.NEWER: (lazy_gettext("takes the place of what stands here"), "tide", "again"),
    offer.OLDER: (lazy_gettext("older than what stands here"), "warn", "clock"),
}
"""Against the shelf: word, tone and icon; what is new there needs none."""
LIKE = lazy_gettext("looks like %(title)s, which stands here already")


def said(mistake: Exception) -> str:
    """What a mistake says, in the language of the page."""
    return sentences.speak(sentences.of(mistake))


def reading(person: Person | None) -> tuple[str, ...]:
    """The languages in which somebody reads what stands on the shelf, the first one first: those they learn in, else
    that of the page. A guest's stay with the phone."""
    chosen = person.learns if person else tuple(session.get(LEARNS, "").split())
    return chosen or (str(get_locale()),)


def clock(seconds: int) -> str:
    """A place in a film or a sound as players show it: 7:05, 1:07:05."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}:{rest:02}" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02}:{rest:02}"  # noqa: PLR2004 - clock


def language(code: str) -> str:
    """A language by its name in the language of the page; the code itself when it has none there."""
    if code == "und":
        return str(gettext("language not told"))
    try:
        name = str(Locale.parse(code, sep="-").get_display_name(get_locale()) or code)
    except (UnknownLocaleError, ValueError):
        return code
    return name[:1].upper() + name[1:]


def standing(thing: Thing) -> tuple[str, str, str] | None:
    """How something stands against the shelf: words, tone and icon; None for what is new there."""
    if thing.standing not in STANDING:
        return None
    word, tone, art = STANDING[thing.standing]
    said = str(LIKE if thing.standing == offer.ALIKE and thing.called else word)
    return said % {"title": sentences.isolated(thing.called)} if thing.called else said, tone, art


def kind(name: str) -> str:
    """What a list of items of a kind is called."""
    return str(KINDS[name][0]) if name in KINDS else name


def use(name: str) -> str:
    """What one does with a work of a kind of use; "" where nothing is said."""
    return str(USES.get(name, ""))


def icon(name: str) -> str:
    """The icon of a kind of item; of a package for ""."""
    return KINDS[name][1] if name else "library"


def icon_of(kinds: Sequence[str]) -> str:
    """The icon of a package that holds items of these kinds."""
    return icon(next((each for each in TOLD_FIRST if each in kinds), ""))


def size(size_bytes: int) -> str:
    """A size for people: kB, MB or GB, with one decimal where it matters; number and unit stay on one line."""
    return _told(size_bytes, round)


def limit(size_bytes: int) -> str:
    """The same of the most that may be, rounded down: what is said to be allowed is."""
    return _told(size_bytes, _cut)


def _told(size_bytes: int, rounded: Callable[[float, int], float]) -> str:
    units = ((KILO**3, gettext("GB")), (KILO**2, gettext("MB")), (KILO, gettext("kB")))
    bytes_ = gettext("B")
    for unit, name in units:
        if size_bytes >= unit:
            amount = size_bytes / unit
            return f"{sentences.number(rounded(amount, 1 if amount < 10 else 0))}{APART}{name}"  # noqa: PLR2004
    return f"{sentences.number(size_bytes)}{APART}{bytes_}"


def _cut(amount: float, digits: int) -> float:
    scale = float(10**digits)
    return math.floor(amount * scale) / scale


def level(name: str) -> str:
    """For whom a package is; "" when it does not say."""
    return str(LEVELS.get(name, ""))


def state(number: int) -> str:
    """How far somebody is with an item; "" for not opened."""
    return str(STATES.get(number, ""))
