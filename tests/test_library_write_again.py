"""Writing from two pages at once, or by pressing twice: no dead end, and nothing typed or sent is lost."""

import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from hub.node import Node
from hub.writing import drafts, media
from hub.writing.drafts import Draft
from tests.fixtures import photos, writing
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


def sent(data: bytes) -> tuple[io.BytesIO, str]:
    """A file as a form has it."""
    return io.BytesIO(data), "photo.jpg"


def asked(**more: Any) -> dict[str, Any]:
    """The form of a question to choose from, three answers."""
    words = {"choice-a": "Soap", "choice-b": "Sand", "choice-c": "Ash", "right-a": "yes"}
    return {"text": "Which?", "slot": ["a", "b", "c"], **words, **more}


def test_what_was_typed_for_a_part_that_is_gone_is_kept_at_the_end(
    browser: FlaskClient, node: Node, draft: Draft
) -> None:
    """Taken out in a second tab, its form comes back with the words and the photo, as that of a new part."""
    picture = draft.body.lesson[1]
    drafts.remove(node, draft.id, part_id=picture.id)
    photo = photos.photo(60, 40)
    answer = browser.post(f"{page_of(draft)}part/{picture.id}/", data={"text": "Both <hands>", "camera": sent(photo)})
    held = media.keep_picture(node, photo)
    assert (answer.status_code, "taken out meanwhile" in answer.text) == (400, True)
    assert 'value="Both &lt;hands&gt;"' in answer.text and f'value="{held}"' in answer.text
    assert f'action="{page_of(draft)}add/picture/"' in answer.text
    browser.post(f"{page_of(draft)}add/picture/", data={"text": "Both hands", "held": held})
    last = drafts.draft(node, draft.id).body.lesson[-1]
    assert (last.text, last.file) == ("Both hands", held)


@pytest.mark.parametrize("act", ["move", "remove", "back"])
def test_a_button_pressed_too_late_leads_back_with_a_sentence(
    browser: FlaskClient, node: Node, draft: Draft, act: str
) -> None:
    """Its part was taken out, or brought back, by the press before."""
    part = draft.body.lesson[0].id
    if act != "back":
        drafts.remove(node, draft.id, part_id=part)
    before = drafts.draft(node, draft.id).body
    answer = browser.post(f"{page_of(draft)}part/{part}/{act}/", data={"way": "up"})
    assert (answer.status_code, answer.headers["Location"].partition("#")[0]) == (303, page_of(draft))
    assert "look at the draft again" in browser.get(page_of(draft)).text
    assert drafts.draft(node, draft.id).body == before


def test_one_bad_picture_costs_no_good_one(browser: FlaskClient, node: Node, draft: Draft) -> None:
    """The form names the answer whose picture is none, and holds every other photo and all words."""
    first, third, own = photos.photo(60, 40), photos.photo(64, 48), photos.photo(80, 60)
    files = {"picture-a": sent(first), "picture-b": sent(b"%PDF"), "picture-c": sent(third), "camera": sent(own)}
    answer = browser.post(f"{page_of(draft)}add/choose/", data=asked(**files))
    assert (answer.status_code, "Answer 2: This is no picture" in answer.text) == (400, True)
    for name, data in (("held-a", first), ("held-c", third), ("held", own)):
        assert f'name="{name}" value="{media.keep_picture(node, data)}"' in answer.text
    assert 'value="Ash"' in answer.text and "held-b" not in answer.text
    assert drafts.draft(node, draft.id) == draft


def test_a_change_from_an_older_page_is_looked_at_first(browser: FlaskClient, node: Node, draft: Draft) -> None:
    """The form comes back with what was typed and what stands now; kept once more, it takes the place."""
    heading = draft.body.lesson[2]
    address = f"{page_of(draft)}part/{heading.id}/"
    seen = _seen(browser.get(address).text)
    browser.post(address, data={"text": "From <tab> one", "seen": seen})
    for _ in range(2):
        assert browser.post(address, data={"text": "From <tab> one", "seen": seen}).status_code == 303
    again = browser.post(address, data={"text": "From tab two", "seen": seen})
    assert (again.status_code, "Somebody changed this part meanwhile" in again.text) == (400, True)
    assert 'value="From tab two"' in again.text and "<h3>From &lt;tab&gt; one</h3>" in again.text
    assert drafts.draft(node, draft.id).body.lesson[2].text == "From <tab> one"
    browser.post(address, data={"text": "From tab two", "seen": _seen(again.text)})
    assert drafts.draft(node, draft.id).body.lesson[2].text == "From tab two"


def test_a_link_leads_to_what_the_page_offers(browser: FlaskClient, node: Node, draft: Draft) -> None:
    """Not to what nobody has, nor to the draft itself; the words stay in the form."""
    own, other = writing.publish(node, draft.id), writing.publish(node, writing.written(node).id)
    for target in ("gone.en", f"{other}/gone", own, f"{own}/read", "../../status"):
        answer = browser.post(f"{page_of(draft)}add/link/", data={"text": "More", "target": target})
        assert (answer.status_code, "choose something of the list" in answer.text) == (400, True), target
        assert 'value="More"' in answer.text
    assert browser.post(f"{page_of(draft)}add/link/", data={"text": "More", "target": other}).status_code == 303


def _seen(html: str) -> str:
    """The mark that the form of a part holds."""
    return str(re.findall(r'name="seen" value="([0-9a-f]+)"', html)[0])


def test_all_mistakes_of_a_form_are_named_at_once(browser: FlaskClient, draft: Draft) -> None:
    """Two pictures that are none: both answers are told."""
    files = {"picture-a": sent(b"x"), "picture-c": sent(b"x")}
    answer = browser.post(f"{page_of(draft)}add/choose/", data=asked(**files))
    assert "Answer 1: " in answer.text and "Answer 3: " in answer.text
