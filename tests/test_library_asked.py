"""What nobody found: kept without who asked, shown to whoever keeps the shelf, gone when something answers it."""

import random
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest

from hub import library, unanswered
from hub.errors import StorageFull
from hub.node import Node
from hub.people import roster
from hub.unanswered import EVERY_MS, GATHERED_MAX, KEPT_MAX, LETTERS_MAX, Gathering
from tests.fixtures import packages
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.clock import HandClock

KEEPERS = ("librarian", "steward")
PAGE = "/library/asked/"
HOSTILE = ["<script>alert(1)</script>", "' OR 1=1 --", "%ff%fe", "w" * 299, "\U0001f600", "x", "  "]


@pytest.fixture
def shelf(node: Node, cast: Cast, tmp_path: Path) -> Node:
    """A lesson about a well."""
    library.add(node, source=packages.folder(tmp_path / "well"))
    return node


def search(cast: Cast, words: str, role: str = "learner", more: str = "") -> None:
    """Somebody looks for something."""
    assert cast.client(role).get(f"/library/?q={words}{more}").status_code == 200


def wait(clock: HandClock) -> None:
    """So long that what is asked next is written."""
    clock.advance(EVERY_MS / 1000)


def kept(node: Node) -> dict[str, int]:
    """The words in the table, and how often each was asked."""
    return {row.words: row.times for row in node.tables.Unanswered.select()}


def shown(cast: Cast, role: str = "librarian") -> str:
    """What the list says."""
    answer = cast.client(role).get(PAGE)
    assert answer.status_code == 200
    return unescape(answer.text)


def test_others_get_nothing(shelf: Node, cast: Cast) -> None:
    """A guest is led to sign in, a form of theirs is refused, and nothing changed."""
    search(cast, "volcano", OUTSIDER)
    for role in (role for role in ROLES if role not in KEEPERS):
        browser = cast.client(role)
        assert browser.get(PAGE).status_code == (303 if role == OUTSIDER else 403)
        assert browser.post(f"{PAGE}done/", data={"words": "volcano"}).status_code == 403
        assert PAGE not in browser.get("/library/").text
    assert kept(shelf) == {"volcano": 1}


@pytest.mark.parametrize("role", KEEPERS)
def test_keepers_read_it_and_take_it_away(shelf: Node, cast: Cast, role: str) -> None:
    """The words, the day and the count; done twice is done once, and asked again it comes back."""
    search(cast, "Volcáno+ERUPTS", OUTSIDER)
    assert PAGE in cast.client(role).get("/library/").text
    text = shown(cast, role)
    for told in ("<bdi>volcano erupts</bdi>", "asked 1 time", "last on", "November"):
        assert told in text
    for _ in range(2):
        answer = cast.client(role).post(f"{PAGE}done/", data={"words": "volcano erupts"})
        assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    assert "Nothing is missing" in shown(cast, role)


def test_who_asked_is_kept_nowhere(shelf: Node, cast: Cast) -> None:
    """There is no column for it, and whole names of people are no words to keep."""
    assert set(shelf.tables.Unanswered._meta.fields) == {"words", "times", "last_ms", "instead"}
    roster.add_person(shelf, name="Zulekha Ndiaye", picture="goat", roles=("learner",), birth_year=2016)
    asked = Gathering(shelf)
    for words in ("Amina", "where is AMINA", "ndiaye zulekha", "lucia", "ndiaye", "nurse"):
        asked.note(words)
    asked.write()
    assert set(kept(shelf)) == {"ndiaye", "nurse"}


def test_what_is_found_is_not_kept(shelf: Node, cast: Cast) -> None:
    """Nor what another language has, what nobody asked for, and what a browser fetches ahead."""
    for words, more in (("leaves", ""), ("leaves", "&language=sw"), ("", ""), ("leaves", "&page=7")):
        search(cast, words, more=more)
    browser = cast.client("learner")
    browser.head("/library/?q=volcano")
    browser.get("/library/?q=volcano", headers={"Sec-Purpose": "prefetch;prerender"})
    browser.get("/opds/search/?query=volcano")
    assert (kept(shelf), "Nothing is missing" in shown(cast)) == ({}, True)


def test_a_mended_search_is_kept_with_what_was_shown(shelf: Node, cast: Cast) -> None:
    """A word may have been right, and its work missing."""
    search(cast, "laeves")
    assert "found instead: <bdi>leaves</bdi>" in shown(cast)


def test_the_same_words_count_once_in_a_while(shelf: Node, cast: Cast, clock: HandClock) -> None:
    """However often, by whoever, and however they are written; after the while they count again."""
    for role in ROLES:
        for words in ("volcano", "VOLCANO", "volcáno!"):
            search(cast, words, role)
    shown(cast)
    search(cast, "volcano")
    shown(cast)
    assert kept(shelf) == {"volcano": 1}
    wait(clock)
    search(cast, "volcano")
    assert kept(shelf) == {"volcano": 2}
    assert "asked 2 times" in shown(cast)


def test_many_searches_are_few_writes(shelf: Node, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """One for the first, one after ten minutes for all that came meanwhile, and no more than a hundred of them."""
    writes: list[int] = []
    write = shelf.writer.write

    def counted(work: object, **how: object) -> object:
        writes.append(clock.now_ms())
        return write(work, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(shelf.writer, "write", counted)
    asked = Gathering(shelf)
    for number in range(1_000):
        asked.note(f"volcano {number}")
    assert (len(writes), len(kept(shelf))) == (1, 1)
    wait(clock)
    asked.note("glacier")
    assert (len(writes), len(kept(shelf))) == (2, GATHERED_MAX + 1)


def test_the_table_is_bounded_and_the_least_asked_go(shelf: Node, clock: HandClock) -> None:
    """What was asked twice outlives hundreds that were asked once; of those the oldest go."""
    asked = Gathering(shelf)
    for _ in range(2):
        asked.note("volcano")
        wait(clock)
    for number in range(KEPT_MAX + 20):
        asked.note(f"w{number}")
        wait(clock)
    left = kept(shelf)
    assert (len(left), left["volcano"]) == (KEPT_MAX, 2)
    assert "w0" not in left
    assert f"w{KEPT_MAX + 19}" in left


def test_what_is_installed_answers_it(shelf: Node, cast: Cast, tmp_path: Path, clock: HandClock) -> None:
    """It no longer shows; when that goes off the shelf, it does again."""
    for words in ("volcano", "glacier"):
        search(cast, words)
    assert "volcano" in shown(cast)
    page = "<html lang='fr'><title>Fire</title><p>The volcanoes sleep"
    added = library.add(shelf, source=packages.page_zip(tmp_path / "fire.zip", page))
    text = shown(cast)
    assert ("volcano" in text, "glacier" in text) == (False, True)
    library.remove(shelf, added.package)
    assert "volcano" in shown(cast)


def test_answered_words_make_room_first(shelf: Node, clock: HandClock) -> None:
    """However often they were asked before."""
    asked = Gathering(shelf)
    table = shelf.tables.Unanswered
    rows = [{"words": f"w{each}", "times": 1, "last_ms": each, "instead": ""} for each in range(KEPT_MAX - 1)]
    shelf.write(lambda: table.insert_many([*rows, {**rows[0], "words": "leaves", "times": 90}]).execute())
    asked.note("volcano")
    left = kept(shelf)
    assert ("leaves" in left, "w0" in left, "volcano" in left, len(left)) == (False, True, True, KEPT_MAX)


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_is_asked_is_only_words(shelf: Node, cast: Cast, words: str) -> None:
    """No page breaks, no sign comes back as HTML, and what is no search for a word is not kept."""
    search(cast, words)
    text = cast.client("librarian").get(PAGE).text
    assert "<script>alert" not in text
    assert all(2 <= len(told) <= LETTERS_MAX and "\0" not in told for told in kept(shelf))
    cast.client("librarian").post(f"{PAGE}done/", data={"words": words})
    assert cast.client("learner").get("/library/?q=a%00b").status_code == 400
    for given, status in (({}, 303), ({"words": "w" * 10_000}, 303), ({"words": "a\0b"}, 400)):
        assert cast.client("librarian").post(f"{PAGE}done/", data=given).status_code == status


@pytest.mark.parametrize("words", ["पहाड़", "الجَبَل", "école", "山的那边", "mlima"])
def test_words_of_every_script_are_kept_and_put_away(shelf: Node, cast: Cast, words: str) -> None:
    """Folded as the search folds them."""
    search(cast, quote(words))
    (told,) = kept(shelf)
    assert told == unanswered.plain(words)
    assert f"<bdi>{told}</bdi>" in shown(cast)
    cast.client("librarian").post(f"{PAGE}done/", data={"words": told})
    assert kept(shelf) == {}


def test_a_long_list_has_pages(shelf: Node, cast: Cast) -> None:
    """The most asked first; numbers from an address are only numbers."""
    table = shelf.tables.Unanswered
    order = random.Random(1).sample(range(100), 100)
    rows = [{"words": f"word{each}", "times": each + 1, "last_ms": 1, "instead": ""} for each in order]
    shelf.write(lambda: table.insert_many(rows).execute())
    text = shown(cast)
    assert text.index("<bdi>word99</bdi>") < text.index("<bdi>word98</bdi>")
    assert "<bdi>word10</bdi>" not in text
    assert "<bdi>word10</bdi>" in cast.client("librarian").get(f"{PAGE}?page=3").text
    for number in ("0", "-1", "x", "99999999999"):
        assert cast.client("librarian").get(f"{PAGE}?page={number}").status_code == 200
    assert len(cast.client("librarian").get(PAGE).data) < 100_000


def test_a_full_disk_takes_no_search_away(shelf: Node, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page comes all the same."""

    def refuse(*_: object, **__: object) -> None:
        raise StorageFull("full")

    browser = cast.client("learner")
    browser.get("/library/")
    monkeypatch.setattr(unanswered, "_keep", refuse)
    assert "Nothing here has these words" in browser.get("/library/?q=volcano").text
