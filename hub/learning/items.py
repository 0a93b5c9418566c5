"""What can be opened: an item of a package on the shelf, and the quiz behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from content.exercise import Question, Quiz, load
from content.package import Item, Manifest
from hub import seeing
from hub.errors import NotFound
from hub.node import Node
from hub.people.roster import Person
from hub.vocabulary import activity

ON_PAPER = "paper"
"""What draws the questions of a sheet: a class has one sheet, and who marks it knows what was asked."""
QUIZZES_REMEMBERED = 64
"""Quizzes kept read; a class opens one, a whole hub a few."""


@dataclass(frozen=True)
class Opened:
    """One item with the package it belongs to."""

    manifest: Manifest
    item: Item

    @property
    def activity(self) -> str:
        """Its name in learning records."""
        return activity(self.manifest.id, self.item.id)


def find(node: Node, *, package: str, item: str, person: Person | None = None) -> Opened:
    """The item, as `person` sees its package. Raises NotFound when it is not on the shelf, or not for them."""
    here = node.shelf.manifest(package)
    manifest = seeing.seen(node, here, person) if here else None
    found = manifest.item(item) if manifest else None
    if manifest is None or found is None:
        raise NotFound("This lesson is not on the shelf. What was learned stays; look for it in the library.")
    return Opened(manifest, found)


def following(opened: Opened) -> Item | None:
    """The item after this one in its package, or None at the end."""
    items = opened.manifest.items
    return next((after for before, after in zip(items, items[1:], strict=False) if before.id == opened.item.id), None)


def lesson_for(opened: Opened, questions: Sequence[Question]) -> Item | None:
    """The lesson of the package to read again after these questions went wrong, or None."""
    wanted = {name for question in questions for name in question.competencies}
    lessons = [item for item in opened.manifest.items if item.kind == "lesson"]
    return next((item for item in lessons if wanted & set(item.competencies)), None)


def quiz(node: Node, opened: Opened) -> Quiz:
    """The quiz that an item of that kind stands for. Raises ContentError when it is not whole."""
    return _loaded(node.shelf.read(opened.manifest, opened.item.path), opened.item.title)


def on_paper(node: Node, opened: Opened) -> Quiz:
    """The quiz as every sheet of paper asks it: of each pool the same questions, as long as the quiz stays as it is."""
    return quiz(node, opened).drawn(ON_PAPER)


@lru_cache(maxsize=QUIZZES_REMEMBERED)
def _loaded(data: bytes, title: str) -> Quiz:
    """Reading is pure, so the same bytes need it once."""
    return load(data, title)
