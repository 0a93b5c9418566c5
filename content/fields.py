"""Reading named fields out of a table from outside (TOML or JSON), with a plain sentence for each mistake.

Each reader checks type, length and range once, here at the door; what it returns can be trusted further in.
"""

from collections.abc import Callable, Mapping
from typing import NoReturn

from content.errors import ContentError

TEXT_MAX = 4_000
"""Characters in one field: a long paragraph. Longer text belongs into a lesson."""

LIST_MAX = 2_000
"""Entries in one list: more than a book of exercises."""

_ABSENT = object()


class Fields:
    """One table and the place it stands in, for sentences; `problem` is the class raised for a mistake."""

    def __init__(self, values: object, where: str, problem: Callable[..., ContentError]) -> None:
        self.where = where
        self._problem = problem
        if not isinstance(values, dict):
            self.refuse("this must be a table of named fields")
        self.values: Mapping[str, object] = values

    def refuse(self, why: str) -> NoReturn:
        """Raise the problem of this place."""
        raise self._problem(where=self.where, why=why)

    def only(self, *names: str) -> None:
        """Refuse a field that is not among `names`: nearly always a slip of the pen."""
        for name in self.values:
            if name not in names:
                self.refuse(f'the field "{name}" is not known here')

    def text(self, name: str, default: str | None = None, *, limit: int = TEXT_MAX) -> str:
        """A text without surrounding space; an empty one counts as absent and needs a default."""
        value = self.values.get(name, "")
        if not isinstance(value, str):
            self.refuse(f'"{name}" must be a text in quotes')
        if len(value) > limit:
            self.refuse(f'"{name}" is longer than {limit} characters')
        if not value.strip():
            if default is None:
                self.refuse(f'"{name}" is missing')
            return default
        return value.strip()

    def whole(self, name: str, default: int | None = None, *, low: int, high: int) -> int:
        """A whole number from `low` to `high`."""
        value = self.values.get(name, _ABSENT)
        if value is _ABSENT and default is not None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.refuse(f'"{name}" must be a whole number from {low} to {high}')
        return value

    def number(self, name: str, default: float, *, low: float, high: float) -> float:
        """A number from `low` to `high`."""
        value = self.values.get(name, default)
        if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
            self.refuse(f'"{name}" must be a number from {low} to {high}')
        return float(value)

    def flag(self, name: str) -> bool:
        """Yes or no; no when absent."""
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            self.refuse(f'"{name}" must be true or false')
        return value

    def texts(self, name: str, *, limit: int = TEXT_MAX) -> tuple[str, ...]:
        """A list of texts, empty when absent; no text twice."""
        found = tuple(self._list(name))
        for value in found:
            if not isinstance(value, str) or not value.strip() or len(value) > limit:
                self.refuse(f'"{name}" must be a list of texts in quotes')
        if len(set(found)) != len(found):
            self.refuse(f'"{name}" holds the same text twice')
        return tuple(str(value).strip() for value in found)

    def path(self, name: str, *, limit: int) -> tuple[str, ...]:
        """A list of texts in which each may stand again; empty when absent."""
        return tuple(
            Fields({"one": value}, self.where, self._problem).text("one", limit=limit) for value in self._list(name)
        )

    def tables(self, name: str, called: str = "") -> list["Fields"]:
        """A list of tables, each with its own place; empty when absent."""
        return [
            Fields(value, f"{self.where}, {called or name} {number}", self._problem)
            for number, value in enumerate(self._list(name), start=1)
        ]

    def _list(self, name: str) -> list[object]:
        value = self.values.get(name, [])
        if not isinstance(value, list):
            self.refuse(f'"{name}" must be a list')
        if len(value) > LIST_MAX:
            self.refuse(f'"{name}" holds more than {LIST_MAX} entries')
        return value
