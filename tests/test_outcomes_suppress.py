"""Hiding small counts: whoever knows everything that is shown, and the rules, cannot work out a hidden one."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from hub.suppression import Cell, hidden

LEAST = 5


def _cell(key: str, people: int, *, each: int = 1, first: int = 0) -> Cell:
    return Cell(key, people * each, frozenset(f"p{number}" for number in range(first, first + people)))


def test_counts_of_many_are_shown() -> None:
    """Nothing is hidden without need."""
    assert hidden([_cell("a", 5), _cell("b", 9)], LEAST) == frozenset()


def test_a_small_count_takes_a_second_with_it() -> None:
    """The total minus the rest would give a single hidden count away: the next smallest goes too."""
    assert hidden([_cell("a", 3), _cell("b", 20), _cell("c", 8)], LEAST) == {"a", "c"}


def test_two_small_counts_of_the_same_few_people_need_a_third() -> None:
    """Two hidden counts whose people are four together would tell about four people."""
    assert hidden([_cell("a", 3), _cell("b", 4), _cell("c", 9)], LEAST) == {"a", "b", "c"}


def test_a_total_of_few_people_is_not_shown() -> None:
    """One person who finished a hundred steps is still one person."""
    assert hidden([_cell("a", 1, each=100)], LEAST) is None


def test_what_cannot_be_hidden_is_not_shown_at_all() -> None:
    """One small count beside one large one: hiding both tells of both together, which is of many; that may be."""
    assert hidden([_cell("a", 2), _cell("b", 6, first=10)], LEAST) == {"a", "b"}


def test_nothing_is_counted_when_nothing_happened() -> None:
    """No cell, no people, nothing to show."""
    assert hidden([], LEAST) is None


CELLS = st.lists(
    st.tuples(st.integers(1, 3), st.sets(st.sampled_from("abcdefgh"), min_size=1)), min_size=1, max_size=5
).map(lambda rows: [Cell(str(key), each * len(people), frozenset(people)) for key, (each, people) in enumerate(rows)])


@given(CELLS)
def test_no_hidden_count_can_be_worked_out(cells: list[Cell]) -> None:
    """Every hidden count can, for all that is shown, be one and can be five; all hidden ones are of five people."""
    hide = hidden(cells, LEAST)
    if not hide:
        assert hide is None or all(len(cell.people) >= LEAST for cell in cells)
        return
    chosen = [cell for cell in cells if cell.key in hide]
    total = sum(cell.count for cell in chosen)
    worlds = (
        [world for world in itertools.product(range(1, total + 1), repeat=len(chosen)) if sum(world) == total]
        if total <= 12
        else []
    )
    for place in range(len(chosen)) if worlds else ():
        seen = {world[place] for world in worlds}
        assert {1, LEAST} <= seen
    assert len(frozenset().union(*(cell.people for cell in chosen))) >= LEAST
    assert total - (len(chosen) - 1) >= LEAST
