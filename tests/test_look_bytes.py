"""Every address that anybody reaches, over the wire as a phone without HTTPS gets it: within the budget of bytes.

`test_look_pages` opens one page of each kind in a real browser; here all that links lead to are asked for, one by one.
"""

import gzip
import http.client
import re
from collections import deque
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

import pytest

from tests.fixtures import engines
from tests.fixtures.crawl import HREF
from tests.fixtures.demo import BUSIEST_FIRST, Demo
from tests.fixtures.looks import FIRST_BYTES_MAX, LATER_BYTES_MAX, SCRIPT_BYTES_MAX

PART = re.compile(r"""<(?:link|script|img|use|source)\b[^>]*?\b(?:href|src)="(/[^"#]*)""")
"""Whatever a page brings along from this hub: style, script, drawings, pictures."""
WAY_BACK = re.compile(r"[?&](?:next|then|back)=[^&]*")
"""Where somebody wants to come back to: it makes addresses many, and changes nothing of a page's weight but itself."""
SOUND = re.compile(r"/sound/(?:\d+|kept|hear)/")
"""Sounds are no pages, and what lists those of one text is a page of one kind (`test_look_pages`)."""
NARROWED = re.compile(r"/library/\?[^&]*&")
"""A shelf narrowed by two things and more shows less than by one, and there are thousands of ways to narrow it."""
LEAST_PAGES = 60
"""A walk that finds fewer has lost its way: a librarian reaches the whole library and each of its parts."""


@dataclass
class Walk:
    """One role's way through the hub on one kept connection; what was weighed already is not asked for again."""

    connection: http.client.HTTPConnection
    cookie: str
    parts: dict[str, int] = field(default_factory=dict)

    def ask(self, address: str) -> tuple[int, str, int]:
        """The status, the text when it is a page, and all bytes of an answer."""
        headers = {"Accept-Encoding": "gzip", "Accept-Language": "en", "Cookie": self.cookie}
        self.connection.request("GET", address, headers=headers)
        answer = self.connection.getresponse()
        body = answer.read()
        weight = len(body) + sum(len(name) + len(text) + 4 for name, text in answer.getheaders())
        if answer.headers.get_content_type() != "text/html":
            return answer.status, "", weight
        is_packed = answer.headers["Content-Encoding"] == "gzip"
        return answer.status, (gzip.decompress(body) if is_packed else body).decode(), weight

    def weight_of(self, part: str) -> int:
        """The bytes of something that a page brings along."""
        if part not in self.parts:
            status, _, self.parts[part] = self.ask(part)
            assert status == HTTPStatus.OK, part
        return self.parts[part]

    def too_heavy(self, address: str, text: str, later: int) -> list[str]:
        """What is over the budget of one page."""
        parts = {part.replace("&amp;", "&") for part in PART.findall(text)}
        first = later + sum(map(self.weight_of, parts))
        script = sum(self.weight_of(part) for part in parts if part.endswith(".js"))
        weighed = [("first", first, FIRST_BYTES_MAX), ("later", later, LATER_BYTES_MAX)]
        weighed.append(("of script", script, SCRIPT_BYTES_MAX))
        return [f"{address}: {weight} bytes {what}" for what, weight, most in weighed if weight > most]


@pytest.mark.sqlite(engines.LOOK)
def test_every_page_is_light(demo: Demo) -> None:
    """At most 100 KiB at first, 20 KiB later, 30 KiB of script: all pages there are, not one of each kind.

    Each is weighed by whoever reaches it first; what others see of it differs by a line, and their kinds of pages are
    weighed for each of them by `test_look_pages`.
    """
    seen: set[str] = set()
    heavy: list[str] = []
    pages = {role: _weighed(demo, role, seen, heavy) for role in BUSIEST_FIRST}
    assert heavy == []
    assert pages["librarian"] >= LEAST_PAGES
    assert min(pages.values()) >= 1, pages


def _weighed(demo: Demo, role: str, seen: set[str], heavy: list[str]) -> int:
    """Weigh what a role reaches and nobody did before; how many pages that were."""
    cookie = "; ".join(f"{each['name']}={each['value']}" for each in demo.cookies(role))
    walk = Walk(http.client.HTTPConnection(urlsplit(demo.url).netloc), cookie)
    waiting = deque(["/", *(address for _, address in demo.tour(role) if address not in seen and address != "/")])
    seen.update(waiting)
    pages = 0
    while waiting:
        address = waiting.popleft()
        status, text, later = walk.ask(address)
        if status != HTTPStatus.OK or not text:
            continue
        pages += 1
        heavy += walk.too_heavy(address, text, later)
        found = (link.replace("&amp;", "&") for link in HREF.findall(text) if not SOUND.match(link))
        links = {WAY_BACK.sub("", link) for link in found if not NARROWED.match(link)} - seen
        seen |= links
        waiting.extend(sorted(links))
    walk.connection.close()
    return pages
