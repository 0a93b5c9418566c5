"""An encyclopaedia for readers: opened, searched, found in the library's one search, recorded, gone with its file."""

import itertools
import re
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from content import zim_index
from content.package import Manifest
from content.zim_index import ZimIndex, words_of
from hub import finding, jobs, library, zims
from hub.node import Node
from hub.tables.learning import BEGUN, FINISHED
from hub.vocabulary import ITEM_TYPES, POSITION, VERBS, activity
from hub.worker import Worker
from hub.xapi.store import original
from tests.fixtures import packages
from tests.fixtures import zims as made
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.zims import Entry

ASKED = {"water": "The well", "thornbush": "Goat", "ماء": "الماء", "المَاء": "الماء", "पानी": "पानी", "ดื่มทุก": "น้ำสะอาด"}
"""What is looked for, in four scripts, with and without vowels and articles → the title that it finds."""


@pytest.fixture
def book(node: Node, tmp_path: Path) -> Manifest:
    """The village's book on the shelf; its words are not gathered yet."""
    return library.package(node, library.add(node, source=made.zim(tmp_path / "village.zim")).package)


@pytest.fixture
def address(book: Manifest) -> str:
    """The page of its only item."""
    return f"/learn/{book.id}/item/"


def work(node: Node) -> None:
    """Do all jobs that wait."""
    worker = Worker(node)
    while worker.step():
        pass


def framed(page: str) -> str:
    """The path of the page that stands in the frame."""
    (found,) = re.findall(r'<iframe class="viewer" src="[^"]+/archive\.zim/([^"]*)"', page)
    return str(found)


def offered(address: str) -> str:
    """Where titles are offered while somebody types."""
    return address.rstrip("/").replace("/learn/", "/library/suggest/")


def titles(node: Node, words: str) -> list[str]:
    """The titles of what the library's search finds."""
    return [hit.title for hit in library.search(node, words=words).shown.hits]


def kept(node: Node, verb: str) -> list[dict[str, Any]]:
    """The statements with a verb, oldest first."""
    table = node.tables.Statement
    rows = table.select().where(table.verb == VERBS[verb]).order_by(table.rank)
    return [original(node.journal.get(row.stream, row.seq)) for row in rows]


def test_everybody_reads_and_searches(cast: Cast, node: Node, address: str) -> None:
    """The whole cast without script; of a guest nothing is kept, and where no guests are, an outsider is led away."""
    work(node)
    for role in ROLES:
        client = cast.client(role)
        page = client.get(address).text
        assert (framed(page), f'action="{address}search/"' in page, f"{address}?page=0" in page) == ("Main", True, True)
        found = client.get(f"{address}search/?q=goat").text
        assert f'href="{address}?at=Goat"' in found and "<mark>Goat" in found
        assert framed(client.get(f"{address}?at=Well%3F%20%23%201%25").text) == "Well%3F%20%23%201%25"
        assert framed(client.get(f"{address}?at=Nowhere").text) == "Main"
        assert client.get(f"{offered(address)}?q=goa").json == [{"words": "Goat", "language": "en"}]
    assert len(kept(node, "initialized")) == len(kept(node, "progressed")) == len(ROLES) - 1
    object.__setattr__(node.settings, "guests", False)
    outsider = cast.client(OUTSIDER)
    asked = (address, f"{address}search/?q=goat", f"{offered(address)}?q=goat")
    assert {outsider.get(each).status_code for each in asked} == {303}


def test_what_was_read_is_recorded(cast: Cast, node: Node, book: Manifest, address: str) -> None:
    """Opened, the pages that were read, and the person's own word that it is finished; next time it goes on there."""
    client, person = cast.client("learner"), cast.person("learner").id
    client.get(address)
    assert library.states(node, person=person, package=book.id) == {}
    client.get(f"{address}?at=Goat")
    client.get(f"{address}?at=Goat")
    assert library.states(node, person=person, package=book.id) == {"item": BEGUN}
    number = zims.opened(node, zims.of(book)[0]).number("Main") + 1
    assert client.post(f"{address}place/", data={"at": str(number)}).status_code == 303
    places = [each["result"]["extensions"][POSITION] for each in kept(node, "progressed")]
    assert (len(places), places[-1]) == (2, number)
    assert kept(node, "progressed")[0]["object"]["id"] == activity(book.id, "item")
    assert kept(node, "initialized")[0]["object"]["definition"]["type"] == ITEM_TYPES["zim"]
    assert framed(client.get(address).text) == "Main"
    client.get(f"{address}?at=%E0%A4%AA%E0%A4%BE%E0%A4%A8%E0%A5%80")
    assert framed(client.get(address).text) == "%E0%A4%AA%E0%A4%BE%E0%A4%A8%E0%A5%80"
    client.post(f"{address}finish/")
    assert library.states(node, person=person, package=book.id) == {"item": FINISHED}


def test_hostile_places_lead_to_the_beginning(cast: Cast, node: Node, address: str) -> None:
    """A page in the frame may tell any number; it is a number and leads nowhere else."""
    client = cast.client("learner")
    client.get(address)
    for told in ("99999", "-1", "x", "0"):
        client.post(f"{address}place/", data={"at": told})
        assert framed(client.get(address).text) == "Main"
    assert client.post(f"{address}place/", data={"at": "999999999"}).status_code in (303, 400)


@pytest.mark.parametrize("is_gathered", [False, True])
def test_the_one_search_finds_pages_in_every_script(node: Node, book: Manifest, is_gathered: bool) -> None:
    """By the file's own index at first, by ours once its words are gathered; vowels and articles count with ours."""
    if is_gathered:
        work(node)
    for asked in ASKED if is_gathered else ("water", "thornbushes"):
        assert ASKED.get(asked, "Goat") in titles(node, asked), asked
        inside = zims.inside(node, zims.of(book)[0], asked, start=0, limit=5)
        assert inside.total and any(part.is_match for part in inside.hits[0].snippet), asked


def test_pages_stand_among_lessons_by_their_worth(node: Node, book: Manifest, tmp_path: Path) -> None:
    """Titles first, of each list its best in turn, the reader's languages before others, and page after page."""
    library.add(node, source=packages.folder(tmp_path / "well"))
    work(node)
    lesson = next(iter(library.search(node, words="goat", chosen={"language": "en"}).found.hits), None)
    found = library.search(node, words="goat", preferred=["en"]).found
    assert lesson is not None and found.hits[0].title == "Goat"
    everything = [
        hit
        for start in range(found.total)
        for hit in library.search(node, words="goat", start=start, limit=1).found.hits
    ]
    assert len({(hit.package, hit.item, hit.path) for hit in everything}) == found.total == len(found.hits)
    assert library.search(node, words="thornbushes", chosen={"language": "fr"}).found.total == 0
    assert library.search(node, words="thornbushes", chosen={"language": "fr"}).elsewhere.total == 1
    assert [hit.title for hit in library.search(node, words="thornbushes quicksand").partly.hits] == ["Goat"]


def test_a_hit_leads_to_its_page(cast: Cast, node: Node, book: Manifest, address: str) -> None:
    """From the library's page; its title and text are text, whatever they hold."""
    work(node)
    page = cast.client("learner").get("/library/?q=bucket").text
    assert f'href="{address}?at=Well%3F+%23+1%25"' in page and "<mark>bucket</mark>" in page


def test_removal_drops_the_words(node: Node, book: Manifest) -> None:
    """With the file, at once; what was learned stays."""
    work(node)
    index = zims.index(node, zims.of(book)[0])
    assert index.is_whole and titles(node, "thornbushes")
    library.remove(node, book.id)
    assert not index.is_whole and titles(node, "thornbushes") == []
    assert list((node.home / "zims").iterdir()) == []


def test_the_words_are_made_again(node: Node, book: Manifest) -> None:
    """By `mangrove content rebuild`, after a damaged file, and at a start that finds none."""
    work(node)
    library.rebuild(node)
    assert jobs.unfinished(node, kind=zims.JOB)
    work(node)
    (place,) = (node.home / "zims").glob("*.db")
    node.zim_words.close()
    place.write_bytes(b"rot" * 5_000)
    assert titles(node, "thornbushes") == ["Goat"], "its own index answers meanwhile"
    zims.mend(node)
    work(node)
    assert zims.index(node, zims.of(book)[0]).is_whole


def test_gathering_goes_on_where_it_was_cut(node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Piece by piece, with turns for others; a power cut costs a piece; each page is found once."""
    monkeypatch.setattr(zim_index, "BATCH", 3)
    pages = {f"p{number}": Entry(f"Page {number}", f"<p>common word{number}</p>") for number in range(10)}
    added = library.add(node, source=made.zim(tmp_path / "a.zim", pages, main="p0", redirects={}))
    (which,) = zims.of(library.package(node, added.package))
    zim, path = zims.opened(node, which), tmp_path / "x.db"
    index, reader, begun = ZimIndex(path), ZimIndex(path), []
    for stop in (3, 6):
        assert index.fill(zim, lambda done, _total, stop=stop: done < stop) is False  # type: ignore[misc]
        assert not index.is_settled and reader.search("common", 20).total == 0
    assert index.fill(zim, lambda done, _total: begun.append(done) is None)
    assert begun == [6, 9], "readers of it are no reason to begin anew"
    assert reader.is_whole and reader.search("common", 20).total == 10
    monkeypatch.setattr(zims, "TURN_S", 0.0)
    library.add(node, source=made.zim(tmp_path / "b.zim", pages, main="p0", redirects={}, Name="b"))
    assert Worker(node).step()
    assert jobs.unfinished(node, kind=zims.JOB), "the rest was asked for anew"


def test_what_another_version_gathered_is_gathered_anew(node: Node, book: Manifest) -> None:
    """After an update of the program its words are found as before, also where the former one left the file aside."""
    work(node)
    (which,) = zims.of(book)
    index = zims.index(node, which)
    for former in (2_000, 3_000):
        with closing(sqlite3.connect(node.home / "zims" / f"{which.sha256}.db")) as connection:
            connection.execute(f"PRAGMA user_version = {former}")
        assert not index.is_settled
        assert index.fill(zims.opened(node, which), lambda _done, _total: True) and index.is_whole


def test_what_was_asked_is_kept_until_the_words_change(node: Node, book: Manifest) -> None:
    """The same question has the same answer, each number of pages its own, and a new index is asked itself."""
    work(node)
    (which,) = zims.of(book)
    index = zims.index(node, which)
    first = index.search("the", 1)
    assert index.search("the", 1) == first and len(first.best) == 1
    assert len(index.search("the", 2).best) == 2 and index.count("the") == first.total == 2
    index.drop()
    assert index.search("the", 1).total == index.count("the") == 0


def test_a_file_with_too_many_pages_is_asked_itself(
    node: Node, book: Manifest, cast: Cast, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is gathered, the job is done with, and its own index answers on the same pages."""
    monkeypatch.setattr(zim_index, "PAGES_MAX", 5)
    work(node)
    index = zims.index(node, zims.of(book)[0])
    assert (index.is_settled, index.is_whole) == (True, False)
    zims.mend(node)
    assert jobs.unfinished(node, kind=zims.JOB) == []
    assert titles(node, "thornbushes") == ["Goat"]
    client = cast.client("learner")
    assert "<mark>thornbushes</mark>" in client.get(f"{address}search/?q=thornbushes").text
    assert client.get(f"{offered(address)}?q=the+we").json == [{"words": "The well", "language": "en"}]


def test_many_who_type_at_once_harm_nothing(node: Node, book: Manifest) -> None:
    """One search at a time in one file, and whoever waited too long is told nothing."""
    (which,) = zims.of(book)
    found: list[int] = []

    def ask(client: int) -> None:
        for length in range(1, 12):
            found.append(len(zims.titles(node, which, "the well goat"[client % 4 : length])))

    threads = [threading.Thread(target=ask, args=[number]) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 16 * 11 and any(found)


def test_odd_questions_get_a_calm_page(cast: Cast, address: str) -> None:
    """Nothing found is said, and nothing more."""
    client: FlaskClient = cast.client("learner")
    for asked in ('"', "a" * 9_000, "*", "<b>x</b>", "\x01", "' OR 1=1", ""):
        assert client.get(f"{address}search/", query_string={"q": asked, "page": "x"}).status_code in (200, 400)
        assert client.get(offered(address), query_string={"q": asked}).status_code in (200, 400)


def test_what_is_no_encyclopaedia_has_no_search(cast: Cast, node: Node, tmp_path: Path) -> None:
    """A book has chapters."""
    added = library.add(node, source=packages.epub(tmp_path / "goat.epub"))
    assert cast.client("learner").get(f"/learn/{added.package}/item/search/?q=goat").status_code == 404


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<p>a<b>b</b>c</p><p>d</p>", "abc d"),
        ("a<script>if (x<y) z()</script>b<style>p{}</style>c", "a b c"),
        ("a<!-- <p>x</p> -->b &lt;c&gt; &eacute;", "a b <c> é"),
        ("a<script>never ends <p>b", "a"),
        ("1 < 2 and <", "1 < 2 and <"),
    ],
)
def test_words_are_taken_out_of_pages(page: str, words: str) -> None:
    """What is seen, and no more."""
    assert words_of(page) == words


def test_a_page_made_to_keep_a_parser_busy_does_not() -> None:
    """Each letter is looked at once, however they are put."""
    for hostile in ("<a " * 60_000, "<!--" * 50_000, "<script>" * 20_000, "<" * 200_000):
        words_of(hostile)


@pytest.mark.parametrize("is_gathered", [False, True])
def test_each_choice_leaves_as_many_as_its_number_says(
    node: Node,
    book: Manifest,
    tmp_path: Path,
    is_gathered: bool,  # noqa: FBT001
) -> None:
    """Pages have the marks of their package: beside every choice of one or two, all numbers are those of its hits."""
    library.add(node, source=packages.folder(tmp_path / "well"))
    library.add(node, source=packages.well(tmp_path / "pump", work="pump", language="sw"))
    if is_gathered:
        work(node)
    marks = [(facet.name, each.name) for facet in finding.beside(node, "well") for each in facet.values]
    assert {("kind", "zim"), ("kind", "lesson"), ("language", "sw")} <= set(marks)
    for pair in itertools.product(marks, marks):
        chosen = dict(pair)
        found = library.search(node, words="well", chosen=chosen, limit=50).found
        assert found.total == len(found.hits)
        assert any(hit.path for hit in found.hits if hit.package == book.id) == (
            set(chosen.items()) <= {("kind", "zim"), ("language", "en")} and found.total > 0
        )
        for facet in finding.beside(node, "well", chosen=chosen):
            for each in facet.values:
                left = library.search(node, words="well", chosen={**chosen, facet.name: each.name}).found
                assert each.count == left.total, (chosen, each)
