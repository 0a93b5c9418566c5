"""A piece of content with its ticket, or a tool with its key, recognises nobody: it cannot speak of badges at all."""

import base64
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub import badges, keys
from hub.learning import Opened, observations, open_item
from hub.node import Node
from hub.vocabulary import COMPETENCY, VERBS, person_actor
from hub.vocabulary import badge as badge_name
from tests.fixtures import engines
from tests.fixtures.cast import Cast
from tests.fixtures.recognition import PAY, badge

pytestmark = pytest.mark.sqlite(engines.SHELF)

Market = Callable[[str], Opened]
SCORE = {"score": {"scaled": 1, "raw": 3, "min": 0, "max": 3}, "success": True}


class Content:
    """An activity from elsewhere that was opened by the learner."""

    def __init__(self, node: Node, cast: Cast, client: FlaskClient, opened: Opened) -> None:
        self.person, self.opened, self.client = cast.person("learner").id, opened, client
        self.registration = open_item(node, person=self.person, opened=opened).registration
        ticket = keys.write_ticket(node, person=self.person, activity=opened.activity, registration=self.registration)
        self.proof = "Basic " + base64.b64encode(f"launch:{ticket}".encode()).decode()

    def say(self, verb: str, target: str, **more: object) -> TestResponse:
        """Send one statement about its learner."""
        statement = {
            "actor": person_actor(self.person),
            "verb": {"id": VERBS[verb]},
            "object": {"id": target},
            "context": {"registration": self.registration},
            **more,
        }
        headers = {"Authorization": self.proof, "X-Experience-API-Version": "2.0.0"}
        return self.client.post("/xapi/statements", json=[statement], headers=headers)


@pytest.fixture
def content(node: Node, cast: Cast, client: FlaskClient, market: Market) -> Content:
    """The activity of the package, opened."""
    return Content(node, cast, client, market("play"))


def test_content_gives_no_badge(node: Node, cast: Cast, content: Content) -> None:
    """Not one of this community, and none of its own making either."""
    made = badge(node, cast)
    answers = [content.say("earned", name) for name in (badge_name(made.id), content.opened.activity)]
    assert [each.status_code for each in answers] == [403, 403]
    assert badges.of_person(node, content.person) == []
    assert node.tables.Statement.select().where(node.tables.Statement.verb == VERBS["earned"]).count() == 0


def test_content_sees_nothing_that_a_facilitator_would(node: Node, content: Content) -> None:
    """It may score what is its own; that counts for no competency."""
    assert content.say("scored", COMPETENCY + PAY, result=SCORE).status_code == 403
    assert content.say("scored", content.opened.activity, result=SCORE).status_code == 200
    assert observations.of_person(node, content.person) == []


def test_content_takes_nothing_back(content: Content) -> None:
    """Voiding is not for it."""
    answer = content.say("voided", "", object={"objectType": "StatementRef", "id": content.registration})
    assert answer.status_code == 403
