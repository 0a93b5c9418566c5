"""The list of deliberate faults keeps up with the program, so that it cannot rot unseen."""

import ast
from collections import Counter

import pytest

from tests.mutants.fault import ROOT, Fault
from tests.mutants.list import FAULTS

LEAST = 30
"""So many faults at least."""


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_fault_has_its_place_and_its_tests(fault: Fault) -> None:
    """Its old text stands exactly once, the new one is Python, and the tests that must notice it are there."""
    path = ROOT / fault.file
    assert fault.count() == 1, f"{fault.old!r} stands {fault.count()} times in {fault.file}"
    ast.parse(path.read_text(encoding="utf-8").replace(fault.old, fault.new))
    assert fault.tests
    for test in fault.tests:
        module, _, name = test.partition("::")
        defined = {each.name for each in ast.walk(ast.parse((ROOT / module).read_text())) if hasattr(each, "name")}
        assert not name or name in defined, test


def test_there_are_enough_and_each_is_one() -> None:
    """No fault stands twice in the list."""
    assert len(FAULTS) >= LEAST
    assert [name for name, count in Counter(fault.name for fault in FAULTS).items() if count > 1] == []
    assert [
        pair for pair, count in Counter((each.file, each.old, each.new) for each in FAULTS).items() if count > 1
    ] == []
