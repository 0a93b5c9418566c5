"""What comes next, what to choose from, what has grown."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from content.shelf import Shelf
from hub import learning, library
from hub.learning import Given, Opened, classes, progress
from hub.node import Node
from hub.people import circles, credentials, roster
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
    node.clock.machine.advance(60)  # type: ignore[attr-defined]
    learning.open_item(node, person=amina, opened=market("film"))
    learning.note_place(node, person=amina, opened=market("film"), place=30)
    node.clock.machine.advance(60)  # type: ignore[attr-defined]
    assert not learning.open_item(node, person=amina, opened=read).is_finished
    assert [way.manifest.id for way in progress.of_person(node, amina)] == [PACKAGE, "well.en"]


def test_what_was_begun_before_comes_first_among_the_choices(
    node: Node, cast: Cast, market: Market, tmp_path: Path
) -> None:
    """And what is going on is not among them."""
    library.add(node, source=packages.folder(tmp_path / "well"))
    amina = cast.person("learner").id
    learning.finish(node, person=amina, opened=learning.find(node, package="well.en", item="read"))
    node.clock.machine.advance(60)  # type: ignore[attr-defined]
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


def test_a_newcomer_whose_age_nobody_knows_counts_as_a_child(node: Node, cast: Cast) -> None:
    """Whoever signs in by pictures; not in a team, which is for grown-ups, and not with a PIN."""
    new = roster.add_person(node, name="Zuri", picture="tortoise")
    assert progress.is_child(node, new)
    credentials.set_secret(node, person=new.id, secret=("star", "key", "leaf"))
    assert progress.is_child(node, new)
    team = circles.add_circle(node, name="Menders", picture="fire", kind="team")
    circles.join(node, circle=team.id, person=new.id)
    assert not progress.is_child(node, new)
    awa = roster.add_person(node, name="Awa", picture="banana")
    credentials.set_secret(node, person=awa.id, secret="271828")  # noqa: S106 - a PIN of a test
    assert not progress.is_child(node, awa)


def test_what_is_for_grown_ups_is_not_offered_to_a_child(node: Node, cast: Cast, tmp_path: Path) -> None:
    """Unless nothing on the shelf is for children; the library hides it from nobody."""
    amina = cast.person("learner").id
    for_adults = {'level = "beginner"': 'level = "beginner"\naudience = ["adult"]'}
    library.add(node, source=packages.well(tmp_path / "phone", work="phone", **for_adults))
    assert [each.manifest.id for each in progress.choices(node, amina)] == ["phone.en"]
    library.add(node, source=packages.well(tmp_path / "well"))
    assert [each.manifest.id for each in progress.choices(node, amina)] == ["well.en"]
    learning.finish(node, person=amina, opened=learning.find(node, package="well.en", item="read"))
    assert progress.choices(node, amina) == []


def test_a_step_is_named_by_its_place_in_the_package(node: Node, cast: Cast, market: Market) -> None:
    """Whoever has done the third of five first goes on with the first: it is step one."""
    amina = cast.person("learner").id
    learning.finish(node, person=amina, opened=market("film"))
    step = progress.continue_with(node, amina)
    assert step is not None
    assert (step.item.id, step.number, step.done) == ("look", 1, 1)


def test_a_sentence_is_in_the_language_of_who_reads_it(node: Node, cast: Cast, market: Market, tmp_path: Path) -> None:
    """Where the work was translated; else as the hub speaks, and what was learned is the same."""
    amina = cast.person("learner").id
    library.add(node, source=_pay_in_french(tmp_path))
    _sums(node, amina, market("five"), "2")
    found = {language: progress.garden(node, amina, languages=[language])[0] for language in ("en", "fr", "sw")}
    said = {language: (grown.language, grown.statement) for language, grown in found.items()}
    assert said["fr"] == ("fr", "Je sais payer juste.")
    assert said["en"] == said["sw"] == ("en", "I can pay the right sum.")


def _pay_in_french(place: Path) -> Path:
    french = {'"clean"': '"pay"', "I can keep a well clean.": "Je sais payer juste."}
    return packages.well(place / "fr", work="market", language="fr", **french)


def test_what_was_done_counts_also_when_its_package_goes(node: Node, cast: Cast, market: Market) -> None:
    """As on the class page."""
    amina = cast.person("learner").id
    learning.finish(node, person=amina, opened=market("look"))
    library.remove(node, PACKAGE)
    assert progress.tally(node, amina) == progress.Tally(finished=1, last_ms=node.clock.now_ms())
    (learner,) = classes.class_table(node, circle=cast.circle.id).learners
    assert (learner.finished, learner.last_ms) == (1, node.clock.now_ms())


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
