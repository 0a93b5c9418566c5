"""A visit: somebody says yes or no, and it is written down with who, how, before whom and by which card.

One visit is one entry. It replaces what stood when it was written, so that a later word takes the place of an earlier
one, and two words that did not know of each other are both kept (`hub.consent.standing`).
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from hub.consent import standing, whose
from hub.consent.purposes import NAMES
from hub.consent.standing import Act
from hub.errors import InputWrong, NotAllowed
from hub.node import Node
from hub.people import roster
from hub.people.roster import Person
from hub.people.settle import settle
from hub.projections.consents import KIND, REPLACES_MAX
from hub.tables.consents import GIVEN, REFUSED, WITHDRAWN

SOMEBODY_ELSE = "else"
"""In place of a person's id: a giver who is not in the list of people, and has a name only."""


@dataclass(frozen=True)
class Said:
    """What was said to one purpose: by the guardian or the grown-up, and by the child; each yes, no or ""."""

    said: str = ""
    assent: str = ""


@dataclass(frozen=True)
class Evidence:
    """Who said it (an id, or SOMEBODY_ELSE with a name), and how: screen, paper or phone; `card` is its version."""

    giver: str
    giver_name: str = ""
    how: str = "screen"
    card: str = ""


def keep_card(node: Node, *, language: str, words: Sequence[str]) -> str:
    """The version of the card with these words in this language; kept once, whoever is asked by it later."""
    kept = json.dumps(list(words), ensure_ascii=False)
    version = hashlib.sha256(f"{language}\x1f{kept}".encode()).hexdigest()[:16]
    node.write(lambda: settle(node, "consent.card", version, language=language, words=kept))
    return version


def cards(node: Node) -> list[tuple[str, str]]:
    """Each version of the card that was read out or printed, with its language; by language."""
    table = node.tables.ConsentCard
    return [(row.id, row.language) for row in table.select().order_by(table.language, table.id)]


def take(
    node: Node,
    *,
    actor: Person,
    person: Person,
    said: Mapping[str, Said],
    evidence: Evidence,
    seen: Collection[str] | None = None,
) -> bool:
    """Write down what was said; True when it was new. Safe to repeat.

    `seen` are the ids of the answers that stood when it was asked, None for all: a yes answers no other no.
    Raises InputWrong when nothing was said, a child or its guardian was not asked, or it is not known who speaks;
    NotAllowed when `actor` may not write it down. Then nothing has changed. Raises InputWrong also when a no came
    that was not seen: then every no that was said is written down, and no yes to that purpose.
    """
    whose.check_asks(node, actor=actor, person=person)
    fitting = _fitting(node, person, said, evidence.giver)
    proof = _checked(node, actor, person, evidence)
    is_new, is_late = node.write(partial(_keep, node, person.id, fitting, proof, seen))
    if is_late:
        raise InputWrong(
            "A no was said meanwhile, so that yes was not written down; whatever else was said is. Look at what holds"
            " now, and ask again."
        )
    return is_new


def withdraw(node: Node, *, actor: Person, person: Person, purpose: str, evidence: Evidence) -> bool:
    """Take one consent back, or say no before being asked; True when that was new. A child's own no is enough.

    Raises InputWrong or NotAllowed like `take`.
    """
    is_own = evidence.giver == person.id and whose.is_child(node, person)
    return take(
        node,
        actor=actor,
        person=person,
        said={purpose: Said(assent="no") if is_own else Said(said="no")},
        evidence=evidence,
    )


def _fitting(node: Node, person: Person, said: Mapping[str, Said], giver: str) -> dict[str, Said]:
    """What was said to the purposes that there are; of a grown-up without what only a child is asked."""
    is_child = whose.is_child(node, person)
    words = {name: each if is_child else Said(each.said) for name, each in said.items() if name in NAMES}
    fitting = {name: each for name, each in words.items() if each.said or each.assent}
    if not fitting:
        raise InputWrong("Nothing was chosen. Nothing was changed; press yes or no beside a picture.")
    if is_child:
        _check_together(person, [each for each in fitting.values() if _is_yes(each)], giver)
    return fitting


def _check_together(child: Person, yeses: Sequence[Said], giver: str) -> None:
    """Raises InputWrong unless each yes for a child is said by somebody else, and by the child as well."""
    if not all(each.assent for each in yeses):
        raise InputWrong(
            "%(name)s was not asked. Nothing was changed; ask the child too, and press one of the two faces.",
            name=child.name,
        )
    if not all(each.said for each in yeses):
        raise InputWrong(
            "The guardian of %(name)s was not asked. Nothing was changed; ask them too, and press yes or no.",
            name=child.name,
        )
    if yeses and giver == child.id:
        raise InputWrong(
            "%(name)s says yes together with a guardian. Nothing was changed; press who is here with the child.",
            name=child.name,
        )


def _is_yes(said: Said) -> bool:
    """One no is a no."""
    return "no" not in (said.said, said.assent)


def _checked(node: Node, actor: Person, person: Person, evidence: Evidence) -> dict[str, str]:
    """The evidence as it is kept. Raises InputWrong or NotAllowed."""
    if evidence.card and evidence.card not in {version for version, _ in cards(node)}:
        raise InputWrong(
            "No card of that version is known here. Nothing was changed; choose the one that is printed on the paper."
        )
    beside = {"witness": actor.id, "card": evidence.card}
    if not whose.writes_for(node, actor=actor, person=person) or evidence.giver == actor.id:
        return {"giver": _on_the_phone(node, actor, person, evidence.giver), "giver_name": "", "how": "phone", **beside}
    if evidence.how not in ("screen", "paper"):
        raise InputWrong("Consent is given face to face or on paper. Nothing was changed; choose one of the two.")
    if evidence.giver == SOMEBODY_ELSE:
        if not whose.is_child(node, person):
            raise InputWrong(
                "Only %(name)s says it for themselves. Nothing was changed; ask when they are here.", name=person.name
            )
        return {"giver": "", "giver_name": roster.check_name(evidence.giver_name), "how": evidence.how, **beside}
    if evidence.giver not in {each.id for each in (*whose.givers(node, person), person)}:
        raise InputWrong("It is not said who is here. Nothing was changed; press a picture, or write a name.")
    return {"giver": evidence.giver, "giver_name": "", "how": evidence.how, **beside}


def _on_the_phone(node: Node, actor: Person, person: Person, giver: str) -> str:
    """Who speaks on the own phone: the one who is signed in, or the child beside them, whose no counts."""
    if giver == person.id or whose.speaks_for(node, actor=actor, person=person):
        return giver if giver == person.id else actor.id
    raise NotAllowed("Only who looks after %(name)s says yes for them. Nothing was changed.", name=person.name)


def _keep(
    node: Node, person: str, said: Mapping[str, Said], proof: Mapping[str, str], seen: Collection[str] | None
) -> tuple[bool, bool]:
    """Whether anything was new, and whether a yes was left out because a no stands that was not seen."""
    known = standing.by_purpose(standing.acts(node, [person]))
    answers: dict[str, Any] = {}
    is_late = False
    for purpose, each in said.items():
        before = standing.heads(known[purpose])
        answer = _answer(each, before)
        if _stands(before, answer, each, proof):
            continue
        if answer == GIVEN and _is_unseen(before, seen):
            is_late = True
        else:
            replaces = [one.id for one in before][:REPLACES_MAX]
            answers[purpose] = {"answer": answer, "said": each.said, "assent": each.assent, "replaces": replaces}
    if answers:
        node.record(KIND, {"person": person, "answers": answers, **proof}, at_ms=node.clock.now_ms())
    return bool(answers), is_late


def _is_unseen(before: Sequence[Act], seen: Collection[str] | None) -> bool:
    """Whether a no stands that whoever asked did not know of."""
    return seen is not None and any(standing.is_no(each.answer) and each.id not in seen for each in before)


def _answer(said: Said, before: Sequence[Act]) -> str:
    """What is kept of it; a no after a yes takes that back."""
    if _is_yes(said):
        return GIVEN
    return WITHDRAWN if any(each.answer in (GIVEN, WITHDRAWN) for each in before) else REFUSED


def _stands(before: Sequence[Act], answer: str, said: Said, proof: Mapping[str, str]) -> bool:
    """Whether exactly this stands already: a form sent twice is one visit."""
    if len(before) != 1:
        return False
    one, evidence = before[0], {name: getattr(before[0], name) for name in proof}
    return (one.answer, one.said, one.assent) == (answer, said.said, said.assent) and evidence == dict(proof)
