"""Drawings: every name that a page asks for is drawn, and the files stay small."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from hub.demo import cast
from hub.people.pictures import AVATARS, PLACES, SECRETS
from hub.web.static_files import FOLDER, Assets
from tests.fixtures import stylesheet

TEMPLATES = FOLDER.parent / "templates"
ICON = re.compile(r"""(?:\bicon=|\bicon\(|\bdraw\(|\bart=)\s*["']([a-z]+)["']""")
PACKED_BYTES_MAX = {"icons.svg": 3_000, "pictures.svg": 6_000, "site.css": 9_800, "site.js": 5_000, "mark.svg": 500}


def drawn(sprite: str) -> set[str]:
    """The names of the drawings in a sprite."""
    root = ElementTree.fromstring((FOLDER / sprite).read_text(encoding="utf-8"))
    return {each.attrib["id"] for each in root.iter("{http://www.w3.org/2000/svg}symbol")}


def test_every_picture_people_choose_is_drawn() -> None:
    """Avatars, places and secrets, and what the demo's people are known by, are all in the sprite."""
    actors = {actor.picture for actor in cast.ACTORS} | {circle.picture for circle in cast.CIRCLES}
    assert {*AVATARS, *PLACES, *SECRETS, *actors} <= drawn("pictures.svg")


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_every_icon_a_template_names_is_drawn(template: Path) -> None:
    """A page never asks for a drawing that does not exist."""
    assert set(ICON.findall(template.read_text(encoding="utf-8"))) <= drawn("icons.svg")


@pytest.mark.parametrize(("name", "bytes_max"), PACKED_BYTES_MAX.items())
def test_what_every_page_brings_is_small(name: str, bytes_max: int) -> None:
    """The parts of the first view keep within their share of 100 KiB."""
    asset = Assets().find(name)
    assert asset is not None
    assert len(asset.packed("gzip")) <= bytes_max


def test_no_font_is_brought() -> None:
    """Letters are the phone's own: the stylesheet fetches nothing at all, and no file of ours beside it is a font."""
    assert re.findall(r"@font-face|@import|url\(|\bsrc\s*:", stylesheet.site()) == []
    ours = (path for path in FOLDER.rglob("*") if path.is_file() and "players" not in path.relative_to(FOLDER).parts)
    assert {path.suffix for path in ours} <= {".css", ".js", ".svg", ".png"}
