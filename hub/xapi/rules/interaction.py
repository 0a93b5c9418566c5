"""Questions inside an activity's definition (xAPI 1.0.3 part 2, 2.4.4.1)."""

from typing import Any

from hub.xapi.rules.values import Check, languages, rows, table, text, wrong

COMPONENTS: dict[str, tuple[str, ...]] = {
    "true-false": (),
    "choice": ("choices",),
    "fill-in": (),
    "long-fill-in": (),
    "matching": ("source", "target"),
    "performance": ("steps",),
    "sequencing": ("choices",),
    "likert": ("scale",),
    "numeric": (),
    "other": (),
}
"""Interaction type → the lists of components that belong to it."""
LISTS = ("choices", "scale", "source", "target", "steps")


def interaction_type(value: Any, at: str) -> None:
    """One of the ten words."""
    if not isinstance(value, str) or value not in COMPONENTS:
        wrong(at, f"must be one of {', '.join(COMPONENTS)}")


def patterns(value: Any, at: str) -> None:
    """The answers that are right, each a text."""
    rows(value, at, text)


def components(value: Any, at: str) -> None:
    """A list of things to choose from, each with an id of its own."""
    rows(value, at, _component)
    ids = [row["id"] for row in value]
    if len(set(ids)) != len(ids):
        wrong(at, "must not use an id twice")


def together(definition: dict[str, Any], at: str) -> None:
    """Lists only beside the interaction type they belong to, and nothing of a question without its type."""
    kind = definition.get("interactionType")
    fitting = COMPONENTS.get(kind, ()) if isinstance(kind, str) else ()
    for name in LISTS:
        if name in definition and name not in fitting:
            wrong(f"{at}.{name}", "does not belong to this interaction type")
    if kind is None and "correctResponsesPattern" in definition:
        wrong(f"{at}.interactionType", "is missing")


def _component(value: Any, at: str) -> None:
    table(value, at, _COMPONENT, ("id",))
    if not value["id"]:
        wrong(f"{at}.id", "must not be empty")


_COMPONENT: dict[str, Check] = {"id": text, "description": languages}
