"""Titles of pages: each kind of page has one of its own."""

import re
from collections import defaultdict
from html import unescape

from tests.fixtures.demo import GUEST, Demo

ONE_PAGE = (
    {"known.about", "known.about_me"},
    {"home.show", "home.show_as"},
    {"writing.ask_part", "writing.ask_change"},
    {"banks.ask_question", "banks.ask_change"},
    {"sound.of_package", "sound.of_item"},
)
"""Kinds that are one page at two addresses, or a form for what is new and for what stands: they share a title."""
LOOKED_AS = ("librarian", "facilitator", "steward", "child", GUEST)
"""Together they reach every kind of page but few."""
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


def title_of(page: str) -> str:
    """The title, in one line."""
    found = TITLE.search(page)
    return " ".join(unescape(found.group(1)).split()) if found else ""


def test_each_kind_of_page_has_a_title_of_its_own(demo: Demo) -> None:
    """Of all that one role reaches, no two kinds of page are called the same."""
    wrong: list[str] = []
    for role in LOOKED_AS:
        kinds: dict[str, set[str]] = defaultdict(set)
        for kind, address, html in demo.walk(role):
            title = title_of(html)
            kinds[title].add(kind.rstrip("?"))
            wrong += [f"{role} {address}: no title"] * (not title)
        shared = {title: same for title, same in kinds.items() if len(same) > 1 and same not in ONE_PAGE}
        wrong += [f"{role}: {title}: {sorted(same)}" for title, same in shared.items()]
    assert wrong == []
