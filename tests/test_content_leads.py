"""What a course leads to: links that stand alone in a paragraph, and the packages its manifest needs."""

from pathlib import Path

import pytest

from content import authored, install, leads
from content.errors import ManifestWrong
from content.leads import Lead
from content.package import dump, parse
from content.shelf import Shelf
from tests.fixtures import packages

TEXT = """# Water

First *look*.

- a list [inside](shelf:no.en)

[A clean well](shelf:well.en/read)

[Two](shelf:two.en) [links](shelf:three.en)

Then [in a sentence](shelf:four.en).

[**All** of it](shelf:five.en)

[Elsewhere](https://example.org)

The end.
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_lesson_is_parted_by_links_that_stand_alone(ends: str) -> None:
    """What is said before each stays with it, and nothing is lost."""
    led = leads.parted(TEXT.replace("\n", ends))
    assert [(each.words, each.target) for each in led.leads] == [
        ("A clean well", "well.en/read"),
        ("All of it", "five.en"),
    ]
    assert led.leads[0].before.startswith("# Water\n\nFirst *look*.") and "shelf:four.en" in led.leads[1].before
    assert led.after.endswith("The end.\n")


def test_a_lead_names_a_work_or_a_part_of_it() -> None:
    """Parted by a slash."""
    assert [(each.package, each.item) for each in (Lead("", "", "a.en/b"), Lead("", "", "a.en"))] == [
        ("a.en", "b"),
        ("a.en", ""),
    ]


def course(place: Path, needs: str) -> Path:
    """A lesson folder that says what it needs."""
    folder = packages.folder(place)
    page = folder / "package.toml"
    page.write_text(f"needs = {needs}\n{page.read_text(encoding='utf-8')}", encoding="utf-8")
    return folder


def test_what_a_course_needs_stands_in_its_manifest(tmp_path: Path) -> None:
    """In order, through the folder, the manifest and what a program writes."""
    shelf = Shelf(tmp_path / "shelf")
    made = install.install(shelf, course(tmp_path / "well", '["two.en", "one.en"]'))
    assert made.needs == ("two.en", "one.en") and parse(dump(made)) == made
    assert b'needs = ["two.en", "one.en"]' in authored.page(made)


@pytest.mark.parametrize("needs", ['["A b"]', '["one", "one"]', str([f"p{n}" for n in range(501)]).replace("'", '"')])
def test_what_is_no_need_is_refused(tmp_path: Path, needs: str) -> None:
    """What is no id, what is named twice, and more than a collection has."""
    with pytest.raises(ManifestWrong):
        install.install(Shelf(tmp_path / "shelf"), course(tmp_path / "well", needs))
