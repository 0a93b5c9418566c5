"""What holds of many words: whatever their order, both hubs say the same, and a no that nobody answered wins."""

import json
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub import projections
from hub.consent import standing
from hub.consent.purposes import ELSEWHERE
from hub.node import LOCAL, Node
from hub.tables.consents import GIVEN
from tests.fixtures import consents

STEPS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["yes", "no", "hear"])), min_size=1, max_size=9)
MEETING = settings(
    deadline=None,
    derandomize=True,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Two:
    """Two hubs on which words are said about one person, and what each of them has heard."""

    def __init__(self, a: Node, b: Node) -> None:
        self.hubs = {"a": a, "b": b}
        self.keeper, self.person = consents.keeper(a), consents.grown_up(a)
        self.heard: dict[str, set[str]] = {"a": set(), "b": set()}
        self.seen: dict[str, tuple[str, set[str]]] = {}

    def say(self, at: str, word: str) -> None:
        """Somebody says a word on a hub; the oracle notes what that hub knew."""
        before = self._ids(at)
        if consents.says(self.hubs[at], self.keeper, self.person, word):
            (fresh,) = self._ids(at) - before
            self.seen[fresh] = (word, set(self.heard[at]))
            self.heard[at].add(fresh)

    def hear(self, at: str) -> None:
        """A hub takes in all words of the other one."""
        here, other = self.hubs[at], self.hubs["b" if at == "a" else "a"]
        found = [
            placed
            for line in other.journal.streams(hub=other.identity.hub_id, audience=LOCAL)
            for placed in other.journal.read(line.stream, limit=10_000)
            if placed.entry.kind == "consent.visit" and json.loads(placed.entry.payload)["person"] == self.person.id
        ]
        here.write(lambda: [projections.project(here.tables, placed) for placed in found])
        self.heard[at] |= {f"{placed.id}/{ELSEWHERE}" for placed in found}

    def holds(self, at: str) -> str:
        """What holds on a hub."""
        return standing.of_person(self.hubs[at], self.person.id)[ELSEWHERE]

    def expected(self) -> bool:
        """Whether a yes holds once both know all: every word that no later speaker knew of is a yes."""
        known = {each for _, seen in self.seen.values() for each in seen}
        return all(word == "yes" for name, (word, _) in self.seen.items() if name not in known)

    def _ids(self, at: str) -> set[str]:
        return {each.id for each in standing.acts(self.hubs[at], [self.person.id])}


@MEETING
@given(steps=STEPS)
def test_both_hubs_end_alike_and_the_restriction_wins(pair: tuple[Node, Node], steps: list[tuple[str, str]]) -> None:
    """Any interleaving of yes, no and hearing of each other, on two hubs; another person each time."""
    two = Two(*pair)
    for at, word in steps:
        if word == "hear":
            two.hear(at)
        else:
            two.say(at, word)
    two.hear("a")
    two.hear("b")
    two.hear("a")
    assert two.holds("a") == two.holds("b")
    assert (two.holds("a") == GIVEN) == (two.expected() and bool(two.seen))


@pytest.fixture
def pair(make_node: Callable[..., Node]) -> tuple[Node, Node]:
    """Two hubs that do not hear of each other by themselves."""
    return make_node("a"), make_node("b")


@pytest.fixture
def two(pair: tuple[Node, Node]) -> Two:
    """Two hubs that have said nothing."""
    return Two(*pair)


def test_a_no_beats_a_yes_that_did_not_know_of_it(two: Two) -> None:
    """Both hubs know a yes; one takes it back while the other says yes once more."""
    two.say("a", "yes")
    two.hear("b")
    two.say("b", "no")
    two.say("a", "no")
    two.say("a", "yes")
    two.hear("a")
    assert two.holds("a") == "withdrawn"


def test_a_yes_that_knows_of_the_no_stands_again(two: Two) -> None:
    """The no came over, and then somebody said yes."""
    two.say("a", "no")
    two.hear("b")
    two.say("b", "yes")
    two.hear("a")
    assert (two.holds("a"), two.holds("b")) == (GIVEN, GIVEN)


def test_who_was_not_asked_has_said_nothing(two: Two) -> None:
    """No word, no answer; and a first no is a refusal."""
    assert two.holds("a") == standing.NOT_ASKED
    two.say("a", "no")
    assert two.holds("a") == "refused"


def test_words_that_replace_each_other_hold_as_the_strictest() -> None:
    """What no honest hub writes leaves no way out of a no."""
    no, yes = _act("1", "withdrawn", "2"), _act("2", "given", "1")
    assert standing.holding([yes, no]) == "withdrawn"


def _act(name: str, answer: str, replaces: str) -> standing.Act:
    blank = dict.fromkeys(("person", "purpose", "said", "assent", "giver", "giver_name", "how", "witness", "card"), "")
    return standing.Act(id=name, answer=answer, at_ms=0, stream="s", seq=1, replaces=frozenset({replaces}), **blank)


@pytest.mark.parametrize(("said", "assent"), [("", "yes"), ("", ""), ("no", "yes"), ("yes", "no")])
def test_a_yes_that_nobody_said_is_none(two: Two, said: str, assent: str) -> None:
    """An entry that calls a child's smile alone, or a no, a yes is set aside; the no that it replaces stands."""
    here = two.hubs["a"]
    two.say("a", "no")
    (before,) = standing.acts(here)
    answer = {"answer": GIVEN, "said": said, "assent": assent, "replaces": [before.id]}
    visit = {"person": two.person.id, "answers": {ELSEWHERE: answer}}
    placed = here.write(lambda: here.record("consent.visit", visit))
    assert two.holds("a") == "refused"
    assert here.tables.Rejected.get_by_id(placed.id).kind == "consent.visit"
