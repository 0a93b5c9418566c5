"""Things to borrow, and the lending desk: everybody sees what there is, librarians alone who has it."""

from flask import Blueprint, abort, redirect, request
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from content.renditions import PLAIN
from hub import photos, pictures
from hub.errors import InputWrong
from hub.learning.progress import competencies
from hub.lending import loans, things
from hub.lending.loans import Asked, Loan
from hub.lending.things import Description, Thing
from hub.node import Node
from hub.people import circles, households, roster
from hub.sentences import lasting
from hub.web import groups, words
from hub.web.covering import sent_photo
from hub.web.files import KINDS, Blob, send
from hub.web.guards import needs, signed_in
from hub.web.here import node, somebody, viewer
from hub.web.library import QUERY_CHARS_MAX, only_for_guests_where_welcome
from hub.web.names import OUTCOME_NAMES, THING_ICONS, THING_KINDS
from hub.web.pages import page, say
from hub.web.people import circles_to_choose, people_to_choose
from hub.web.pictures import COVER_BYTES_MAX

blueprint = Blueprint("things", __name__, url_prefix="/library/things")
blueprint.before_request(only_for_guests_where_welcome)

PAGE = "/library/things/"
LENDERS = tuple(sorted(things.LENDERS))
SHOWN_MAX = 60
"""Things, or people to choose from, on one page; a word finds the others."""
OFFERED_MAX = 200
FIELDS = ("name", "kind", "means", "place", "copies")


@blueprint.get("/")
def show_all() -> Response:
    """Everything that can be borrowed, or what has some words in it; for librarians the form for a new thing."""
    return _all("")


@blueprint.post("/")
@needs(*LENDERS)
def add() -> Response:
    """A new thing."""

    def work() -> Response:
        made = things.add(node(), actor=somebody(), said=_described())
        say(_("It is in the list. Everybody finds it now."))
        return redirect(f"{PAGE}{made.id}/", 303)

    return groups.tried(work, _all)


@blueprint.get("/out/")
@needs(*LENDERS)
def show_out() -> Response:
    """Who has what; what is past its day stands first."""
    here = node()
    now = here.clock.now_ms()
    rows = [(each, when(here, each)) for each in loans.out(here)]
    return page(
        "library/things/out.html",
        late=[row for row in rows if row[0].due_ms < now],
        rest=[row for row in rows if row[0].due_ms >= now],
        days=loans.DAYS,
    )


@blueprint.get("/<thing>/")
def show(thing: str) -> Response:
    """One thing: what it is for, where it lies, how many are here; for librarians who has it and who waits."""
    return _one(thing, "")


@blueprint.post("/<thing>/")
@needs(*LENDERS)
def change(thing: str) -> Response:
    """Say otherwise what it is."""

    def work() -> Response:
        things.change(node(), actor=somebody(), thing_id=thing, said=_described())
        return groups.changed(f"{PAGE}{thing}/")

    return groups.tried(work, lambda problem: _one(thing, problem))


@blueprint.get("/<thing>/photo/<name>")
def photograph(thing: str, name: str) -> Response:
    """The photo of it, or a lighter copy."""
    here, shown = node(), things.thing(node(), thing).photo
    copy = pictures.renditions(here).path(photos.sha256(shown), name) if shown else None
    path = photos.served(here, name) if shown and name == shown else copy
    if path is None:
        abort(404)
    mark = name if name == shown else f"{photos.sha256(shown)}-{name}"
    return send(Blob(lambda: path.open("rb"), path.stat().st_size, mark, KINDS[path.suffix[1:]]))


@blueprint.post("/<thing>/photo/")
@needs(*LENDERS)
def put_photo(thing: str) -> Response:
    """Put a photo beside it, or take it away."""

    def work() -> Response:
        photo = "" if "back" in request.form else photos.keep(node(), sent_photo())
        things.show_photo(node(), actor=somebody(), thing_id=thing, photo=photo)
        return groups.changed(f"{PAGE}{thing}/")

    return groups.tried(work, lambda problem: _one(thing, problem))


@blueprint.app_template_global("thing_photo")
def thing_photo(thing: Thing, width: int) -> str:
    """The address of a photo at least so wide where there is one, else of the widest; "" for none, or none yet."""
    found = pictures.renditions(node()).copies(photos.sha256(thing.photo)) if thing.photo else ()
    plain = [each for each in found if each.ending in PLAIN]
    if not plain:
        place = photos.served(node(), thing.photo)
        is_light = place is not None and place.stat().st_size <= COVER_BYTES_MAX
        return f"{PAGE}{thing.id}/photo/{thing.photo}" if is_light else ""
    shown = next((each for each in plain if each.width >= width), plain[-1])
    return f"{PAGE}{thing.id}/photo/{shown.name}"


@blueprint.post("/<thing>/lend/")
@needs(*LENDERS)
def lend(thing: str) -> Response:
    """Lend a copy of it."""

    def work() -> Response:
        asked = Asked(days=request.form.get("days", 0, int), **groups.given("to", "copy", "form"))
        loans.lend(node(), actor=somebody(), thing_id=thing, asked=asked)
        say(_("It is lent. Have joy with it!"))
        return redirect(f"{PAGE}{thing}/", 303)

    return groups.tried(work, lambda problem: _one(thing, problem))


@blueprint.post("/<thing>/mended/")
@needs(*LENDERS)
def mended(thing: str) -> Response:
    """A copy is whole again, or was found."""
    loans.mend(node(), actor=somebody(), thing_id=thing, copy=request.form.get("copy", ""))
    return groups.changed(f"{PAGE}{thing}/")


@blueprint.post("/<thing>/go/")
@needs(*LENDERS)
def let_go(thing: str) -> Response:
    """Take it off the list."""

    def work() -> Response:
        things.let_go(node(), actor=somebody(), thing_id=thing)
        say(_("It is off the list. What was lent of it stays in the records."))
        return redirect(PAGE, 303)

    return groups.tried(work, lambda problem: _one(thing, problem))


@blueprint.post("/<thing>/ask/")
@signed_in
def ask(thing: str) -> Response:
    """Wait for it, or no longer."""

    def work() -> Response:
        if "no" in request.form:
            loans.no_longer(node(), actor=somebody(), thing_id=thing)
        else:
            loans.ask(node(), actor=somebody(), thing_id=thing)
        return groups.changed(f"{PAGE}{thing}/")

    return groups.tried(work, lambda problem: _one(thing, problem))


@blueprint.post("/out/<loan>/back/")
@needs(*LENDERS)
def give_back(loan: str) -> Response:
    """It is back, whole or not, or lost."""
    given = groups.given("outcome", "note", "thing")
    try:
        loans.give_back(node(), actor=somebody(), loan=loan, outcome=given["outcome"], note=given["note"])
    except InputWrong as mistake:
        return _one(given["thing"], words.said(mistake))
    say(_("It is back. Thank you."))
    return redirect(_from(given["thing"]), 303)


@blueprint.post("/out/<loan>/longer/")
@needs(*LENDERS)
def longer(loan: str) -> Response:
    """Let it be kept longer."""
    thing = request.form.get("thing", "")
    try:
        loans.longer(node(), actor=somebody(), loan=loan, days=request.form.get("days", 0, int))
    except InputWrong as mistake:
        return _one(thing, words.said(mistake))
    return groups.changed(_from(thing))


def when(here: Node, loan: Loan) -> str:
    """When it is due, in kind words."""
    left_ms = loan.due_ms - here.clock.now_ms()
    if left_ms < 0:
        return str(_("to ask about since %(time)s", time=lasting(-left_ms)))
    return str(_("%(time)s left", time=lasting(left_ms)))


def mine(here: Node, person: str) -> list[tuple[Loan, str]]:
    """What somebody has, each with when it is due."""
    return [(each, when(here, each)) for each in loans.of_person(here, person)]


def _from(thing: str) -> str:
    """Back to where the button stood: the page of the thing, or the desk."""
    return f"{PAGE}{thing}/" if "here" in request.form else f"{PAGE}out/"


def _described() -> Description:
    form = request.form
    given = {name: form.get(name, "") for name in FIELDS}
    return Description(**given, language=str(get_locale()), competencies=tuple(filter(None, form.getlist("of"))))


def _all(problem: str) -> Response:
    here, kind = node(), request.args.get("kind", "")
    asked = " ".join(request.args.get("q", "")[:QUERY_CHARS_MAX].split())
    found = things.things(here, words=asked, kind=kind)
    return page(
        "library/things/all.html",
        status=400 if problem else 200,
        things=found[:SHOWN_MAX],
        hidden=max(0, len(found) - SHOWN_MAX),
        asked=asked,
        kind=kind,
        kinds=THING_KINDS,
        thing_icons=THING_ICONS,
        lends=things.lends(viewer()),
        problem=problem,
        given=request.form,
        sizes=things,
        offered=_offered(),
    )


def _one(thing: str, problem: str) -> Response:
    here, person, found = node(), viewer(), things.thing(node(), thing)
    lends, waiting = things.lends(person), loans.waiting(here, thing)
    named = competencies(here, languages=words.reading(person))
    return page(
        "library/things/one.html",
        status=400 if problem else 200,
        thing=found,
        kinds=THING_KINDS,
        thing_icons=THING_ICONS,
        stands_for=[(named[each][1], named[each][0].language) for each in found.competencies if each in named],
        problem=problem,
        lends=lends,
        asks=person is not None and any(each.id == person.id for each in waiting),
        waits=ngettext("%(num)s person waits for it", "%(num)s people wait for it", len(waiting)) if waiting else "",
        desk=_desk(here, found) if lends else None,
        sizes=things,
        offered=_offered(),
    )


def _desk(here: Node, found: Thing) -> dict[str, object]:
    """What librarians alone see of a thing."""
    asked = request.args.get("who", "")[: roster.NAME_MAX].strip()
    people = [each for each in roster.people(here) if asked.casefold() in each.name.casefold()]
    waiting = loans.waiting(here, found.id)
    first = [*waiting, *(each for each in people if each not in waiting)]
    to = [(f"person:{name}", said) for name, said in people_to_choose(first[:SHOWN_MAX])]
    to += [(f"circle:{name}", said) for name, said in circles_to_choose(circles.circles(here))]
    to += [(f"household:{each.id}", f"\u2068{each.name}\u2069") for each in households.households(here)]
    return {
        "out": [(each, when(here, each)) for each in loans.out(here, found.id)],
        "broken": [(each, OUTCOME_NAMES[each.outcome]) for each in loans.out_of_use(here, found.id)],
        "waiting": waiting,
        "copies": [("", _("any that is here")), *((each, f"\u2068{each}\u2069") for each in found.here)],
        "to": [("", _("Choose who takes it")), *to],
        "is_more": len(first) > SHOWN_MAX,
        "who": asked,
        "days": loans.DAYS,
        "days_max": loans.DAYS_MAX,
        "note_max": loans.NOTE_MAX,
        "outcomes": list(OUTCOME_NAMES.items()),
        "form": here.new_id(),
    }


def _offered() -> list[tuple[str, str]]:
    """What a thing can be for, as librarians choose it."""
    if not things.lends(viewer()):
        return []
    named = competencies(node(), languages=words.reading(viewer()))
    return [(name, says) for name, (_manifest, says, _picture) in named.items()][:OFFERED_MAX]
