"""What the demo's people decide together: an objection, two decided, one to be looked at again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hub.demo.days import DAY_MS, HOUR_MS
from hub.governance import adopting, ballots, proposals, rounds
from hub.governance.ballots import Counted
from hub.governance.proposals import Amendment, Way, Words
from hub.governance.rounds import Speech
from hub.governance.standing import Proposal
from hub.governance.tally import AS_IT_IS, DOTS, DOTS_EACH
from hub.node import Node
from hub.people import roster
from hub.people.roster import Person
from hub.tables.governance import ANSWER, CONSENT, QUESTION, REACTION

At = Callable[[int], Node]
"""The hub as it was at a moment (ms since 1970)."""

STEWARD, EVENING = "Mama Zawadi", 17
LANGUAGE = "en"
DUE_DAYS, KEPT_DAYS, MARKET_DAYS, OPEN_DAYS = 100, 40, 25, 6
"""How many days ago each was opened; the first is looked at again after three months, so its day has come."""

TURNS = Words(
    "Ten minutes each on the tablets",
    "Two tablets are for everybody. Each has ten minutes, then the next one. The sand glass stands beside them.",
    "river",
    LANGUAGE,
)
TURNS_AMENDED = (
    "Two tablets are for everybody. Each has ten minutes, then the next one. Whoever is in the middle of a quiz may"
    " end it. The sand glass stands beside them."
)
SATURDAY = Words(
    "Open on Saturday mornings",
    "The library opens on Saturdays from eight to eleven. Lucía has the key, and two parents come with her each time.",
    "sun",
    LANGUAGE,
)
LIGHT = Words(
    "A lamp for the evening workshop",
    "We buy a solar lamp from the repair money. It hangs in the workshop. Joseph takes care of it.",
    "lamp",
    LANGUAGE,
)


MARKET = Words(
    "The day of market class",
    "Market class is once a week, before people go to sell. On which day do we meet?",
    "market",
    LANGUAGE,
    way=Way(DOTS, ("On Monday", "On Thursday", "On Saturday")),
)
BEANS = {AS_IT_IS: 2, 1: 5, 2: 14, 3: 6}
"""Beans in the cups of a meeting of nine, three a person."""


@dataclass(frozen=True)
class Story:
    """One proposal as it goes on: the hub's people by name, and the hub at a day."""

    people: dict[str, Person]
    at: Callable[[int], Node]

    def open(self, words: Words, *, ago: int, proposer: str = STEWARD) -> Proposal:
        """Mama Zawadi opens it for somebody."""
        typist, whose = self.people[STEWARD], self.people[proposer].id
        return proposals.open_proposal(self.at(ago), actor=typist, words=words, proposer=whose)

    def round(self, found: Proposal, *, ago: int) -> Proposal:
        """The consent round begins."""
        return proposals.move(self.at(ago), actor=self.people[STEWARD], proposal=found.id, step=CONSENT)

    def say(self, found: Proposal, sort: str, name: str, text: str, *, ago: int, about: str = "") -> Proposal:
        """Somebody asks, answers or reacts."""
        return rounds.remark(self.at(ago), proposal=found.id, sort=sort, speech=self._speech(name, text), about=about)

    def consent(self, found: Proposal, *names: str, ago: int, text: str = "") -> Proposal:
        """Some consent, with the same concern or none."""
        for name in names:
            found = rounds.consent(
                self.at(ago), proposal=found.id, version=found.version.id, speech=self._speech(name, text)
            )
        return found

    def object(self, found: Proposal, name: str, text: str, *, ago: int) -> Proposal:
        """Somebody objects."""
        speech = self._speech(name, text)
        return rounds.object_to(self.at(ago), proposal=found.id, version=found.version.id, speech=speech)

    def amend(self, found: Proposal, text: str, *, ago: int) -> Proposal:
        """Mama Zawadi amends it, which answers every objection."""
        answers = [each.id for each in found.open_objections]
        steward = self.people[STEWARD]
        amendment = Amendment(found.version.id, text, integrates=answers)
        return proposals.amend(self.at(ago), actor=steward, proposal=found.id, amendment=amendment)

    def adopt(self, found: Proposal, *, ago: int, months: int) -> Proposal:
        """The round is closed."""
        steward = self.people[STEWARD]
        return adopting.adopt(self.at(ago), actor=steward, proposal=found.id, version=found.version.id, months=months)

    def count(self, found: Proposal, beans: Mapping[int, int], *, ago: int) -> Proposal:
        """Beans are counted in a room, seen by Lucía and Fatou."""
        saw = [self.people[name].id for name in ("Lucía", "Fatou")]
        counted = Counted("beans", sum(beans.values()) // DOTS_EACH, beans, saw)
        sent = {"proposal": found.id, "version": found.version.id}
        return ballots.count(self.at(ago), actor=self.people[STEWARD], counted=counted, **sent)

    def _speech(self, name: str, text: str) -> Speech:
        one = self.people[name]
        return Speech(one, one.id, text, LANGUAGE)


def decide(node: Node, people: dict[str, str], at: At) -> None:
    """Tell the four stories. Only inside `node.write`."""
    today_ms = node.clock.now_ms() // DAY_MS * DAY_MS
    found = {name: roster.person(node, person) for name, person in people.items()}
    story = Story(found, lambda ago: at(today_ms - ago * DAY_MS + EVENING * HOUR_MS))
    _turns(story)
    _saturday(story)
    _market(story)
    _light(story)


def _turns(story: Story) -> None:
    """Decided after an amendment; its day of review has come."""
    found = story.round(story.open(TURNS, ago=DUE_DAYS, proposer="Lucía"), ago=DUE_DAYS - 1)
    found = story.object(found, "Mr. Otieno", "A child in the middle of a quiz is stopped.", ago=DUE_DAYS - 1)
    found = story.amend(found, TURNS_AMENDED, ago=DUE_DAYS - 2)
    found = story.consent(found, "Mr. Otieno", "Lucía", "Fatou", STEWARD, ago=DUE_DAYS - 2)
    found = story.consent(found, "Awa", ago=DUE_DAYS - 2, text="At the end of the day many wait; look at it then.")
    story.adopt(found, ago=DUE_DAYS - 3, months=3)


def _saturday(story: Story) -> None:
    """Decided without an objection, for a year."""
    found = story.round(story.open(SATURDAY, ago=KEPT_DAYS), ago=KEPT_DAYS - 1)
    found = story.consent(found, "Lucía", "Fatou", "Abena", STEWARD, "Mzee Baako", ago=KEPT_DAYS - 2)
    story.adopt(found, ago=KEPT_DAYS - 3, months=12)


def _market(story: Story) -> None:
    """Decided by dots: beans laid into cups at a meeting."""
    found = story.round(story.open(MARKET, ago=MARKET_DAYS, proposer="Abena"), ago=MARKET_DAYS - 1)
    found = story.count(found, BEANS, ago=MARKET_DAYS - 2)
    story.adopt(found, ago=MARKET_DAYS - 2, months=6)


def _light(story: Story) -> None:
    """In its consent round, with an objection that waits for an answer."""
    found = story.open(LIGHT, ago=OPEN_DAYS, proposer="Joseph")
    found = story.say(found, QUESTION, "Grace", "What does the lamp cost?", ago=OPEN_DAYS)
    asked = found.remarks[0].id
    found = story.say(
        found, ANSWER, "Joseph", "As much as three repaired phones bring.", ago=OPEN_DAYS - 1, about=asked
    )
    found = story.round(found, ago=OPEN_DAYS - 2)
    found = story.say(found, REACTION, "Rosa", "Good: my eyes get tired in the evening.", ago=OPEN_DAYS - 2)
    found = story.consent(found, "Joseph", "Grace", "Rosa", ago=OPEN_DAYS - 3)
    reason = "The repair money was meant for tools. Then nobody can mend anything in the rains."
    story.object(found, "Yusuf", reason, ago=OPEN_DAYS - 3)
