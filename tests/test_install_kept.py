"""Kept lessons, from the hub's side: what is given to be kept, to whom, and when nothing is."""

from html import unescape

import pytest
from flask.testing import FlaskClient

from hub.node import Node
from hub.web.kept import HEADER
from tests.fixtures import engines
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.clock import HandClock
from tests.fixtures.learning import PACKAGE

pytestmark = pytest.mark.sqlite(engines.WORDS)

LESSON = f"/kept/{PACKAGE}/look/"


@pytest.fixture
def safe(node: Node, market: object) -> Node:
    """A hub behind HTTPS with a package on its shelf."""
    object.__setattr__(node.settings, "https", True)
    return node


def get(client: FlaskClient, path: str):  # type: ignore[no-untyped-def]
    """A page over HTTPS."""
    return client.get(path, base_url="https://localhost")


@pytest.mark.parametrize("path", ["/kept/", LESSON])
@pytest.mark.parametrize("role", ["learner", OUTSIDER])
def test_over_plain_http_nothing_is_kept(cast: Cast, market: object, role: str, path: str) -> None:
    """No page to keep, no mark of the reader, and a worker that ends itself."""
    client = cast.client(role)
    assert client.get(path).status_code == 404
    home = client.get("/")
    assert HEADER not in home.headers
    assert 'name="reader"' not in home.text
    assert "unregister" in client.get("/worker.js").text


@pytest.mark.parametrize("role", ROLES)
def test_a_kept_lesson_names_nobody(safe: Node, cast: Cast, role: str) -> None:
    """The lesson is there to be read; no name, no picture of a person, no form and no token is."""
    answer = get(cast.client(role), LESSON)
    text = unescape(answer.text)
    assert answer.status_code == 200
    assert 'class="prose lesson"' in text
    assert [name for name in ROLES if name != OUTSIDER and cast.person(name).name in text] == []
    assert "<form" not in text
    assert "csrf" not in text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", [f"/kept/{PACKAGE}/quiz/", f"/kept/{PACKAGE}/film/", "/kept/no/no/"])
def test_only_lessons_are_kept(safe: Node, cast: Cast, path: str) -> None:
    """Never a quiz with its answers, never what has a place in somebody's record."""
    assert get(cast.client("learner"), path).status_code == 404


def test_guests_keep_nothing_where_they_may_not_look(safe: Node, cast: Cast) -> None:
    """A hub without guests leads to the sign-in, and the worker keeps no page that it was led to."""
    object.__setattr__(safe.settings, "guests", False)
    assert get(cast.client(OUTSIDER), LESSON).status_code == 303
    assert get(cast.client("learner"), LESSON).status_code == 200


def test_each_sign_in_has_a_mark_of_its_own(safe: Node, cast: Cast) -> None:
    """The page tells the worker and its own script the same; another sign-in, also of the same person, has another."""
    amina, again, kofi = cast.client("learner"), cast.client("learner"), cast.client("neighbour")
    marks = [get(client, "/").headers[HEADER] for client in (amina, again, kofi, cast.client(OUTSIDER))]
    assert len(set(marks)) == 4
    assert marks[-1] == "guest"
    assert f'name="reader" content="{marks[0]}"' in get(amina, "/learn/").text
    assert get(amina, "/nothing/").headers[HEADER] == marks[0]


def test_a_phone_that_rests_is_still_its_readers(safe: Node, cast: Cast, clock: HandClock) -> None:
    """What was kept stays through the question who is there, and goes when somebody else answers."""
    client = cast.client("learner")
    mark = get(client, "/").headers[HEADER]
    clock.advance(safe.settings.shared_idle * 2)
    resting = client.get("/", base_url="https://localhost", follow_redirects=True)
    assert resting.headers[HEADER] == mark


def test_a_fault_of_the_hub_makes_nobody_a_guest(safe: Node, cast: Cast) -> None:
    """An answer that may not know who looks has no mark, so that nothing kept is lost by it."""
    client = cast.client("learner")
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    client.application.add_url_rule("/broken/", view_func=lambda: 1 / 0)
    assert HEADER not in get(client, "/broken/").headers


def test_the_worker_is_looked_for_anew_each_time(safe: Node, cast: Cast) -> None:
    """Browsers ask at each visit whether there is another, so that the switch works at once."""
    answer = get(cast.client(OUTSIDER), "/worker.js")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.mimetype == "text/javascript"
    assert "unregister" not in answer.text
