"""Courses on the hub's pages: begun, filled, made from a collection, and a collection made of one."""

import re

import pytest
from flask.testing import FlaskClient

from hub import library
from hub.collections import own
from hub.node import Node
from hub.writing import drafts, packing
from hub.writing.drafts import Draft
from hub.writing.parts import COURSE, Part
from tests.fixtures import writing
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.courses_written import course_of, work_of

WRITERS = ("librarian", "steward", "facilitator")


@pytest.fixture
def browser(cast: Cast) -> FlaskClient:
    """The librarian's."""
    return cast.client("librarian")


def begun(browser: FlaskClient, node: Node) -> Draft:
    """A course that was just begun."""
    browser.post("/library/write/new/", data={"title": "Water", "language": "en", "shape": "course"})
    (made,) = [each for each in drafts.drafts(node, person="") if each.body.about.is_course]
    return made


def test_a_course_is_written_and_published(browser: FlaskClient, node: Node) -> None:
    """Sections, steps with a sentence, one part of a work; then it is a package that says what it needs."""
    first, second = work_of(node, "First"), writing.publish(node, writing.written(node).id)
    assert 'name="shape" value="course"' in browser.get("/library/write/new/?shape=course").text
    draft = begun(browser, node)
    page = f"/library/write/{draft.id}/"
    assert "Name the first section" in browser.get(page).text
    assert "Step" in browser.get(f"{page}add/link/").text.partition("<h1")[2].partition("</h1>")[0]
    for kind, fields in (
        ("heading", {"text": "To begin"}),
        ("text", {"text": "Read this first."}),
        ("link", {"text": "The first", "target": first}),
        ("link", {"text": "Its questions", "target": second}),
    ):
        assert browser.post(f"{page}add/{kind}/", data=fields).status_code == 303
    assert "Added: Step “" in browser.get(page).text
    link = drafts.draft(node, draft.id).body.lesson[-1]
    assert '<option value="try">' in browser.get(f"{page}part/{link.id}/").text
    fields = {"text": "Its questions", "target": second, "of": second, "piece": "try"}
    browser.post(f"{page}part/{link.id}/", data=fields)
    browser.post(f"{page}about/", data={**vars(draft.body.about), "title": "All about water", "shape": ""})
    assert drafts.draft(node, draft.id).body.about.is_course
    manifest = library.package(node, writing.publish(node, draft.id))
    assert manifest.needs == (first, second) and [each.title for each in manifest.items] == ["To begin"]
    assert "Its questions" in browser.get(f"/library/{manifest.id}/").text


def test_another_work_forgets_the_part_of_the_last(browser: FlaskClient, node: Node) -> None:
    """The part that was chosen belongs to the work that the form was made of."""
    works = [work_of(node, "First"), writing.publish(node, writing.written(node).id)]
    draft = begun(browser, node)
    fields = {"text": "x", "target": works[0], "of": works[1], "piece": "try"}
    browser.post(f"/library/write/{draft.id}/add/link/", data=fields)
    assert [each.target for each in drafts.draft(node, draft.id).body.lesson] == [works[0]]


def test_what_stands_before_the_first_section_is_one(node: Node) -> None:
    """Called as the course is; sections keep their ids whatever they are called."""
    first = work_of(node, "First")
    steps = [Part("", "link", "The first", target=first), Part("", "heading", "Later"), writing.NUMBER]
    package = course_of(node, steps)
    items = library.package(node, package).items
    draft = drafts.of_package(node, package)
    assert draft is not None
    assert [(each.id, each.title, each.kind) for each in items] == [
        ("read", "All about water", "lesson"),
        (f"part-{draft.body.lesson[1].id}", "Later", "lesson"),
        ("try", "Questions", "quiz"),
    ]
    assert packing.sections(drafts.draft(node, writing.begun(node).id).body) == ()


def test_a_collection_with_a_course_takes_in_its_works(browser: FlaskClient, node: Node) -> None:
    """The page names those that are missing, and one press puts them behind the others."""
    first = work_of(node, "First")
    course = course_of(node, [Part("", "link", "The first", target=first)])
    made = own.make(node, title="Water", packages=[course])
    page = f"/library/collections/{made.id}/"
    shown = browser.get(f"{page}change/").text
    assert "leads through works that are not in this collection" in shown and f'value="{first}"' in shown
    browser.post(f"{page}put/", data={"package": first})
    assert own.collection(node, made.id).packages == (course, first)
    assert "leads through works" not in browser.get(f"{page}change/").text


@pytest.mark.parametrize("role", ROLES)
def test_a_course_is_made_from_a_collection_by_one_press(cast: Cast, node: Node, role: str) -> None:
    """By whoever may write; pressed twice, there is one; what is not here is left out."""
    works = [work_of(node, title) for title in ("First", "Second")]
    made = own.make(node, title="Water", packages=works)
    library.remove(node, works[0])
    client, before = cast.client(role), len(drafts.drafts(node, person=""))
    shown = client.get(f"/library/collections/{made.id}/").text
    form = re.search(r'write/from/.*?name="form" value="([^"]+)"', shown, re.DOTALL)
    assert bool(form) == (role in WRITERS)
    sent = {"form": form[1] if form else "x"}
    answers = {client.post(f"/library/write/from/{made.id}/", data=sent).status_code for _ in range(2)}
    assert answers == ({303} if role in WRITERS else {403})
    begun_here = [each for each in drafts.drafts(node, person="") if each.body.about.is_course]
    assert len(begun_here) == (role in WRITERS) == len(drafts.drafts(node, person="")) - before
    for each in begun_here:
        assert [(part.text, part.target) for part in each.body.lesson] == [("Second", works[1])]
        assert (each.body.about.title, each.body.about.shape) == ("Water", COURSE)
    assert role != OUTSIDER or not begun_here


@pytest.mark.parametrize("role", ROLES)
def test_a_collection_is_made_of_a_course_by_one_press(cast: Cast, node: Node, role: str) -> None:
    """By whoever keeps the shelf; pressed twice, there is one."""
    first = work_of(node, "First")
    course = course_of(node, [Part("", "link", "The first", target=first)])
    client, is_keeper = cast.client(role), role in ("librarian", "steward")
    assert ("Make a collection of it" in client.get(f"/library/{course}/").text) == is_keeper
    for _ in range(2):
        assert client.post(f"/library/collections/of/{course}/").status_code == (303 if is_keeper else 403)
    assert [(each.title, each.packages) for each in own.collections(node)] == (
        [("All about water", (course, first))] if is_keeper else []
    )
