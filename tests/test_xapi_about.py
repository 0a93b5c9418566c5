"""`/xapi/about`: what is spoken here and how much is taken, told to everybody."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from hub.app import create_app
from hub.node import Node
from hub.web.xapi.about import LIMITS
from hub.web.xapi.speaking import VERSION


@pytest.mark.parametrize("said", ["", "0.95", "1.0.3", "2.0.0", "nonsense"])
def test_everybody_hears_which_versions_are_spoken(client: FlaskClient, said: str) -> None:
    """The latest of each line, without a key, whatever version is asked in, none too."""
    answer = client.get("/xapi/about", headers={VERSION: said} if said else {})
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert answer.json["version"] == ["1.0.3", "2.0.0"]
    assert answer.headers[VERSION] == ("1.0.3" if said == "1.0.3" else "2.0.0")


def test_more_stands_only_under_extensions(client: FlaskClient, node: Node) -> None:
    """Whoever writes a tool reads there how much one request may bring."""
    told = client.get("/xapi/about").json
    assert set(told) == {"version", "extensions"}
    assert told["extensions"][LIMITS]["documentBytes"] == node.settings.xapi_document_max
    assert told["extensions"][LIMITS]["statementBytes"] == node.settings.xapi_statement_max


def test_the_sizes_are_those_of_this_hub(make_node: Callable[..., Node]) -> None:
    """As its settings say."""
    node = make_node("large", xapi_document_max=1234, xapi_statements_max=7)
    sizes = create_app(node).test_client().get("/xapi/about").json["extensions"][LIMITS]
    assert (sizes["documentBytes"], sizes["statementsPerRequest"]) == (1234, 7)


def test_head_is_get_without_a_body(client: FlaskClient) -> None:
    """The same headers."""
    head, get = client.head("/xapi/about"), client.get("/xapi/about")
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", get.headers["ETag"])


def test_nothing_else_is_done_here(client: FlaskClient) -> None:
    """400 for a word that is not known, 405 for changing it."""
    assert client.get("/xapi/about?since=x").status_code == 400
    headers = {VERSION: "2.0.0"}
    for method in ("PUT", "POST", "DELETE"):
        answer = client.open("/xapi/about", method=method, headers=headers)
        assert (answer.status_code, "GET" in answer.headers["Allow"]) == (405, True)
