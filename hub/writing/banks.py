"""Banks of questions: named, kept by this hub, filled by hand, from quiz files and out of drafts.

A draft takes questions out of a bank as its own, or draws a few at each sitting (`filled`). Each change is one
transaction; a question keeps its id wherever it goes, so that what was answered counts for the same question.
"""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from content.package import is_language
from content.search import plain_words
from hub.errors import InputWrong, NotFound
from hub.learning.sittings import derived
from hub.node import Node
from hub.writing import checks, parts
from hub.writing.parts import DRAW, QUESTION_KINDS, Body, Part, Removed

UNDONE_MAX = 10
"""How often in a row what was taken out can be brought back."""
ID_CHARS = 8
KEPT = ("title", "language", "questions", "removed")
"""What the body of a row holds."""


@dataclass(frozen=True)
class Bank:
    """A bank as it stands; `removed` is what was taken out together, the latest last. Times are ms since 1970, UTC."""

    id: str
    person: str
    title: str
    language: str
    questions: tuple[Part, ...]
    removed: tuple[tuple[Removed, ...], ...]
    made_ms: int
    changed_ms: int

    def question(self, question_id: str) -> Part | None:
        """The question of that id, or None."""
        return next((each for each in self.questions if each.id == question_id), None)

    def taken_out(self, question_id: str) -> Part | None:
        """The question of that id among those that were taken out last, or None."""
        return next((each.part for batch in self.removed for each in batch if each.part.id == question_id), None)

    @property
    def files(self) -> set[str]:
        """Every picture it may still show."""
        gone = (each.part for batch in self.removed for each in batch)
        return {name for part in (*self.questions, *gone) for name in part.files}


@dataclass(frozen=True)
class Put:
    """What came of putting questions somewhere: how many are there now, and how many were there already."""

    fresh: int
    known: int


def banks(node: Node) -> list[Bank]:
    """Every bank of the hub, by name."""
    found = [_bank(row) for row in node.tables.Bank.select()]
    return sorted(found, key=lambda each: (each.title.casefold(), each.id))


def bank(node: Node, bank_id: str) -> Bank:
    """One bank. Raises NotFound."""
    row = node.tables.Bank.get_or_none(node.tables.Bank.id == bank_id)
    if row is None:
        raise NotFound("This bank of questions is no longer here. Nothing was changed; look at the list again.")
    return _bank(row)


def begin(node: Node, *, person: str, title: str, language: str, form: str = "") -> Bank:
    """A new bank without questions; the same form, sent again, begins no second one. Raises InputWrong."""
    table, now = node.tables.Bank, node.clock.now_ms()
    title, language = _named(title, language)
    named = derived("bank", person, form, title) if form else node.new_id()
    made = Bank(named, person, title, language, (), (), now, now)

    def work() -> None:
        if table.get_or_none(table.id == named) is not None:
            return
        if table.select().count() >= checks.BANKS_MAX:
            raise InputWrong(
                "There are %(most)s banks, as many as this hub keeps. Nothing was changed; delete one that nobody"
                " needs.",
                most=checks.BANKS_MAX,
            )
        table.insert(id=made.id, person=person, body=_dump(made), made_ms=now, changed_ms=now).execute()

    node.write(work)
    return bank(node, named)


def rename(node: Node, bank_id: str, *, title: str, language: str) -> Bank:
    """Call it otherwise. Raises InputWrong or NotFound."""
    title, language = _named(title, language)
    return _change(node, bank_id, lambda before: replace(before, title=title, language=language))


def named_by(part: Part, form: str) -> Part:
    """A new question with the id that the form gives it in which it was written."""
    return replace(part, id=derived("question", form)[:ID_CHARS]) if form else part


def put(node: Node, bank_id: str, *, questions: Sequence[Part]) -> Put:
    """Put questions at the end, all or none; what stands there word for word is not put twice.

    A question keeps its id where that is free or its own, so the same form or file sent twice adds nothing. Raises
    InputWrong or NotFound.
    """
    checked = [checks.part(each) for each in questions if each.kind in QUESTION_KINDS]
    fresh = 0

    def change(before: Bank) -> Bank:
        nonlocal fresh
        held = {each.id: each for each in before.questions}
        for each in checked:
            if held.get(each.id) != each:
                made = replace(each, id=each.id if each.id and each.id not in held else _new_id(node, held))
                held[made.id] = made
        fresh = len(held) - len(before.questions)
        return replace(before, questions=tuple(held.values()))

    _change(node, bank_id, change)
    return Put(fresh, len(checked) - fresh)


def alter(node: Node, bank_id: str, *, part: Part, seen: str = "") -> Bank:
    """Put a question in the place of the one with its id, as long as that one still has the mark that was `seen`.

    Raises InputWrong or NotFound.
    """
    checked = checks.part(part)

    def change(before: Bank) -> Bank:
        standing = _standing(before, part.id)
        if seen not in ("", parts.mark(standing)) and standing != checked:
            raise InputWrong(
                "Somebody changed this part meanwhile. What you typed is still in the form, and what stands there now"
                " is beside it. Keep yours, and it takes that place."
            )
        return replace(before, questions=tuple(checked if each.id == part.id else each for each in before.questions))

    return _change(node, bank_id, change)


def remove(node: Node, bank_id: str, *, ids: Collection[str]) -> int:
    """Take questions out together; they can be brought back. Return how many there were. Raises NotFound."""
    gone: tuple[Removed, ...] = ()

    def change(before: Bank) -> Bank:
        nonlocal gone
        gone = tuple(Removed(each, place) for place, each in enumerate(before.questions) if each.id in ids)
        left = tuple(each for each in before.questions if each.id not in ids)
        return replace(before, questions=left, removed=_kept((*before.removed, gone) if gone else before.removed))

    _change(node, bank_id, change)
    return len(gone)


def bring_back(node: Node, bank_id: str) -> Bank:
    """Put what was taken out last where it stood. Raises NotFound, or InputWrong when there is no more room."""

    def change(before: Bank) -> Bank:
        if not before.removed:
            raise NotFound("There is nothing more to bring back. Nothing was changed; look at the bank again.")
        back, held = list(before.questions), {each.id for each in before.questions}
        for gone in before.removed[-1]:
            if gone.part.id not in held:
                back.insert(gone.place, gone.part)
        return replace(before, questions=tuple(back), removed=before.removed[:-1])

    return _change(node, bank_id, change)


def forget(node: Node, bank_id: str) -> None:
    """Delete a bank; what drafts took out of it and what was published stay. Safe to repeat."""
    table = node.tables.Bank
    node.write(lambda: table.delete().where(table.id == bank_id).execute())


def found(questions: Sequence[Part], words: str) -> list[Part]:
    """The questions in which every one of these words stands, or begins a word."""
    wanted = plain_words(words).split()
    return [each for each in questions if all(f" {word}" in f" {plain_words(_said(each))}" for word in wanted)]


def drawn_by(node: Node, bank_id: str) -> int:
    """How many drafts draw questions of a bank."""
    bodies = (parts.load(row.body) for row in node.tables.Draft.select())
    return sum(any(each.kind == DRAW and each.target == bank_id for each in body.parts) for body in bodies)


def filled(node: Node, body: Body) -> Body:
    """A draft with the questions that its draws draw from now: none, where a bank is gone or empty."""
    held: dict[str, tuple[Part, ...]] = {}
    for each in body.parts:
        if each.kind == DRAW and each.target not in held:
            row = node.tables.Bank.get_or_none(node.tables.Bank.id == each.target)
            held[each.target] = _bank(row).questions if row is not None else ()
    made = (replace(each, pool=held[each.target]) if each.kind == DRAW else each for each in body.parts)
    return replace(body, parts=tuple(made))


def load_files(body: str) -> set[str]:
    """Every picture that a bank may still show, by its row."""
    return _loaded("", "", body, 0, 0).files


def _named(title: str, language: str) -> tuple[str, str]:
    if not is_language(language):
        raise InputWrong("A language has a short code, such as en or pt-BR. Nothing was changed; choose one.")
    return checks.bank_title(title), language


def _change(node: Node, bank_id: str, change: Callable[[Bank], Bank]) -> Bank:
    """Change a bank in one transaction: two people change two questions, and both stay."""
    table, now = node.tables.Bank, node.clock.now_ms()

    def work() -> Bank:
        after = replace(change(bank(node, bank_id)), changed_ms=now)
        checks.bank_room(after.questions)
        table.update(body=_dump(after), changed_ms=now).where(table.id == bank_id).execute()
        return after

    return node.write(work)


def _standing(found: Bank, question_id: str) -> Part:
    standing = found.question(question_id)
    if standing is None:
        raise NotFound("This question is no longer in the bank. Nothing was changed; look at the bank again.")
    return standing


def _kept(removed: tuple[tuple[Removed, ...], ...]) -> tuple[tuple[Removed, ...], ...]:
    """Of what was taken out the latest, as much as a bank may hold."""
    kept = removed[-UNDONE_MAX:]
    while len(kept) > 1 and sum(map(len, kept)) > checks.BANK_QUESTIONS_MAX:
        kept = kept[1:]
    return kept


def _new_id(node: Node, held: Collection[str]) -> str:
    while True:
        fresh = node.new_id().replace("-", "")[:ID_CHARS]
        if fresh not in held:
            return fresh


def _said(part: Part) -> str:
    return " ".join((part.text, *(each.text for each in part.choices), *part.answers))


def _dump(made: Bank) -> str:
    kept = {name: value for name, value in asdict(made).items() if name in KEPT}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _bank(row: Any) -> Bank:
    return _loaded(row.id, row.person, row.body, row.made_ms, row.changed_ms)


def _loaded(bank_id: str, person: str, body: str, made_ms: int, changed_ms: int) -> Bank:
    values = json.loads(body)
    return Bank(
        id=bank_id,
        person=person,
        title=values["title"],
        language=values["language"],
        questions=tuple(parts.part(each) for each in values["questions"]),
        removed=tuple(
            tuple(Removed(parts.part(each["part"]), each["place"]) for each in batch) for batch in values["removed"]
        ),
        made_ms=made_ms,
        changed_ms=changed_ms,
    )
