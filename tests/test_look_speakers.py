"""Learners' pages with a sound for every sentence: the rules of the look hold with all speakers shown."""

import sys
from collections.abc import Callable
from itertools import chain

import pytest
from playwright.sync_api import BrowserContext

from hub.sentences import Sentence
from hub.sound import speaking
from tests.fixtures import engines
from tests.fixtures.demo import GUEST, Demo
from tests.fixtures.looks import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.LOOK)]

PAGES = {
    "child": ("/", "/learn/safe-water.en/wash-hands/", "/learn/numbers.en/how-many/"),
    "learner": ("/library/fix-a-phone.fr/", "/library/"),
    GUEST: ("/people/sign-in/",),
    "librarian": ("/sound/of/safe-water.en/boil/",),
}
QUICK = """import json, os, sys
print(json.dumps({"languages": ["en", "fr"]}), flush=True)
for line in sys.stdin:
    w = json.loads(line)
    os.makedirs(os.path.dirname(w["to"]), exist_ok=True)
    open(w["to"], "wb").write(b"ID3")
    print(json.dumps({"key": w["key"], "size": 3, "refused": ""}), flush=True)
"""
"""A program in the voice's place that is done at once: here it is about what is seen."""


def silent(_said: Sentence) -> None:
    """Nobody asks how far it is."""


def test_pages_full_of_speakers_keep_the_rules(demo_copy: Demo, phone: Callable[..., BrowserContext]) -> None:
    """Bytes, 48 px, axe, room for words and a walk with the Tab key, as on every page."""
    demo, wrong, shown = demo_copy, [], 0
    for _ in range(2):
        for role, pages in PAGES.items():
            for address in pages:
                demo.client(role).get(address)
        speaking.speak(demo.node, silent, command=(sys.executable, "-c", QUICK))
    for role, pages in PAGES.items():
        context = phone()
        context.add_cookies(demo.cookies(role))  # type: ignore[arg-type]
        visitor = Visitor(context, (demo.url, demo.content_url))
        for address in pages:
            wrong += [f"{address}: {each}" for each in chain(*visitor.look_at(demo.url + address).values())]
            shown += visitor.page.locator(".ear:visible").count()
        context.close()
    assert shown > 100
    assert wrong == [], "\n".join(wrong)
