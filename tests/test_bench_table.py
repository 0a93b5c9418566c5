"""The benchmark: a table with each figure beside its budget, and a status that says whether all were kept."""

import pytest

from bench import tide
from bench.figure import Figure, table

CASES = [
    (Figure("a", 99.0, "ms", most=100), True, "≤ 100"),
    (Figure("b", 101.0, "ms", most=100), False, "≤ 100"),
    (Figure("c", 9.3, "times", least=10), False, "≥ 10"),
    (Figure("d", 5.0, "bytes"), True, ""),
]


@pytest.mark.parametrize(("figure", "is_kept", "budget"), CASES, ids=lambda case: getattr(case, "name", None))
def test_a_figure_knows_its_budget(figure: Figure, is_kept: bool, budget: str) -> None:
    """Above the most or below the least is marked; a figure without a budget is kept."""
    assert (figure.is_kept, figure.budget, "OVER" in figure.line()) == (is_kept, budget, not is_kept)


def test_a_block_is_a_titled_table() -> None:
    """One line a figure, in order."""
    assert [line.split()[0] for line in table("T", [case[0] for case in CASES]).splitlines()] == [
        "T",
        "a",
        "b",
        "c",
        "d",
    ]


def test_the_tide_keeps_its_budgets() -> None:
    """Bytes do not depend on the machine, so they are held here too: 60 a record, 300 up and 250 down for no news."""
    assert [figure.line() for figure in tide.measure() if not figure.is_kept] == []
