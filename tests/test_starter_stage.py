"""Staging a starter package: texts and shared pictures become one complete folder."""

import pytest

from content.starter import Starter, packages, stage
from tests.fixtures.starter import description, starter_id, starters, used_pictures


def test_every_work_exists_in_english_and_french():
    """Whoever opens a new hub finds the four works in both languages."""
    works = ["fix-a-phone", "numbers", "read-with-me", "safe-water"]
    wanted = [f"{work}.{language}" for work in works for language in ("en", "fr")]
    assert [starter.id for starter in packages()] == wanted


@pytest.mark.parametrize("starter", starters(), ids=starter_id)
def test_staged_folder_is_complete(starter: Starter, tmp_path):
    """Everything the description and the texts speak of lies in the staged folder."""
    folder = stage(starter, tmp_path)
    paths = {item["path"] for item in description(starter)["item"]} | used_pictures(starter)
    assert folder == tmp_path / starter.id
    assert [path for path in sorted(paths) if not (folder / path).is_file()] == []


def test_staging_twice_changes_nothing(tmp_path):
    """A repeated staging gives the same files."""
    starter = packages()[0]
    first = sorted(stage(starter, tmp_path).rglob("*"))
    assert sorted(stage(starter, tmp_path).rglob("*")) == first


def test_no_package_without_a_description(tmp_path):
    """A folder without `package.toml` is no package."""
    (tmp_path / "work" / "en").mkdir(parents=True)
    assert packages(tmp_path) == []
