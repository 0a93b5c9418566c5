"""axe on every kind of page: left to right and right to left, in the light and in the dark, at 360 and 320 px."""

import pytest

from tests.fixtures import engines
from tests.fixtures.demo import PARTS
from tests.fixtures.looks import Looks

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.LOOK)]


@pytest.mark.parametrize("part", PARTS)
def test_axe_finds_nothing_whichever_way(looks: Looks, part: str) -> None:
    """With everything unfolded, and every page has one heading, one main part, a language and a title."""
    assert looks.of(part, "axe") == []
