"""My learning: what is next, a lesson, a question on a page, the end of a quiz, films and books."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, redirect, request
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from content.exercise import Question, Quiz
from hub import courses, learning, zims
from hub.governance.belonging import welcomes_guests
from hub.learning import Given, Opened, Sitting, progress, records, rules, watching
from hub.web import answers, booklooks, launching, recognised, things, words
from hub.web.answers import Road
from hub.web.content_origin import RUN
from hub.web.files import media_address
from hub.web.forms import guests_need_no_token
from hub.web.guards import lead_to_sign_in
from hub.web.here import node, viewer
from hub.web.lessons import rendered, written
from hub.web.pages import page, say
from hub.web.players import POINTS, STEPS, player
from hub.web.today import art
from hub.zims import Shelved

blueprint = Blueprint("learn", __name__, url_prefix="/learn")

NO_ANSWER = lazy_gettext("Choose or write an answer first.")
SEED_CHARS = 8
"""Of an id, to draw a guest's questions by."""
CHANGED = lazy_gettext("This question was changed. Here is the next.")
MISSING = {
    "order": lazy_gettext("Give each one its own number."),
    "match": lazy_gettext("Choose what goes with each one."),
}
"""Kind of question → what to say of an answer that is not whole, where there is more to say than NO_ANSWER."""


@dataclass(frozen=True)
class Seat:
    """A person in front of an item; a guest has no sitting, and nothing of a guest is kept."""

    opened: Opened
    person: str
    sitting: Sitting | None

    @property
    def address(self) -> str:
        """The item's page."""
        return f"/learn/{self.opened.manifest.id}/{self.opened.item.id}/"


@blueprint.before_request
def only_for_guests_where_welcome() -> AnyResponse | None:
    """Guests look around where the hub's setting lets them."""
    return None if viewer() is not None or welcomes_guests(node()) else lead_to_sign_in()


@blueprint.get("/")
def mine() -> AnyResponse:
    """What is next, what was done, what has grown."""
    person, here = viewer(), node()
    if person is None:
        return page("learn/guest.html")
    return page(
        "learn/mine.html",
        step=progress.continue_with(here, person.id),
        choices=progress.choices(here, person.id),
        ways=progress.of_person(here, person.id),
        garden=progress.garden(here, person.id, languages=words.reading(person)),
        seen=recognised.seen_of(here, person.id, languages=words.reading(person)),
        awards=recognised.awards_of(here, person.id),
        borrowed=things.mine(here, person.id),
        levels=recognised.LEVELS,
        kindly=recognised.KINDLY,
        is_bare=not here.shelf.list(),
        states=words.GARDEN,
        art=art,
    )


@blueprint.get("/<package>/<item>/")
def show(package: str, item: str) -> AnyResponse:
    """Open an item: go on where it was left."""
    seat = _seat(package, item)
    kind = seat.opened.item.kind
    if kind == "lesson":
        return _lesson(seat)
    if kind == "quiz":
        return _quiz(seat)
    return _played(seat)


@blueprint.post("/<package>/<item>/answer/")
def answer(package: str, item: str) -> AnyResponse:
    """Take the answer to one question; a guest's goes along in the address and is not kept."""
    opened, person, form = _opened(package, item), viewer(), request.form
    quiz = learning.quiz(node(), opened)
    name, attempt = form.get("question", ""), form.get("attempt", "")
    question = quiz.question(name)
    given = answers.read(question, form) if question else ()
    road = Road.read(form, quiz).told() if person is None else {}
    address = f"/learn/{package}/{item}/"
    if question is not None and not given:
        say(str(MISSING.get(question.kind, NO_ANSWER)), tone="warn")
        return redirect(_with(address, {**road, **answers.kept(question, form)}), 303)
    if question is None:
        say(str(CHANGED), tone="warn")
        return redirect(_with(address, road), 303)
    if person is None:
        return redirect(_with(f"{address}answered/", {"question": name, **road, "answer": given}), 303)
    shown = Given(name, given, attempt, answers.moment(form.get("shown", "")))
    learning.take_answer(node(), person=person.id, opened=opened, given=shown)
    return redirect(_with(f"{address}answered/", {"attempt": attempt}), 303)


@blueprint.get("/<package>/<item>/answered/")
def answered(package: str, item: str) -> AnyResponse:
    """How the answer was: right, a hint for another try, or what is right and why."""
    seat = _seat(package, item)
    whole = learning.quiz(node(), seat.opened)
    if seat.sitting is None:
        return _tried_out(seat, whole)
    quiz = seat.sitting.asked(whole)
    given = seat.sitting.answer(request.args.get("attempt", ""))
    question = quiz.question(given.question) if given else None
    if given is None or question is None:
        return redirect(seat.address, 303)
    scores = seat.sitting.scores(question.id)
    return _feedback(
        seat,
        quiz,
        question,
        answers.Heard(
            given=records.given_in(question.kind, given.response),
            score=given.score,
            may_retry=not rules.is_closed(question, scores),
            is_last=seat.sitting.is_finished,
        ),
    )


@blueprint.get("/<package>/<item>/end/")
def end(package: str, item: str) -> AnyResponse:
    """How a quiz went: what went well, what to look at again."""
    seat = _seat(package, item)
    if seat.opened.item.kind != "quiz":
        return redirect(seat.address, 303)
    whole = learning.quiz(node(), seat.opened)
    road = Road.read(request.args, whole)
    quiz = _drawn(seat, whole, road)
    if seat.sitting is None:
        worths = dict(zip([each.id for each in quiz.questions], road.so, strict=False))
    elif not seat.sitting.is_finished:
        return redirect(seat.address, 303)
    else:
        worths = {each.id: rules.worth(seat.sitting.scores(each.id)) for each in quiz.questions}
    score = sum(worths.values()) / len(quiz.questions)
    return _page(
        seat,
        "learn/end.html",
        quiz=quiz,
        worths=worths,
        well_ids=[name for name, worth in worths.items() if worth == 1],
        is_passed=score >= rules.PASS_SCORE,
        after=learning.following(seat.opened),
        lesson=learning.lesson_for(seat.opened, [each for each in quiz.questions if worths.get(each.id, 0) < 1]),
    )


@blueprint.post("/<package>/<item>/again/")
def again(package: str, item: str) -> AnyResponse:
    """Once more from the start."""
    opened, person = _opened(package, item), viewer()
    if person is not None:
        learning.begin_again(node(), person=person.id, opened=opened)
    return redirect(f"/learn/{package}/{item}/", 303)


@blueprint.post("/<package>/<item>/finish/")
def finish(package: str, item: str) -> AnyResponse:
    """Read, seen or heard to the end: on to what comes after."""
    opened, person = _opened(package, item), viewer()
    if person is not None:
        learning.finish(node(), person=person.id, opened=opened)
    after = learning.following(opened)
    return redirect(f"/learn/{package}/{after.id}/" if after else f"/library/{package}/", 303)


@blueprint.post("/<package>/<item>/place/")
def place(package: str, item: str) -> AnyResponse:
    """Remember where somebody is in a film, a sound, a book or an album; the last two show that step."""
    opened, person = _opened(package, item), viewer()
    at = answers.moment(request.form.get("at", ""))
    if person is not None:
        learning.note_place(node(), person=person.id, opened=opened, place=at)
    step = STEPS.get(opened.item.kind)
    return redirect(_with(f"/learn/{package}/{item}/", {step: str(at)} if step else {}), 303)


@blueprint.post("/<package>/<item>/look/")
@guests_need_no_token
def choose_look(package: str, item: str) -> AnyResponse:
    """Take how somebody wants books to look, and lead to the chapter that was open, where it is seen."""
    _opened(package, item)
    booklooks.take(node(), viewer(), request.form)
    at = answers.moment(request.form.get("at", ""))
    return redirect(_with(f"/learn/{package}/{item}/", {"chapter": str(at)} if at else {}) + "#book", 303)


@blueprint.post("/<package>/<item>/played/")
def played(package: str, item: str) -> AnyResponse:
    """What the player of a film or a sound tells: played, paused, or gone to another place in it. The answer says where
    it goes on; when nobody is signed in any more, the player keeps what it told for when they are."""
    opened, person, form = _opened(package, item), viewer(), request.form
    if person is None:
        return Response(status=401)
    told = watching.read_all({name: form.getlist(name) for name in watching.FIELDS})
    sitting = form.get("sitting", "")
    return jsonify(place=watching.note(node(), person=person.id, opened=opened, registration=sitting, told=told))


def _opened(package: str, item: str) -> Opened:
    """The item, when it is for whoever looks."""
    return learning.find(node(), package=package, item=item, person=viewer())


def _seat(package: str, item: str) -> Seat:
    """Open the item for whoever looks."""
    opened, person = _opened(package, item), viewer()
    if person is None:
        return Seat(opened, "", None)
    return Seat(opened, person.id, learning.open_item(node(), person=person.id, opened=opened))


def _lesson(seat: Seat) -> Response:
    opened, after = seat.opened, learning.following(seat.opened)
    found = courses.section(node(), opened, viewer()) if opened.manifest.needs else None
    if found is None or not found.steps:
        return _page(seat, "learn/lesson.html", html=written(opened), after=after)
    before = [rendered(opened.manifest, each.lead.before) for each in found.steps]
    behind = rendered(opened.manifest, found.after)
    return _page(seat, "learn/section.html", section=found, before=before, behind=behind, after=after)


def _quiz(seat: Seat) -> AnyResponse:
    """The question that is open; a finished quiz leads to its end."""
    whole = learning.quiz(node(), seat.opened)
    road = Road.read(request.args, whole) if seat.sitting is None else Road()
    if seat.sitting is None and whole.draws and not road.seed:
        road = replace(road, seed=node().new_id()[:SEED_CHARS])
    quiz = _drawn(seat, whole, road)
    question = _open_question(seat, quiz, road)
    if question is None:
        return redirect(_with(f"{seat.address}end/", road.told()), 303)
    tries = seat.sitting.scores(question.id) if seat.sitting else road.tried
    return _page(
        seat,
        "learn/question.html",
        quiz=quiz,
        question=question,
        number=quiz.questions.index(question) + 1,
        total=len(quiz.questions),
        hint=question.hint if tries else "",
        attempt=node().new_id(),
        shown_ms=node().clock.now_ms(),
        road=road.told(),
        chosen=answers.kept(question, request.args),
    )


def _drawn(seat: Seat, whole: Quiz, road: Road) -> Quiz:
    """The quiz as it is asked now; what is drawn for a guest goes along in the address."""
    return whole.drawn(road.seed) if seat.sitting is None else seat.sitting.asked(whole)


def _open_question(seat: Seat, quiz: Quiz, road: Road) -> Question | None:
    """The first question that is open still; None when all are answered."""
    if seat.sitting is None:
        return next(iter(quiz.questions[len(road.so) :]), None)
    return None if seat.sitting.is_finished else seat.sitting.next_question(quiz)


def _tried_out(seat: Seat, whole: Quiz) -> AnyResponse:
    """A guest's answer, marked and forgotten; how it went so far goes along in the address."""
    given, road = tuple(request.args.getlist("answer")), Road.read(request.args, whole)
    quiz = _drawn(seat, whole, road)
    question = quiz.question(request.args.get("question", ""))
    if question is None or not given or question != _open_question(seat, quiz, road):
        return redirect(_with(seat.address, road.told()), 303)
    marked = learning.try_out(node(), opened=seat.opened, question=question.id, answer=given)
    after = road.after(question, marked.score)
    may_retry, is_last = bool(after.tried), len(after.so) == len(quiz.questions)
    return _feedback(seat, quiz, question, answers.Heard(given, marked.score, may_retry, is_last, after.told()))


def _feedback(seat: Seat, quiz: Quiz, question: Question, heard: answers.Heard) -> Response:
    return _page(
        seat,
        "learn/answered.html",
        quiz=quiz,
        question=question,
        heard=heard,
        said=answers.spelled(question, heard.given),
        right=answers.spelled(question, question.answer),
        going=_with(f"{seat.address}end/" if heard.is_last else seat.address, heard.road),
        number=quiz.questions.index(question) + 1,
        total=len(quiz.questions),
    )


def _played(seat: Seat) -> Response:
    """A film, a sound, a document, pictures, a book or an activity from elsewhere."""
    here, opened = node(), seat.opened
    where = learning.last_place(here, person=seat.person, opened=opened, sitting=seat.sitting) if seat.sitting else 0
    step, languages = _step(seat, where), words.reading(viewer())
    look = booklooks.of(here, viewer()) if opened.item.kind == "book" else None
    found = player(here, opened.manifest, opened.item, step=step, languages=languages, look=look.mark if look else "")
    if found is not None and found.runs and opened.item.kind in RUN and seat.sitting is not None:
        found = replace(found, source=launching.address(seat.person, opened, seat.sitting, found.source))
    after = learning.following(opened)
    template = "learn/zim.html" if opened.item.kind == "zim" else "learn/played.html"
    asked = _asked(opened.item.kind)
    told = {"watching": here.new_id(), "sitting": seat.sitting, "asked": asked, "place": asked or where}
    return _page(seat, template, player=found, after=after, look=look, looks=booklooks.CHOICES, **told)


def _asked(kind: str) -> int:
    """The number of the chapter, picture, page or second that an address asks for; 0 for none."""
    return answers.moment(request.args.get((STEPS | POINTS).get(kind, ""), ""))


def _step(seat: Seat, where: int) -> int:
    """Which chapter, picture or page is asked for: by its number, a page of a ZIM file also by its path; else where
    somebody was, else the first. A film begins at the second asked for; where somebody was, its script knows."""
    opened, told = seat.opened, request.args
    if opened.item.kind != "zim":
        return _asked(opened.item.kind) or (where if opened.item.kind in STEPS else 0) or 1
    if "at" not in told:
        return answers.moment(told["page"]) if "page" in told else where
    number = zims.opened(node(), Shelved(opened.manifest, opened.item)).number(told["at"]) + 1
    if number and seat.sitting is not None:
        learning.note_place(node(), person=seat.person, opened=opened, place=number)
    return number


def _page(seat: Seat, template: str, **context: Any) -> Response:
    opened = seat.opened
    return page(
        template,
        opened=opened,
        manifest=opened.manifest,
        item=opened.item,
        address=seat.address,
        is_guest=seat.sitting is None,
        leading=courses.leading_to(node(), opened.manifest.id, viewer()),
        media=media_address,
        words=words,
        **context,
    )


def _with(address: str, told: Mapping[str, str | Sequence[str]]) -> str:
    """An address with what goes along in it."""
    return f"{address}?{urlencode(told, doseq=True)}" if told else address
