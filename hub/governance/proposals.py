"""Proposals: opened, moved from round to round, amended, withdrawn."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from hub import typed
from hub.errors import InputWrong, NotFound
from hub.governance import standing, voices
from hub.governance.spoken import Version
from hub.governance.standing import Proposal
from hub.governance.tally import CONSENT_METHOD, LOTTERY, METHODS
from hub.node import Node
from hub.people import circles, roster
from hub.people.pictures import AVATARS, PLACES
from hub.people.roster import Person
from hub.tables.governance import CLARIFYING, CONSENT, REACTIONS

STEPS = (CLARIFYING, REACTIONS, CONSENT)
OPEN_MAX = 40
"""Proposals that are open at once; a community that talks of more decides none."""
VERSIONS_MAX = 30
OPTIONS = range(2, 7)
"""How many things a vote may be between, beside that all stays as it is."""
OPTION_PICTURES = ("mango", "drum", "fish", "sun", "goat", "bicycle")
"""What tells the options apart for whoever does not read: the same on the page, on cards and beside the cups."""
PLACES_DRAWN = range(1, 21)


@dataclass(frozen=True)
class Way:
    """How a proposal is decided: by which method, between which options, and for how many places lots are drawn."""

    method: str = CONSENT_METHOD
    options: tuple[str, ...] = ()
    places: int = 1


BY_CONSENT = Way()


@dataclass(frozen=True)
class Words:
    """What is proposed, as somebody typed it, in a language; or spoken, with or without a photo, by their names."""

    title: str
    text: str
    picture: str = ""
    language: str = ""
    sound: str = ""
    photo: str = ""
    way: Way = BY_CONSENT


def proposal(node: Node, id: str) -> Proposal:  # noqa: A002 - the word of the interface
    """The proposal with this id. Raises NotFound."""
    found = standing.read(node, [id])
    if not found:
        raise NotFound("There is no proposal at this address. Look in the list of decisions.")
    return found[0]


def open_proposal(
    node: Node, *, actor: Person, words: Words, circle: str = "", proposer: str = "", parent: str = ""
) -> Proposal:
    """A new proposal of `proposer`, "" for the steward who types it. The same one sent twice is opened once.

    Raises NotAllowed, NotFound or InputWrong before anything is written.
    """
    voices.check_keeps(actor)
    fitting = checked(words)
    if circle:
        circles.circle(node, circle)
    person = proposer or actor.id
    typist = _check_typist(node, actor=actor, person=person, circle=circle)

    def work() -> str:
        standing_open = [each for each in standing.read(node) if each.is_open]
        for each in standing_open:
            same = (each.title, each.version.text, each.version.sound, each.circle, each.parent)
            if same == (fitting.title, fitting.text, fitting.sound, circle, parent):
                return each.id
        if len(standing_open) >= OPEN_MAX:
            raise InputWrong(
                "%(most)s proposals are open already. Nothing was changed; decide or withdraw one first.", most=OPEN_MAX
            )
        return _open(node, fitting, {"circle": circle, "proposer": person, "typist": typist, "parent": parent})

    return proposal(node, node.write(work))


def _check_typist(node: Node, *, actor: Person, person: str, circle: str) -> str:
    """Who types a proposal in: "" for whoever proposes it themselves. Raises NotFound, or InputWrong."""
    if person == actor.id:
        return ""
    if not voices.has_voice(node, person=roster.person(node, person), circle=circle):
        raise InputWrong(
            "Whoever proposes it must be among those whom it concerns. Nothing was changed; choose another person, or"
            " another circle."
        )
    return actor.id


def _open(node: Node, words: Words, who: dict[str, str]) -> str:
    way, made, now_ms = words.way, node.new_id(), node.clock.now_ms()
    named = {"title": words.title, "language": words.language, "picture": words.picture, "method": way.method}
    facts: dict[str, Any] = {**named, **who, "opened_ms": now_ms, "step": CLARIFYING, "is_withdrawn": 0}
    facts |= {"places": way.places} if way.method == LOTTERY else {}
    node.change("proposal", made, **facts)
    said = {"text": words.text, "sound": words.sound, "photo": words.photo}
    _write(
        node, made, {"number": 1, "author": who["typist"] or who["proposer"], "former": "", "integrates": "", **said}
    )
    for number, text in enumerate(way.options, start=1):
        told: dict[str, Any] = {"number": number, "text": text, "said_ms": now_ms}
        node.change("proposal.option", f"{made}/{number}", proposal=made, picture=OPTION_PICTURES[number - 1], **told)
    return made


def _checked_way(way: Way) -> Way:
    """How it is decided, in the form it is kept in. Raises InputWrong."""
    if way.method not in METHODS:
        raise InputWrong("It cannot be decided so. Nothing was changed; choose a way from the page.")
    if way.method == LOTTERY and way.places not in PLACES_DRAWN:
        raise InputWrong("Lots are drawn for 1 to %(most)s places. Nothing was changed.", most=PLACES_DRAWN[-1])
    options = tuple(dict.fromkeys(typed.title(each) for each in way.options))
    if way.method in (CONSENT_METHOD, LOTTERY):
        options = ()
    elif len(options) not in OPTIONS:
        raise InputWrong("A vote is between 2 and %(most)s options. Nothing was changed.", most=OPTIONS[-1])
    return Way(way.method, options, way.places)


def _write(node: Node, proposal: str, said: dict[str, Any]) -> None:
    """Write a version down."""
    node.change("proposal.version", node.new_id(), proposal=proposal, said_ms=node.clock.now_ms(), **said)


def checked(words: Words) -> Words:
    """What is proposed in the form it is kept in. Raises InputWrong."""
    if words.picture and words.picture not in PLACES and words.picture not in AVATARS:
        raise InputWrong("That picture is not among ours. Nothing was changed; choose one from the page.")
    sound, photo = typed.clip(words.sound), typed.clip(words.photo)
    text = typed.words(words.text, sound, typed.TEXT_MAX)
    return Words(typed.title(words.title), text, words.picture, words.language, sound, photo, _checked_way(words.way))


def move(node: Node, *, actor: Person, proposal: str, step: str) -> Proposal:
    """Go on to a later round; safe to repeat. Raises NotAllowed, NotFound or InputWrong."""
    voices.check_keeps(actor)
    if step not in STEPS:
        raise InputWrong("There is no such round. Nothing was changed; press a button of the page.")

    def work(found: Proposal) -> None:
        if STEPS.index(step) > STEPS.index(found.step):
            node.change("proposal", proposal, step=step)

    return changed(node, proposal, work)


@dataclass(frozen=True)
class Amendment:
    """Another text over `version`, or one spoken, or another photo; it answers the objections in `integrates`."""

    version: str
    text: str = ""
    sound: str = ""
    photo: str = ""
    integrates: Collection[str] = ()


def amend(node: Node, *, actor: Person, proposal: str, amendment: Amendment) -> Proposal:
    """Change the text: a new version, about which all are asked anew. Where nothing is typed the former text stays.

    Raises NotAllowed, NotFound or InputWrong, also when another version has come meanwhile.
    """
    sound, photo = typed.clip(amendment.sound), typed.clip(amendment.photo)
    text = typed.words(amendment.text, sound or photo, typed.TEXT_MAX)

    def work(found: Proposal) -> None:
        voices.check_changes(actor, found)
        former = found.version
        said = {"text": text or former.text, "sound": sound, "photo": photo or former.photo}
        if (former.former, former.author, _said(former)) == (amendment.version, actor.id, said):
            return
        check_current(found, amendment.version)
        if former.text == said["text"] and not sound and not photo:
            raise InputWrong("The text is as it was. Nothing was changed; change a sentence, then send it.")
        if former.number >= VERSIONS_MAX:
            raise InputWrong(
                "It was amended so often that a new proposal is clearer. Nothing was changed; withdraw this one, and"
                " open another."
            )
        answers = " ".join(sorted({each.id for each in found.open_objections} & set(amendment.integrates)))
        place = {"former": former.id, "number": former.number + 1, "integrates": answers, "author": actor.id}
        _write(node, proposal, {**place, **said})

    return changed(node, proposal, work)


def _said(version: Version) -> dict[str, str]:
    return {"text": version.text, "sound": version.sound, "photo": version.photo}


def withdraw(node: Node, *, actor: Person, proposal: str) -> Proposal:
    """Take a proposal back for good, before it is adopted; safe to repeat.

    Raises NotAllowed, NotFound or InputWrong.
    """

    def work() -> None:
        found = _proposal(node, proposal)
        voices.check_changes(actor, found)
        if not found.is_withdrawn:
            check_open(found)
            node.change("proposal", proposal, is_withdrawn=1)

    node.write(work)
    return _proposal(node, proposal)


def changed(node: Node, proposal: str, work: Callable[[Proposal], None]) -> Proposal:
    """Do something to a proposal while nobody else can, and return it as it stands then.

    Raises NotFound, or InputWrong when it is open no more.
    """

    def whole() -> None:
        found = _proposal(node, proposal)
        check_open(found)
        work(found)

    node.write(whole)
    return _proposal(node, proposal)


def check_current(proposal: Proposal, version: str) -> None:
    """Raises InputWrong when somebody has read another version than the one that counts."""
    if version != proposal.version.id:
        raise InputWrong("The text has changed meanwhile. Nothing was changed; read it once more, then say it again.")


def check_open(found: Proposal) -> None:
    """Raises InputWrong when a proposal was adopted or withdrawn."""
    if not found.is_open:
        raise InputWrong("This was decided or withdrawn. Nothing was changed; open a new proposal to change it.")


def _proposal(node: Node, id: str) -> Proposal:  # noqa: A002 - the word of the interface
    return proposal(node, id)
