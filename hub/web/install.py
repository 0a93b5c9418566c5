"""The hub on a home screen: the manifest that phones read, how to put it there, and a card for the wall.

All of it works over plain HTTP; where a browser offers to install the hub, script shows its button.
"""

from flask import Blueprint, Response, g, jsonify, request
from flask_babel import force_locale, get_locale, gettext
from markupsafe import Markup

from hub.discovery import lan_addresses
from hub.web import origins
from hub.web.colours import colours
from hub.web.here import node
from hub.web.pages import face, page
from hub.web.static_files import Assets
from hub.web.tongues import fitting

blueprint = Blueprint("install", __name__)

MANIFEST = "/manifest.webmanifest"
KEPT_S = 3600
"""How long a phone may keep the manifest before it looks whether the hub has another name."""
SHORT_NAME_MAX = 12
"""Letters under an icon on a home screen."""
ICONS = ((192, "any"), (512, "any"), (512, "maskable"))
HERE_ALONE = ("localhost", "127.0.0.1", "[::1]")
"""What a browser on the hub's own machine calls it; another phone finds nothing there."""
QUIET_ZONE = 2
"""Blank modules round a QR code; it stands on a white plate with more of it."""


@blueprint.get(MANIFEST)
def manifest() -> Response:
    """What this hub is called on a home screen, in the language that the address names: it is asked for by nobody."""
    with force_locale(fitting(request.args.get("language", ""))):
        answer = jsonify(_described())
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = f"private, max-age={KEPT_S}"
    return answer


@blueprint.get("/help/phone/")
def show() -> Response:
    """How to put the hub on a home screen, and its address for others."""
    address = found_at()
    return page("install/show.html", address=address, code=drawn(address))


@blueprint.get("/help/card/")
def card() -> Response:
    """A card for the wall: the hub's name, its address, and a code for the camera."""
    address = found_at()
    return page("install/card.html", address=address, code=drawn(address))


def found_at() -> str:
    """The address that other phones open: the setting, else as this browser calls the hub, else the network's."""
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    here = node().settings
    if here.address or host not in HERE_ALONE:
        return f"{origins.pages()}/"
    near = lan_addresses(here.host)
    port = "" if here.port == 80 else f":{here.port}"  # noqa: PLR2004 - the port that addresses leave out
    return f"http://{near[0]}{port}/" if near else f"{origins.pages()}/"


def _described() -> dict[str, object]:
    """What stands in the manifest."""
    assets: Assets = g.assets
    locale, name, paper = get_locale(), face().name, colours()["--paper"][0]
    return {
        "id": "/",
        "name": name,
        "short_name": name if len(name) <= SHORT_NAME_MAX else name.split()[0][:SHORT_NAME_MAX],
        "description": gettext("Learn, read and try things out. All of it works without the internet."),
        "lang": str(locale).replace("_", "-"),
        "dir": locale.text_direction if locale else "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": paper,
        "background_color": paper,
        "icons": [
            {"src": assets.address(f"app-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": use}
            for size, use in ICONS
        ],
    }


def drawn(address: str, label: str = "") -> Markup:
    """The address, or another text, as a QR code: a drawing for the page, black on white in every scheme.

    `label` is what it is called for whoever does not see it; the address itself where none is given.
    """
    import segno  # noqa: PLC0415 - 1.3 MB that a hub at rest does without

    made = segno.make(address, micro=False)
    label = label or gettext("A code for the camera: %(address)s", address=address)
    lines = made.svg_inline(border=QUIET_ZONE, omitsize=True, svgclass="qr-code", lineclass=None, title=label)
    return Markup(lines.replace("<svg ", '<svg role="img" width="196" height="196" ', 1))  # noqa: S704 - made by segno, which escapes the title
