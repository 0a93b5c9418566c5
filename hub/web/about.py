"""`/about/`: what this hub is, its licence and its source; `/about/design`: the design system, made of the same macros,
tokens and drawings as every page."""

import re
from typing import Any

from flask import Blueprint, Response, g

from hub import __version__, sentences, source
from hub.web import charts, figures, palette
from hub.web.here import node
from hub.web.pages import page

blueprint = Blueprint("about", __name__, url_prefix="/about")

SYMBOL = re.compile(r'<symbol id="([^"]+)"')
FULL = 12
"""How many each bar of the example with parts is out of."""
EXAMPLE = ((7, 2, 1, 1), (3, 4, 2, 0), (0, 1, 5, 3))
OVER_TIME = (4, 9, 7, None, 12, 15, 14)
"""Counts of the example over time; one of them is hidden."""


@blueprint.get("/")
def show() -> Response:
    """What runs here, and whose it is."""
    here = node()
    return page("about/show.html", version=__version__, hub_id=here.identity.hub_id)


@blueprint.get("/source.zip")
def give_source() -> Response:
    """The program's source as it runs here."""
    response = Response(source.archive(), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="mangrove-{__version__}.zip"'
    return response


@blueprint.get("/design", strict_slashes=False)
def design() -> Response:
    """Every part that pages are made of, as it is."""
    measures = palette.measures()
    return page(
        "about/design.html",
        steps={name: size for name, size in measures.items() if name.startswith("step-")},
        spaces={name: size for name, size in measures.items() if name.startswith("space-")},
        texts=palette.pairs(),
        edges=palette.pairs(palette.EDGES),
        icons=_drawn("icons.svg"),
        pictures=_drawn("pictures.svg"),
        **_examples(),
    )


def _drawn(sprite: str) -> list[str]:
    """The names of a sprite's drawings."""
    return SYMBOL.findall(g.assets.find(sprite).body.decode())


def _examples() -> dict[str, Any]:
    """Small made-up numbers for the charts; the competencies are called by their drawings."""
    names = ("seed", "sprout", "plant")
    counts = [sum(each) for each in EXAMPLE]
    return {
        "bars": [charts.Row(name, count, sentences.number(count)) for name, count in zip(names, counts, strict=True)],
        "parted": [
            charts.Parted(name, each, tuple(map(sentences.number, each)))
            for name, each in zip(names, EXAMPLE, strict=True)
        ],
        "parts": figures.levels(),
        "full": FULL,
        "weeks": [
            charts.Row(sentences.number(at), count, sentences.number(count) if count else "–")
            for at, count in enumerate(OVER_TIME, start=1)
        ],
    }
