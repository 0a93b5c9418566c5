"""`make gallery`: every page of every role of a fresh demo, light, dark and in Arabic, at 360 and 1280 px.

The pictures and the sheet that shows them, `docs/gallery/index.html`, are made by this script alone and kept out of the
repository. `docs/screenshots.py` takes the few that README and docs show.
"""

import base64
import os
import shutil
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from html import escape
from multiprocessing import get_context
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from docs.looking import chromium, served_demo
from hub.demo import cast
from hub.people import roster
from tests.fixtures.crawl import reachable
from tests.fixtures.demo import GUEST, ROLES, Demo

GALLERY = Path(__file__).parent / "gallery"
WIDTHS = {360: 740, 1280: 800}
"""How wide the screens are, and how high at least, in pixels."""
HIGHEST = 4_000
"""A picture ends here, however long the page is."""
QUALITY = 72
ARABIC = "ar"
SHEET = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Gallery</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
body {{ margin: 24px; font: 16px/1.5 system-ui, sans-serif; color: #1d2b2a; background: #fbf8f2 }}
section {{ margin-block-end: 32px }} h3 {{ margin-block-end: 4px; font-size: 1rem; font-weight: 600 }}
div {{ display: flex; flex-wrap: wrap; gap: 12px; align-items: start }} figure {{ margin: 0 }}
img {{ display: block; height: 240px; max-width: 90vw; object-fit: cover; object-position: top }}
img {{ border: 1px solid #ddd6c8 }}
figcaption {{ font-size: .8rem; color: #51605e }}</style>
<h1>Every page of every role</h1><p>{count} pictures of the demo, made by <code>make gallery</code>.</p>
<nav>{contents}</nav>{body}</html>"""


@dataclass(frozen=True)
class Shot:
    """One page as one role sees it: where, how, and into which file."""

    role: str
    kind: str
    address: str
    look: str
    width: int
    file: str


def main() -> None:
    """Make the demo, look at all of it, and lay out the sheet."""
    began = time.monotonic()
    shutil.rmtree(GALLERY, ignore_errors=True)
    with served_demo() as demo:
        tours = {role: reachable(demo.client(role)) for role in ROLES}
        shots = _take(demo, tours, ("light", "dark"))
        if ARABIC in demo.client(GUEST).application.extensions["tongues"].languages:
            _speak_arabic(demo)
            shots += _take(demo, tours, ("arabic",))
    (GALLERY / "index.html").write_text(_sheet(shots), encoding="utf-8")
    print(f"{len(shots)} pictures in {GALLERY} after {time.monotonic() - began:.0f} s")


def _take(demo: Demo, tours: dict[str, list[tuple[str, str]]], looks: tuple[str, ...]) -> list[Shot]:
    """Take every page in these looks, on all processors at once."""
    shots = [
        Shot(role, kind, address, look, width, f"{role}/{number:02}-{look}-{width}.webp")
        for role, tour in tours.items()
        for number, (kind, address) in enumerate(tour, start=1)
        for look in looks
        for width in WIDTHS
    ]
    for role in tours:
        (GALLERY / role).mkdir(parents=True, exist_ok=True)
    cookies = {role: demo.cookies(role) for role in tours}
    groups = [[shot for shot in shots if (shot.role, shot.look, shot.width) == key] for key in _keys(shots)]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        list(pool.map(_take_group, [(demo.url, cookies[group[0].role], group) for group in groups]))
    return shots


def _keys(shots: list[Shot]) -> list[tuple[str, str, int]]:
    return list(dict.fromkeys((shot.role, shot.look, shot.width) for shot in shots))


def _take_group(work: tuple[str, list[dict[str, str]], list[Shot]]) -> None:
    """What one role sees in one look on one screen: one browser, one page after another."""
    url, cookies, shots = work
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        page = _opened(browser, shots[0], cookies)
        for shot in shots:
            page.goto(url + shot.address, wait_until="load")
            (GALLERY / shot.file).write_bytes(_picture(page, shot.width))
        browser.close()


def _opened(browser: Browser, shot: Shot, cookies: list[dict[str, str]]) -> Page:
    context = browser.new_context(
        viewport={"width": shot.width, "height": WIDTHS[shot.width]},
        locale=ARABIC if shot.look == "arabic" else "en-GB",
        color_scheme="dark" if shot.look == "dark" else "light",
        reduced_motion="reduce",
        service_workers="block",
    )
    context.add_cookies(cookies)  # type: ignore[arg-type]
    return context.new_page()


def _picture(page: Page, width: int) -> bytes:
    """The whole page on a screen as high as it is, so that what stands at the foot stands at the foot."""
    session = page.context.new_cdp_session(page)
    content = session.send("Page.getLayoutMetrics")["cssContentSize"]["height"]
    page.set_viewport_size({"width": width, "height": max(WIDTHS[width], min(round(content), HIGHEST))})
    taken = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    session.detach()
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    return base64.b64decode(taken["data"])


def _speak_arabic(demo: Demo) -> None:
    """Let everybody who is looked as read Arabic; a guest's browser asks for it."""
    names = {cast.LOOK_AS[role] for role in ROLES if role != GUEST}
    for person in roster.people(demo.node):
        if person.name in names:
            roster.change_person(demo.node, person=person.id, language=ARABIC)


def _sheet(shots: list[Shot]) -> str:
    contents = " · ".join(f'<a href="#{role}">{role}</a>' for role in ROLES)
    body = "".join(_of_role(role, [shot for shot in shots if shot.role == role]) for role in ROLES)
    return SHEET.format(count=len(shots), contents=contents, body=body)


def _of_role(role: str, shots: list[Shot]) -> str:
    rows = dict.fromkeys((shot.kind, shot.address) for shot in shots)
    parts = [
        f"<h3>{escape(kind)} <code>{escape(address)}</code></h3><div>"
        + "".join(_figure(shot) for shot in shots if shot.address == address)
        + "</div>"
        for kind, address in rows
    ]
    return f'<section id="{role}"><h2>{role}</h2>{"".join(parts)}</section>'


def _figure(shot: Shot) -> str:
    words = f"{shot.look}, {shot.width} px"
    picture = f'<img src="{shot.file}" alt="{escape(shot.address)}, {words}" loading="lazy" height="240">'
    return f'<figure><a href="{shot.file}">{picture}</a><figcaption>{words}</figcaption></figure>'


if __name__ == "__main__":
    main()
