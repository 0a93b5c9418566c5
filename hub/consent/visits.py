"""A visit: somebody says yes or no, and it is written down with who, how, before whom and by which card.

One visit is one entry. It replaces what stood when it was written, so that a later word takes the place of an earlier
one, and two words that did not know of each other are both kept (`hub.consent.standing`).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
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


def take(node: Node, *, actor: Person, person: Person, said: Mapping[str, Said], evidence: Evidence) -> bool:
    """Write down what was said; True when it was new. Safe to repeat.

    Raises InputWrong when nothing was said, a child was not asked, or it is not known who speaks; NotAllowed when
    `actor` may not write it down. Then nothing has changed.
    """
    whose.check_asks(node, actor=actor, person=person)
    fitting = {name: each for name, each in said.items() if name in NAMES and (each.said or each.assent)}
    if not fitting:
        raise InputWrong("Nothing was chosen. Nothing was changed; press yes or no beside a picture.")
    if whose.is_child(node, person) and any(each.said == "yes" and not each.assent for each in fitting.values()):
        raise InputWrong(
            "%(name)s was not asked. Nothing was changed; ask the child too, and press one of the two faces.",
            name=person.name,
        )
    proof = _checked(node, actor, person, evidence)
    return node.write(partial(_keep, node, person.id, fitting, proof))


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


def _checked(node: Node, actor: Person, person: Person, evidence: Evidence) -> dict[str, str]:
    """The evidence as it is kept. Raises InputWrong or NotAllowed."""
    beside = {"witness": actor.id, "card": evidence.card}
    if not whose.writes_for(node, actor=actor, person=person) or evidence.giver == actor.id:
        return {"giver": _on_the_phone(node, actor, person, evidence.giver), "giver_name": "", "how": "phone", **beside}
    if evidence.how not in ("screen", "paper"):
        raise InputWrong("Consent is given face to face or on paper. Nothing was changed; choose one of the two.")
    if evidence.giver == SOMEBODY_ELSE:
        return {"giver": "", "giver_name": roster.check_name(evidence.giver_name), "how": evidence.how, **beside}
    if evidence.giver not in {each.id for each in (*whose.givers(node, person), person)}:
        raise InputWrong("It is not said who is here. Nothing was changed; press a picture, or write a name.")
    return {"giver": evidence.giver, "giver_name": "", "how": evidence.how, **beside}


def _on_the_phone(node: Node, actor: Person, person: Person, giver: str) -> str:
    """Who speaks on the own phone: the one who is signed in, or the child beside them, whose no counts."""
    if giver == person.id or whose.speaks_for(node, actor=actor, person=person):
        return giver if giver == person.id else actor.id
    raise NotAllowed("Only who looks after %(name)s says yes for them. Nothing was changed.", name=person.name)


def _keep(node: Node, person: str, said: Mapping[str, Said], proof: Mapping[str, str]) -> bool:
    known = standing.by_purpose(standing.acts(node, [person]))
    answers: dict[str, Any] = {}
    for purpose, each in said.items():
        before = standing.heads(known[purpose])
        answer = _answer(each, before)
        if not _stands(before, answer, each, proof):
            replaces = [one.id for one in before][:REPLACES_MAX]
            answers[purpose] = {"answer": answer, "said": each.said, "assent": each.assent, "replaces": replaces}
    if answers:
        node.record(KIND, {"person": person, "answers": answers, **proof}, at_ms=node.clock.now_ms())
    return bool(answers)


def _answer(said: Said, before: Sequence[Act]) -> str:
    """One no is a no; after a yes it takes that back."""
    if "no" not in (said.said, said.assent):
        return GIVEN
    return WITHDRAWN if any(each.answer in (GIVEN, WITHDRAWN) for each in before) else REFUSED


def _stands(before: Sequence[Act], answer: str, said: Said, proof: Mapping[str, str]) -> bool:
    """Whether exactly this stands already: a form sent twice is one visit."""
    if len(before) != 1:
        return False
    one, evidence = before[0], {name: getattr(before[0], name) for name in proof}
    return (one.answer, one.said, one.assent) == (answer, said.said, said.assent) and evidence == dict(proof)
