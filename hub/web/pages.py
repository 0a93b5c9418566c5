"""How a page is made: what every template may rely on, and the headers every page carries."""

import html
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from babel import Locale
from flask import Flask, Response, g, render_template, request, session
from flask_babel import get_locale, gettext, lazy_gettext
from jinja2 import StrictUndefined, Undefined, pass_context
from jinja2.utils import missing
from markupsafe import Markup, escape

from content.snippet import Part
from hub import sentences
from hub.config import Settings
from hub.demo import marks
from hub.web import charts, origins, packing, tone, tongues
from hub.web.colours import colours
from hub.web.help_here import help_card, help_here
from hub.web.here import node, viewer
from hub.web.readers import reader
from hub.web.static_files import Assets
from sync.clock import FIRST_POSSIBLE_MS

JUST_NOW_MS = 60_000
NOTICE = "said"
"""Under this name the browser keeps a sentence until it has been shown once."""
NOTICE_ICONS = {"good": "check", "warn": "hint"}
BARE = Markup('width="32" height="32" fill="none" stroke="currentColor"')
"""How a drawing looks where no stylesheet came: small, and in outline. Any rule of the stylesheet comes before it."""
EVERYWHERE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
"""What every answer of the pages' origin carries."""
MACHINES_ALONE = "/sync/v1/"
"""The exchange between hubs travels over lines that are paid by the byte: its answers carry no header of ours."""


@dataclass(frozen=True)
class NavItem:
    """One of the four places at the foot or side of a page."""

    label: str
    href: str
    icon: str
    is_here: bool


@dataclass(frozen=True)
class HubFace:
    """What a page says of the hub."""

    name: str
    role: str
    is_demo: bool


@dataclass(frozen=True)
class Notice:
    """A sentence that is shown once."""

    text: str
    tone: str
    icon: str


@dataclass(frozen=True)
class LocaleFace:
    """The page's language and direction."""

    language: str
    dir: str


class Missing(StrictUndefined):
    """What a template names and nobody gave: a mistake of ours, said aloud. A field that a form did not bring is ""."""

    def __new__(cls, hint: str | None = None, obj: Any = missing, name: str | None = None, **more: Any) -> Any:
        """A lenient one for what a mapping does not hold."""
        if isinstance(obj, Mapping):
            return Undefined(hint, obj, name, **more)
        return super().__new__(cls)


NAV = (
    (lazy_gettext("Home"), "/", "home"),
    (lazy_gettext("Library"), "/library/", "library"),
    (lazy_gettext("My learning"), "/learn/", "learning"),
    (lazy_gettext("Community"), "/community/", "community"),
)


def face() -> HubFace:
    """What this hub is called and whether it is a demo; looked up once in a request, and only by what says it."""
    if "face" not in g:
        here = node()
        g.face = here.remembered.of("face", lambda: HubFace(here.name, here.settings.role, is_demo=marks.is_demo(here)))
    return cast(HubFace, g.face)


def page(template: str, *, status: int = 200, **context: Any) -> Response:
    """A page from a template; personal pages are never kept by a browser."""
    return Response(render_template(template, **context), status=status, content_type="text/html; charset=utf-8")


def say(text: str, tone: str = "good") -> None:
    """Show a sentence once, on the next page this person sees; `warn` where something was not taken."""
    session[NOTICE] = (tone, text)


def fit_out(app: Flask, assets: Assets) -> None:
    """Give templates their globals and every answer its headers."""
    app.jinja_env.undefined = Missing
    told = (sentences.speak, sentences.number, sentences.percent, sentences.isolated, sentences.published)
    app.jinja_env.filters.update({each.__name__: _late(each) for each in told}, bdi=bdi, found_marked=found_marked)
    app.jinja_env.globals.update(own_name=tongues.own_name, direction=tongues.direction)
    app.jinja_env.globals.update(asset=assets.address, icon=icon, picture=picture)
    app.jinja_env.globals.update(help_here=help_here, help_card=help_card)
    app.jinja_env.globals.update(ago=ago, lasting=sentences.lasting)
    app.jinja_env.globals.update(colours=colours, reader=reader)
    app.jinja_env.globals.update(charts=charts, worded=tone.worded)
    app.context_processor(_context)
    app.after_request(_headers)


def _late(write: Callable[[Any], str]) -> Callable[[Any, Any], str]:
    """The same for a page that is shown: a value that stands in a template is written as its reader writes it, and
    not, once for all, as the first reader did for whom the template was compiled."""

    @pass_context
    def written(_: Any, value: Any) -> str:
        return write(value)

    return written


def ago(moment_ms: int) -> str:
    """How long ago a moment was, in the words of the page's language; a moment that lies ahead is just now."""
    now_ms = node().clock.now_ms()
    if moment_ms < FIRST_POSSIBLE_MS <= now_ms:
        return str(gettext("at a time not known"))
    passed_ms = max(0, now_ms - moment_ms)
    return gettext("just now") if passed_ms < JUST_NOW_MS else sentences.lasting(passed_ms, is_ago=True)


def bdi(name: str) -> Markup:
    """A name, in the direction of its own letters."""
    return Markup("<bdi>{}</bdi>").format(name)


def found_marked(parts: Iterable[Part]) -> Markup:
    """The words around what was looked for, with those that were found set apart."""
    told = (f"<mark>{html.escape(part.text)}</mark>" if part.is_match else html.escape(part.text) for part in parts)
    return Markup("".join(told))  # noqa: S704 - each part is escaped


def icon(name: str, label: str | None = None) -> Markup:
    """A drawing from the icon sprite; without a label it is decoration."""
    return _drawing("icons.svg", "icon", name, label)


def picture(name: str, label: str | None = None) -> Markup:
    """A drawing from the pictures people sign in with."""
    return _drawing("pictures.svg", "picture", name, label)


def _drawing(sprite: str, kind: str, name: str, label: str | None) -> Markup:
    assets: Assets = g.assets
    return _drawn(f"{assets.address(sprite)}#{name}", kind, name, label)


@lru_cache(maxsize=512)
def _drawn(address: str, kind: str, name: str, label: str | None) -> Markup:
    says = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    drawing = Markup('<svg class="{} {}-{}" {} {}><use href="{}"></use></svg>')
    return drawing.format(kind, kind, escape(name), BARE, says, address)


def _context() -> dict[str, Any]:
    settings: Settings = node().settings
    spoken = get_locale() or Locale.parse(tongues.fitting(settings.language))
    return {
        "hub": face(),
        "person": viewer(),
        "for_child": tone.is_for_child(),
        "nav": [NavItem(str(label), href, name, _is_here(href)) for label, href, name in NAV],
        "page_languages": tongues.languages(),
        "locale": LocaleFace(str(spoken), spoken.text_direction),
        "notice": _notice(),
    }


def _notice() -> Notice | None:
    if NOTICE not in session:
        return None
    tone, text = session.pop(NOTICE)
    return Notice(text, tone, NOTICE_ICONS[tone])


def _is_here(href: str) -> bool:
    return request.path == href if href == "/" else request.path.startswith(href)


def _headers(response: Response) -> Response:
    """Refuse what pages never need, forget personal pages, and pack what is large."""
    if request.path.startswith(MACHINES_ALONE):
        return response
    headers = response.headers
    for name, text in {**EVERYWHERE, "Cache-Control": "no-store"}.items():
        headers.setdefault(name, text)
    if response.mimetype == "text/html":
        headers.setdefault("Content-Security-Policy", _policy())
        headers.setdefault("X-Frame-Options", "DENY")
    packing.pack(response)
    return response


def _policy() -> str:
    return (
        f"default-src 'self'; frame-src 'self' {origins.content()}; media-src 'self' blob:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
