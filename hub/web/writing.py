"""`/library/write/`: lessons and quizzes written here part by part, each kept at once; then put on the shelf.

For whoever keeps the shelf, and for facilitators who write for them. Every form stands on a page of its own, so that a
phone is wide enough. What happens to a whole draft beside that is in `drafting`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from flask import Blueprint, Response, abort, redirect, request
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub import library
from hub.errors import HubError, InputWrong
from hub.node import Node
from hub.people import roster
from hub.web import preview, words, writing_forms
from hub.web.guards import needs
from hub.web.here import node, somebody
from hub.web.pages import page, say
from hub.web.writing_forms import LICENCES, OPEN_LICENCE, PARTS, name_of, place_of
from hub.web.writing_guards import check_writes, may
from hub.web.writing_pages import part_page, send_file, tongues
from hub.web.writing_words import changed
from hub.writing import banks, checks, drafts, parts, publishing, roles, targets, undo
from hub.writing.drafts import Draft
from hub.writing.parts import COURSE, DRAW, LESSON_KINDS, QUESTION_KINDS, About, Part
from hub.writing.parts import KINDS as PART_KINDS
from hub.writing.roles import LOOK, WRITERS
from hub.writing.undo import Hand

blueprint = Blueprint("writing", __name__, url_prefix="/library/write")

FORM_CHARS = 40
TARGETS_MAX = 500
"""Works that a link can be chosen from; a longer list is no list any more."""


@dataclass(frozen=True)
class Line:
    """A draft in the list, with the name of who writes it, and its version on the shelf (0 for none); `waits` says that
    it was handed in to whoever looks."""

    draft: Draft
    name: str
    version: int
    waits: bool


@blueprint.get("/")
@needs(*WRITERS)
def show() -> Response:
    """What is being written."""
    here, person = node(), somebody()
    found = roles.seen(here, person)
    names = {each.id: each.name for each in roster.chosen(here, {each.person for each in found})}
    lines = [Line(each, names.get(each.person, ""), standing(here, each), roles.waits(person, each)) for each in found]
    return page("library/write/list.html", lines=lines, person_id=person.id, stages=roles)


@blueprint.get("/new/")
@needs(*WRITERS)
def ask_new() -> Response:
    """What a new one is called, and in which language it is."""
    person = somebody()
    first = next(iter(words.reading(person)), str(get_locale()))
    shape = COURSE if request.args.get("shape") == COURSE else ""
    return _ask_new(About("", first, author=person.name, licence=OPEN_LICENCE, shape=shape))


@blueprint.post("/new/")
@needs(*WRITERS)
def begin() -> AnyResponse:
    """Begin it."""
    person, given = somebody(), writing_forms.about()
    told = {"author": person.name, "licence": OPEN_LICENCE, "quiz": writing_forms.quiz_name(given.language)}
    about = replace(given, **told, shape=COURSE if request.form.get("shape") == COURSE else "")
    try:
        made = drafts.begin(node(), by=hand(), about=about, stage=roles.first_stage(person))
    except HubError as mistake:
        return _ask_new(about, words.said(mistake))
    return redirect(address(made), 303)


@blueprint.get("/<draft_id>/")
@may(LOOK)
def one(draft_id: str) -> Response:
    """A draft: its parts in order, and what can be added."""
    here, draft, person = node(), drafts.draft(node(), draft_id), somebody()
    return page(
        "library/write/draft.html",
        draft=draft,
        may=roles.may(node(), person, draft),
        stages=roles,
        ways=undo.ways(here, draft_id, person=person.id, body=draft.body),
        changed=partial(changed, is_course=draft.body.about.is_course),
        name_of=partial(name_of, is_course=draft.body.about.is_course),
        form=here.new_id(),
        body=draft.body,
        gone=targets.gone(here, draft.body, package=draft.package),
        empty=targets.empty(here, draft.body),
        removed=next(reversed(draft.body.removed), None),
        groups=((draft.body.lesson, LESSON_KINDS, "lesson"), (draft.body.questions, QUESTION_KINDS, "questions")),
        parts=PARTS,
        version=standing(here, draft),
        editions=publishing.editions(here, draft_id),
        shown_at=lambda name: preview.address(draft, name),
        rendered=preview.text,
        words=words,
    )


@blueprint.get("/<draft_id>/about/")
@may(LOOK)
def ask_about(draft_id: str) -> Response:
    """What it says of itself."""
    draft = drafts.draft(node(), draft_id)
    return _ask_about(draft, draft.body.about)


@blueprint.post("/<draft_id>/about/")
@may(LOOK)
def describe(draft_id: str) -> AnyResponse:
    """Keep it."""
    given = replace(writing_forms.about(), shape=drafts.draft(node(), draft_id).body.about.shape)
    try:
        check_writes(drafts.draft(node(), draft_id))
        made = drafts.describe(node(), draft_id, about=given, seen=_seen(), by=hand())
    except InputWrong as mistake:
        return _ask_about(drafts.draft(node(), draft_id), given, words.said(mistake))
    return redirect(address(made), 303)


@blueprint.get("/<draft_id>/add/<kind>/")
@may(LOOK)
def ask_part(draft_id: str, kind: str) -> Response:
    """The form of a new part."""
    return _ask_part(drafts.draft(node(), draft_id), _fresh(kind))


@blueprint.post("/<draft_id>/add/<kind>/")
@may(LOOK)
def add(draft_id: str, kind: str) -> AnyResponse:
    """Keep a new part behind the others."""
    return _keep_part(draft_id, _fresh(kind), lambda part: drafts.add(node(), draft_id, part=part, by=hand()))


@blueprint.get("/<draft_id>/part/<part_id>/")
@may(LOOK)
def ask_change(draft_id: str, part_id: str) -> Response:
    """The form of a part as it stands."""
    draft = drafts.draft(node(), draft_id)
    return _ask_part(draft, _part(draft, part_id))


@blueprint.post("/<draft_id>/part/<part_id>/")
@may(LOOK)
def alter(draft_id: str, part_id: str) -> AnyResponse:
    """Keep it in its place."""
    body = drafts.draft(node(), draft_id).body
    old = body.part(part_id)
    if old is None:
        return _taken_out(draft_id, body.taken_out(part_id) or abort(404))
    return _keep_part(draft_id, old, lambda part: drafts.alter(node(), draft_id, part=part, seen=_seen(), by=hand()))


@blueprint.post("/<draft_id>/part/<part_id>/move/")
@may(LOOK)
def move(draft_id: str, part_id: str) -> AnyResponse:
    """One place up or down."""
    is_up = request.form.get("way") == "up"
    return _or_said(draft_id, part_id, lambda: drafts.move(node(), draft_id, part_id=part_id, is_up=is_up, by=hand()))


@blueprint.post("/<draft_id>/part/<part_id>/remove/")
@may(LOOK)
def remove(draft_id: str, part_id: str) -> AnyResponse:
    """Take it out; the draft's page offers to bring it back."""
    return _or_said(draft_id, "", lambda: drafts.remove(node(), draft_id, part_id=part_id, by=hand()))


@blueprint.post("/<draft_id>/part/<part_id>/back/")
@may(LOOK)
def bring_back(draft_id: str, part_id: str) -> AnyResponse:
    """Put it where it stood."""
    return _or_said(draft_id, part_id, lambda: drafts.bring_back(node(), draft_id, part_id=part_id, by=hand()))


@blueprint.get("/<draft_id>/files/<name>")
@may(LOOK)
def file(draft_id: str, name: str) -> AnyResponse:
    """A picture or sound of a draft, or one that is on its way into it."""
    drafts.draft(node(), draft_id)
    return send_file(name)


def address(draft: Draft) -> str:
    """Where a draft's page is."""
    return f"/library/write/{draft.id}/"


def standing(here: Node, draft: Draft) -> int:
    """The version of a draft that stands on the shelf; 0 for none."""
    found = here.shelf.standing(draft.package)
    return found.version if found is not None else 0


def _seen() -> str:
    """The mark of the part that the form at hand was made of; "" for none."""
    return request.form.get("seen", "")


def _form() -> str:
    """What tells the form at hand from every other, so that it counts once however often it is sent; "" for nothing."""
    return request.form.get("form", "")[:FORM_CHARS]


def hand() -> Hand:
    """Who sends the form at hand."""
    return Hand(somebody().id, _form())


def _fresh(kind: str) -> Part:
    """A part that does not exist yet; an unknown kind is 404."""
    if kind not in PART_KINDS:
        abort(404)
    return Part("", kind)


def _part(draft: Draft, part_id: str) -> Part:
    return draft.body.part(part_id) or abort(404)


def _or_said(draft_id: str, part_id: str, change: Callable[[], Draft]) -> AnyResponse:
    """Change the draft and go back to its page; pressed twice, or from an older page, that says why nothing changed."""
    place = f"#p-{part_id}" if part_id else ""
    try:
        check_writes(drafts.draft(node(), draft_id))
        change()
    except HubError as mistake:
        say(words.said(mistake), tone="warn")
    return redirect(f"{address(drafts.draft(node(), draft_id))}{place}", 303)


def _taken_out(draft_id: str, gone: Part) -> Response:
    """The form of a part that is gone, with all that was typed, as that of a new one."""
    shown = writing_forms.given(node(), replace(gone, id="")).part
    problem = _("This part was taken out meanwhile. What you typed is below: keep it, and it stands at the end again.")
    return _ask_part(drafts.draft(node(), draft_id), shown, problem)


def _keep_part(draft_id: str, old: Part, keep: Callable[[Part], Draft]) -> AnyResponse:
    """Keep what a form holds; when that cannot be, the form again with all that was typed and sent."""
    given = writing_forms.given(node(), old)
    if given.problem:
        return _ask_part(drafts.draft(node(), draft_id), given.part, given.problem)
    try:
        check_writes(drafts.draft(node(), draft_id))
        made = keep(given.part)
    except HubError as mistake:
        return _ask_part(drafts.draft(node(), draft_id), given.part, words.said(mistake))
    place = f"p-{old.id}" if old.id else "add-question" if old.is_question else "add-lesson"
    return redirect(f"{address(made)}#{place}", 303)


def _ask_new(about: About, problem: str = "") -> Response:
    return page(
        "library/write/new.html",
        status=400 if problem else 200,
        problem_text=problem,
        about=about,
        tongues=tongues(about.language),
        title_max=checks.TITLE_MAX,
        form=_form() or node().new_id(),
    )


def _ask_about(draft: Draft, about: About, problem: str = "") -> Response:
    return page(
        "library/write/about.html",
        status=400 if problem else 200,
        problem_text=problem,
        draft=draft,
        about=about,
        mark=parts.mark(draft.body.about),
        beside=draft.body.about if _seen() not in ("", parts.mark(draft.body.about)) else None,
        tongues=tongues(about.language),
        words=words,
        levels=[("", _("for everybody")), *((name, words.level(name)) for name in words.LEVELS)],
        licences=LICENCES.items() if about.licence in LICENCES else [*LICENCES.items(), (about.licence, about.licence)],
        checks=checks,
    )


def _ask_part(draft: Draft, part: Part, problem: str = "") -> Response:
    chosen = _CHOSEN[part.kind](node(), draft) if part.kind in _CHOSEN else []
    shown_at = partial(preview.address, draft)
    return part_page(place_of(draft), part, draft.body.part(part.id), shown_at, problem, chosen)


def _targets(here: Node, draft: Draft) -> list[tuple[str, str]]:
    """What a link may lead to: every other work of the shelf; nothing is chosen before somebody does."""
    rows = [row for row in library.packages(here) if row.id != draft.package]
    return [(row.id, f"{row.title} ({words.language(row.language)})") for row in rows[:TARGETS_MAX]]


def _banks(here: Node, _draft: Draft) -> list[tuple[str, str]]:
    """What questions may be drawn from."""
    return [(each.id, each.title) for each in banks.banks(here)]


_CHOSEN = {"link": _targets, DRAW: _banks}
"""Kind of part → what can be chosen for it."""
