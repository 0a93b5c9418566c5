"""`/healthz` and `/metrics`: true, cheap, and naming nobody."""

from collections.abc import Callable

import apsw
import pytest
from flask.testing import FlaskClient

from hub.app import create_app
from hub.care.health import PULSE, Pulse
from hub.node import Node
from tests.fixtures import engines
from tests.fixtures.cast import ROLES, Cast
from tests.fixtures.clock import HandClock


@pytest.mark.parametrize("role", ROLES)
def test_everybody_may_ask_whether_the_hub_is_well(cast: Cast, role: str) -> None:
    """A supervisor has no account."""
    answer = cast.client(role).get("/healthz")
    assert (answer.status_code, answer.json["ok"], answer.json["problem"]) == (200, True, "")


def test_a_hub_that_is_not_set_up_yet_is_well(client: FlaskClient, node: Node) -> None:
    """The answer names the hub and its version before anybody has named it."""
    assert client.get("/healthz").json["hub"] == node.identity.hub_id


def test_looking_often_writes_once_a_second(node: Node, clock: HandClock) -> None:
    """A card is not worn out by whoever asks."""
    pulse, seen = Pulse(node), []
    for _ in range(3):
        assert pulse.feel() == ""
        seen.append(node.tables.Note.get_by_id(PULSE).value)
        clock.advance(0.4)
    assert seen == ["0", "0", "0"]
    clock.advance(1)
    pulse.feel()
    assert node.tables.Note.get_by_id(PULSE).value == "2200"


def test_a_hub_that_cannot_write_says_so(make_node: Callable[..., Node]) -> None:
    """503 with a sentence, so that a supervisor starts it afresh."""
    node = make_node()
    client = create_app(node).test_client()
    node.writer.close()
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json["ok"]) == (503, False)
    assert "stopping" in answer.json["problem"]


@pytest.mark.sqlite(engines.POWER)
def test_a_full_disk_is_said_at_healthz(node: Node, client: FlaskClient) -> None:
    """What the writer cannot keep is the answer."""
    connection: apsw.Connection = node.write(node.database.connection)
    connection.set_authorizer(lambda code, *_: apsw.SQLITE_DENY if code == apsw.SQLITE_INSERT else apsw.SQLITE_OK)
    answer = client.get("/healthz")
    assert (answer.status_code, "cannot be read or written" in answer.json["problem"]) == (503, True)


def test_metrics_count_and_name_nobody(cast: Cast) -> None:
    """Requests by method and status, the hub's state; no person and no address."""
    cast.client("outsider").get("/healthz")
    text = cast.client("outsider").get("/metrics").text
    assert 'mangrove_requests_total{method="GET",status="200"} 1.0' in text
    assert "mangrove_people 8.0" in text
    assert 'mangrove_jobs{state="waiting"} 0.0' in text
    assert not [name for name in ("Amina", "Fatou", cast.person("learner").id) if name in text]


def test_two_hubs_in_one_process_count_apart(make_node: Callable[..., Node]) -> None:
    """No registry is shared."""
    first, second = (create_app(make_node(name)).test_client() for name in ("one", "two"))
    first.get("/healthz")
    assert 'status="200"' not in second.get("/metrics").text
