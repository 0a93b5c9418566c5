"""Choosing beside words, and looking around without any: by kind, level, ability, goal, time, without sound."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest

from hub import library, unanswered
from hub.node import Node
from hub.web import choosing
from tests.fixtures import engines, packages
from tests.fixtures.cast import OUTSIDER, ROLES, Cast

pytestmark = pytest.mark.sqlite(engines.SHELF)
FILM = '[[item]]\nid = "film"\nkind = "video"\ntitle = "The well in a film"\npath = "film.mp4"\nminutes = 40\n'


@pytest.fixture
def shelf(node: Node, cast: Cast, tmp_path: Path) -> Node:
    """Two lessons with quizzes, one of them with a film and in Swahili, and a book."""
    library.add(node, source=packages.folder(tmp_path / "well"))
    place = packages.well(tmp_path / "pump", work="pump", language="sw")
    packages.mp4(place / "film.mp4")
    with (place / "package.toml").open("a") as file:
        file.write(f"\n{FILM}")
    library.add(node, source=place)
    library.add(node, source=packages.epub(tmp_path / "goat.epub"))
    return node


def text_of(cast: Cast, address: str, role: str = OUTSIDER) -> str:
    """A page that opens."""
    answer = cast.client(role).get(address)
    assert answer.status_code == 200
    return unescape(answer.text)


def choices(text: str) -> dict[str, str]:
    """What each choice on a page is called, with its number, and where it leads."""
    (nav,) = re.findall(r'<nav class="stack facets".*?</nav>', text, re.DOTALL)
    found = re.findall(r'<a href="([^"]+)"[^>]*>(.*?)</a>', nav, re.DOTALL)
    return {" ".join(re.sub("<[^>]+>", "", told).replace("\xa0", " ").split()): href for href, told in found}


@pytest.mark.parametrize("role", ROLES)
def test_everybody_may_choose_step_by_step(shelf: Node, cast: Cast, role: str) -> None:
    """Each number is what the choice leaves; what is chosen is kept, also with words, and can be let go."""
    offered = choices(text_of(cast, "/library/", role))
    assert {"Films 1", "Books 1", "Lessons 2", "for beginners 2", "works without sound 2"} <= set(offered)
    lessons = choices(text_of(cast, offered["Lessons 2"], role))
    both = text_of(cast, lessons["works without sound 1"], role)
    assert "Keep the well clean" in both and "The Goat" not in both
    assert set(re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', both)) == {("kind", "lesson"), ("sound", "none")}
    assert choices(both)["works without sound"] == "/library/?kind=lesson"
    found = text_of(cast, "/library/?q=well&kind=lesson&sound=none", role)
    assert "/learn/well.en/read/" in found and "/learn/pump.sw/film/" not in found
    assert choices(found)["Lessons"] == "/library/?q=well&sound=none"


def test_where_guests_are_not_received_they_get_nothing(shelf: Node, cast: Cast) -> None:
    """They are led to sign in, on each of these pages."""
    shelf.settings.__dict__["guests"] = False
    for address in ("/library/?kind=video", "/library/by/kind/", "/library/suggest?q=well"):
        assert cast.client(OUTSIDER).get(address).status_code == 303


def test_a_film_found_is_itself_long(shelf: Node, cast: Cast) -> None:
    """Time and kind are those of the single part."""
    assert "/learn/pump.sw/film/" in text_of(cast, "/library/?q=well&kind=video&time=more")
    assert "Without it, there is this" in text_of(cast, "/library/?q=well&kind=video&time=10")


def test_looking_around_by_large_cards(shelf: Node, cast: Cast) -> None:
    """From the library by kind, level, ability and goal; each card leads to what there is of it."""
    start = text_of(cast, "/library/")
    for facet, told in [
        ("kind", "Films"),
        ("level", "for beginners"),
        ("competency", "I can keep a well clean."),
        ("goal", "Clean water and toilets"),
    ]:
        assert f'href="/library/by/{facet}/"' in start
        page = text_of(cast, f"/library/by/{facet}/")
        assert told in page
        (href,) = re.findall(rf'href="(/library/\?{facet}=(?:video|beginner|well%2Fclean|6))"', page)
        assert "well" in text_of(cast, href).lower()
    assert cast.client(OUTSIDER).get("/library/by/title/").status_code == 404
    assert "/library/by/" not in text_of(cast, "/library/?kind=book")


def test_an_empty_shelf_has_nothing_to_look_around(cast: Cast) -> None:
    """Its pages lead back."""
    assert "Look at everything" in text_of(cast, "/library/by/goal/")
    assert "/library/by/" not in text_of(cast, "/library/")


def test_a_choice_never_makes_a_word_unanswered(shelf: Node, cast: Cast) -> None:
    """What stands here without the choice was answered; what does not stand here at all was not."""
    for asked in ("leaves", "volcano"):
        text_of(cast, f"/library/?q={asked}&kind=book&time=more&level=advanced")
    text_of(cast, "/library/?kind=audio")
    text_of(cast, "/library/asked/", "librarian")
    assert [each.words for each in unanswered.unanswered(shelf)] == ["volcano"]


def test_a_choice_of_nothing_we_know_is_only_text(shelf: Node, cast: Cast) -> None:
    """Whatever an address says: a page, and no sign of HTML comes back as HTML."""
    for value in ('"><script>', "9" * 30, "a" * 5000, "%ff", '" OR "', "٦"):
        for facet in choosing.TITLES:
            for asked in ("", "q=well&"):
                answer = cast.client(OUTSIDER).get(f"/library/?{asked}{facet}={quote(value)}")
                assert answer.status_code == 200
                assert '"><script>' not in answer.text


def test_pages_of_a_choice_keep_it(shelf: Node, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the shelf and of a search."""
    monkeypatch.setattr("hub.web.library.PAGE_CARDS", 1)
    monkeypatch.setattr("hub.library.PAGE_HITS", 1)
    assert "/library/?kind=lesson&page=2" in text_of(cast, "/library/?kind=lesson")
    assert "/library/?q=well&kind=lesson&page=2" in text_of(cast, "/library/?q=well&kind=lesson")
