"""Banks of questions on their pages: plain forms, for keepers of the shelf and whoever writes; others get nothing."""

import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from hub.node import Node
from hub.writing import banks, drafts, parts
from hub.writing.banks import Bank
from tests.fixtures import photos, writing
from tests.fixtures.cast import OUTSIDER, ROLES, Cast

WRITERS = ("librarian", "steward", "facilitator")
OTHERS = tuple(role for role in ROLES if role not in WRITERS)
BANKS = "/library/write/banks/"
GIFT = "Whose? {=Ours ~Theirs}\n\nWhich go together? {=One -> 1 =Two -> 2 =Three -> 3}\n"


@pytest.fixture
def browser(cast: Cast) -> FlaskClient:
    """The librarian's."""
    return cast.client("librarian")


@pytest.fixture
def bank(node: Node, cast: Cast) -> Bank:
    """A bank of the librarian's with three questions."""
    made = banks.begin(node, person=cast.person("librarian").id, title="Hygiene", language="en")
    banks.put(node, made.id, questions=(writing.CHOOSE, writing.NUMBER, writing.WORDS))
    return banks.bank(node, made.id)


def page_of(bank: Bank) -> str:
    """The page of a bank."""
    return f"{BANKS}{bank.id}/"


def now(node: Node, bank: Bank) -> list[str]:
    """What its questions ask."""
    return [each.text for each in banks.bank(node, bank.id).questions]


@pytest.mark.parametrize("role", OTHERS)
def test_others_get_nothing(cast: Cast, node: Node, bank: Bank, role: str) -> None:
    """A guest is led to sign in; no form of theirs changes anything."""
    browser, here, part = cast.client(role), page_of(bank), bank.questions[0].id
    looks = ("", "about/", "add/number/", f"part/{part}/", "file/", "draft/", "delete/", f"files/{'0' * 64}.jpg")
    for address in (BANKS, f"{BANKS}new/", *(here + each for each in looks)):
        assert browser.get(address).status_code == (303 if role == OUTSIDER else 403), address
    acts = ("about/", "add/number/", f"part/{part}/", "take-out/", "back/", "file/", "draft/", "delete/")
    for address in (f"{BANKS}new/", *(here + each for each in acts)):
        assert browser.post(address, data={"title": "x", "text": "x", "q": part}).status_code == 403, address
    assert banks.banks(node) == [bank]


def test_a_facilitator_looks_and_keeps_a_bank_of_their_own(cast: Cast, node: Node, bank: Bank) -> None:
    """What others began is theirs to take from, not to change; a steward changes any."""
    browser, here = cast.client("facilitator"), page_of(bank)
    shown = browser.get(here).text
    assert "What do you need?" in shown and "take-out" not in shown and "add/number" not in shown
    for path in ("about/", "add/number/", "file/", "draft/", "delete/", f"part/{bank.questions[0].id}/"):
        assert browser.get(here + path).status_code == 403, path
    assert browser.post(f"{here}delete/").status_code == 403
    own = browser.post(f"{BANKS}new/", data={"title": "Mine", "language": "en"}).headers["Location"]
    browser.post(f"{own}add/number/", data={"text": "How many?", "answers": "3"})
    assert "How many?" in browser.get(own).text
    assert cast.client("steward").post(f"{own}delete/").status_code == 303
    assert banks.banks(node) == [bank]


def test_a_bank_is_begun_once(browser: FlaskClient, node: Node) -> None:
    """By a form that was sent twice; what is refused is shown with what was typed."""
    shown = browser.get(f"{BANKS}new/").text
    form = re.search(r'name="form" value="([^"]+)"', shown)
    assert form is not None
    for _ in range(2):
        answer = browser.post(f"{BANKS}new/", data={"title": "Water", "language": "sw", "form": form[1]})
    (made,) = banks.banks(node)
    assert (answer.headers["Location"], made.title, made.language) == (page_of(made), "Water", "sw")
    wrong = browser.post(f"{BANKS}new/", data={"title": " ", "language": "en", "other": "luo"})
    assert (wrong.status_code, "A name has" in wrong.text) == (400, True)
    assert "Water" in browser.get(BANKS).text


def test_a_bank_is_renamed(browser: FlaskClient, node: Node, bank: Bank) -> None:
    """Or the form comes again."""
    assert 'value="Hygiene"' in browser.get(f"{page_of(bank)}about/").text
    browser.post(f"{page_of(bank)}about/", data={"title": "Usafi", "other": "sw"})
    assert banks.bank(node, bank.id).title == "Usafi"
    wrong = browser.post(f"{page_of(bank)}about/", data={"title": "Usafi", "language": "no code"})
    assert (wrong.status_code, "short code" in wrong.text) == (400, True)


def test_a_question_is_written_by_the_same_form(browser: FlaskClient, node: Node, bank: Bank) -> None:
    """With its picture; sent twice it is there once, and what cannot be taken is said."""
    form = browser.get(f"{page_of(bank)}add/number/").text
    sent = re.search(r'name="form" value="([^"]+)"', form)
    assert sent is not None and f'action="{page_of(bank)}add/number/"' in form
    for _ in range(2):
        photo = (io.BytesIO(photos.photo(64, 48)), "a.jpg")
        data = {"text": "How far?", "answers": "٥", "form": sent[1], "camera": photo}
        assert browser.post(f"{page_of(bank)}add/number/", data=data).status_code == 303
    assert now(node, bank)[3:] == ["How far?"]
    (made,) = banks.bank(node, bank.id).questions[3:]
    assert browser.get(f"{page_of(bank)}files/{made.file}").mimetype == "image/jpeg"
    wrong = browser.post(f"{page_of(bank)}add/number/", data={"text": "How far?", "answers": "far"})
    assert (wrong.status_code, "plain number" in wrong.text, "How far?" in wrong.text) == (400, True, True)
    assert browser.get(f"{page_of(bank)}add/text/").status_code == 404


def test_a_question_is_changed_in_its_place(browser: FlaskClient, node: Node, bank: Bank) -> None:
    """When somebody else changed it meanwhile, what stands there is shown beside what was typed."""
    number = bank.questions[1]
    address = f"{page_of(bank)}part/{number.id}/"
    assert f'name="seen" value="{parts.mark(number)}"' in browser.get(address).text
    fields = {"text": "How long?", "answers": "20", "seen": parts.mark(number)}
    assert browser.post(address, data=fields).status_code == 303
    late = browser.post(address, data={**fields, "text": "How many?"})
    assert (late.status_code, "What stands there now" in late.text, "How many?" in late.text) == (400, True, True)
    assert now(node, bank)[1] == "How long?"


def test_a_question_that_was_taken_out_meanwhile_is_kept_as_new(browser: FlaskClient, node: Node, bank: Bank) -> None:
    """Nothing that was typed is lost."""
    number = bank.questions[1]
    banks.remove(node, bank.id, ids={number.id})
    answer = browser.post(f"{page_of(bank)}part/{number.id}/", data={"text": "How long?", "answers": "20"})
    assert (answer.status_code, "taken out meanwhile" in answer.text) == (400, True)
    assert f'action="{page_of(bank)}add/number/"' in answer.text and "How long?" in answer.text
    assert browser.get(f"{page_of(bank)}part/nothing/").status_code == 404


def test_questions_are_found_by_a_word(browser: FlaskClient, bank: Bank) -> None:
    """And none is said to be none."""
    shown = browser.get(f"{page_of(bank)}?words=soap").text
    assert "What do you need?" in shown and "How many seconds" not in shown
    assert "0 questions have these words" in browser.get(f"{page_of(bank)}?words=river").text


def test_what_is_ticked_is_taken_out_and_brought_back(browser: FlaskClient, node: Node, bank: Bank) -> None:
    """Together, where it stood; nothing ticked changes nothing."""
    first, _, third = (each.id for each in bank.questions)
    browser.post(f"{page_of(bank)}take-out/", data={"q": [first, third]})
    shown = browser.get(page_of(bank)).text
    assert len(now(node, bank)) == 1 and "2 questions were taken out." in shown
    browser.post(f"{page_of(bank)}take-out/")
    assert "Nothing was ticked" in browser.get(page_of(bank)).text
    browser.post(f"{page_of(bank)}back/")
    assert banks.bank(node, bank.id).questions == bank.questions
    browser.post(f"{page_of(bank)}back/")
    assert "nothing more to bring back" in browser.get(page_of(bank)).text


def test_a_quiz_file_is_taken_and_what_is_not_is_said(browser: FlaskClient, node: Node, bank: Bank) -> None:
    """On the page that it was sent from; the same again brings nothing."""
    assert "4 MB" in browser.get(f"{page_of(bank)}file/").text

    def send(data: bytes, name: str = "a.gift") -> Any:
        return browser.post(f"{page_of(bank)}file/", data={"file": (io.BytesIO(data), name)})

    answer = send(GIFT.encode())
    assert "1 question is in the bank now." in answer.text and "to put in order or to match" in answer.text
    assert now(node, bank)[3:] == ["Whose?"]
    assert "1 was in it already" in send(GIFT.encode()).text
    wrong = send(b"%PDF", "a.pdf")
    assert (wrong.status_code, now(node, bank)[4:]) == (400, [])
    assert browser.post(f"{page_of(bank)}file/").status_code == 400


def test_questions_are_copied_out_of_a_draft(browser: FlaskClient, cast: Cast, node: Node, bank: Bank) -> None:
    """The draft is chosen, then what of it; the draft keeps them."""
    draft = writing.written(node, person=cast.person("librarian").id)
    address = f"{page_of(bank)}draft/"
    assert f"?draft={draft.id}" in browser.get(address).text
    shown = browser.get(f"{address}?draft={draft.id}").text
    number = draft.body.questions[1]
    assert f'value="{number.id}" checked' in shown
    browser.post(address, data={"draft": draft.id, "q": [number.id]})
    assert banks.bank(node, bank.id).questions[3:] == (number,)
    assert drafts.draft(node, draft.id) == draft


def test_a_draft_takes_ticked_questions(browser: FlaskClient, cast: Cast, node: Node, bank: Bank) -> None:
    """The only bank is opened at once; what is in it already is said; nothing ticked is said too."""
    draft = writing.begun(node, person=cast.person("librarian").id)
    address = f"/library/write/{draft.id}/bank/"
    assert f'href="{address}"' in browser.get(f"/library/write/{draft.id}/").text
    shown = browser.get(address).text
    assert "What do you need?" in shown
    first, second, _ = (each.id for each in bank.questions)
    for ids in ([first], [first, second]):
        answer = browser.post(address, data={"bank": bank.id, "q": ids})
        assert answer.headers["Location"] == f"/library/write/{draft.id}/#add-question"
    assert [each.id for each in drafts.draft(node, draft.id).body.questions] == [first, second]
    assert "1 was in it already" in browser.get(f"/library/write/{draft.id}/").text
    assert browser.post(address, data={"bank": bank.id}).status_code == 400
    assert browser.post(address, data={"bank": "gone", "q": [first]}).status_code == 400


def test_a_draft_draws_from_a_bank(browser: FlaskClient, cast: Cast, node: Node, bank: Bank) -> None:
    """So many at each sitting; the preview says it, and a bank that is gone is marked."""
    draft = writing.begun(node, person=cast.person("librarian").id)
    here = f"/library/write/{draft.id}/"
    banks.begin(node, person="p1", title="Other", language="en")
    assert f"?bank={bank.id}" in browser.get(f"{here}bank/").text
    assert "Draw them" in browser.get(f"{here}bank/?bank={bank.id}").text
    wrong = browser.post(f"{here}add/draw/", data={"target": bank.id, "count": "many"})
    assert (wrong.status_code, 'value="many"' in wrong.text) == (400, True)
    ticks = {"target": bank.id, "bank": bank.id, "draw": "1", "q": bank.questions[0].id}
    word = bank.questions[0].text.split()[0]
    again = browser.post(f"{here}bank/?words={word}", data={**ticks, "count": "many"})
    assert (again.status_code, again.text.count(" checked"), 'value="many"' in again.text) == (400, 1, True)
    assert f"bank/?words={word}" in again.text and not drafts.draft(node, draft.id).body.questions
    assert browser.post(f"{here}bank/", data={**ticks, "count": "٢"}).status_code == 303
    (draw,) = drafts.draft(node, draft.id).body.questions
    assert "2 questions of the bank" in browser.get(here).text
    assert f'<option value="{bank.id}" selected' in browser.get(f"{here}part/{draw.id}/").text
    assert "Of the next 3, 2 are asked" in browser.get(f"{here}preview/").text
    assert "1 draft draws" in browser.get(f"{page_of(bank)}delete/").text
    browser.post(f"{page_of(bank)}delete/")
    assert "This bank is gone" in browser.get(here).text and "gone or empty" in browser.get(f"{here}preview/").text
    browser.post(f"{here}publish/")
    assert "gone or empty" in browser.get(here).text


def test_without_a_bank_the_draft_says_so(browser: FlaskClient, cast: Cast, node: Node) -> None:
    """And leads to where one is begun."""
    draft = writing.begun(node, person=cast.person("librarian").id)
    assert f"{BANKS}new/" in browser.get(f"/library/write/{draft.id}/bank/").text
    assert "no bank of questions yet" in browser.get(f"/library/write/{draft.id}/add/draw/").text


def test_a_bank_that_is_gone_is_404(browser: FlaskClient, bank: Bank) -> None:
    """In one sentence."""
    assert browser.get(f"{BANKS}nothing/").status_code == 404
    browser.post(f"{page_of(bank)}delete/")
    assert browser.post(f"{page_of(bank)}take-out/").status_code == 404
