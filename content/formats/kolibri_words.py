"""Words of Kolibri in words of ours: licences, levels, and what of a channel does not fit."""

from collections.abc import Iterable

from content.draft import LeftOut
from content.errors import N_

LICENCES = {
    "CC BY": "CC-BY-4.0",
    "CC BY-SA": "CC-BY-SA-4.0",
    "CC BY-ND": "CC-BY-ND-4.0",
    "CC BY-NC": "CC-BY-NC-4.0",
    "CC BY-NC-SA": "CC-BY-NC-SA-4.0",
    "CC BY-NC-ND": "CC-BY-NC-ND-4.0",
}
"""Names there → names that programs know; any other stays as it is."""
_BEGINNER, _MIDDLE, _ADVANCED = "beginner", "middle", "advanced"
LEVELS = {
    **dict.fromkeys(("FOhG0ib", "wnarlxKo", "H64ZOHfi"), _BEGINNER),  # preschool, lower primary, basic skills
    **dict.fromkeys(("BkGYi3lD", "eLt0Mbu4"), _MIDDLE),  # upper primary, lower secondary
    **dict.fromkeys(("ZEjiwvOb", "FYxwbxts", "ZrgBU73s", "Z#97dvst"), _ADVANCED),  # from upper secondary to work
}
"""Codes of grade levels, as all tools around Kolibri share them."""

MISSING = N_("things whose file is not there are left out")
DAMAGED = N_("things whose file is damaged or not what it says are left out")
CAPTIONS = N_("captions whose file is not there are left out")
LOST = N_("things that stand in no topic of the channel are left out")
TOLD = N_("questions that need the player Perseus are shown as text, with their hints, and cannot be answered")
SMALLER = N_("of films in two sizes the smaller one is taken")
LANGUAGES = N_("things in another language stand under that of the channel")
FULL = N_("exercises whose pictures and sounds are more than there is room for while a channel comes are left out")
BLOOM = N_("books in the format BloomPUB are left out")
OTHER = N_("things of a kind that the library does not have are left out")

NO_PLAYER = {"bloompub": BLOOM}
"""Preset of a file → what is said of things that need a player of their own."""


class Counts:
    """What does not fit, and how many it is about, in the order in which it was met."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def add(self, what: str, count: int = 1) -> None:
        """Note a phrase once more."""
        if count:
            self._counts[what] = self._counts.get(what, 0) + count

    def left_out(self) -> tuple[LeftOut, ...]:
        """Everything that was noted."""
        return tuple(LeftOut(what, count=count) for what, count in self._counts.items())


def licence(names: Iterable[str]) -> str:
    """The licences of a channel, each once."""
    return ", ".join(dict.fromkeys(LICENCES.get(name, name) for name in names if name))[:200]


def level(codes: Iterable[str]) -> str:
    """The one level that all codes mean, else ""."""
    found = {LEVELS[code] for code in codes if code in LEVELS}
    return found.pop() if len(found) == 1 else ""
