"""What a facilitator saw: choosing what it was, saying for each learner how well it went, and taking it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, request
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub.errors import InputWrong
from hub.learning import classes, observations
from hub.learning.observations import Row, What
from hub.people import circles
from hub.people.circles import Circle
from hub.people.roster import Person
from hub.web import recognised, words
from hub.web.guards import needs
from hub.web.here import node, somebody
from hub.web.pages import page, say

blueprint = Blueprint("seen", __name__, url_prefix="/learn/classes/<circle>/seen")

WORD_CHARS_MAX = 100
LEVEL, SAY = "level-", "say-"
"""Before a learner's id, the names of two fields."""


@dataclass(frozen=True)
class _Sheet:
    """Whom a note is about: everybody who learns in a circle, or one of them, whose id is `learner`."""

    circle: Circle
    people: tuple[Person, ...]
    learner: str

    @property
    def address(self) -> str:
        """Where these pages begin."""
        return f"/learn/classes/{self.circle.id}/seen/"

    @property
    def back(self) -> str:
        """The page that led here."""
        return f"/learn/classes/{self.circle.id}/{f'{self.learner}/' if self.learner else ''}"

    @property
    def name(self) -> str:
        """The name of the one learner, "" for everybody."""
        return self.people[0].name if self.learner else ""


@blueprint.get("/")
@needs("facilitator")
def choose(circle: str) -> Response:
    """What was seen: something of the shelf, or in own words."""
    return _choose(_sheet(circle))


@blueprint.get("/note/")
@needs("facilitator")
def ask(circle: str) -> Response:
    """The form: each learner with how well it went."""
    sheet = _sheet(circle)
    try:
        return _form(sheet, _what(request.args))
    except InputWrong as mistake:
        return _choose(sheet, problem=words.said(mistake))


@blueprint.post("/note/")
@needs("facilitator")
def keep(circle: str) -> Response:
    """Write it down, and lead to the groups that come out, or back to the learner."""
    sheet, form = _sheet(circle), request.form
    what = _what(form)
    day = form.get("day", "")
    try:
        found = _rows(sheet, form)
        count = observations.note(node(), actor=somebody(), what=what, day=day, form=form.get("form", ""), found=found)
    except InputWrong as mistake:
        return _form(sheet, what, problem=words.said(mistake), typed=form, day=day)
    _say_kept(count)
    if sheet.learner or not what.competency:
        return redirect(sheet.back, 303)
    return redirect(f"/learn/classes/{circle}/groups/?{urlencode({'of': what.competency})}", 303)


@blueprint.post("/<statement>/back/")
@needs("facilitator")
def take_back(circle: str, statement: str) -> Response:
    """Take back what was noted."""
    _led(circle)
    found = observations.take_back(node(), actor=somebody(), statement=statement)
    say(_("It is taken back, and counts no more."))
    return redirect(f"/learn/classes/{circle}/{found.person}/", 303)


def _led(circle: str) -> Circle:
    found = circles.circle(node(), circle)
    classes.allow(node(), circle=circle, person=somebody())
    return found


def _sheet(circle: str) -> _Sheet:
    found, learner = _led(circle), request.values.get("learner", "")
    people = circles.members(node(), circle, "learner")
    chosen = [each for each in people if learner in ("", each.id)]
    if learner and not chosen:
        abort(404)
    return _Sheet(found, tuple(chosen), learner)


def _what(given: Mapping[str, str]) -> What:
    """What is noted, as the address or the form says. Raises InputWrong or NotFound."""
    if given.get("of"):
        return observations.named(node(), given["of"], languages=words.reading(somebody()))
    return observations.in_words(given.get("words", ""), language=given.get("language") or str(get_locale()))


def _rows(sheet: _Sheet, form: Mapping[str, str]) -> list[Row]:
    """The learners for whom a level was chosen."""
    return [
        Row(each.id, int(level), form.get(f"{SAY}{each.id}", ""))
        for each in sheet.people
        if (level := form.get(f"{LEVEL}{each.id}", "")) in {str(known) for known in observations.LEVELS}
    ]


def _say_kept(count: int) -> None:
    if count:
        say(ngettext("Noted for %(num)s learner.", "Noted for %(num)s learners.", count))
    else:
        say(_("This was noted before. It stands once, and nothing was changed."))


def _choose(sheet: _Sheet, problem: str = "") -> Response:
    word = request.args.get("q", "")[:WORD_CHARS_MAX].strip()
    offered = observations.offered(node(), circle=sheet.circle.id, word=word, languages=words.reading(somebody()))
    return page(
        "classes/seen.html",
        status=400 if problem else 200,
        sheet=sheet,
        word=word,
        offered=offered,
        most=observations.OFFERED_MAX,
        problem=problem,
        given=request.args.get("words", ""),
        words_max=observations.WORDS_MAX,
        along=urlencode({"learner": sheet.learner}) if sheet.learner else "",
    )


def _form(
    sheet: _Sheet, what: What, *, problem: str = "", typed: Mapping[str, str] | None = None, day: str = ""
) -> Response:
    today = datetime.fromtimestamp(node().clock.now_ms() / 1000, UTC).date().isoformat()
    return page(
        "classes/note.html",
        status=400 if problem else 200,
        sheet=sheet,
        what=what,
        levels=recognised.LEVELS,
        typed=typed or {},
        day=day or today,
        today=today,
        form=node().new_id(),
        problem=problem,
        sentence_max=observations.SENTENCE_MAX,
    )
