"""Taking back on the draft's page: buttons that say what; and a look at a former version before it is put back."""

import re

import pytest
from flask.testing import FlaskClient

from hub import library
from hub.node import Node
from hub.writing import drafts
from hub.writing.drafts import Draft
from hub.writing.parts import Part
from tests.fixtures import writing
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


def step_of(browser: FlaskClient, draft: Draft, way: str) -> str:
    """The step that a button of the draft's page names."""
    found = re.search(rf'/{way}/".*?name="step" value="([^"]+)"', browser.get(page_of(draft)).text, re.DOTALL)
    return found[1] if found else ""


def test_a_change_is_taken_back_and_done_again(browser: FlaskClient, node: Node, draft: Draft) -> None:
    """The buttons say which; each is gone when there is nothing more."""
    picture = draft.body.lesson[1]
    browser.post(f"{page_of(draft)}part/{picture.id}/move/", data={"way": "up"})
    assert "Take back – Moved up: Picture “Two hands”" in browser.get(page_of(draft)).text
    step = step_of(browser, draft, "undo")
    assert browser.post(f"{page_of(draft)}undo/", data={"step": step}).status_code == 303
    assert drafts.draft(node, draft.id).body == draft.body and not step_of(browser, draft, "undo")
    assert "Do it again – Moved up: Picture “Two hands”" in browser.get(page_of(draft)).text
    browser.post(f"{page_of(draft)}redo/", data={"step": step})
    assert drafts.draft(node, draft.id).body.lesson[0] == picture and not step_of(browser, draft, "redo")


def test_each_kind_of_change_has_its_words(browser: FlaskClient, draft: Draft) -> None:
    """Long words are cut."""
    heading = draft.body.lesson[2].id
    acts = (
        ("add/text/", {"text": "w " * 50}, "Added: Text “w w w"),
        (f"part/{heading}/", {"text": "Why?"}, "Changed: Heading “Why?”"),
        (f"part/{heading}/move/", {"way": "down"}, "Moved down: Heading"),
        (f"part/{heading}/remove/", {}, "Taken out: Heading"),
        (f"part/{heading}/back/", {}, "Brought back: Heading"),
        ("about/", {"title": "Hands", "language": "en"}, "Take back – What it says of itself"),
    )
    for tail, fields, said in acts:
        browser.post(page_of(draft) + tail, data=fields)
        assert said in browser.get(page_of(draft)).text


def test_what_cannot_be_taken_back_is_said(browser: FlaskClient, cast: Cast, node: Node, draft: Draft) -> None:
    """Another person's step, or one that is no more."""
    browser.post(f"{page_of(draft)}add/heading/", data={"text": "Mine"})
    step, steward = step_of(browser, draft, "undo"), cast.client("steward")
    assert step and not step_of(steward, draft, "undo")
    answer = steward.post(f"{page_of(draft)}undo/", data={"step": step}, follow_redirects=True)
    assert "too old to be taken back" in answer.text
    assert drafts.draft(node, draft.id).body.lesson[-1].text == "Mine"


def test_a_form_sent_twice_makes_one_part(browser: FlaskClient, node: Node, draft: Draft) -> None:
    """As a double tap on a slow line sends it."""
    form = re.search(r'name="form" value="([^"]+)"', browser.get(f"{page_of(draft)}add/text/").text)
    assert form is not None
    for _ in range(2):
        answer = browser.post(f"{page_of(draft)}add/text/", data={"text": "Once.", "form": form[1]})
        assert answer.status_code == 303
    assert [each.text for each in drafts.draft(node, draft.id).body.lesson].count("Once.") == 1


def test_beginning_twice_begins_one_draft(browser: FlaskClient, node: Node) -> None:
    """Both presses lead to it."""
    form = re.search(r'name="form" value="([^"]+)"', browser.get("/library/write/new/").text)
    assert form is not None
    fields = {"title": "Wells", "language": "en", "form": form[1]}
    led = {browser.post("/library/write/new/", data=fields).headers["Location"] for _ in range(2)}
    assert led == {page_of(each) for each in drafts.drafts(node, person="")}


def test_a_description_changed_by_another_stands_beside(browser: FlaskClient, cast: Cast, draft: Draft) -> None:
    """What was typed stays in the form; a second press decides."""
    mark = re.search(r'name="seen" value="([^"]+)"', browser.get(f"{page_of(draft)}about/").text)
    assert mark is not None
    fields = {**vars(draft.body.about), "seen": mark[1]}
    cast.client("steward").post(f"{page_of(draft)}about/", data={**fields, "title": "Theirs"})
    answer = browser.post(f"{page_of(draft)}about/", data={**fields, "title": "Mine"})
    assert answer.status_code == 400 and 'value="Mine"' in answer.text and "<bdi>Theirs</bdi>" in answer.text
    newer = re.search(r'name="seen" value="([^"]+)"', answer.text)
    assert newer is not None and newer[1] != mark[1]
    assert (
        browser.post(f"{page_of(draft)}about/", data={**fields, "title": "Mine", "seen": newer[1]}).status_code == 303
    )


def test_a_former_version_is_seen_before_it_is_put_back(browser: FlaskClient, node: Node, draft: Draft) -> None:
    """Clearly marked, with its own words and the button that puts it back; what stands there now says so."""
    package = writing.publish(node, draft.id)
    drafts.add(node, draft.id, part=Part("", "heading", "Newer words"))
    writing.publish(node, draft.id)
    assert f'href="{page_of(draft)}version/1/"' in browser.get(page_of(draft)).text
    old, new = (browser.get(f"{page_of(draft)}version/{number}/").text for number in (1, 2))
    assert "This is version 1" in old and "not what they see now" in old and "Newer words" not in old
    assert '<input type="hidden" name="version" value="1">' in old
    assert "stands on the shelf now" in new and "Newer words" in new and 'name="version"' not in new
    assert browser.get(f"{page_of(draft)}version/9/").status_code == 404
    browser.post(f"{page_of(draft)}publish/", data={"version": "1"})
    writing.work(node)
    assert library.package(node, package).version == 3
