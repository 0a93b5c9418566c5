"""Badges: what this community recognises, who defines one, to whom it is given, and taking it back."""

from flask import Blueprint, abort, redirect, request
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub import badges
from hub.badges import Badge, Definition
from hub.errors import InputWrong
from hub.learning.observations import SENTENCE_MAX
from hub.learning.progress import competencies
from hub.people.pictures import AVATARS, PLACES
from hub.web import recognised, words
from hub.web.guards import needs, signed_in
from hub.web.here import node, somebody
from hub.web.names import PICTURE_NAMES
from hub.web.pages import page, say

blueprint = Blueprint("badges", __name__, url_prefix="/community/badges")

DEFINERS = tuple(sorted(badges.DEFINERS))
WORD_CHARS_MAX = 60
CHOSEN_FROM_MAX = 60
"""People to choose from on one page; a name finds the others."""
OFFERED_MAX = 200
"""Competencies that a new badge can stand for, in the list of its form."""


@blueprint.get("/")
@signed_in
def show_all() -> Response:
    """Every badge and what it stands for, and for who defines them the form for a new one."""
    return _all()


@blueprint.post("/")
@needs(*DEFINERS)
def define() -> Response:
    """A new badge."""
    form = request.form
    said = Definition(
        name=form.get("name", ""),
        means=form.get("means", ""),
        picture=form.get("picture", ""),
        language=str(get_locale()),
        competencies=tuple(each for each in form.getlist("of") if each),
    )
    try:
        made = badges.define(node(), actor=somebody(), said=said)
    except InputWrong as mistake:
        return _all(words.said(mistake))
    say(_("The badge is there. Give it to whoever has earned it."))
    return redirect(f"/community/badges/{made.id}/", 303)


@blueprint.get("/<badge>/")
@signed_in
def show(badge: str) -> Response:
    """One badge; for who gives badges, to whom it can be given."""
    return _one(badges.find(node(), badge))


@blueprint.post("/<badge>/give/")
@needs(*DEFINERS)
def give(badge: str) -> Response:
    """Give it to those who are chosen."""
    found, form = badges.find(node(), badge), request.form
    try:
        count = badges.give(
            node(),
            actor=somebody(),
            badge_id=badge,
            people=form.getlist("person"),
            sentence=form.get("sentence", ""),
            form=form.get("form", ""),
        )
    except InputWrong as mistake:
        return _one(found, words.said(mistake))
    if count:
        say(ngettext("Given to %(num)s person.", "Given to %(num)s people.", count))
    else:
        say(_("They have it already. Nothing was changed."))
    return redirect(f"/community/badges/{badge}/", 303)


@blueprint.post("/<badge>/rest/")
@needs(*DEFINERS)
def rest(badge: str) -> Response:
    """Give it no longer, or again."""
    badges.set_given(node(), actor=somebody(), badge_id=badge, is_given="again" in request.form)
    say(_("It is written down."))
    return redirect(f"/community/badges/{badge}/", 303)


@blueprint.post("/<badge>/<statement>/back/")
@needs(*DEFINERS)
def take_back(badge: str, statement: str) -> Response:
    """Take it back from one person."""
    badges.take_back(node(), actor=somebody(), statement=statement)
    say(_("It is taken back, and counts no more."))
    return redirect(f"/community/badges/{badge}/", 303)


def _all(problem: str = "") -> Response:
    here, person = node(), somebody()
    may_define = badges.defines(person)
    named = competencies(here, languages=words.reading(person)) if may_define else {}
    return page(
        "badges/all.html",
        status=400 if problem else 200,
        badges=badges.badges(here),
        may_define=may_define,
        offered=[(name, says) for name, (_manifest, says, _picture) in named.items()][:OFFERED_MAX],
        pictures=(*AVATARS, *PLACES),
        names=PICTURE_NAMES,
        given=request.form,
        problem=problem,
        name_max=badges.NAME_MAX,
        means_max=badges.MEANS_MAX,
    )


def _one(found: Badge, problem: str = "") -> Response:
    here, person = node(), somebody()
    if not found.is_given and not badges.defines(person) and not _has(found):
        abort(404)
    named = competencies(here, languages=words.reading(person))
    mine, word = badges.receivers(here, person), request.args.get("q", "")[:WORD_CHARS_MAX].strip()
    given = badges.given_to(here, found.id, {each.id for each in mine})
    having = {each.person for each in given}
    sought = [each for each in mine if each.id not in having and word.casefold() in each.name.casefold()]
    return page(
        "badges/one.html",
        status=400 if problem else 200,
        badge=found,
        stands_for=[(named[each][1], named[each][0].language) for each in found.competencies if each in named],
        may_give=badges.defines(person),
        may_rest=person.id == found.definer or "steward" in person.roles,
        people=sought[:CHOSEN_FROM_MAX],
        is_more=len(sought) > CHOSEN_FROM_MAX,
        word=word,
        given=[(each, who) for each in given for who in mine if who.id == each.person],
        givers=recognised.names(here, {each.giver for each in given}),
        form=node().new_id(),
        typed=request.form,
        problem=problem,
        sentence_max=SENTENCE_MAX,
    )


def _has(found: Badge) -> bool:
    return any(each.badge.id == found.id for each in badges.of_person(node(), somebody().id))
