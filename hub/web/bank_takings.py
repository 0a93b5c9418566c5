"""Questions on their way between drafts and banks: copied out of a draft, taken into one, or drawn at each sitting."""

from flask import Blueprint, Response, abort, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.errors import HubError
from hub.web import words, writing_forms
from hub.web.banks import FEW, address, chosen, own, told, words_asked
from hub.web.guards import needs
from hub.web.here import node, somebody
from hub.web.pages import page, say
from hub.web.writing_forms import place_of
from hub.web.writing_guards import check_writes, may
from hub.writing import banks, drafts, roles
from hub.writing.banks import Bank
from hub.writing.drafts import Draft
from hub.writing.parts import DRAW, Part
from hub.writing.roles import LOOK, WRITERS
from hub.writing.undo import Hand

blueprint = Blueprint("bank_takings", __name__, url_prefix="/library/write")


@blueprint.get("/banks/<bank_id>/draft/")
@needs(*WRITERS)
def ask_draft(bank_id: str) -> Response:
    """First which draft, then which of its questions."""
    bank, wanted = own(bank_id), request.args.get("draft", "")
    with_questions = [each for each in roles.seen(node(), somebody()) if _questions(each)]
    draft = next((each for each in with_questions if each.id == wanted), None)
    return page(
        "library/write/bank_draft.html",
        bank=bank,
        address=address(bank),
        draft=draft,
        drafts=with_questions,
        questions=_questions(draft) if draft else (),
    )


@blueprint.post("/banks/<bank_id>/draft/")
@needs(*WRITERS)
def copy(bank_id: str) -> AnyResponse:
    """Copy what was ticked into the bank."""
    bank, draft = own(bank_id), drafts.draft(node(), request.form.get("draft", ""))
    if LOOK not in roles.may(node(), somebody(), draft):
        abort(403)
    ids = frozenset(chosen())
    try:
        put = banks.put(node(), bank_id, questions=[each for each in _questions(draft) if each.id in ids])
        say(told(put))
    except HubError as mistake:
        say(words.said(mistake), tone="warn")
    return redirect(address(bank), 303)


@blueprint.get("/<draft_id>/bank/")
@may(LOOK)
def ask_bank(draft_id: str) -> Response:
    """First which bank, then which of its questions, or how many are drawn."""
    return _ask_bank(drafts.draft(node(), draft_id), request.args.get("bank", ""))


@blueprint.post("/<draft_id>/bank/")
@may(LOOK)
def take(draft_id: str) -> AnyResponse:
    """Put what was ticked into the quiz, or let a few be drawn. What cannot be kept comes back with all that was ticked
    and typed."""
    draft, form = drafts.draft(node(), draft_id), request.form
    if "draw" in form:
        return _draw(draft)
    ids = frozenset(chosen())
    if not ids:
        return _ask_bank(
            draft, form.get("bank", ""), _("Nothing was ticked. Nothing was changed; tick the questions that you want.")
        )
    try:
        check_writes(draft)
        bank = banks.bank(node(), form.get("bank", ""))
        questions = [each for each in bank.questions if each.id in ids]
        hand = Hand(somebody().id, form.get("form", ""))
        say(told(drafts.take(node(), draft_id, questions=questions, by=hand)))
    except HubError as mistake:
        return _ask_bank(draft, form.get("bank", ""), words.said(mistake))
    return redirect(f"/library/write/{draft_id}/#add-question", 303)


def _draw(draft: Draft) -> AnyResponse:
    given = writing_forms.given(node(), Part("", DRAW))
    problem = given.problem
    if not problem:
        try:
            check_writes(draft)
            drafts.add(node(), draft.id, part=given.part, by=Hand(somebody().id, request.form.get("form", "")))
            return redirect(f"/library/write/{draft.id}/#add-question", 303)
        except HubError as mistake:
            problem = words.said(mistake)
    return _ask_bank(draft, request.form.get("bank", ""), problem)


def _ask_bank(draft: Draft, wanted: str, problem: str = "") -> Response:
    found, asked = banks.banks(node()), words_asked()
    alone = found[0] if len(found) == 1 else None
    bank: Bank | None = next((each for each in found if each.id == wanted), alone)
    return page(
        "library/write/from_bank.html",
        status=400 if problem else 200,
        problem_text=problem,
        place=place_of(draft),
        bank=bank,
        banks=found,
        has_more=len(found) > 1,
        found=banks.found(bank.questions, asked) if bank else [],
        asked=asked,
        few=FEW,
        form=node().new_id(),
        ids=frozenset(chosen()),
        count=request.form.get("count", ""),
    )


def _questions(draft: Draft) -> list[Part]:
    """The questions that a draft has as its own."""
    return [each for each in draft.body.questions if each.kind != DRAW]
