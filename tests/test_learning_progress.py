"""What comes next, what to choose from, what has grown."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from content.shelf import Shelf
from hub import learning, library
from hub.learning import Given, Opened, progress
from hub.node import Node
from hub.people import roster
from hub.web import today
from tests.fixtures import packages
from tests.fixtures.cast import Cast
from tests.fixtures.learning import PACKAGE

Market = Callable[[str], Opened]


def _sums(node: Node, person: str, opened: Opened, *answers: str) -> None:
    learning.begin_again(node, person=person, opened=opened)
    for number, answer in enumerate(answers, 1):
        learning.take_answer(node, person=person, opened=opened, given=Given(f"q{number}", (answer,), node.new_id()))


def test_somebody_new_has_nothing_to_go_on_with(node: Node, cast: Cast, market: Market) -> None:
    """But something to choose."""
    amina = cast.person("learner").id
    assert progress.continue_with(node, amina) is None
    (step,) = progress.choices(node, amina)
    assert (step.item.id, step.is_begun, step.href) == ("look", False, f"/learn/{PACKAGE}/look/")


def test_it_goes_on_with_the_first_item_that_is_not_finished(node: Node, cast: Cast, market: Market) -> None:
    """In the package that was open last."""
    amina = cast.person("learner").id
    learning.finish(node, person=amina, opened=market("look"))
    learning.finish(node, person=amina, opened=market("film"))
    step = progress.continue_with(node, amina)
    assert step is not None
    assert (step.item.id, step.done, step.total) == ("quiz", 2, 5)
    assert progress.choices(node, amina) == []


def test_what_was_only_opened_is_not_what_one_goes_on_with(node: Node, cast: Cast, market: Market) -> None:
    """On a phone that went from hand to hand the back button opens what the one before had open."""
    amina = cast.person("learner").id
    learning.open_item(node, person=amina, opened=market("five"))
    assert (progress.continue_with(node, amina), progress.of_person(node, amina)) == (None, [])
    (choice,) = progress.choices(node, amina)
    assert (choice.item.id, choice.is_begun) == ("look", False)
    _sums(node, amina, market("five"), "2")
    step = progress.continue_with(node, amina)
    assert step is not None
    assert (step.item.id, step.is_begun) == ("look", True)


def test_what_was_only_opened_again_does_not_come_to_the_front(
    node: Node, cast: Cast, market: Market, tmp_path: Path
) -> None:
    """One goes on with what one did something in last."""
    library.add(node, source=packages.folder(tmp_path / "well"))
    amina, read = cast.person("learner").id, learning.find(node, package="well.en", item="read")
    learning.finish(node, person=amina, opened=read)
    node.clock.advance(60)  # type: ignore[attr-defined]
    learning.open_item(node, person=amina, opened=market("film"))
    learning.note_place(node, person=amina, opened=market("film"), place=30)
    node.clock.advance(60)  # type: ignore[attr-defined]
    assert not learning.open_item(node, person=amina, opened=read).is_finished
    assert [way.manifest.id for way in progress.of_person(node, amina)] == [PACKAGE, "well.en"]


def test_what_was_begun_before_comes_first_among_the_choices(
    node: Node, cast: Cast, market: Market, tmp_path: Path
) -> None:
    """And what is going on is not among them."""
    library.add(node, source=packages.folder(tmp_path / "well"))
    amina = cast.person("learner").id
    learning.finish(node, person=amina, opened=learning.find(node, package="well.en", item="read"))
    node.clock.advance(60)  # type: ignore[attr-defined]
    learning.finish(node, person=amina, opened=market("look"))
    step = progress.continue_with(node, amina)
    assert step is not None
    assert step.manifest.id == PACKAGE
    assert [each.manifest.id for each in progress.choices(node, amina)] == ["well.en"]


def test_a_translation_of_what_was_begun_is_not_offered_as_new(node: Node, cast: Cast, tmp_path: Path) -> None:
    """One work, one way; somebody's own language is offered first."""
    for language in ("en", "fr"):
        place = packages.folder(tmp_path / language)
        text = (place / "package.toml").read_text().replace("well.en", f"well.{language}")
        (place / "package.toml").write_text(text.replace('language = "en"', f'language = "{language}"'))
        library.add(node, source=place)
    awa = roster.add_person(node, name="Awa", picture="banana", language="fr").id
    assert [each.manifest.id for each in progress.choices(node, awa)] == ["well.fr"]
    learning.finish(node, person=awa, opened=learning.find(node, package="well.en", item="read"))
    assert progress.choices(node, awa) == []


def test_the_garden_grows_from_first_answers(node: Node, cast: Cast, market: Market) -> None:
    """In the order of the package, with the answers it rests on."""
    amina = cast.person("learner").id
    _sums(node, amina, market("five"), "2", "3", "4", "5", "0")
    (grown,) = progress.garden(node, amina)
    assert (grown.statement, grown.state, grown.right, grown.looked_at) == ("I can pay the right sum.", "plant", 4, 5)


def test_what_was_learned_stays_when_its_package_goes(node: Node, cast: Cast, market: Market) -> None:
    """Without its sentence, and nothing to go on with."""
    amina = cast.person("learner").id
    _sums(node, amina, market("five"), "2", "3")
    library.remove(node, PACKAGE)
    (grown,) = progress.garden(node, amina)
    assert (grown.statement, grown.manifest, grown.state) == ("pay", None, "seed")
    assert progress.continue_with(node, amina) is None
    assert progress.of_person(node, amina) == []


def test_a_home_looks_at_each_package_a_few_times(
    node: Node, cast: Cast, market: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Packages of other languages are looked through once, not once for each other one."""
    for number in range(20):
        place = packages.folder(tmp_path / f"{number}")
        text = (place / "package.toml").read_text().replace("well", f"well{number}").replace('"en"', '"sw"')
        (place / "package.toml").write_text(text.replace(f"well{number}.svg", "well.svg"))
        library.add(node, source=place)
    looked, look = [], Shelf.manifest
    monkeypatch.setattr(Shelf, "manifest", lambda shelf, package: looked.append(package) or look(shelf, package))
    today.of_learner(node, cast.person("learner"))
    assert max(Counter(looked).values()) <= 3
