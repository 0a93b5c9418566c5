"""Web processes of a region keep nothing to themselves: any of them answers anything, in turns."""

import html
import http.cookiejar
import json
import re
import shutil
import threading
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from hub.config import keep, load
from hub.node import Node, open_node
from hub.tide import join, run
from sync import join as codes
from tests.fixtures import quick, tide
from tests.fixtures.process import Running, mangrove

SECRET = "three words together"


@pytest.fixture
def two(
    engine: str, tmp_path: Path, database_url: Callable[[], str], serve_process: Callable[..., Running]
) -> tuple[Running, Running]:
    """Two processes over one database: on PostgreSQL each in a home of its own, with a copy of the keys."""
    first, second = tmp_path / "first", tmp_path / "second"
    url = database_url()
    more = ["--database", url] if url else []
    said = mangrove("init", "--home", first, "--role", "region", "--name", "Coast", "--admin", "Ruth",
                    "--secret", SECRET, *more)  # fmt: skip
    assert said.returncode == 0, said.stderr
    if engine == "postgresql":
        shutil.copytree(first / "keys", second / "keys")
        keep(second, {"role": "region", "name": "Coast", "database": url})
    else:
        second = first
    return serve_process(first), serve_process(second)


@dataclass
class Front:
    """One address before several processes: each request goes to the next one. `turns` tells where each went."""

    url: str
    turns: list[int]


@pytest.fixture
def front(two: tuple[Running, Running]) -> Iterator[Front]:
    """What a large region puts before its web processes."""
    turns: list[int] = []

    class Turn(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:  # noqa: N802 - the name that the server calls
            """Pass one request on."""
            turns.append(len(turns) % len(two))
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
            passed = urllib.request.Request(two[turns[-1]].url + self.path, body, kept)
            with urllib.request.urlopen(passed, timeout=30) as answer:
                said = answer.read()
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    if name.lower().startswith("content-") and name.lower() != "content-length":
                        self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Turn) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Front(f"http://127.0.0.1:{server.server_address[1]}", turns)
        server.shutdown()
        thread.join()


def test_one_tide_is_answered_by_both_in_turns(
    two: tuple[Running, Running], front: Front, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of joining and of each tide one request goes to one process and the next to the other; all is there once."""
    monkeypatch.setattr(codes, "_COST", quick.COST_AS_DEPLOYED)
    home = Path(str(two[0].process.args[two[0].process.args.index("--home") + 1]))  # type: ignore[union-attr,index]
    made = json.loads(mangrove("sync", "invite", "--home", home, "--json").stdout)
    region = join.join(node, url=front.url, code=made["code"])
    tide.learn(node, first=1, count=300)
    before = len(front.turns)
    assert run.sync_with(node, pause=lambda _: None).agreed
    assert len(front.turns) - before >= 4 and set(front.turns[before:]) == {0, 1}
    for number in range(3):
        tide.learn(node, first=1000 * (number + 1), count=50)
        went = run.sync_with(node, pause=lambda _: None)
        assert (went.agreed, went.pushed) == (True, 50), went
    again = open_node(home, load(home, {}, {}))
    assert again.identity.hub_id == region.hub
    assert again.tables.Statement.select().count() == 450
    again.close()


def test_who_signed_in_at_one_is_signed_in_at_both(two: tuple[Running, Running]) -> None:
    """A cookie of one opens the pages of the other, and signing out there ends it here."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def page(at: Running, path: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        body = urllib.parse.urlencode(form).encode() if form else None
        with browser.open(at.url + path, body, timeout=30) as answer:
            return answer.geturl(), answer.read().decode()

    assert "/region/" not in page(two[0], "/region/")[0], "a guest is led to sign in"
    _sign_in(page, *two)
    for each in (*two, *two):
        assert "The hubs of the region" in page(each, "/region/")[1]


def _sign_in(page: Callable[..., tuple[str, str]], at: Running, then: Running) -> None:
    """Open the page of the only person at one process, and send the words to the other."""
    _, found = page(at, "/people/sign-in/others/?q=Ruth")
    door = re.search(r'href="(/people/sign-in/as/[^"]+)"', found)
    assert door, found
    _, asked = page(at, html.unescape(door[1]))
    token = re.search(r'name="csrf_token" value="([^"]+)"', asked)
    assert token, asked
    page(then, html.unescape(door[1]), {"secret": SECRET, "csrf_token": token[1]})
