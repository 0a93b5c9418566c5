"""`/outcomes/`: what was learned here, for all together."""

from flask import Blueprint
from werkzeug.wrappers import Response

from hub import sentences
from hub.outcomes import LEAVING, PERIOD_MS, Row, outcomes
from hub.web import figures
from hub.web.guards import needs
from hub.web.here import node
from hub.web.pages import page

blueprint = Blueprint("outcomes", __name__, url_prefix="/outcomes")

DAY_MS = 86_400_000


@blueprint.get("/")
@needs("facilitator", "librarian", "steward", "region")
def show() -> Response:
    """The last whole period, and the totals of those before."""
    found = outcomes(node())
    return page(
        "outcomes/show.html",
        found=found,
        since=_day(found.since_ms),
        until=_day(found.until_ms - DAY_MS),
        following=_day(found.until_ms + PERIOD_MS),
        packages=figures.counts(found.packages),
        hubs=figures.counts(found.hubs),
        periods=figures.periods(found.earlier, Row(str(found.since_ms), "", found.total)),
        leaving=LEAVING,
    )


def _day(ms: int) -> str:
    """A day as the reader's language writes it."""
    return sentences.day_of(ms)
