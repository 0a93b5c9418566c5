"""Putting packages on the shelf and taking them off: shelf, catalogue and journal say the same."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from content import checks
from content.errors import ContentError, PackageUnknown
from content.install import install
from content.package import is_id
from hub import library
from hub.node import Node
from tests.fixtures import packages


def told(node: Node) -> dict[str, tuple[str, int]]:
    """What the journal tells of this hub's packages: digest, and whether it is here."""
    rows = node.tables.HubPackage.select().where(node.tables.HubPackage.hub == node.identity.hub_id)
    return {row.package: (row.digest, row.is_here) for row in rows}


def test_a_package_that_was_added_is_listed_found_and_told(node: Node, tmp_path: Path) -> None:
    """One call does all three."""
    added = library.add(node, source=packages.folder(tmp_path / "well"))
    assert (added.package, added.version, added.items, added.is_new) == ("well.en", 1, 2, True)
    assert [row.id for row in library.packages(node)] == ["well.en"]
    assert library.search(node, words="leaves").found.total == 2
    assert told(node) == {"well.en": (library.package(node, "well.en").digest, 1)}


def test_adding_twice_tells_once(node: Node, tmp_path: Path) -> None:
    """The journal gets no second entry for the same content."""
    source = packages.folder(tmp_path / "well")
    library.add(node, source=source)
    entries = [placed.seq for placed in node.journal.replay()]
    assert not library.add(node, source=source).is_new
    assert [placed.seq for placed in node.journal.replay()] == entries


def test_a_new_version_is_told(node: Node, tmp_path: Path) -> None:
    """The digest in the journal is that of the version on the shelf."""
    library.add(node, source=packages.folder(tmp_path / "well"))
    first = told(node)
    library.add(node, source=packages.folder(tmp_path / "well", version=2, more="Wash hands."))
    assert told(node) != first
    assert library.search(node, words="wash").found.total == 1


def test_a_refused_package_leaves_all_three_as_they_were(node: Node, tmp_path: Path) -> None:
    """Nothing is listed, found or told."""
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.4 cut")
    with pytest.raises(ContentError):
        library.add(node, source=tmp_path / "x.pdf")
    assert library.packages(node) == []
    assert told(node) == {}


def test_only_what_is_newer_is_put(node: Node, tmp_path: Path) -> None:
    """The starter library is offered at every start and copied once."""
    source = packages.folder(tmp_path / "well")
    assert library.add_if_newer(node, source)
    assert not library.add_if_newer(node, source)
    assert library.add_if_newer(node, packages.folder(tmp_path / "well", version=2))
    assert not library.add_if_newer(node, packages.folder(tmp_path / "old", version=1))


def test_what_was_removed_is_gone_and_told(node: Node, tmp_path: Path) -> None:
    """Not listed, not found, and other hubs hear that it is gone; a second time it is unknown."""
    library.add(node, source=packages.folder(tmp_path / "well"))
    assert library.remove(node, "well.en") > 0
    assert library.packages(node) == []
    assert library.search(node, words="leaves").found.total == 0
    assert told(node)["well.en"][1] == 0
    with pytest.raises(PackageUnknown):
        library.remove(node, "well.en")


def test_two_hubs_tell_of_the_same_package_apart(make_node: Callable[..., Node], tmp_path: Path) -> None:
    """Each entry is about one hub's shelf."""
    source = packages.folder(tmp_path / "well")
    subjects = set()
    for name in ("one", "two"):
        node = make_node(name)
        library.add(node, source=source)
        ours = [placed.entry.payload for placed in node.journal.replay() if placed.entry.kind == library.KIND]
        subjects |= {json.loads(payload)["id"] for payload in ours}
    assert len(subjects) == 2


def test_an_export_is_taken_in_by_another_hub(make_node: Callable[..., Node], tmp_path: Path) -> None:
    """A stick carries a package from hub to hub."""
    one, two = make_node("one"), make_node("two")
    library.add(one, source=packages.epub(tmp_path / "goat.epub"))
    name = library.packages(one)[0].id
    added = library.add(two, source=library.export(one, name, to=tmp_path / "stick"))
    assert added.package == name
    assert library.verify(two) == []


def test_mend_tells_what_was_missed_in_a_power_cut(node: Node, tmp_path: Path) -> None:
    """A package that came onto the shelf, and one that left it, just before the power went."""
    library.add(node, source=packages.folder(tmp_path / "well"))
    beans = install(node.shelf, packages.page_zip(tmp_path / "beans.zip"))
    node.shelf.remove("well.en")
    assert library.mend(node) == sorted([beans.id, "well.en"])
    assert [row.id for row in library.packages(node)] == [beans.id]
    assert {name: here for name, (_, here) in told(node).items()} == {beans.id: 1, "well.en": 0}
    assert library.mend(node) == []


def test_mend_makes_a_lost_catalogue_again(node: Node, tmp_path: Path) -> None:
    """The catalogue is no truth: its file may go."""
    library.add(node, source=packages.folder(tmp_path / "well"))
    for harm in (Path.unlink, lambda path: path.write_bytes(b"x" * 9000)):
        node.catalogue.close()
        for path in node.home.glob("catalogue.db*"):
            harm(path)
        library.mend(node)
        assert library.search(node, words="leaves").found.total == 2


def test_a_search_that_finds_nothing_leads_on(node: Node, tmp_path: Path) -> None:
    """To other languages first, then to what has some of the words."""
    library.add(node, source=packages.epub(tmp_path / "goat.epub"))
    library.add(node, source=packages.folder(tmp_path / "well"))
    elsewhere = library.search(node, words="mlima", chosen={"language": "en"})
    assert (elsewhere.found.total, elsewhere.elsewhere.total, elsewhere.partly.total) == (0, 1, 0)
    partly = library.search(node, words="mlima zebra")
    assert (partly.found.total, partly.elsewhere.total, partly.partly.total) == (0, 0, 1)
    nothing = library.search(node, words="zebra")
    assert not nothing.partly.hits


def test_the_shelves_say_what_may_be_chosen(node: Node, tmp_path: Path) -> None:
    """Languages with their numbers stay the same whatever is chosen."""
    library.add(node, source=packages.epub(tmp_path / "goat.epub"))
    library.add(node, source=packages.folder(tmp_path / "well"))
    shelves = library.shelves(node, language="sw")
    assert shelves.languages == (("en", 1), ("sw", 1))
    assert [row.language for row in shelves.packages] == ["sw"]


def test_translations_are_found_by_their_work(node: Node, tmp_path: Path) -> None:
    """The same work in another language, and not the package itself."""
    library.add(node, source=packages.folder(tmp_path / "well"))
    french = packages.DESCRIPTION.format(version=1).replace('"well.en"', '"well.fr"').replace('"en"', '"fr"')
    library.add(node, source=packages.folder(tmp_path / "fr", package__toml=french))
    manifest = library.package(node, "well.en")
    assert [row.id for row in library.translations(node, manifest)] == ["well.fr"]


def test_no_package_can_stand_behind_a_page(app: Flask) -> None:
    """Every word at the place of a package's id in an address is refused as an id."""
    places = [rule.rule.split("/")[1:] for rule in app.url_map.iter_rules()]
    parents = {tuple(place[: place.index("<package>")]) for place in places if "<package>" in place}
    words = {
        place[len(each)]
        for each in parents
        for place in places
        if len(place) > len(each) and tuple(place[: len(each)]) == each
    }
    assert {word for word in words if is_id(word)} == checks.RESERVED_IDS
