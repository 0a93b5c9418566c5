"""`/safe/`: the report that stands on every page, for guests and children too, and the pages of those who read it.

Two presses are enough: the raised hand, and one drawing. Whoever reported can then say more from the same phone for a
while; nothing on it shows later that anybody did.
"""

from flask import Blueprint, Response, abort, current_app, redirect, request, session
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from hub import sentences
from hub.errors import InputWrong, StorageFull, TooMany
from hub.people import roster
from hub.protection import named, reports, voices
from hub.protection.reports import More, Report, Told
from hub.sound import files, kinds
from hub.typed import WORDS_MAX
from hub.web import groups, words
from hub.web.files import Blob, send
from hub.web.guards import lead_to_sign_in, needs, safe_next
from hub.web.help_words import HELP
from hub.web.here import node, somebody, viewer
from hub.web.pages import page, say
from hub.web.safe_words import SORTS, STEPS

blueprint = Blueprint("safe", __name__, url_prefix="/safe")

REPORTED = "reported"
"""Under this name the browser keeps for a while what was reported: who pressed, which report, when, on which page."""
MORE_MS = 15 * 60_000
"""So long can more be said from the phone."""


@blueprint.get("/")
def ask(problem: str = "") -> Response:
    """Five drawings to press, and who reads it."""
    here = node()
    return page(
        "safe/ask.html",
        status=400 if problem else 200,
        problem=problem,
        sorts=SORTS,
        readers=named.readers(here),
        back=safe_next(request.values.get("next")),
        ticket=here.new_id(),
    )


@blueprint.post("/")
def take() -> AnyResponse:
    """Keep it."""

    def work() -> AnyResponse:
        here, person, back = node(), viewer(), safe_next(request.form.get("next"))
        is_hidden = person is None or bool(request.form.get("hidden"))
        told = Told(
            sort=request.form.get("sort", ""),
            page=_view(back),
            person="" if is_hidden or person is None else person.id,
            about=request.form.getlist("about"),
            ticket=request.form.get("ticket", ""),
        )
        made = reports.report(here, told=told, source=_source(), mine=(_reported() or ("", ""))[0])
        session[REPORTED] = [person.id if person else "", made, here.clock.now_ms(), back]
        return redirect("/safe/sent/", 303)

    return groups.tried(work, ask)


@blueprint.get("/sent/")
def sent(problem: str = "") -> AnyResponse:
    """That it is with those who read it; and more can be said."""
    found = _reported()
    if found is None:
        return redirect("/safe/", 303)
    here, (report, back) = node(), found
    row = here.tables.Report.get_or_none(here.tables.Report.id == report)
    return page(
        "safe/sent.html",
        status=400 if problem else 200,
        problem=problem,
        readers=named.readers(here, row.about.split() if row else ()),
        back=back,
        seconds_max=int(kinds.SECONDS_MAX),
        words_max=WORDS_MAX,
        given=groups.given("words"),
    )


@blueprint.post("/sent/")
def say_more() -> AnyResponse:
    """Add a voice, words, or the page itself."""
    found = _reported()
    if found is None:
        return redirect("/safe/", 303)
    report, back = found
    file = request.files.get("file")
    try:
        reports.say_more(
            node(),
            report=report,
            more=More(
                words=request.form.get("words", ""),
                sound=file.stream.read(kinds.SIZE_MAX + 1) if file else b"",
                address=back if request.form.get("where") else "",
                about=request.form.getlist("about"),
            ),
            source=_source(),
        )
    except (InputWrong, StorageFull, TooMany) as mistake:
        return sent(words.said(mistake))
    say(_("It is with them too."))
    return redirect("/safe/sent/", 303)


@blueprint.get("/reports/")
def show_all() -> AnyResponse:
    """What was reported to whoever looks."""
    return _for_readers() or page("safe/all.html", found=reports.read(node(), somebody()), sorts=SORTS)


@blueprint.get("/reports/<report>/")
def show(report: str) -> AnyResponse:
    """One report."""
    return _for_readers() or _shown(reports.one(node(), reader=somebody(), report=report))


@blueprint.post("/reports/<report>/")
def step(report: str) -> AnyResponse:
    """Write down what was done."""
    refused = _for_readers()
    if refused is not None:
        return refused

    def work() -> AnyResponse:
        reports.step(node(), actor=somebody(), report=report, did=request.form.get("did", ""))
        return groups.changed(f"/safe/reports/{report}/")

    return groups.tried(work, lambda problem: _shown(reports.one(node(), reader=somebody(), report=report), problem))


@blueprint.get("/reports/<report>/voice")
def voice(report: str) -> AnyResponse:
    """What was spoken, for the readers of the report."""
    refused = _for_readers()
    if refused is not None:
        return refused
    name = reports.one(node(), reader=somebody(), report=report).sound
    path = voices.served(node(), name)
    if path is None:
        abort(404)
    answer = send(Blob(lambda: path.open("rb"), path.stat().st_size, name, files.ENDINGS[name.rpartition(".")[2]]))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/named/")
@needs("steward")
def ask_named(problem: str = "") -> Response:
    """The adults who can be named, and who is."""
    here = node()
    return page(
        "safe/named.html",
        status=400 if problem else 200,
        problem=problem,
        words=named.words(here),
        day=sentences.day_of,
        choosable=named.choosable(here),
        chosen=request.form.getlist("person") or [each.id for each in named.people(here)],
    )


@blueprint.post("/named/")
@needs("steward")
def name() -> AnyResponse:
    """Name two."""

    def work() -> AnyResponse:
        named.name(node(), actor=somebody(), chosen=request.form.getlist("person"))
        return groups.changed("/safe/named/")

    return groups.tried(work, ask_named)


def _shown(found: Report, problem: str = "") -> Response:
    here = node()
    people = {each.id: each for each in roster.chosen(here, {found.person, *(each.person for each in found.steps)})}
    return page(
        "safe/one.html",
        status=400 if problem else 200,
        problem=problem,
        found=found,
        face=SORTS.get(found.sort, SORTS["other"]),
        place=HELP[found.page].what if found.page in HELP else "",
        people=people,
        others=[each for each in named.readers(here, found.about) if each.id != somebody().id],
        steps=STEPS,
        done={each.did for each in found.steps if each.person == somebody().id},
    )


def _for_readers() -> AnyResponse | None:
    """Refuse whoever reads no report; None for those who do."""
    if viewer() is None:
        return lead_to_sign_in()
    if not reports.may_read(node(), viewer()):
        abort(403)
    return None


def _reported() -> tuple[str, str] | None:
    """The report that was made just now on this phone, by whoever looks, and the page that it was made on."""
    person, kept = viewer(), session.get(REPORTED)
    if not isinstance(kept, list):
        return None
    is_old = abs(node().clock.now_ms() - kept[2]) >= MORE_MS
    if is_old or kept[0] != (person.id if person else ""):
        session.pop(REPORTED)
        return None
    return kept[1], safe_next(kept[3])


def _view(address: str) -> str:
    """The view that shows a page of ours; "" where none does."""
    adapter = current_app.create_url_adapter(request)
    try:
        found = adapter.match(address.partition("?")[0], method="GET")[0] if adapter is not None else ""
    except HTTPException:
        return ""
    return found if found in HELP else ""


def _source() -> str:
    return request.remote_addr or ""
