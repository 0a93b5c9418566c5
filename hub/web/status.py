"""How the hub is (`/status/`) and what leaves, has gone and waits (`/status/tide/`); the rules are for all to read."""

from itertools import islice
from typing import Any

from flask import Blueprint, abort, redirect, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub import jobs
from hub.care import growth, health
from hub.errors import InputWrong
from hub.node import Node
from hub.people.roster import KEEPERS
from hub.sharing import standing
from hub.sound import speaking
from hub.tide import broken, clones, gone, join, link, neighbours, peers, policy, publish, recall, report, sent, spoken
from hub.tide import outbox as outbox_of
from hub.together import held as together
from hub.web import figures, tide_words, words
from hub.web.chores import TIDE_JOBS, TIDE_PAGE, chores
from hub.web.guards import may_record, needs, safe_next
from hub.web.here import node, viewer
from hub.web.pages import page, say
from hub.web.region import INVITED, keep_code
from hub.web.tide_words import TIDE_KEEPERS

blueprint = Blueprint("status", __name__, url_prefix="/status")

WATCHERS = frozenset({*TIDE_KEEPERS, "facilitator"})
"""Who sees the strip of health."""
SHOWN = 40
"""Records on the page of what leaves; the command prints all of them."""


@blueprint.get("/")
def show() -> Response:
    """The strip of health for those who look after the hub, a plain word for everybody else."""
    here, is_watcher = node(), _holds(WATCHERS)
    facts = health.health(here)
    return page(
        "status/show.html",
        is_watcher=is_watcher,
        health=facts,
        **(_pictures(here, facts) if is_watcher else {}),
        now_ms=here.clock.now_ms(),
        states=report.states(here),
        chores=chores(here, viewer()),
        may_dismiss=_holds(frozenset(TIDE_KEEPERS)),
        may_mend=_holds(KEEPERS),
        may_forward=_holds(frozenset({"steward"})),
        may_record=may_record(viewer()),
        voices=speaking.standing(here),
        spoken=[words.language(each) for each in speaking.spoken(here)],
        **tide_words.for_templates(),
    )


@blueprint.post("/seen/")
@needs(*TIDE_KEEPERS)
def dismiss() -> Response:
    """Put away what could not be done, once somebody has read why."""
    jobs.dismiss(node(), request.form.get("job", ""))
    return redirect(safe_next(request.form.get("next")), 303)


@blueprint.get("/tide/")
def tide() -> Response:
    """What goes to whom, in which form and why; for keepers also what waits, and what they can do."""
    return _tide_page({}, "")


@blueprint.get("/tide/<audience>/")
@needs(*TIDE_KEEPERS)
def outbox(audience: str) -> Response:
    """Record by record what has left for an audience and what would leave next."""
    here = node()
    if audience not in outbox_of.audiences(here):
        abort(404)
    return page(
        "status/outbox.html",
        audience=audience,
        whom=spoken.whom(here, audience),
        rules=outbox_of.rules(here, audience),
        is_sent=audience in peers.audiences(here),
        left=list(islice(gone.left(here, audience, newest_first=True), SHOWN)),
        waiting=outbox_of.preview(here, audience, most=SHOWN),
        is_recalled=bool(recall.why(here, audience)),
        shown=SHOWN,
        looked_at=publish.LOOKED_AT,
        **tide_words.for_templates(),
    )


@blueprint.post("/tide/now/")
@needs(*TIDE_KEEPERS)
def go_now() -> Response:
    """Ask for a tide; the worker goes."""
    jobs.add(node(), "sync", arguments={})
    return redirect(TIDE_PAGE, 303)


@blueprint.post("/tide/listen/")
@needs(*TIDE_KEEPERS)
def listen() -> Response:
    """Ask for a look around the local network."""
    jobs.add(node(), "listen", arguments={})
    return redirect(TIDE_PAGE, 303)


@blueprint.post("/tide/join/")
@needs(*TIDE_KEEPERS)
def join_hub() -> Response:
    """Join another hub with its code; the worker does it."""
    given = {name: request.form.get(name, "")[: link.URL_LETTERS_MAX + 1] for name in ("url", "code")}
    try:
        asked = {"url": link.checked_url(given["url"]), "code": join.checked_code(given["code"])}
    except InputWrong as mistake:
        return _tide_page(given, words.said(mistake))
    jobs.add(node(), "join", arguments=asked)
    return redirect(TIDE_PAGE, 303)


@blueprint.post("/tide/invite/")
@needs(*TIDE_KEEPERS)
def invite() -> Response:
    """Make a code for a neighbour; the next page shows it."""
    keep_code(join.invite(node()))
    return redirect(TIDE_PAGE, 303)


@blueprint.post("/tide/end/")
@needs("steward", "region")
def end() -> Response:
    """Exchange no longer with a hub."""
    peers.end(node(), request.form.get("hub", ""))
    say(_("Nothing is exchanged with that hub any more. What was exchanged stays on both sides."))
    return redirect(TIDE_PAGE, 303)


@blueprint.post("/tide/again/")
@needs("steward", "region")
def again() -> Response:
    """Ask for a broken stream again, at the next tide."""
    if broken.forget(node(), request.form.get("hub", ""), request.form.get("stream", "")):
        say(_("It is asked for again at the next tide."))
    else:
        say(_("That stream is not among the broken ones any more. Nothing was changed."))
    return redirect(TIDE_PAGE, 303)


def _pictures(here: Node, facts: health.Health) -> dict[str, Any]:
    """How the hub fills, for charts."""
    use = growth.use(here, facts)
    return {
        "weeks": figures.weeks(growth.weeks(here)),
        "disk": figures.disk(use),
        "uses": figures.uses(use),
        "disk_total": use.total,
        "elsewhere": figures.elsewhere(use),
    }


def _tide_page(given: dict[str, str], problem: str) -> Response:
    here, is_keeper = node(), _holds(frozenset(TIDE_KEEPERS))
    held = standing.in_force(here)
    work = [job for kind in TIDE_JOBS for job in jobs.jobs(here, kind=kind)] if is_keeper else []
    return page(
        "status/tide.html",
        status=400 if problem else 200,
        rules=[(row, spoken.row(here, row)) for row in (*held.rows, *policy.always("public", role=here.settings.role))],
        is_decided=any(each.holds for each in standing.editions(here)),
        by_consent=tide_words.by_consent(held),
        neighbours=[(each, spoken.whom(here, each)) for each in outbox_of.audiences(here)[len(policy.AUDIENCES) :]],
        states=report.states(here),
        next_tides=tide_words.next_tides(here),
        is_keeper=is_keeper,
        may_end=_holds(frozenset({"steward", "region"})),
        peers=peers.peers(here),
        tides=report.tides(here),
        broken=[(each, peers.called(here, each.peer)) for each in broken.broken(here)] if is_keeper else [],
        days=figures.days(sent.days(here)) if is_keeper else [],
        work=max(work, key=lambda job: job.changed_ms, default=None),
        listened=neighbours.listened(here) if is_keeper else None,
        invited=session.pop(INVITED, None) if is_keeper else None,
        given=given,
        problem=problem,
        halves=len(clones.halves(here, here.identity.hub_id)) if is_keeper else 0,
        asks_together=sum(each.is_open and each.is_ours for each in together.all_held(here)) if is_keeper else 0,
        **tide_words.for_templates(),
    )


def _holds(roles: frozenset[str]) -> bool:
    person = viewer()
    return person is not None and not person.roles.isdisjoint(roles)
