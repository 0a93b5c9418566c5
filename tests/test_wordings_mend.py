"""Mending a wording: every page says it at once, in every process; it is taken back as easily, and kept for good."""

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask_babel import force_locale, gettext, ngettext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub import projections, sentences, wordings
from hub.app import create_app
from hub.errors import InputWrong
from hub.node import Node
from hub.sentences import sentence
from hub.wordings import Standing, Text
from tests.fixtures.cast import ROLES, Cast

KEEPERS = ("librarian", "steward")
HOME = "Library"
COUNTED = Text("%(num)s step done", "%(num)s steps done", 2)


def address(text: str, language: str = "en") -> str:
    """Where one text is mended."""
    return f"/wordings/{language}/{wordings.key(text)}/"


@pytest.fixture
def mended(node: Node) -> Callable[..., bool]:
    """A function that mends a text of one form."""
    return lambda text, form, language="en": wordings.mend(node, language=language, text=Text(text), forms=[form])


@pytest.mark.parametrize("role", KEEPERS)
def test_a_keeper_says_it_in_other_words(cast: Cast, role: str) -> None:
    """The next page of everybody says it so, also the sentences of services and of English itself."""
    client = cast.client(role)
    assert client.post(address(HOME), data={"form0": "Our  books"}).status_code == 303
    assert "<span>Our books</span>" in cast.client("learner").get("/").get_data(as_text=True)
    pattern = "Nobody here is known by this address. Look in the list of people."
    client.post(address(pattern), data={"form0": "Never heard of."})
    assert "Never heard of." in client.get("/people/00000000-0000-4000-8000-000000000000/").get_data(as_text=True)


@pytest.mark.parametrize("role", [role for role in ROLES if role not in KEEPERS])
def test_nobody_else_reads_or_changes_them(cast: Cast, node: Node, role: str) -> None:
    """Whoever looks after neither people nor shelf is refused everywhere, and nothing was changed."""
    client = cast.client(role)
    for path in ("/wordings/", address(HOME), "/wordings/fr.po"):
        assert client.get(path).status_code in (303, 403)
    for path in (address(HOME), f"{address(HOME)}back/", "/wordings/here/"):
        assert client.post(path, data={"form0": "X", "mending": "yes"}).status_code == 403
    assert wordings.standing(node, Standing(None, {})).texts == {}
    assert "wordings" not in client.get("/").get_data(as_text=True)


def test_it_is_taken_back(cast: Cast, node: Node) -> None:
    """The program's own words stand again; twice is once."""
    client = cast.client("librarian")
    client.post(address(HOME), data={"form0": "Books"})
    for _ in range(2):
        assert client.post(f"{address(HOME)}back/").status_code == 303
    assert wordings.standing(node, Standing(None, {})).texts == {}
    assert "<span>Library</span>" in client.get("/").get_data(as_text=True)


def test_one_language_is_mended_and_no_other(app: Flask, mended: Callable[..., bool]) -> None:
    """Each language has its own words for a text."""
    mended(HOME, "Livres", "fr")
    with app.test_request_context():
        assert gettext(HOME) == HOME
        with force_locale("fr"):
            assert gettext(HOME) == "Livres"
            assert sentences.speak(sentence(HOME)) == "Livres"


def test_each_form_of_what_is_counted_is_mended(app: Flask, node: Node) -> None:
    """By the rule of the language: Arabic has six forms, and says the first two without a number."""
    forms = ["لا خطوات", "خطوة", "خطوتان", "%(num)s خطوات", "%(num)s خطوة", "%(num)s من الخطوات"]
    wordings.mend(node, language="ar", text=Text(COUNTED.one, COUNTED.many, 6), forms=forms)
    with app.test_request_context(), force_locale("ar"):
        said = [ngettext(COUNTED.one, COUNTED.many, number) for number in (0, 1, 2, 3, 11, 100)]
    assert said == ["لا خطوات", "خطوة", "خطوتان", "٣ خطوات", "١١ خطوة", "١٠٠ من الخطوات"]


WRONG = {
    "nothing": (Text("Home"), [""]),
    "only spaces": (Text("Home"), [" \n "]),
    "too long": (Text("Home"), ["a" * 60]),
    "a tag": (Text("Home"), ["<b>Home</b>"]),
    "half a tag": (Text("Home"), ["Home<"]),
    "an entity": (Text("Home"), ["Home&lt;"]),
    "a hidden sign": (Text("Home"), ["Ho\u202eme"]),
    "a NUL": (Text("Home"), ["Ho\0me"]),
    "a value too many": (Text("Home"), ["Home %(name)s"]),
    "a value too few": (Text("Hello, %(name)s"), ["Hello"]),
    "another value": (Text("Hello, %(name)s"), ["Hello, %(nom)s"]),
    "a value twice": (Text("Hello, %(name)s"), ["Hello, %(name)s %(name)s"]),
    "a broken value": (Text("Hello, %(name)s"), ["Hello, %(name)s %(x"]),
    "a lone sign": (Text("Hello, %(name)s"), ["100% %(name)s"]),
    "a position": (Text("Hello, %(name)s"), ["%s %(name)s"]),
    "too few forms": (COUNTED, ["%(num)s step"]),
    "too many forms": (Text("Home"), ["A", "B"]),
    "another value in a form": (COUNTED, ["%(num)s step", "%(count)s steps"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_would_break_a_page_is_refused(node: Node, case: str) -> None:
    """One sentence says why, and nothing was changed."""
    text, forms = WRONG[case]
    with pytest.raises(InputWrong, match="Nothing was changed"):
        wordings.mend(node, language="en", text=text, forms=forms)
    assert wordings.standing(node, Standing(None, {})).texts == {}


@pytest.mark.parametrize(
    ("english", "form", "why"),
    [("Home", "100%", "The sign %"), ("Home", "100%%", "The sign %"), ("Hello, %(name)s", "Hello", "fills in")],
)
def test_a_percent_sign_is_told_apart_from_a_value(node: Node, english: str, form: str, why: str) -> None:
    """Nobody is asked for the values of a text that has none because they wrote a percent sign."""
    with pytest.raises(InputWrong, match=why):
        wordings.mend(node, language="en", text=Text(english), forms=[form])


def test_a_refused_form_comes_back_with_what_was_typed(cast: Cast) -> None:
    """400, the reason at its head, and the words still there."""
    answer = cast.client("librarian").post(address(HOME), data={"form0": "<i>Books</i>"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "&lt;i&gt;Books&lt;/i&gt;" in html
    assert 'role="alert"' in html


def test_a_text_or_language_that_is_not_is_404(cast: Cast) -> None:
    """Reading and writing."""
    client = cast.client("librarian")
    for path in (address("no such text"), address(HOME, "xx"), "/wordings/xx.po", "/wordings/?language=xx"):
        assert client.get(path).status_code == 404
    assert client.post(address("no such text"), data={"form0": "x"}).status_code == 404


LENIENT = settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])


@LENIENT
@given(form=st.text(alphabet="abcé نم%()<>&\"'\\{}sd#;\u200d0", max_size=40))
def test_whatever_was_taken_can_stand_on_a_page(node: Node, app: Flask, form: str) -> None:
    """It is filled in without a mistake, in a page and in a sentence, and never becomes markup or ends an attribute."""
    text = Text("Hello, %(name)s")
    try:
        wordings.mend(node, language="en", text=text, forms=[f"{form} %(name)s"])
    except InputWrong:
        return
    template = app.jinja_env.from_string("{{ _('Hello, %(name)s', name='<x>') }}")
    with app.test_request_context():
        said, shown = gettext(text.one, name="N"), template.render()
    assert said.endswith("N")
    assert not {"<", ">", '"'} & set(shown)


def others(node: Node) -> Iterator[Flask]:
    """Two more applications over the same records, as other processes have."""
    for _ in range(2):
        yield create_app(node)


def test_another_process_says_it_with_the_next_page(node: Node, mended: Callable[..., bool]) -> None:
    """Also a second change, and taking it back; a page that was begun ends as it began."""
    apps = list(others(node))
    for form in ("One", "Two"):
        mended(HOME, form)
        for each in apps:
            with each.test_request_context():
                assert gettext(HOME) == form
    with apps[0].test_request_context():
        assert gettext(HOME) == "Two"
        wordings.take_back(node, language="en", text=HOME)
        assert gettext(HOME) == "Two"
    for each in apps:
        with each.test_request_context():
            assert gettext(HOME) == HOME


def test_threads_say_what_stands_while_it_changes(node: Node, app: Flask, mended: Callable[..., bool]) -> None:
    """Each page says either the old or the new words, and all say the last ones in the end."""
    allowed, wrong = {HOME, *(f"Words {number}" for number in range(10))}, []
    going = threading.Event()
    going.set()

    def read() -> None:
        while going.is_set():
            with app.test_request_context():
                if (said := gettext(HOME)) not in allowed:
                    wrong.append(said)
        node.database.close()

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(10):
        mended(HOME, f"Words {number}")
    going.clear()
    for thread in threads:
        thread.join()
    with app.test_request_context():
        assert (gettext(HOME), wrong) == ("Words 9", [])


def test_what_was_mended_is_rebuilt_and_stays_here(node: Node, mended: Callable[..., bool]) -> None:
    """It is a fact of the journal, in the stream that never leaves; the tables come back byte for byte."""
    mended(HOME, "Books")
    before = projections.fingerprint(node.tables)
    node.write(lambda: projections.rebuild(node.tables, node.journal.replay()))
    assert projections.fingerprint(node.tables) == before
    assert wordings.standing(node, Standing(None, {})).texts == {"en": {HOME: ("Books",)}}
    assert {placed.audience for placed in node.journal.replay() if placed.entry.kind == wordings.KIND} == {"local"}


def test_saying_the_same_again_writes_nothing(node: Node, mended: Callable[..., bool]) -> None:
    """A form sent twice leaves one entry."""
    assert mended(HOME, "Books")
    assert not mended(HOME, " Books ")
    assert sum(placed.entry.kind == wordings.KIND for placed in node.journal.replay()) == 1
