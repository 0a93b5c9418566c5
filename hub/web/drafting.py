"""`/library/write/…`: the life of a draft as a whole: seen as learners do, handed in, put on the shelf, taken back.

Its parts are written on the pages of `writing`.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, Response, redirect, request
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub import jobs
from hub.errors import HubError, InputWrong, StorageFull
from hub.web import preview, words
from hub.web.collections import shelf
from hub.web.guards import needs
from hub.web.here import node, somebody
from hub.web.keeping import watched
from hub.web.pages import page, say
from hub.web.writing import address, hand, standing
from hub.web.writing_forms import OPEN_LICENCE, quiz_name
from hub.web.writing_guards import is_theirs, may
from hub.writing import checks, drafts, publishing, roles, targets
from hub.writing.drafts import Draft
from hub.writing.parts import COURSE, About, Part
from hub.writing.publishing import Edition
from hub.writing.roles import DELETE, HAND_IN, LOOK, PUBLISH, SEND_BACK, TAKE_BACK, WRITERS

blueprint = Blueprint("drafting", __name__, url_prefix="/library/write")


@blueprint.post("/from/<collection>/")
@needs(*WRITERS)
def begin_from(collection: str) -> AnyResponse:
    """Begin a course that leads through what stands here of a collection."""
    here, person, found = node(), somebody(), shelf(node(), collection)
    rows = [row for each in found.packages if (row := here.catalogue.get(each))][: checks.PARTS_MAX]
    spoken = Counter(row.language for row in rows).most_common(1)
    language = spoken[0][0] if spoken else str(get_locale())
    named = {"author": person.name, "licence": OPEN_LICENCE, "quiz": quiz_name(language)}
    about = About(found.title, language, summary=found.summary, shape=COURSE, **named)
    steps = [Part("", "link", row.title, target=row.id) for row in rows]
    try:
        made = drafts.begin(here, by=hand(), about=about, stage=roles.first_stage(person), first=steps)
    except InputWrong as mistake:
        say(words.said(mistake), tone="warn")
        return redirect("/library/write/", 303)
    return redirect(address(made), 303)


@blueprint.post("/<draft_id>/undo/")
@may(LOOK)
def take_back(draft_id: str) -> AnyResponse:
    """Take back one's own last change, which the form names; pressed twice, it is taken back once."""
    return _turned(draft_id, drafts.take_back)


@blueprint.post("/<draft_id>/redo/")
@may(LOOK)
def do_again(draft_id: str) -> AnyResponse:
    """Do once more what was taken back last."""
    return _turned(draft_id, drafts.do_again)


@blueprint.post("/<draft_id>/hand-in/")
@may(HAND_IN)
def hand_in(draft_id: str) -> AnyResponse:
    """Give it to whoever keeps the shelf."""
    try:
        roles.hand_in(node(), draft_id)
    except InputWrong as mistake:
        say(words.said(mistake), tone="warn")
    return redirect(address(drafts.draft(node(), draft_id)), 303)


@blueprint.post("/<draft_id>/go-on/")
@may(TAKE_BACK)
def go_on(draft_id: str) -> AnyResponse:
    """Go on writing what was handed in."""
    return redirect(address(roles.take_back(node(), draft_id)), 303)


@blueprint.get("/<draft_id>/send-back/")
@may(SEND_BACK)
def ask_send_back(draft_id: str) -> Response:
    """What to say to its writer."""
    return _ask_send_back(draft_id, "")


@blueprint.post("/<draft_id>/send-back/")
@may(SEND_BACK)
def send_back(draft_id: str) -> AnyResponse:
    """Give it back with a sentence."""
    try:
        roles.send_back(node(), draft_id, note=request.form.get("note", ""))
    except InputWrong as mistake:
        return _ask_send_back(draft_id, words.said(mistake))
    say(_("It is with its writer again, and so is what you wrote."))
    return redirect("/library/write/", 303)


@blueprint.get("/<draft_id>/preview/")
@may(LOOK)
def look(draft_id: str) -> Response:
    """As learners will see it."""
    here, draft = node(), drafts.draft(node(), draft_id)
    newest = next(iter(publishing.editions(here, draft_id)), None)
    body = publishing.as_published(here, draft)
    is_there = newest is not None and newest.is_here and newest.body == body
    return _looked(draft, replace(draft, body=body), is_there=is_there, edition=None)


@blueprint.get("/<draft_id>/version/<int:version>/")
@may(LOOK)
def look_back(draft_id: str, version: int) -> Response:
    """As learners saw a former version, or see it now."""
    draft = drafts.draft(node(), draft_id)
    edition = publishing.edition(node(), draft_id, version=version)
    return _looked(draft, replace(draft, body=edition.body), is_there=edition.is_here, edition=edition)


@blueprint.post("/<draft_id>/publish/")
@may(PUBLISH)
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
        return redirect(address(drafts.draft(node(), draft_id)), 303)
    return redirect(f"{address(drafts.draft(node(), draft_id))}coming/{job}/", 303)


@blueprint.get("/<draft_id>/coming/<job_id>/")
@may(LOOK)
def watch(draft_id: str, job_id: str) -> Response:
    """How far it is; loads itself again until it stands on the shelf."""
    draft = drafts.draft(node(), draft_id)
    brought = node().shelf.standing(draft.package)
    return watched("library/write/coming.html", jobs.show(node(), job_id), draft=draft, brought=brought)


@blueprint.get("/<draft_id>/delete/")
@may(DELETE)
def ask_delete(draft_id: str) -> Response:
    """A second look before a draft goes."""
    draft = drafts.draft(node(), draft_id)
    return page("library/write/delete.html", draft=draft, version=standing(node(), draft))


@blueprint.post("/<draft_id>/delete/")
@may(DELETE)
def delete(draft_id: str) -> AnyResponse:
    """Delete it."""
    title = drafts.draft(node(), draft_id).body.about.title
    drafts.forget(node(), draft_id)
    say(_("The draft “%(title)s” is deleted.", title=title))
    return redirect("/library/write/", 303)


def _looked(draft: Draft, shown: Draft, *, is_there: bool, edition: Edition | None) -> Response:
    made = preview.of_draft(node(), shown)
    return page(
        "library/write/preview.html",
        draft=draft,
        edition=edition,
        made=made,
        manifest=made.manifest,
        photo=made.photo,
        right=preview.right,
        is_there=is_there,
        gone=targets.gone(node(), shown.body, package=draft.package),
        empty=targets.empty(node(), shown.body),
        version=standing(node(), draft),
        may=roles.may(node(), somebody(), draft),
        stages=roles,
        may_write=roles.WRITE in roles.may(node(), somebody(), draft),
    )


def _turned(draft_id: str, turn: Callable[..., Draft]) -> AnyResponse:
    """Take a step of whoever looks, and go where it shows."""
    here, draft = node(), drafts.draft(node(), draft_id)
    try:
        if is_theirs(draft):
            turn(here, draft_id, person=somebody().id, step=request.form.get("step", ""))
    except HubError as mistake:
        say(words.said(mistake), tone="warn")
    return redirect(f"{address(draft)}#undo", 303)


def _ask_send_back(draft_id: str, problem: str) -> Response:
    return page(
        "library/write/send_back.html",
        status=400 if problem else 200,
        problem_text=problem,
        draft=drafts.draft(node(), draft_id),
        note=request.form.get("note", ""),
        most=checks.LINE_MAX,
    )
