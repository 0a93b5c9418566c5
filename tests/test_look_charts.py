"""Charts: drawn by rule, true to the numbers, silent about what is hidden, with a table behind each."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page

from hub.care import growth
from hub.care.health import health
from hub.learning import classes
from hub.node import Node
from hub.outcomes import PERIOD_MS
from hub.tide import report, sent
from hub.tide.report import Tide
from hub.web import charts
from hub.web.charts import Row
from tests.fixtures import engines
from tests.fixtures.cast import Cast
from tests.fixtures.clock import HandClock
from tests.fixtures.demo import GUEST
from tests.fixtures.outcomes import finish, in_last_period

pytestmark = pytest.mark.sqlite(engines.WORDS)

COUNTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=charts.PARTS_MAX)
WIDTH = re.compile(r'width="([\d.e+-]+)%"')
DAY_MS, WEEK_MS = 86_400_000, 7 * 86_400_000
MIRRORED = """() => [...document.querySelectorAll('.chart .drawn')].map(
    (each) => getComputedStyle(each).transform === 'matrix(-1, 0, 0, 1, 0, 0)')"""
SIDES = """() => [...document.querySelectorAll('.bars li')].map((each) => [each.querySelector('.of'),
    each.querySelector('.drawn')].map((part) => part.getBoundingClientRect().left)
    ).map(([words, bar]) => words < bar)"""
TABLES = "() => [...document.querySelectorAll('.chart .behind table')].map((each) => each.checkVisibility())"


def _widths(drawing: str) -> list[float]:
    return [float(each) for each in WIDTH.findall(drawing)]


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_bar_is_as_long_as_its_share(count: int, more: int) -> None:
    """Of the longest one, within a ten-thousandth."""
    assert _widths(charts.bar(count, count + more)) == pytest.approx([100 * count / (count + more)], rel=1e-3)


@given(COUNTS, st.integers(0, 10**9))
def test_parts_add_up_to_their_share_of_the_whole(counts: list[int], rest: int) -> None:
    """However many there are, and none lies on another."""
    whole = sum(counts) + rest
    drawn = charts.parted(counts, whole)
    assert sum(_widths(drawn)) == pytest.approx(100 * sum(counts) / whole if whole else 0, rel=1e-2, abs=0.01)
    starts = [float(each) for each in re.findall(r'x="([\d.e+-]+)%"', drawn)]
    assert starts == sorted(starts)


def test_a_hidden_count_leaves_no_mark() -> None:
    """No bar, no point, and not the highest."""
    rows = [Row("a", 3, "3"), Row("b", None, "few people")]
    assert charts.bar(None, 3) == ""
    assert charts.most(rows) == rows[0]
    assert charts.line([3, None, 3]).count("M") == charts.line([3]).count("M") + 1


@given(st.lists(st.one_of(st.none(), st.integers(0, 10**6)), max_size=30))
def test_a_line_has_a_point_for_each_count_that_is_shown(counts: list[int | None]) -> None:
    """And every point lies on the sheet."""
    dots = re.findall(r"M([\d.]+) ([\d.]+)h0", charts.line(counts))
    assert len(dots) == sum(count is not None for count in counts)
    assert all(0 <= float(x) <= charts.WIDE and 0 < float(y) < charts.HIGH for x, y in dots)


def test_a_line_breaks_where_a_count_is_hidden() -> None:
    """Nothing is drawn across the gap."""
    assert charts.line([1, 2, None, 3, 4]).count('class="stroke"') == 2


def test_a_higher_count_stands_higher() -> None:
    """The sheet begins at its top."""
    low, high = (float(y) for _, y in re.findall(r"M([\d.]+) ([\d.]+)h0", charts.line([1, 5])))
    assert high < low


def test_outcomes_hide_in_the_picture_what_they_hide_in_the_table(cast: Cast, node: Node) -> None:
    """Few people have a word and no bar; nothing drawn or said tells how many they were."""
    finish(node, "water", range(41))
    finish(node, "numbers", range(3))
    finish(node, "phone", range(37, 44))
    finish(node, "water", range(9), at_ms=in_last_period(node) - PERIOD_MS)
    finish(node, "water", range(2), at_ms=in_last_period(node) - 2 * PERIOD_MS)
    text = cast.client("facilitator").get("/outcomes/").text
    assert text.count('class="drawn drawn-bar"') == 1
    assert re.findall(r'said number( soft)?">([^<]+)', text) == [
        (" soft", "few people"),
        (" soft", "few people"),
        ("", "41"),
    ]
    assert len(re.findall(r"M[\d.]+ [\d.]+h0", text)) == 2


def test_a_class_is_shown_by_level(cast: Cast, node: Node) -> None:
    """Its picture and its table say how many are how far; nobody is ranked or named in it."""
    table = classes.class_table(node, circle=cast.circle.id)
    assert all(sum(strand.grown) <= len(table.learners) for strand in table.strands)
    text = cast.client("facilitator").get(f"/learn/classes/{cast.circle.id}/").text
    assert ("parted" in text) == bool(table.strands)


def test_records_are_counted_by_whole_weeks(node: Node, clock: HandClock) -> None:
    """From the first with a record; the week that is not over is not counted, and an empty one is zero."""
    end = clock.now_ms() - (clock.now_ms() - growth.FIRST_MONDAY_MS) % WEEK_MS
    finish(node, "water", range(4), at_ms=end - 3 * WEEK_MS)
    finish(node, "water", range(2), item="b", at_ms=end - 1)
    finish(node, "water", range(1), item="c", at_ms=end)
    assert [week.records for week in growth.weeks(node)] == [4, 0, 2]
    assert growth.weeks(node)[0].since_ms == end - 3 * WEEK_MS


def test_a_hub_without_records_has_no_weeks(node: Node) -> None:
    """Nothing to draw."""
    assert growth.weeks(node) == []


def test_the_disk_is_whole(node: Node) -> None:
    """What is used and what is free is all there is."""
    facts = health(node)
    use = growth.use(node, facts)
    assert use.total == facts.disk.total
    assert min(use.shelf, use.records, use.other) >= 0


def test_what_went_is_counted_by_day(node: Node, clock: HandClock) -> None:
    """All exchanges of a day together; days without one are zero; today is there."""
    today = clock.now_ms()
    for at_ms, pushed in ((today - 2 * DAY_MS, 5), (today - 2 * DAY_MS, 7), (today, 1)):
        report.keep(node, Tide("hub", "Hub", at_ms, at_ms, pushed=pushed))
    assert [day.sent for day in sent.days(node)] == [12, 0, 1]


def test_a_day_that_is_half_forgotten_is_left_out(node: Node, clock: HandClock) -> None:
    """Of the oldest day that is remembered, earlier exchanges may be gone already."""
    today = clock.now_ms()
    for number in range(report.KEPT):
        at_ms = today - (DAY_MS if number < 60 else 0)
        report.keep(node, Tide("hub", "Hub", at_ms, at_ms, pushed=1))
    assert [day.sent for day in sent.days(node)] == [report.KEPT - 60]


@pytest.mark.parametrize(("role", "is_shown"), [("librarian", True), ("facilitator", True), ("learner", False)])
def test_only_those_who_look_after_the_hub_see_how_it_fills(cast: Cast, role: str, is_shown: bool) -> None:
    """Everybody else reads a plain word."""
    assert ("drawn-parts" in cast.client(role).get("/status/").text) == is_shown


@pytest.mark.browser
@pytest.mark.sqlite(engines.LOOK)
def test_charts_run_with_the_line(open_as: Callable[..., Page]) -> None:
    """From right to left the drawings are mirrored and the words change sides; from left to right neither is."""
    page = open_as(GUEST, "/about/design", viewport={"width": 1000, "height": 700})
    assert {*page.evaluate(MIRRORED)} == {False}
    assert {*page.evaluate(SIDES)} == {True}
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert {*page.evaluate(MIRRORED)} == {True}
    assert {*page.evaluate(SIDES)} == {False}


@pytest.mark.browser
@pytest.mark.sqlite(engines.LOOK)
def test_paper_shows_picture_and_table(open_as: Callable[..., Page]) -> None:
    """On the screen the table lies folded behind the picture; on paper nobody can unfold it."""
    page = open_as(GUEST, "/about/design")
    assert {*page.evaluate(TABLES)} == {False}
    page.emulate_media(media="print")
    assert {*page.evaluate(TABLES)} == {True}


@pytest.mark.browser
@pytest.mark.sqlite(engines.LOOK)
def test_a_picture_has_a_name_of_its_own(open_as: Callable[..., Page]) -> None:
    """Who does not see hears what it shows and where the numbers are."""
    page = open_as(GUEST, "/about/design")
    assert page.get_by_role("img", name="Bars, as a picture. The same stands in the table below it.").count() == 1
