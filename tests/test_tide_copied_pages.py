"""The page on which a steward says whether a copied card is one place or two; what others see; the command."""

import json
from collections.abc import Callable
from html import unescape

import pytest
from click.testing import CliRunner

from hub.care import chain
from hub.cli import main
from hub.node import Node, open_node
from hub.people import roster
from hub.tide import clones, own_key
from sync.identity import Identity
from tests.fixtures import engines, tide
from tests.fixtures.cast import ROLES, Cast
from tests.fixtures.clock import HandClock
from tests.fixtures.copied import halves

__all__ = ["halves"]

ROOT = "/status/tide/copied/"
TIDE = "/status/tide/"
KEEPERS = {"steward", "region"}


def test_a_steward_looks_and_answers(node: Node, cast: Cast, halves: None) -> None:
    """Nobody else may; the page of the tide leads there while there is a question, and says that nothing is lost."""
    for role in ROLES:
        status = cast.client(role).get(ROOT).status_code
        assert (status == 200) == (role in KEEPERS), role
    assert "Another machine goes on" in unescape(cast.client("librarian").get(TIDE).text)
    assert ROOT not in cast.client("librarian").get(TIDE).text
    steward = cast.client("steward")
    said = unescape(steward.get(ROOT).text)
    assert "It began when the card woke in another machine." in said
    assert said.count("is from it alone") == 2
    assert ROOT in steward.get(TIDE).text
    assert steward.post(f"{ROOT}one/").status_code == 303
    assert clones.copied(node).halves == ()
    assert "It is one place." in unescape(steward.get(ROOT).text)
    again = steward.post(f"{ROOT}one/")
    assert again.status_code == 400
    assert "No other machine is known" in unescape(again.text)


def test_two_places_by_the_page(node: Node, cast: Cast, halves: None) -> None:
    """It is prepared, said, and can be called off; a name that cannot be is refused and stands in the form again."""
    steward = cast.client("steward")
    refused = steward.post(f"{ROOT}two/", data={"name": " "})
    assert (refused.status_code, "needs a name" in unescape(refused.text)) == (400, True)
    assert steward.post(f"{ROOT}two/", data={"name": "<b>Valley</b>"}).status_code == 303
    assert own_key.is_prepared(node.home)
    assert "Switch the machine off and on again." in unescape(steward.get(ROOT).text)
    assert steward.post(f"{ROOT}stay/").status_code == 303
    assert not own_key.is_prepared(node.home)
    for role in set(ROLES) - KEEPERS:
        for address in ("one/", "two/", "stay/"):
            assert cast.client(role).post(ROOT + address, data={"name": "x"}).status_code in (302, 303, 403), role
    assert not own_key.is_prepared(node.home)


@pytest.mark.sqlite(engines.FILE)
def test_the_command_answers_as_well(node: Node, halves: None) -> None:
    """One place; or a key of its own, taken at once where no server runs."""
    home = ["--home", str(node.home)]
    assert "This machine: It goes on by itself" in CliRunner().invoke(main, ["sync", "copied", *home]).output
    done = CliRunner().invoke(main, ["sync", "copied", "--one-place", *home])
    assert "No other machine is known" in done.output
    wrong = CliRunner().invoke(main, ["sync", "copied", "--one-place", "--call-off", *home])
    assert wrong.exit_code == 2
    old = node.identity.hub_id
    node.close()
    made = CliRunner().invoke(main, ["sync", "copied", "--two-places", "Valley", "--json", *home])
    assert json.loads(made.output)["cloned_from"] == old
    assert Identity.load(node.home / "keys").hub_id != old
    again = CliRunner().invoke(main, ["sync", "copied", "--call-off", *home])
    assert "This hub was cloned from" in again.output


def test_a_hub_on_either_database_gets_a_key_of_its_own(make_node: Callable[..., Node], clock: HandClock) -> None:
    """Its journal changes hands where it stands; every table is made again from it."""
    hub = make_node("hub")
    roster.add_person(hub, name="Amina", picture="kite")
    tide.learn(hub, first=1, count=70)
    new = clones.two_places(hub, name="Valley")
    hub.close()
    assert own_key.go_on(hub.home, hub.settings) == new
    assert own_key.go_on(hub.home, hub.settings) == ""
    again = open_node(hub.home, hub.settings, clock=clock)
    assert (again.name, again.tables.Answer.select().count()) == ("Valley", 70)
    assert [person.name for person in roster.people(again)] == ["Amina"]
    assert {line.hub for line in again.journal.streams()} == {new}
    assert list(chain.problems(again)) == []
    again.close()
