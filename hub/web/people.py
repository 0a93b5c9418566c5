"""The people of the hub, for those who look after them: the list, somebody new, one person's page."""

from collections import Counter
from collections.abc import Iterable

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.acts import By
from hub.errors import InputWrong
from hub.forgetting import people as forgetting
from hub.governance import offices
from hub.moving import receipt
from hub.people import circles, credentials, households, rights, roster, sessions
from hub.people.circles import Circle
from hub.people.pictures import AVATARS
from hub.people.roster import KEEPERS, Person
from hub.together import acting
from hub.typed import TITLE_MAX
from hub.web import consent_words, words
from hub.web.guards import needs
from hub.web.here import node, somebody
from hub.web.names import PART_NAMES, PICTURE_NAMES, ROLE_NAMES
from hub.web.pages import page, say

blueprint = Blueprint("people", __name__, url_prefix="/people")

LEADERS = ("facilitator", "librarian", "steward")
SHOWN_MAX = 100
"""People on one page of the list; whoever is not among them is looked for by name."""
YEAR_DIGITS = 4


@blueprint.get("/")
@needs(*LEADERS)
def show_all() -> Response:
    """Everybody whom the viewer looks after, by name, role or circle."""
    here, actor = node(), somebody()
    words, role = request.args.get("q", "")[: roster.NAME_MAX], request.args.get("role", "")
    resting = role == "resting"
    found = [
        each
        for each in rights.seen_by(here, actor)
        if words.casefold().strip() in each.name.casefold()
        and each.is_active is not resting
        and (resting or not role or role in each.roles)
    ]
    return page(
        "people/list.html",
        people=found[:SHOWN_MAX],
        hidden=max(0, len(found) - SHOWN_MAX),
        words=words,
        role=role,
        keeps=rights.keeps(actor),
        roles=ROLE_NAMES,
    )


@blueprint.get("/add/")
@needs(*LEADERS)
def ask_new() -> Response:
    """The form for somebody new."""
    return _ask_new()


@blueprint.post("/add/")
@needs(*LEADERS)
def add() -> AnyResponse:
    """Take somebody new in, and into a circle when one is named."""
    here, given = node(), request.form
    roles, circle = (given.get("role", "learner"),), given.get("circle", "")
    try:
        rights.check_adds(here, actor=somebody(), roles=roles, circle=circle)
        offices.check_gives(here, actor=somebody(), roles=roles)
        made = circles.take_in(here, _facts(), roles=roles, circle=circle, by=By(somebody().id))
    except InputWrong as mistake:
        return _ask_new(words.said(mistake))
    say(_("%(name)s is here now.", name=made.name))
    return redirect(f"/people/{made.id}/", 303)


def _facts() -> roster.Facts:
    """What the form says of a person. Raises InputWrong for a year that is none."""
    given = request.form
    return {
        "name": given.get("name", ""),
        "picture": given.get("picture", ""),
        "birth_year": _year(given.get("birth_year", "")),
        "language": given.get("language", "").strip(),
    }


def _year(text: str) -> int | None:
    """The year typed, or None for nothing. Raises InputWrong."""
    if not text.strip():
        return None
    if not (text.strip().isdecimal() and len(text.strip()) == YEAR_DIGITS):
        raise InputWrong(_("A birth year is four digits like 2016, or nothing. Nothing was changed."))
    return int(text)


def _ask_new(problem: str = "") -> Response:
    actor, fields = somebody(), ("name", "picture", "circle", "role", "birth_year")
    return page(
        "people/add.html",
        status=400 if problem else 200,
        given={field: request.values.get(field, "") for field in fields},
        problem=problem,
        pictures=AVATARS,
        names=PICTURE_NAMES,
        circles=circles_to_choose(rights.circles_of(node(), actor)),
        roles=ROLE_NAMES if rights.keeps(actor) else {"learner": ROLE_NAMES["learner"]},
    )


@blueprint.get("/<person>/")
@needs(*LEADERS)
def show(person: str) -> Response:
    """One person: what is known, roles, circles, household."""
    return _show(_seen(person))


def _show(found: Person, problem: str = "") -> Response:
    here, actor = node(), somebody()
    joined = circles.circles_of(here, found.id)
    return page(
        "people/show.html",
        status=400 if problem else 200,
        shown=found,
        problem=problem,
        keeps=rights.keeps(actor),
        may_forget=forgetting.may_forget(here, actor=actor, person=found) and found.id != actor.id,
        may_reset=rights.keeps(actor) or found.is_plain,
        kind=credentials.kind_of(here, found.id),
        circles=joined,
        moved=receipt.moved(here, found.id),
        same=acting.same_as(here, found.id),
        asked=consent_words.asked(here, found.id),
        faces=consent_words,
        other_circles=circles_to_choose(each for each in circles.circles(here) if each not in joined),
        parts=PART_NAMES,
        homes=[(each, households.kin(here, each.id)) for each in households.households_of(here, found.id)],
        roles=ROLE_NAMES,
        decisions=_decisions() if rights.keeps(actor) else [],
        why_max=TITLE_MAX,
        pictures=AVATARS,
        names=PICTURE_NAMES,
    )


def _decisions() -> list[tuple[str, str]]:
    """The decisions that a role can be given by, to choose from; [] where there is none."""
    found = [(each.id, each.title) for each in offices.in_force(node())]
    return [("", _("none: it is my own")), *found] if found else []


def _seen(person_id: str) -> Person:
    """The person of the address, if the viewer may see them. Raises NotFound or NotAllowed."""
    here = node()
    found = roster.person(here, person_id)
    rights.check_sees(here, actor=somebody(), person=found)
    return found


@blueprint.post("/<person>/")
@needs(*KEEPERS)
def change(person: str) -> AnyResponse:
    """Change name, picture, birth year."""
    found = _seen(person)
    try:
        circles.change_person(node(), person=person, **_facts())
    except InputWrong as mistake:
        return _show(found, words.said(mistake))
    return _changed(person)


@blueprint.post("/<person>/roles/")
@needs(*KEEPERS)
def change_roles(person: str) -> AnyResponse:
    """Hold exactly the roles that are ticked."""
    found, given = _seen(person), request.form
    try:
        said = {name: given.get(name, "") for name in ("decision", "why")}
        offices.set_roles(node(), actor=somebody(), person=found.id, roles=given.getlist("role"), **said)
    except InputWrong as mistake:
        return _show(found, words.said(mistake))
    return _changed(person)


@blueprint.post("/<person>/rest/")
@needs(*KEEPERS)
def rest(person: str) -> AnyResponse:
    """Let somebody rest, or come back."""
    roster.set_active(node(), person=_seen(person).id, is_active=request.form.get("is_active") == "yes")
    return _changed(person)


@blueprint.post("/<person>/circles/")
@needs(*KEEPERS)
def join(person: str) -> AnyResponse:
    """Put somebody into one more circle."""
    found, given = _seen(person), request.form
    try:
        offices.join(
            node(), actor=somebody(), circle=given.get("circle", ""), person=person, part=given.get("part", "learner")
        )
    except InputWrong as mistake:
        return _show(found, words.said(mistake))
    return _changed(person)


@blueprint.post("/<person>/again/")
@needs(*LEADERS)
def let_choose(person: str) -> AnyResponse:
    """Let somebody choose three new pictures at the next sign-in; every phone of theirs is signed out."""
    here, found = node(), _seen(person)
    rights.check_resets(here, actor=somebody(), person=found)
    credentials.forget(here, person=found.id, by=By(somebody().id))
    sessions.end_all(here, person=found.id)
    say(_("%(name)s chooses three new pictures at the next sign-in.", name=found.name))
    return redirect(f"/people/{person}/", 303)


def people_to_choose(people: Iterable[Person]) -> list[tuple[str, str]]:
    """People for a list to choose from, each with the own circles or year: namesakes are told apart."""
    joined = circles.names_of_circles(node())
    return [
        (each.id, _apart(each.name, ", ".join(joined.get(each.id, [])) or str(each.birth_year or "")))
        for each in people
    ]


def circles_to_choose(found: Iterable[Circle]) -> list[tuple[str, str]]:
    """Circles for a list to choose from; those that share a name are told apart by their picture."""
    standing = list(found)
    count = Counter(each.name.casefold() for each in standing)
    return [
        (each.id, _apart(each.name, str(PICTURE_NAMES[each.picture]) if count[each.name.casefold()] > 1 else ""))
        for each in standing
    ]


def _apart(name: str, beside: str) -> str:
    """A name and what tells it apart, each in its own direction of writing: an option takes no markup."""
    return " · ".join(f"\u2068{part}\u2069" for part in (name, beside) if part)


def _changed(person_id: str) -> AnyResponse:
    say(_("It is written down."))
    return redirect(f"/people/{person_id}/", 303)
