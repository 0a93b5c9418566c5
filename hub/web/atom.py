"""Atom (RFC 4287) with what OPDS 1.2 and OpenSearch 1.1 add to it: elements put in one by one, and the XML of them.

Names are put as they are written, prefix and all, and Atom itself has none: small readers (KOReader's is one) know no
namespaces and look for `feed`, `entry` and `link` letter by letter. For every other reader `root` says what each
prefix stands for.
"""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

FEED = "application/atom+xml;profile=opds-catalog"
NAVIGATION, ACQUISITION = f"{FEED};kind=navigation", f"{FEED};kind=acquisition"
DESCRIPTION = "application/opensearchdescription+xml"
ATOM, SEARCH = "http://www.w3.org/2005/Atom", "http://a9.com/-/spec/opensearch/1.1/"
PREFIXES = {
    "xmlns:dc": "http://purl.org/dc/terms/",
    "xmlns:opds": "http://opds-spec.org/2010/catalog",
    "xmlns:opensearch": SEARCH,
    "xmlns:thr": "http://purl.org/syndication/thread/1.0",
}
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML can hold, escaped or not (XML 1.0, 2.2)."""
_INSTEAD = "\ufffd"
"""Unicode's own sign for a letter that cannot be given; with it a title never is empty."""


def root(name: str, space: str, prefixes: Mapping[str, str] | None = None) -> Element:
    """The outermost element, in its namespace."""
    return Element(name, {"xmlns": space, **(prefixes or {})})


def put(parent: Element, name: str, text: str = "", attributes: Mapping[str, str] | None = None) -> Element:
    """A further element at the end of another; a sign stands for each character that XML forbids."""
    told = {key: _FORBIDDEN.sub(_INSTEAD, value) for key, value in (attributes or {}).items()}
    element = SubElement(parent, name, told)
    element.text = _FORBIDDEN.sub(_INSTEAD, text) or None
    return element


def link(parent: Element, rel: str, href: str, kind: str, attributes: Mapping[str, str] | None = None) -> None:
    """A link to an address, and the type of what is there."""
    put(parent, "link", attributes={"rel": rel, "href": href, "type": kind, **(attributes or {})})


def written(element: Element) -> bytes:
    """The whole document, in UTF-8."""
    return bytes(tostring(element, encoding="utf-8", xml_declaration=True))
