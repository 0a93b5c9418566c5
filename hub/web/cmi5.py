"""cmi5 on the packages' origin: the address at which a part fetches its proof, and the one it leads to at its end."""

import base64

from flask import Blueprint, Response, jsonify, request

from hub import keys
from hub.errors import KeyWrong, NotAllowed
from hub.learning import Opened, cmi5
from hub.learning.cmi5 import Addresses
from hub.vocabulary import person_actor
from hub.web import origins
from hub.web.answers import joined, told_to
from hub.web.files import frame_address
from hub.web.here import node
from hub.xapi.senders import LAUNCH

blueprint = Blueprint("cmi5", __name__)

USED, WRONG = "1", "2"
"""What is said of a word that was used before, and of one that is none of ours (cmi5, 8.2.3)."""
PREFLIGHT = {"Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": "Content-Type, Authorization"}
OVER = """<!doctype html><html lang="zxx"><head><meta charset="utf-8"><title>✓</title><style>
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #F4EFE6; color: #0F6B5C; }
p { margin: 0; font-size: 30vmin; }</style></head><body><p>✓</p></body></html>"""
"""A part is over, in no language: the packages' origin knows nobody."""


def address(person: str, opened: Opened, *, visit: str, languages: list[str]) -> str:
    """Where a part runs for a learner, who begins with it now; asked on the pages' origin."""
    here = cmi5.unit(node(), opened)
    runs_at = frame_address(opened.manifest, here.path) + here.query
    over = f"{origins.pages()}/library/{opened.manifest.id}/" if here.is_apart else f"{origins.content()}/_cmi5/over/"
    begun = cmi5.begin(node(), person=person, opened=opened, languages=languages, addresses=Addresses(runs_at, over))
    word = keys.write_ticket(
        node(),
        person=person,
        activity=opened.activity,
        registration=begun.registration,
        visit=visit,
        session=keys.TO_FETCH + begun.session,
    )
    told = {
        "endpoint": f"{origins.pages()}/xapi/",
        "fetch": f"{origins.content()}/_cmi5/fetch/{word}",
        "actor": told_to(person_actor(person)),
        "registration": begun.registration,
        "activityId": opened.activity,
    }
    return joined(runs_at, told)


@blueprint.route("/_cmi5/fetch/<word>", methods=["POST", "OPTIONS"])
def fetch(word: str) -> Response:
    """The proof of a session, once; the answer is 200 also where there is none (cmi5, 8.2.2)."""
    if request.method == "OPTIONS":
        return Response(status=204, headers=PREFLIGHT)
    try:
        ticket = keys.read_ticket(node(), word)
        session = cmi5.fetch(node(), ticket)
    except KeyWrong as mistake:
        return _said({"error-code": WRONG, "error-text": str(mistake)})
    except NotAllowed as mistake:
        return _said({"error-code": USED, "error-text": str(mistake)})
    proof = keys.write_ticket(
        node(),
        person=ticket.person,
        activity=ticket.activity,
        registration=ticket.registration,
        visit=ticket.visit,
        session=session,
    )
    return _said({"auth-token": base64.b64encode(f"{LAUNCH}:{proof}".encode()).decode()})


@blueprint.get("/_cmi5/over/")
def over() -> Response:
    """Where a part in a frame leads when it is over; the way on stands on the page around it."""
    answer = Response(OVER, content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer


def _said(told: dict[str, str]) -> Response:
    answer = jsonify(told)
    answer.headers["Cache-Control"] = "no-store"
    return answer
