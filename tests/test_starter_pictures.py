"""The drawings of the starter library: small, plain, our own, and never without a description."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from content.starter import Starter
from tests.fixtures.starter import IMAGE, lessons, starter_id, starters, svg, used_pictures, works

SIZE_MAX_BYTES = 4096
SHAPES = {"svg", "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon"}
ATTRIBUTES = {
    *("width", "height", "viewBox", "fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin"),
    *("d", "cx", "cy", "r", "rx", "ry", "x", "y", "transform"),
}
COLOURS = {
    *("#FBF8F2", "#FFFFFF", "#1D2B2A", "#51605E", "#DDD6C8", "#0F6B5C", "#DCEFEA", "#1F5F8B", "#DCEAF4"),
    *("#8CC4EA", "#A8431F", "#F8E3D8", "#F2B33D", "#2B6E2F", "#8A5A00", "#A1232B", "none"),
}
DRAWINGS = sorted({path for starter in starters() for path in starter.pictures.iterdir()})


@pytest.mark.parametrize("work", works())
def test_every_drawing_is_used(work: str):
    """Nothing lies in a pictures folder that no page shows."""
    used = {path for starter in starters() if starter.work == work for path in used_pictures(starter)}
    lying = {f"pictures/{path.name}" for path in DRAWINGS if path.parent.parent.name == work}
    assert lying == used


@pytest.mark.parametrize("starter", starters(), ids=starter_id)
def test_lessons_show_and_describe_pictures(starter: Starter):
    """Each lesson has a picture, and each picture a description of at least three words."""
    for name, text in lessons(starter).items():
        images = IMAGE.findall(text)
        assert images and all(len(alt.split()) >= 3 for alt, _ in images), name


def test_drawings_are_small():
    """A drawing costs a phone at most 4 KiB."""
    assert [path.name for path in DRAWINGS if path.stat().st_size > SIZE_MAX_BYTES] == []


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_drawing_is_plain(path):
    """Only shapes and the palette's colours: no script, style, text, link or anything from elsewhere."""
    for element in ElementTree.fromstring(svg(path)).iter():
        assert element.tag.removeprefix("{http://www.w3.org/2000/svg}") in SHAPES
        assert set(element.attrib) <= ATTRIBUTES
        assert {element.attrib[name] for name in ("fill", "stroke") if name in element.attrib} <= COLOURS
    assert re.search(r'<rect [^>]*fill="#FBF8F2"/>', svg(path))
