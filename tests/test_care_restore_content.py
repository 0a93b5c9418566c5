"""A backup that takes the packages along brings them back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from content.starter import packages, stage
from hub import library
from hub.care import backup
from hub.care.restore import restore
from hub.config import keep
from hub.node import Node, make_home
from tests.fixtures.care import copy_keys, stick


@pytest.mark.parametrize("with_content", [True, False])
def test_packages_come_back_or_are_named(
    node: Node, tmp_path: Path, database_url: Callable[[], str], with_content: bool
) -> None:
    """With the content they stand on the shelf again; without, the list says what is missing."""
    starter = packages()[0]
    title = library.add(node, source=stage(starter, tmp_path / "staged" / starter.id)).title
    saved = backup.make(node, stick(tmp_path), with_content=with_content)
    home = tmp_path / "second"
    make_home(home)
    keep(home, {"database": database_url()})
    copy_keys(node.home, home)
    back = restore(home, saved)
    assert (back.packages_back, back.packages_missing) == ((1, ()) if with_content else (0, (title,)))
