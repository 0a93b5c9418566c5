"""What the demo's people agreed to: some said yes, one took it back, one child did not like it; most were not asked."""

from collections.abc import Callable

from hub.consent import purposes, visits, whose
from hub.consent.purposes import COUNTED, ELSEWHERE
from hub.consent.visits import Evidence, Said
from hub.demo.cast import LOOK_AS
from hub.demo.days import DAY_MS, HOUR_MS
from hub.node import Node
from hub.people import roster

At = Callable[[int], Node]
"""The hub as it was at a moment (ms since 1970)."""

SAID_YES = ("Amina", "Juma", "Kofi", "Esi", "Joseph", "Grace", "Rosa")
"""Who said yes to everything when the librarian asked; children smiled with their guardian."""
TOOK_BACK = "Esi"
"""Whose mother came by on a market day and took one back."""
DISLIKED = "Issa"
"""Who shook his head though his mother said yes."""
ASKED_DAYS, BACK_DAYS = 20, 3


def say(people: dict[str, str], at: At, today_ms: int) -> None:
    """Let them say it, a few weeks and a few days ago. Only inside `node.write`."""
    asked, back = (at(today_ms - ago * DAY_MS + 16 * HOUR_MS) for ago in (ASKED_DAYS, BACK_DAYS))
    card = visits.keep_card(asked, language="en", words=purposes.sentences(asked))
    for name in SAID_YES:
        _say(asked, people, name, {ELSEWHERE: "yes", COUNTED: "yes"}, card)
    _say(asked, people, DISLIKED, {ELSEWHERE: "no"}, card)
    _take_back(back, people, card)


def _say(node: Node, people: dict[str, str], name: str, assents: dict[str, str], card: str) -> None:
    """Somebody says yes to these purposes before the librarian, and a child what it thinks of it."""
    person, librarian = (roster.person(node, people[each]) for each in (name, LOOK_AS["librarian"]))
    is_child = whose.is_child(node, person)
    said = {purpose: Said("yes", assent if is_child else "") for purpose, assent in assents.items()}
    evidence = Evidence(giver=whose.givers(node, person)[0].id, card=card)
    visits.take(node, actor=librarian, person=person, said=said, evidence=evidence)


def _take_back(node: Node, people: dict[str, str], card: str) -> None:
    person, librarian = (roster.person(node, people[each]) for each in (TOOK_BACK, LOOK_AS["librarian"]))
    evidence = Evidence(giver=whose.givers(node, person)[0].id, card=card)
    visits.withdraw(node, actor=librarian, person=person, purpose=ELSEWHERE, evidence=evidence)
