"""`/community/`: what everybody may know of a place, and no more."""

import pytest

from hub.node import LOCAL, Node
from tests.fixtures.cast import ROLES, Cast

TENDERS = ("Lucía", "Mama Zawadi", "Mr. Otieno")
KEEPERS = {"facilitator", "librarian", "steward"}


@pytest.mark.parametrize("role", ROLES)
def test_everybody_may_know_whom_to_ask(cast: Cast, role: str) -> None:
    """Circles and those who tend the place are named to all; learners, guardians and partners to nobody."""
    shown = cast.client(role).get("/community/").get_data(as_text=True)
    assert all(name in shown for name in (*TENDERS, "Number friends"))
    assert not [name for name in ("Kofi", "Fatou", "Nurse Adjoa") if f">{name}<" in shown]


@pytest.mark.parametrize("role", ROLES)
def test_the_way_to_people_is_for_those_who_tend_them(cast: Cast, role: str) -> None:
    """Only facilitator, librarian and steward are led to people and outcomes."""
    shown = cast.client(role).get("/community/").get_data(as_text=True)
    assert ('href="/people/"' in shown) == (role in KEEPERS)


def test_ones_own_circle_is_marked(cast: Cast) -> None:
    """A member reads which circle is theirs."""
    assert "You are in it" in cast.client("learner").get("/community/").get_data(as_text=True)
    assert "You are in it" not in cast.client("neighbour").get("/community/").get_data(as_text=True)


@pytest.mark.parametrize("role", ROLES)
def test_only_a_steward_names_the_hub(cast: Cast, node: Node, role: str) -> None:
    """The form is shown to stewards and taken from them alone, and leads back to the page."""
    client, may = cast.client(role), role == "steward"
    assert ('action="/community/name/"' in client.get("/community/").text) == may
    assert client.post("/community/name/", data={"name": " Alder  hill "}).status_code == (303 if may else 403)
    assert node.name == ("Alder hill" if may else "Mbuyu")


def test_a_new_name_is_an_entry_as_the_command_writes_it(cast: Cast, node: Node) -> None:
    """Kind "hub" in the local stream, so that other hubs hear it with the next tide; every page says it at once."""
    steward = cast.client("steward")
    steward.post("/community/name/", data={"name": "Alder hill"})
    entry = [placed for line in node.journal.streams(audience=LOCAL) for placed in node.journal.read(line.stream)][-1]
    assert (entry.entry.kind, b'"name":"Alder hill"' in entry.entry.payload) == ("hub", True)
    assert "<bdi>Alder hill</bdi>" in steward.get("/library/").text


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_name_that_cannot_be_is_refused(cast: Cast, node: Node, name: str) -> None:
    """One sentence beside the field, what was typed stays there, and the hub keeps its name."""
    answer = cast.client("steward").post("/community/name/", data={"name": name})
    assert (answer.status_code, node.name) == (400, "Mbuyu")
    assert "A hub&#39;s name has 1 to 60 letters" in answer.text
