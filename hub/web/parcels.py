"""Everything about one person in one file: one press on "What we know about you", a page to wait on, the file itself.

The page inside the file is made here, at the press, in the language of whoever pressed; it needs nothing beside it.
"""

from flask import Blueprint, Response, render_template, request
from flask import redirect as lead
from werkzeug.wrappers import Response as AnyResponse
from werkzeug.wsgi import wrap_file

from hub.consent import standing
from hub.learning import progress
from hub.out import parcel, sent
from hub.people import circles, households, roster
from hub.people.roster import Person
from hub.sharing import rows
from hub.tide import report, told
from hub.web import consent_words, tide_words, words
from hub.web.guards import signed_in
from hub.web.here import node, somebody
from hub.web.keeping import watched
from hub.web.names import PICTURE_NAMES, RELATION_NAMES, ROLE_NAMES

blueprint = Blueprint("parcels", __name__, url_prefix="/people")


@blueprint.post("/<person>/about/file/")
@signed_in
def ask(person: str) -> AnyResponse:
    """Have the file made."""
    here, actor, found = node(), somebody(), roster.person(node(), person)
    parcel.check_takes(here, actor=actor, person=found)
    job = parcel.ask(here, actor=actor, person=found, page=_inside(found))
    return lead(f"/people/{found.id}/about/file/{job}/", 303)


@blueprint.get("/<person>/about/file/<job>/")
@signed_in
def watch(person: str, job: str) -> Response:
    """How far it is; loads itself again until it is over."""
    found = roster.person(node(), person)
    made = parcel.parcel(node(), job, actor=somebody(), person=found)
    is_own = somebody().id == found.id
    return watched("consent/parcel.html", made.job, shown=found, is_own=is_own, size=words.size(made.size), made=made)


@blueprint.get("/<person>/about/file/<job>/everything.zip")
@signed_in
def file(person: str, job: str) -> Response:
    """The file itself; no browser keeps it but where it is put."""
    found = roster.person(node(), person)
    made = parcel.parcel(node(), job, actor=somebody(), person=found)
    handed = parcel.open_file(node(), made)
    answer = Response(wrap_file(request.environ, handed), content_type="application/zip", direct_passthrough=True)
    answer.headers["Content-Length"] = str(made.size)
    answer.headers["Content-Disposition"] = "attachment; filename=everything.zip"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _inside(found: Person) -> str:
    """The page in the file: who, what was learned, what was agreed, and what each file beside it is."""
    here = node()
    return render_template(
        "consent/everything.html",
        shown=found,
        now=report.clock_time(here.clock.now_ms()),
        circles=circles.circles_of(here, found.id),
        homes=[
            (home, kin.relation)
            for home in households.households_of(here, found.id)
            for kin in households.kin(here, home.id)
            if kin.person.id == found.id
        ],
        ways=progress.of_person(here, found.id),
        garden=progress.garden(here, found.id, languages=words.reading(found)),
        kept=told.kept_of(here, found.id),
        asked=consent_words.asked(here, found.id),
        acts=[(act, consent_words.title(act.purpose)) for act in standing.told(here, found.id)],
        told=told.told_of(here, found.id),
        named=told.named_to(here, found.id),
        forwarded=sent.told_of(here, found.id),
        how_it_leaves=tide_words.HOWS[rows.UNDER_A_PSEUDONYM],
        audiences=tide_words.AUDIENCES,
        answers=consent_words.ANSWERS,
        hows=consent_words.HOWS,
        pictures=PICTURE_NAMES,
        roles=ROLE_NAMES,
        relations=RELATION_NAMES,
        language=words.language,
        states=words.STATES,
        levels=words.GARDEN,
        when=report.clock_time,
    )
