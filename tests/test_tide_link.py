"""The link: a few tries with rests, what a busy hub asks for, and answers that no hub would give."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hub.errors import InputWrong, LineDropped, PeerBusy, PeerRefused
from hub.tide import link
from hub.tide.link import Link, checked_url

Answer = tuple[int, dict[str, str], bytes]
OK: Answer = (200, {}, b"yes")


class Server:
    """Answers each request with the next of `answers`; the last one again and again."""

    def __init__(self) -> None:
        self.answers: list[Answer] = [OK]
        self.heard: list[bytes] = []
        self.heads: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                outer.heads.append(dict(self.headers))
                outer.heard.append(self.rfile.read(int(self.headers["Content-Length"])))
                status, headers, body = outer.answers.pop(0) if len(outer.answers) > 1 else outer.answers[0]
                self.send_response_only(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = int(headers.get("Content-Length", "0")) > len(body)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that says what the test wants."""
    made = Server()
    yield made
    made.stop()


@pytest.fixture
def rests() -> list[float]:
    """The rests between tries, written down in place of resting."""
    return []


@pytest.fixture
def ask(server: Server, rests: list[float]) -> Iterator[Callable[[], bytes]]:
    """Ask the server once."""
    made = Link(server.url, randomness=lambda count: b"\xff" * count, pause=rests.append)
    yield lambda: made("hello", b"question")
    made.close()


def test_a_message_goes_with_no_word_too_many(server: Server, ask: Callable[[], bytes]) -> None:
    """The body goes as it is, with the two headers that HTTP needs."""
    assert ask() == b"yes"
    assert server.heard == [b"question"]
    assert set(server.heads[0]) == {"Host", "Content-Length"}


def test_a_busy_hub_is_asked_again_after_the_rest_it_wants(
    server: Server, ask: Callable[[], bytes], rests: list[float]
) -> None:
    """Retry-After is kept to, and chance is added to it."""
    server.answers = [(503, {"Retry-After": "7"}, b""), OK]
    assert ask() == b"yes"
    assert rests == [7 + link.REST_S]


def test_rests_grow(server: Server, ask: Callable[[], bytes], rests: list[float]) -> None:
    """Each rest may be twice as long as the one before; after the last try it is said that the hub is busy."""
    server.answers = [(503, {}, b"")]
    with pytest.raises(PeerBusy, match="safe here"):
        ask()
    assert rests == [1, 2, 4]


def test_a_long_wait_is_for_the_next_tide(server: Server, ask: Callable[[], bytes], rests: list[float]) -> None:
    """A hub that wants half an hour is not waited for at its door."""
    server.answers = [(503, {"Retry-After": "1800"}, b"")]
    with pytest.raises(PeerBusy):
        ask()
    assert rests == []


@pytest.mark.parametrize("asked", ["", "soon", "-5", "1e9", "99999999999999999999", "٣"])
def test_a_wait_that_is_none_is_no_wait(
    server: Server, ask: Callable[[], bytes], rests: list[float], asked: str
) -> None:
    """Whatever else stands in Retry-After, the rest is our own."""
    server.answers = [(503, {"Retry-After": asked.encode().decode("latin-1")}, b""), OK]
    assert ask() == b"yes"
    assert rests == [link.REST_S]


def test_an_answer_that_was_cut_off_is_asked_for_again(server: Server, ask: Callable[[], bytes]) -> None:
    """Fewer bytes than were promised are no answer."""
    server.answers = [(200, {"Content-Length": "100"}, b"half of"), OK]
    assert ask() == b"yes"


def test_a_line_that_always_drops_is_said(server: Server, ask: Callable[[], bytes], rests: list[float]) -> None:
    """After the last try: what happened, and that all is safe."""
    server.answers = [(200, {"Content-Length": "100"}, b"half of")]
    with pytest.raises(LineDropped, match=r"The line dropped\. Everything is safe"):
        ask()
    assert len(rests) == link.TRIES - 1


SAID = {
    "a hub's sentence": ((403, {}, b'{"message": "Join it with a code first."}'), "says: Join it with a code first."),
    "signs that are no text": ((400, {}, b'{"message": "a\\u0000b\\u001b[31mc"}'), r"says: ab\[31mc$"),
    "a page of somebody else": ((404, {}, b"<html>No</html>"), "No hub answers at that address"),
    "a place that has moved": ((301, {"Location": "http://elsewhere.example/"}, b""), "No hub answers at that address"),
    "nothing": ((500, {}, b""), "No hub answers at that address"),
    "another shape": ((400, {}, b'{"message": ["x"]}'), "No hub answers at that address"),
    "far too many bytes": ((200, {}, bytes(link.ANSWER_BYTES_MAX + 1)), "far too long"),
}


@pytest.mark.parametrize("case", SAID)
def test_a_refusal_is_a_sentence(server: Server, ask: Callable[[], bytes], case: str) -> None:
    """The other side's own words when it has some, else what that means; it is not asked again."""
    server.answers, words = [SAID[case][0]], SAID[case][1]
    with pytest.raises(PeerRefused, match=words):
        ask()
    assert len(server.heard) == 1


ADDRESSES = {
    "region.example": "http://region.example",
    " https://region.example/ ": "https://region.example",
    "http://10.0.0.9:8080": "http://10.0.0.9:8080",
    "https://region.example/hub/": "https://region.example/hub",
    "http://[fe80::1]:8080": "http://[fe80::1]:8080",
}


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_is_kept_in_one_form(text: str) -> None:
    """However somebody types it."""
    assert checked_url(text) == ADDRESSES[text]


NO_ADDRESSES = (
    *("", " ", "//", "ftp://x", "http://", "http://[", "http://a b", "http://u:p@x"),
    *("http://x:0", "http://x:99999", "http://x/?a=b", "http://x/#a", "x\0y", "x\ny", "x" * 300),
    *("http://..", "http://a..b", "http://.a", "http://a%00b", "http://a,b", "http://" + "x" * 64),
)


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_what_is_no_address_is_refused(text: str) -> None:
    """One sentence with an example."""
    with pytest.raises(InputWrong, match=r"https://region\.example"):
        checked_url(text)
