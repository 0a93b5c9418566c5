"""The wheel: everything the program needs, and nothing of how it is made."""

import zipfile
from pathlib import Path, PurePosixPath

import pytest

from tests.fixtures.device import ROOT


@pytest.fixture(scope="module")
def inside(wheels: Path) -> set[str]:
    """The names in the wheel."""
    with zipfile.ZipFile(next(wheels.glob("mangrove_hub-*.whl"))) as opened:
        return set(opened.namelist())


STAYS = ("*.po", "babel.cfg", "DESIGN.md", "*.pyc")
"""What stays in the tree: what translations are made from, and what only a developer reads."""


def _files(folder: str) -> set[str]:
    paths = [path for path in (ROOT / folder).rglob("*") if path.is_file() and not any(map(path.match, STAYS))]
    return {str(path.relative_to(ROOT)) for path in paths}


@pytest.mark.parametrize("folder", ["hub", "content", "sync"])
def test_the_wheel_holds_the_packages_whole(inside: set[str], folder: str) -> None:
    """Every module, template, static file, dictionary and starter package of the tree."""
    assert _files(folder) - inside == set()


def test_the_wheel_holds_nothing_else(inside: set[str]) -> None:
    """No tests, benchmarks, documents or deployment: their names would be too general for a shared folder."""
    tops = {PurePosixPath(name).parts[0] for name in inside}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"hub", "content", "sync"}
