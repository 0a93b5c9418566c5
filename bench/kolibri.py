"""Kolibri, the peer: installed into an environment of its own, started, and learners of it signed in.

It is kept in `build/kolibri`, or wherever KOLIBRI_ENVIRONMENT says that one is already.
"""

import http.client
import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.hub import free_port

VERSION = "0.19.5"
UP_S = 180.0
PASSWORD = "a-learner-of-a-bench"  # noqa: S105 - of a peer that is thrown away
NOWHERE = "http://127.0.0.1:9"


@dataclass
class Learner:
    """Somebody who is signed in there, in one session with an exercise."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    session: str = ""

    def ask(self, method: str, path: str, said: Any = None) -> Any:
        """The JSON of an answer, or None where it is none; cookies are kept."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=UP_S)
        line.request(method, path, None if said is None else json.dumps(said), self._headers())
        answer = line.getresponse()
        text = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition("=")
            self.cookies[name] = value.partition(";")[0]
        line.close()
        return json.loads(text) if answer.headers.get_content_type() == "application/json" else None

    def progress(self, number: int) -> bytes:
        """The request by which its own pages tell of the n-th answer in an exercise."""
        answer = {"item": f"{number:032x}", "correct": 1, "complete": True, "time_spent": 3, "simple_answer": "5"}
        said = {"interactions": [{**answer, "answer": {"answer": "5"}}], "time_spent_delta": 3, "progress": 0.5}
        body = json.dumps(said)
        head = [f"PUT /api/logger/trackprogress/{self.session}/ HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        head += [f"{name}: {value}" for name, value in self._headers().items()]
        return "\r\n".join([*head, f"Content-Length: {len(body)}", "", body]).encode()

    def _headers(self) -> dict[str, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        token = self.cookies.get("kolibri_csrftoken", "")
        return {"Content-Type": "application/json", "Cookie": cookie, "X-CSRFToken": token}


@contextmanager
def serving(home: Path) -> Iterator[int]:
    """Serve a new Kolibri from a folder until the block ends; its port."""
    port, environment = free_port(), _variables(home)
    program = installed() / "bin" / "kolibri"
    words = ["--facility", "Bench", "--preset", "nonformal", "--superusername", "admin", "--language_id", "en"]
    made = [program, "manage", "provisiondevice", *words, "--superuserpassword", PASSWORD, "--noinput"]
    subprocess.run(made, env=environment, check=True, capture_output=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([program, "start", "--foreground", "--port", str(port)], env=environment, **quiet)
    try:
        _wait_up(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def manage(home: Path, *words: str) -> str:
    """Run one of its own commands on a folder; what it prints."""
    made = [installed() / "bin" / "kolibri", "manage", *words]
    done = subprocess.run(made, env=_variables(home), check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-4_000:])
    return done.stdout


def _variables(home: Path) -> dict[str, str]:
    return {
        **os.environ,
        "KOLIBRI_HOME": str(home),
        "KOLIBRI_LISTEN_ADDRESS": "127.0.0.1",
        "KOLIBRI_ZEROCONF_ENABLED": "false",
        "KOLIBRI_DISABLE_PING": "true",
        "KOLIBRI_RUN_MODE": "benchmark",
        "KOLIBRI_CENTRAL_CONTENT_BASE_URL": NOWHERE,
        "KOLIBRI_DATA_PORTAL_SYNCING_BASE_URL": NOWHERE,
        "KOLIBRI_ZIP_CONTENT_PORT": str(free_port()),
    }


def learners(port: int, count: int) -> list[Learner]:
    """So many new people, each signed in and in an exercise of their own."""
    facility = Learner(port).ask("GET", "/api/public/v1/facility/")[0]["id"]
    return [_learner(port, facility) for _ in range(count)]


def _learner(port: int, facility: str) -> Learner:
    one, name = Learner(port), f"learner{uuid.uuid4().hex[:12]}"
    one.ask("GET", "/api/auth/session/current/")
    who = {"username": name, "password": PASSWORD, "facility": facility}
    one.ask("POST", "/api/public/signup/", {**who, "full_name": name})
    one.ask("POST", "/api/auth/session/", who)
    about = {part: uuid.uuid4().hex for part in ("node_id", "content_id", "channel_id")}
    mastery = {"type": "m_of_n", "m": 5, "n": 7}
    begun = one.ask("POST", "/api/logger/trackprogress/", {**about, "kind": "exercise", "mastery_model": mastery})
    one.session = begun["session_id"]
    return one


def is_here() -> bool:
    """Whether Kolibri is installed already."""
    return (_environment() / "bin" / "kolibri").exists()


def _environment() -> Path:
    return Path(os.environ.get("KOLIBRI_ENVIRONMENT", "build/kolibri"))


def installed() -> Path:
    """The environment that Kolibri is in, made on first use."""
    folder = _environment()
    if not (folder / "bin" / "kolibri").exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", f"kolibri=={VERSION}", "setuptools"], check=True)
    return folder


def _wait_up(port: int) -> None:
    end = time.monotonic() + UP_S
    while time.monotonic() < end:
        try:
            if Learner(port).ask("GET", "/api/public/v1/facility/"):
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise TimeoutError("Kolibri did not come up")
