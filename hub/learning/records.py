"""Write what happened as xAPI statements: who, which verb, what, how it went, and where it belongs."""

from dataclasses import dataclass
from typing import Any

from content.exercise import Mark, Question
from content.package import field_id
from hub.learning.items import Opened
from hub.learning.sittings import SECOND_MS, Sitting, derived
from hub.moments import moment_text
from hub.vocabulary import (
    COMPETENCY_TYPE,
    ITEM_TYPES,
    PACKAGE_TYPE,
    QUESTION_TYPE,
    TRIES,
    VERBS,
    activity,
    competency,
    person_actor,
)

INTERACTIONS = {
    "choice": "choice",
    "several": "choice",
    "number": "numeric",
    "text": "fill-in",
    "order": "sequencing",
    "match": "matching",
}
"""Kind of question → interaction type."""


@dataclass(frozen=True)
class Act:
    """What all statements of one act share: who, what was opened, in which sitting, when."""

    person: str
    opened: Opened
    registration: str
    at_ms: int


def about_item(act: Act, verb: str, *, statement: str, result: dict[str, Any] | None = None) -> dict[str, Any]:
    """A statement about the item as a whole."""
    opened = act.opened
    definition = {"type": ITEM_TYPES[opened.item.kind], "name": {opened.manifest.language: opened.item.title}}
    return _statement(act, verb, statement, {"id": opened.activity, "definition": definition}, result or {})


def answered(
    act: Act, question: Question, given: tuple[str, ...], *, mark: Mark, result: dict[str, Any], statement: str
) -> dict[str, Any]:
    """A statement about one answer to one question; `result` has what is known beside the mark."""
    opened = act.opened
    definition = {
        "type": QUESTION_TYPE,
        "interactionType": INTERACTIONS[question.kind],
        "correctResponsesPattern": _patterns(question),
    }
    name = activity(opened.manifest.id, opened.item.id, question.id)
    scored = {"score": {"scaled": mark.score}, "success": mark.is_right, "response": response(question.kind, given)}
    made = _statement(act, "answered", statement, {"id": name, "definition": definition}, {**scored, **result})
    kind = {"type": COMPETENCY_TYPE}
    names = [competency(field_id(opened.manifest, each)) for each in question.competencies]
    made["context"]["contextActivities"]["parent"] = [{"id": opened.activity}]
    if names:
        made["context"]["contextActivities"]["other"] = [{"id": each, "definition": kind} for each in names]
    return made


def about_part(
    act: Act, part: str, *, definition: dict[str, Any], result: dict[str, Any], statement: str
) -> dict[str, Any]:
    """A statement about one answer that content took by itself, with the question as the content puts it."""
    opened = act.opened
    target = {
        "id": activity(opened.manifest.id, opened.item.id, part),
        "definition": {"type": QUESTION_TYPE, **definition},
    }
    made = _statement(act, "answered", statement, target, result)
    made["context"]["contextActivities"]["parent"] = [{"id": opened.activity}]
    return made


def about_objective(  # noqa: PLR0913 - what a statement is made of
    act: Act, part: str, verb: str, *, definition: dict[str, Any], result: dict[str, Any], statement: str
) -> dict[str, Any]:
    """A statement about one objective inside an item, as the content names it."""
    opened = act.opened
    target = {
        "id": activity(opened.manifest.id, opened.item.id, part),
        "definition": {"type": COMPETENCY_TYPE, **definition},
    }
    made = _statement(act, verb, statement, target, result)
    made["context"]["contextActivities"]["parent"] = [{"id": opened.activity}]
    return made


def ended(act: Act, sitting: Sitting, *, score: float | None, questions: int, is_passed: bool) -> dict[str, Any]:
    """The statement that closes a sitting: passed or failed for a quiz, completed for anything else."""
    result: dict[str, Any] = {"completion": True, "duration": duration(act.at_ms - sitting.begun_ms)}
    if score is None:
        return about_item(act, "completed", statement=closing(sitting), result=result)
    points = round(score * questions, 4)
    result |= {"success": is_passed, "score": {"scaled": round(score, 4), "raw": points, "min": 0, "max": questions}}
    return about_item(act, "passed" if is_passed else "failed", statement=closing(sitting), result=result)


def closing(sitting: Sitting) -> str:
    """The id of the statement that closes a sitting: there is only ever one."""
    return derived(sitting.registration, "end")


def response(kind: str, given: tuple[str, ...]) -> str:
    """An answer as xAPI spells it for its interaction type."""
    if kind == "match":
        return "[,]".join(pair.replace("=", "[.]", 1) for pair in given)
    return "[,]".join(given)


def given_in(kind: str, text: str) -> tuple[str, ...]:
    """The answer that `response` spelled."""
    if not text:
        return ()
    if kind in ("number", "text", "choice"):
        return (text,)
    return tuple(part.replace("[.]", "=", 1) for part in text.split("[,]"))


def tries(number: int, spent_ms: int) -> dict[str, Any]:
    """What a result says beside the mark: the how-manieth answer it was, and how long it took."""
    spent = {"duration": duration(spent_ms)} if spent_ms > 0 else {}
    return {"extensions": {TRIES: number}, **spent} if number > 1 else spent


def duration(spent_ms: int) -> str:
    """A length of time as ISO 8601 writes it, in seconds."""
    return f"PT{max(0, spent_ms) / SECOND_MS:.2f}S"


def _patterns(question: Question) -> list[str]:
    if question.kind in ("choice", "number", "text"):
        return list(question.answer)
    return [response(question.kind, question.answer)]


def _statement(act: Act, verb: str, statement: str, target: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    manifest = act.opened.manifest
    package = {"id": activity(manifest.id), "definition": {"type": PACKAGE_TYPE}}
    made = {
        "id": statement,
        "actor": person_actor(act.person),
        "verb": {"id": VERBS[verb], "display": {"en": verb}},
        "object": target,
        "timestamp": moment_text(act.at_ms),
        "context": {
            "registration": act.registration,
            "language": manifest.language,
            "contextActivities": {"grouping": [package]},
        },
    }
    return {**made, "result": result} if result else made
