"""Words can be read: every pair of ink and ground keeps 4.5:1, and edges 3:1, in light and in dark."""

import re

import pytest

from tests.fixtures import stylesheet

TEXT_RATIO = 4.5
EDGE_RATIO = 3.0
TEXTS = [
    *[(ink, ground) for ink in ("ink", "soft", "leaf", "tide", "clay", "warn", "bad") for ground in ("paper", "card")],
    *[(tone, f"{tone}-ground") for tone in ("leaf", "tide", "clay", "good", "warn", "bad")],
    *[("ink", f"{tone}-ground") for tone in ("leaf", "tide", "clay", "good", "warn", "bad", "sun")],
    *[("soft", f"{tone}-ground") for tone in ("leaf", "tide", "clay")],
    ("on-go", "go"),
]
EDGES = [("edge", "card"), ("edge", "paper"), ("tide", "paper"), ("tide", "card"), ("on-go", "track"), ("go", "paper")]


def tokens(mode: str) -> dict[str, str]:
    """The colour tokens of the stylesheet; dark ones stand over the light ones."""
    light, dark = re.findall(r":root \{(.*?)\}", stylesheet.site(), re.DOTALL)[:2]
    found = dict(re.findall(r"--([\w-]+): #([0-9a-f]{6});", light))
    return found if mode == "light" else {**found, **dict(re.findall(r"--([\w-]+): #([0-9a-f]{6});", dark))}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXTS)
def test_words_stand_out_from_their_ground(mode: str, ink: str, ground: str) -> None:
    """Ink on ground is at least 4.5:1."""
    colours = tokens(mode)
    assert ratio(colours[ink], colours[ground]) >= TEXT_RATIO


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_of_what_can_be_pressed_stand_out(mode: str, edge: str, ground: str) -> None:
    """Edges, the ring of focus and the drawing on the main action are at least 3:1."""
    colours = tokens(mode)
    assert ratio(colours[edge], colours[ground]) >= EDGE_RATIO
