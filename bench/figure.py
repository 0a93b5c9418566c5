"""One measured number beside its budget, and the table of them."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`value` in `unit`; kept when at most `most` and at least `least`, where these are given."""

    name: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None

    @property
    def is_kept(self) -> bool:
        """Whether the budget is kept; a figure without one always is."""
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)

    @property
    def budget(self) -> str:
        """The budget in words."""
        bounds = [f"≤ {_number(self.most)}" if self.most is not None else ""]
        bounds.append(f"≥ {_number(self.least)}" if self.least is not None else "")
        return " ".join(bound for bound in bounds if bound)

    def line(self) -> str:
        """The row of the table."""
        mark = "" if self.is_kept else "  OVER"
        return f"  {self.name:<58}{_number(self.value):>10} {self.unit:<12}{self.budget:>12}{mark}"


def table(title: str, figures: Iterable[Figure]) -> str:
    """A titled block of rows."""
    return "\n".join([title, *(figure.line() for figure in figures), ""])


def _number(value: float) -> str:
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"
