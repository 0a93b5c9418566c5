"""The door for tools is an application of its own: it knows no sign-in, says what went wrong, and is counted."""

import logging

import pytest
from flask.testing import FlaskClient

from hub.errors import DatabaseDamaged
from hub.web.xapi.speaking import DAMAGED, FAULT, VERSION
from hub.xapi import find
from sync.errors import JournalDamaged
from tests.fixtures.cast import Cast
from tests.fixtures.learning import Tool

WHERE = "/srv/hub/mangrove.db"


@pytest.mark.parametrize(
    ("mistake", "status", "says"),
    [
        (RuntimeError(WHERE), 500, FAULT),
        (DatabaseDamaged(f"The database file {WHERE} is damaged."), 503, DAMAGED),
        (JournalDamaged(f"A run in {WHERE} is damaged."), 503, DAMAGED),
    ],
    ids=["unforeseen", "database", "journal"],
)
def test_a_fault_of_ours_is_one_sentence_and_the_rest_is_in_the_log(
    tool: Tool,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    mistake: Exception,
    status: int,
    says: str,
) -> None:
    """Where the records lie is told to whoever reads the log, and to no tool."""

    def fail(*_: object, **__: object) -> None:
        raise mistake

    monkeypatch.setattr(find, "page", fail)
    with caplog.at_level(logging.ERROR, logger="mangrove"):
        answer = tool.ask("GET")
    assert (answer.status_code, answer.text, answer.mimetype) == (status, f"{says}\n", "text/plain")
    assert answer.headers[VERSION]
    assert WHERE in caplog.text


def test_a_sign_in_opens_nothing_here(cast: Cast) -> None:
    """A librarian's browser is asked for a key like everybody's, and gets no cookie."""
    answer = cast.client("librarian").get("/xapi/statements", headers={VERSION: "2.0.0"})
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_tools_ask_is_counted_with_the_pages(client: FlaskClient, tool: Tool) -> None:
    """One table for Prometheus."""

    def refused() -> float:
        lines = client.get("/metrics").text.splitlines()
        return sum(
            float(line.split()[-1]) for line in lines if line.startswith("mangrove_requests_total{") and "401" in line
        )

    before = refused()
    tool.client.get("/xapi/statements", headers={VERSION: "2.0.0"})
    assert refused() == before + 1


def test_a_word_with_the_sign_nul_is_refused(tool: Tool) -> None:
    """As at every door."""
    assert tool.client.get("/xapi/about?a=%00").status_code == 400
    assert tool.client.get("/xapi/a%00").status_code == 404
