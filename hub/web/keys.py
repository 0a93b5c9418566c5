"""`/keys/`: a librarian makes keys for programs outside this hub, sees how they are used, and takes them back."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, redirect, request, session
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from hub import keys, sentences
from hub.errors import NotFound
from hub.keys import KeyShown
from hub.people import roster
from hub.web import groups, install
from hub.web.guards import needs
from hub.web.here import node, somebody
from hub.web.pages import page, say
from hub.xapi import senders

blueprint = Blueprint("keys", __name__, url_prefix="/keys")

ADDRESS = "/keys"
KEEPER = "librarian"
NEW = "key"
"""Under this name the browser that made a key keeps its secret until it was shown."""

MAY: dict[str, object] = {
    "statements/write": lazy_gettext("Write records of learning"),
    "statements/read/mine": lazy_gettext("Read the records that it wrote itself"),
    "statements/read": lazy_gettext("Read everybody’s records of learning"),
    "state": lazy_gettext("Keep and read where learners stopped"),
    "profile": lazy_gettext("Keep and read notes about activities and people"),
    "all/read": lazy_gettext("Read everything"),
    "all": lazy_gettext("Read and write everything"),
}
"""Scope → what it lets a program do; the narrowest first."""


@dataclass(frozen=True)
class Line:
    """A key as the list shows it; `maker` is a name, "" for the command; `until` is a day, "" for no end."""

    key: KeyShown
    maker: str
    made: str
    until: str
    wrote: int
    is_good: bool


@blueprint.get("/")
@needs(KEEPER)
def show() -> Response:
    """The keys that open something, and behind them those that no longer do."""
    here = node()
    people = {each.id: each.name for each in roster.people(here, is_active=None)}
    lines = [_line(each, people) for each in reversed(keys.keys(here))]
    return page(
        "keys/show.html",
        good=[line for line in lines if line.is_good],
        over=[line for line in lines if not line.is_good],
        may=MAY,
        counted_max=senders.WROTE_MAX,
    )


@blueprint.get("/new/")
@needs(KEEPER)
def ask_new(problem: str = "") -> Response:
    """A form for a key."""
    return page(
        "keys/new.html",
        status=400 if problem else 200,
        problem=problem,
        given=groups.given("name", "until"),
        chosen=request.form.getlist("scope"),
        key=request.form.get("key", "") or keys.new_name(node()),
        today=_iso(node().clock.now_ms()),
        may=MAY,
        name_max=keys.NAME_CHARS_MAX,
    )


@blueprint.post("/new/")
@needs(KEEPER)
def make() -> AnyResponse:
    """Make the key, and lead to where its secret is shown. Sent twice, the form makes one."""
    form = request.form

    def work() -> AnyResponse:
        wanted = form.get("key", "")
        if not any(each.id == wanted for each in keys.keys(node())):
            given = {"name": form.get("name", ""), "until": form.get("until", "")}
            made, secret = keys.add(node(), scopes=form.getlist("scope"), maker=somebody().id, key=wanted, **given)
            wanted, session[NEW] = made.id, [made.id, secret]
        return redirect(f"{ADDRESS}/{wanted}/secret/", 303)

    return groups.tried(work, ask_new)


@blueprint.get("/<key>/secret/")
@needs(KEEPER)
def once(key: str) -> AnyResponse:
    """A new key with its secret, once; opened again it leads back to the list."""
    waiting = session.pop(NEW, ["", ""])
    if waiting[0] != key:
        say(_("A secret is shown once. Was it not kept? Take the key back and make another."), tone="warn")
        return redirect(f"{ADDRESS}/", 303)
    shown, secret, address = keys.find(node(), key), waiting[1], f"{install.found_at()}xapi/"
    code = install.drawn(f"{address}\n{key}\n{secret}", _("Address, key and secret, for a camera"))
    told = {"address": address, "secret": secret, "code": code, "may": MAY}
    return page("keys/once.html", key=shown, until=_day(shown.until_ms - 1) if shown.until_ms else "", **told)


@blueprint.get("/<key>/back/")
@needs(KEEPER)
def ask_back(key: str) -> Response:
    """Ask first."""
    return page("keys/back.html", line=_line(_good(key), {}), counted_max=senders.WROTE_MAX)


@blueprint.post("/<key>/back/")
@needs(KEEPER)
def take_back(key: str) -> AnyResponse:
    """Take it back; it opens nothing from then on."""
    keys.revoke(node(), _good(key).id)
    say(_("The key is taken back. It opens nothing any more."))
    return redirect(f"{ADDRESS}/", 303)


def _good(key: str) -> KeyShown:
    """A key of the list. Raises NotFound."""
    found = next((each for each in keys.keys(node()) if each.id == key), None)
    if found is None:
        raise NotFound("There is no such key here. Nothing was changed; look in the list.")
    return found


def _line(key: KeyShown, people: dict[str, str]) -> Line:
    here = node()
    return Line(
        key=key,
        maker=people.get(key.maker, ""),
        made=_day(key.made_ms),
        until=_day(key.until_ms - 1) if key.until_ms else "",
        wrote=senders.wrote(here, key),
        is_good=key.is_good(here.clock.now_ms()),
    )


def _day(moment_ms: int) -> str:
    return sentences.day_of(moment_ms)


def _iso(moment_ms: int) -> str:
    return _date(moment_ms).date().isoformat()


def _date(moment_ms: int) -> datetime:
    return datetime.fromtimestamp(moment_ms / 1000, UTC)
