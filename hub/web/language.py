"""`/language/`: the language of the pages, and the languages one learns in; they need not be the same.

A signed-in person's choices go with the person, a guest's stay with the phone.
"""

from flask import Blueprint, redirect, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub import library, reading
from hub.errors import InputWrong
from hub.people import roster
from hub.web import words
from hub.web.forms import guests_need_no_token
from hub.web.guards import safe_next
from hub.web.here import node, viewer
from hub.web.pages import page
from hub.web.tongues import languages

blueprint = Blueprint("language", __name__, url_prefix="/language")

UNKNOWN = "und"
"""What a package says whose language nobody told."""


@blueprint.get("/")
def show() -> Response:
    """The languages of the pages, each in its own words, and below them those of the shelf."""
    learns = words.reading(viewer())
    return page(
        "language/show.html",
        back=safe_next(request.args.get("next")),
        learns=learns,
        others=[code for code in _offered() if code not in learns],
        words=words,
    )


@blueprint.post("/")
@guests_need_no_token
def choose() -> Response:
    """Take the choice and go back to the page one came from."""
    chosen = request.form.get("language", "")
    if chosen not in languages():
        raise InputWrong(_("The pages do not speak that language yet. Nothing was changed; choose one from the list."))
    person = viewer()
    if person is not None:
        roster.change_person(node(), person=person.id, language=chosen)
    session["language"] = chosen
    return redirect(safe_next(request.form.get("next")), 303)


@blueprint.post("/learning/<act>/")
def learn_in(act: str) -> Response:
    """Put a language first, add it or take it out; what is chosen next comes in it."""
    chosen, person = request.form.get("language", ""), viewer()
    learns = words.reading(person)
    if act not in reading.ACTS or (chosen not in learns and chosen not in _offered()):
        raise InputWrong(_("Nothing here is in that language. Nothing was changed; choose one from the list."))
    fresh = reading.changed(learns, act=act, language=chosen)
    if person is not None:
        roster.change_person(node(), person=person.id, learns=fresh)
    else:
        session[words.LEARNS] = " ".join(fresh[: roster.LEARNS_MAX])
    return redirect("/language/#learning", 303)


def _offered() -> list[str]:
    """The languages of what stands on the shelf."""
    return [code for code, _count in library.shelves(node()).languages if code != UNKNOWN]
