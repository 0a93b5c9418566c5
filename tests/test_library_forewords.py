"""Our script stands first in every page from elsewhere: before whatever the page itself would run, or nothing runs."""

import codecs
from pathlib import Path

import pytest
from playwright.sync_api import Page

from hub import library, seeing
from hub.node import Node
from hub.web import forewords
from hub.web.forewords import HTML, XHTML, foreword
from tests.fixtures import engines, packages
from tests.fixtures.web import Served

pytestmark = pytest.mark.sqlite(engines.SHELF)

OURS = "<b></b>"
"""What stands behind our script in these tests, so that its place can be told."""
PLACES = {
    "": "|",
    "<p>x": "|<p>x",
    "<!doctype html><html lang='en'>\n<head class=a><title>": "<!doctype html><html lang='en'>\n<head class=a>|<title>",
    "<!-- a --><!DOCTYPE html>\n<body>": "<!-- a --><!DOCTYPE html>\n|<body>",
    "<?xml version='1.0'?><html><title>": "<?xml version='1.0'?><html>|<title>",
    "<header>": "|<header>",
    "<html lang='a>b'><head>": "|<html lang='a>b'><head>",
    "<!-- <head> --><p>": "<!-- <head> -->|<p>",
    "<!--><p>": "|<!--><p>",
    "<!---><p>": "|<!---><p>",
    "<!-- --!><p>": "<!-- --!>|<p>",
    "<!-- never ended <head>": "|<!-- never ended <head>",
    "<!-- \x1b$B --><p>": "|<!-- \x1b$B --><p>",
}
XML_PLACES = {
    "<html xmlns='x'><head/></html>": "<html xmlns='x'>|<head/></html>",
    "<?xml version='1.0' encoding='UTF-8'?>\n<!-- a -->\n<!DOCTYPE html>\n<html>": (
        "<?xml version='1.0' encoding='UTF-8'?>\n<!-- a -->\n<!DOCTYPE html>\n<html>|"
    ),
    "<h:html xmlns:h='x'>": None,
    "<x><![CDATA[<html>]]></x>": None,
    "<!DOCTYPE html [<!ENTITY a 'b'>]><html>": None,
    "<?xml-stylesheet href='a.xsl' type='text/xsl'?><html>": None,
    "<?xml version='1.0' encoding='utf-7'?><html>": None,
    " " * 60_000: None,
}


def placed(page: str, kind: str) -> str | None:
    """The page with a bar where our scripts stand."""
    first = foreword(page.encode(), kind, OURS)
    return first and page[: first.at] + "|" + page[first.at :]


@pytest.mark.parametrize(("page", "wanted"), PLACES.items())
def test_where_scripts_stand_in_a_page(page: str, wanted: str) -> None:
    """In its head where that is plain to see; else before all that might be something else to a browser."""
    assert placed(page, HTML) == wanted


@pytest.mark.parametrize(("page", "wanted"), XML_PLACES.items(), ids=range(len(XML_PLACES)))
def test_where_scripts_stand_in_xml(page: str, wanted: str | None) -> None:
    """In its outermost element, or nowhere: then nothing in it may run."""
    assert placed(page, XHTML) == wanted
    assert placed(page, "image/svg+xml") is placed(page, "text/xml; charset=utf-8") is None


@pytest.mark.parametrize(
    ("mark", "name"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_a_page_keeps_its_encoding(mark: bytes, name: str) -> None:
    """Its mark stays first, and our scripts are written as the page is."""
    page = mark + "<!doctype html><p>ü".encode(name)
    first = foreword(page, HTML, OURS)
    assert first is not None and first.encoding == name
    words = first.into(page).removeprefix(mark).decode(name)
    assert words.startswith("<!doctype html><script>") and words.endswith(f"{OURS}<p>ü")


def test_a_long_page_is_read_in_pieces(tmp_path: Path) -> None:
    """From any byte on, what comes is what the whole would be."""
    page = b"<!doctype html>" + bytes(range(256)) * 300
    first = foreword(page, HTML)
    assert first is not None
    whole, place = first.into(page), tmp_path / "page.html"
    place.write_bytes(page)
    with forewords.with_first(place.open("rb"), first) as file:
        assert file.read() == whole
        for start in (0, 14, 15, 16, 15 + len(first.text), len(whole) - 3):
            file.seek(start)
            assert file.read(300) == whole[start : start + 300]


RUNS = 'console.log("rtc " + typeof RTCPeerConnection)'
SCRIPT = f"<script>{RUNS}</script>"
TRICKS = {
    "bare": SCRIPT,
    "comment": f"<!-->{SCRIPT}-->",
    "longer": f"<!--->{SCRIPT}-->",
    "bang": f"<!-- --!>{SCRIPT}-->",
    "kind": f'<!doctype html PUBLIC ">{SCRIPT}">',
    "value": f"""<html a='"<head>' b=">"><head>{SCRIPT}""",
    "title": f"<title><head></title>{SCRIPT}",
    "drawn": f"<svg onload='{RUNS}'>",
    "far": f"<!--{'x' * 70_000}-->{SCRIPT}",
    "zero": f"\0{SCRIPT}",
    "template": f"<template><head></template>{SCRIPT}",
    "frame": f'<iframe srcdoc="{SCRIPT.replace(chr(34), "&quot;")}"></iframe>',
}
STILL = {
    "prefix.xhtml": f'<h:html xmlns:h="http://www.w3.org/1999/xhtml"><h:script>{RUNS}</h:script></h:html>',
    "a.svg": f'<svg xmlns="http://www.w3.org/2000/svg"><script>{RUNS}</script></svg>',
    "a.xml": f'<html xmlns="http://www.w3.org/1999/xhtml">{SCRIPT}</html>',
    "sheet.xml": '<?xml-stylesheet href="sheet.xsl" type="text/xsl"?><a/>',
}
PLAIN_XML = f'<html xmlns="http://www.w3.org/1999/xhtml"><head>{SCRIPT}<title>x</title></head></html>'


@pytest.mark.browser
@pytest.mark.usefixtures("cast")
def test_nothing_runs_before_our_script(page: Page, served: Served, node: Node, tmp_path: Path) -> None:
    """In no page that is written to be read otherwise than it looks; drawings and other XML do not run at all."""
    files: dict[str, str | bytes] = {f"{name}.html": text for name, text in TRICKS.items()}
    files |= {"wide.html": SCRIPT.encode("utf-16"), "plain.xhtml": PLAIN_XML, "index.html": "<title>x</title>", **STILL}
    source = packages.zipped(tmp_path / "a.zip", files)
    manifest = library.package(node, library.add(node, source=source, in_part=True).package)
    heard: list[str] = []
    page.on("console", lambda message: heard.append(f"{name} {message.text}") if "rtc" in message.text else None)
    for name in files:
        page.goto(f"{served.content_url}/{manifest.id}/{seeing.mark(node, manifest)}/{name}")
    ran = [f"{name}.html" for name in TRICKS] + ["wide.html", "plain.xhtml"]
    assert heard == [f"{name} rtc undefined" for name in ran]
