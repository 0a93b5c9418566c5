"""A course: steps through other works. What is done is read from the works, and "Go on" passes over gaps."""

from pathlib import Path

import pytest

from content.package import Manifest
from hub import courses, learning, library, seeing, worn
from hub.courses import DONE, GONE, NOT_FOR_THEM, OPEN, Course
from hub.node import Node
from hub.people.roster import Person
from hub.tables.learning import BEGUN
from hub.writing import drafts
from hub.writing.parts import COURSE, Part
from tests.fixtures import packages, writing
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.courses_written import course_of, work_of


@pytest.fixture
def made(node: Node, cast: Cast, tmp_path: Path) -> Manifest:
    """A course in two sections: a work and a lesson of another, then a work that is taken off the shelf again."""
    first, third = work_of(node, "First"), work_of(node, "Third")
    library.add(node, source=packages.folder(tmp_path / "well"))
    course = course_of(
        node,
        [
            Part("", "heading", "To begin"),
            Part("", "text", "Read this **first**."),
            Part("", "link", "The first", target=first),
            Part("", "link", "About wells", target="well.en/read"),
            Part("", "heading", "Later"),
            Part("", "link", "The third", target=third),
        ],
    )
    return library.package(node, course)


def seen(node: Node, made: Manifest, person: Person | None) -> Course:
    """The course as somebody sees it."""
    found = courses.course(node, seeing.seen(node, made, person), person)
    assert found is not None
    return found


def states(node: Node, made: Manifest, person: Person | None) -> list[str]:
    """How its steps stand for somebody."""
    return [step.state for each in seen(node, made, person).sections for step in each.steps]


def finish(node: Node, person: Person, package: str, item: str = "read") -> None:
    """Read a lesson to its end."""
    opened = learning.find(node, package=package, item=item, person=person)
    learning.finish(node, person=person.id, opened=opened)


def test_going_on_leads_through_the_steps(node: Node, cast: Cast, made: Manifest) -> None:
    """Each is done by doing the work itself; the sections are finished on the way, and at the end it leads nowhere."""
    amina, (first, well, third) = cast.person("learner"), made.needs
    for package in (first, well, third):
        href = courses.go_on(node, made, amina)
        assert href == f"/learn/{package}/read/" == courses.go_on(node, made, amina)
        finish(node, amina, package)
    assert courses.go_on(node, made, amina) == "" and states(node, made, amina) == [DONE] * 3
    done = library.states(node, person=amina.id, package=made.id)
    assert set(done) == {each.id for each in made.items} and min(done.values()) > BEGUN


def test_what_was_done_before_counts(node: Node, cast: Cast, made: Manifest) -> None:
    """Whoever read the first work already begins with the second; of a guest nothing is kept."""
    amina = cast.person("learner")
    finish(node, amina, made.needs[0])
    assert states(node, made, amina) == [DONE, OPEN, OPEN] and (seen(node, made, amina).done) == 1
    assert courses.go_on(node, made, amina) == "/learn/well.en/read/"
    assert courses.go_on(node, made, None) == f"/learn/{made.needs[0]}/read/"
    assert states(node, made, None) == [OPEN] * 3


def test_a_step_that_is_gone_is_passed_over(node: Node, cast: Cast, made: Manifest) -> None:
    """And is there again when the work comes back; a part that a new version lacks is gone too."""
    amina = cast.person("learner")
    library.remove(node, made.needs[0])
    assert states(node, made, amina) == [GONE, OPEN, OPEN]
    assert courses.go_on(node, made, amina) == "/learn/well.en/read/"
    assert seen(node, made, amina).gone == ["The first"] and courses.needing(node, "well.en") == [made]


def test_a_step_for_others_is_passed_over(node: Node, cast: Cast, made: Manifest) -> None:
    """For facilitators only, or from an age on; a facilitator has it."""
    worn.show_to(node, [made.needs[0]], "only")
    worn.show_to(node, ["well.en"], "18")
    assert states(node, made, cast.person("learner")) == [NOT_FOR_THEM, NOT_FOR_THEM, OPEN]
    assert states(node, made, cast.person("facilitator")) == [OPEN, OPEN, OPEN]


def test_a_course_of_which_all_is_gone_ends(node: Node, cast: Cast, made: Manifest) -> None:
    """Its sections are then what is left to read."""
    for each in made.needs:
        library.remove(node, each)
    amina = cast.person("learner")
    assert courses.go_on(node, made, amina) == f"/learn/{made.id}/{made.items[0].id}/"
    for item in made.items:
        finish(node, amina, made.id, item.id)
    assert courses.go_on(node, made, amina) == ""


def test_other_packages_are_no_courses(node: Node, made: Manifest) -> None:
    """A lesson with links needs nothing."""
    assert courses.course(node, library.package(node, "well.en"), None) is None and made.needs


@pytest.mark.parametrize("role", ROLES)
def test_everybody_sees_what_is_theirs(cast: Cast, made: Manifest, role: str) -> None:
    """The course's page with its sections and steps, and the button; a section with its words."""
    client = cast.client(role)
    shown = client.get(f"/library/{made.id}/").text
    assert "To begin" in shown and "About wells" in shown and f'action="/learn/{made.id}/go-on/"' in shown
    section = client.get(f"/learn/{made.id}/{made.items[0].id}/").text
    assert "<strong>first</strong>" in section and 'name="item"' in section
    answer = client.post(f"/learn/{made.id}/go-on/", data={"item": made.items[1].id})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/learn/{made.needs[2]}/read/")


def test_a_closed_hub_gives_guests_nothing(cast: Cast, node: Node, made: Manifest) -> None:
    """They are led to sign in; a package that is none is not there."""
    assert cast.client("learner").post("/learn/nothing/go-on/").status_code == 404
    answer = cast.client("learner").post("/learn/well.en/go-on/")
    assert answer.headers["Location"] == "/library/well.en/"
    assert cast.client(OUTSIDER).post(f"/learn/{made.id}/go-on/").status_code == 303


def test_the_way_back_is_shown_while_it_lasts(cast: Cast, made: Manifest) -> None:
    """On the page of a work and of its items, to whoever has begun the course."""
    learner, first = cast.client("learner"), made.needs[0]
    assert "Back to the course" not in learner.get(f"/learn/{first}/read/").text
    learner.post(f"/learn/{made.id}/go-on/")
    for address in (f"/learn/{first}/read/", f"/library/{first}/"):
        assert f'href="/library/{made.id}/"' in learner.get(address).text
        assert "Back to the course" not in cast.client("neighbour").get(address).text


def test_what_is_gone_is_said_gently(cast: Cast, node: Node, made: Manifest) -> None:
    """To learners at its step, to keepers above; and whoever takes a work off is told of the course."""
    librarian = cast.client("librarian")
    asked = librarian.get(f"/library/{made.needs[0]}/remove/").text
    assert "leads to it: its step will be passed over" in asked and made.title in asked
    library.remove(node, made.needs[0])
    shown = cast.client("learner").get(f"/library/{made.id}/").text
    assert "No longer here" in shown and made.needs[0] not in shown
    told = librarian.get(f"/library/{made.id}/").text.partition("works that are not on this shelf: ")[2][:40]
    assert "The first" in told and made.needs[0] not in told
    draft = drafts.of_package(node, made.id)
    assert draft is not None
    assert "The work of this step is no longer on the shelf" in librarian.get(f"/library/write/{draft.id}/").text


def test_a_course_goes_out_and_comes_in(node: Node, made: Manifest, tmp_path: Path) -> None:
    """As any package: its manifest says what it needs."""
    folder = library.export(node, made.id, to=tmp_path)
    library.remove(node, made.id)
    library.add(node, source=folder)
    assert library.package(node, made.id).needs == made.needs


def test_a_course_is_found_by_its_words(cast: Cast, made: Manifest) -> None:
    """What is said before a step is searched like any lesson."""
    assert made.id in cast.client("learner").get("/library/?q=Read+this+first").text
    assert made.source_format == "folder" and COURSE == "course"
    assert writing.ABOUT.shape == ""
