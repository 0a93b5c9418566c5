"""Room for words: at 320 px, with letters twice as large, with wider spacing, in both directions."""

import pytest

from tests.fixtures import engines
from tests.fixtures.demo import PARTS
from tests.fixtures.looks import Looks

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.LOOK)]


@pytest.mark.parametrize("part", PARTS)
def test_every_word_finds_room(looks: Looks, part: str) -> None:
    """Nothing scrolls sideways, is cut off or stands beside the page, however large or wide the letters are."""
    assert looks.of(part, "room") == []
