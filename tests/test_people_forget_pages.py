"""The pages of forgetting: two steps for who may, one sentence for who may not, and where it has gone."""

import pytest

from hub.care import backup
from hub.forgetting import backups, people
from hub.jobs import jobs
from hub.node import Node
from hub.people import roster
from hub.worker import HANDLERS
from tests.fixtures.cast import ROLES, Cast


def _child(node: Node) -> str:
    return roster.add_person(node, name="Amadou", picture="goat").id


def test_a_steward_forgets_in_two_steps(node: Node, cast: Cast) -> None:
    """What goes is read first; the second yes does it; afterwards nobody is named."""
    child = _child(node)
    backup.make(node, node.home / backup.FOLDER)
    client = cast.client("steward")
    assert f"/people/{child}/forget/" in client.get(f"/people/{child}/").get_data(as_text=True)
    first = client.get(f"/people/{child}/forget/").get_data(as_text=True)
    assert "What goes" in first and "What cannot be reached" in first
    assert client.post(f"/people/{child}/forget/").status_code == 400
    second = client.post(f"/people/{child}/forget/", data={"wish": "guardian"}).get_data(as_text=True)
    assert "Really forget" in second and roster.find(node, child) is not None
    assert client.post(f"/people/{child}/forget/now/", data={"wish": "x"}).status_code == 400
    assert client.post(f"/people/{child}/forget/now/", data={"wish": "guardian"}).status_code == 303
    assert roster.find(node, child) is None
    shown = client.get("/status/forgotten/").get_data(as_text=True)
    assert "Amadou" not in shown and "backups/mangrove-" in shown and "Erased at" in shown
    assert client.get(f"/people/{child}/").status_code == 404
    assert client.post("/status/forgotten/backups/").status_code == 303
    assert {each.kind for each in jobs(node)} >= {backups.JOB, people.JOB}
    assert {backups.JOB, people.JOB} <= set(HANDLERS)


@pytest.mark.parametrize("role", ["librarian", "facilitator"])
def test_who_keeps_the_register_or_leads_the_circle_does_too(node: Node, cast: Cast, role: str) -> None:
    """A librarian anybody, a facilitator a learner of the own circle; then they see where it has gone."""
    client, child = cast.client(role), cast.person("learner").id
    assert client.post(f"/people/{child}/forget/now/", data={"wish": "person"}).status_code == 303
    assert roster.find(node, child) is None
    assert "Erased at" in client.get("/status/forgotten/").get_data(as_text=True)


def test_nobody_else_does(node: Node, cast: Cast) -> None:
    """Everybody else gets nothing: no page, no word of who was forgotten, and nobody is forgotten by them."""
    child = _child(node)
    for role in sorted({*ROLES} - {"librarian", "steward"}):
        client = cast.client(role)
        for path in (f"/people/{child}/forget/", f"/people/{child}/forget/now/", "/status/forgotten/backups/"):
            assert client.post(path, data={"wish": "person"}).status_code in (302, 303, 403), (role, path)
        assert "Amadou" not in client.get(f"/people/{child}/forget/").get_data(as_text=True), role
        shown = client.get("/status/forgotten/")
        assert (shown.status_code == 200) == (role == "facilitator"), role
    assert roster.find(node, child) is not None and jobs(node) == []
