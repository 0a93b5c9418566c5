"""Which files need not run on PostgreSQL: what is asked stays asked, and the list speaks of files there are."""

import pytest

from tests.asked import ALWAYS, ELSEWHERE, Asked, elsewhere
from tests.fixtures.asking import plain

FILES = {
    "test_sync_a.py": Asked(frozenset({"a"}), 9.0),
    "test_library_ab.py": Asked(frozenset({"a", "b"}), 1.0),
    "test_library_b.py": Asked(frozenset({"b"}), 2.0),
    "test_people_a.py": Asked(frozenset({"a"}), 1.0),
    "test_people_none.py": Asked(frozenset(), 1.0),
}
SAME = [
    ("SELECT 1 FROM person WHERE id = 'x'", "SELECT 22  FROM person\nWHERE id = 'long'"),
    ("INSERT INTO t (a) VALUES (%s, %s), (%s, %s)", "INSERT INTO t (a) VALUES (%s, %s, %s)"),
    ('SAVEPOINT "s12ab"', 'SAVEPOINT "sff"'),
    (b"SELECT 1", "SELECT 2"),
]


def test_what_nobody_else_asks_stays() -> None:
    """The file that asks most in its time stays, and those of ALWAYS; what asks nothing is none of the list's."""
    assert elsewhere(FILES) == ["test_library_b.py", "test_people_a.py"]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_values_make_no_other_statement(one: object, other: str) -> None:
    """Nor do lengths of lists, and names that are made up."""
    assert plain(one) == plain(other)


def test_another_column_is_another_statement() -> None:
    """What is asked differs."""
    assert plain("SELECT a FROM t") != plain("SELECT b FROM t")


def test_the_list_names_files_there_are() -> None:
    """None that was renamed, and none that always runs."""
    names = ELSEWHERE.read_text(encoding="utf-8").split()
    assert names == sorted(set(names))
    assert [name for name in names if ALWAYS.match(name) or not ELSEWHERE.with_name(name).exists()] == []
