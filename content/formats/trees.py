"""XML of other tools as a tree: without entities, never too deep or too large, and with names that stand alone.

Namespaces are cut off: the same words come in those of each version, and many tools write the wrong one.
"""

from html import escape
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from content.errors import N_, PackageDamaged, PackageTooLarge
from content.limits import MIB

XML_BYTES_MAX = 16 * MIB
"""A whole file with its pictures: what a phone can send, and what is held in memory twice while it is read."""
ELEMENTS_MAX = 200_000
"""Elements of one file: a hundred for each question there may be."""
DEPTH_MAX = 32
"""Elements inside elements; Moodle writes eight, and texts with lists in tables twenty."""


class _Builder(TreeBuilder):
    """Builds the tree, and stops where it grows too deep or too large for the memory of a small machine."""

    def __init__(self, package: str) -> None:
        super().__init__()
        self._package, self._depth, self._count = package, 0, 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        """One element begins. Raises PackageTooLarge."""
        self._depth += 1
        self._count += 1
        if self._depth > DEPTH_MAX:
            self._refuse(N_("the depth of its XML"), DEPTH_MAX)
        if self._count > ELEMENTS_MAX:
            self._refuse(N_("its number of XML elements"), ELEMENTS_MAX)
        return super().start(_alone(tag), {_alone(name): value for name, value in attrs.items()})

    def end(self, tag: str, /) -> Element:
        """It ends."""
        self._depth -= 1
        return super().end(_alone(tag))

    def _refuse(self, what: str, limit: int) -> None:
        raise PackageTooLarge(package=self._package, what=what, found=f"{limit + 1} or more", limit=limit)


def tree(data: bytes, package: str, *, may_name_type: bool = False) -> Element:
    """The tree of an XML file. Entities are refused: they can blow up or read files; a document type is never fetched.

    It may be named where many tools write one, else it is refused as well. Raises PackageDamaged, PackageTooLarge.
    """
    builder = _Builder(package)
    parser = DefusedXMLParser(target=builder, forbid_dtd=not may_name_type, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(data)
        root: Element = parser.close()
    except (ParseError, DefusedXmlException, ValueError, LookupError) as problem:
        raise PackageDamaged(package=package, why=N_("its XML cannot be read")) from problem
    return root


def said(element: Element | None) -> str:
    """All words of an element with one space between them; "" where there is none."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def html(element: Element) -> str:
    """An element as it would be written in HTML, with all that is in it."""
    told = "".join(f' {name}="{escape(value)}"' for name, value in element.items())
    return f"<{element.tag}{told}>{inner_html(element)}</{element.tag}>"


def inner_html(element: Element) -> str:
    """What is in an element as it would be written in HTML."""
    parts = [escape(element.text or "", quote=False)]
    for each in element:
        parts += [html(each), escape(each.tail or "", quote=False)]
    return "".join(parts)


def _alone(name: str) -> str:
    return name.rpartition("}")[2]
