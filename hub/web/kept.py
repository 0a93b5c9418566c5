"""Opened lessons, readable off the network, where the hub speaks HTTPS: what browsers keep, and the worker for it.

A kept lesson names nobody and holds no form. `static/worker.js` keeps it for one reader; every page tells it whose
browser this is, so that nothing is left for whoever comes next. Without HTTPS the worker that is served ends itself.
"""

from flask import Blueprint, Response, abort, current_app, request
from flask_babel import get_locale
from markupsafe import Markup

from hub import learning
from hub.web.here import node
from hub.web.lessons import written
from hub.web.pages import LocaleFace, face
from hub.web.readers import reader
from hub.web.static_files import Assets

blueprint = Blueprint("kept", __name__)

HEADER = "Mangrove-Reader"
"""Tells the worker whose browser this is; what was kept for another is gone then."""
FAULTS_FROM = 500
"""From this status on the hub may not know who looks, and what is kept is needed most."""
WORKERS = {True: "worker.js", False: "worker-off.js"}
MARKER = Markup("<!--lessons-->")
"""Where the worker writes the lessons that it keeps."""


@blueprint.get("/worker.js")
def worker() -> Response:
    """The worker where the hub speaks HTTPS, else one that forgets everything and ends."""
    assets: Assets = current_app.extensions["assets"]
    found = assets.find(WORKERS[node().settings.https])
    assert found is not None
    headers = {"Cache-Control": "no-cache"}
    return Response(found.body, content_type="text/javascript; charset=utf-8", headers=headers)


@blueprint.get("/kept/")
def away() -> Response:
    """The page for times without the network; the worker writes the kept lessons into it."""
    _only_over_https()
    return _page("kept/away.html", lessons=MARKER)


@blueprint.get("/kept/<package>/<item>/")
def show(package: str, item: str) -> Response:
    """A lesson as it is kept: to be read, by whoever it is."""
    _only_over_https()
    opened = learning.find(node(), package=package, item=item)
    if opened.item.kind != "lesson":
        abort(404)
    return _page("kept/lesson.html", manifest=opened.manifest, item=opened.item, html=written(opened))


@blueprint.after_app_request
def say_who(response: Response) -> Response:
    """Tell the worker whose browser this is, with every page."""
    is_page = response.mimetype == "text/html" and response.status_code < FAULTS_FROM
    if is_page and request.blueprint != blueprint.name and (mark := reader()):
        response.headers[HEADER] = mark
    return response


def _only_over_https() -> None:
    if not node().settings.https:
        abort(404)


def _page(template: str, **facts: object) -> Response:
    """A page made without the context of whoever looks: no name, no picture, no form."""
    locale = get_locale()
    assert locale is not None
    spoken = LocaleFace(str(locale), locale.text_direction)
    made = current_app.jinja_env.get_template(template).render(hub=face(), locale=spoken, **facts)
    return Response(made, content_type="text/html; charset=utf-8")
