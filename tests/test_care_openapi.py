"""`/api/openapi.json` is whole and true: every machine address is in it, and answers as it says."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.fixtures.cast import Cast
from tests.fixtures.web import rules_of

MACHINES = (
    *("/healthz", "/metrics", "/api/", "/opds/", "/xapi/", "/sync/v1/"),
    *("/library/suggest", "/library/add/uploads/"),
)
ASKED = {
    **dict.fromkeys(["package", "upload", "item"], "none"),
    **{"resource": "nothing", "name": "hello", "sha256": "0" * 64},
}
"""What stands in for the parts of an address."""

Paths = dict[str, dict[str, Any]]


@pytest.fixture
def client(cast: Cast) -> FlaskClient:
    """A machine without a key, at a hub that is set up."""
    return cast.client("outsider")


@pytest.fixture
def paths(client: FlaskClient) -> Paths:
    """The addresses in the document."""
    document = client.get("/api/openapi.json").json
    assert document["openapi"] == "3.1.0"
    found: Paths = document["paths"]
    return found


def test_every_machine_address_is_in_the_document(app: Flask, paths: Paths) -> None:
    """No route is forgotten and none is made up."""
    rules = [rule for rule in rules_of(app) if rule.rule.startswith(MACHINES)]
    there = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in rules
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(path, method) for path, methods in paths.items() for method in methods} == there


def test_every_address_answers_as_the_document_says(client: FlaskClient, paths: Paths) -> None:
    """Asked plainly, each gives one of the statuses listed for it."""
    wrong = []
    for path, methods in paths.items():
        for method, operation in methods.items():
            answer = client.open(path.format(**ASKED), method=method.upper())
            if str(answer.status_code) not in operation["responses"]:
                wrong.append((method, path, answer.status_code))
    assert wrong == []


def test_every_operation_is_described(paths: Paths) -> None:
    """A summary, a sentence for each status, and each part of the address named."""
    for path, methods in paths.items():
        for operation in methods.values():
            assert operation["summary"]
            assert all(response["description"] for response in operation["responses"].values())
            named = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path))
