"""Pages of encyclopaedias in the library's search: each names its own book, and nobody meets what is not for them."""

from pathlib import Path

import pytest

from content.package import Manifest
from hub import library, worn
from hub.node import Node
from hub.people import roster
from hub.worker import Worker
from tests.fixtures import packages, zims
from tests.fixtures.cast import ROLES, Cast
from tests.fixtures.zims import Entry

BOOKS = {"plants": "The plants", "animals": "The animals"}
DESCRIPTION = """id = "books"
work = "books"
version = 1
title = "Encyclopaedias"
language = "en"
licence = "CC-BY-4.0"
"""
ITEM = '\n[[item]]\nid = "{0}"\nkind = "zim"\ntitle = "{1}"\npath = "{0}.zim"\n'
SEES_ALL = {"facilitator", "librarian", "steward"}


@pytest.fixture(params=[False, True], ids=["asked", "gathered"])
def books(request: pytest.FixtureRequest, node: Node, cast: Cast, tmp_path: Path) -> Manifest:  # noqa: ARG001
    """Two encyclopaedias in one package, each with a page about thorns; their words gathered or not yet."""
    items = "".join(ITEM.format(name, title) for name, title in BOOKS.items())
    place = packages.folder(tmp_path / "books", package__toml=DESCRIPTION + items)
    for name, title in BOOKS.items():
        page = Entry(f"Thorns of {title}", f"<h1>Thorns of {title}</h1><p>Many have thorns.</p>")
        zims.zim(place / f"{name}.zim", {"Main": page}, redirects={}, Name=name, Title=title)
    library.add(node, source=place)
    worker = Worker(node)
    while request.param and worker.step():
        pass
    return library.package(node, "books")


def _met(cast: Cast, role: str) -> set[str]:
    """The books that a role meets at any door of the search."""
    browser = cast.client(role)
    found = browser.get("/library/?q=thorns").text
    met = {title for name, title in BOOKS.items() if f'href="/learn/books/{name}/?at=Main"' in found}
    assert met == {title for title in BOOKS.values() if f'<bdi class="detail">{title}</bdi>' in found}
    for name, title in BOOKS.items():
        for door in (f"/learn/books/{name}/search/?q=thorns", f"/library/suggest/books/{name}?q=thorns"):
            assert (browser.get(door).status_code == 200) == (title in met), (role, door)
    return met


def test_each_hit_names_its_own_book(cast: Cast, books: Manifest) -> None:
    """A package may hold several: what was found is in one of them."""
    assert _met(cast, "learner") == set(BOOKS.values()), books.id


def test_what_is_for_facilitators_only_is_found_by_them(cast: Cast, node: Node, books: Manifest) -> None:
    """The whole cast, for one book of the package, for the whole of it, and when the mark is taken away."""
    every = set(BOOKS.values())
    for whom, items, left in (("", {"animals": "only"}, {"The plants"}), ("only", {}, set()), ("", {}, every)):
        worn.show_to(node, [books.id], whom, items or {"animals": ""})
        for role in ROLES:
            assert _met(cast, role) == (every if role in SEES_ALL else left), (role, whom, items)


def test_what_is_from_an_age_on_is_found_from_then_on(cast: Cast, node: Node, books: Manifest) -> None:
    """A learner of fifteen finds what is from twelve; one of eleven and a guest do not."""
    year = 1970 + node.clock.now_ms() // 31_556_952_000
    for role, years in (("learner", 11), ("neighbour", 15)):
        roster.change_person(node, person=cast.person(role).id, birth_year=year - years)
    worn.show_to(node, [books.id], "", {"animals": "12"})
    met = {role: "The animals" in _met(cast, role) for role in ("learner", "neighbour", "outsider", "librarian")}
    assert met == {"learner": False, "neighbour": True, "outsider": False, "librarian": True}
