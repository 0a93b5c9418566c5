"""The learner's pages: open, read, answer, end; for guests too, with nothing kept; without script throughout."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from hub import library
from hub.app import create_app
from hub.learning import Opened
from hub.node import Node
from tests.fixtures import packages
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.learning import PACKAGE

Market = Callable[[str], Opened]
QUIZ = f"/learn/{PACKAGE}/quiz/"
RIGHT = {
    "one": {"answer": "mango"},
    "many": {"answer": ["a", "c"]},
    "sum": {"answer": "5"},
    "word": {"answer": "Thank you"},
    "row": {"place-ask": "1", "place-pay": "2", "place-go": "3"},
    "pair": {"left-fish": "basket", "left-milk": "jug"},
}
"""What a form sends for the right answer."""
MADE_UP = (
    "?so=xyz",
    "?so=" + "9" * 900,
    "answered/",
    "answered/?attempt=gone",
    "answered/?question=gone&answer=x",
    "answered/?question=pair&so=99999&answer=x%3Dy&answer=zz",
    "end/",
    "end/?so=9",
)


def _hidden(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))


def _onward(page: str) -> str:
    """Where the big button leads."""
    return str(re.findall(r'class="main-action onward" href="([^"]+)"', page)[0].replace("&amp;", "&"))


def _at_question(client: FlaskClient, number: int) -> str:
    """The address of a later question, with those before it answered right."""
    address = QUIZ
    for _ in range(number - 1):
        address = _onward(_send(client, address))
    return address


def _send(client: FlaskClient, address: str = QUIZ, **more: object) -> str:
    """Answer the question that is open; returns the page that follows."""
    form = _hidden(client.get(address).text)
    given = RIGHT[form["question"]] | more
    answer = client.post(f"{QUIZ}answer/", data={**form, **given})
    assert answer.status_code == 303
    return str(client.get(answer.location).text)


@pytest.mark.parametrize("role", ROLES)
def test_everybody_may_open_everything(cast: Cast, market: Market, role: str) -> None:
    """No lock on curiosity, whoever looks."""
    client = cast.client(role)
    for address in ("", *(f"{PACKAGE}/{item}/" for item in ("look", "quiz", "film", "play", "five"))):
        assert client.get(f"/learn/{address}").status_code == 200


def test_where_guests_are_not_welcome_they_are_led_to_sign_in(make_node: Callable[..., Node]) -> None:
    """The hub's setting decides."""
    app = create_app(make_node("closed", guests=False))
    node = app.extensions["node"]
    Cast(node, app)
    answer = app.test_client().get("/learn/")
    assert (answer.status_code, answer.location) == (303, "/people/sign-in/?next=%2Flearn%2F")


def test_a_lesson_shows_its_words_pictures_and_ways_on(cast: Cast, market: Market) -> None:
    """Pictures from the package with their size, links to other items, the big button to the next."""
    page = cast.client("learner").get(f"/learn/{PACKAGE}/look/").text
    assert re.search(r'<img src="/library/market\.en/files/[0-9a-f]{64}/a\.svg" alt="A green square" width="40"', page)
    assert f'href="/learn/{PACKAGE}/quiz/"' in page
    assert re.search(r'On to: </span><bdi lang="en" data-say="[^"]+">What do you see\?</bdi>', page)


def test_finishing_a_lesson_leads_to_the_next_item(cast: Cast, market: Market) -> None:
    """And the last one leads back to the package."""
    client = cast.client("learner")
    assert client.post(f"/learn/{PACKAGE}/look/finish/").location == QUIZ
    assert client.post(f"/learn/{PACKAGE}/five/finish/").location == f"/library/{PACKAGE}/"


def test_a_quiz_goes_from_question_to_question_to_its_end(cast: Cast, market: Market, node: Node) -> None:
    """Every kind of question, by plain forms."""
    client = cast.client("learner")
    for number in range(1, 7):
        assert f"Question {number} of 6" in client.get(QUIZ).text
        assert "Yes, that is right" in _send(client)
    ended = client.get(QUIZ)
    assert (ended.status_code, ended.location) == (303, f"{QUIZ}end/")
    assert "Well done!" in client.get(ended.location).text
    assert node.tables.Answer.select().count() == 6


def test_a_wrong_answer_shows_the_hint_then_the_reason(cast: Cast, market: Market) -> None:
    """First a hint and another try; after that what is right, and why."""
    client = cast.client("learner")
    first = _send(client, answer="shoe")
    assert "try once more" in first
    assert "You can eat it." in first
    assert "grows on a tree" not in first
    assert "You can eat it." in client.get(QUIZ).text
    second = _send(client, answer="shoe")
    assert "A mango grows on a tree." in second
    assert "Question 2 of 6" in client.get(QUIZ).text


@pytest.mark.parametrize("answer", ["mango", "shoe"], ids=["right", "wrong, with a hint to come"])
def test_sending_a_form_twice_changes_nothing(cast: Cast, market: Market, node: Node, answer: str) -> None:
    """The same page follows, whether the answer closes its question or leaves it open for a second try."""
    client = cast.client("learner")
    form = {**_hidden(client.get(QUIZ).text), "answer": answer}
    answers = [client.post(f"{QUIZ}answer/", data=form) for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert node.tables.Answer.select().count() == 1


def test_an_order_that_is_not_whole_is_asked_for_again(cast: Cast, market: Market) -> None:
    """Nothing is kept, and a sentence says what is missing."""
    client = cast.client("learner")
    for _ in range(4):
        _send(client)
    for last in ("1", "", "x", "4"):
        form = _hidden(client.get(QUIZ).text)
        given = {"place-ask": "1", "place-pay": "2", "place-go": last}
        page = client.post(f"{QUIZ}answer/", data={**form, **given}, follow_redirects=True).text
        assert "Question 5 of 6" in page
        assert "its own number" in page


def test_an_answer_that_was_not_taken_wears_no_tick(cast: Cast, market: Market) -> None:
    """The sentence has the tone of a hint, for a guest as for a learner."""
    for role in ("learner", OUTSIDER):
        client = cast.client(role)
        page = client.post(f"{QUIZ}answer/", data=_hidden(client.get(QUIZ).text), follow_redirects=True).text
        (notice,) = re.findall(r'<div class="note notice (.*?)</div>', page)
        assert "tone-warn" in notice and "icon-hint" in notice and "Choose or write an answer first." in notice


@pytest.mark.parametrize("role", ["learner", OUTSIDER])
@pytest.mark.parametrize(
    ("number", "given"),
    [(5, {"place-ask": "1", "place-pay": "1", "place-go": "3"}), (6, {"left-fish": "basket", "left-milk": ""})],
)
def test_what_was_chosen_stays_chosen(
    cast: Cast, market: Market, role: str, number: int, given: dict[str, str]
) -> None:
    """An answer that is not whole comes back with the choices that were made."""
    client = cast.client(role)
    address = _at_question(client, number)
    form = {**_hidden(client.get(address).text), **given}
    page = client.post(f"{QUIZ}answer/", data=form, follow_redirects=True).text
    assert f"Question {number} of 6" in page
    fields = re.findall(r'<select id="[^"]+" name="([^"]+)".*?</select>', page)
    assert set(fields) == set(given)
    assert page.count(" selected>") == len([each for each in given.values() if each])


def test_once_more_begins_again(cast: Cast, market: Market) -> None:
    """With the first question, and what was before stays."""
    client = cast.client("learner")
    for _ in range(6):
        _send(client)
    assert client.post(f"{QUIZ}again/").location == QUIZ
    assert "Question 1 of 6" in client.get(QUIZ).text


def test_a_guest_goes_through_a_quiz_and_nothing_is_kept(cast: Cast, market: Market, node: Node) -> None:
    """How it goes is in the address alone, and the page says so."""
    client, address = cast.client(OUTSIDER), QUIZ
    for number in range(1, 7):
        page = client.get(address).text
        assert f"Question {number} of 6" in page
        assert "nothing of this is kept" in page
        form = _hidden(page)
        heard = client.get(client.post(f"{QUIZ}answer/", data={**form, **RIGHT[form["question"]]}).location).text
        address = _onward(heard)
    assert "Well done!" in client.get(address).text
    assert node.tables.Statement.select().count() == 0


def test_a_guest_s_empty_answer_spends_no_question(cast: Cast, market: Market) -> None:
    """It is asked again, also when the address of an answer without one is typed."""
    client = cast.client(OUTSIDER)
    address = _at_question(client, 2)
    form = {**_hidden(client.get(address).text)}
    assert "Question 2 of 6" in client.post(f"{QUIZ}answer/", data=form, follow_redirects=True).text
    typed = f"{QUIZ}answered/?question=many&so={form['so']}"
    assert "Question 2 of 6" in client.get(typed, follow_redirects=True).text


def test_a_guest_tries_once_more_after_a_hint(cast: Cast, market: Market) -> None:
    """As anybody: the hint, one more try, half a point for it, and then the next question."""
    client = cast.client(OUTSIDER)
    first = _send(client, answer="shoe")
    assert "try once more" in first and "A mango grows on a tree." not in first
    address = _onward(first)
    assert "You can eat it." in client.get(address).text
    second = _send(client, address)
    assert "Yes, that is right" in second
    assert "Question 2 of 6" in client.get(_onward(second)).text
    for _ in range(5):
        second = _send(client, _onward(second))
    end = client.get(_onward(second)).text
    assert "5 of 6 were right the first time." in end
    assert end.count('class="half"') == 1


@pytest.mark.parametrize("role", ["learner", OUTSIDER])
@pytest.mark.parametrize("form", [{}, {"question": "gone"}, {"question": "one", "attempt": "x", "answer": "mango"}])
def test_a_form_that_is_none_of_ours_keeps_nothing(
    cast: Cast, market: Market, node: Node, role: str, form: dict[str, str]
) -> None:
    """A sentence, or back to the question; never a broken page."""
    answer = cast.client(role).post(f"{QUIZ}answer/", data=form, follow_redirects=True)
    assert answer.status_code in (200, 400)
    assert node.tables.Answer.select().count() == 0


@pytest.mark.parametrize("role", ["learner", OUTSIDER])
def test_an_answer_to_a_question_that_is_gone_leads_on(cast: Cast, market: Market, node: Node, role: str) -> None:
    """The quiz got a new version while somebody thought: a sentence, the next question, and what was before stays."""
    client = cast.client(role)
    address = _at_question(client, 2) if role == OUTSIDER else QUIZ
    form = {**_hidden(client.get(address).text), "question": "gone", "answer": "mango"}
    after = client.post(f"{QUIZ}answer/", data=form, follow_redirects=True)
    assert (after.status_code, "This question was changed. Here is the next." in after.text) == (200, True)
    assert _hidden(after.text)["question"] == _hidden(client.get(address).text)["question"]


@pytest.mark.parametrize("role", ["learner", OUTSIDER])
def test_a_made_up_address_leads_somewhere_kind(cast: Cast, market: Market, role: str) -> None:
    """To the question or the end, never to a fault of ours."""
    client = cast.client(role)
    for tail in MADE_UP:
        assert client.get(QUIZ + tail, follow_redirects=True).status_code == 200, tail


def test_what_is_not_on_the_shelf_is_not_found(cast: Cast, market: Market) -> None:
    """404 and our own page."""
    client = cast.client("learner")
    for address in ("gone/quiz/", f"{PACKAGE}/gone/", f"{PACKAGE}/gone/end/", "a/b/answered/"):
        answer = client.get(f"/learn/{address}")
        assert (answer.status_code, "There is nothing here" in answer.text) == (404, True)


def test_words_of_a_quiz_stay_words(cast: Cast, node: Node, tmp_path: Path) -> None:
    """Markup in a package, or in an answer, is shown and not obeyed."""
    place = packages.folder(tmp_path / "well")
    quiz = (place / "try.toml").read_text().replace("What keeps", "<script>alert(1)</script> What keeps")
    (place / "try.toml").write_text(quiz)
    library.add(node, source=place)
    page = cast.client("learner").get("/learn/well.en/try/").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_film_is_left_and_found_again(cast: Cast, market: Market) -> None:
    """The page says where it was left, for the small script to go there."""
    client = cast.client("learner")
    client.get(f"/learn/{PACKAGE}/film/")
    client.post(f"/learn/{PACKAGE}/film/place/", data={"at": "42"})
    assert 'data-place="42"' in client.get(f"/learn/{PACKAGE}/film/").text
    assert "data-place" not in cast.client(OUTSIDER).get(f"/learn/{PACKAGE}/film/").text


def test_a_book_opens_at_the_chapter_where_it_was_left(cast: Cast, node: Node, tmp_path: Path) -> None:
    """Without script: turning the page is a form, and the address of a chapter alone says nothing of who reads."""
    added = library.add(node, source=packages.epub(tmp_path / "goat.epub"))
    manifest = node.shelf.manifest(added.package)
    assert manifest is not None
    address = f"/learn/{added.package}/{manifest.items[0].id}/"
    client = cast.client("learner")
    client.get(address)
    assert "2 of 2" in client.get(f"{address}?chapter=2").text
    assert "1 of 2" in client.get(address).text
    assert client.post(f"{address}place/", data={"at": "2"}).location == f"{address}?chapter=2"
    assert "2 of 2" in client.get(address).text


def test_my_learning_shows_what_is_next_and_what_grows(cast: Cast, market: Market) -> None:
    """After a quiz: the next step, how far the package is, the garden with its answers."""
    client = cast.client("learner")
    for _ in range(6):
        _send(client)
    page = client.get("/learn/").text
    assert f'href="/learn/{PACKAGE}/look/"' in page
    assert "1 of 5" in page
    assert "1 right of the last 1" in page
    assert "I can count what I buy." in page


def test_nobody_sees_another_s_learning(cast: Cast, market: Market) -> None:
    """A neighbour's page has nothing of the learner."""
    client = cast.client("learner")
    attempt = _hidden(client.get(QUIZ).text)["attempt"]
    client.post(f"{QUIZ}answer/", data={"question": "one", "attempt": attempt, "answer": "mango"})
    neighbour = cast.client("neighbour")
    assert "right of the last" not in neighbour.get("/learn/").text
    assert neighbour.get(f"{QUIZ}answered/?attempt={attempt}").location == QUIZ


def test_a_lesson_with_a_mark_before_it_keeps_its_heading(cast: Cast, node: Node, tmp_path: Path) -> None:
    """On its page, and once in what a search shows of it."""
    library.add(node, source=packages.folder(tmp_path / "well", read__md="\ufeff" + packages.LESSON))
    html = cast.client("learner").get("/learn/well.en/read/").text
    assert "# A clean well" not in html
    assert re.search(r"<h1><span [^>]*>A clean well</span>", html)
    (hit,) = [each for each in library.search(node, words="leaves").found.hits if each.item == "read"]
    assert "clean well" not in "".join(part.text for part in hit.snippet)


@pytest.mark.parametrize(("language", "way"), [("ar", "rtl"), ("sw", "ltr"), ("zz", "auto")])
def test_a_question_has_the_direction_of_its_language(
    node: Node, cast: Cast, tmp_path: Path, language: str, way: str
) -> None:
    """Also one of numbers alone, in whose letters nothing says it: 7 − 3 is read the same in everybody's page."""
    library.add(node, source=packages.well(tmp_path / language, work="market", language=language))
    shown = cast.client("learner").get(f"/learn/market.{language}/try/").text
    assert f'<div class="asked" lang="{language}" dir="{way}">' in shown
    assert f'<div class="answers" lang="{language}" dir="{way}">' in shown
