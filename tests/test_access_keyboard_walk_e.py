"""Journey e with a keyboard alone: a lesson with a picture and a question is written and put on the shelf."""

from pathlib import Path

import pytest

from hub.writing import drafts
from tests.fixtures import photos, writing
from tests.fixtures.demo import Demo
from tests.fixtures.walks import SitDown

pytestmark = pytest.mark.browser
KEPT = "main form .button.main"


def test_e_a_librarian_writes_a_lesson(demo_copy: Demo, keys_of: SitDown, tmp_path: Path) -> None:
    """Every stop on the way is seen; a part is moved, taken out and brought back, and it stands on the shelf."""
    photo = tmp_path / "hands.jpg"
    photo.write_bytes(photos.photo(320, 240))
    keys = keys_of("librarian", "/library/write/")
    keys.go(".main-action")
    keys.write("#field-title", "Clean hands")
    keys.go(KEPT)
    keys.go(".main-action")
    keys.write("#field-text", "Use soap.")
    keys.go(KEPT)
    keys.go("a[href$='/add/picture/']")
    with keys.page.expect_file_chooser() as chooser:
        keys.press("#field-camera", "Space")
    chooser.value.set_files(photo)
    keys.write("#field-text", "Two hands")
    keys.go(KEPT)
    keys.press(".written li:nth-child(2) summary")
    keys.go(".written li:nth-child(2) button[value='up']")
    keys.press(".written li:nth-child(1) summary")
    keys.go(".written li:nth-child(1) form[action$='/remove/'] .button")
    keys.go("form[action$='/back/'] .button")
    keys.go("a[href$='/add/choose/']")
    keys.write("#field-text", "What do you need?")
    keys.write("#field-choice-a", "Soap")
    keys.press("#field-right-a", "Space")
    keys.write("#field-choice-b", "Sand")
    keys.go(KEPT)
    keys.go("a.main-action")
    keys.go("button.main-action")
    writing.work(demo_copy.node)
    keys.page.reload()
    keys.go("a.main-action")
    assert "Clean hands" in keys.page.inner_text("main h1")
    (made,) = [each for each in drafts.drafts(demo_copy.node, person="") if each.body.about.title == "Clean hands"]
    assert [each.kind for each in made.body.parts] == ["picture", "text", "choose"]
    assert keys.wrong == []
