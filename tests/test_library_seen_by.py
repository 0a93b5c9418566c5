"""Who keeps the shelf marks what is for facilitators only, or from an age on; others do not meet it at any door."""

from pathlib import Path

import pytest

from content.package import Manifest
from hub import library, seeing, worn
from hub.app import create_content_app
from hub.errors import InputWrong
from hub.learning import progress
from hub.node import Node
from hub.people import roster
from tests.fixtures import packages
from tests.fixtures.cast import ROLES, Cast

SEES_ALL = {"facilitator", "librarian", "steward"}
WELL = "well.en"


@pytest.fixture
def well(node: Node, cast: Cast, tmp_path: Path) -> Manifest:
    """A package of a lesson and a quiz."""
    library.add(node, source=packages.folder(tmp_path / "well"))
    return library.package(node, WELL)


def _doors(manifest: Manifest) -> list[str]:
    """Every address of a package and of what leads to it."""
    item = manifest.items[0]
    return [
        f"/library/{WELL}/",
        f"/library/{WELL}/download/",
        f"/learn/{WELL}/{item.id}/",
        f"/opds/publications/{WELL}/",
        *[f"/library/{WELL}/files/{entry.sha256}/{path}" for path, entry in manifest.files.items() if ".svg" in path],
    ]


def _lists(cast: Cast, role: str) -> list[str]:
    """The lists that a role sees; each names the package or not."""
    browser = cast.client(role)
    addresses = ("/library/", "/library/?q=well", "/opds/publications/", "/opds/search/?query=well", "/opds/1.2/shelf/")
    return [browser.get(address).text for address in addresses]


def test_a_whole_package_for_facilitators_only(cast: Cast, node: Node, well: Manifest) -> None:
    """The whole cast at each door, before, with the mark, and after it was taken away."""
    for whom, seers in (("", set(ROLES)), ("only", SEES_ALL), ("", set(ROLES))):
        worn.show_to(node, [WELL], whom)
        for role in ROLES:
            browser = cast.client(role)
            for door in _doors(well):
                assert (browser.get(door).status_code == 200) == (role in seers), (role, door, whom)
            assert [WELL in text for text in _lists(cast, role)[:4]] == [role in seers] * 4, (role, whom)
            assert ("Keep the well" in browser.get("/library/suggest?q=Keep").text) == (role in seers), (role, whom)
        assert (cast.client("learner").get(f"/take-home/of/{WELL}/").status_code == 200) == (not whom)


def test_one_item_from_an_age_on(cast: Cast, node: Node, well: Manifest) -> None:
    """A learner of fifteen sees what is from twelve, one of eleven and a guest do not; the rest stays."""
    item = well.items[-1].id
    young, old = cast.person("learner"), cast.person("neighbour")
    year = 1970 + node.clock.now_ms() // 31_556_952_000
    roster.change_person(node, person=young.id, birth_year=year - 11)
    roster.change_person(node, person=old.id, birth_year=year - 15)
    worn.show_to(node, [WELL], "", {item: "12"})
    for role, sees in (("learner", False), ("neighbour", True), ("outsider", False), ("librarian", True)):
        browser = cast.client(role)
        assert (browser.get(f"/learn/{WELL}/{item}/").status_code == 200) == sees, role
        assert browser.get(f"/learn/{WELL}/{well.items[0].id}/").status_code == 200
        assert (f"/{item}/" in browser.get(f"/library/{WELL}/").text) == sees, role
    shown = {
        name: library.packages_for(node, roster.find(node, each.id)) for name, each in (("young", young), ("old", old))
    }
    assert [row.items for row in shown["young"]] == [len(well.items) - 1]
    assert [row.items for row in shown["old"]] == [len(well.items)]
    assert all(step.item.id != item for step in progress.choices(node, young.id))


def test_the_origin_knows_each_view_by_its_own_mark(cast: Cast, node: Node, well: Manifest) -> None:
    """An address made for one age opens no more than that, and nobody makes one by hand."""
    worn.show_to(node, [WELL], "", {well.items[0].id: "12", well.items[-1].id: "only"})
    manifest, browser = library.package(node, WELL), create_content_app(node).test_client()
    views = {"all": manifest, "12": manifest.shown_from(12), "0": manifest.for_learners}
    marks = {name: seeing.mark(node, view) for name, view in views.items()}
    assert len(set(marks.values())) == 3
    for name, view in views.items():
        found = seeing.marked(node, manifest, marks[name])
        assert found is not None
        assert [item.id for item in found.items] == [item.id for item in view.items]
    assert browser.get(f"/{WELL}/{marks['0']}-{'0' * 16}/{well.items[0].path}").status_code == 404


def test_a_mark_outlives_a_new_version_and_a_lost_layer(node: Node, well: Manifest, tmp_path: Path) -> None:
    """The journal is the truth: an update keeps the mark, and a cut before the layer was written is mended at start."""
    worn.show_to(node, [WELL], "only")
    library.add(node, source=packages.folder(tmp_path / "two", version=2))
    assert library.package(node, WELL).version == 2
    assert library.packages_for(node, None) == []
    node.shelf.worn.keep({})
    node.catalogue.rebuild(node.shelf)
    assert library.packages_for(node, None) != []
    library.mend(node)
    assert library.packages_for(node, None) == []
    assert library.mend(node) == []


def test_who_is_chosen_from_the_list(node: Node, well: Manifest) -> None:
    """Anything else is refused, and nothing is changed."""
    with pytest.raises(InputWrong):
        worn.show_to(node, [WELL], "13")
    with pytest.raises(InputWrong):
        worn.show_to(node, [], "only")
    assert worn.seen_by(node, WELL) == ("", {})
