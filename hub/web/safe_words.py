"""What can be reported, in words and drawings, and what was done about it."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from hub.tables.protection import LOOKED, PASSED_ON, SETTLED, TALKED


@dataclass(frozen=True)
class Face:
    """What something is called, and its drawing."""

    name: object
    icon: str


SORTS: dict[str, Face] = {
    "afraid": Face(_("I am sad or afraid"), "sad"),
    "hurt": Face(_("Somebody hurts or scares somebody"), "stop"),
    "secret": Face(_("Somebody asks me to keep a secret"), "lock"),
    "page": Face(_("There is something bad on the page"), "photo"),
    "other": Face(_("Something else"), "help"),
}
"""What is told by one press."""
STEPS: dict[str, Face] = {
    LOOKED: Face(_("I have looked at it"), "check"),
    TALKED: Face(_("I have talked with them"), "people"),
    PASSED_ON: Face(_("I have passed it on to somebody who helps"), "out"),
    SETTLED: Face(_("It is settled"), "heart"),
}
"""What a reader did."""
