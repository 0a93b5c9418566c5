"""What people say in the rounds: questions and answers, reactions, consent, concerns, objections, hands counted.

Everybody has one voice a version, and the later of two replaces the earlier. A steward may type for somebody in the
room; who typed is kept and shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hub import typed
from hub.errors import InputWrong, NotAllowed, NotFound
from hub.governance import voices
from hub.governance.proposals import STEPS, changed, check_current
from hub.governance.standing import Proposal
from hub.governance.tally import CONSENT_METHOD
from hub.node import Node
from hub.people import roster
from hub.people.roster import Person
from hub.tables.governance import ANSWER, CLARIFYING, CONSENT, QUESTION, REACTION, REACTIONS

REMARKS_MAX = 200
"""Questions, answers and reactions to one proposal."""
OBJECTIONS_MAX = 60
WITNESSES = 2
FROM_STEP = {QUESTION: CLARIFYING, ANSWER: CLARIFYING, REACTION: REACTIONS}
"""What may be said from which round on."""


@dataclass(frozen=True)
class Speech:
    """Who speaks, who types it, in which language, and what: in words, or as the name of a recording, or both."""

    actor: Person
    person: str
    text: str = ""
    language: str = ""
    sound: str = ""

    def checked(self) -> tuple[str, str]:
        """The words and the recording as they are kept. Raises InputWrong when there are neither."""
        sound = typed.clip(self.sound)
        return typed.words(self.text, sound), sound


def remark(node: Node, *, proposal: str, sort: str, speech: Speech, about: str = "") -> Proposal:
    """Ask, answer the question `about`, or react. Said twice in the same words it is kept once.

    Raises NotAllowed, NotFound or InputWrong before anything is written.
    """
    if sort not in FROM_STEP:
        raise InputWrong("One asks, answers or reacts here. Nothing was changed; press a button of the page.")
    text, sound = speech.checked()

    def work(found: Proposal) -> None:
        who = _speaking(node, found, speech)
        _check_step(found, FROM_STEP[sort])
        said = (sort, about, text, sound, speech.person)
        if said in {(each.sort, each.about, each.text, each.sound, each.person) for each in found.remarks}:
            return
        _check_room(len(found.remarks), REMARKS_MAX)
        if sort == ANSWER and about not in {each.id for each in found.remarks if each.sort == QUESTION}:
            raise NotFound("The question is not here. Nothing was changed; look at the proposal once more.")
        facts = {"sort": sort, "about": about, "text": text, "sound": sound}
        _say(node, "proposal.remark", node.new_id(), {**who, **facts})

    return changed(node, proposal, work)


def consent(node: Node, *, proposal: str, version: str, speech: Speech) -> Proposal:
    """Consent to a version, with a concern when something is said; an objection of the same person ends with it.

    Raises NotAllowed, NotFound or InputWrong before anything is written, also when the text has changed meanwhile.
    """
    concern, sound = speech.checked() if speech.text.strip() or speech.sound else ("", "")

    def work(found: Proposal) -> None:
        who = _speaking(node, found, speech)
        _check_step(found, CONSENT)
        check_current(found, version)
        _check_typed(found, who)
        for each in found.open_objections:
            if each.person == speech.person:
                _close(node, each.id, who["typist"])
        seen = " ".join(sorted(each.id for each in found.objections if each.person == speech.person))
        facts = {"version": version, "concern": concern, "sound": sound, "seen": seen}
        said = {(each.person, each.concern, each.sound) for each in found.consenting}
        if (speech.person, concern, sound) not in said:
            _say(node, "proposal.consent", f"{version}/{speech.person}", {**who, **facts})

    return changed(node, proposal, work)


def object_to(node: Node, *, proposal: str, version: str, speech: Speech) -> Proposal:
    """Say why a version is not safe enough to try; what the same person said of it before is replaced.

    Raises NotAllowed, NotFound or InputWrong before anything is written, also when the text has changed meanwhile.
    """
    reason, sound = speech.checked()

    def work(found: Proposal) -> None:
        who = _speaking(node, found, speech)
        _check_step(found, CONSENT)
        check_current(found, version)
        _check_typed(found, who)
        mine = [each for each in found.open_objections if each.person == speech.person]
        if any((each.reason, each.sound, each.version) == (reason, sound, version) for each in mine):
            return
        _check_room(len(found.objections), OBJECTIONS_MAX)
        for each in mine:
            _close(node, each.id, who["typist"])
        facts = {"version": version, "reason": reason, "sound": sound, "is_withdrawn": 0, "closer": ""}
        _say(node, "proposal.objection", node.new_id(), {**who, **facts})

    return changed(node, proposal, work)


def withdraw_objection(node: Node, *, actor: Person, proposal: str, objection: str) -> Proposal:
    """Take an objection back: whoever made it, or a steward for one that was typed in for somebody in the room.

    Safe to repeat. Raises NotAllowed, NotFound or InputWrong.
    """

    def work(found: Proposal) -> None:
        mine = next((each for each in found.objections if each.id == objection), None)
        if mine is None:
            raise NotFound("The objection is not here. Nothing was changed; look at the proposal once more.")
        if actor.id != mine.person and not (mine.typist and voices.keeps(actor)):
            raise NotAllowed("Only whoever objected takes it back. Nothing was changed; talk with them.")
        if not mine.is_withdrawn:
            _close(node, objection, "" if actor.id == mine.person else actor.id)

    return changed(node, proposal, work)


def count_hands(
    node: Node, *, actor: Person, proposal: str, version: str, hands: int, witnesses: Sequence[str]
) -> Proposal:
    """Keep how many hands were up for a version in a room, in place of what was counted before.

    Two people other than the one who types saw it. Raises NotAllowed, NotFound or InputWrong.
    """
    voices.check_keeps(actor)
    saw = sorted(set(witnesses) - {actor.id, ""})
    if len(saw) != WITNESSES:
        raise InputWrong(
            "Two others must have seen the hands. Nothing was changed; name two witnesses beside yourself."
        )

    def work(found: Proposal) -> None:
        _check_hands(hands, len(voices.voices(node, found.circle)))
        for each in saw:
            if not voices.has_voice(node, person=roster.person(node, each), circle=found.circle):
                raise InputWrong("A witness is somebody with a voice in it. Nothing was changed; name another.")
        _check_step(found, CONSENT)
        check_current(found, version)
        if any((one.hands, list(one.witnesses)) == (hands, saw) for one in found.counted):
            return
        for before in found.counted:
            node.change("proposal.hands", before.id, is_counted=0)
        said = {"hands": hands, "witnesses": " ".join(saw), "typist": actor.id, "is_counted": 1}
        _say(node, "proposal.hands", node.new_id(), {"proposal": proposal, "version": version, **said})

    return changed(node, proposal, work)


def _say(node: Node, kind: str, subject: str, facts: dict[str, Any]) -> None:
    node.change(kind, subject, said_ms=node.clock.now_ms(), **facts)


def _speaking(node: Node, found: Proposal, speech: Speech) -> dict[str, Any]:
    """Whose words they are, and who types them. Raises NotAllowed, NotFound or InputWrong."""
    if not speech.person:
        raise InputWrong("It does not say whose words they are. Nothing was changed; choose who says it.")
    typist = voices.check_speaks(node, actor=speech.actor, person=speech.person, circle=found.circle)
    return {"proposal": found.id, "person": speech.person, "typist": typist, "language": speech.language}


def _check_typed(found: Proposal, who: dict[str, Any]) -> None:
    """Nobody types a voice over an objection that somebody made with their own hand."""
    if who["typist"] and any(each.person == who["person"] and not each.typist for each in found.open_objections):
        raise InputWrong("They object with their own hand. Nothing was changed; only they can say otherwise.")


def _check_hands(hands: int, most: int) -> None:
    if not 0 <= hands <= most:
        raise InputWrong(
            "Hands are a number from 0 to %(most)s, as many as have a voice in it. Nothing was changed; count again.",
            most=most,
        )


def _close(node: Node, objection: str, closer: str) -> None:
    node.change("proposal.objection", objection, is_withdrawn=1, closer=closer)


def _check_step(found: Proposal, step: str) -> None:
    if step == CONSENT and found.method != CONSENT_METHOD:
        raise InputWrong("Here it is voted. Nothing was changed; say on the page what you are for.")
    now = CONSENT if found.is_reopened else found.step
    if STEPS.index(now) < STEPS.index(step):
        raise InputWrong("It is not time for that yet. Nothing was changed; a steward says when the next round begins.")


def _check_room(count: int, most: int) -> None:
    if count >= most:
        raise InputWrong("So much was said already that nobody can read more. Nothing was changed; meet and talk.")
