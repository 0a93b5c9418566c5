"""Which colours of the stylesheet may stand on which, with their contrast, and its steps of type and space.

The page of the design system shows them and the tests hold them; nobody writes a colour down a second time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup

from hub.web.colours import TOKENS, colours

LIGHT, DARK = 0, 1
MEASURE = re.compile(r"--((?:step|space)-[\w]+): ([^;]+);")
TONES = ("leaf", "tide", "clay", "good", "warn", "bad")
TEXT_RATIO, EDGE_RATIO = 4.5, 3.0
"""The least contrast of words, and of edges and drawings (WCAG 2.2 AA)."""
TEXTS: tuple[tuple[str, str], ...] = (
    *(
        (ink, ground)
        for ink in ("ink", "soft", "leaf", "tide", "clay", "good", "warn", "bad")
        for ground in ("paper", "card")
    ),
    *((tone, f"{tone}-ground") for tone in TONES),
    *(("ink", f"{tone}-ground") for tone in (*TONES, "sun")),
    *(("soft", f"{tone}-ground") for tone in TONES),
    ("on-go", "go"),
)
"""Every pair of words and ground that pages may make; a browser looks that they make no other."""
EDGES = (
    ("edge", "card"),
    ("edge", "paper"),
    ("tide", "paper"),
    ("tide", "card"),
    ("on-go", "track"),
    ("go", "paper"),
    ("leaf", "leaf-ground"),
    ("drawn", "plate"),
)
"""Edges of what can be pressed, the ring of focus, and drawings, each on what lies beneath."""


@dataclass(frozen=True)
class Pair:
    """Two colours, one on the other, with the contrast that was worked out for light and for dark (1 to 21)."""

    ink: str
    ground: str
    light: float
    dark: float
    swatches: tuple[Markup, Markup]


def scheme(which: int) -> dict[str, str]:
    """Every colour token of the light or of the dark by its name, as `#rrggbb`."""
    return {name.removeprefix("--"): values[which] for name, values in colours().items()}


@cache
def measures() -> dict[str, str]:
    """The steps of type and of space by name, in the stylesheet's order."""
    return dict(MEASURE.findall(TOKENS.read_text(encoding="utf-8")))


def pairs(found: Sequence[tuple[str, str]] = TEXTS) -> list[Pair]:
    """These pairs with their contrast."""
    both = (scheme(LIGHT), scheme(DARK))
    return [_pair(ink, ground, both) for ink, ground in found]


def ratio(one: str, other: str) -> float:
    """The contrast of two colours (`#rrggbb`), 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    levels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4 for level in levels)  # noqa: PLR2004
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _pair(ink: str, ground: str, both: Sequence[dict[str, str]]) -> Pair:
    light, dark = (ratio(each[ink], each[ground]) for each in both)
    swatches = (_swatch(both[LIGHT][ink], both[LIGHT][ground]), _swatch(both[DARK][ink], both[DARK][ground]))
    return Pair(ink, ground, light, dark, swatches)


def _swatch(ink: str, ground: str) -> Markup:
    """One colour on the other, whatever the scheme of the page around them."""
    return Markup(
        '<svg class="swatch" width="64" height="40" viewBox="0 0 64 40" aria-hidden="true">'
        '<rect width="64" height="40" fill="{}"></rect>'
        '<path d="M12 28 20 12h2l8 16M15 22h12" stroke="{}"></path><circle cx="46" cy="22" r="6" fill="{}"></circle>'
        "</svg>"
    ).format(ground, ink, ink)
