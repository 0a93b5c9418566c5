"""The sign NUL, which no text has: refused in every address, question and form, on either database."""

import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.routing.converters import AnyConverter, NumberConverter

from hub.app import create_content_app
from hub.database import is_sqlite
from hub.errors import InputWrong
from hub.node import Node
from hub.people import sessions
from tests.fixtures import engines
from tests.fixtures.cast import OUTSIDER, Cast
from tests.fixtures.web import rules_of

NUL = "a\0b"
ASKED_ALIKE = {"HEAD", "OPTIONS"}
"""Methods that Flask answers as it does GET."""
MACHINES = ("/xapi/", "/sync/v1/")
"""Doors that read the body by themselves, as bytes."""


def _doors(app: Flask, word: str) -> Iterator[tuple[Rule, str, str]]:
    """Every rule with each method, and an address of it that has the word wherever a word may be."""
    for rule in rules_of(app):
        kinds = rule._converters
        numbers = {name: 1 for name, kind in kinds.items() if isinstance(kind, NumberConverter)}
        listed = {name: min(kind.items) for name, kind in kinds.items() if isinstance(kind, AnyConverter)}
        built = rule.build({**dict.fromkeys(rule.arguments, word), **numbers, **listed})
        assert built is not None, rule
        for method in sorted((rule.methods or set()) - ASKED_ALIKE):
            yield rule, method, built[1]


def _forms() -> list[dict[str, Any]]:
    """The three places in a form where a word may be."""
    return [{"name": NUL}, {NUL: "name"}, {"file": (io.BytesIO(b"name"), NUL)}]


@pytest.mark.sqlite(engines.PROGRAM)
def test_no_address_has_it(app: Flask, cast: Cast) -> None:
    """Whoever asks, every address with a word in it is not found, or refused as any other."""
    for client in map(cast.client, (OUTSIDER, "learner", "steward")):
        answers = [
            (method, address, client.open(address, method=method).status_code)
            for rule, method, address in _doors(app, NUL)
            if quote(NUL) in address
        ]
        assert len(answers) > 40
        assert not [answer for answer in answers if answer[2] not in (400, 404)]


def test_no_address_of_a_package_has_it(node: Node) -> None:
    """The packages' own origin has nothing there."""
    client = create_content_app(node).test_client()
    for address in ("/a%00/b/c", "/well.en/%00/index.html", "/well.en/0123456789abcdef/%00"):
        assert (address, client.get(address).status_code) == (address, 404)


@pytest.mark.sqlite(engines.PROGRAM)
@pytest.mark.parametrize("query", ["q=%00", "%00=q", "q=fine&q=a%00"])
def test_nothing_is_asked_with_it(app: Flask, cast: Cast, query: str) -> None:
    """A question with it is not understood, at any address."""
    client = cast.client("steward")
    answers = [
        (method, address, client.open(f"{address}?{query}", method=method).status_code)
        for _, method, address in _doors(app, "x")
    ]
    assert not [answer for answer in answers if answer[2] != 400]


def test_no_form_is_sent_with_it(app: Flask, cast: Cast) -> None:
    """In a value, in a name and in the name of a file; nothing is changed."""
    client = cast.client("steward")
    doors = [each for rule, method, each in _doors(app, "x") if method == "POST" and not each.startswith(MACHINES)]
    answers = [(door, client.post(door, data=form).status_code) for door in doors for form in _forms()]
    assert len(answers) > 60
    assert not [answer for answer in answers if answer[1] != 400]


def test_a_browser_that_calls_itself_so_is_let_in(node: Node, cast: Cast) -> None:
    """What it calls itself is kept as far as it can be shown."""
    sessions.begin(node, person=cast.person("learner").id, device="shared", label="A\0\ud800 phone")
    assert [row.label for row in node.tables.SignIn.select()] == ["A phone"]


def test_a_value_that_no_column_takes_is_a_mistake_of_the_input(node: Node) -> None:
    """Where the database itself refuses it, whoever asked gets a sentence; the next change is taken."""
    note = node.tables.Note
    if is_sqlite(node.database):
        assert node.write(lambda: note.insert(name=NUL, value="").execute())
        return
    with pytest.raises(InputWrong, match="cannot be kept"):
        node.write(lambda: note.insert(name=NUL, value="").execute())
    assert node.write(lambda: note.insert(name="plain", value="").execute())
