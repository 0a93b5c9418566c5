"""The catalogue for reading programs that know only Atom: OPDS 1.2, followed as such a program follows it."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from flask.testing import FlaskClient

from hub import library
from hub.app import create_app
from hub.node import Node
from hub.web import atom, opds_atom, publications
from hub.worker import HANDLERS, Worker
from tests.fixtures import engines, packages, photos
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.sqlite(engines.SHELF)

NAMES = {
    "": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/terms/",
    "opds": "http://opds-spec.org/2010/catalog",
    "search": "http://a9.com/-/spec/opensearch/1.1/",
    "thr": "http://purl.org/syndication/thread/1.0",
}
ACQUISITION = "http://opds-spec.org/acquisition"
START, SHELF = "/opds/1.2/", "/opds/1.2/publications/"
ADDRESSES = (START, SHELF, f"{START}search/?query=well", f"{START}search.xml")
KINDS = {START: atom.NAVIGATION, SHELF: atom.ACQUISITION}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@pytest.fixture
def reader(cast: Cast, node: Node, tmp_path: Path) -> FlaskClient:
    """A reading program before a shelf with a lesson and a book."""
    library.add(node, source=packages.folder(tmp_path / "well"))
    library.add(node, source=packages.epub(tmp_path / "goat.epub"))
    return cast.client("outsider")


def feed(reader: FlaskClient, address: str) -> Element:
    """A feed, checked against what RFC 4287 and OPDS 1.2 ask of every feed and of every entry in it."""
    answer = reader.get(address)
    kind = KINDS.get(address, atom.ACQUISITION)
    assert (answer.status_code, answer.content_type) == (200, kind)
    found = ElementTree.fromstring(answer.data)
    assert found.tag == f"{{{NAMES['']}}}feed"
    check_head(found)
    assert text(found, "author/name")
    assert href(found, "self") and href(found, "start") == START
    assert [each.get("href") for each in links(found, "search")] == [f"{START}search.xml"]
    check_links(found)
    for entry in found.findall("entry", NAMES):
        check_head(entry)
        check_links(entry)
        check_entry(entry, kind)
    return found


def check_head(element: Element) -> None:
    """One id, one title, one time as RFC 3339 has it, all with something in them (4.1.1, 4.1.2)."""
    for name in ("id", "title", "updated"):
        (only,) = element.findall(name, NAMES)
        assert only.text
    assert text(element, "id").startswith("urn:mangrove:")
    assert MOMENT.fullmatch(text(element, "updated"))
    assert datetime.fromisoformat(text(element, "updated")).year > 2000


def check_links(element: Element) -> None:
    """Each has an address and a type, and no two of them are alternates of one type (4.1.1, 4.1.2)."""
    for each in element.findall("link", NAMES):
        assert each.get("href") and each.get("type") and each.get("rel")
    alternates = [each.get("type") for each in links(element, "alternate")]
    assert len(set(alternates)) == len(alternates)


def check_entry(entry: Element, kind: str) -> None:
    """An acquisition or a way on, never both; what stands in its place when there is no content (4.1.2)."""
    taken = [each for each in entry.findall("link", NAMES) if each.get("rel", "").startswith(ACQUISITION)]
    assert bool(taken) == (kind == atom.ACQUISITION)
    assert entry.find("content", NAMES) is not None or links(entry, "alternate")
    if kind == atom.ACQUISITION:
        for rel in (publications.IMAGE, publications.THUMBNAIL):
            assert [each.get("type") in publications.RASTER for each in links(entry, rel)] == [True]


def text(element: Element, path: str) -> str:
    """The words at a path; "" where there are none."""
    return element.findtext(path, "", NAMES)


def links(element: Element, rel: str) -> list[Element]:
    """The links of one relation."""
    return [each for each in element.findall("link", NAMES) if each.get("rel") == rel]


def href(element: Element, rel: str) -> str:
    """Where the only link of a relation leads; "" when there is none."""
    found = links(element, rel)
    assert len(found) <= 1
    return found[0].get("href", "") if found else ""


def titles(found: Element) -> list[str]:
    """The titles of a feed's entries."""
    return [text(entry, "title") for entry in found.findall("entry", NAMES)]


def counts(found: Element) -> list[int]:
    """How many there are, on a page, and from which number on."""
    return [int(text(found, f"search:{name}")) for name in ("totalResults", "itemsPerPage", "startIndex")]


def fill(node: Node, place: Path, number: int) -> None:
    """Put so many packages on the shelf."""
    for each in range(number):
        library.add(node, source=packages.well(place / str(each), work=f"well-{each}"))


def test_a_program_finds_every_file_from_the_start(reader: FlaskClient) -> None:
    """From the start over the list to the bytes; whatever a link promises, the answer is of that type."""
    entries = feed(reader, START).findall("entry", NAMES)
    assert titles(feed(reader, START)) == ["Everything on the shelf (2)", "English (1)", "Swahili (1)"]
    everything = feed(reader, href(entries[0], "subsection"))
    assert counts(everything) == [2, publications.PAGE_ITEMS, 1]
    taken = []
    for element in (feed(reader, START), everything, *entries, *everything.findall("entry", NAMES)):
        for each in element.findall("link", NAMES):
            assert reader.get(each.get("href", "")).content_type.startswith(each.get("type", ""))
            taken += [each.get("type")] * (each.get("rel") == publications.OPEN_ACCESS)
    assert sorted(taken) == ["application/epub+zip", "application/zip"]


def test_an_entry_tells_what_there_is_to_know(reader: FlaskClient) -> None:
    """In Atom's words, and in Dublin Core's where Atom has none (OPDS 1.2, 5.1.1)."""
    (entry,) = feed(reader, f"{SHELF}?language=en").findall("entry", NAMES)
    assert text(entry, "id") == "urn:mangrove:package:well.en"
    told = [text(entry, name) for name in ("title", "author/name", "dc:language", "rights", "summary")]
    assert told == ["Keep the well clean", "Neema", "en", "CC-BY-SA-4.0", "One lesson and one quiz about a well."]
    goal, able = entry.findall("category", NAMES)
    assert (able.get("scheme"), able.get("label")) == ("urn:mangrove:competency:", "I can keep a well clean.")
    assert (goal.get("scheme"), goal.get("term"), goal.get("label")) == (opds_atom.GOALS, "6.1", "SDG 6.1")
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


def test_an_entry_without_more_is_whole_too(cast: Cast, node: Node, tmp_path: Path) -> None:
    """No author of its own, no licence, no summary: none of these stands there empty; the day is as told."""
    bare = {'author = "Neema"': 'published = "2026-11"', 'licence = "CC-BY-SA-4.0"\n': "", 'sdg = ["6.1"]\n': ""}
    library.add(
        node,
        source=packages.well(tmp_path / "a", **bare, **{'summary = "One lesson and one quiz about a well."\n': ""}),
    )
    (entry,) = feed(cast.client("outsider"), SHELF).findall("entry", NAMES)
    names = {each.tag.rpartition("}")[2] for each in entry}
    assert names == {"id", "title", "updated", "language", "issued", "link", "category"}
    assert text(entry, "dc:issued") == "2026-11"


def test_a_pdf_is_taken_as_a_pdf(cast: Cast, node: Node, tmp_path: Path) -> None:
    """The one file itself, not packed."""
    library.add(node, source=packages.pdf(tmp_path / "map.pdf"))
    reader = cast.client("outsider")
    (entry,) = feed(reader, SHELF).findall("entry", NAMES)
    (taken,) = links(entry, publications.OPEN_ACCESS)
    assert taken.get("type") == "application/pdf"
    assert reader.get(taken.get("href", "")).data.startswith(b"%PDF")


def test_what_is_too_large_to_pack_is_a_page_to_look_at(reader: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Still with an acquisition link, which every entry must have."""
    monkeypatch.setattr("content.packed.PACKED_BYTES_MAX", 10)
    for entry in feed(reader, SHELF).findall("entry", NAMES):
        assert href(entry, opds_atom.SAMPLE) == href(entry, "alternate")
        assert links(entry, publications.OPEN_ACCESS) == []


def test_languages_are_facets_and_one_is_active(reader: FlaskClient) -> None:
    """In lists only, with numbers, and leading to what they say (4)."""
    assert links(feed(reader, START), opds_atom.FACET) == []
    for chosen, address in (("All languages", SHELF), ("Swahili", f"{SHELF}?language=sw")):
        facets = links(feed(reader, address), opds_atom.FACET)
        active = [each.get("title") for each in facets if each.get(f"{{{NAMES['opds']}}}activeFacet") == "true"]
        assert active == [chosen]
        for each in facets:
            assert each.get(f"{{{NAMES['opds']}}}facetGroup") == "Language"
            listed = feed(reader, each.get("href", ""))
            assert len(titles(listed)) == int(each.get(f"{{{NAMES['thr']}}}count", ""))


def test_pages_reach_every_package_once(cast: Cast, node: Node, tmp_path: Path) -> None:
    """`next` leads on to the end, `previous` back to the start, and the language that was chosen stays."""
    fill(node, tmp_path, publications.PAGE_ITEMS + 1)
    reader, address, seen, ways = cast.client("outsider"), f"{SHELF}?language=en", [], []
    while address:
        found = feed(reader, address)
        seen += [text(entry, "id") for entry in found.findall("entry", NAMES)]
        ways.append((address, href(found, "previous"), counts(found)[2]))
        address = href(found, "next")
    assert sorted(seen) == sorted({f"urn:mangrove:package:well-{each}.en" for each in range(51)})
    first, second = f"{SHELF}?language=en", f"{SHELF}?language=en&page=2"
    assert ways == [(first, "", 1), (second, first, publications.PAGE_ITEMS + 1)]


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "99999999999999999999", "10001"])
def test_a_wrong_page_number_is_no_page(reader: FlaskClient, number: str) -> None:
    """As in 2.0, where the first one comes instead; a page behind the last is empty."""
    assert titles(feed(reader, f"{SHELF}?page={number}")) == titles(feed(reader, SHELF))
    assert titles(feed(reader, f"{SHELF}?page=2")) == []
    ids = {
        each["metadata"]["title"]
        for each in json.loads(reader.get(f"/opds/publications/?page={number}").data)["publications"]
    }
    assert ids == set(titles(feed(reader, SHELF)))


def test_what_no_shelf_could_hold_is_refused_as_in_2_0(reader: FlaskClient) -> None:
    """A sentence of JSON, and 400; an address that is not there is 404."""
    for start in ("/opds/", START):
        for asked in ("publications/?page=%00", "publications/?language=%00", "search/?query=%00"):
            answer = reader.get(f"{start}{asked}")
            assert (answer.status_code, answer.content_type) == (400, "application/json")
        assert reader.get(f"{start}nothing/").status_code == 404


def test_the_search_is_described_and_finds_each_package_once(reader: FlaskClient) -> None:
    """The template is a whole address, of which only the words are filled in."""
    link = links(feed(reader, START), "search")[0]
    answer = reader.get(link.get("href", ""))
    assert answer.content_type == link.get("type") == "application/opensearchdescription+xml"
    told = ElementTree.fromstring(answer.data)
    assert told.tag == f"{{{NAMES['search']}}}OpenSearchDescription"
    assert 0 < len(text(told, "search:ShortName")) <= 16
    assert text(told, "search:Description")
    (url,) = told.findall("search:Url", NAMES)
    template = url.get("template", "")
    assert url.get("type") == atom.ACQUISITION
    assert re.findall(r"{[^}]*}", template) == ["{searchTerms}"]
    assert template.startswith("http://localhost/opds/1.2/")
    found = feed(reader, template.removeprefix("http://localhost").replace("{searchTerms}", "well"))
    assert titles(found) == ["Keep the well clean"]
    assert counts(found)[0] == 1
    for nothing in ("", "?query=", "?query=zebra", "?query=well&language=sw"):
        assert titles(feed(reader, f"{START}search/{nothing}")) == []


def test_whatever_is_asked_comes_back_as_text(reader: FlaskClient) -> None:
    """No sign of XML, no control character and no broken letter of an address breaks a feed."""
    for asked in ("<b>&\"'", "]]>", "a" * 2000, "' OR 1=1 --", "\x01\x1b", "\ufffe", "سؤال 🐐"):
        for part in (f"search/?query={quote(asked)}", f"publications/?language={quote(asked)}"):
            assert titles(feed(reader, f"{START}{part}")) == []
    assert titles(feed(reader, f"{START}search/?query=%ff%fe")) == []


TITLES = {
    "A < B & C > \"D\" 'E' ]]> <!-- &amp;": "A < B & C > \"D\" 'E' ]]> <!-- &amp;",
    "مياه \u202bنظيفة\u202c": "مياه \u202bنظيفة\u202c",
    "Goat 🐐 नमस्ते": "Goat 🐐 नमस्ते",
    "A\x00B\x01C\x1bD\ufffeE\uffffF": "A\ufffdB\ufffdC\ufffdD\ufffdE\ufffdF",
}
"""A title → what a reader gets: the same, with a sign for what no XML can hold."""


@pytest.mark.parametrize("title", TITLES)
def test_an_odd_title_comes_back_as_it_was(cast: Cast, node: Node, tmp_path: Path, title: str) -> None:
    """Of a package, its author and its summary alike."""
    said = json.dumps(title, ensure_ascii=False)
    swaps = dict.fromkeys(('"Keep the well clean"', '"Neema"', '"One lesson and one quiz about a well."'), said)
    library.add(node, source=packages.well(tmp_path / "odd", **swaps))
    (entry,) = feed(cast.client("outsider"), SHELF).findall("entry", NAMES)
    assert {text(entry, name) for name in ("title", "author/name", "summary")} == {TITLES[title]}


def test_attributes_hold_what_elements_hold() -> None:
    """Signs of XML, ends of lines and other scripts come back; for what XML forbids stands the same sign."""
    element = atom.root("feed", atom.ATOM, atom.PREFIXES)
    for said in TITLES:
        atom.link(element, "self", "/", atom.FEED, {"title": f"{said}\n"})
    read = ElementTree.fromstring(atom.written(element))
    assert [each.get("title") for each in links(read, "self")] == [f"{told}\n" for told in TITLES.values()]


def test_small_readers_need_no_namespaces(reader: FlaskClient) -> None:
    """Names stand as readers look for them that know no prefix for Atom, and nothing is folded into CDATA."""
    for address in (START, SHELF):
        said = reader.get(address).get_data(as_text=True)
        assert said.startswith("<?xml")
        for part in ("<feed ", "<entry", "<link ", "<title>"):
            assert part in said
        assert "ns0:" not in said and "CDATA" not in said
    assert "<OpenSearchDescription " in reader.get(f"{START}search.xml").get_data(as_text=True)


def test_a_heavy_cover_has_a_light_thumbnail(cast: Cast, node: Node, tmp_path: Path) -> None:
    """Once it is made; a drawing, which such readers cannot show, has our own picture in its place."""
    described = {'cover = "well.svg"': 'cover = "well.jpg"'}
    place = packages.well(tmp_path / "well", **described)
    (place / "well.jpg").write_bytes(photos.photo(1000, 750))
    library.add(node, source=place)
    reader = cast.client("outsider")
    while Worker(node, HANDLERS).step():
        pass
    (entry,) = feed(reader, SHELF).findall("entry", NAMES)
    whole, small = (reader.get(href(entry, rel)) for rel in (publications.IMAGE, publications.THUMBNAIL))
    assert whole.content_type == small.content_type == "image/jpeg"
    assert len(small.data) * 4 < len(whole.data)
    library.add(node, source=packages.epub(tmp_path / "goat.epub"))
    (book,) = feed(reader, f"{SHELF}?language=sw").findall("entry", NAMES)
    assert href(book, publications.IMAGE) == href(book, publications.THUMBNAIL)
    assert "cover" in href(book, publications.IMAGE)


def test_times_follow_the_shelf(reader: FlaskClient, node: Node, tmp_path: Path) -> None:
    """What came later was changed later, and the lists with it."""
    before = feed(reader, SHELF)
    library.add(node, source=packages.folder(tmp_path / "again", version=2, more="And a rope."))
    after = feed(reader, SHELF)
    assert text(after, "updated") > text(before, "updated")
    times = {text(entry, "id"): text(entry, "updated") for entry in after.findall("entry", NAMES)}
    assert times["urn:mangrove:package:well.en"] == max(times.values())


def test_an_empty_shelf_is_a_feed_too(cast: Cast) -> None:
    """With nothing in its list."""
    reader = cast.client("outsider")
    assert titles(feed(reader, START)) == ["Everything on the shelf (0)"]
    assert titles(feed(reader, SHELF)) == []


def test_a_damaged_package_counts_as_absent(reader: FlaskClient, node: Node) -> None:
    """The others are still listed."""
    (node.home / "blobs" / "packages" / "well.en.json").write_text("{}", encoding="utf-8")
    assert titles(feed(reader, SHELF)) == ["The Goat and the Moon"]


def test_both_versions_and_the_library_lead_here(reader: FlaskClient) -> None:
    """By a link of the 2.0 catalogue, and by one in the head of the page with the type that programs look for (7)."""
    newer = json.loads(reader.get("/opds/").data)["links"]
    assert [each["href"] for each in newer if each["rel"] == "alternate"] == [START]
    assert href(feed(reader, START), "alternate") == "/opds/"
    head = reader.get("/library/").get_data(as_text=True).partition("</head>")[0]
    assert f'<link rel="alternate" type="{atom.FEED}" title="Library" href="{START}">' in head


def test_where_guests_are_not_received_nothing_is_told(make_node: Callable[..., Node], tmp_path: Path) -> None:
    """An outsider is led to the sign-in by every address; who is signed in gets the feeds."""
    node = make_node("closed", guests=False)
    cast = Cast(node, create_app(node))
    library.add(node, source=packages.folder(tmp_path / "well"))
    for address in ADDRESSES:
        answer = cast.client("outsider").get(address)
        assert answer.status_code == 303
        assert urlsplit(answer.headers["Location"]).path == "/people/sign-in/"
        assert b"Keep the well" not in answer.data
        assert cast.client("learner").get(address).status_code == 200
    assert titles(feed(cast.client("learner"), SHELF)) == ["Keep the well clean"]
