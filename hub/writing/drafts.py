"""Drafts: begun, changed part by part, thrown away. Each change is kept at once: a cut costs one form at most."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hub.errors import InputWrong, NotFound
from hub.learning.sittings import derived
from hub.node import Node
from hub.writing import banks, checks, parts, steps, targets, undo
from hub.writing.banks import Put
from hub.writing.parts import DRAW, About, Body, Part
from hub.writing.undo import NOBODY, Hand

DRAFTS_MAX = 300
"""Drafts of one hub: one a day for most of a year."""
ID_CHARS = 8
"""Letters of a part's id: of a hundred parts two meet once in a million drafts, and then another is taken."""


@dataclass(frozen=True)
class Draft:
    """A draft as it stands; `package` is "" and `version` 0 until it was published. Times are ms since 1970, UTC.

    `stage` says with whom it is (`hub.writing.roles`), `note` what a keeper wrote who sent it back.
    """

    id: str
    person: str
    package: str
    version: int
    body: Body
    made_ms: int
    changed_ms: int
    stage: str = ""
    note: str = ""


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


def begin(node: Node, *, by: Hand, about: About, stage: str = "", first: Sequence[Part] = ()) -> Draft:
    """A new draft, with parts that have no ids yet where there are any; the same form, sent again, begins no second
    one. Raises InputWrong."""
    body, now, table = _begun(node, checks.about(about), first), node.clock.now_ms(), node.tables.Draft
    named = derived("draft", by.person, by.form, body.about.title) if by.form else node.new_id()
    made = Draft(named, by.person, "", 0, body, now, now, stage)

    def work() -> Draft:
        if (standing := table.get_or_none(table.id == named)) is not None:
            return _draft(standing)
        if table.select().count() >= DRAFTS_MAX:
            raise InputWrong(
                "There are %(most)s drafts, as many as this hub keeps. Nothing was changed; delete one that nobody"
                " needs.",
                most=DRAFTS_MAX,
            )
        table.insert(**{**vars(made), "body": parts.dump(body)}).execute()
        return made

    return node.write(work)


def describe(node: Node, draft_id: str, *, about: About, seen: str = "", by: Hand = NOBODY) -> Draft:
    """Change what a draft says of itself; where `seen` is told, only while that still has this mark (`parts.mark`).
    Raises InputWrong or NotFound."""
    checked = checks.about(about)

    def change(body: Body) -> Body:
        if seen not in ("", parts.mark(body.about)) and body.about != checked:
            raise InputWrong(
                "Somebody changed this meanwhile. What you typed is still in the form, and what stands there now is"
                " beside it. Keep yours, and it takes that place."
            )
        return replace(body, about=checked)

    return _change(node, draft_id, change, Act(steps.ABOUT, by))


def add(node: Node, draft_id: str, *, part: Part, by: Hand = NOBODY) -> Draft:
    """Put a part at the end of its group; its id is made here. The same form with the same in it, sent again, makes no
    second one. Raises InputWrong or NotFound."""
    checked = _checked(node, draft_id, part)

    def change(body: Body) -> Body:
        fresh = replace(checked, id=_new_id(node, body))
        return body.with_group(fresh, (*body.group(fresh), fresh))

    return _change(node, draft_id, change, Act(steps.ADD, by, parts.mark(replace(checked, id=""))))


def take(node: Node, draft_id: str, *, questions: Sequence[Part], by: Hand = NOBODY) -> Put:
    """Put questions of a bank at the end of the quiz, each a change of its own; those that are in it stay as they are.

    Raises InputWrong or NotFound.
    """

    def work() -> Put:
        known = {each.id for each in draft(node, draft_id).body.parts}
        fresh = [each for each in questions if each.id not in known]
        for each in fresh:
            _change(node, draft_id, _ending(each), Act(steps.ADD, by, parts.mark(each)))
        return Put(len(fresh), len(questions) - len(fresh))

    return node.write(work)


def alter(node: Node, draft_id: str, *, part: Part, seen: str = "", by: Hand = NOBODY) -> Draft:
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

    return _change(node, draft_id, change, Act(steps.CHANGE, by))


def move(node: Node, draft_id: str, *, part_id: str, is_up: bool, by: Hand = NOBODY) -> Draft:
    """Change places with the part before or behind; at an end nothing changes. Raises NotFound."""
    kind, way = (steps.UP, -1) if is_up else (steps.DOWN, 1)

    def change(body: Body) -> Body:
        return steps.moved(body, _standing(body, part_id), way)

    return _change(node, draft_id, change, Act(kind, by, part_id, part_id))


def remove(node: Node, draft_id: str, *, part_id: str, by: Hand = NOBODY) -> Draft:
    """Take a part out; it can be brought back. Raises NotFound."""

    def change(body: Body) -> Body:
        return steps.taken_out(body, _standing(body, part_id))

    return _change(node, draft_id, change, Act(steps.REMOVE, by, part_id))


def bring_back(node: Node, draft_id: str, *, part_id: str, by: Hand = NOBODY) -> Draft:
    """Put a part that was taken out where it stood. Raises NotFound, or InputWrong when there is no more room."""

    def change(body: Body) -> Body:
        gone = next((each for each in body.removed if each.part.id == part_id), None)
        if gone is None:
            raise NotFound("This part cannot be brought back any more. Nothing was changed; look at the draft again.")
        return steps.put(body, gone.part, gone.place)

    return _change(node, draft_id, change, Act(steps.BACK, by, part_id))


def take_back(node: Node, draft_id: str, *, person: str, step: str) -> Draft:
    """Take back somebody's own last change (`undo.ways`). Safe to repeat. Raises InputWrong or NotFound."""
    return _change(node, draft_id, undo.taken_back(node, draft_id, person=person, step=step))


def do_again(node: Node, draft_id: str, *, person: str, step: str) -> Draft:
    """Do once more what somebody took back last. Safe to repeat. Raises InputWrong or NotFound."""
    return _change(node, draft_id, undo.done_again(node, draft_id, person=person, step=step))


def pass_on(node: Node, draft_id: str, *, stage: str, note: str) -> Draft:
    """Say with whom a draft is, and what was said to it. Safe to repeat. Raises NotFound."""
    table = node.tables.Draft

    def work() -> Draft:
        table.update(stage=stage, note=note).where(table.id == draft_id).execute()
        return draft(node, draft_id)

    return node.write(work)


def forget(node: Node, draft_id: str) -> None:
    """Delete a draft and its earlier versions; what stands on the shelf stays. Safe to repeat."""
    draft_table, edition = node.tables.Draft, node.tables.Edition

    def work() -> None:
        undo.forget(node, draft_id)
        edition.delete().where(edition.draft == draft_id).execute()
        draft_table.delete().where(draft_table.id == draft_id).execute()

    node.write(work)


@dataclass(frozen=True)
class Act:
    """A change that can be taken back: its kind (`hub.writing.steps`), who does it, and what tells two such changes of
    one form apart; `part` names what is moved."""

    kind: str
    by: Hand = NOBODY
    what: str = ""
    part: str = ""

    @property
    def sent(self) -> str:
        """What is kept to know the form again by; "" where it is not told."""
        return f"{self.by.form}:{self.kind}:{self.what}" if self.by.form and self.what else ""


def _change(node: Node, draft_id: str, change: Callable[[Body], Body], act: Act | None = None) -> Draft:
    """Make another body of a draft's, in one transaction: two people change two parts, and both stay."""
    table, now = node.tables.Draft, node.clock.now_ms()

    def work() -> Draft:
        before = draft(node, draft_id)
        if act is not None and undo.was_sent(node, draft_id, sent=act.sent):
            return before
        after = replace(before, body=checks.room(change(before.body)), changed_ms=now)
        kept = {"body": parts.dump(after.body), "changed_ms": now}
        table.update(**kept).where(table.id == draft_id).execute()
        step = steps.between(act.kind, before.body, after.body, act.part) if act is not None else None
        if act is not None and step is not None:
            undo.keep(node, draft_id, by=act.by, sent=act.sent, step=step)
        return after

    return node.write(work)


def _ending(part: Part) -> Callable[[Body], Body]:
    """The change that puts a part at the end, under its own id; it waits no more among what was taken out."""
    return lambda body: steps.put(body, part, len(body.group(part)))


def _begun(node: Node, about: About, first: Sequence[Part]) -> Body:
    body = Body(about)
    for each in first:
        body = replace(body, parts=(*body.parts, replace(checks.part(each), id=_new_id(node, body))))
    return checks.room(body)


def _checked(node: Node, draft_id: str, part: Part) -> Part:
    """A part as it is kept; what a link leads to must stand on the shelf, and be no part of the draft itself."""
    checked = checks.part(part)
    if checked.kind == DRAW:
        return replace(checked, text=banks.bank(node, checked.target).title)
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
    body = parts.load(row.body)
    times = (row.made_ms, row.changed_ms)
    return Draft(row.id, row.person, row.package, row.version, body, *times, row.stage, row.note)
