"""Sentences from far below the pages are said in the language of the page."""

import copy
import io

import pytest
from flask import Flask
from flask_babel import force_locale

from content.errors import PackageDamaged, PackageUnknown
from hub import jobs, sentences
from hub.errors import InputWrong, NotAllowed
from hub.node import Node
from hub.sentences import sentence
from hub.worker import HANDLERS, Worker
from tests.fixtures import engines
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.sqlite(engines.WORDS)

FRENCH = {"Accept-Language": "fr"}
SAID = {
    "of ours": (
        InputWrong("A name has 1 to %(most)s letters. Nothing was changed; type the name once more.", most=60),
        "Un nom a de 1 à 60 lettres.",
    ),
    "of the library": (PackageUnknown(package="goat"), "aucun ouvrage nommé goat"),
    "with a reason": (PackageDamaged(package="goat", why="it was cut short"), "goat est abîmé : il a été coupé."),
    "that no catalogue has": (InputWrong("Nobody has translated this."), "Nobody has translated this."),
    "with a sign of percent": (InputWrong("It is 100% wrong."), "It is 100% wrong."),
}


@pytest.mark.parametrize("case", SAID)
def test_a_mistake_is_said_in_the_language_of_the_page(app: Flask, case: str) -> None:
    """Pattern and reason are looked up, and the values filled in; what nobody translated stays English."""
    mistake, french = SAID[case]
    with app.test_request_context(), force_locale("fr"):
        assert french in sentences.speak(sentences.of(mistake))


def test_a_mistake_is_its_english_sentence_everywhere_else() -> None:
    """In the command, in the log and for whoever reads its text."""
    mistake = NotAllowed("%(name)s is not in a circle of yours.", name="Amina")
    assert (str(mistake), sentences.speak(sentences.of(mistake))) == ("Amina is not in a circle of yours.",) * 2


def test_a_sentence_is_kept_and_read_again() -> None:
    """Through a table's text and through a copy, with a sentence among its values."""
    inner = sentence("%(id)s is gone", id="goat")
    whole = sentence("%(at)s: %(why)s, %(count)s times", at="line 2", why=inner, count=3)
    for again in (sentences.unpacked(sentences.packed(whole)), copy.deepcopy(whole)):
        assert isinstance(again, sentences.Sentence)
        assert (again, again.pattern, again.facts) == (whole, whole.pattern, whole.facts)


@pytest.mark.parametrize("text", ["", "plain", "{", '{"pattern": 1}', "[]", "7"])
def test_plain_text_stays_as_it_is(text: str) -> None:
    """Jobs of an older version kept no patterns."""
    assert sentences.unpacked(sentences.packed(text)) == text


def test_a_form_is_refused_in_french(cast: Cast) -> None:
    """The sentence of the roster on the page of somebody who reads French."""
    sent = {"name": "=1", "picture": "goat"}
    shown = cast.client("librarian").post("/people/add/", data=sent, headers=FRENCH).get_data(as_text=True)
    assert "Un nom ne commence pas par un signe de calcul." in shown


def test_a_page_that_is_not_there_says_so_in_french(cast: Cast) -> None:
    """Also where no view caught the mistake."""
    shown = cast.client("librarian").get("/people/circles/nowhere/", headers=FRENCH).get_data(as_text=True)
    assert "Il n’y a pas de cercle à cette adresse." in shown


def test_wrong_rows_are_named_in_french(cast: Cast) -> None:
    """With the place, and only what is wrong."""
    sent = {"file": (io.BytesIO(b"id,name\nk1,\n"), "list.csv")}
    shown = cast.client("librarian").post("/people/lists/", data=sent, headers=FRENCH).get_data(as_text=True)
    assert "<li>list.csv line 2 : Un nom a de 1 à 60 lettres.</li>" in shown


def test_a_job_that_stopped_is_told_in_french(node: Node, cast: Cast) -> None:
    """The worker speaks no language; the page of the job does."""
    client = cast.client("librarian")
    sent = {"file": (io.BytesIO(b"PK\x03\x04 nonsense"), "a.zip")}
    address = client.post("/library/add/", data=sent).headers["Location"]
    Worker(node, HANDLERS).step()
    assert jobs.jobs(node)[0].progress.startswith("a.zip is damaged")
    assert "a.zip est abîmé" in client.get(address, headers=FRENCH).get_data(as_text=True)
