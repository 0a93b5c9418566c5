"""A calm drawing that stands for a package without a picture: its first letter, the icon of its kind, one colour.

It is drawn anew whenever somebody looks and kept nowhere. Equal works have equal colours, in every language.
"""

import re
import unicodedata
import zlib
from functools import cache

from flask import g
from markupsafe import Markup

from content.package import Manifest
from hub.web import palette, words
from hub.web.static_files import FOLDER, Assets

TONES = ("leaf", "tide", "clay", "good")
"""Colours that mean nothing here but a cover from its neighbours."""
_SYMBOL = re.compile(r'<symbol id="([^"]+)"[^>]*>(.*?)</symbol>', re.DOTALL)
_ALONE = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 300"><style>'
    "rect{{fill:{ground}}}text{{fill:{ink}}}g{{stroke:{ink};color:{ink}}}"
    "@media(prefers-color-scheme:dark){{rect{{fill:{dark_ground}}}text{{fill:{dark_ink}}}"
    "g{{stroke:{dark_ink};color:{dark_ink}}}}}</style>"
    '<rect width="300" height="300"/>'
    '<text x="130" y="178" font-family="sans-serif" font-size="130" font-weight="600" text-anchor="middle">'
    "{letter}</text>"
    '<g transform="translate(196 196) scale(3)" fill="none" stroke-width="2" stroke-linecap="round"'
    ' stroke-linejoin="round">{icon}</g></svg>'
)
_SMALL = Markup(
    '<svg width="52" height="52" viewBox="0 0 52 52" aria-hidden="true">'
    '<text x="22" y="33" fill="currentColor" font-size="25" text-anchor="middle">{letter}</text>'
    '<use href="{address}" x="31" y="31" width="16" height="16" fill="none" stroke="currentColor" stroke-width="2"/>'
    "</svg>"
)


def alone(manifest: Manifest) -> Markup:
    """The drawing as a file of its own, for light screens and dark ones."""
    light, dark, tone = palette.scheme(palette.LIGHT), palette.scheme(palette.DARK), tone_of(manifest.work)
    return _ALONE.format(
        ground=light[f"{tone}-ground"],
        ink=light[tone],
        dark_ground=dark[f"{tone}-ground"],
        dark_ink=dark[tone],
        letter=letter_of(manifest.title),
        icon=_symbols()[words.icon_of([item.kind for item in manifest.items])],
    )


def small(title: str, icon: str) -> Markup:
    """The same in a list, within an element of the tone."""
    assets: Assets = g.assets
    return _SMALL.format(letter=letter_of(title), address=f"{assets.address('icons.svg')}#{icon}")


def tone_of(work: str) -> str:
    """The colour of a work."""
    return TONES[zlib.crc32(work.encode()) % len(TONES)]


def letter_of(title: str) -> str:
    """The first letter or number of a title with the marks that belong to it, large where there are large ones."""
    start = next((place for place, sign in enumerate(title) if sign.isalnum()), 0)
    end = start + 1
    while end < len(title) and unicodedata.category(title[end]).startswith("M"):
        end += 1
    return title[start:end].upper() if len(title[start:end].upper()) == end - start else title[start:end]


@cache
def _symbols() -> dict[str, Markup]:
    """The lines of each icon."""
    sprite = (FOLDER / "icons.svg").read_text(encoding="utf-8")
    return {name: Markup(lines) for name, lines in _SYMBOL.findall(sprite)}  # noqa: S704 - our own file
