"""Writing on the hub's pages: a draft, its parts, its questions, a plain form each; for keepers of the shelf alone."""

import io
import socket
from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient

from hub import library
from hub.node import Node
from hub.writing import drafts, media
from hub.writing.drafts import Draft
from hub.writing.parts import Choice
from tests.fixtures import photos, sounds, writing
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.web import Served

KEEPERS = ("librarian", "steward")
OTHERS = tuple(role for role in ROLES if role not in (*KEEPERS, "facilitator"))
"""Facilitators write their own: tests/test_library_write_hand_in.py."""
NEW = "/library/write/new/"


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


def sent(data: bytes, name: str = "photo.jpg") -> tuple[io.BytesIO, str]:
    """A file as a form has it."""
    return io.BytesIO(data), name


def add(browser: FlaskClient, draft: Draft, kind: str, **fields: Any) -> Any:
    """Send the form of a new part."""
    return browser.post(f"{page_of(draft)}add/{kind}/", data=fields)


@pytest.mark.parametrize("role", OTHERS)
def test_others_get_nothing(cast: Cast, node: Node, draft: Draft, role: str) -> None:
    """A guest is led to sign in; no form of theirs changes anything."""
    browser, here, part = cast.client(role), page_of(draft), draft.body.parts[0].id
    looks = ("", "about/", "preview/", "delete/", f"files/{draft.body.parts[1].file}", f"part/{part}/", "add/text/")
    for address in ("/library/write/", NEW, *(here + each for each in looks)):
        assert browser.get(address).status_code == (303 if role == OUTSIDER else 403), address
    acts = ("about/", "add/text/", f"part/{part}/", f"part/{part}/move/", f"part/{part}/remove/", f"part/{part}/back/")
    for address in (NEW, *(here + each for each in (*acts, "publish/", "delete/"))):
        assert browser.post(address, data={"title": "x", "text": "x"}).status_code == 403, address
    assert drafts.drafts(node, person="") == [draft]


@pytest.mark.parametrize("role", KEEPERS)
def test_a_draft_is_begun(cast: Cast, node: Node, role: str) -> None:
    """With a title and a language; its writer is its author, and the questions have a name in that language."""
    answer = cast.client(role).post(NEW, data={"title": " Mikono  safi ", "language": "sw"})
    (made,) = drafts.drafts(node, person="")
    assert (answer.status_code, answer.headers["Location"]) == (303, page_of(made))
    about = made.body.about
    assert (about.title, about.language, about.author) == ("Mikono safi", "sw", cast.person(role).name)
    assert about.quiz == "Maswali"


def test_a_language_of_its_own_is_written(browser: FlaskClient, node: Node) -> None:
    """One that no page speaks, by its code; what is no code is refused, and the title is still there."""
    wrong = browser.post(NEW, data={"title": "Luedo", "language": "en", "other": "a language"})
    assert (wrong.status_code, "short code" in wrong.text, 'value="Luedo"' in wrong.text) == (400, True, True)
    browser.post(NEW, data={"title": "Luedo", "language": "en", "other": "luo"})
    assert [each.body.about.language for each in drafts.drafts(node, person="")] == ["luo"]


def test_the_list_names_what_is_there(cast: Cast, draft: Draft) -> None:
    """One's own without a name, another's with it."""
    assert "Clean hands" in cast.client("librarian").get("/library/write/").text
    shown = cast.client("steward").get("/library/write/").text
    assert f"<bdi>{cast.person('librarian').name}</bdi>" in shown and "7 parts" in shown


def test_each_kind_of_part_is_added_by_its_form(browser: FlaskClient, node: Node, cast: Cast) -> None:
    """Text, heading, picture, sound and questions; then the page shows them all."""
    made = writing.begun(node, person=cast.person("librarian").id)
    asked = {"text": "Which?", "slot": ["a", "b", "c"], "choice-a": "Soap", "right-a": "yes", "choice-b": "Sand"}
    forms: tuple[tuple[str, Mapping[str, Any]], ...] = (
        ("text", {"text": "Wash."}),
        ("heading", {"text": "Why"}),
        ("picture", {"text": "Hands", "camera": sent(photos.photo(64, 48))}),
        ("sound", {"text": "A song", "file": sent(sounds.wav(), "a.wav")}),
        ("choose", {**asked, "choice-c": " ", "picture-b": sent(photos.photo(60, 40)), "hint": "Bubbles"}),
        ("number", {"text": "How long?", "answers": "20", "tolerance": "2,5"}),
        ("words", {"text": "Before what?", "answers": "eating\r\nfood\r\n"}),
    )
    for kind, fields in forms:
        answer = add(browser, made, kind, **fields)
        assert answer.status_code == 303 and answer.headers["Location"].startswith(page_of(made))
    body = drafts.draft(node, made.id).body
    assert [each.kind for each in body.parts] == [kind for kind, _ in forms]
    choose, number, words = body.questions
    assert [(each.id, each.text, each.is_right) for each in choose.choices] == [
        ("a", "Soap", True),
        ("b", "Sand", False),
    ]
    assert choose.choices[1].picture and (number.tolerance, words.answers) == (2.5, ("eating", "food"))
    shown = browser.get(page_of(made)).text
    for text in ("Wash.", "Why", "A song", "Soap", "How long?", "eating"):
        assert text in shown
    picture = browser.get(f"{page_of(made)}files/{body.lesson[2].file}")
    assert (picture.status_code, picture.mimetype) == (200, "image/jpeg")
    assert browser.get(f"{page_of(made)}files/{'0' * 64}.jpg").status_code == 404


def test_a_link_is_chosen_from_the_shelf(browser: FlaskClient, node: Node, draft: Draft) -> None:
    """Everything but itself; without anything there the form says so."""
    assert "Nothing else stands on the shelf" in browser.get(f"{page_of(draft)}add/link/").text
    other = writing.publish(node, writing.written(node).id)
    assert f'value="{other}"' in browser.get(f"{page_of(draft)}add/link/").text
    add(browser, draft, "link", text="More", target=other)
    assert f'href="/library/{other}/"' in browser.get(f"{page_of(draft)}preview/").text


def test_a_link_to_what_is_gone_is_marked(browser: FlaskClient, node: Node, draft: Draft) -> None:
    """In the draft and before it is published; the form does not quietly choose another work."""
    other = writing.publish(node, writing.written(node).id)
    kept = writing.publish(node, writing.written(node).id)
    add(browser, draft, "link", text="More", target=other)
    link = drafts.draft(node, draft.id).body.lesson[-1]
    assert "no longer on the shelf" not in browser.get(page_of(draft)).text
    library.remove(node, other)
    for address in ("", "preview/"):
        assert "no longer on the shelf" in browser.get(page_of(draft) + address).text
    form = browser.get(f"{page_of(draft)}part/{link.id}/").text
    assert '<option value="">Choose one<' in form and f'value="{kept}"' in form
    refused = browser.post(f"{page_of(draft)}part/{link.id}/", data={"text": "More", "target": ""})
    assert (refused.status_code, drafts.draft(node, draft.id).body.part(link.id)) == (400, link)


@pytest.mark.parametrize(("typed", "read"), [("2,5", 2.5), ("٢٫٥", 2.5), ("१.५", 1.5), ("", 0.0), ("1/4", 0.25)])
def test_how_far_off_is_read_in_any_digits(
    browser: FlaskClient, node: Node, draft: Draft, typed: str, read: float
) -> None:
    """As somebody's phone writes them; the answer too."""
    add(browser, draft, "number", text="How long?", answers="٢٠", tolerance=typed)
    made = drafts.draft(node, draft.id).body.questions[-1]
    assert (made.tolerance, made.answers) == (read, ("٢٠",))


def test_how_far_off_that_cannot_be_read_is_shown_again(browser: FlaskClient, draft: Draft) -> None:
    """What reads in two ways is not guessed."""
    answer = add(browser, draft, "number", text="How long?", answers="20", tolerance="1,500")
    assert (answer.status_code, 'value="1,500"' in answer.text, "How far off" in answer.text) == (400, True, True)


def test_a_part_is_changed_in_its_own_form(browser: FlaskClient, node: Node, draft: Draft) -> None:
    """The form holds what stands there; a picture stays until another one is sent; an answer keeps its id."""
    picture, question = draft.body.lesson[1], draft.body.questions[0]
    form = browser.get(f"{page_of(draft)}part/{picture.id}/").text
    assert 'value="Two hands"' in form and f'name="held" value="{picture.file}"' in form
    browser.post(f"{page_of(draft)}part/{picture.id}/", data={"text": "Both hands", "held": picture.file})
    fields = {"text": "What?", "slot": ["b", "x1"], "choice-b": "Sand", "choice-x1": "Soap", "right-x1": "yes"}
    answer = browser.post(f"{page_of(draft)}part/{question.id}/", data=fields)
    body = drafts.draft(node, draft.id).body
    assert answer.headers["Location"].endswith(f"#p-{question.id}")
    assert (body.lesson[1].text, body.lesson[1].file) == ("Both hands", picture.file)
    assert body.questions[0].choices == (Choice("b", "Sand"), Choice("x1", "Soap", is_right=True))
    assert body.questions[0].id == question.id


def test_a_text_that_is_too_long_is_told_and_never_cut(browser: FlaskClient, draft: Draft) -> None:
    """A browser cuts what is pasted into a field with a limit, and says nothing: so the field has none."""
    place, long = f"/library/write/{draft.id}/add/text/", "The well. " * 500
    field = browser.get(place).text.partition("<textarea")[2].partition(">")[0]
    assert "required" in field and "maxlength" not in field
    answer = browser.post(place, data={"text": long})
    assert answer.status_code == 400 and "fit here" in answer.text and long in answer.text


def test_a_refused_form_keeps_what_was_typed_and_sent(browser: FlaskClient, node: Node, draft: Draft) -> None:
    """The photo needs not be taken again, nor the question be typed again."""
    answer = add(browser, draft, "picture", text=" ", camera=sent(photos.photo(60, 40)))
    held = media.keep_picture(node, photos.photo(60, 40))
    assert (answer.status_code, "no words yet" in answer.text, held in answer.text) == (400, True, True)
    add(browser, draft, "picture", text="Hands", held=held)
    assert drafts.draft(node, draft.id).body.lesson[-1].file == held
    fields = {"text": "Which <one>?", "slot": ["a", "b"], "choice-a": "Ash", "choice-b": "Sand"}
    again = add(browser, draft, "choose", **fields).text
    assert "No answer is marked as right" in again and "Which &lt;one&gt;?" in again and 'value="Ash"' in again


@pytest.mark.parametrize(
    ("kind", "fields", "why"),
    [
        ("picture", {"text": "x", "camera": sent(b"%PDF")}, "no picture that phones show"),
        ("picture", {"text": "x", "held": "../../keys/cookies"}, "No file was chosen"),
        ("sound", {"text": "x", "file": sent(b"#!AMR\n")}, "AMR or 3GP"),
        ("number", {"text": "x", "answers": "1", "tolerance": "a bit"}, "How far off"),
        ("link", {"text": "x"}, "Nothing was chosen"),
    ],
)
def test_what_cannot_be_taken_is_said_on_the_form(
    browser: FlaskClient, node: Node, draft: Draft, kind: str, fields: dict[str, Any], why: str
) -> None:
    """One sentence, the form again, the draft as it was."""
    answer = add(browser, draft, kind, **fields)
    assert (answer.status_code, why in answer.text) == (400, True)
    assert drafts.draft(node, draft.id) == draft


def test_an_upload_that_is_cut_changes_nothing(served: Served, node: Node) -> None:
    """Half of a photo over a real line, then silence: what was kept before is there, and no half picture."""
    made = writing.written(node)
    files = sorted((node.home / media.FOLDER).glob("*/*"))
    head = f"POST {page_of(made)}add/picture/ HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    with socket.create_connection(("127.0.0.1", int(served.url.rpartition(":")[2]))) as line:
        line.sendall(f"{head}Content-Length: 90000\r\n\r\n".encode() + photos.photo(64, 48)[:900])
        line.shutdown(socket.SHUT_WR)
        assert line.recv(100).startswith((b"HTTP/1.1 4", b""))
    assert drafts.draft(node, made.id) == made
    assert sorted((node.home / media.FOLDER).glob("*/*")) == files


def test_parts_are_moved_removed_and_brought_back(browser: FlaskClient, node: Node, draft: Draft) -> None:
    """Plain buttons; the page offers what was taken out last."""
    first, second = draft.body.lesson[:2]
    browser.post(f"{page_of(draft)}part/{second.id}/move/", data={"way": "up"})
    assert drafts.draft(node, draft.id).body.lesson[:2] == (second, first)
    browser.post(f"{page_of(draft)}part/{first.id}/remove/")
    shown = browser.get(page_of(draft)).text
    assert "A part was taken out" in shown and f"part/{first.id}/back/" in shown
    browser.post(f"{page_of(draft)}part/{first.id}/back/")
    assert drafts.draft(node, draft.id).body.lesson[:2] == (second, first)


def test_a_draft_is_described(browser: FlaskClient, node: Node, draft: Draft) -> None:
    """Title, what one can do, for whom, whose name, and what others may do."""
    fields = {**vars(draft.body.about), "title": "Hands", "able": "I wash.", "level": "beginner", "licence": ""}
    assert browser.post(f"{page_of(draft)}about/", data=fields).status_code == 303
    about = drafts.draft(node, draft.id).body.about
    assert (about.title, about.able, about.level, about.licence) == ("Hands", "I wash.", "beginner", "")
    wrong = browser.post(f"{page_of(draft)}about/", data={**fields, "title": " "})
    assert (wrong.status_code, "A title has" in wrong.text, "I wash." in wrong.text) == (400, True, True)


def test_a_draft_is_deleted_after_a_second_look(browser: FlaskClient, node: Node, draft: Draft) -> None:
    """The first page only asks."""
    assert "go for good" in browser.get(f"{page_of(draft)}delete/").text
    assert drafts.drafts(node, person="") == [draft]
    assert browser.post(f"{page_of(draft)}delete/").headers["Location"] == "/library/write/"
    assert browser.get(page_of(draft)).status_code == 404


@pytest.mark.parametrize("tail", ["add/film/", "part/nothing/"])
def test_what_is_not_there_is_404(browser: FlaskClient, draft: Draft, tail: str) -> None:
    """A kind that nobody writes, a part that is gone."""
    for answer in (browser.get(page_of(draft) + tail), browser.post(page_of(draft) + tail, data={"text": "x"})):
        assert answer.status_code == 404
