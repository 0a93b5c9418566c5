"""The canonical form of a statement: activities as this hub knows them, and one language of each text.

Which language that is, is chosen for each text by itself, by what the reader wishes for (RFC 4647, 3.4): the tag
itself, else what it is a kind of, else another kind of the same.
"""

from collections.abc import Callable, Sequence
from typing import Any

Known = Callable[[str], dict[str, Any]]
"""The definition of an activity as this hub knows it, empty for none."""

TEXTS = ("name", "description", "display")
"""Parts of definitions, verbs, components and attachments that are language maps."""
_CONTEXT = "contextActivities"


def canonical(statement: dict[str, Any], *, languages: Sequence[str], known: Known) -> dict[str, Any]:
    """The statement in its canonical form; `languages` are wished for, best first."""
    shaped = dict(statement)
    for part in ("verb", "attachments"):
        if part in shaped:
            shaped[part] = _one_language(shaped[part], languages)
    shaped["object"] = _target(shaped["object"], languages, known)
    context = shaped.get("context", {})
    if _CONTEXT in context:
        activities = {kind: _activities(rows, languages, known) for kind, rows in context[_CONTEXT].items()}
        shaped["context"] = {**context, _CONTEXT: activities}
    return shaped


def chosen(words: dict[str, str], languages: Sequence[str]) -> dict[str, str]:
    """One entry of a language map: the best that was wished for, else English, else the first."""
    tags = {tag.lower(): tag for tag in words}
    for wish in (*languages, "en"):
        found = _fitting(wish.lower(), tags)
        if found:
            return {tags[found]: words[tags[found]]}
    return dict(list(words.items())[:1])


def _fitting(wish: str, tags: dict[str, str]) -> str:
    parts = wish.split("-")
    for length in range(len(parts), 0, -1):
        if (shorter := "-".join(parts[:length])) in tags:
            return shorter
    return next((tag for tag in tags if tag.split("-")[0] == parts[0]), "")


def _target(target: dict[str, Any], languages: Sequence[str], known: Known) -> dict[str, Any]:
    kind = target.get("objectType", "Activity")
    if kind == "Activity":
        return _activity(target, languages, known)
    return canonical(target, languages=languages, known=known) if kind == "SubStatement" else target


def _activities(rows: Any, languages: Sequence[str], known: Known) -> list[Any]:
    return [_activity(row, languages, known) for row in (rows if isinstance(rows, list) else [rows])]


def _activity(activity: dict[str, Any], languages: Sequence[str], known: Known) -> dict[str, Any]:
    definition = known(activity["id"]) or activity.get("definition", {})
    return {**activity, "definition": _one_language(definition, languages)} if definition else activity


def _one_language(value: Any, languages: Sequence[str]) -> Any:
    """The value with one language of each text in it, extensions as they are."""
    if isinstance(value, list):
        return [_one_language(each, languages) for each in value]
    if not isinstance(value, dict):
        return value
    shaped = {}
    for name, part in value.items():
        is_text = name in TEXTS and isinstance(part, dict)
        plain = part if name == "extensions" else _one_language(part, languages)
        shaped[name] = chosen(part, languages) if is_text else plain
    return shaped
