"""The door for other hubs, `/sync/v1/`: bytes in, bytes out, no cookies, no pages, and no header that says nothing.

A few hubs are served at once and the others are asked to come back, so that a storm of tides after a long cut keeps
no learner waiting. What comes in is checked by `sync`, and by `hub.tide.join` for a hub that is not known yet.
"""

import threading

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState

from content.package import is_sha256
from hub.collections import offers
from hub.errors import HubError, JoinRefused
from hub.tide import handed, join, leaving, quota, run
from hub.web.errors import Rows, sorry, status_of
from hub.web.files import Blob, send
from hub.web.forms import PROTECT
from hub.web.here import node
from sync import protocol
from sync.errors import BatchWrong, EnoughForToday, PeerUnknown, SignatureWrong, SyncError

blueprint = Blueprint("exchange", __name__)
PROTECT.exempt(blueprint)

AT_ONCE = 4
"""Messages worked on at once; a quarter of the threads, the others are for learners."""
ROOM_KEY = "exchange_room"
BACK_S, BACK_S_SPREAD = 5, 20
"""When a hub that found no room is asked to come back: seconds, and the chance added to them."""

STATUS: Rows = ((JoinRefused, 403), (PeerUnknown, 403), (SignatureWrong, 403), (BatchWrong, 409))
"""What is more than a bad message between hubs; the rest is as everywhere."""


@blueprint.record_once
def _set_up(state: BlueprintSetupState) -> None:
    """Each application has room of its own."""
    state.app.extensions[ROOM_KEY] = threading.BoundedSemaphore(AT_ONCE)


@blueprint.post("/sync/v1/<name>")
def take(name: str) -> Response:
    """Answer one message of another hub."""
    limit = _limit(name)
    if not limit:
        return sorry(404, "There is no such message between hubs. Nothing was taken.")
    if (request.content_length or 0) > limit:
        return sorry(413, f"This message may have at most {limit} bytes. Nothing was taken.")
    room: threading.BoundedSemaphore = current_app.extensions[ROOM_KEY]
    if not room.acquire(blocking=False):
        return _come_back("Many hubs are here just now. Nothing was taken; come back in a while.")
    try:
        return _answered(name, request.get_data(cache=False))
    finally:
        room.release()


@blueprint.get("/sync/v1/blobs/<sha256>")
def blob(sha256: str) -> Response:
    """One file of the shelf, or the range of it that is asked for, to a hub that exchanges with us and shows it."""
    here, shown = node(), request.headers.get("Authorization", "").removeprefix("Mangrove ")
    try:
        if not is_sha256(sha256):
            raise PeerUnknown("There is no such file here. Nothing was sent.")
        offers.check_known(here, protocol.open_ticket(here.identity, shown, sha256))
    except SyncError as mistake:
        return sorry(403, str(mistake))
    path = here.shelf.blob_path(sha256)
    if not offers.may_have(here, sha256) or not path.exists():
        return sorry(404, "There is no such file here. Nothing was sent.")
    return send(Blob(lambda: path.open("rb"), path.stat().st_size, sha256, "application/octet-stream"))


def _limit(name: str) -> int:
    """The most bytes that a message may have; 0 when there is no such message."""
    message = protocol.ALL.get(name)
    return join.BODY_BYTES_MAX if name == join.NAME else message.request_bytes_max if message else 0


def _said(name: str, body: bytes) -> bytes:
    """Our answer. Raises a HubError or a SyncError."""
    if name == join.NAME:
        return join.answer(node(), body)
    if name in protocol.CARRY_MESSAGES:
        return handed.answer(node(), name, body)
    if name in protocol.SHELF_MESSAGES:
        return offers.answer(node(), name, body)
    if name == leaving.NAME:
        return leaving.answer(node(), body)
    return run.answer(node(), name, body)


def _answered(name: str, body: bytes) -> Response:
    try:
        answer = _said(name, body)
    except EnoughForToday as mistake:
        return _refused_for(quota.wait_s(node()), sorry(429, str(mistake)))
    except (HubError, SyncError) as mistake:
        status = status_of(mistake, STATUS)
        return _come_back(str(mistake)) if status == 503 else sorry(status, str(mistake))
    response = Response(answer)
    del response.headers["Content-Type"]
    return response


def _come_back(why: str) -> Response:
    """Refuse for now, and spread those who are refused over a while."""
    return _refused_for(BACK_S + node().randomness(1)[0] * BACK_S_SPREAD // 255, sorry(503, why))


def _refused_for(seconds: int, answer: Response) -> Response:
    answer.headers["Retry-After"] = str(seconds)
    return answer
