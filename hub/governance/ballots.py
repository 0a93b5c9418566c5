"""Votes: somebody's own ballot, hands, beans or cards counted by option in a room, and lots drawn with dice."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from content.errors import N_
from hub.errors import InputWrong
from hub.governance import voices
from hub.governance.proposals import changed, check_current
from hub.governance.rounds import WITNESSES, Speech
from hub.governance.spoken import unpacked
from hub.governance.standing import Proposal
from hub.governance.tally import (
    AS_IT_IS,
    CONSENT_METHOD,
    DOTS,
    DOTS_EACH,
    LOTTERY,
    MAJORITY,
    QUORUM,
    RESISTANCE,
    RESISTANCE_MAX,
    Tally,
    draws,
    of_version,
    tally,
)
from hub.node import Node
from hub.people import roster
from hub.people.roster import Person
from hub.tables.governance import CONSENT

HANDS, BEANS, CARDS = "hands", "beans", "cards"
SORTS = (HANDS, BEANS, CARDS)
"""What is counted in a room."""
BALLOTS_MAX = 3_000
"""Ballots over one proposal, with those that were replaced."""
DICE = re.compile(r"[1-6]{5,30}")


@dataclass(frozen=True)
class Counted:
    """What a steward counted in a room: how many people, and how many points each option has."""

    sort: str
    people: int
    numbers: Mapping[int, int]
    witnesses: Sequence[str]


def vote(node: Node, *, proposal: str, version: str, speech: Speech, choices: Mapping[int, int]) -> Proposal:
    """Say what one is for, in place of what one said before. Said twice it is kept once.

    Raises NotAllowed, NotFound or InputWrong before anything is written, also when the text has changed meanwhile.
    """

    def work(found: Proposal) -> None:
        typist = voices.check_speaks(node, actor=speech.actor, person=speech.person, circle=found.circle)
        _check_votes(found, version)
        _check_choices(found, choices)
        if found.method == LOTTERY and draws(found):
            raise InputWrong("The lots are drawn already. Nothing was changed; look at who was drawn.")
        mine = [each for each in of_version(found.ballots, found) if each.person == speech.person]
        if typist and any(not each.typist for each in mine):
            raise InputWrong("They voted with their own hand. Nothing was changed; only they can say otherwise.")
        if len(mine) == 1 and mine[0].choices == unpacked(packed(choices)):
            return
        if len(found.ballots) >= BALLOTS_MAX:
            raise InputWrong("More was said already than can be counted. Nothing was changed; count in a room.")
        said = {"choices": packed(choices), "knows": " ".join(sorted(each.id for each in mine))}
        who = {"person": speech.person, "typist": typist}
        _say(node, "proposal.ballot", found, {**said, **who})

    return changed(node, proposal, work)


def count(node: Node, *, actor: Person, proposal: str, version: str, counted: Counted) -> Proposal:
    """Keep what was counted in a room, in place of what was counted before. Two others saw it.

    Raises NotAllowed, NotFound or InputWrong before anything is written.
    """
    voices.check_keeps(actor)
    saw = _seen_by(counted.witnesses, actor)

    def work(found: Proposal) -> None:
        _check_votes(found, version)
        _check_witnesses(node, found, saw)
        _check_counted(node, found, counted)
        facts: dict[str, Any] = {"sort": counted.sort, "people": counted.people, "numbers": packed(counted.numbers)}
        standing = [each for each in found.counts if each.is_counted and each.version == version]
        same = (counted.sort, counted.people, unpacked(facts["numbers"]), tuple(saw))
        if [(each.sort, each.people, each.numbers, each.witnesses) for each in standing] == [same]:
            return
        for before in standing:
            node.change("proposal.count", before.id, is_counted=0)
        told = {"witnesses": " ".join(saw), "typist": actor.id, "is_counted": 1}
        _say(node, "proposal.count", found, {**facts, **told})

    return changed(node, proposal, work)


def draw(node: Node, *, actor: Person, proposal: str, version: str, dice: str, witnesses: Sequence[str]) -> Proposal:
    """Draw lots by dice that were thrown in the room, seen by two others; it is done once.

    Raises NotAllowed, NotFound or InputWrong before anything is written.
    """
    voices.check_keeps(actor)
    saw, seed = _seen_by(witnesses, actor), "".join(dice.split())
    if not DICE.fullmatch(seed):
        raise InputWrong("Throw five dice or more, and type what they show, from 1 to 6. Nothing was changed.")

    def work(found: Proposal) -> None:
        _check_votes(found, version)
        _check_witnesses(node, found, saw)
        if found.method != LOTTERY or not said(node, found).candidates:
            raise InputWrong("Nobody has put a name in yet. Nothing was changed; ask who wishes to be drawn.")
        if len(draws(found)) == 1:
            return
        ballots = sorted(each.id for each in found.ballots if each.version == version)
        knows = sorted(each.id for each in of_version(found.draws, found))
        told = {"witnesses": " ".join(saw), "typist": actor.id}
        _say(node, "proposal.draw", found, {"seed": seed, "seen": " ".join(ballots), "knows": " ".join(knows), **told})

    return changed(node, proposal, work)


def said(node: Node, found: Proposal) -> Tally:
    """What a vote says now, of those who have a voice in it now."""
    return tally(found, {each.id for each in voices.voices(node, found.circle)})


def check_ripe(node: Node, found: Proposal) -> None:
    """Raises InputWrong, with the reason, unless a vote can be closed now."""
    now, total = said(node, found), len(voices.voices(node, found.circle))
    if found.state != CONSENT or not now.heard:
        raise InputWrong("Nobody was heard yet. Nothing was changed; ask everybody first.")
    if now.doubtful:
        names = [roster.person(node, each).name for each in now.doubtful]
        raise InputWrong(
            "Said two things in two places: %(names)s. Nothing was changed; ask them once more.", names=", ".join(names)
        )
    if now.is_twice or now.heard > total:
        raise InputWrong("More were counted than have a voice. Nothing was changed; count in the room once more.")
    if found.method == LOTTERY and not now.chosen:
        raise InputWrong("The lots are not drawn yet. Nothing was changed; throw the dice with two witnesses.")
    if now.heard * QUORUM < total:
        raise InputWrong("Too few were heard: one in three must be. Nothing was changed; ask the others first.")


def packed(choices: Mapping[int, int]) -> str:
    """Points by option as they are kept; options with none are left out."""
    return " ".join(f"{option}:{points}" for option, points in sorted(choices.items()) if points)


def _check_votes(found: Proposal, version: str) -> None:
    if found.method == CONSENT_METHOD:
        raise InputWrong("Here it is decided by consent. Nothing was changed; say yes or no on the page.")
    if found.step != CONSENT and not found.is_reopened:
        raise InputWrong("It is not time for that yet. Nothing was changed; a steward says when the next round begins.")
    check_current(found, version)


def _check_choices(found: Proposal, choices: Mapping[int, int]) -> None:
    """Raises InputWrong unless one ballot can say this."""
    options = {AS_IT_IS} | {each.number for each in found.options}
    given = [points for points in choices.values() if points]
    fits = {
        MAJORITY: given == [1],
        DOTS: 0 < sum(given) <= DOTS_EACH,
        RESISTANCE: set(choices) == options and all(points <= RESISTANCE_MAX for points in given),
        LOTTERY: set(choices) <= {AS_IT_IS} and sum(given) <= 1,
    }
    if not set(choices) <= options or any(points < 0 for points in given) or not fits[found.method]:
        raise InputWrong(BALLOT_WRONG[found.method])


BALLOT_WRONG = {
    MAJORITY: N_("Choose one. Nothing was changed; press one of the options."),
    DOTS: N_("You have three dots. Nothing was changed; lay one, two or three of them."),
    RESISTANCE: N_("Each option needs a face. Nothing was changed; press one beside each."),
    LOTTERY: N_("One puts the own name in, or takes it out. Nothing was changed; press a button of the page."),
}
"""Method → what is said to a ballot that it does not know."""


def _check_counted(node: Node, found: Proposal, counted: Counted) -> None:
    total, numbers = len(voices.voices(node, found.circle)), counted.numbers
    room = total - len({each.person for each in of_version(found.ballots, found)})
    most = {MAJORITY: counted.people, DOTS: DOTS_EACH * counted.people}.get(found.method, 0)
    each_most = RESISTANCE_MAX * counted.people
    is_fitting = sum(numbers.values()) <= most if found.method != RESISTANCE else max(numbers.values()) <= each_most
    options = {AS_IT_IS} | {each.number for each in found.options}
    is_known = counted.sort in SORTS and set(numbers) == options and found.method != LOTTERY
    if not is_known or min(numbers.values()) < 0 or not 0 <= counted.people <= room or not is_fitting:
        raise InputWrong(
            "That is more than %(most)s people can give, as many as have a voice in it and have not voted. Nothing was"
            " changed; count again.",
            most=room,
        )


def _seen_by(witnesses: Sequence[str], actor: Person) -> list[str]:
    saw = sorted(set(witnesses) - {actor.id, ""})
    if len(saw) != WITNESSES:
        raise InputWrong("Two others must have seen it. Nothing was changed; name two witnesses beside yourself.")
    return saw


def _check_witnesses(node: Node, found: Proposal, saw: Sequence[str]) -> None:
    for each in saw:
        if not voices.has_voice(node, person=roster.person(node, each), circle=found.circle):
            raise InputWrong("A witness is somebody with a voice in it. Nothing was changed; name another.")


def _say(node: Node, kind: str, found: Proposal, facts: dict[str, Any]) -> None:
    where: dict[str, Any] = {"proposal": found.id, "version": found.version.id, "said_ms": node.clock.now_ms()}
    node.change(kind, node.new_id(), **where, **facts)
