"""The fold of consent: a visit in which somebody said yes or no to some purposes, for one person.

An entry carries `{"person", "answers": {purpose: {"answer", "said", "assent", "replaces": [ids]}}, "giver",
"giver_name", "how", "witness", "card"}`. It names the answers that it replaces, so that of two that did not know of
each other both stand, and the more restrictive one holds. No clock and no depth decides.
"""

import json
from typing import Any

from hub.projections import clocks
from hub.projections.fold import Fold
from hub.projections.registers import is_name, is_text
from hub.tables import Tables, put
from hub.tables.consents import ANSWERS, GIVEN
from sync.journal import Placed

KIND = "consent.visit"
PURPOSES_MAX = 16
REPLACES_MAX = 64
"""Answers that one answer replaces; as many stand side by side only when so many hubs did not hear of each other."""
SAID = ("", "yes", "no")
_EVIDENCE = ("giver", "giver_name", "how", "witness", "card")


def fold(tables: Tables, placed: Placed) -> None:
    """Take one visit into the tables, whole or not at all. Raises ValueError when its shape is wrong."""
    payload = json.loads(placed.entry.payload)
    person, answers = payload["person"], payload["answers"]
    evidence = {name: _text(payload.get(name, "")) for name in _EVIDENCE}
    if not is_name(person) or not isinstance(answers, dict) or not 1 <= len(answers) <= PURPOSES_MAX:
        raise ValueError("no person, or no answers")
    rows = [_row(placed, purpose, said) for purpose, said in answers.items()]
    clock = clocks.mark(placed, placed.entry.at_ms)
    at_ms = placed.entry.at_ms + clocks.shifts(tables, [clock])[clock]
    for row, replaces in rows:
        put(tables.ConsentAnswer, person=person, at_ms=at_ms, clock=clock, **row, **evidence)
        for earlier in replaces:
            put(tables.ConsentReplaced, id=f"{earlier} {row['id']}", earlier=earlier, later=row["id"])


def _row(placed: Placed, purpose: str, said: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """One answer as its row, and the ids of those it replaces."""
    answer, replaces = said["answer"], said.get("replaces", [])
    words = {name: said.get(name, "") for name in ("said", "assent")}
    if not is_name(purpose) or answer not in ANSWERS or not all(word in SAID for word in words.values()):
        raise ValueError("no answer")
    if answer == GIVEN and (words["said"] != "yes" or words["assent"] == "no"):
        raise ValueError("a yes that nobody said who may, or with a no in it")
    if not isinstance(replaces, list) or len(replaces) > REPLACES_MAX or not all(map(is_name, replaces)):
        raise ValueError("not a list of answers, or too many")
    place = {"stream": placed.stream, "seq": placed.seq}
    return {"id": f"{placed.id}/{purpose}", "purpose": purpose, "answer": answer, **words, **place}, replaces


def _text(value: object) -> str:
    if not isinstance(value, str) or (value and not is_name(value)) or not is_text(value):
        raise ValueError("no text, or too long")
    return value


FOLDS: dict[str, Fold] = {KIND: Fold(fold)}
