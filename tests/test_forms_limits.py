"""The limits of a form: how many parts it may have, and how much text; whoever sends it."""

import socket
from collections.abc import Callable
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask import Flask

from hub import jobs
from hub.app import FORM_MEMORY_BYTES, FORM_PARTS_MAX
from hub.node import Node
from tests.fixtures.cast import ROLES, Cast
from tests.fixtures.web import Served

MULTIPART = "multipart/form-data"
ADDRESS = "/people/sign-out/"
"""A form that everybody may send."""


def _parts(count: int) -> dict[str, str]:
    return {f"field-{number}": "x" for number in range(count)}


def test_the_limits_are_what_they_were_chosen_to_be(app: Flask) -> None:
    """A change of one is made here too, on purpose."""
    assert (app.config["MAX_FORM_PARTS"], app.config["MAX_FORM_MEMORY_SIZE"]) == (1000, 1024 * 1024)


def test_a_form_of_too_many_parts_is_refused(cast: Cast) -> None:
    """One more than the most is too large, and the most is not."""
    for client in map(cast.client, ROLES):
        assert client.post(ADDRESS, data=_parts(FORM_PARTS_MAX + 1), content_type=MULTIPART).status_code == 413
        assert client.post(ADDRESS, data=_parts(FORM_PARTS_MAX), content_type=MULTIPART).status_code == 303


LONG = b"x" * (FORM_MEMORY_BYTES + 1)
SPELLED = {
    f"{MULTIPART}; boundary=b": b'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\n' + LONG + b"\r\n--b--\r\n",
    "application/x-www-form-urlencoded": b"name=" + LONG,
}
"""Type → a form with one long text."""


@pytest.mark.parametrize("kind", SPELLED, ids=["with files", "plain"])
def test_a_form_of_too_much_text_is_refused(cast: Cast, kind: str) -> None:
    """However it is spelled, and before it fills the memory."""
    for client in map(cast.client, ROLES):
        answer = client.post(ADDRESS, data=SPELLED[kind], content_type=kind)
        assert (answer.status_code, "Nothing was changed" in answer.text) == (413, True)


ADD, TOOLS, SYNC = "/library/add/", "/xapi/statements", "/sync/v1/hello"


def _refused(url: str, address: str, *lines: str, body: bytes = b"") -> tuple[bytes, bytes]:
    """Head and body of the answer to a request of which only the head is sent, and `body`; then the line is closed."""
    where = urlsplit(url)
    with socket.create_connection((str(where.hostname), int(where.port or 0)), timeout=20) as line:
        head = (f"POST {address} HTTP/1.1", f"Host: {where.netloc}", "Content-Type: multipart/form-data; boundary=x")
        line.sendall("\r\n".join((*head, *lines, "", "")).encode() + body)
        got = b""
        while piece := line.recv(65_536):
            got += piece
    head_, _, said = got.partition(b"\r\n\r\n")
    return head_, said


@pytest.mark.parametrize("over", [0, 1, 2**40])
def test_a_body_that_is_too_large_is_refused_by_a_page_before_it_comes(served: Served, over: int) -> None:
    """In the reader's language, with what to do; not a byte of the body was waited for, and the line is closed."""
    length = f"Content-Length: {served.node.settings.body_max + over}"
    head, said = _refused(served.url, ADD, length, "Accept-Language: es")
    text = unescape(said.decode())
    assert head.startswith(b"HTTP/1.1 413 ") and b"text/html" in head and b"Connection: close" in head
    assert "Lo que se envió pesa más de 16\u00a0MB" in text and "No se cambió nada" in text
    assert "memoria" in text and 'href="/library/"' in text and "max_body" not in text
    assert jobs.jobs(served.node) == []


def test_a_body_that_does_not_tell_its_length_is_refused_by_the_page_too(
    make_node: Callable[..., Node], serve_node: Callable[[Node], Served]
) -> None:
    """As soon as it is over the limit; what came until then is thrown away."""
    up = serve_node(make_node("small", body_max=65_536))
    piece = b"10000\r\n" + bytes(65_536) + b"\r\n"
    head, said = _refused(up.url, ADD, "Transfer-Encoding: chunked", body=piece)
    assert head.startswith(b"HTTP/1.1 413 ") and "it was not read. Nothing was changed." in unescape(said.decode())


def test_other_doors_refuse_it_in_their_own_words(served: Served) -> None:
    """A tool and another hub get no page; packages have no application that is asked."""
    length = f"Content-Length: {served.node.settings.body_max + 1}"
    answers = [_refused(served.url, door, length) for door in (TOOLS, SYNC)]
    answers.append(_refused(served.content_url, "/", length))
    assert [head[:13] for head, _ in answers] == [b"HTTP/1.1 413 "] * 3
    assert all(b"text/html" not in head for head, _ in answers)
    assert b"it was not read. Nothing was changed." in answers[1][1]
