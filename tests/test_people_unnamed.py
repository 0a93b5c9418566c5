"""An address with somebody's id tells whoever may not see them no name: not on the page, and not in a refusal."""

from html import unescape

from flask import Flask

from hub.node import Node
from hub.people import roster
from hub.people.roster import Person
from tests.fixtures.cast import ROLES, Cast

KEEPERS = {"librarian", "steward"}
NAME = "Zephyrine"
WHOSE = "/people/<person>/"
FILLED = {"job": "0" * 26, "purpose": "region", "person": ""}


def test_no_address_of_a_person_names_them_to_others(node: Node, app: Flask, cast: Cast) -> None:
    """Every address below a person's own, asked for and sent to, by all who look after few or none; a child too."""
    hidden = roster.add_person(node, name=NAME, picture="fish", birth_year=1990)
    child = roster.add_person(node, name="Kito", picture="drum", birth_year=2020)
    asked = _addresses(app, hidden)
    assert len(asked) > 15
    clients = {role: cast.client(role) for role in sorted(set(ROLES) - KEEPERS)} | {"child": cast.client_of(child)}
    named = [
        (role, method, address)
        for role, client in clients.items()
        for method, address in asked
        if NAME in unescape((answer := client.open(address, method=method)).text) or answer.status_code == 200
    ]
    assert named == []
    assert NAME in cast.client("librarian").get(f"/people/{hidden.id}/").text


def _addresses(app: Flask, person: Person) -> list[tuple[str, str]]:
    """Method and address of all that stands below a person's id."""
    with app.test_request_context():
        given = FILLED | {"person": person.id}
        return [
            (method, app.url_map.bind("localhost").build(rule.endpoint, {name: given[name] for name in rule.arguments}))
            for rule in app.url_map.iter_rules()
            if rule.rule.startswith(WHOSE)
            for method in sorted({"GET", "POST"} & (rule.methods or set()))
        ]
