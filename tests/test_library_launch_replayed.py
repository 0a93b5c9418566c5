"""A proof that was overheard opens nothing: at any door, of any kind of package, for another part, or afterwards."""

import base64
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from content.package import Item, Manifest
from hub import library, worn
from hub.app import create_content_app
from hub.learning import Opened
from hub.node import Node
from hub.vocabulary import VERBS, person_actor
from tests.fixtures import cmi5, h5p, packages, scorm, tincan
from tests.fixtures.cast import ROLES, Cast

SEES = ("facilitator", "librarian", "steward")
MAKERS: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "html5": ("a.zip", lambda place: packages.page_zip(place)),
    "scorm": ("a.zip", scorm.older),
    "h5p": ("a.h5p", h5p.package),
    "cmi5": ("a.zip", cmi5.package),
    "tincan": ("a.zip", tincan.package),
}


@pytest.fixture
def frames(node: Node) -> FlaskClient:
    """The packages' origin."""
    return create_content_app(node).test_client()


def put(node: Node, place: Path, kind: str) -> Manifest:
    """A package of a kind on the shelf."""
    name, make = MAKERS[kind]
    return library.package(node, library.add(node, source=make(place / name), in_part=True).package)


def opened(client: FlaskClient, manifest: Manifest, item: Item) -> str:
    """Where an item runs for whoever opens its page, without the origin."""
    page = client.get(f"/learn/{manifest.id}/{item.id}/").text
    return page.split('src="http://localhost:8081')[1].split('"')[0].replace("&amp;", "&")


def proof(frames: FlaskClient, where: str) -> str:
    """What the content of that address shows at the door for learning records."""
    told = {name: values[0] for name, values in parse_qs(urlsplit(where).query).items()}
    if "fetch" in told:
        answer = frames.post(urlsplit(told["fetch"]).path)
        return f"Basic {answer.get_json().get('auth-token', 'nothing')}"
    ticket = where.split("/")[2].partition(".")[0]
    return told.get("auth") or f"Basic {base64.b64encode(f'launch:{ticket}'.encode()).decode()}"


def said(cast: Cast, auth: str, *, person: str, activity: str, registration: str = "") -> int:
    """What the door says to a statement."""
    statement = {
        "actor": person_actor(person),
        "verb": {"id": VERBS["passed"]},
        "object": {"id": activity},
        "context": {"registration": registration or "aaaaaaaa-2222-4333-8444-555555555555"},
    }
    headers = {"Authorization": auth, "X-Experience-API-Version": "1.0.3", "Origin": "null"}
    return cast.client("outsider").post("/xapi/statements", json=statement, headers=headers).status_code


@pytest.mark.parametrize("kind", MAKERS)
def test_a_proof_opens_nothing_else(cast: Cast, node: Node, frames: FlaskClient, tmp_path: Path, kind: str) -> None:
    """Not for another learner, activity or sitting; nothing at all when its learner signed out."""
    manifest, client, me = put(node, tmp_path, kind), cast.client("learner"), cast.person("learner").id
    item = manifest.items[0]
    own = Opened(manifest, item).activity
    where = opened(client, manifest, item)
    auth = proof(frames, where)
    assert said(cast, auth, person=cast.person("neighbour").id, activity=own) == 403
    assert said(cast, auth, person=me, activity="http://elsewhere.example/activity") == 403
    assert said(cast, auth, person=me, activity=own) == 403
    client.post("/people/sign-out/")
    assert said(cast, auth, person=me, activity=own) == 401
    if where.startswith("/_"):
        assert frames.get(where).status_code == 403
        assert frames.post("/".join(where.split("/")[:6]) + "/", data=b"{}").status_code == 403
    assert node.tables.Statement.select().where(node.tables.Statement.verb == VERBS["passed"]).count() == 0


@pytest.mark.parametrize("kind", MAKERS)
def test_what_is_for_facilitators_runs_for_them_alone(
    cast: Cast, node: Node, frames: FlaskClient, tmp_path: Path, kind: str
) -> None:
    """The whole cast opens its page, and what runs there; an address without this hub's mark leads to nothing."""
    manifest = put(node, tmp_path, kind)
    worn.show_to(node, [manifest.id], "only")
    item = manifest.items[0]
    for role in ROLES:
        answer = cast.client(role).get(f"/learn/{manifest.id}/{item.id}/")
        assert (answer.status_code == 200) == (role in SEES), role
        if role in SEES:
            where = opened(cast.client(role), manifest, item)
            assert frames.get(where).status_code == 200, role
            mark = next(part for part in where.split("?")[0].split("/") if part.startswith(manifest.digest[:16]))
            assert frames.get(where.replace(mark, mark[:16])).status_code == 404
            assert frames.get(where.replace(mark, f"{mark[:16]}-{'0' * 16}")).status_code == 404
