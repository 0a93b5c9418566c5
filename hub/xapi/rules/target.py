"""With what: the object of a statement when it is an activity or points at a statement (xAPI 1.0.3 part 2, 2.4.4)."""

from typing import Any

from hub.xapi.rules.interaction import LISTS, components, interaction_type, patterns, together
from hub.xapi.rules.values import Check, extensions, iri, languages, table, text, uuid, wrong


def activity(value: Any, at: str) -> None:
    """Something to do or to read."""
    table(value, at, _ACTIVITY, ("id",))
    if value.get("objectType", "Activity") != "Activity":
        wrong(f"{at}.objectType", "must be Activity")


def statement_ref(value: Any, at: str) -> None:
    """Another statement by its id."""
    table(value, at, {"objectType": text, "id": uuid}, ("objectType", "id"))
    if value["objectType"] != "StatementRef":
        wrong(f"{at}.objectType", "must be StatementRef")


def _definition(value: Any, at: str) -> None:
    table(value, at, _DEFINITION)
    together(value, at)


_ACTIVITY: dict[str, Check] = {"objectType": text, "id": iri, "definition": _definition}
_DEFINITION: dict[str, Check] = {
    "name": languages,
    "description": languages,
    "type": iri,
    "moreInfo": iri,
    "interactionType": interaction_type,
    "correctResponsesPattern": patterns,
    "extensions": extensions,
    **dict.fromkeys(LISTS, components),
}
