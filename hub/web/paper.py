"""Work on paper in a class: choosing a quiz, typing everybody's marks in one form, and the groups that come out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from content.exercise import Quiz
from content.package import field_id
from hub import learning
from hub.errors import InputWrong
from hub.learning import Opened, classes, groups, paper
from hub.learning.paper import Row
from hub.people import circles
from hub.people.circles import Circle
from hub.web import packs, words
from hub.web.guards import needs
from hub.web.here import node, somebody
from hub.web.pages import page, say

blueprint = Blueprint("paper", __name__, url_prefix="/learn/classes/<circle>")

WORD_CHARS_MAX = 100
OF_MAX = 40
"""Competencies that one address asks for; a quiz has fewer."""
ROW = "row-"
"""Before a learner's id, the name of a field."""


@blueprint.get("/paper/")
@needs("facilitator")
def choose(circle: str) -> Response:
    """Which quiz was done on paper."""
    found, word = _led(circle), request.args.get("q", "")[:WORD_CHARS_MAX].strip()
    quizzes = paper.quizzes(node(), circle=circle, word=word, languages=words.reading(somebody()))
    return page("classes/paper.html", circle=found, quizzes=quizzes, word=word, most=paper.QUIZZES_MAX)


@blueprint.get("/paper/<package>/<item>/")
@needs("facilitator")
def ask(circle: str, package: str, item: str) -> Response:
    """The form: a row for each learner."""
    sheet = _sheet(circle, package, item)
    return _form(sheet, _rows(sheet, {}), form=node().new_id())


@blueprint.post("/paper/<package>/<item>/")
@needs("facilitator")
def take(circle: str, package: str, item: str) -> Response:
    """Look the rows over, or write them down and lead to the groups."""
    sheet, form = _sheet(circle, package, item), request.form.get("form", "")
    typed = {name.removeprefix(ROW): text for name, text in request.form.items() if name.startswith(ROW)}
    rows = _rows(sheet, typed)
    filled = sum(bool(row.marks) for row in rows)
    if "keep" not in request.form:
        return _form(sheet, rows, form=form, looked=filled)
    try:
        kept = paper.keep(node(), actor=somebody().id, opened=sheet.opened, form=form, rows=rows)
    except InputWrong as mistake:
        return _form(sheet, rows, form=form, problem=words.said(mistake))
    if kept.again:
        return _look_again(sheet, rows, kept.again)
    _say_kept(kept.fresh)
    return redirect(f"/learn/classes/{circle}/groups/?{_of(sheet)}", 303)


@blueprint.get("/groups/")
@needs("facilitator")
def show_groups(circle: str) -> Response:
    """The class in groups by level."""
    _led(circle)
    wanted, languages = request.args.getlist("of")[:OF_MAX], words.reading(somebody())
    found, partings = groups.by_level(node(), circle=circle, wanted=wanted, languages=languages)
    return page("classes/groups.html", circle=found, partings=partings, wanted=wanted, levels=words.GROUPS)


@dataclass(frozen=True)
class _Sheet:
    """What marks are typed of, and for whom."""

    circle: Circle
    opened: Opened
    quiz: Quiz


def _sheet(circle: str, package: str, item: str) -> _Sheet:
    found, opened = _led(circle), learning.find(node(), package=package, item=item, person=somebody())
    return _Sheet(found, opened, paper.sheet(node(), opened))


def _led(circle: str) -> Circle:
    found = circles.circle(node(), circle)
    classes.allow(node(), circle=circle, person=somebody())
    return found


def _rows(sheet: _Sheet, typed: Mapping[str, str]) -> list[Row]:
    return paper.read(node(), circle=sheet.circle.id, typed=typed, questions=len(sheet.quiz.questions))


def _look_again(sheet: _Sheet, rows: list[Row], again: Sequence[Row]) -> Response:
    """The form under a new name, where learners stand from this one with other marks; nothing was written down."""
    shown = {row.person.id: row for row in again}
    problem = _(
        "Nothing is written down now: other marks came before from this form. Look again at the rows that are marked"
        " below. If they are right now, write them down, and they count as the latest."
    )
    return _form(sheet, [shown.get(row.person.id, row) for row in rows], form=node().new_id(), problem=problem)


def _say_kept(fresh: int) -> None:
    if fresh:
        say(
            ngettext(
                "The marks of %(num)s learner are written down.",
                "The marks of %(num)s learners are written down.",
                fresh,
            )
        )
    else:
        say(_("These marks came before. They stand once, and nothing was changed."))


def _of(sheet: _Sheet) -> str:
    """The competencies of a quiz, for an address."""
    manifest = sheet.opened.manifest
    names = {field_id(manifest, each): None for question in sheet.quiz.questions for each in question.competencies}
    return urlencode([("of", name) for name in list(names)[:OF_MAX]])


def _form(sheet: _Sheet, rows: list[Row], *, form: str, problem: str = "", looked: int | None = None) -> Response:
    """The form as it was sent, each row with what it says; the first row to look at has the focus."""
    first = next((row for row in rows if row.mistake), None) or next((row for row in rows if not row.typed), None)
    return page(
        "classes/marks.html",
        status=400 if problem else 200,
        circle=sheet.circle,
        opened=sheet.opened,
        quiz=sheet.quiz,
        rows=rows,
        form=form,
        problem=problem,
        looked=looked,
        first=first.person.id if first else "",
        answer_of=packs.answer_of,
        said=words.said,
        typed_max=paper.TYPED_MAX,
    )
