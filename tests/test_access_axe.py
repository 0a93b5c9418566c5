"""axe on every kind of page: left to right at 360 px in the light, and right to left at 320 px in the dark."""

import pytest
from playwright.sync_api import Page

from tests.fixtures import engines
from tests.fixtures.access import axe_both_ways
from tests.fixtures.demo import PARTS
from tests.fixtures.looks import Looks

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.LOOK)]

HARD = """<!doctype html><html lang="en"><title>Hard</title><style>
    :root { color-scheme: light dark; color: #000; background: #fff }
    @media (prefers-color-scheme: dark) { :root { background: #222; color: #fff } .dim { color: #444 } }
    @media (prefers-color-scheme: light) { .pale { color: #ddd } }
    .drawer { max-width: 340px; overflow: auto; white-space: nowrap }
    .small { padding: 12px; border: 0 }
    [dir="rtl"] .small { font-size: 9px; padding: 0 }
    </style><main><h1>Hard</h1><p class="dim">Dim</p><p class="pale">Pale</p>
    <div class="drawer"><div style="width: 338px; text-align: end">Wide</div></div>
    <button class="small">i</button><button class="small">j</button></main>"""
"""Dim in the dark, pale in the light, a drawer that scrolls on a narrow page, and buttons small from right to left."""
FAULTS = {
    ("color-contrast", "dim"): "right to left, dark, 320 px",
    ("color-contrast", "pale"): "left to right",
    ("scrollable-region-focusable", "drawer"): "right to left, dark, 320 px",
    ("target-size", "small"): "right to left, dark, 320 px",
}


@pytest.mark.parametrize("part", PARTS)
def test_axe_finds_nothing_whichever_way(looks: Looks, part: str) -> None:
    """With everything unfolded, and every page has one heading, one main part, a language and a title."""
    assert looks.of(part, "axe") == []


def test_axe_finds_what_is_wrong_one_way_alone(page: Page) -> None:
    """A fault of the dark, of the light, of a narrow page or of a direction is found, each by itself."""
    page.set_content(HARD)
    found = axe_both_ways(page)
    for (rule, name), way in FAULTS.items():
        said = [each for each in found if f" {rule}:" in each and f'class="{name}"' in each]
        assert [each.endswith(f"({way})") for each in said] == [True], found
