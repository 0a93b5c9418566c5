"""The web application: which pages there are, and what happens around every request.

`create_app(node)` makes the hub's pages, and behind the same address the door for tools, `create_tools_app(node)`,
which knows no cookies, forms or languages; `create_content_app(node)` makes the second origin, where packages from
elsewhere run without the hub's cookies.
"""

from pathlib import Path

from flask import Flask, g

from hub.node import Node
from hub.web import (
    aloud,
    cmi5,
    content_origin,
    errors,
    forms,
    h5p,
    health,
    pages,
    player_files,
    scorm,
    sign_in,
    signs,
    static_files,
    tongues,
    xapi,
)
from hub.web.blueprints import BLUEPRINTS
from hub.web.cookies import Cookies
from hub.web.file_door import FileDoor
from hub.web.open_files import OpenFiles
from hub.web.shut_files import ShutFiles
from hub.web.tongues import TRANSLATIONS
from hub.web.xapi.front import Front, Tools
from hub.web.zim_origin import ZimFront

COOKIE = "mangrove"
FORM_PARTS_MAX = 1000
"""Parts of one form that may bring a file; the longest of ours has a few for each of 60 learners."""
FORM_MEMORY_BYTES = 1024 * 1024
"""Text in one field of a form that may bring a file, and in the whole of a plain one."""


def create_app(node: Node, translations: Path = TRANSLATIONS) -> Flask:
    """The hub's pages over one node, in the languages that have a catalogue."""
    app = Flask("hub.web", static_folder=None)
    app.extensions["node"] = node
    app.extensions["assets"] = assets = static_files.Assets()
    settings = node.settings
    app.session_interface = Cookies()
    app.config.update(
        SECRET_KEY=node.cookie_key,
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        MAX_CONTENT_LENGTH=settings.body_max,
        MAX_FORM_MEMORY_SIZE=FORM_MEMORY_BYTES,
        MAX_FORM_PARTS=FORM_PARTS_MAX,
    )
    tongues.speak(app, translations)

    @app.before_request
    def look() -> None:
        """How much it may bring, who is here, may it come from where it comes from, and is it text."""
        g.assets = assets
        forms.limit()
        sign_in.look()
        forms.refuse_unread()
        forms.refuse_foreign()
        signs.refuse()

    forms.protect(app)
    pages.fit_out(app, assets)
    aloud.fit_out(app)
    errors.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.extensions["tools"] = tools = create_tools_app(node, app.extensions["meters"])
    files = FileDoor(app.wsgi_app, OpenFiles(node), app.extensions["meters"].count)
    app.wsgi_app = Front(files, tools)  # type: ignore[method-assign]
    return app


def create_tools_app(node: Node, meters: health.Meters) -> Flask:
    """The door for learning records, counted with the pages; docs/decisions/0043-a-door-of-its-own.md says why."""
    app = Tools("hub.web.xapi", static_folder=None, template_folder=None)
    app.extensions["node"] = node
    app.extensions["meters"] = meters
    app.config.update(MAX_CONTENT_LENGTH=node.settings.body_max)
    app.before_request(health.begin)
    app.before_request(forms.refuse_unread)
    app.before_request(signs.refuse)
    app.after_request(health.end)
    app.register_blueprint(xapi.blueprint)
    return app


def create_content_app(node: Node) -> Flask:
    """The second origin: files of packages, sandboxed, without sessions."""
    app = Flask("hub.web.content_origin", static_folder=None, template_folder=None)
    app.extensions["node"] = node
    app.register_blueprint(content_origin.blueprint)
    app.register_blueprint(player_files.blueprint)
    app.register_blueprint(scorm.blueprint)
    app.register_blueprint(h5p.blueprint)
    tongues.speak(app, TRANSLATIONS, lambda: tongues.ENGLISH)
    app.register_blueprint(cmi5.blueprint)
    app.wsgi_app = FileDoor(app.wsgi_app, ShutFiles(app, node))  # type: ignore[method-assign]
    app.wsgi_app = ZimFront(app, node, content_origin.SHUT, content_origin.shut)  # type: ignore[method-assign]
    return app
