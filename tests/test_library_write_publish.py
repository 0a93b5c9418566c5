"""From the draft's page onto the shelf: a look at it first, then one press; earlier versions come back by another."""

import pytest
from flask.testing import FlaskClient

from hub import jobs, library
from hub.node import Node
from hub.writing import drafts
from hub.writing.drafts import Draft
from hub.writing.parts import Part
from tests.fixtures import engines, writing
from tests.fixtures.cast import Cast


@pytest.fixture
def browser(cast: Cast) -> FlaskClient:
    """The librarian's."""
    return cast.client("librarian")


@pytest.fixture
def draft(node: Node, cast: Cast) -> Draft:
    """A draft of the librarian with everything in it."""
    return writing.written(node, person=cast.person("librarian").id)


def page_of(draft: Draft) -> str:
    """The page of a draft."""
    return f"/library/write/{draft.id}/"


def test_the_preview_shows_what_learners_will_see(browser: FlaskClient, draft: Draft) -> None:
    """The lesson with its picture and sound, each question with its answers; what is right is folded away."""
    shown = browser.get(f"{page_of(draft)}preview/").text
    assert "Nobody sees it yet" in shown and "<strong>not</strong>" in shown
    assert f'src="{page_of(draft)}files/{draft.body.lesson[1].file}"' in shown and 'alt="Two hands"' in shown
    assert "<audio" in shown and shown.count('class="question"') == 3
    assert shown.count('type="radio"') == 2 and "Soap takes the fat away" in shown


def test_it_is_put_on_the_shelf_and_watched(browser: FlaskClient, cast: Cast, node: Node, draft: Draft) -> None:
    """The page looks again by itself, and leads to the work; a learner finds it, and nobody but keepers its draft."""
    answer = browser.post(f"{page_of(draft)}publish/")
    waiting = browser.get(answer.headers["Location"])
    assert (waiting.headers["Refresh"], "On its way" in waiting.text) == ("2", True)
    assert "Putting a lesson on the shelf" in browser.get("/").text
    writing.work(node)
    done = browser.get(answer.headers["Location"])
    (package,) = [row.id for row in library.packages(node)]
    assert "Refresh" not in done.headers and f'href="/library/{package}/"' in done.text
    learner = cast.client("learner")
    assert "Clean hands" in learner.get("/library/?q=soap").text
    assert page_of(draft) in browser.get(f"/library/{package}/").text
    assert page_of(draft) not in learner.get(f"/library/{package}/").text


def test_a_former_version_comes_back_by_its_button(browser: FlaskClient, node: Node, draft: Draft) -> None:
    """The page says which one stands there now."""
    package = writing.publish(node, draft.id)
    drafts.add(node, draft.id, part=Part("", "heading", "More"))
    writing.publish(node, draft.id)
    assert "Put this one back" in browser.get(page_of(draft)).text
    browser.post(f"{page_of(draft)}publish/", data={"version": "1"})
    writing.work(node)
    manifest = library.package(node, package)
    assert manifest.version == 3 and b"More" not in node.shelf.read(manifest, "read.md")


def test_what_cannot_be_published_is_said_on_the_draft(browser: FlaskClient, node: Node, cast: Cast) -> None:
    """Nothing in it; a version that nobody kept."""
    empty = writing.begun(node, person=cast.person("librarian").id)
    answer = browser.post(f"{page_of(empty)}publish/", follow_redirects=True)
    assert "There is nothing in it yet" in answer.text
    assert browser.post(f"{page_of(empty)}publish/", data={"version": "7"}).status_code == 404
    assert jobs.jobs(node) == []


@pytest.mark.sqlite(engines.POWER)
def test_a_full_disk_is_said_on_the_draft(browser: FlaskClient, node: Node, draft: Draft) -> None:
    """Nothing was asked for, and the draft is there to try again."""
    for _ in range(5):
        drafts.add(node, draft.id, part=Part("", "text", "x " * 1900))
    node.write(lambda: node.database.execute_sql("PRAGMA max_page_count = 1"))
    answer = browser.post(f"{page_of(draft)}publish/")
    assert (answer.status_code, answer.headers["Location"]) == (303, page_of(draft))
    assert "disk is full" in browser.get(page_of(draft)).text and jobs.jobs(node) == []


def test_pressing_again_leads_to_the_job_that_waits(browser: FlaskClient, node: Node, draft: Draft) -> None:
    """As it is, or a former version: one job and one version; what was changed meanwhile is another."""
    first = browser.post(f"{page_of(draft)}publish/").headers["Location"]
    assert browser.post(f"{page_of(draft)}publish/").headers["Location"] == first
    writing.work(node)
    drafts.add(node, draft.id, part=Part("", "heading", "More"))
    second = browser.post(f"{page_of(draft)}publish/").headers["Location"]
    assert second != first and len(jobs.jobs(node, kind="publish")) == 2
    writing.work(node)
    back = [browser.post(f"{page_of(draft)}publish/", data={"version": "1"}).headers["Location"] for _ in range(2)]
    assert len(set(back)) == 1 and len(jobs.jobs(node, kind="publish")) == 3
    writing.work(node)
    assert library.package(node, drafts.draft(node, draft.id).package).version == 3


def test_a_package_that_others_made_has_no_draft(browser: FlaskClient, node: Node, draft: Draft) -> None:
    """When the draft is deleted, the work stays and can only be taken off."""
    package = writing.publish(node, draft.id)
    browser.post(f"{page_of(draft)}delete/")
    shown = browser.get(f"/library/{package}/").text
    assert "Change what is in it" not in shown and f"/library/{package}/remove/" in shown
