"""docs/vocabulary.md names exactly the words that this hub writes; names lead back to what they were made of."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hub import badges, learning, library, vocabulary
from hub.keys import Ticket
from hub.learning import Given, Opened, cmi5, observations, paper, scorm, watching
from hub.learning.cmi5 import Addresses
from hub.learning.watching import Told
from hub.node import Node
from hub.takehome import copies, returned
from hub.takehome.returned import Found
from hub.vocabulary import Place, activity, agent_key, index_key, person_actor, place
from hub.xapi import signature
from tests.fixtures import cmi5 as cmi5_courses
from tests.fixtures import h5p
from tests.fixtures import scorm as scorm_packages
from tests.fixtures.cast import Cast
from tests.fixtures.demo import Demo
from tests.fixtures.recognition import PAY, badge, give, note

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "vocabulary.md").read_text(encoding="utf-8")
LISTED = set(re.findall(r"^\| `([^`]+)`", PAGE, re.MULTILINE))
NEVER = set(re.findall(r"^\| `([^`]+)` \| never;", PAGE, re.MULTILINE))
"""What the page says that the hub's own pages never write."""
IRI = re.compile(r"https?://(?:adlnet|w3id|id\.tincanapi|activitystrea)[\w./#-]+|urn:mangrove:[\w:.-]+")
WORDS = {*vocabulary.VERBS.values(), *vocabulary.ITEM_TYPES.values()}
NAMES = {value for name, value in vars(vocabulary).items() if name.isupper() and isinstance(value, str)}


def test_the_page_lists_exactly_the_words_of_the_code() -> None:
    """None is missing, none is made up."""
    assert NAMES | WORDS | {signature.USAGE} == LISTED


def test_no_module_has_words_of_its_own() -> None:
    """Whatever the program calls by a name of a registry, or of ours, stands on the page."""
    used = {found for path in (ROOT / "hub").rglob("*.py") for found in IRI.findall(path.read_text(encoding="utf-8"))}
    known = {each for each in LISTED if each.endswith(":")}
    assert {each for each in used if each not in PAGE and not each.startswith(tuple(known))} == set()


def _statements(node: Node) -> Iterator[dict[str, Any]]:
    """Everything in the store that this hub's own pages wrote, as it was kept."""
    for placed in node.journal.replay():
        if placed.entry.kind == "statement":
            yield json.loads(placed.entry.payload)


def _words(value: Any, key: str = "") -> Iterator[str]:
    """The verbs, kinds, extensions, homes of accounts and kept names that a statement is made of."""
    if isinstance(value, dict):
        if key == "extensions":
            yield from value
        for name, each in value.items():
            yield from _words(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from _words(each, key)
    elif key in ("type", "homePage") or (key == "id" and IRI.match(str(value))):
        yield str(value)


def _spoken(node: Node) -> set[str]:
    """Each word once; of a name of ours what stands before the id."""
    prefixes = [each for each in LISTED if each.endswith(":")]
    said = {word for statement in _statements(node) for word in _words(statement)}
    return {next((each for each in prefixes if word.startswith(each)), word) for word in said}


def test_the_demo_holds_no_word_that_is_not_listed(demo: Demo) -> None:
    """Ninety days of a community: lessons, quizzes, papers, notes of a facilitator, badges."""
    spoken = _spoken(demo.node)
    assert spoken - LISTED == set()
    assert {vocabulary.VERBS["scored"], vocabulary.VERBS["earned"], vocabulary.BADGE_TYPE, vocabulary.HOME} <= spoken


def test_each_word_is_written_where_the_page_says(
    node: Node, cast: Cast, market: Callable[[str], Opened], tmp_path: Path
) -> None:
    """A hub on which everything was done once has written all of them, but for those that the page says it never does,
    for the names of whoever else speaks at the door, and for what only it reads."""
    _learn(node, cast, market)
    _work_at_home_and_on_paper(node, cast, market)
    _recognise(node, cast)
    _report(node, cast, tmp_path)
    _play(node, cast, tmp_path)
    _follow(node, cast, tmp_path)
    others = {vocabulary.PSEUDONYMS, vocabulary.KEYS, signature.USAGE}
    assert LISTED - _spoken(node) == NEVER | others
    assert {vocabulary.MOVE_ON_CATEGORY, vocabulary.VERBS["experienced"]} == NEVER


def _learn(node: Node, cast: Cast, market: Callable[[str], Opened]) -> None:
    """Every kind of item is opened, a film played, a page turned, a quiz done with a hint, passed and failed."""
    person, session = cast.person("learner").id, node.new_id()
    for kind in vocabulary.ITEM_TYPES:
        item = replace(market("look").item, kind=kind, id=f"a-{kind}")
        learning.open_item(node, person=person, opened=replace(market("look"), item=item))
    film = market("film")
    registration = learning.open_item(node, person=person, opened=film).registration
    told = [Told(did, session, number, 58.0, length=60.0) for number, did in enumerate(("played", "seeked"), start=1)]
    seen = replace(told[0], did="paused", number=3, parts=((0.0, 58.0),))
    learning.note_place(node, person=person, opened=film, place=2)
    watching.note(node, person=person, opened=film, registration=registration, told=[*told, seen])
    for right in (5, 0):
        learning.begin_again(node, person=person, opened=market("five"))
        for number in range(1, 6):
            given = Given(f"q{number}", (str(number + 1) if number <= right else "0",), node.new_id())
            learning.take_answer(node, person=person, opened=market("five"), given=given)
    for answer in ("shoe", "mango"):
        given = Given("one", (answer,), node.new_id())
        learning.take_answer(node, person=person, opened=market("quiz"), given=given)


def _work_at_home_and_on_paper(node: Node, cast: Cast, market: Callable[[str], Opened]) -> None:
    """A quiz of a class is typed in, and a code from home comes back."""
    rows = paper.read(node, circle=cast.circle.id, typed={cast.person("learner").id: "11011"}, questions=5)
    paper.keep(node, actor=cast.person("facilitator").id, opened=market("five"), form=node.new_id(), rows=rows)
    copy = copies.give(
        node,
        package="market.en",
        item="quiz",
        carrier="paper",
        person=cast.person("learner").id,
        giver=cast.person("facilitator").id,
    )
    chosen = tuple(0 for _ in copy.pack.asked.sheets[0].slots)
    returned.keep(node, found=Found(copy, 0, chosen), actor=cast.person("facilitator"))


def _recognise(node: Node, cast: Cast) -> None:
    """Something is seen, of the shelf and in own words; a badge is given, and one word is taken back."""
    note(node, cast, PAY, sentence="By herself.")
    note(node, cast, words="Reads to her brother")
    give(node, cast, badge(node, cast), sentence="For the afternoon.")
    (award,) = badges.of_person(node, cast.person("learner").id)
    badges.take_back(node, actor=cast.person("steward"), statement=award.statement)
    assert observations.of_person(node, cast.person("learner").id)


def _report(node: Node, cast: Cast, tmp_path: Path) -> None:
    """Content of SCORM 2004 says how far its learner is, and that it is over."""
    added = library.add(node, source=scorm_packages.newer(tmp_path / "river.zip"))
    opened = learning.find(node, package=added.package, item="item-1")
    person = cast.person("learner").id
    sitting = learning.open_item(node, person=person, opened=opened)
    ticket = Ticket(person, opened.activity, sitting.registration, 0)
    turn = scorm.Turn(ticket, scorm.begin(node, person=person, opened=opened))
    report = scorm.Report({"progress_measure": "0.5"}, 1, 1_000, is_end=True, is_left=False)
    assert scorm.keep(node, turn=turn, opened=opened, report=report)


def _play(node: Node, cast: Cast, tmp_path: Path) -> None:
    """H5P content is opened."""
    added = library.add(node, source=h5p.package(tmp_path / "task.h5p"))
    opened = learning.find(node, package=added.package, item="item")
    assert learning.open_item(node, person=cast.person("learner").id, opened=opened)


def _follow(node: Node, cast: Cast, tmp_path: Path) -> None:
    """A part of a cmi5 course is opened, left, and opened again; all of another course wants nothing."""
    person, addresses = cast.person("learner").id, Addresses("http://example.org/", "http://example.org/")
    more = {"moveOn": "Passed", "masteryScore": "0.5"}
    led = cmi5_courses.structure(cmi5_courses.au("one", more="<launchParameters>x</launchParameters>", **more))
    free = cmi5_courses.structure(cmi5_courses.block("free", cmi5_courses.au("one")), name="https://example.org/free")
    for whole in (led, led, free):
        added = library.add(node, source=cmi5_courses.package(tmp_path / "course.zip", whole))
        opened = learning.find(node, package=added.package, item="one")
        cmi5.begin(node, person=person, opened=opened, languages=["en"], addresses=addresses)
        assert not learning.finish(node, person=person, opened=opened).is_finished


@pytest.mark.parametrize("parts", [("market.en",), ("market.en", "quiz"), ("market.en", "quiz", "q1")])
def test_a_name_leads_back_to_its_place(parts: tuple[str, ...]) -> None:
    """Package, item, question."""
    assert place(activity(*parts)) == Place(*parts)


@pytest.mark.parametrize(
    "name",
    ["", "urn:mangrove:activity:", "urn:mangrove:activity:a::b", "urn:mangrove:activity:a:b:c:d", "http://a.org"],
)
def test_another_name_leads_nowhere(name: str) -> None:
    """Not ours, or not whole."""
    assert place(name) is None


def test_equal_agents_have_equal_keys_and_others_never() -> None:
    """A person of the hub is the plain id; nobody else can be spelled like one."""
    ids = ["p1", "~p1", "mailto:p1", "account:urn:mangrove:people|p1"]
    agents = [
        person_actor("p1"),
        {"account": {"homePage": vocabulary.PSEUDONYMS, "name": "p1"}},
        {"mbox": "mailto:p1"},
        {"account": {"homePage": "urn:mangrove:people", "name": "account:urn:mangrove:people|p1"}},
        person_actor("~p1"),
        person_actor("p1@far"),
        {"openid": "http://a.org/p1"},
        {"mbox_sha1sum": "p1"},
        {"objectType": "Group", "member": []},
    ]
    keys = [agent_key(agent) for agent in agents]
    assert keys[:3] == ids[:3]
    assert len(set(keys)) == len(keys)
    assert "p1@far" not in keys
    assert keys[-1] == ""


def test_a_long_name_is_indexed_by_its_hash() -> None:
    """PostgreSQL refuses index rows over 2,700 bytes."""
    assert index_key("ä" * 250) == "ä" * 250
    assert index_key("ä" * 251).startswith("sha256:")
    with pytest.raises(ValueError, match="NUL"):
        index_key("a\0b")
