"""Taking lessons home, on paper or as one file, and bringing back what was answered there as a code."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from content import lesson
from content.package import Item, Manifest
from hub import library
from hub.errors import InputWrong, NotAllowed
from hub.governance.belonging import welcomes_guests
from hub.people import attempts, circles, rights, roster
from hub.people.circles import Circle
from hub.people.roster import Person
from hub.tables.takehome import BACK, OUT
from hub.takehome import codes, copies, returned
from hub.takehome.copies import Copy
from hub.takehome.returned import Found
from hub.web import packs, words
from hub.web.files import media_address
from hub.web.guards import lead_to_sign_in, needs, signed_in
from hub.web.here import node, somebody, viewer
from hub.web.pack_file import about_bytes, check_fits, make
from hub.web.pack_voices import Mute
from hub.web.pages import page, say
from hub.web.people import LEADERS
from hub.web.pictures import measured

blueprint = Blueprint("takehome", __name__, url_prefix="/take-home")

NOBODY = "nobody"
"""In a form: a copy for whoever brings it back."""
SHOWN_MAX = 60
"""Copies in one list; the oldest are not looked for any more."""


@blueprint.before_request
def only_for_guests_where_welcome() -> AnyResponse | None:
    """Guests take copies home where the hub's setting lets them look around."""
    return None if viewer() is not None or welcomes_guests(node()) else lead_to_sign_in()


@blueprint.get("/")
@signed_in
def show(problem: str = "") -> Response:
    """Where a code is typed, and what the reader has at home."""
    here, person = node(), somebody()
    others = [each for each in copies.serves(here, person) if each.id != person.id]
    mine = copies.of_people(here, [person.id], state=OUT)
    status = 400 if problem else 200
    return page("takehome/type.html", status=status, problem=problem, mine=mine[:SHOWN_MAX], serves=bool(others))


@blueprint.post("/")
@signed_in
def take() -> AnyResponse:
    """Take a code: it is written down at once, or asked whose a copy without an owner is."""
    here, person, whose = node(), somebody(), request.form.get("whose", "")
    try:
        found = returned.recognise(
            here, actor=person, typed=request.form.get("code", ""), address=request.remote_addr or ""
        )
        served = copies.serves(here, person)
        if not found.copy.person and not whose and len(served) > 1:
            return page("takehome/whose.html", code=request.form["code"], copy=found.copy, people=served)
        back = returned.keep(here, found=found, actor=person, person=found.copy.person or whose or person.id)
    except (InputWrong, NotAllowed) as mistake:
        return show(words.said(mistake))
    if back.person == person.id:
        if not back.is_new:
            say(_("That code came before. What was typed first stands, and nothing was changed."))
        return redirect(f"/take-home/back/{back.copy.id}/{back.number}/", 303)
    _say_whose(found, roster.person(here, back.person), back)
    return redirect("/take-home/", 303)


def _say_whose(found: Found, whose: Person, back: returned.Returned) -> None:
    name, title = whose.name, found.copy.pack.title
    if not back.is_new:
        say(_("%(name)s: that code came before. What was typed first stands.", name=name))
    elif found.sheet.quiz:
        told = {"name": name, "title": title, "right": back.right, "total": len(back.answers)}
        say(_("%(name)s: %(right)s of %(total)s right in “%(title)s”. It is written down.", **told))
    else:
        say(_("%(name)s has read “%(title)s”. It is written down.", name=name, title=title))


@blueprint.get("/back/<copy>/<int:number>/")
@signed_in
def back(copy: str, number: int) -> AnyResponse:
    """How a sheet went: what went well, and what is right elsewhere."""
    here, person = node(), somebody()
    found = copies.copy(here, copy)
    copies.check_opens(here, copy=found, actor=person)
    if number not in found.back:
        return redirect("/take-home/", 303)
    answers = returned.result(here, copy=found, number=number)
    questions = _questions(found, number)
    left = len(found.pack.asked.sheets) - len(found.back)
    return page("takehome/back.html", copy=found, answers=answers, questions=questions, left=left)


@blueprint.get("/of/<package>/")
def offer(package: str, problem: str = "") -> Response:
    """A lesson, a quiz or a whole package to take home: what it is, how large, and for whom."""
    here, person, item = node(), viewer(), request.values.get("item", "")
    asked = copies.weigh(here, package=package, item=item)
    found = here.shelf.standing(package)
    assert found is not None
    manifest = found.for_learners
    return page(
        "takehome/offer.html",
        status=400 if problem else 200,
        problem=problem,
        package=manifest,
        item=item,
        title=asked.items[0][2] if item else manifest.title,
        items=asked.items,
        sheets=len(asked.sheets),
        size=words.size(about_bytes(here, manifest, item)),
        whom=[(each.id, each.name) for each in copies.serves(here, person) if each != person] if person else [],
        circles=_circles(person),
        nobody=NOBODY,
        words=words,
    )


@blueprint.post("/of/<package>/")
def give(package: str) -> AnyResponse:
    """Make a copy and lead to it; for a whole circle to its papers."""
    here, person, form = node(), viewer(), request.form
    carrier, item, circle = form.get("carrier", ""), form.get("item", ""), form.get("circle", "")
    if circle:
        return _for_circle(package, item, circle)
    whose = form.get("whose", "") or (person.id if person else NOBODY)
    if person is None:
        whose = NOBODY
        attempts.take_copy(here, address=request.remote_addr or "")
    if person is not None and whose != NOBODY and whose not in {each.id for each in copies.serves(here, person)}:
        raise NotAllowed("Copies are for oneself and for whom one looks after. Nothing was made.")
    try:
        if carrier == "file":
            check_fits(about_bytes(here, library.package(here, package).for_learners, item))
        made = copies.give(
            here,
            package=package,
            item=item,
            carrier=carrier,
            person="" if whose == NOBODY else whose,
            giver=person.id if person else "",
        )
    except InputWrong as mistake:
        return offer(package, words.said(mistake))
    return redirect(f"/take-home/copies/{made.id}/{'paper/' if carrier == 'paper' else ''}", 303)


@blueprint.get("/copies/<copy>/")
def ready(copy: str) -> Response:
    """A copy that is ready to be kept as a file, and how its code comes back."""
    found = _opened(copy)
    size = len(make(node(), found))
    return page("takehome/ready.html", copy=found, size=words.size(size))


@blueprint.get("/copies/<copy>/file/")
def file(copy: str) -> Response:
    """The copy as one HTML file to keep."""
    found = _opened(copy)
    answer = Response(make(node(), found), content_type="text/html; charset=utf-8")
    name = f"{found.pack.package}-{found.number}.html"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@blueprint.get("/copies/<copy>/paper/")
def paper(copy: str) -> Response:
    """The copy on paper."""
    found = _opened(copy)
    return _printed([found], _owners([found]), f"/take-home/of/{found.pack.package}/?item={found.pack.item}")


@blueprint.get("/circles/<circle>/<pack>/")
@needs(*LEADERS)
def circle_papers(circle: str, pack: str) -> AnyResponse:
    """The papers of a pack for everybody in a circle who has one out."""
    here = node()
    people = copies.led(here, circle=circle, actor=somebody())
    found = copies.of_pack(here, pack=pack, people=[each.id for each in people])
    if not found:
        return redirect("/take-home/out/", 303)
    place = {each.id: number for number, each in enumerate(people)}
    ordered = sorted(found, key=lambda each: place[each.person])
    return _printed(ordered, {each.id: each for each in people}, f"/learn/classes/{circle}/")


@blueprint.get("/out/")
@signed_in
def out() -> Response:
    """Who has what at home, and what came back of late."""
    here, person = node(), somebody()
    people = {each.id: each for each in copies.serves(here, person)}
    found = copies.of_people(here, [*people, ""] if rights.keeps(person) else list(people))
    return page(
        "takehome/out.html",
        out=[each for each in found if each.state == OUT][:SHOWN_MAX],
        came=[each for each in found if each.state == BACK][:SHOWN_MAX],
        people=people,
    )


@blueprint.post("/copies/<copy>/close/")
@signed_in
def close(copy: str) -> AnyResponse:
    """A copy that does not come back."""
    found = _opened(copy)
    copies.close(node(), copy=found.id)
    say(_("The copy is closed: its codes count no more."))
    return redirect("/take-home/out/", 303)


def _opened(copy: str) -> Copy:
    found = copies.copy(node(), copy)
    copies.check_opens(node(), copy=found, actor=viewer())
    return found


def _for_circle(package: str, item: str, circle: str) -> AnyResponse:
    here, person = node(), viewer()
    if person is None:
        return lead_to_sign_in()
    people = copies.led(here, circle=circle, actor=person)
    if not people:
        return offer(package, _("Nobody learns in this circle yet. Nothing was made; choose another."))
    ids = [each.id for each in people]
    made = copies.give_all(here, package=package, item=item, carrier="paper", people=ids, giver=person.id)
    with_lesson = "?lesson=1" if request.form.get("lesson") else ""
    return redirect(f"/take-home/circles/{circle}/{made[0].pack.id}/{with_lesson}", 303)


def _circles(person: Person | None) -> list[Circle]:
    """The circles for which somebody may print."""
    if person is None:
        return []
    return circles.circles(node()) if rights.keeps(person) else circles.led_by(node(), person.id)


def _printed(found: Sequence[Copy], people: dict[str, Person], leads_back: str) -> Response:
    here, pack = node(), found[0].pack
    manifest = copies.standing(here, pack)
    bound = packs.bind(here, manifest, pack, lambda item: _lesson(manifest, item))
    shows_lessons = len(found) == 1 or bool(request.args.get("lesson"))
    return page(
        "takehome/paper.html",
        bound=bound,
        pack=pack,
        papers=[(each, people.get(each.person), bound.pages(each)) for each in found],
        shows_lessons=shows_lessons,
        voices=Mute(),
        leads_back=leads_back,
        answer_of=packs.answer_of,
        letters=packs.LETTERS,
        drawing=lambda path: media_address(manifest, path) if path in manifest.files else "",
        length=codes.LENGTH,
    )


def _lesson(manifest: Manifest, item: Item) -> Markup:
    """A lesson as it is printed: pictures by their address, links as words."""
    here = node()
    text = lesson.read(here.shelf.read(manifest, item.path))

    def link(path: str) -> str:
        return media_address(manifest, path) if path in manifest.files else ""

    return Markup(lesson.render(text, link, measured(here, manifest)))  # noqa: S704 - cleaned by nh3


def _owners(found: Sequence[Copy]) -> dict[str, Person]:
    return {each.person: roster.person(node(), each.person) for each in found if each.person}


def _questions(found: Copy, number: int) -> dict[str, Any]:
    """The questions of a sheet with their words, where the package stands as it was."""
    here = node()
    try:
        manifest = copies.standing(here, found.pack)
    except InputWrong:
        return {}
    bound = packs.bind(here, manifest, found.pack, lambda _item: "")
    return {row.name: row.question for row in bound.pages(found)[number].rows if row.question is not None}
