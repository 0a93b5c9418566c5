"""Collections as shelves: looked along, chosen beside words, known by the catalogue after whatever happened."""

import re
from html import unescape
from pathlib import Path

import pytest

from hub import jobs, library, worn
from hub.collections import own, shelves
from hub.node import Node
from hub.web.collections import PAGE
from hub.worker import DUE, Worker
from tests.fixtures import engines, packages
from tests.fixtures.cast import OUTSIDER, ROLES, Cast

pytestmark = pytest.mark.sqlite(engines.SHELF)
TITLE = "Wells & <water>"


@pytest.fixture
def made(node: Node, tmp_path: Path) -> own.Own:
    """A collection of one of two wells, of which the catalogue knows."""
    for language in ("en", "sw"):
        library.add(node, source=packages.well(tmp_path / language, language=language))
    found = own.make(node, title=TITLE, packages=["well.sw"])
    assert shelves.tell(node) == 1
    return found


def text(cast: Cast, address: str, role: str = "learner") -> str:
    """What a page says."""
    answer = cast.client(role).get(address)
    assert answer.status_code == 200, address
    return answer.text


def cards(page: str) -> list[str]:
    """The packages of a list."""
    return re.findall(r'<a class="choice tone-tide" href="/library/(well\.\w+)/"', page)


@pytest.mark.parametrize("role", [*ROLES, OUTSIDER])
def test_everybody_looks_along_a_shelf(cast: Cast, made: own.Own, role: str) -> None:
    """From the library by cards alone; what is chosen can be let go, and its name is text."""
    assert 'href="/library/by/collection/"' in text(cast, "/library/", role)
    page = text(cast, "/library/by/collection/", role)
    assert "Wells &amp; &lt;water&gt;" in page
    (href,) = re.findall(r'href="(/library/\?collection=[\w-]+)"', page)
    chosen = text(cast, href, role)
    assert cards(chosen) == ["well.sw"]
    (let_go,) = re.findall(r'<a href="(/library/)" aria-current="true" aria-label="([^"]*)"', chosen)
    assert (let_go[0], TITLE in unescape(let_go[1])) == ("/library/", True)


def test_a_shelf_narrows_a_search(cast: Cast, made: own.Own) -> None:
    """Beside words, with how many it would leave."""
    page = text(cast, "/library/?q=leaves")
    assert f"/library/?q=leaves&amp;collection={made.id}" in page
    assert set(re.findall(r"/learn/(well\.\w+)/", text(cast, f"/library/?q=leaves&collection={made.id}"))) == {
        "well.sw"
    }


def test_what_is_not_for_learners_is_not_on_their_shelf(cast: Cast, node: Node, made: own.Own) -> None:
    """Neither counted nor listed, on the shelf's own page too; who teaches sees it."""
    worn.show_to(node, ["well.sw"], "only")
    for address in ("/library/by/collection/", f"{PAGE}{made.id}/", f"/library/?collection={made.id}"):
        assert "well.sw" not in text(cast, address)
    assert "/library/?collection=" not in text(cast, "/library/by/collection/")
    assert cards(text(cast, f"/library/?collection={made.id}", "facilitator")) == ["well.sw"]


def test_a_change_on_the_page_reaches_the_catalogue(cast: Cast, node: Node, made: own.Own) -> None:
    """By the worker, which is asked once; a collection that is gone is no choice any more, at once."""
    librarian = cast.client("librarian")
    for _ in range(2):
        librarian.post(f"{PAGE}{made.id}/put/", data={"package": "well.en"})
    assert [job.kind for job in jobs.unfinished(node, kind=shelves.JOB)] == [shelves.JOB]
    assert Worker(node).step()
    assert cards(text(cast, f"/library/?collection={made.id}")) == ["well.en", "well.sw"]
    librarian.post(f"{PAGE}{made.id}/delete/", data={})
    assert made.id not in text(cast, "/library/by/collection/")
    assert made.id not in text(cast, "/library/?q=leaves")
    Worker(node).step()
    assert node.catalogue.shelved() == {}


def test_what_comes_later_stands_on_its_shelf(cast: Cast, node: Node, made: own.Own, tmp_path: Path) -> None:
    """After it was away, as a newer version, and when the catalogue is made anew."""
    library.remove(node, "well.sw")
    assert cards(text(cast, f"/library/?collection={made.id}")) == []
    library.add(node, source=packages.well(tmp_path / "again", language="sw"))
    assert cards(text(cast, f"/library/?collection={made.id}")) == ["well.sw"]
    library.rebuild(node)
    assert cards(text(cast, f"/library/?collection={made.id}")) == ["well.sw"]


def test_the_worker_finds_what_the_catalogue_lacks(node: Node, made: own.Own) -> None:
    """After a power cut between the two, or when its file was lost."""
    is_due = DUE[shelves.JOB]
    assert not is_due(node)
    node.catalogue.shelve("well.sw", ())
    assert is_due(node)
    Worker(node).ask_for_what_is_due()
    while Worker(node).step():
        pass
    assert (is_due(node), node.catalogue.shelved()) == (False, {"well.sw": (made.id,)})


@pytest.mark.parametrize("value", ["gone", "' OR 1", "collection=x", "\ue000"])
def test_a_made_up_shelf_is_an_empty_one(cast: Cast, made: own.Own, value: str) -> None:
    """Whatever stands in the address."""
    assert cards(text(cast, f"/library/?collection={value}")) == []
