"""Changes of a draft in words, for the buttons that take them back and do them again."""

from flask_babel import gettext as _

from content.errors import N_
from hub.sentences import isolated
from hub.web.writing_forms import name_of
from hub.writing import steps
from hub.writing.parts import Part
from hub.writing.steps import Step

SHOWN_CHARS = 40
"""Letters of a part that tell which one it is."""
_SAID = {
    steps.ADD: N_("Added: %(part)s"),
    steps.CHANGE: N_("Changed: %(part)s"),
    steps.UP: N_("Moved up: %(part)s"),
    steps.DOWN: N_("Moved down: %(part)s"),
    steps.REMOVE: N_("Taken out: %(part)s"),
    steps.BACK: N_("Brought back: %(part)s"),
}
"""Kind of step → what it did."""


def changed(step: Step, *, is_course: bool) -> str:
    """What a step did in a lesson or a course, such as: Moved up: Picture “Two hands”."""
    if step.part is None:
        return str(_("What it says of itself"))
    return str(_(_SAID[step.kind], part=_named(step.part, is_course=is_course)))


def _named(part: Part, *, is_course: bool) -> str:
    """A part by its kind and its first letters."""
    line = " ".join(part.text.split())
    shown = line if len(line) <= SHOWN_CHARS else f"{line[:SHOWN_CHARS].rstrip()}…"
    return str(_("%(kind)s “%(words)s”", kind=name_of(part.kind, is_course=is_course), words=isolated(shown)))
