"""A quiz that draws: each sitting asks a few of the pool, on the page, in the records, for guests and on paper."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from hub import learning, library
from hub.errors import InputWrong
from hub.learning import Given, Opened
from hub.node import Node
from hub.takehome import asked
from tests.fixtures.cast import Cast

POOL = "".join(
    f'\n[[question]]\nid = "q{at}"\nkind = "number"\nprompt = "{at} and 1?"\nanswer = ["{at + 1}"]\npool = "sums"\n'
    for at in range(9)
)
QUIZ = f'title = "Sums"\n{POOL}\n[[draw]]\npool = "sums"\ncount = 2\n'
PACKAGE = """id = "sums.en"
work = "sums"
version = 1
title = "Sums"
language = "en"

[[item]]
id = "try"
kind = "quiz"
title = "Sums"
path = "try.toml"
"""
PAGE = "/learn/sums.en/try/"
ASKED = re.compile(r'name="question" value="(\w+)"')
SEED = re.compile(r'name="draw" value="(\w+)"')


@pytest.fixture
def opened(node: Node, tmp_path: Path) -> Opened:
    """The quiz on the shelf."""
    (tmp_path / "sums").mkdir()
    (tmp_path / "sums" / "package.toml").write_text(PACKAGE, encoding="utf-8")
    (tmp_path / "sums" / "try.toml").write_text(QUIZ, encoding="utf-8")
    library.add(node, source=tmp_path / "sums")
    return learning.find(node, package="sums.en", item="try")


def answer(node: Node, opened: Opened, person: str, question: str) -> learning.Taken:
    """A right answer."""
    given = Given(question, (str(int(question[1:]) + 1),), node.new_id())
    return learning.take_answer(node, person=person, opened=opened, given=given)


def drawn(node: Node, opened: Opened, person: str) -> list[str]:
    """What the sitting that is open asks."""
    sitting = learning.open_item(node, person=person, opened=opened)
    return [each.id for each in sitting.asked(learning.quiz(node, opened)).questions]


def test_a_sitting_is_over_when_what_was_drawn_is_answered(node: Node, opened: Opened, cast: Cast) -> None:
    """Two right of two is all right; what was not drawn is not taken, and the next sitting draws again."""
    person = cast.person("learner").id
    seen: set[str] = set()
    for _ in range(6):
        names = drawn(node, opened, person)
        other = next(f"q{at}" for at in range(9) if f"q{at}" not in names)
        with pytest.raises(InputWrong):
            answer(node, opened, person, other)
        first, last = (answer(node, opened, person, name).sitting for name in names)
        assert (first.is_finished, last.is_finished, last.score(learning.quiz(node, opened))) == (False, True, 1.0)
        assert drawn(node, opened, person) == names
        seen |= set(names)
        learning.begin_again(node, person=person, opened=opened)
    assert len(seen) > 2


def test_a_learner_sees_how_many_there_are(opened: Opened, cast: Cast) -> None:
    """Two, one after the other, and the end says two."""
    browser = cast.client("learner")
    assert play(browser, PAGE) == 2
    assert "2 of 2" in browser.get(f"{PAGE}end/").text


def play(browser: FlaskClient, page: str, *, is_guest: bool = False) -> int:
    """Answer everything right from this page on; return how many were asked."""
    for number in range(9):
        shown = browser.get(page).text
        found = ASKED.search(shown)
        if found is None:
            return number
        fields = {"question": found[1], "answer": str(int(found[1][1:]) + 1)}
        for name in ("attempt", "so", "draw"):
            value = re.search(rf'name="{name}" value="([^"]+)"', shown)
            fields |= {name: value[1]} if value else {}
        heard = browser.get(browser.post(f"{PAGE}answer/", data=fields).headers["Location"]).text
        going = re.search(rf'href="({PAGE}[^"]*)"', heard.partition("<main")[2])
        page = going[1].replace("&amp;", "&") if going and is_guest else PAGE
    return 9


def test_a_guest_is_asked_the_same_to_the_end(opened: Opened, cast: Cast) -> None:
    """What was drawn goes along in the address; the next visit draws anew."""
    guest = cast.client("outsider")
    seeds = [SEED.search(guest.get(PAGE).text) for _ in range(2)]
    assert all(seeds) and seeds[0] != seeds[1]
    assert play(guest, PAGE, is_guest=True) == 2
    assert ASKED.search(guest.get(f"{PAGE}?draw=%3Cb%3E").text)


def test_paper_asks_the_same_of_everybody(node: Node, opened: Opened) -> None:
    """A class has one sheet; a pack for home asks what is on it."""
    sheet = [each.id for each in learning.on_paper(node, opened).questions]
    (pack,) = asked.ask(node, opened.manifest, "try").sheets
    assert [each.question for each in pack.slots] == sheet and len(sheet) == 2
