"""Pictures of numbers, drawn here as SVG: bars, bars of several parts, a line over time.

No word stands in a drawing: words stand beside it in the page (`_charts.html`), where they wrap, grow and turn with the
language, and the stylesheet mirrors the drawing. Colours are the stylesheet's, by class. A count that is hidden (None)
leaves no mark at all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDE, HIGH = 100.0, 40.0
"""The sheet that a line is drawn on; the stylesheet stretches it."""
HEADROOM = 2.0
"""What stays free above the highest point and below the lowest one."""
PARTS_MAX = 6
"""Parts of a bar that the stylesheet has a look for, the strongest first."""
SHEET = Markup(' viewBox="0 0 {:g} {:g}" preserveAspectRatio="none" fill="none" stroke="currentColor"')
"""What stretches the sheet of a line; it is drawn in outline also where no stylesheet came."""
BARE = {"bar": (300, 14), "parts": (300, 22), "key": (22, 22), "line": (300, 136)}
"""Kind of drawing → how wide and high it is, in px, where no stylesheet came."""


@dataclass(frozen=True)
class Row:
    """One bar or point: what it is of, how many, and how that is said; `count` is None where it is hidden.

    `language` is that of the label, "" for the page's own.
    """

    label: str
    count: int | None
    said: str
    language: str = ""


@dataclass(frozen=True)
class Parted:
    """One bar of several parts: what it is of, how many in each part, and how each is said; the rest is as in Row."""

    label: str
    counts: tuple[int, ...]
    said: tuple[str, ...]
    language: str = ""


@dataclass(frozen=True)
class Part:
    """What one part of such bars stands for; `detail` goes with it where there is one bar alone."""

    name: str
    icon: str
    detail: str = ""


def most(rows: Sequence[Row]) -> Row | None:
    """The first of the rows with the highest count; None when every count is hidden or nothing."""
    return max((row for row in rows if row.count), key=lambda row: row.count or 0, default=None)


def bar(count: int | None, longest: int) -> Markup:
    """A bar as long as its share of the longest one; "" for a hidden count."""
    if count is None:
        return Markup("")
    return _svg("bar", Markup('<rect class="fill" width="{}%" height="100%"></rect>').format(_share(count, longest)))


def parted(counts: Sequence[int], whole: int) -> Markup:
    """A bar of parts that lie one after the other; what is missing to the whole stays empty."""
    assert len(counts) <= PARTS_MAX, "the stylesheet has no look for so many parts"
    rect = Markup('<rect class="part-{}" x="{}%" width="{}%" height="100%"></rect>')
    before = [sum(counts[:at]) for at in range(len(counts))]
    shown = [
        rect.format(at + 1, _share(before[at], whole), _share(count, whole)) for at, count in enumerate(counts) if count
    ]
    return _svg("parts", Markup("").join(shown))


def key(part: int) -> Markup:
    """How the part of that number looks, for the legend; the first is 1."""
    return _svg("key", Markup('<rect class="part-{}" width="100%" height="100%"></rect>').format(part))


def line(counts: Sequence[int | None]) -> Markup:
    """A line over time, the oldest first; it breaks where a count is hidden."""
    highest = max((count for count in counts if count is not None), default=0)
    runs = list(_runs(counts, highest))
    drawn = [_area(run) + _path("stroke", " ".join(_stroke(run))) for run in runs if len(run) > 1]
    dots = " ".join(f"M{x:g} {y:g}h0" for run in runs for x, y in run)
    sheet = Markup('<path class="ground" d="M0 {0:g}H{1:g}" vector-effect="non-scaling-stroke"></path>').format(
        HIGH, WIDE
    )
    body = sheet + Markup("").join(drawn) + _path("dots", dots)
    return _svg("line", body, SHEET.format(WIDE, HIGH))


def _svg(kind: str, body: Markup, more: Markup | str = "") -> Markup:
    drawing = Markup('<svg class="drawn drawn-{}" width="{}" height="{}" aria-hidden="true"{}>{}</svg>')
    return drawing.format(kind, *BARE[kind], more, body)


def _share(count: int, whole: int) -> str:
    """How much of the whole that is, in hundredths."""
    return f"{100 * count / whole:.4g}" if whole else "0"


def _runs(counts: Sequence[int | None], highest: int) -> Iterator[list[tuple[float, float]]]:
    """The points of counts that stand side by side, parted where one is hidden."""
    run: list[tuple[float, float]] = []
    step = WIDE / (len(counts) - 1) if len(counts) > 1 else 0
    for at, count in enumerate(counts):
        if count is not None:
            run.append((round(at * step, 2), _height(count, highest)))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _height(count: int, highest: int) -> float:
    room = HIGH - 2 * HEADROOM
    return round(HIGH - HEADROOM - (room * count / highest if highest else 0), 2)


def _stroke(run: Sequence[tuple[float, float]]) -> Iterator[str]:
    return (f"{'L' if at else 'M'}{x:g} {y:g}" for at, (x, y) in enumerate(run))


def _area(run: Sequence[tuple[float, float]]) -> Markup:
    way = " ".join(_stroke(run))
    return Markup('<path class="area" d="{}V{:g}H{:g}Z"></path>').format(way, HIGH, run[0][0])


def _path(kind: str, way: str) -> Markup:
    return Markup('<path class="{}" d="{}" vector-effect="non-scaling-stroke"></path>').format(kind, way)
