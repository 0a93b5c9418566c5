"""The pages of collections: a librarian makes and takes them, everybody looks through them, others get nothing."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from hub import jobs, library
from hub.collections import fetch, own, subscriptions
from hub.node import Node
from hub.web.collections import PAGE
from hub.worker import Worker
from tests.fixtures import offering, packages, tide
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.demo import COOKIE
from tests.fixtures.web import Served

ELSEWHERE = "/library/elsewhere/"
KEEPERS = ("librarian", "steward")


def work(node: Node) -> None:
    """Do all that waits."""
    worker = Worker(node)
    while worker.step():
        pass


def shown(cast: Cast, address: str, role: str = "librarian") -> str:
    """What a page says."""
    answer = cast.client(role).get(address)
    assert answer.status_code == 200, address
    return unescape(answer.text)


@pytest.fixture
def shelf(node: Node, tmp_path: Path) -> Node:
    """A shelf with two works."""
    for language in ("en", "sw"):
        library.add(node, source=packages.well(tmp_path / language, language=language))
    return node


@pytest.fixture
def offered(node: Node, region: Node, serve_node: Callable[[Node], Served], tmp_path: Path) -> str:
    """What the region offers to this hub."""
    tide.joined(node, region, serve_node(region).url)
    return offering.offer(region, tmp_path / "made")


def test_a_librarian_makes_fills_orders_and_offers(shelf: Node, cast: Cast) -> None:
    """On pages alone; each step shows on the next page, and offering signs what stands."""
    librarian = cast.client("librarian")
    where = librarian.post(PAGE, data={"title": "All about wells"}).headers["Location"]
    assert "Other hubs do not see it yet" in shown(cast, where)
    assert librarian.post(where.replace("change", "offer"), data={}).status_code == 400
    put = where.replace("change", "put")
    librarian.post(put, data={"package": ["well.en", "well.sw"]})
    librarian.post(where.replace("change", "move"), data={"package": "well.sw", "way": "up"})
    (made,) = own.collections(shelf)
    assert made.packages == ("well.sw", "well.en")
    assert librarian.post(put, data={"package": "../etc"}).status_code == 400
    librarian.post(where, data={"title": "Wells", "summary": "Clean water"})
    assert librarian.post(where, data={"title": " "}).status_code == 400
    librarian.post(where.replace("change", "offer"), data={})
    work(shelf)
    assert "Other hubs see it as it is now" in shown(cast, where)
    librarian.post(where.replace("change", "move"), data={"package": "well.sw", "way": "out"})
    assert "It has changed since" in shown(cast, where)
    assert "Wells" in shown(cast, PAGE, "learner")
    page = shown(cast, f"{PAGE}{made.id}/", OUTSIDER)
    assert "Clean water" in page and "/library/well.en/" in page and "/library/well.sw/" not in page
    librarian.post(where.replace("change", "delete"), data={})
    assert own.collections(shelf) == [] and len(shelf.shelf.list()) == 2


def test_a_librarian_takes_what_is_offered(node: Node, cast: Cast, offered: str, region: Node) -> None:
    """Looks, reads what would travel, chooses, and it stands on the shelf and among the collections."""
    librarian = cast.client("librarian")
    assert "Nothing is offered yet" in shown(cast, ELSEWHERE)
    librarian.post(f"{ELSEWHERE}look/", data={})
    work(node)
    one = f"{ELSEWHERE}{offered}/"
    assert "2 packages" in shown(cast, ELSEWHERE) and "at most 3.3\u00a0MB" in shown(cast, one)
    assert librarian.post(one, data={}).status_code == 400
    librarian.post(one, data={"package": "well.en", "priority": "1"})
    work(node)
    assert set(offering.digests(node)) == {"well.en"}
    (taken,) = subscriptions.subscriptions(node)
    assert (taken.chosen, taken.priority, taken.is_night) == (("well.en",), 1, False)
    librarian.post(one, data={"package": list(offering.digests(region)), "night": "1"})
    librarian.post(f"{one}rest/", data={})
    assert "It rests" in shown(cast, one) and not fetch.is_due(node)
    librarian.post(f"{one}now/", data={})
    work(node)
    assert offering.digests(node) == offering.digests(region)
    assert "All of it is here" in shown(cast, ELSEWHERE)
    assert "/library/well.en/" in shown(cast, f"{PAGE}{offered}/", "learner")
    own.change(region, offered, title="Water", summary="", packages=["well.en"])
    own.publish(region, offered)
    fetch.look(node)
    (film,) = subscriptions.subscriptions(node)[0].dropped
    assert "No longer in this collection" in shown(cast, one)
    librarian.post(f"{one}keep/", data={"package": film})
    assert "No longer in this collection" not in shown(cast, one) and film in offering.digests(node)
    librarian.post(f"{one}leave/", data={})
    assert subscriptions.subscriptions(node) == [] and len(offering.digests(node)) == 2


def test_others_get_nothing(shelf: Node, cast: Cast) -> None:
    """Only keepers make, change and take; a guest is led to sign in, and where guests are not welcome sees none."""
    made = own.make(shelf, title="Wells", packages=["well.en"])
    keepers_only = [f"{PAGE}{made.id}/change/", ELSEWHERE, f"{ELSEWHERE}{made.id}/"]
    posts = [PAGE, f"{PAGE}{made.id}/offer/", f"{PAGE}{made.id}/delete/", f"{PAGE}{made.id}/put/"]
    posts += [f"{ELSEWHERE}look/", *(f"{ELSEWHERE}{made.id}/{way}" for way in ("", "now/", "rest/", "leave/", "keep/"))]
    for role in (role for role in ROLES if role not in KEEPERS):
        browser = cast.client(role)
        refused = 303 if role == OUTSIDER else 403
        assert {browser.get(address).status_code for address in keepers_only} == {refused}, role
        assert {browser.post(address, data={"title": "Mine"}).status_code for address in posts} == {403}, role
        assert f"{made.id}/change/" not in browser.get(f"{PAGE}{made.id}/").text
    assert [each.title for each in own.collections(shelf)] == ["Wells"] and jobs.jobs(shelf) == []
    object.__setattr__(shelf.settings, "guests", False)
    assert cast.client(OUTSIDER).get(PAGE).status_code == 303
    assert cast.client("librarian").get(f"{PAGE}none/").status_code == 404


def test_a_clock_that_nobody_keeps_is_said(node: Node, cast: Cast, offered: str, clock: object) -> None:
    """The page says that the night cannot be told, and how it comes all the same."""
    fetch.look(node)
    clock.quality = 0  # type: ignore[attr-defined]
    assert "cannot tell when it is night" in shown(cast, f"{ELSEWHERE}{offered}/")


def test_on_a_phone_without_script(
    node: Node,
    cast: Cast,
    offered: str,
    region: Node,
    phone: Callable[..., BrowserContext],
    serve_node: Callable[..., Served],
) -> None:
    """A librarian with a small phone takes one of two packages and sees it arrive; nothing is wider than the screen."""
    fetch.look(node)
    served, client = serve_node(node), cast.client("librarian")
    client.get("/")
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    context = phone(java_script_enabled=False)
    context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": served.url}])
    page: Page = context.new_page()
    page.goto(f"{served.url}{ELSEWHERE}")
    page.get_by_role("link", name=re.compile("Water")).click()
    page.get_by_label(re.compile("film")).uncheck()
    page.get_by_role("button", name="Take it", exact=True).click()
    work(node)
    page.reload()
    assert page.get_by_text("is here", exact=True).count() == 1
    assert page.get_by_text("nothing; all of it is here").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert set(offering.digests(node)) == {"well.en"}
