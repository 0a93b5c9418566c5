"""`/outcomes/`: what was learned here, for all together."""

from datetime import UTC, date, datetime

from flask import Blueprint
from flask_babel import format_date
from werkzeug.wrappers import Response

from hub.outcomes import LEAVING, PERIOD_MS, outcomes
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
        earlier=[(_day(int(row.key)), row.count) for row in found.earlier if row.count != 0],
        most=max((row.count or 0 for row in found.packages), default=0),
        leaving=LEAVING,
    )


def _day(ms: int) -> str:
    """A day as the reader's language writes it."""
    day: date = datetime.fromtimestamp(ms / 1000, UTC).date()
    return str(format_date(day, "long"))
