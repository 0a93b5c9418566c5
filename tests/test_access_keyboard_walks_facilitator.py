"""What a facilitator does for a whole class, walked with a keyboard alone: every stop on the way is seen."""

import pytest

from hub import learning
from hub.demo.cast import LOOK_AS
from hub.learning import items
from hub.people import circles, roster
from hub.people.circles import Circle
from hub.takehome import copies
from tests.fixtures.demo import Demo
from tests.fixtures.keyboard import Keys
from tests.fixtures.takehome import code
from tests.fixtures.walks import SitDown, focused_by

pytestmark = pytest.mark.browser

CHILDREN = 20
TEN_MINUTES_S = 600
"""At one key a second, which is slow."""
QUIZ = ("numbers.en", "how-many")


def led(demo: Demo) -> Circle:
    """The circle of the demo's facilitator."""
    otieno = next(each for each in roster.people(demo.node) if each.name == LOOK_AS["facilitator"])
    return circles.led_by(demo.node, otieno.id)[0]


def fill_up(demo: Demo, circle: Circle) -> list[str]:
    """Take in newcomers until twenty learn in the circle; all names as the class lists them."""
    here = len(circles.members(demo.node, circle.id, "learner"))
    for number in range(here, CHILDREN):
        person = roster.add_person(demo.node, name=f"Child {number}", picture="hen", birth_year=2016)
        circles.join(demo.node, circle=circle.id, person=person.id)
    return sorted((each.name for each in circles.members(demo.node, circle.id, "learner")), key=str.casefold)


def to_the_class(keys: Keys) -> None:
    """From the front page, by its large thing."""
    keys.go(".main-action")
    keys.page.locator("main a[href$='/paper/']").first.wait_for()


def test_f_twenty_papers_become_groups(demo_copy: Demo, keys_of: SitDown) -> None:
    """Marks of twenty children, typed row after row; one row is wrong at first; then the class stands in groups."""
    circle = led(demo_copy)
    names = fill_up(demo_copy, circle)
    package, item = QUIZ
    quiz = learning.quiz(demo_copy.node, items.find(demo_copy.node, package=package, item=item))
    asked = len(quiz.questions)
    assert CHILDREN * (asked + 1) < TEN_MINUTES_S
    keys = keys_of("facilitator")
    to_the_class(keys)
    keys.go("main a[href$='/paper/']")
    keys.go(f"main a[href$='/{package}/{item}/']")
    for number in range(CHILDREN):
        keys.reach(".marks input")
        keys.page.keyboard.type("1" * (asked - 1) if number == 1 else ("1" if number % 2 else "0") * asked)
    keys.go("button[name='keep']")
    assert keys.page.locator("[aria-invalid]").count() == 1
    assert focused_by(keys, "[aria-invalid]")
    keys.page.keyboard.type("1")
    keys.go("button[name='keep']")
    first = keys.page.locator("main section").first
    groups = [each.locator(".person").all_inner_texts() for each in first.locator(".group").all()]
    assert sorted(sum(groups, []), key=str.casefold) == names
    assert len(groups) > 1
    assert first.locator(".group").first.locator("use[href$='#hand']").count() == 1
    assert keys.wrong == []


def test_f_the_enter_key_writes_nothing_down_by_itself(demo_copy: Demo, keys_of: SitDown) -> None:
    """In the middle of the rows it only looks, and the focus stands in the next empty row."""
    circle = led(demo_copy)
    package, item = QUIZ
    keys = keys_of("facilitator", f"/learn/classes/{circle.id}/paper/{package}/{item}/")
    before = demo_copy.node.tables.Statement.select().count()
    keys.reach(".marks input")
    keys.page.keyboard.type("1010101010")
    with keys.page.expect_navigation():
        keys.page.keyboard.press("Enter")
    assert demo_copy.node.tables.Statement.select().count() == before
    assert focused_by(keys, ".marks > :nth-child(2) input")
    assert keys.wrong == []


def test_f_codes_from_home_go_in_one_after_the_other(demo_copy: Demo, keys_of: SitDown) -> None:
    """A paper for everybody is printed; codes are typed with the focus always in the field, a wrong one too."""
    circle = led(demo_copy)
    package, item = QUIZ
    keys = keys_of("facilitator", f"/take-home/of/{package}/?item={item}")
    keys.pick("#field-circle", circle.id)
    keys.go("form:has(#field-circle) .button")
    papers = [each for each in copies.of_people(demo_copy.node, _learners(demo_copy, circle)) if each.state == "out"]
    fresh = [each for each in papers if (each.pack.package, each.pack.item) == QUIZ]
    assert len(fresh) == len(_learners(demo_copy, circle))
    keys.go("nav a[href='/']")
    keys.go("main a[href='/take-home/']")
    for typed in ("2345678923", code(fresh[0]), code(fresh[1])):
        assert focused_by(keys, "#field-code")
        keys.page.keyboard.press("ControlOrMeta+A")
        keys.page.keyboard.type(typed)
        with keys.page.expect_navigation():
            keys.page.keyboard.press("Enter")
    back = {each.id for each in copies.of_people(demo_copy.node, _learners(demo_copy, circle)) if each.back}
    assert {fresh[0].id, fresh[1].id} <= back
    assert keys.wrong == []


def _learners(demo: Demo, circle: Circle) -> list[str]:
    return [each.id for each in circles.members(demo.node, circle.id, "learner")]


def test_f_a_facilitator_looks_at_a_class(keys_of: SitDown) -> None:
    """From home to the class, and to one learner of it."""
    keys = keys_of("facilitator")
    to_the_class(keys)
    keys.go("main a[href^='/learn/classes/'].person, main .list a.fill[href^='/learn/classes/']")
    assert keys.page.locator("main h1.person").count() == 1
    assert keys.wrong == []
