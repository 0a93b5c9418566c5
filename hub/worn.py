"""What this hub says of packages in place of their publishers, and who sees them: told in its journal, never leaving.

A change is told in the journal first, then the catalogue learns it, and the shelf's own layer (`content.worn`) last;
when the power goes in between, `mend` finds at the next start what the layer lacks.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from content.catalogue import read_passages
from content.errors import PackageUnknown
from content.package import Manifest
from content.worn import (
    FIELDS,
    ITEMS,
    KEYWORD_CHARS_MAX,
    KEYWORDS_MAX,
    LISTS,
    NOTHING,
    PUBLISHER,
    SEEN,
    SEEN_BY,
    TEXTS,
    Worn,
    dress,
    fits,
)
from hub.errors import InputWrong
from hub.node import Node
from hub.people.settle import Change, settle_all

KIND = "package.words"
AT_ONCE_MAX = 200
"""Packages that are changed together: as many as somebody looks through."""


@dataclass(frozen=True)
class Mended:
    """One field that is said otherwise here: now, by the publisher when it was mended, and by the publisher today."""

    field: str
    now: Any
    was: Any
    publisher: Any

    @property
    def has_moved(self) -> bool:
        """Whether the publisher says something else than when it was mended."""
        return bool(self.was != self.publisher)


def mended(node: Node, package: str) -> dict[str, Mended]:
    """The fields of a package that are said otherwise here."""
    delivered, row = node.shelf.delivered(package), _row(node, package)
    if delivered is None or row is None:
        return {}
    said = {name: json.loads(text) for name in FIELDS if (text := getattr(row, name))}
    return {name: Mended(name, each["now"], each["was"], _plain(delivered, name)) for name, each in said.items()}


def seen_by(node: Node, package: str) -> tuple[str, Mapping[str, str]]:
    """Who sees a package, and those of its items that are marked by themselves: each one of `SEEN`."""
    worn = node.shelf.worn.of(package)
    return worn.get(SEEN_BY, PUBLISHER), worn.get(ITEMS, NOTHING)


def say(node: Node, packages: Sequence[str], values: Mapping[str, Any]) -> int:
    """Say fields of packages otherwise from now on; how many were changed. Raises InputWrong or PackageUnknown.

    What the publisher says too is taken back. Nothing is changed unless all of it fits.
    """
    delivered = _delivered(node, packages)
    for field, value in values.items():
        if not fits(field, value):
            raise _refusal(field)
    changes = [
        Change(KIND, each.id, {field: _said(each, field, value) for field, value in values.items()})
        for each in delivered
    ]
    return _settle(node, changes)


def show_to(node: Node, packages: Sequence[str], whom: str, items: Mapping[str, str] = NOTHING) -> int:
    """Mark who sees packages, and single items of them; how many packages were changed. Raises InputWrong.

    Marks of other items stay; PUBLISHER lets the package's own word count again.
    """
    if not {whom, *items.values()} <= set(SEEN):
        raise _refusal(SEEN_BY)
    changes = []
    for each in _delivered(node, packages):
        known = {**seen_by(node, each.id)[1], **items}
        marks = {item.id: known[item.id] for item in each.items if known.get(item.id, PUBLISHER) != PUBLISHER}
        changes.append(Change(KIND, each.id, {SEEN_BY: whom, ITEMS: json.dumps(marks) if marks else ""}))
    return _settle(node, changes)


def take_back(node: Node, package: str, field: str) -> int:
    """Say a field as its publisher does again; safe to repeat. Raises InputWrong or PackageUnknown."""
    if field not in FIELDS:
        raise _refusal(field)
    (delivered,) = _delivered(node, [package])
    return say(node, [package], {field: _plain(delivered, field)})


def mend(node: Node) -> None:
    """Tell catalogue and shelf what they missed when the power went. Quick when that is nothing."""
    told, known = _all(node), node.shelf.worn.all()
    if told != known:
        _spread(node, told, [name for name in {*told, *known} if told.get(name) != known.get(name)])


def _settle(node: Node, changes: Sequence[Change]) -> int:
    count = node.write(lambda: settle_all(node, changes))
    mend(node)
    return count


def _spread(node: Node, told: Mapping[str, Worn], packages: Sequence[str]) -> None:
    for package in packages:
        delivered = node.shelf.delivered(package) if node.shelf.standing(package) else None
        if delivered is not None:
            manifest = dress(delivered, told.get(package, NOTHING))
            node.catalogue.add(manifest, read_passages(node.shelf, manifest))
    node.shelf.worn.keep(told)


def _delivered(node: Node, packages: Sequence[str]) -> list[Manifest]:
    if not 0 < len(packages) <= AT_ONCE_MAX:
        raise InputWrong("Choose 1 to %(most)s packages at once. Nothing was changed; choose again.", most=AT_ONCE_MAX)
    found = []
    for package in dict.fromkeys(packages):
        manifest = node.shelf.delivered(package)
        if manifest is None:
            raise PackageUnknown(package=package)
        found.append(manifest)
    return found


def _refusal(field: str) -> InputWrong:
    if field == "sdg":
        return InputWrong(
            "Goals are numbers from 1 to 17, such as 4 or 6.1, with commas between them. Nothing was changed."
        )
    if field == "keywords":
        return InputWrong(
            "There are at most %(most)s words to find it by, each of at most %(letters)s letters. Nothing was changed.",
            most=KEYWORDS_MAX,
            letters=KEYWORD_CHARS_MAX,
        )
    if field in TEXTS:
        return InputWrong(
            "The name cannot be empty, and nothing here is longer than %(most)s letters. Nothing was changed.",
            most=TEXTS[field],
        )
    return InputWrong("Choose one of what stands in the list. Nothing was changed.")


def _row(node: Node, package: str) -> Any:
    table = node.tables.PackageWords
    return table.get_or_none(table.id == package)


def _all(node: Node) -> dict[str, dict[str, Any]]:
    """What the journal tells of every package, as the layer has it."""
    told = ((row.id, _worn(row)) for row in node.tables.PackageWords.select())
    return {package: worn for package, worn in told if worn}


def _worn(row: Any) -> dict[str, Any]:
    worn = {name: json.loads(text)["now"] for name in FIELDS if (text := getattr(row, name))}
    worn |= {SEEN_BY: row.seen_by} if row.seen_by else {}
    return worn | ({ITEMS: json.loads(row.items)} if row.items else {})


def _said(delivered: Manifest, field: str, value: Any) -> str:
    """A field as the journal keeps it; "" for what the publisher says too."""
    was = _plain(delivered, field)
    return "" if value == was else json.dumps({"now": value, "was": was}, ensure_ascii=False)


def _plain(manifest: Manifest, field: str) -> Any:
    value = getattr(manifest, field)
    return list(value) if field in LISTS else value
