"""Lists of people in and out, for librarians and stewards: a CSV or OneRoster file taken in, everybody written out."""

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.errors import InputWrong
from hub.people.lists import giving, opening, plain, taking
from hub.people.lists.intake import Intake, ListWrong
from hub.web.guards import needs
from hub.web.here import node
from hub.web.pages import page, say
from hub.web.people import KEEPERS

blueprint = Blueprint("lists", __name__, url_prefix="/people/lists")

PEOPLE_MAX = 500
"""People taken in by one request; for more there is the command, which may take its time."""


@blueprint.get("/")
@needs(*KEEPERS)
def show() -> Response:
    """The form for a file, and the address of everybody as a CSV."""
    return _show()


@blueprint.post("/")
@needs(*KEEPERS)
def bring_in() -> AnyResponse:
    """Take a file in; or only look at it, and say what would happen."""
    is_looking = "look" in request.form
    try:
        taken = taking.take(node(), _sent(), dry_run=is_looking)
    except ListWrong as mistake:
        return _show(problems=mistake.problems)
    except InputWrong as mistake:
        return _show(problems=[str(mistake)])
    if is_looking:
        return _show(would=taken)
    counts = {"new": taken.people_new, "changed": taken.people_changed}
    say(_("%(new)s new people are here now; %(changed)s were changed.", **counts))
    return redirect("/people/", 303)


def _sent() -> Intake:
    """The file of this request, read. Raises InputWrong."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise InputWrong(_("No file came along. Nothing was changed; choose one and send it once more."))
    intake = opening.open_data(file.filename[-60:], file.stream.read())
    if len(intake.people) > PEOPLE_MAX:
        raise InputWrong(
            _(
                "That list has more than %(count)s people. Nothing was changed; send it in parts, or use the command.",
                count=PEOPLE_MAX,
            )
        )
    return intake


def _show(problems: list[str] | None = None, would: taking.Taken | None = None) -> Response:
    columns = plain.COLUMNS
    return page("people/lists.html", status=400 if problems else 200, problems=problems, would=would, columns=columns)


@blueprint.get("/people.csv")
@needs(*KEEPERS)
def write_out() -> Response:
    """Everybody as a CSV; no secret is in it."""
    response = Response(giving.as_csv(node()), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = "attachment; filename=people.csv"
    return response
