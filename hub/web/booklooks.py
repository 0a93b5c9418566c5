"""A book's own pages in larger letters, with lines wider apart, light or dark: what is laid over each chapter.

The look is part of the address (`…/<digest>~210/…`), so that a link from chapter to chapter keeps it, and a page under
one address never changes. A person's choice goes with the person, a guest's stays with the phone.
"""

import io
from collections.abc import Mapping
from dataclasses import replace

from flask import session
from flask_babel import lazy_gettext

from content.limits import MIB
from hub.node import Node
from hub.people import booklooks
from hub.people.booklooks import Look
from hub.people.roster import Person
from hub.web.colours import colours
from hub.web.files import Blob

SIGN = "~"
"""Stands in an address between the digest of a book and its look."""
GUEST = "booklook"
"""Under this name a guest's browser keeps the choice."""
CHAPTER_BYTES_MAX = 4 * MIB
"""A longer page is shown as it is: it would be read into memory whole."""
PAGES = ("text/html", "application/xhtml+xml")
_HEAD_END = b"</head>"
_ZOOMS = ("1", "1.35", "1.75", "2.3")
CHOICES: dict[str, tuple[object, tuple[object, ...]]] = {
    "size": (
        lazy_gettext("Letters"),
        (
            *(lazy_gettext("As in the book"), lazy_gettext("Large")),
            *(lazy_gettext("Larger"), lazy_gettext("As large as can be")),
        ),
    ),
    "lines": (lazy_gettext("Lines"), (lazy_gettext("As in the book"), lazy_gettext("Wide apart"))),
    "light": (lazy_gettext("Paper"), (lazy_gettext("As in the book"), lazy_gettext("Light"), lazy_gettext("Dark"))),
}
"""Each of `booklooks.STEPS` → what it is called, and what its values are."""


def of(node: Node, person: Person | None) -> Look:
    """How whoever looks wants books."""
    return booklooks.kept(node, person.id) if person else booklooks.read(str(session.get(GUEST, "")))


def take(node: Node, person: Person | None, form: Mapping[str, str]) -> None:
    """Keep what a form chooses, with the person, or for a guest with the phone. Raises InputWrong."""
    look = of(node, person)
    for name in booklooks.STEPS:
        look = booklooks.changed(look, name=name, value=form[name]) if name in form else look
    if person is None:
        session[GUEST] = look.mark
    else:
        booklooks.keep(node, person=person.id, look=look)


def worn(found: Blob, mark: str) -> Blob:
    """A page of a book in a look; as it is where the mark names none, or nobody can tell where its head ends."""
    look = booklooks.read(mark)
    if not look.mark or found.size > CHAPTER_BYTES_MAX or found.kind.partition(";")[0] not in PAGES:
        return found
    try:
        with found.open() as file:
            data = file.read()
    except OSError:
        return found  # whoever sends it says so
    place = data.lower().find(_HEAD_END)
    if place < 0:
        return found
    data = data[:place] + style(look).encode() + data[place:]
    return replace(found, open=lambda: io.BytesIO(data), size=len(data), mark=f"{found.mark}-{look.mark}")


def style(look: Look) -> str:
    """What makes a book look so, over all that it says itself; as XML and as HTML the same."""
    rules = (_letters(look.size) if look.size else "") + (_LINES if look.lines else "") + _paper(look.light)
    return f'<style xmlns="http://www.w3.org/1999/xhtml">{rules}</style>'


_LINES = (
    "body,body *{line-height:2!important;word-spacing:.16em!important}"
    "body p,body li{margin-block:1em!important;text-indent:0!important}"
)


def _letters(size: int) -> str:
    """Letters of any unit grow, lines break anew, and what cannot break stays as wide as the page."""
    zoom = _ZOOMS[size]
    return (
        f":root{{zoom:{zoom}}}@supports not (zoom:1){{:root{{font-size:{float(zoom):.0%}!important}}}}"
        "body *{max-width:100%!important;overflow-wrap:anywhere}img,svg,video{height:auto!important}"
        "pre{white-space:pre-wrap!important}"
    )


def _paper(light: int) -> str:
    if not light:
        return ""
    paper, ink, link, plate = (colours()[f"--{name}"][light - 1] for name in ("paper", "ink", "tide", "plate"))
    return (
        f":root{{color-scheme:{('light', 'dark')[light - 1]}}}:root,body{{background:{paper}!important}}"
        f"body,body *{{color:{ink}!important;background-color:transparent!important}}"
        f"body a,body a *{{color:{link}!important}}body img,body svg{{background-color:{plate}!important}}"
    )
