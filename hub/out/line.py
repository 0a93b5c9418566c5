"""The line to an outside store: statements are posted by xAPI, and its answer is one of a few words we act on.

Sending the same statements again is harmless, so nothing is tried twice here: whoever calls rests and comes back.
Nothing of an answer is believed but its status; its words are shown cut short.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hub.line_library import urllib3
from hub.out.destinations import STATEMENTS, Access

CONNECT_S, READ_S = 15.0, 60.0
ANSWER_BYTES_MAX = 4_096
"""What is read of an answer: enough for a sentence."""
WHY_CHARS_MAX = 300
BODY_BYTES_MAX = 1024 * 1024
"""What goes in one request at most; a batch over it goes in parts."""
WAIT_S_MAX = 86_400
"""The longest rest that the other side may ask for."""
OK, CONFLICT, REFUSED, TOO_LARGE, DENIED, LATER, LOST, STRANGE = (
    *("ok", "conflict", "refused", "too large", "denied", "later", "lost", "strange"),
)
"""Kept; one of them has another content there; not taken as it is; too much at once; the key opens nothing; busy; no
line; an answer that no store of records gives."""
MEANS = {200: OK, 204: OK, 409: CONFLICT, 400: REFUSED, 422: REFUSED, 413: TOO_LARGE, 401: DENIED, 403: DENIED}
BUSY = 429
OWN_FAULT = 500


@dataclass(frozen=True)
class Answer:
    """What came of a request: one of the words above, its status (0 for none), words, and the rest asked for."""

    word: str
    status: int = 0
    why: str = ""
    wait_s: int = 0


class Line:
    """The way to one outside store; `close` lets the connection go."""

    def __init__(self, access: Access) -> None:
        proof = base64.b64encode(f"{access.username}:{access.secret}".encode()).decode()
        self._target = access.url + STATEMENTS
        self._headers = {
            "Authorization": f"Basic {proof}",
            "Content-Type": "application/json",
            "X-Experience-API-Version": access.version,
            "User-Agent": "mangrove",
        }
        self._pool = urllib3().PoolManager(
            num_pools=1, maxsize=1, retries=False, timeout=urllib3().Timeout(connect=CONNECT_S, read=READ_S)
        )

    def send(self, statements: Sequence[dict[str, Any]]) -> Answer:
        """Post statements, all or none; what came of it."""
        body = json.dumps(list(statements), ensure_ascii=False, separators=(",", ":")).encode()
        if len(body) > BODY_BYTES_MAX:
            return Answer(TOO_LARGE, why="too long for one request")
        try:
            response = self._pool.request(
                "POST", self._target, body=body, headers=self._headers, preload_content=False, redirect=False
            )
            try:
                said = response.read(ANSWER_BYTES_MAX, decode_content=False)
            finally:
                response.close()
        except urllib3().exceptions.HTTPError as mistake:
            return Answer(LOST, why=type(mistake).__name__)
        return _answer(response.status, said, response.headers.get("Retry-After", ""))

    def close(self) -> None:
        """Let the connection go."""
        self._pool.clear()


def _answer(status: int, said: bytes, after: str) -> Answer:
    is_later = status == BUSY or status >= OWN_FAULT
    words = "".join(each for each in said.decode(errors="replace") if each.isprintable() or each == " ")
    wait_s = min(int(after), WAIT_S_MAX) if after.isascii() and after.isdigit() and len(after) < 8 else 0  # noqa: PLR2004
    return Answer(MEANS.get(status, LATER if is_later else STRANGE), status, words[:WHY_CHARS_MAX], wait_s)
