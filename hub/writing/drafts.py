"""Drafts: begun, changed part by part, thrown away. Each change is kept at once: a cut costs one form at most."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from hub.errors import InputWrong, NotFound
from hub.node import Node
from hub.writing import checks, parts, targets
from hub.writing.parts import About, Body, Part, Removed

DRAFTS_MAX = 300
"""Drafts of one hub: one a day for most of a year."""
REMOVED_MAX = 20
"""Parts that were taken out and can be brought back."""
ID_CHARS = 8
"""Letters of a part's id: of a hundred parts two meet once in a million drafts, and then another is taken."""


@dataclass(frozen=True)
class Draft:
    """A draft as it stands; `package` is "" and `version` 0 until it was published. Times are ms since 1970, UTC."""

    id: str
    person: str
    package: str
    version: int
    body: Body
    made_ms: int
    changed_ms: int


def drafts(node: Node, *, person: str) -> list[Draft]:
    """Every draft of the hub: a person's own first, and what was changed last first."""
    found = [_draft(row) for row in node.tables.Draft.select()]
    return sorted(found, key=lambda each: (each.person != person, -each.changed_ms, each.id))


def draft(node: Node, draft_id: str) -> Draft:
    """One draft. Raises NotFound."""
    row = node.tables.Draft.get_or_none(node.tables.Draft.id == draft_id)
    if row is None:
        raise NotFound("This draft is no longer here. What was put on the shelf stands there; look at the list again.")
    return _draft(row)


def of_package(node: Node, package: str) -> Draft | None:
    """The draft that a package of the shelf was written in, or None."""
    row = node.tables.Draft.get_or_none(node.tables.Draft.package == package) if package else None
    return None if row is None else _draft(row)


def begin(node: Node, *, person: str, about: About) -> Draft:
    """A new draft without parts. Raises InputWrong."""
    body, now, table = Body(checks.about(about)), node.clock.now_ms(), node.tables.Draft
    made = Draft(node.new_id(), person, "", 0, body, now, now)

    def work() -> None:
        if table.select().count() >= DRAFTS_MAX:
            raise InputWrong(
                "There are %(most)s drafts, as many as this hub keeps. Nothing was changed; delete one that nobody"
                " needs.",
                most=DRAFTS_MAX,
            )
        table.insert(**{**vars(made), "body": parts.dump(body)}).execute()

    node.write(work)
    return made


def describe(node: Node, draft_id: str, *, about: About) -> Draft:
    """Change what a draft says of itself. Raises InputWrong or NotFound."""
    checked = checks.about(about)
    return _change(node, draft_id, lambda body: replace(body, about=checked))


def add(node: Node, draft_id: str, *, part: Part) -> Draft:
    """Put a part at the end of its group; its id is made here. Raises InputWrong or NotFound."""
    checked = _checked(node, draft_id, part)

    def change(body: Body) -> Body:
        fresh = replace(checked, id=_new_id(node, body))
        return body.with_group(fresh, (*body.group(fresh), fresh))

    return _change(node, draft_id, change)


def alter(node: Node, draft_id: str, *, part: Part, seen: str = "") -> Draft:
    """Put a part in the place of the one with its id; where `seen` is told, only while that one still has this mark
    (`parts.mark`). Raises InputWrong or NotFound."""
    checked = _checked(node, draft_id, part)

    def change(body: Body) -> Body:
        standing = _standing(body, part.id)
        if seen not in ("", parts.mark(standing)) and standing != checked:
            raise InputWrong(
                "Somebody changed this part meanwhile. What you typed is still in the form, and what stands there now"
                " is beside it. Keep yours, and it takes that place."
            )
        return body.with_group(part, tuple(checked if each.id == part.id else each for each in body.group(part)))

    return _change(node, draft_id, change)


def move(node: Node, draft_id: str, *, part_id: str, is_up: bool) -> Draft:
    """Change places with the part before or behind; at an end nothing changes. Raises NotFound."""

    def change(body: Body) -> Body:
        part = _standing(body, part_id)
        group = list(body.group(part))
        place = group.index(part)
        other = place - 1 if is_up else place + 1
        if 0 <= other < len(group):
            group[place], group[other] = group[other], group[place]
        return body.with_group(part, tuple(group))

    return _change(node, draft_id, change)


def remove(node: Node, draft_id: str, *, part_id: str) -> Draft:
    """Take a part out; it can be brought back. Raises NotFound."""

    def change(body: Body) -> Body:
        part = _standing(body, part_id)
        group = body.group(part)
        gone = Removed(part, group.index(part))
        left = body.with_group(part, tuple(each for each in group if each != part))
        return replace(left, removed=(*body.removed, gone)[-REMOVED_MAX:])

    return _change(node, draft_id, change)


def bring_back(node: Node, draft_id: str, *, part_id: str) -> Draft:
    """Put a part that was taken out where it stood. Raises NotFound, or InputWrong when there is no more room."""

    def change(body: Body) -> Body:
        gone = next((each for each in body.removed if each.part.id == part_id), None)
        if gone is None:
            raise NotFound("This part cannot be brought back any more. Nothing was changed; look at the draft again.")
        group = list(body.group(gone.part))
        group.insert(gone.place, gone.part)
        back = body.with_group(gone.part, tuple(group))
        return replace(back, removed=tuple(each for each in body.removed if each != gone))

    return _change(node, draft_id, change)


def forget(node: Node, draft_id: str) -> None:
    """Delete a draft and its earlier versions; what stands on the shelf stays. Safe to repeat."""
    draft_table, edition = node.tables.Draft, node.tables.Edition

    def work() -> None:
        edition.delete().where(edition.draft == draft_id).execute()
        draft_table.delete().where(draft_table.id == draft_id).execute()

    node.write(work)


def _change(node: Node, draft_id: str, change: Callable[[Body], Body]) -> Draft:
    """Make another body of a draft's, in one transaction: two people change two parts, and both stay."""
    table, now = node.tables.Draft, node.clock.now_ms()

    def work() -> Draft:
        before = draft(node, draft_id)
        after = replace(before, body=checks.room(change(before.body)), changed_ms=now)
        kept = {"body": parts.dump(after.body), "changed_ms": now}
        table.update(**kept).where(table.id == draft_id).execute()
        return after

    return node.write(work)


def _checked(node: Node, draft_id: str, part: Part) -> Part:
    """A part as it is kept; what a link leads to must stand on the shelf, and be no part of the draft itself."""
    checked = checks.part(part)
    if checked.kind != "link":
        return checked
    if not targets.is_there(node, checked, package=draft(node, draft_id).package):
        raise InputWrong(
            "What it leads to is not on the shelf any more. Nothing was changed; choose something of the list."
        )
    return checked


def _standing(body: Body, part_id: str) -> Part:
    found = body.part(part_id)
    if found is None:
        raise NotFound("This part is no longer in the draft. Nothing was changed; look at the draft again.")
    return found


def _new_id(node: Node, body: Body) -> str:
    known = {each.id for each in body.parts} | {each.part.id for each in body.removed}
    while True:
        fresh = node.new_id().replace("-", "")[:ID_CHARS]
        if fresh not in known:
            return fresh


def _draft(row: Any) -> Draft:
    return Draft(row.id, row.person, row.package, row.version, parts.load(row.body), row.made_ms, row.changed_ms)
