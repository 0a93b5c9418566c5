"""`/library/write/`: lessons and quizzes written here part by part, each kept at once; then put on the shelf.

For whoever keeps the shelf. Every form stands on a page of its own, so that a phone is wide enough.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import Blueprint, Response, abort, redirect, request
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub import jobs, library
from hub.errors import HubError, InputWrong, StorageFull
from hub.node import Node
from hub.people import roster
from hub.web import preview, words, writing_forms
from hub.web.files import KINDS, Blob, send
from hub.web.guards import needs
from hub.web.here import node, somebody
from hub.web.keeping import watched
from hub.web.library import SHELF_KEEPERS
from hub.web.pages import page, say
from hub.web.tongues import languages
from hub.web.writing_forms import LICENCES, OPEN_LICENCE, PARTS
from hub.writing import checks, drafts, media, parts, publishing, targets
from hub.writing.drafts import Draft
from hub.writing.parts import KINDS as PART_KINDS
from hub.writing.parts import LESSON_KINDS, QUESTION_KINDS, About, Part

blueprint = Blueprint("writing", __name__, url_prefix="/library/write")

TARGETS_MAX = 500
"""Works that a link can be chosen from; a longer list is no list any more."""


@dataclass(frozen=True)
class Line:
    """A draft in the list, with the name of who writes it, and its version on the shelf (0 for none)."""

    draft: Draft
    name: str
    version: int


@blueprint.get("/")
@needs(*SHELF_KEEPERS)
def show() -> Response:
    """What is being written."""
    here, person = node(), somebody()
    found = drafts.drafts(here, person=person.id)
    names = {each.id: each.name for each in roster.chosen(here, {each.person for each in found})}
    lines = [Line(each, names.get(each.person, ""), _standing(here, each)) for each in found]
    return page("library/write/list.html", lines=lines, person_id=person.id)


@blueprint.get("/new/")
@needs(*SHELF_KEEPERS)
def ask_new() -> Response:
    """What a new one is called, and in which language it is."""
    person = somebody()
    first = next(iter(words.reading(person)), str(get_locale()))
    return _ask_new(About("", first, author=person.name, licence=OPEN_LICENCE))


@blueprint.post("/new/")
@needs(*SHELF_KEEPERS)
def begin() -> AnyResponse:
    """Begin it."""
    person, given = somebody(), writing_forms.about()
    about = replace(given, author=person.name, licence=OPEN_LICENCE, quiz=writing_forms.quiz_name(given.language))
    try:
        made = drafts.begin(node(), person=person.id, about=about)
    except HubError as mistake:
        return _ask_new(about, words.said(mistake))
    return redirect(_address(made), 303)


@blueprint.get("/<draft_id>/")
@needs(*SHELF_KEEPERS)
def one(draft_id: str) -> Response:
    """A draft: its parts in order, and what can be added."""
    here, draft = node(), drafts.draft(node(), draft_id)
    return page(
        "library/write/draft.html",
        draft=draft,
        body=draft.body,
        gone=targets.gone(here, draft.body, package=draft.package),
        removed=next(reversed(draft.body.removed), None),
        groups=((draft.body.lesson, LESSON_KINDS, "lesson"), (draft.body.questions, QUESTION_KINDS, "questions")),
        parts=PARTS,
        version=_standing(here, draft),
        editions=publishing.editions(here, draft_id),
        shown_at=lambda name: preview.address(draft, name),
        rendered=preview.text,
        words=words,
    )


@blueprint.get("/<draft_id>/about/")
@needs(*SHELF_KEEPERS)
def ask_about(draft_id: str) -> Response:
    """What it says of itself."""
    draft = drafts.draft(node(), draft_id)
    return _ask_about(draft, draft.body.about)


@blueprint.post("/<draft_id>/about/")
@needs(*SHELF_KEEPERS)
def describe(draft_id: str) -> AnyResponse:
    """Keep it."""
    given = writing_forms.about()
    try:
        made = drafts.describe(node(), draft_id, about=given)
    except InputWrong as mistake:
        return _ask_about(drafts.draft(node(), draft_id), given, words.said(mistake))
    return redirect(_address(made), 303)


@blueprint.get("/<draft_id>/add/<kind>/")
@needs(*SHELF_KEEPERS)
def ask_part(draft_id: str, kind: str) -> Response:
    """The form of a new part."""
    return _ask_part(drafts.draft(node(), draft_id), _fresh(kind))


@blueprint.post("/<draft_id>/add/<kind>/")
@needs(*SHELF_KEEPERS)
def add(draft_id: str, kind: str) -> AnyResponse:
    """Keep a new part behind the others."""
    return _keep_part(draft_id, _fresh(kind), lambda part: drafts.add(node(), draft_id, part=part))


@blueprint.get("/<draft_id>/part/<part_id>/")
@needs(*SHELF_KEEPERS)
def ask_change(draft_id: str, part_id: str) -> Response:
    """The form of a part as it stands."""
    draft = drafts.draft(node(), draft_id)
    return _ask_part(draft, _part(draft, part_id))


@blueprint.post("/<draft_id>/part/<part_id>/")
@needs(*SHELF_KEEPERS)
def alter(draft_id: str, part_id: str) -> AnyResponse:
    """Keep it in its place."""
    body = drafts.draft(node(), draft_id).body
    old = body.part(part_id)
    if old is None:
        return _taken_out(draft_id, body.taken_out(part_id) or abort(404))
    return _keep_part(draft_id, old, lambda part: drafts.alter(node(), draft_id, part=part, seen=_seen()))


@blueprint.post("/<draft_id>/part/<part_id>/move/")
@needs(*SHELF_KEEPERS)
def move(draft_id: str, part_id: str) -> AnyResponse:
    """One place up or down."""
    is_up = request.form.get("way") == "up"
    return _or_said(draft_id, part_id, lambda: drafts.move(node(), draft_id, part_id=part_id, is_up=is_up))


@blueprint.post("/<draft_id>/part/<part_id>/remove/")
@needs(*SHELF_KEEPERS)
def remove(draft_id: str, part_id: str) -> AnyResponse:
    """Take it out; the draft's page offers to bring it back."""
    return _or_said(draft_id, "", lambda: drafts.remove(node(), draft_id, part_id=part_id))


@blueprint.post("/<draft_id>/part/<part_id>/back/")
@needs(*SHELF_KEEPERS)
def bring_back(draft_id: str, part_id: str) -> AnyResponse:
    """Put it where it stood."""
    return _or_said(draft_id, part_id, lambda: drafts.bring_back(node(), draft_id, part_id=part_id))


@blueprint.get("/<draft_id>/files/<name>")
@needs(*SHELF_KEEPERS)
def file(draft_id: str, name: str) -> AnyResponse:
    """A picture or sound of a draft, or one that is on its way into it."""
    drafts.draft(node(), draft_id)
    found, kind = media.served(node(), name), KINDS.get(name.rpartition(".")[2], "")
    if found is None or not kind:
        abort(404)
    return send(Blob(lambda: found.open("rb"), found.stat().st_size, name, kind))


@blueprint.get("/<draft_id>/preview/")
@needs(*SHELF_KEEPERS)
def look(draft_id: str) -> Response:
    """As learners will see it."""
    here, draft = node(), drafts.draft(node(), draft_id)
    made = preview.of_draft(here, draft)
    newest = next(iter(publishing.editions(here, draft_id)), None)
    is_there = newest is not None and newest.is_here and newest.body == replace(draft.body, removed=())
    return page(
        "library/write/preview.html",
        draft=draft,
        made=made,
        manifest=made.manifest,
        photo=made.photo,
        right=preview.right,
        is_there=is_there,
        gone=targets.gone(here, draft.body, package=draft.package),
        version=_standing(here, draft),
    )


@blueprint.post("/<draft_id>/publish/")
@needs(*SHELF_KEEPERS)
def publish(draft_id: str) -> AnyResponse:
    """Put it on the shelf as it is now; or an earlier version of it, which the form names."""
    version = request.form.get("version", 0, int)
    try:
        if version:
            job = publishing.go_back(node(), draft_id, version=version, person=somebody().id)
        else:
            job = publishing.publish(node(), draft_id, person=somebody().id)
    except (InputWrong, StorageFull) as mistake:
        say(words.said(mistake), tone="warn")
        return redirect(_address(drafts.draft(node(), draft_id)), 303)
    return redirect(f"{_address(drafts.draft(node(), draft_id))}coming/{job}/", 303)


@blueprint.get("/<draft_id>/coming/<job_id>/")
@needs(*SHELF_KEEPERS)
def watch(draft_id: str, job_id: str) -> Response:
    """How far it is; loads itself again until it stands on the shelf."""
    draft = drafts.draft(node(), draft_id)
    brought = node().shelf.standing(draft.package)
    return watched("library/write/coming.html", jobs.show(node(), job_id), draft=draft, brought=brought, words=words)


@blueprint.get("/<draft_id>/delete/")
@needs(*SHELF_KEEPERS)
def ask_delete(draft_id: str) -> Response:
    """A second look before a draft goes."""
    draft = drafts.draft(node(), draft_id)
    return page("library/write/delete.html", draft=draft, version=_standing(node(), draft))


@blueprint.post("/<draft_id>/delete/")
@needs(*SHELF_KEEPERS)
def delete(draft_id: str) -> AnyResponse:
    """Delete it."""
    title = drafts.draft(node(), draft_id).body.about.title
    drafts.forget(node(), draft_id)
    say(_("The draft “%(title)s” is deleted.", title=title))
    return redirect("/library/write/", 303)


def _address(draft: Draft) -> str:
    return f"/library/write/{draft.id}/"


def _standing(here: Node, draft: Draft) -> int:
    """The version of a draft that stands on the shelf; 0 for none."""
    found = here.shelf.standing(draft.package)
    return found.version if found is not None else 0


def _seen() -> str:
    """The mark of the part that the form at hand was made of; "" for none."""
    return request.form.get("seen", "")


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
        change()
    except HubError as mistake:
        say(words.said(mistake), tone="warn")
    return redirect(f"{_address(drafts.draft(node(), draft_id))}{place}", 303)


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
        made = keep(given.part)
    except HubError as mistake:
        return _ask_part(drafts.draft(node(), draft_id), given.part, words.said(mistake))
    place = f"p-{old.id}" if old.id else "add-question" if old.is_question else "add-lesson"
    return redirect(f"{_address(made)}#{place}", 303)


def _ask_new(about: About, problem: str = "") -> Response:
    return page(
        "library/write/new.html",
        status=400 if problem else 200,
        problem_text=problem,
        about=about,
        tongues=_tongues(about.language),
        title_max=checks.TITLE_MAX,
    )


def _ask_about(draft: Draft, about: About, problem: str = "") -> Response:
    return page(
        "library/write/about.html",
        status=400 if problem else 200,
        problem_text=problem,
        draft=draft,
        about=about,
        tongues=_tongues(about.language),
        levels=[("", _("for everybody")), *((name, words.level(name)) for name in words.LEVELS)],
        licences=LICENCES.items() if about.licence in LICENCES else [*LICENCES.items(), (about.licence, about.licence)],
        checks=checks,
    )


def _ask_part(draft: Draft, part: Part, problem: str = "") -> Response:
    here, standing = node(), draft.body.part(part.id)
    mark = parts.mark(standing) if standing is not None else ""
    return page(
        f"library/write/{'question' if part.is_question else part.kind}.html",
        status=400 if problem else 200,
        problem_text=problem,
        draft=draft,
        part=part,
        mark=mark,
        beside=standing if _seen() not in ("", mark) else None,
        rendered=preview.text,
        name=PARTS[part.kind][0],
        action=f"{_address(draft)}part/{part.id}/" if part.id else f"{_address(draft)}add/{part.kind}/",
        slots=writing_forms.slots(here, part) if part.kind == "choose" else [],
        targets=_targets(here, draft) if part.kind == "link" else [],
        shown_at=lambda name: preview.address(draft, name),
        checks=checks,
        media=media,
    )


def _tongues(chosen: str) -> list[tuple[str, str]]:
    """Languages to choose from: those of the pages and of the shelf, and the one that is chosen."""
    codes = {*languages(), *(code for code, _count in library.shelves(node()).languages), chosen} - {"und", ""}
    return sorted(((code, words.language(code)) for code in codes), key=lambda each: each[1].casefold())


def _targets(here: Node, draft: Draft) -> list[tuple[str, str]]:
    """What a link may lead to: every other work of the shelf; nothing is chosen before somebody does."""
    rows = [row for row in library.packages(here) if row.id != draft.package]
    return [(row.id, f"{row.title} ({words.language(row.language)})") for row in rows[:TARGETS_MAX]]
