"""What this hub knows of an activity and of an agent: what statements say of them, and the titles on the shelf.

Definitions are merged leaf by leaf, the later stored over the earlier: languages of a text and extensions stand beside
each other, everything else is replaced.
"""

import json
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from content.entries import Row
from hub.node import Node
from hub.projections.definitions import ACTIVITY, AGENT
from hub.tables import run
from hub.vocabulary import ITEM_TYPES, PACKAGE_TYPE, Place, agent_key, index_key, place
from hub.xapi.rules.actor import NAMED_BY
from hub.xapi.rules.interaction import LISTS

Definition = dict[str, Any]

MAPS = ("name", "description", "extensions")
"""Parts of a definition whose own parts stand beside each other."""
OF_INTERACTION = ("correctResponsesPattern", *LISTS)
"""Parts that say something only together with one interaction type."""


class Known:
    """What is known, for one answer: what was looked up once is not looked up again."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._definitions: dict[str, Definition] = {}
        self._titles: dict[tuple[str, str], dict[str, str]] = {}

    def definition(self, activity: str) -> Definition:
        """The merged definition of an activity, empty when nothing is known."""
        if activity not in self._definitions:
            said = _said(self._node, ACTIVITY, index_key(activity))
            where = place(activity)
            told = merged(said) if where is None or where.question else self._shelved(merged(said), where)
            self._definitions[activity] = told
        return self._definitions[activity]

    def _shelved(self, definition: Definition, where: Place) -> Definition:
        """The definition of a package or an item, with its titles in every language in which the work is here."""
        row = self._node.catalogue.get(where.package)
        if row is None:
            return definition
        titles = self._titles_of(row, where.item)
        return merged([definition, {"name": titles, **self._type(where)}]) if titles else definition

    def _type(self, where: Place) -> Definition:
        manifest = self._node.shelf.standing(where.package) if where.item else None
        item = manifest.item(where.item) if manifest else None
        kind = PACKAGE_TYPE if not where.item else ITEM_TYPES.get(item.kind) if item else None
        return {"type": kind} if kind else {}

    def _titles_of(self, row: Row, item: str) -> dict[str, str]:
        if (row.work, item) not in self._titles:
            rows = [each for each in self._rows if each.work == row.work]
            found = {each.language: self._title(each, item) for each in rows}
            self._titles[row.work, item] = {language: title for language, title in found.items() if title}
        return self._titles[row.work, item]

    def _title(self, row: Row, item: str) -> str:
        if not item:
            return row.title
        manifest = self._node.shelf.standing(row.id)
        found = manifest.item(item) if manifest else None
        return found.title if found else ""

    @cached_property
    def _rows(self) -> list[Row]:
        return self._node.catalogue.list()


def activity(node: Node, name: str) -> dict[str, Any]:
    """An activity with its merged definition; one that nobody ever spoke of is one all the same."""
    definition = Known(node).definition(name)
    return {"objectType": "Activity", "id": name, **({"definition": definition} if definition else {})}


def person(node: Node, agent: dict[str, Any], *, with_names: bool) -> dict[str, Any]:
    """An agent as the standard's Person, whose parts are lists: how it is named, and what it is called.

    `with_names` adds what statements call it, the latest first, to what the asker calls it. The names of this hub's own
    people stand in no statement of ours, and are not told here.
    """
    told = _said(node, AGENT, agent_key(agent))[::-1] if with_names else []
    names = [name for name in (agent.get("name"),) if name] + told
    named = {part: [agent[part]] for part in NAMED_BY if part in agent}
    return {"objectType": "Person", **({"name": list(dict.fromkeys(names))} if names else {}), **named}


def merged(said: Iterable[Definition]) -> Definition:
    """One definition out of several, each put over those before it."""
    whole: Definition = {}
    for definition in said:
        if whole.get("interactionType", "") != definition.get("interactionType", whole.get("interactionType", "")):
            whole = {name: value for name, value in whole.items() if name not in OF_INTERACTION}
        for name, value in definition.items():
            whole[name] = {**whole[name], **value} if name in MAPS and name in whole else value
    return whole


def _said(node: Node, kind: str, subject: str) -> list[Any]:
    """What statements say of a subject, the latest last."""
    asked = "SELECT text FROM description WHERE subject = ? AND kind = ? ORDER BY place, id"
    return [json.loads(text) for (text,) in run(node.tables, asked, subject, kind).fetchall()]
