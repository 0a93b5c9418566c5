"""What keeps a hub in order, walked with a keyboard alone: people, lists, households, wordings, voices, looking up."""

from pathlib import Path

import pytest

from hub import library
from hub.people import households, roster
from hub.sound import recordings
from hub.worker import HANDLERS, Worker
from tests.fixtures import engines, packages, sounds
from tests.fixtures.demo import Demo
from tests.fixtures.keyboard import Keys
from tests.fixtures.walks import SitDown, focused_by

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.LOOK)]

LIST = "name,picture,circles,household\nPendo,hen,Little readers,Pendo's home\nSefu,goat,Little readers,Pendo's home\n"


def choose_file(keys: Keys, path: Path) -> None:
    """Come to the field for a file, open it with the space bar, and choose."""
    with keys.page.expect_file_chooser() as chooser:
        keys.press("main input[type='file']", "Space")
    chooser.value.set_files(path)


def test_a_librarian_takes_somebody_in(keys_of: SitDown) -> None:
    """Name, picture with the arrows, and the form is sent: the person stands there."""
    keys = keys_of("librarian")
    keys.page.goto(keys.page.url + "people/add/")
    keys.write("#field-name", "Neema")
    keys.choose("input[name='picture'][value='pineapple']")
    keys.go("main form .button")
    assert "Neema" in keys.page.inner_text("main h1")
    assert keys.wrong == []


def test_a_steward_reads_what_leaves_and_names_the_hub(keys_of: SitDown) -> None:
    """Community, what leaves, record by record; back, and the hub has another name."""
    keys = keys_of("steward")
    keys.go("a[href='/community/']")
    keys.go("main a[href='/status/sharing/']")
    keys.go("main a[href='/status/tide/region/']")
    keys.go("main .back")
    keys.go("nav a[href='/community/']")
    keys.write("#field-name", "Mbuyu School")
    keys.go("form[action='/community/name/'] button")
    assert "Mbuyu School" in keys.page.inner_text(".brand")
    assert keys.wrong == []


def test_a_list_of_people_is_looked_at_and_taken_in(demo_copy: Demo, keys_of: SitDown, tmp_path: Path) -> None:
    """A wrong list says where; a right one says what would change, and nothing changes before it is taken in."""
    table = tmp_path / "people.csv"
    keys = keys_of("librarian", "/people/")
    keys.go("main a[href='/people/lists/']")
    for text, shown in (("name,picture\n,hen\n", ".problem li"), (LIST, ".tone-good li")):
        table.write_text(text, encoding="utf-8")
        choose_file(keys, table)
        keys.go("button[name='look']")
        assert keys.page.locator(shown).count()
        assert focused_by(keys, "main [role]")
    assert "Pendo" not in {each.name for each in roster.people(demo_copy.node)}
    choose_file(keys, table)
    keys.go("button[name='look'] + .button")
    Worker(demo_copy.node, HANDLERS).step()
    keys.page.reload()
    keys.go("main a[href='/people/'], main a.button")
    assert {"Pendo", "Sefu"} <= {each.name for each in roster.people(demo_copy.node)}
    assert keys.wrong == []


def test_a_household_comes_together(demo_copy: Demo, keys_of: SitDown) -> None:
    """A new one, refused without a name at first; somebody is put in; and it is trusted from now on."""
    keys = keys_of("librarian", "/people/")
    keys.go("main a[href='/people/households/']")
    keys.press("main details > summary", "Space")
    keys.write("#field-name", "  ")
    keys.choose("main input[name='picture'][value='mountain']")
    keys.go("main details form .button")
    assert focused_by(keys, "main [role='alert']")
    keys.write("#field-name", "Neema's home")
    keys.choose("main input[name='picture'][value='mountain']")
    keys.go("main details form .button")
    neema = next(each for each in roster.people(demo_copy.node) if each.name == "Neema")
    keys.pick("#field-person", neema.id)
    keys.pick("#field-relation", "guardian")
    keys.go("form[action$='/members/'] .button")
    keys.press("main details:last-of-type > summary", "Space")
    keys.press("main input[name='is_trusting']", "Space")
    keys.go("main details:last-of-type form .button")
    made = next(each for each in households.households(demo_copy.node) if each.name == "Neema's home")
    assert made.is_trusting
    assert [(each.person.name, each.relation) for each in households.kin(demo_copy.node, made.id)] == [
        ("Neema", "guardian")
    ]
    assert keys.wrong == []


def test_a_wording_is_mended_and_written_out(keys_of: SitDown) -> None:
    """Found by its words, refused when empty, said in others, and kept as a file for translators."""
    keys = keys_of("librarian", "/status/")
    keys.go("main a[href='/wordings/']")
    look_for(keys, "Everything here opens without the internet.")
    keys.go("main .wording-line")
    keys.write("#field-form0", " ")
    keys.go("main form .button")
    assert focused_by(keys, "main [role='alert']")
    keys.write("#field-form0", "All of this opens at low tide.")
    keys.go("main form .button")
    with keys.page.expect_download() as download:
        keys.press("main a[href$='.po']")
    assert "All of this opens at low tide." in Path(download.value.path()).read_text("utf-8")
    keys.go("nav a[href='/library/']")
    assert "All of this opens at low tide." in keys.page.inner_text("main")
    assert keys.wrong == []


def test_a_sentence_is_spoken(demo_copy: Demo, keys_of: SitDown, tmp_path: Path) -> None:
    """A file from a recorder, for one sentence of a lesson; what is no sound is refused beside it; then taken back."""
    keys = keys_of("librarian", "/sound/")
    keys.go("main a[href='/sound/of/numbers.en/']")
    keys.go("main a[href$='/how-many/']")
    keys.go("main .record")
    for data, kept in ((b"no sound", 0), (sounds.wav(1.0), 1)):
        path = tmp_path / "said.wav"
        path.write_bytes(data)
        choose_file(keys, path)
        keys.go("main .chosen form[enctype] .button:not([type])")
        assert len(recordings.spoken(demo_copy.node)) == kept
    keys.go("main .record")
    keys.go("button[name='back']")
    assert recordings.spoken(demo_copy.node) == {}
    assert keys.wrong == []


def test_a_word_leads_to_what_holds_it(demo_copy: Demo, keys_of: SitDown, tmp_path: Path) -> None:
    """Written into the library and sent with Enter: what has just been put there is found and opens; a word that is
    nowhere says so, with a way on."""
    library.add(demo_copy.node, source=packages.epub(tmp_path / "goat.epub"))
    keys = keys_of("learner", "/library/")
    look_for(keys, "Goat")
    keys.go("main a.choice[href^='/learn/the-goat-and-the-moon']")
    keys.page.go_back()
    look_for(keys, "zzzzz")
    keys.go("main .empty .button")
    assert keys.page.url.endswith("/library/")
    assert keys.wrong == []


def look_for(keys: Keys, word: str) -> None:
    """Write a word into the search, and press Enter."""
    keys.write("#field-q", word)
    with keys.page.expect_navigation():
        keys.page.keyboard.press("Enter")
