"""How somebody wants books to look: size of letters, room between lines, light or dark. A note of this node for each
person, and nothing of it leaves."""

import re
from dataclasses import astuple, dataclass, replace

from hub.errors import InputWrong
from hub.node import Node
from hub.tables import put

NAME = "booklook:"
"""The note's name begins so; the person's id follows."""
STEPS = {"size": 4, "lines": 2, "light": 3}
"""What may be chosen, and how many values each has; 0 is always as the book has it."""
_MARK = re.compile("".join(f"([0-{count - 1}])" for count in STEPS.values()))


@dataclass(frozen=True)
class Look:
    """`size` 0 to 3, from the book's own letters to the largest; `lines` 1 for wide apart; `light` 1 light, 2 dark."""

    size: int = 0
    lines: int = 0
    light: int = 0

    @property
    def mark(self) -> str:
        """The look in three digits; "" for as the book has it."""
        digits = "".join(map(str, astuple(self)))
        return digits if digits.strip("0") else ""


def read(mark: str) -> Look:
    """The look that a mark names; as the book has it when it is none."""
    found = _MARK.fullmatch(mark)
    return Look(*map(int, found.groups())) if found else Look()


def kept(node: Node, person: str) -> Look:
    """The look that somebody chose last."""
    row = node.tables.Note.get_or_none(node.tables.Note.name == NAME + person)
    return read(row.value) if row is not None else Look()


def changed(look: Look, *, name: str, value: str) -> Look:
    """A look with one of STEPS changed. Raises InputWrong."""
    if name not in STEPS or value not in map(str, range(STEPS[name])):
        raise InputWrong("Books cannot look like that. Nothing was changed; choose one from the page.")
    return replace(look, **{name: int(value)})


def keep(node: Node, *, person: str, look: Look) -> None:
    """Keep how somebody wants books to look. Safe to repeat."""
    node.write(lambda: put(node.tables.Note, name=NAME + person, value=look.mark))
