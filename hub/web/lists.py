"""Lists of people in and out, for librarians and stewards: a CSV or OneRoster file taken in, everybody written out.

A list is looked at at once, by reading alone; taking it in is a job, which lets everybody else go on.
"""

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from hub import inbox, jobs
from hub.errors import InputWrong, NotAllowed, NotFound, StorageFull
from hub.governance import offices
from hub.people.lists import giving, opening, plain, taking
from hub.people.lists.intake import ListWrong
from hub.people.lists.planning import Taken, plan
from hub.people.roster import KEEPERS
from hub.web import words
from hub.web.guards import needs
from hub.web.here import node, somebody
from hub.web.keeping import watched
from hub.web.pages import page

blueprint = Blueprint("lists", __name__, url_prefix="/people/lists")


@blueprint.get("/")
@needs(*KEEPERS)
def show() -> Response:
    """The form for a file, and the address of everybody as a CSV."""
    return _show()


@blueprint.post("/")
@needs(*KEEPERS)
def bring_in() -> AnyResponse:
    """Look at a file and say what would happen; or ask that it be taken in, when nothing is wrong with it."""
    try:
        name, data = _sent()
        planned = plan(node(), opening.open_data(name, data))
        offices.check_gives(node(), actor=somebody(), roles=taking.opened(planned.moves))
        would = planned.taken
        if "look" in request.form:
            return _show(would=would)
        job = inbox.send_list(node(), name=name, data=data, by=somebody().id)
    except ListWrong as mistake:
        return _show(problems=mistake.problems)
    except (InputWrong, NotAllowed, StorageFull) as mistake:
        return _show(problems=[words.said(mistake)])
    return redirect(f"/people/lists/{job}/", 303)


@blueprint.get("/<job_id>/")
@needs(*KEEPERS)
def watch(job_id: str) -> Response:
    """How far a list is; loads itself again until it is over."""
    job = jobs.show(node(), job_id)
    if job.kind != inbox.LIST_JOB:
        raise NotFound("There is no list at this address. Look among the lists of people.")
    return watched("people/list_coming.html", job)


def _sent() -> tuple[str, bytes]:
    """The name and the bytes of the file in this request. Raises InputWrong when there is none."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise InputWrong("No file came along. Nothing was changed; choose one and send it once more.")
    return file.filename[-60:], file.stream.read()


def _show(problems: list[str] | None = None, would: Taken | None = None) -> Response:
    columns = plain.COLUMNS
    return page("people/lists.html", status=400 if problems else 200, problems=problems, would=would, columns=columns)


@blueprint.get("/people.csv")
@needs(*KEEPERS)
def write_out() -> Response:
    """Everybody as a CSV; no secret is in it."""
    response = Response(giving.as_csv(node()), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = "attachment; filename=people.csv"
    return response
