"""`/library/write/banks/`: banks of questions, which drafts take questions out of, or draw a few from.

Whoever writes may look at them and begin their own; keepers of the shelf change them all.
"""

from collections.abc import Callable, Sequence

from flask import Blueprint, Response, abort, redirect, request
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from content.errors import ContentError
from hub.errors import HubError
from hub.sentences import Sentence
from hub.web import words, writing_forms
from hub.web.guards import needs
from hub.web.here import node, somebody
from hub.web.pages import page, say
from hub.web.writing_forms import PARTS, Place
from hub.web.writing_pages import part_page, send_file, tongues
from hub.writing import banks, checks, quiz_files, roles
from hub.writing.banks import Bank, Put
from hub.writing.parts import QUESTION_KINDS, Part
from hub.writing.roles import WRITERS

blueprint = Blueprint("banks", __name__, url_prefix="/library/write/banks")

FEW = 5
"""Questions that are looked through at a glance; more have a field to find one by its words."""
WORDS_MAX = 200


@blueprint.get("/")
@needs(*WRITERS)
def show() -> Response:
    """The banks there are."""
    return page("library/write/banks.html", banks=banks.banks(node()))


@blueprint.get("/new/")
@needs(*WRITERS)
def ask_new() -> Response:
    """What a new one is called."""
    first = next(iter(words.reading(somebody())), str(get_locale()))
    return _ask_about(None, "", first)


@blueprint.post("/new/")
@needs(*WRITERS)
def begin() -> AnyResponse:
    """Begin it."""
    title, language = _named()
    try:
        made = banks.begin(node(), person=somebody().id, title=title, language=language, form=_form())
    except HubError as mistake:
        return _ask_about(None, title, language, words.said(mistake))
    return redirect(address(made), 303)


@blueprint.get("/<bank_id>/")
@needs(*WRITERS)
def one(bank_id: str) -> Response:
    """A bank: its questions, found by a word, and ways to fill it."""
    bank, asked = banks.bank(node(), bank_id), words_asked()
    return page(
        "library/write/bank.html",
        bank=bank,
        address=address(bank),
        may_change=roles.may_change_bank(somebody(), bank),
        kinds=QUESTION_KINDS,
        parts=PARTS,
        found=banks.found(bank.questions, asked),
        asked=asked,
        few=FEW,
        words=words,
    )


@blueprint.get("/<bank_id>/about/")
@needs(*WRITERS)
def ask_about(bank_id: str) -> Response:
    """Its name and language."""
    bank = own(bank_id)
    return _ask_about(bank, bank.title, bank.language)


@blueprint.post("/<bank_id>/about/")
@needs(*WRITERS)
def rename(bank_id: str) -> AnyResponse:
    """Keep them."""
    bank, (title, language) = own(bank_id), _named()
    try:
        banks.rename(node(), bank_id, title=title, language=language)
    except HubError as mistake:
        return _ask_about(bank, title, language, words.said(mistake))
    return redirect(address(bank), 303)


@blueprint.get("/<bank_id>/add/<kind>/")
@needs(*WRITERS)
def ask_question(bank_id: str, kind: str) -> Response:
    """The form of a new question."""
    return _ask_question(own(bank_id), _fresh(kind))


@blueprint.post("/<bank_id>/add/<kind>/")
@needs(*WRITERS)
def add(bank_id: str, kind: str) -> AnyResponse:
    """Keep a new question; the form, sent twice, makes one."""
    bank, fresh = own(bank_id), _fresh(kind)

    def keep(part: Part) -> object:
        return banks.put(node(), bank_id, questions=(banks.named_by(part, _form()),))

    return _keep(bank, fresh, keep)


@blueprint.get("/<bank_id>/part/<question_id>/")
@needs(*WRITERS)
def ask_change(bank_id: str, question_id: str) -> Response:
    """The form of a question as it stands."""
    bank = own(bank_id)
    return _ask_question(bank, bank.question(question_id) or abort(404))


@blueprint.post("/<bank_id>/part/<question_id>/")
@needs(*WRITERS)
def alter(bank_id: str, question_id: str) -> AnyResponse:
    """Keep it in its place; one that was taken out meanwhile is kept as a new one, when it is sent again."""
    bank = own(bank_id)
    old = bank.question(question_id)
    if old is None:
        gone = bank.taken_out(question_id) or abort(404)
        problem = _("This question was taken out meanwhile. What you typed is below: keep it, and it is there again.")
        return _ask_question(bank, writing_forms.given(node(), Part("", gone.kind)).part, problem)
    seen = request.form.get("seen", "")
    return _keep(bank, old, lambda part: banks.alter(node(), bank_id, part=part, seen=seen))


@blueprint.post("/<bank_id>/take-out/")
@needs(*WRITERS)
def take_out(bank_id: str) -> AnyResponse:
    """Take out what was ticked; the bank's page offers to bring it back."""
    bank = own(bank_id)
    if not banks.remove(node(), bank_id, ids=frozenset(chosen())):
        say(_("Nothing was ticked, so nothing was changed."), tone="warn")
    return redirect(address(bank), 303)


@blueprint.post("/<bank_id>/back/")
@needs(*WRITERS)
def bring_back(bank_id: str) -> AnyResponse:
    """Bring back what was taken out last."""
    bank = own(bank_id)
    try:
        banks.bring_back(node(), bank_id)
    except HubError as mistake:
        say(words.said(mistake), tone="warn")
    return redirect(address(bank), 303)


@blueprint.get("/<bank_id>/file/")
@needs(*WRITERS)
def ask_file(bank_id: str) -> Response:
    """Which file questions are taken from."""
    return _ask_file(own(bank_id))


@blueprint.post("/<bank_id>/file/")
@needs(*WRITERS)
def take_file(bank_id: str) -> Response:
    """Take what can be taken, and say what cannot."""
    bank, sent = own(bank_id), request.files.get("file")
    if sent is None or not sent.filename:
        return _ask_file(bank, _("No file was chosen. Nothing was changed; take or choose one, and send it again."))
    try:
        data = sent.stream.read(checks.QUIZ_FILE_BYTES_MAX + 1)
        read = quiz_files.read(node(), name=sent.filename, data=data)
        put = banks.put(node(), bank_id, questions=read.questions)
    except (ContentError, HubError) as mistake:
        return _ask_file(bank, words.said(mistake))
    return _ask_file(bank, put=put, left_out=read.left_out)


@blueprint.get("/<bank_id>/delete/")
@needs(*WRITERS)
def ask_delete(bank_id: str) -> Response:
    """A second look before a bank goes."""
    bank = own(bank_id)
    drawn = banks.drawn_by(node(), bank_id)
    return page("library/write/bank_delete.html", bank=bank, address=address(bank), drawn=drawn)


@blueprint.post("/<bank_id>/delete/")
@needs(*WRITERS)
def delete(bank_id: str) -> AnyResponse:
    """Delete it."""
    title = own(bank_id).title
    banks.forget(node(), bank_id)
    say(_("The bank “%(title)s” is deleted.", title=title))
    return redirect("/library/write/banks/", 303)


@blueprint.get("/<bank_id>/files/<name>")
@needs(*WRITERS)
def file(bank_id: str, name: str) -> AnyResponse:
    """A picture of a bank, or one that is on its way into it."""
    banks.bank(node(), bank_id)
    return send_file(name)


def address(bank: Bank) -> str:
    """The page of a bank."""
    return f"/library/write/banks/{bank.id}/"


def words_asked() -> str:
    """The words by which questions are looked for."""
    return request.args.get("words", "")[:WORDS_MAX].strip()


def chosen() -> list[str]:
    """The ids of the questions that were ticked."""
    return request.form.getlist("q")[: checks.BANK_QUESTIONS_MAX]


def told(put: Put) -> str:
    """What came of putting questions somewhere."""
    fresh = ngettext("%(num)s question was put there.", "%(num)s questions were put there.", put.fresh)
    known = ngettext(
        "%(num)s was in it already, and stays as it is.",
        "%(num)s were in it already, and stay as they are.",
        put.known,
    )
    return f"{fresh} {known}" if put.known else fresh


def own(bank_id: str) -> Bank:
    """A bank that whoever looks may change; else 403."""
    bank = banks.bank(node(), bank_id)
    if not roles.may_change_bank(somebody(), bank):
        abort(403)
    return bank


def _form() -> str:
    return request.form.get("form", "")


def _fresh(kind: str) -> Part:
    if kind not in QUESTION_KINDS:
        abort(404)
    return Part("", kind)


def _named() -> tuple[str, str]:
    form = request.form
    return form.get("title", ""), form.get("other", "").strip() or form.get("language", "")


def _keep(bank: Bank, old: Part, keep: Callable[[Part], object]) -> AnyResponse:
    """Keep what a form holds; when that cannot be, the form again with all that was typed and sent."""
    given = writing_forms.given(node(), old)
    if given.problem:
        return _ask_question(bank, given.part, given.problem)
    try:
        keep(given.part)
    except HubError as mistake:
        return _ask_question(banks.bank(node(), bank.id), given.part, words.said(mistake))
    return redirect(address(bank), 303)


def _ask_about(bank: Bank | None, title: str, language: str, problem: str = "") -> Response:
    return page(
        "library/write/bank_about.html",
        status=400 if problem else 200,
        problem_text=problem,
        bank=bank,
        address=address(bank) if bank else "",
        title=title,
        language=language,
        tongues=tongues(language),
        form=_form() or node().new_id(),
        checks=checks,
    )


def _ask_question(bank: Bank, part: Part, problem: str = "") -> Response:
    place, standing = Place(address(bank), bank.title, bank.language), bank.question(part.id)
    return part_page(place, part, standing, lambda name: f"{place.address}files/{name}" if name else "", problem)


def _ask_file(bank: Bank, problem: str = "", put: Put | None = None, left_out: Sequence[Sentence] = ()) -> Response:
    return page(
        "library/write/bank_file.html",
        status=400 if problem else 200,
        problem_text=problem,
        bank=bank,
        address=address(bank),
        put=put,
        left_out=left_out,
        checks=checks,
    )
