"""The first run: two questions, and every page leads there until both are answered."""

import pytest
from flask.testing import FlaskClient

from hub import first_boot
from hub.errors import InputWrong
from hub.node import Node
from hub.people import credentials, roster

ANSWERS = {"hub_name": "Mbuyu", "name": "Lucía", "secret": "246813"}
WRONG = [
    ({"hub_name": " "}, "hub&#39;s name has 1 to 60"),
    ({"hub_name": "x" * 61}, "hub&#39;s name has 1 to 60"),
    ({"name": ""}, "A name has 1 to 60"),
    ({"secret": "123456"}, "guessed first"),
    ({"secret": "short"}, "six digits"),
]


def test_every_page_leads_to_the_two_questions(client: FlaskClient) -> None:
    """Until they are answered; what machines ask still answers."""
    for address in ("/", "/library/", "/people/sign-in/", "/learn/", "/people/"):
        answer = client.get(address)
        assert (address, answer.status_code, answer.location) == (address, 303, "/setup/")
    assert client.get("/healthz").status_code == 200
    assert client.get("/setup/").status_code == 200


def test_two_answers_and_the_hub_lives(client: FlaskClient, node: Node) -> None:
    """The keeper is signed in, librarian and steward at once, and can sign in again."""
    assert client.post("/setup/", data=ANSWERS).location == "/"
    keeper = roster.people(node)[0]
    assert (keeper.name, keeper.roles) == ("Lucía", {"librarian", "steward"})
    assert client.get("/people/").status_code == 200
    assert credentials.verify(node, person=keeper.id, secret="246813")
    assert node.tables.Hub.get_by_id(node.identity.hub_id).name == "Mbuyu"


def test_a_wrong_answer_is_said_and_nothing_kept(client: FlaskClient, node: Node) -> None:
    """Neither the name nor the person; what was typed stands there again, but not the secret."""
    for change, sentence in WRONG:
        answer = client.post("/setup/", data={**ANSWERS, **change})
        page = answer.get_data(as_text=True)
        assert answer.status_code == 400
        assert sentence in page
        assert ANSWERS["secret"] not in page
    assert not first_boot.is_begun(node)
    assert (roster.people(node), node.tables.Hub.select().count()) == ([], 0)


def test_nobody_sets_the_hub_up_a_second_time(client: FlaskClient, node: Node) -> None:
    """The page leads home, the form makes no second keeper, and a race has one winner."""
    client.post("/setup/", data=ANSWERS)
    assert client.get("/setup/").location == "/"
    assert client.post("/setup/", data={**ANSWERS, "name": "Mallory"}).location == "/"
    with pytest.raises(InputWrong, match="a moment ago"):
        first_boot.begin(node, hub_name="Other", keeper="Mallory", secret="975312")
    assert [each.name for each in roster.people(node)] == ["Lucía"]


def test_the_keeper_on_the_command_line_is_the_same_one(node: Node) -> None:
    """Repeating `init --admin` sets the secret anew and makes nobody twice."""
    first = first_boot.add_keeper(node, name="Lucía", secret="246813")
    second = first_boot.add_keeper(node, name=" Lucía ", secret="the river is wide")
    assert first == second
    assert credentials.verify(node, person=first.id, secret="the river is wide")


def test_a_region_s_keeper_coordinates_too(make_node: object) -> None:
    """On a regional hub the first person holds all three."""
    region = make_node("region", role="region")
    keeper = first_boot.begin(region, hub_name="North", keeper="Ruth", secret="246813")
    assert keeper.roles == {"region", "librarian", "steward"}
    assert first_boot.is_begun(region)
