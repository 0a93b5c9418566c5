"""What is for facilitators only is not there for learners and guests, at every door of the library."""

from pathlib import Path

import pytest

from content.package import Item, Manifest
from hub import learning, library, seeing
from hub.app import create_content_app
from hub.errors import NotFound
from hub.learning import progress
from hub.node import Node
from hub.web.files import media_address
from tests.fixtures import channels, packages
from tests.fixtures.cast import ROLES, Cast
from tests.fixtures.channels import Thing

SEES = ("facilitator", "librarian", "steward")
SECRET = "Secret plan"
ONLY = f"kolibri-{'d' * 32}"


@pytest.fixture
def manifest(node: Node, tmp_path: Path) -> Manifest:
    """A channel with one plan for those who teach, and another that is nothing else."""
    plan = Thing(SECRET, "html5", [("html5_zip", "zip", channels.zipped({"index.html": "Secret plan"}), "")])
    hidden = Thing(plan.title, plan.kind, plan.files, ("Plans",), {"coach_content": 1})
    for name, things in (("c" * 32, [*channels.things(), hidden]), ("d" * 32, [hidden])):
        source = channels.channel(tmp_path / name, things, id=name, name=f"Channel {name[0]}")
        library.add(node, source=source, in_part=True)
    return library.package(node, f"kolibri-{'c' * 32}")


def hidden(manifest: Manifest) -> list[Item]:
    """The items that are for facilitators only."""
    return [item for item in manifest.items if item.facilitators_only]


def test_the_whole_cast_at_every_door(manifest: Manifest, cast: Cast) -> None:
    """Lists, searches, catalogues, files, addresses: the plan is there for those who teach and keep the shelf alone."""
    pdf, page = hidden(manifest)
    door = f"/learn/{manifest.id}/{page.id}/"
    lists = [
        f"/library/{manifest.id}/topics/3/",
        "/library/?q=secret+plan",
        f"/library/{ONLY}/",
        "/library/?kind=html5",
        "/opds/search/?query=secret",
    ]
    for role in ROLES:
        browser, sees = cast.client(role), role in SEES
        found = {address: browser.get(address) for address in (*lists, door, media_address(manifest, pdf.path))}
        opened = {address: answer.status_code == 200 and _says(answer, address) for address, answer in found.items()}
        assert opened == dict.fromkeys(found, sees), role
        shelf = browser.get("/library/").get_data(as_text=True)
        assert ("Channel d" in shelf, "Channel c" in shelf) == (sees, True), role
        feed = browser.get("/opds/publications/").get_json()
        assert (len(feed["publications"]) == 2) == sees, role
        packed = browser.get(f"/library/{manifest.id}/download/").data
        assert (page.id.encode() in packed, b"channel.sqlite3" in packed) == (sees, sees), role
        assert browser.post(f"{door}finish/", data={}).status_code == (303 if sees else 404), role


def _says(answer: object, address: str) -> bool:
    """Whether a list names the plan; other doors are open or shut."""
    text = answer.get_data(as_text=True)  # type: ignore[attr-defined]
    if "opds" in address:
        return "Channel" in text
    return SECRET in text or "Channel d" in text if "library/?" in address or "topics" in address else True


def test_nothing_leads_learners_there(manifest: Manifest, cast: Cast, node: Node) -> None:
    """What comes next, what is offered, and what goes home are for learners, whoever asks."""
    learner = cast.person("learner")
    names = {item.id for item in hidden(manifest)}
    for item in manifest.for_learners.items:
        opened = learning.find(node, package=manifest.id, item=item.id, person=learner)
        learning.open_item(node, person=learner.id, opened=opened)
        learning.finish(node, person=learner.id, opened=opened)
    (way,) = progress.of_person(node, learner.id)
    assert not names & {item.id for item in way.manifest.items}
    assert [step for step in progress.choices(node, learner.id) if step.item.id in names] == []
    with pytest.raises(NotFound):
        learning.find(node, package=manifest.id, item=next(iter(names)))


def test_the_origin_that_knows_nobody(manifest: Manifest, cast: Cast, node: Node) -> None:
    """Only an address that this hub made for who sees all leads to such a page; the rest of the package is open."""
    page, browser = hidden(manifest)[1], create_content_app(node).test_client()
    shown = cast.client("facilitator").get(f"/learn/{manifest.id}/{page.id}/").get_data(as_text=True)
    whole = seeing.mark(node, manifest)
    assert f"/{manifest.id}/{whole}/{page.path}" in shown
    assert browser.get(f"/{manifest.id}/{whole}/{page.path}").status_code == 200
    plain = whole.partition("-")[0]
    pump = next(item for item in manifest.items if item.title == "The pump")
    assert browser.get(f"/{manifest.id}/{plain}/{pump.path}").status_code == 200
    for mark in (plain, f"{plain}-", f"{plain}-0123456789abcdef", f"{plain}-é"):
        assert browser.get(f"/{manifest.id}/{mark}/{page.path}").status_code == 404


def test_a_lesson_folder_may_say_it_too(node: Node, cast: Cast, tmp_path: Path) -> None:
    """One line in package.toml; files that lessons share stay."""
    text = packages.DESCRIPTION.format(version=1).replace('"try.toml"', '"try.toml"\nfacilitators_only = true')
    library.add(node, source=packages.folder(tmp_path / "well", package__toml=text))
    manifest = library.package(node, "well.en")
    assert set(manifest.files) - set(manifest.for_learners.files) == {"try.toml"}
    assert cast.client("learner").get("/learn/well.en/try/").status_code == 404
    assert "For facilitators only" in cast.client("librarian").get("/library/well.en/").get_data(as_text=True)
