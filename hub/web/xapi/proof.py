"""Who proves to be who at `/xapi/`, how often they come, and whether there is room for what they bring."""

import math

from flask import Response, current_app, request
from flask.blueprints import BlueprintSetupState
from werkzeug.datastructures import Authorization

from hub.errors import KeyWrong, StorageFull, TooOften
from hub.web.here import node
from hub.xapi import senders
from hub.xapi.limits import limits
from hub.xapi.rates import Rates

RATES = "xapi_rates"
BRINGS = frozenset({"PUT", "POST"})
"""Methods that may leave something on the disk."""
WRONG_KEYS = "Many wrong keys came from this address. Nothing was changed; wait a little, or ask for a new one."
OFTEN = "This key asks oftener than it may. Nothing was changed, and what came before is safe; wait a little."


def count(state: BlueprintSetupState) -> None:
    """Give the application its counts, one for each process."""
    state.app.extensions[RATES] = Rates(state.app.extensions["node"].clock.monotonic_ms)


def recognise() -> senders.Sender:
    """The sender, by HTTP Basic. Raises KeyWrong, TooOften, StorageFull; then nothing was read or changed.

    Wrong keys from one address are told to wait, and a right one from the same address is not: nobody locks out a tool
    by guessing beside it, and there is nothing to be won by guessing at 256 bits.
    """
    given = shown()
    if given is None or given.type != "basic":
        raise KeyWrong("A key is needed here (HTTP Basic); nothing was changed. See docs/xapi.md.")
    allowed = limits(node())
    try:
        found = senders.recognise(node(), name=given.username or "", secret=given.password or "")
    except KeyWrong:
        _take(f"wrong:{request.remote_addr}", allowed.wrong_a_minute, WRONG_KEYS)
        raise
    _take(found.subject, allowed.a_minute, OFTEN)
    if request.method in BRINGS and node().shelf.free_bytes() <= node().settings.free_reserve:
        raise StorageFull("The hub's disk is nearly full, so tools must wait. Nothing was changed; what came is safe.")
    return found


def shown() -> Authorization | None:
    """What the request shows as its proof, None for nothing that can be read."""
    try:
        return request.authorization
    except ValueError:
        return None


def wait(mistake: TooOften) -> Response:
    """One sentence, and in seconds how long to wait."""
    response = Response(f"{mistake}\n", 429, content_type="text/plain; charset=utf-8")
    response.headers["Retry-After"] = str(max(1, math.ceil(mistake.wait_s)))
    return response


def _take(subject: str, a_minute: int, why: str) -> None:
    rates: Rates = current_app.extensions[RATES]
    wait_s = rates.take(subject, a_minute)
    if wait_s:
        raise TooOften(why, wait_s=wait_s)
