"""A draft comes onto the shelf like any package: found, opened, answered; in versions that only count up."""

from dataclasses import replace
from pathlib import Path

import pytest

from content.shelf import Shelf
from hub import jobs, learning, library
from hub.errors import InputWrong, NotFound
from hub.learning import Given, items
from hub.node import Node
from hub.worker import HANDLERS, Worker
from hub.writing import drafts, media, publishing
from hub.writing.parts import Part
from tests.fixtures import writing
from tests.fixtures.plug import PlugDisk, PlugPulled

STEPS_MAX = 200
FOLDERS = 3
"""Folders that a shelf makes when it is opened."""


def test_what_is_published_is_found_and_opened(node: Node) -> None:
    """Under its author, with its lesson, its quiz, its picture as cover, and by any of its words."""
    package = writing.publish(node, writing.written(node).id)
    manifest = library.package(node, package)
    assert package.startswith("clean-hands-")
    assert (manifest.title, manifest.author, manifest.version, manifest.licence) == (
        "Clean hands",
        "Lucía",
        1,
        "CC-BY-SA-4.0",
    )
    assert [(item.id, item.kind, item.title) for item in manifest.items] == [
        ("read", "lesson", "Clean hands"),
        ("try", "quiz", "Questions"),
    ]
    assert manifest.cover in manifest.files
    assert library.search(node, words="enough").found.total == 1
    assert library.verify(node) == []
    assert not list(node.home.glob(f"{publishing.STAGED}*"))


def test_a_learner_answers_it(node: Node) -> None:
    """Right by what was ticked, by a number near enough, by any of the spellings."""
    opened = items.find(node, package=writing.publish(node, writing.written(node).id), item="try")
    learning.open_item(node, person="amina", opened=opened)
    answers = (("a",), ("24",), ("Food",))
    for number, (question, answer) in enumerate(zip(learning.quiz(node, opened).questions, answers, strict=True)):
        given = Given(question.id, answer, node.new_id(), number)
        taken = learning.take_answer(node, person="amina", opened=opened, given=given)
        assert taken.sitting.scores(question.id) == (1,)


def test_a_second_version_keeps_ids_and_costs_what_changed(node: Node) -> None:
    """The same package, items and questions; the picture lies on the shelf already."""
    made = writing.written(node)
    package = writing.publish(node, made.id)
    before, asked = library.package(node, package), ids(node, package)
    drafts.describe(node, made.id, about=replace(writing.ABOUT, title="Very clean hands"))
    drafts.alter(node, made.id, part=replace(made.body.questions[0], text="What do we need?"))
    assert writing.publish(node, made.id) == package
    after = library.package(node, package)
    assert (after.version, after.title, ids(node, package)) == (2, "Very clean hands", asked)
    assert [item.id for item in after.items] == [item.id for item in before.items]
    changed = {path for path in after.files if after.files[path] != before.files.get(path)}
    assert changed == {"read.md", "try.toml"}


def ids(node: Node, package: str) -> list[str]:
    """The ids of the questions of a package."""
    return [each.id for each in learning.quiz(node, items.find(node, package=package, item="try")).questions]


def test_a_former_version_comes_back_under_the_next_number(node: Node) -> None:
    """Its words and its pictures, though the draft has gone on and they were cleared away where nobody needs them."""
    made = writing.written(node)
    package = writing.publish(node, made.id)
    first = library.package(node, package)
    for part in made.body.lesson[1:]:
        drafts.remove(node, made.id, part_id=part.id)
    writing.publish(node, made.id)
    media.clear_away(node, old_ms=0)
    publishing.go_back(node, made.id, version=1, person="p1")
    writing.work(node)
    again = library.package(node, package)
    assert (again.version, again.files) == (3, first.files)
    assert [(each.version, each.is_here) for each in publishing.editions(node, made.id)] == [
        (3, True),
        (2, False),
        (1, False),
    ]
    assert len(drafts.draft(node, made.id).body.lesson) == 1
    with pytest.raises(InputWrong, match="stands on the shelf now"):
        publishing.go_back(node, made.id, version=3, person="p1")
    with pytest.raises(NotFound):
        publishing.go_back(node, made.id, version=9, person="p1")


def test_what_was_taken_off_the_shelf_can_be_put_there_again(node: Node) -> None:
    """As the next version: other hubs may know the one before."""
    made = writing.written(node)
    package = writing.publish(node, made.id)
    with pytest.raises(InputWrong, match="just as it is"):
        publishing.publish(node, made.id, person="p1")
    library.remove(node, package)
    writing.publish(node, made.id)
    assert library.package(node, package).version == 2


def test_nothing_is_no_package(node: Node) -> None:
    """One sentence, no job, no edition."""
    made = writing.begun(node)
    with pytest.raises(InputWrong, match="nothing in it yet"):
        publishing.publish(node, made.id, person="p1")
    assert (jobs.jobs(node), publishing.editions(node, made.id)) == ([], [])


def test_a_draft_that_is_deleted_stops_its_job_and_leaves_the_shelf(node: Node) -> None:
    """What stands there stays."""
    made = writing.written(node)
    package = writing.publish(node, made.id)
    drafts.add(node, made.id, part=Part("", "heading", "More"))
    job = publishing.publish(node, made.id, person="p1")
    drafts.forget(node, made.id)
    writing.work(node)
    assert jobs.show(node, job).state == jobs.STOPPED
    assert library.package(node, package).version == 1


def test_a_link_leads_to_another_work(node: Node) -> None:
    """The package names it without holding it."""
    made, well = writing.begun(node), writing.publish(node, writing.written(node).id)
    drafts.add(node, made.id, part=Part("", "link", "The well", target=f"{well}/read"))
    manifest = library.package(node, writing.publish(node, made.id))
    assert f"(shelf:{well}/read)".encode() in node.shelf.read(manifest, "read.md")


@pytest.mark.parametrize("loses", [False, True], ids=["all written is kept", "what was not synced is lost"])
def test_a_cut_leaves_the_shelf_before_or_after(node: Node, tmp_path: Path, loses: bool) -> None:
    """The plug is pulled before every step of the second version's job; the job is begun again and ends."""
    made = writing.written(node)
    package = writing.publish(node, made.id)
    for stop in range(STEPS_MAX):
        drafts.add(node, made.id, part=Part("", "heading", f"Step {stop}"))
        job, before = publishing.publish(node, made.id, person="p1"), library.package(node, package)
        disk = PlugDisk(stop + FOLDERS, loses=loses)
        cut = replace(node, shelf=Shelf(node.shelf.root, disk))
        try:
            Worker(cut, HANDLERS).step()
        except PlugPulled:
            assert Shelf(node.shelf.root).verify() == []
            found = Shelf(node.shelf.root).manifest(package)
            assert found is not None and found.version in (before.version, before.version + 1)
            jobs.take_up(node)
            library.mend(node)
            publishing.clear_away(node)
            writing.work(node)
        else:
            assert stop > 8
            return
        assert jobs.show(node, job).state == jobs.DONE
        assert library.package(node, package).version == before.version + 1
        assert library.search(node, words=f"Step {stop}").found.total == 1
    raise AssertionError("the job has no end")
