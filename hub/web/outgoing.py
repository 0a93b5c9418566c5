"""`/status/out/`: outside stores that learning records are sent on to; stewards alone choose what goes there."""

import json
from typing import Any

from flask import Blueprint, redirect, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from hub import jobs
from hub.errors import HubError
from hub.out import destinations, forward, sent
from hub.out.destinations import VERSIONS, Access, Destination
from hub.out.sharing import ACCOUNT, Sharing, names_in
from hub.sentences import isolated
from hub.tide import report
from hub.vocabulary import VERBS
from hub.web import words
from hub.web.guards import needs
from hub.web.here import node
from hub.web.pages import page, say

blueprint = Blueprint("outgoing", __name__, url_prefix="/status/out")

HOME = "/status/out/"
STATES: dict[str, tuple[object, str, str]] = {
    destinations.ACTIVE: (lazy_gettext("records go there"), "good", "check"),
    destinations.PAUSED: (lazy_gettext("rests"), "tide", "pause"),
    destinations.STOPPED: (lazy_gettext("stopped"), "warn", "warning"),
    destinations.REMOVED: (lazy_gettext("removed"), "tide", "remove"),
}
"""State of a destination → its word, tone and icon."""
TIMES: dict[str, object] = {
    "day": lazy_gettext("Times to the day"),
    "hour": lazy_gettext("Times to the hour"),
    "exact": lazy_gettext("Exact times"),
}
OPENINGS: dict[str, object] = {
    "past": lazy_gettext("Also what was recorded before today"),
    "unasked": lazy_gettext("Also of people whom nobody has asked; never of who said no"),
    "answers": lazy_gettext("Also what people wrote as answers"),
    "titles": lazy_gettext("Also the titles of lessons"),
    "extensions": lazy_gettext("Also extensions, which may hold anything"),
    "tools": lazy_gettext("Also the names that outside tools use"),
}
"""What a steward may open beyond the narrowest rule."""
EXAMPLE = "https://records.example/xapi"
FIELDS = ("name", "url", "username", "version", "times", "verbs", "packages")
FIELD_CHARS_MAX = 2_000


@blueprint.get("/")
@needs("steward")
def show() -> Response:
    """Every destination, and the form for another."""
    return _show({}, "")


@blueprint.post("/")
@needs("steward")
def add() -> Response:
    """Add a destination; nothing has gone there yet."""
    given = {name: request.form.get(name, "")[:FIELD_CHARS_MAX] for name in FIELDS}
    opened = {name: name in request.form for name in OPENINGS}
    rule: dict[str, Any] = {"times": given["times"], **opened}
    rule |= {name: names_in([given[name]]) for name in ("verbs", "packages")}
    access = Access(given["url"], given["version"], given["username"], request.form.get("secret", "")[:FIELD_CHARS_MAX])
    try:
        made = destinations.add(node(), name=given["name"], access=access, sharing=Sharing(**rule))
    except HubError as mistake:
        return _show({**given, **{name: "yes" for name, is_open in opened.items() if is_open}}, words.said(mistake))
    say(_("Records go to %(name)s from now on.", name=made.name))
    return redirect(f"{HOME}{made.id}/", 303)


@blueprint.get("/<destination>/")
@needs("steward")
def one(destination: str) -> Response:
    """One destination: its rule, what went last, and what was not taken."""
    return _one(destination, "")


@blueprint.post("/<destination>/")
@needs("steward")
def change(destination: str) -> Response:
    """Send now, let it rest, go on, take another secret, or remove it."""
    here, wish = node(), request.form.get("wish", "")
    changes = {"pause": destinations.pause, "resume": destinations.resume, "remove": destinations.remove}
    try:
        if wish == "secret":
            destinations.replace_secret(here, destination, secret=request.form.get("secret", "")[:FIELD_CHARS_MAX])
        elif wish in changes:
            changes[wish](here, destination)
        else:
            destinations.hurry(here, destination)
            jobs.add(here, forward.JOB, arguments={})
    except HubError as mistake:
        destinations.destination(here, destination)
        return _one(destination, words.said(mistake))
    say(_("That is done."))
    return redirect(HOME if wish == "remove" else f"{HOME}{destination}/", 303)


def _show(given: dict[str, str], problem: str) -> Response:
    here = node()
    return page(
        "status/out.html",
        status=400 if problem else 200,
        found=[(each, sent.counts(here, each.id)) for each in destinations.destinations(here)],
        states=STATES,
        given=given,
        problem_text=problem,
        versions=[(each, f"\u2068{each}\u2069") for each in VERSIONS],
        times=TIMES.items(),
        openings=OPENINGS,
        verbs=isolated(", ".join(VERBS)),
        example=isolated(EXAMPLE),
        when=report.clock_time,
    )


def _one(destination: str, problem: str) -> Response:
    here = node()
    found = destinations.destination(here, destination)
    return page(
        "status/out_one.html",
        status=400 if problem else 200,
        found=found,
        counts=sent.counts(here, found.id),
        refused=sent.refused(here, found.id),
        latest=[json.dumps(each, ensure_ascii=False) for each in reversed(found.latest)],
        rule=_rule(found),
        states=STATES,
        problem_text=problem,
        when=report.clock_time,
    )


def _rule(found: Destination) -> list[object]:
    """What goes there, in sentences."""
    rule = found.sharing
    said: list[object] = [
        _("By the account that this hub gave them, as the community decided")
        if rule.people == ACCOUNT
        else _("Under a made-up name that no other place knows"),
        TIMES[rule.times],
        *([] if rule.unasked else [_("Only of people who said yes")]),
        *([] if rule.answers else [_("Nothing that anybody wrote")]),
        *(text for name, text in OPENINGS.items() if getattr(rule, name)),
    ]
    names = [*rule.verbs, *rule.packages]
    return [*said, _("Only: %(names)s", names=", ".join(names))] if names else said
