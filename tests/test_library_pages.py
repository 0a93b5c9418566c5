"""The library's pages: the shelf, a search, a package; what each of the cast sees."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from hub import library
from hub.app import create_app
from hub.node import Node
from hub.vocabulary import VERBS, activity, person_actor
from hub.xapi import store
from tests.fixtures import engines, packages
from tests.fixtures.cast import ROLES, Cast

pytestmark = pytest.mark.sqlite(engines.SHELF)
KEEPERS = ("librarian", "steward")


@pytest.fixture
def client(cast: Cast, node: Node, tmp_path: Path) -> FlaskClient:
    """A guest's browser before a shelf with a lesson in English and a book in Swahili."""
    library.add(node, source=packages.folder(tmp_path / "well"))
    library.add(node, source=packages.epub(tmp_path / "goat.epub"))
    return cast.client("outsider")


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    """The text of a page."""
    answer = client.get(address)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def done(node: Node, person: str, package: str, item: str) -> None:
    """Somebody finished an item."""
    said = {"actor": person_actor(person), "verb": {"id": VERBS["completed"]}}
    store.keep_own(node, [{**said, "object": {"id": activity(package, item)}}])


def test_everybody_may_look(client: FlaskClient, cast: Cast) -> None:
    """Shelf, search and package; only who keeps the shelf sees how to change it."""
    for role in ROLES:
        browser = cast.client(role)
        assert ("/library/add/" in page(browser, "/library/")) == (role in KEEPERS)
        assert "leaves" in page(browser, "/library/?q=leaves")
        assert ("/remove/" in page(browser, "/library/well.en/")) == (role in KEEPERS)


def test_the_shelf_shows_cards_and_choices(client: FlaskClient) -> None:
    """Titles in their own language, a cover, and chips for language and kind."""
    text = page(client, "/library/")
    assert "Keep the well clean" in text
    assert re.search(
        r'<bdi class="title" lang="sw"><span lang="sw" data-say="17(:[^"]+)?">The Goat and the Moon</span></bdi>', text
    )
    assert "well.svg" in text
    assert "?language=sw" in text


def test_a_choice_narrows_the_shelf(client: FlaskClient) -> None:
    """Only the book is left."""
    for choice in ("language=sw", "kind=book", "language=sw&kind=book"):
        text = page(client, f"/library/?{choice}")
        assert "The Goat" in text
        assert "Keep the well" not in text


def test_a_choice_without_anything_leads_back(client: FlaskClient) -> None:
    """Never a blank page."""
    assert "Look at everything" in page(client, "/library/?language=fr")


def test_an_empty_shelf_says_so(cast: Cast) -> None:
    """And offers the librarian the way to fill it."""
    assert "still empty" in page(cast.client("outsider"), "/library/")
    assert "/library/add/" in page(cast.client("librarian"), "/library/")


def test_what_was_found_is_marked_and_leads_to_the_item(client: FlaskClient) -> None:
    """A lesson opens as a lesson, a chapter as that chapter."""
    text = page(client, "/library/?q=leaves")
    assert "<mark>leaves</mark>" in text
    assert 'href="/learn/well.en/read/"' in text
    book = page(client, "/library/?q=mwezi")
    assert "/item/?chapter=2" in book


def test_a_search_without_luck_leads_on(client: FlaskClient) -> None:
    """To another language, to some of the words, or back to the shelf."""
    assert "This is in others" in page(client, "/library/?q=mlima&language=en")
    assert "some of them" in page(client, "/library/?q=mlima+zebra")
    assert "Nothing here has these words" in page(client, "/library/?q=zebra")


def test_whatever_is_typed_is_only_text(client: FlaskClient) -> None:
    """No page breaks and no sign of HTML comes back as HTML."""
    for asked in ["<script>", "%22onmouseover=", "a" * 2000, "%ff%fe", "' OR 1=1 --"]:
        text = page(client, f"/library/?q={asked}&language={asked}&page={asked}")
        assert "<script>" not in text
        assert '"onmouseover' not in text


def test_pages_that_are_not_there_are_empty_or_first(client: FlaskClient) -> None:
    """Numbers from an address are only numbers."""
    for number in ["0", "-1", "x", "99999999999999999999", "2"]:
        page(client, f"/library/?page={number}")
        page(client, f"/library/?q=well&page={number}")


def test_a_package_tells_all_about_itself(client: FlaskClient) -> None:
    """Items in order, what one can say afterwards, licence, size and who made it."""
    text = page(client, "/library/well.en/")
    assert text.index("/learn/well.en/read/") < text.index("/learn/well.en/try/")
    for words in ("I can keep a well clean.", "CC-BY-SA-4.0", "Neema", "for beginners", "SDG", "6.1", "Take it home"):
        assert words in text


def test_a_package_shows_how_far_its_reader_is(client: FlaskClient, cast: Cast, node: Node) -> None:
    """Finished items are ticked, and the large button goes on where it was left."""
    person = cast.person("learner").id
    done(node, person, "well.en", "read")
    text = page(cast.client("learner"), "/library/well.en/")
    assert "finished" in text
    assert text.index("/learn/well.en/try/") < text.index("/learn/well.en/read/")
    assert "finished" not in page(client, "/library/well.en/")


def test_a_finished_package_leads_on(client: FlaskClient, cast: Cast, node: Node) -> None:
    """Not to its own first part again: that is a quiet way; on to something else, or home when nothing is left."""
    amina, browser = cast.person("learner").id, cast.client("learner")
    for package in (row.id for row in library.packages(node)):
        for item in ("read", "try", "item"):
            done(node, amina, package, item)
        text = page(browser, f"/library/{package}/")
        assert "You have finished this." in text
        assert "Once more" in text
        assert f'class="main-action" href="/learn/{package}/' not in text
    assert 'class="main-action" href="/"' in text


def test_remote_addresses_are_told_before_anybody_is_disappointed(
    client: FlaskClient, node: Node, tmp_path: Path
) -> None:
    """One of them by name."""
    source = packages.page_zip(tmp_path / "a.zip", "<title>Far</title><img src='http://far.example/a.png'>")
    added = library.add(node, source=source)
    assert "http://far.example/a.png" in page(client, f"/library/{added.package}/")


def test_an_unknown_package_is_404(client: FlaskClient) -> None:
    """With our own page."""
    for name in ["nobody", "..", "%2e%2e", "WELL.EN", "well.en%00"]:
        assert client.get(f"/library/{name}/").status_code in (404, 308)


def test_where_guests_are_not_received_they_are_led_to_sign_in(make_node: Callable[..., Node]) -> None:
    """Pages, files and the catalogue for reading programs alike."""
    node = make_node("closed", guests=False)
    app = create_app(node)
    Cast(node, app)
    for address in ("/library/", "/library/?q=x", "/library/well.en/download/", "/opds/"):
        answer = app.test_client().get(address)
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/people/sign-in/")


@pytest.mark.parametrize(("name", "kind"), [("well.en", "application/zip"), ("goat", "application/epub+zip")])
def test_a_package_can_be_downloaded(client: FlaskClient, node: Node, name: str, kind: str) -> None:
    """As one file with a name, of a length that is told."""
    package = next(row.id for row in library.packages(node) if name in row.id or name in row.title.lower())
    answer = client.get(f"/library/{package}/download/")
    assert (answer.status_code, answer.content_type) == (200, kind)
    assert answer.data.startswith(b"PK")
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert f'filename="{package}.' in answer.headers["Content-Disposition"]


def damage(node: Node, package: str) -> None:
    """Spoil a package's manifest on the disk."""
    (node.home / "blobs" / "packages" / f"{package}.json").write_text("{}", encoding="utf-8")


def test_a_damaged_package_closes_no_page(client: FlaskClient, cast: Cast, node: Node) -> None:
    """Who had opened it, who leads them, and who looks around still come in; it counts as absent."""
    amina = cast.client("learner")
    page(amina, "/learn/well.en/read/")
    damage(node, "well.en")
    for address in ("/", "/learn/", "/library/", "/library/?q=leaves", "/opds/publications/", "/community/"):
        for role in ROLES:
            assert cast.client(role).get(address).status_code == 200
    page(cast.client("facilitator"), f"/learn/classes/{cast.circle.id}/{cast.person('learner').id}/")


def test_a_damaged_package_is_told_to_whoever_keeps_the_shelf(client: FlaskClient, cast: Cast, node: Node) -> None:
    """By name, on the shelf and on the librarian's home, until it is added again."""
    damage(node, "well.en")
    told = {role for role in ROLES if "well.en on the shelf is damaged" in page(cast.client(role), "/library/")}
    assert told == set(KEEPERS)
    assert "well.en on the shelf is damaged" in page(cast.client("librarian"), "/")
    library.add(node, source=packages.folder(node.home / "again"))
    assert "is damaged" not in page(cast.client("librarian"), "/")


def test_a_damaged_package_itself_is_a_fault_of_the_hub(client: FlaskClient, cast: Cast, node: Node) -> None:
    """Not the reader's: 500, what is safe, and whom to tell."""
    damage(node, "well.en")
    for address in ("/library/well.en/", "/learn/well.en/read/"):
        text = page(cast.client("learner"), address, 500)
        assert "What people learned is safe" in text
        assert "tell your librarian" in text
