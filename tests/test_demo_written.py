"""The demo's librarian has written a lesson, which stands on the shelf, and a draft; clearing takes both away."""

from hub import library
from hub.demo import clear
from hub.node import Node
from hub.writing import banks, drafts, publishing
from tests.fixtures.demo import Demo


def test_a_lesson_stands_and_a_draft_is_open(demo: Demo) -> None:
    """Under the librarian's name, whole, found by its words."""
    made = {each.body.about.title: each for each in drafts.drafts(demo.node, person="")}
    assert set(made) == {"Make a tippy tap", "Stories of our baobab"}
    lesson = made["Make a tippy tap"]
    manifest = library.package(demo.node, lesson.package)
    assert (manifest.author, [item.kind for item in manifest.items]) == ("Lucía", ["lesson", "quiz"])
    assert [(each.version, each.is_here) for each in publishing.editions(demo.node, lesson.id)] == [(1, True)]
    assert library.search(demo.node, words="tippy tap").found.total > 0
    assert [len(each.questions) for each in banks.banks(demo.node)] == [3]


def test_clearing_takes_the_lesson_and_the_drafts(crowd: Node) -> None:
    """What the demo's librarian wrote goes with her."""
    assert [row.title for row in library.packages(crowd)] == ["Make a tippy tap"]
    clear.clear(crowd)
    assert (library.packages(crowd), drafts.drafts(crowd, person=""), banks.banks(crowd)) == ([], [], [])
