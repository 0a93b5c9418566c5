"""Numbers of the services as rows of charts: how each is called and said in the language of the page."""

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _

from hub import sentences
from hub.care.growth import Use, Week
from hub.learning.classes import LADDER, Strand
from hub.outcomes import Row as Count
from hub.tide.sent import Day
from hub.web import words
from hub.web.charts import Part, Parted, Row


def counts(found: Iterable[Count]) -> list[Row]:
    """Counts by what they are of; a hidden one says so."""
    return [Row(each.title, each.count, _said(each.count)) for each in found]


def periods(found: Sequence[Count], last: Count) -> list[Row]:
    """Totals of the periods by the day each began, the oldest first, from the first in which something was learned."""
    rows = [Row(_day(int(each.key)), each.count, _said(each.count)) for each in (*reversed(found), last)]
    first = next((at for at, row in enumerate(rows) if row.count != 0), len(rows))
    return rows[first:]


def weeks(found: Iterable[Week]) -> list[Row]:
    """Records kept, by the day each week began."""
    return [Row(_day(week.since_ms), week.records, sentences.number(week.records)) for week in found]


def days(found: Iterable[Day]) -> list[Row]:
    """Records sent, by day."""
    return [Row(_day(day.since_ms), day.sent, sentences.number(day.sent)) for day in found]


def ladder(strands: Iterable[Strand]) -> list[Parted]:
    """How far a class is with each competency; behind it who is ready, and who asks for help."""
    return [_rung(strand) for strand in strands]


def levels() -> list[Part]:
    """How far somebody can be with a competency, the farthest first."""
    return [Part(str(words.GARDEN[name]), name) for name in LADDER]


def disk(use: Use) -> list[Parted]:
    """What takes up the disk, in one bar."""
    parts = (use.shelf, use.records, use.other)
    return [Parted(words.size(use.total), parts, tuple(words.size(size) for size in (*parts, use.free)))]


def elsewhere(use: Use) -> str:
    """What lies on another machine, in a sentence; "" for nothing."""
    if not use.elsewhere:
        return ""
    size = words.size(use.elsewhere)
    said = _("The learning records are kept by a database on another machine, where they take up %(size)s.", size=size)
    return str(said)


def uses(use: Use) -> list[Part]:
    """The parts of that bar."""
    records = _("on another machine") if use.elsewhere else words.size(use.records)
    return [
        Part(_("On the shelf"), "library", words.size(use.shelf)),
        Part(_("Learning records"), "learning", records),
        Part(_("Not the hub's"), "disk", words.size(use.other)),
    ]


def _rung(strand: Strand) -> Parted:
    said = (*strand.grown, len(strand.ready), len(strand.help))
    return Parted(strand.statement, strand.grown, tuple(map(sentences.number, said)), strand.language)


def _said(count: int | None) -> str:
    return _("few people") if count is None else sentences.number(count)


def _day(ms: int) -> str:
    """A day as the reader's language writes it, in short."""
    return sentences.day_of(ms, "medium")
