"""Which tests need not run on PostgreSQL: what is asked stays asked, and the list speaks of tests there are."""

import pytest

from tests.asked import ALWAYS, LIST, Asked, listed, needed
from tests.fixtures.asking import plain

TESTS = {
    ("test_sync_a.py", "test_a"): Asked(frozenset({"a"}), 9.0),
    ("test_library_ab.py", "test_ab"): Asked(frozenset({"a", "b"}), 1.0),
    ("test_library_ab.py", "test_b"): Asked(frozenset({"b"}), 2.0),
    ("test_people_a.py", "test_a"): Asked(frozenset({"a"}), 1.0),
    ("test_people_c.py", "test_c"): Asked(frozenset({"c"}), 7.0),
}
SAME = [
    ("SELECT 1 FROM person WHERE id = 'x'", "SELECT 22  FROM person\nWHERE id = 'long'"),
    ("INSERT INTO t (a) VALUES (%s, %s), (%s, %s)", "INSERT INTO t (a) VALUES (%s, %s, %s)"),
    ('SAVEPOINT "s12ab"', 'SAVEPOINT "sff"'),
    (b"SELECT 1", "SELECT 2"),
]


def test_what_nobody_else_asks_runs() -> None:
    """The test that asks most in its time, and whoever asks something alone; those of ALWAYS need no line."""
    assert needed(TESTS) == [("test_library_ab.py", "test_ab"), ("test_people_c.py", "test_c")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_values_make_no_other_statement(one: object, other: str) -> None:
    """Nor do lengths of lists, and names that are made up."""
    assert plain(one) == plain(other)


def test_another_column_is_another_statement() -> None:
    """What is asked differs."""
    assert plain("SELECT a FROM t") != plain("SELECT b FROM t")


def test_the_list_names_tests_there_are() -> None:
    """None that was renamed, and no file that always runs."""
    files = listed()
    assert list(files) == sorted(files)
    texts = {file: LIST.with_name(file).read_text(encoding="utf-8") for file in files}
    assert [file for file in files if ALWAYS.match(file)] == []
    assert [name for file, names in files.items() for name in names if f"def {name}(" not in texts[file]] == []
