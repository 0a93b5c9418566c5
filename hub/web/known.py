"""What we know about you: everything that the hub keeps about one person, on one page that can be printed."""

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from hub.consent import standing, whose
from hub.out import parcel, sent
from hub.people import circles, credentials, households, roster
from hub.people.roster import Person
from hub.sharing import rows
from hub.tide import report, told
from hub.web import consent_words, recognised, tide_words, words
from hub.web.guards import signed_in
from hub.web.here import node, somebody
from hub.web.names import PART_NAMES, PICTURE_NAMES, RELATION_NAMES, ROLE_NAMES
from hub.web.pages import page

blueprint = Blueprint("known", __name__, url_prefix="/people")


@blueprint.get("/about-me/")
@signed_in
def about_me() -> AnyResponse:
    """The page of whoever is signed in."""
    return _page(somebody())


@blueprint.get("/<person>/about/")
@signed_in
def about(person: str) -> AnyResponse:
    """The page of one person, for their guardian and for those who look after them."""
    found = roster.person(node(), person)
    whose.check_sees(node(), actor=somebody(), person=found)
    return _page(found)


def _page(found: Person) -> Response:
    here, actor = node(), somebody()
    may_ask = whose.speaks_for(here, actor=actor, person=found) or whose.writes_for(here, actor=actor, person=found)
    acts = standing.told(here, found.id)
    return page(
        "consent/about.html",
        shown=found,
        is_own=actor.id == found.id,
        may_ask=may_ask,
        may_take=parcel.may_take(here, actor=actor, person=found),
        forwarded=sent.told_of(here, found.id),
        kind=credentials.kind_of(here, found.id),
        circles=circles.circles_of(here, found.id),
        homes=[(each, households.kin(here, each.id)) for each in households.households_of(here, found.id)],
        asked=consent_words.asked(here, found.id),
        acts=[
            (
                each,
                consent_words.title(each.purpose),
                consent_words.giver(here, each),
                consent_words.witness(here, each),
            )
            for each in acts
        ],
        kept=told.kept_of(here, found.id),
        told=told.told_of(here, found.id),
        named=told.named_to(here, found.id),
        awards=recognised.awards_of(here, found.id),
        seen=recognised.seen_of(here, found.id, languages=words.reading(actor)),
        levels=recognised.LEVELS,
        how_it_leaves=tide_words.HOWS[rows.UNDER_A_PSEUDONYM],
        audiences=tide_words.AUDIENCES,
        when=report.clock_time,
        language=words.language,
        roles=ROLE_NAMES,
        relations=RELATION_NAMES,
        parts=PART_NAMES,
        pictures=PICTURE_NAMES,
        hows=consent_words.HOWS,
        answers=consent_words.ANSWERS,
        icons=consent_words.ICONS,
        tones=consent_words.TONES,
    )
