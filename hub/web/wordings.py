"""`/wordings/`: a librarian mends what the pages say, in any of their languages, and takes a file for translators."""

from flask import Blueprint, Response, g, redirect, request, session
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as AnyResponse

from hub import wordings
from hub.errors import InputWrong, NotFound
from hub.people.roster import KEEPERS
from hub.web import catalogues, words
from hub.web.guards import needs, safe_next
from hub.web.help_here import MENDING
from hub.web.here import node, viewer
from hub.web.pages import page, say
from hub.web.tongues import languages

blueprint = Blueprint("wordings", __name__, url_prefix="/wordings")


@blueprint.app_context_processor
def _for_templates() -> dict[str, object]:
    """What the foot of every page asks, and what shows a wording."""
    return {"texts_said": texts_said, "with_holes": with_holes}


PAGE_LINES = 30
PAGES_MAX = 1000
QUERY_CHARS_MAX = 200


@blueprint.get("/")
@needs(*KEEPERS)
def show() -> Response:
    """The texts of the pages in a language: those that hold some words, or those that were mended."""
    language = _language(request.args.get("language", str(get_locale())))
    asked = " ".join(request.args.get("q", "")[:QUERY_CHARS_MAX].split())
    is_own = "own" in request.args
    lines = catalogues.lines(language, _mended(language))
    count = sum(1 for each in lines if each.mended)
    found = [each for each in lines if (each.mended or not is_own) and each.holds(asked.casefold())]
    number = min(max(request.args.get("page", 1, int), 1), PAGES_MAX)
    shown = found[(number - 1) * PAGE_LINES : number * PAGE_LINES]
    return page(
        "wordings/show.html",
        language=language,
        asked=asked,
        is_own=is_own,
        lines=shown,
        total=len(found),
        count=count,
        number=number,
        more=number + 1 if len(found) > number * PAGE_LINES else 0,
        is_mending=bool(session.get(MENDING)),
    )


@blueprint.get("/<language>/<key>/")
@needs(*KEEPERS)
def one(language: str, key: str) -> Response:
    """One text: the English, what is said now, and a form for other words."""
    return _form(_language(language), key, [], "")


@blueprint.post("/<language>/<key>/")
@needs(*KEEPERS)
def mend(language: str, key: str) -> AnyResponse:
    """Say it in other words from now on."""
    language = _language(language)
    line = catalogues.line(language, key, _mended(language))
    forms = [request.form.get(f"form{number}", "") for number in range(line.text.forms)]
    try:
        wordings.mend(node(), language=language, text=line.text, forms=forms)
    except InputWrong as mistake:
        return _form(language, key, forms, words.said(mistake))
    say(_("The pages say it in your words now."))
    return redirect(_back(language), 303)


@blueprint.post("/<language>/<key>/back/")
@needs(*KEEPERS)
def take_back(language: str, key: str) -> AnyResponse:
    """Say it as the program does again."""
    language = _language(language)
    line = catalogues.line(language, key, _mended(language))
    wordings.take_back(node(), language=language, text=line.text.one)
    say(_("The pages say it as before."))
    return redirect(_back(language), 303)


@blueprint.post("/here/")
@needs(*KEEPERS)
def mark() -> AnyResponse:
    """Let each page show the texts that it says, or no longer."""
    if request.form.get("mending") == "yes":
        session[MENDING] = True
    else:
        session.pop(MENDING, None)
    return redirect(safe_next(request.form.get("next")), 303)


@blueprint.get("/<language>.po")
@needs(*KEEPERS)
def export(language: str) -> Response:
    """The mended wordings of a language as a file."""
    language = _language(language)
    answer = Response(
        catalogues.as_po(language, node().name, _mended(language)), content_type="text/x-gettext-translation"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="mangrove.{language}.po"'
    return answer


def with_holes(form: str) -> Markup:
    """A wording to look at: what the page fills in stays in one piece, whichever way the words run."""
    return Markup(wordings.VALUE.sub(r'<bdi dir="ltr">\g<0></bdi>', str(escape(form))))  # noqa: S704 - escaped before


def texts_said() -> list[tuple[str, str]]:
    """The texts that the page has said so far, each with its key; nothing unless a librarian is mending."""
    person = viewer()
    if not session.get(MENDING) or person is None or person.roles.isdisjoint(KEEPERS):
        return []
    return [(wordings.key(text), text) for text in sorted(g.get("texts_said", {}), key=str.casefold)]


def _form(language: str, key: str, given: list[str], problem: str) -> Response:
    line = catalogues.line(language, key, _mended(language))
    return page(
        "wordings/one.html",
        status=400 if problem else 200,
        language=language,
        line=line,
        given=given or list(line.said),
        back=safe_next(request.values.get("next")),
        problem=problem,
    )


def _language(language: str) -> str:
    if language not in languages():
        raise NotFound("The pages do not speak that language. Nothing was changed; choose one from the list.")
    return language


def _mended(language: str) -> dict[str, tuple[str, ...]]:
    return wordings.standing(node(), wordings.Standing(None, {})).texts.get(language, {})


def _back(language: str) -> str:
    back = safe_next(request.form.get("next"))
    return f"/wordings/?language={language}&own" if back == "/" else back
