"""Journey g: a guardian gives and withdraws consent in person; from then on nothing of the child leaves."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from hub import own_keys
from hub.node import Node
from hub.people import roster
from hub.people.roster import Person
from hub.tide import policy, publish, run
from tests.fixtures import tide
from tests.fixtures.demo import Demo
from tests.fixtures.web import Served

pytestmark = pytest.mark.browser


def _named(node: Node, name: str) -> Person:
    return next(each for each in roster.people(node) if each.name == name)


def _press(page: Page, group: str, drawing: str) -> None:
    """Press the picture of that drawing in a group, as somebody does who reads nothing."""
    page.locator(f"label:has(input[name='{group}']):has(use[href$='#{drawing}'])").click()


def _go(page: Page, drawing: str, within: str = "main") -> None:
    """Press the button or link with that drawing, and wait for the page it leads to."""
    with page.expect_navigation():
        page.locator(f"{within} :is(a, button):has(use[href$='#{drawing}'])").first.click()


def _waiting(node: Node, person: Person) -> int:
    """How many records about somebody wait for the region."""
    name = policy.pseudonym(own_keys.pseudonyms(node.home), "region", person.id).encode()
    return sum(name in copy.payload for copy in publish.waiting(node, "region"))


@pytest.fixture
def open_page(demo_copy: Demo, phone: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """A function that opens the demo's front page as somebody, on a phone."""

    def open_it(role: str, **options: object) -> Page:
        context = phone(**options)
        context.add_cookies(demo_copy.cookies(role))  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(demo_copy.url)
        return page

    return open_it


def test_given_and_taken_back_in_person(demo_copy: Demo, open_page: Callable[..., Page]) -> None:
    """The librarian asks Baraka and whoever came with him: thumb and smile, by pictures alone. Taken back in one
    visit, and not one of his records waits any more."""
    child = _named(demo_copy.node, "Baraka")
    assert _waiting(demo_copy.node, child) > 0
    page = open_page("librarian")
    page.goto(f"{demo_copy.url}/people/{child.id}/consent/")
    page.fill("#field-giver_name", "Aunt Nuru")
    for purpose in ("elsewhere", "counted"):
        _press(page, purpose, "yes")
        _press(page, f"{purpose}-child", "smile")
    _go(page, "check", within="main form")
    assert page.locator("main .chip use[href$='#yes']").count() == 2
    assert _waiting(demo_copy.node, child) > 0
    _go(page, "again")
    _go(page, "no", within="main .list li:has(use[href$='#tide'])")
    page.locator("main form label:has(use[href$='#boat'])").click()
    _go(page, "no", within="main form")
    assert page.locator("main .chip use[href$='#no']").count() == 1
    assert _waiting(demo_copy.node, child) == 0


def test_a_guardian_takes_it_back_on_the_own_phone(
    demo_copy: Demo,
    open_page: Callable[..., Page],
    make_node: Callable[..., Node],
    serve_node: Callable[[Node], Served],
) -> None:
    """Fatou finds Amina's card at home: two presses. The next tide, over a real line, brings nothing of her."""
    node, child = demo_copy.node, _named(demo_copy.node, "Amina")
    page = open_page("guardian")
    _go(page, "yes", within=f"main article:has(a[href='/people/{child.id}/consent/'])")
    _go(page, "no", within="main .list li:has(use[href$='#tide'])")
    _go(page, "no", within="main form")
    region = make_node("region", role="region")
    tide.joined(node, region, serve_node(region).url)
    assert run.sync_with(node).agreed
    name = policy.pseudonym(own_keys.pseudonyms(node.home), "region", child.id).encode()
    lines = region.journal.streams(hub=node.identity.hub_id, audience="region")
    came = [row[2] for line in lines for row in region.journal.store.entries(line, 0, 10_000)]
    assert len(came) > 100
    assert not [raw for raw in came if name in raw]


def test_it_works_without_script(demo_copy: Demo, open_page: Callable[..., Page]) -> None:
    """A phone without script: the same pictures, the same words; a child that shakes its head is heard."""
    child = _named(demo_copy.node, "Neema")
    page = open_page("steward", java_script_enabled=False)
    page.goto(f"{demo_copy.url}/people/{child.id}/consent/")
    page.fill("#field-giver_name", "Mzee")
    _press(page, "elsewhere", "yes")
    _press(page, "elsewhere-child", "sad")
    _go(page, "check", within="main form")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("main .chip use[href$='#no']").count() == 1
    assert _waiting(demo_copy.node, child) == 0
