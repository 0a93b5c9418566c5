"""The sentences that can be recorded, place by place, each with what is heard of it now."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from content import speech
from content.package import Manifest
from content.spoken import key
from hub import learning, library
from hub.node import Node
from hub.sound import asked, files, pages

RECORDING, VOICE, NONE = "recording", "voice", "none"


@dataclass(frozen=True)
class Line:
    """One sentence: its key, its language, and which sound it has, with its address below `/sound/`."""

    key: str
    language: str
    text: str
    state: str
    address: str


def of_package(node: Node, package: str) -> tuple[Manifest, list[Line]]:
    """The sentences about a package. Raises PackageUnknown."""
    manifest = library.package(node, package).for_learners
    return manifest, _lines(node, manifest.language, speech.package_sentences(manifest))


def of_item(node: Node, package: str, item: str) -> tuple[learning.Opened, list[Line]]:
    """The sentences of one item. Raises NotFound."""
    opened = learning.find(node, package=package, item=item)
    found = speech.item_sentences(opened.item, partial(node.shelf.read, opened.manifest))
    return opened, _lines(node, opened.manifest.language, found)


def of_pages(node: Node, language: str) -> list[Line]:
    """The sentences of learners' pages in a language: those that always stand there, and those that were met."""
    met = (each.text for each in asked.noted(node, language=language))
    return _lines(node, language, dict.fromkeys([*pages.fixed(language), *met]))


def page_languages(node: Node) -> list[str]:
    """The languages that pages speak, or have been met in."""
    return sorted({*pages.spoken(), *asked.languages(node)})


def _lines(node: Node, language: str, texts: Iterable[str]) -> list[Line]:
    known = files.recorded(node)
    return [_line(node, language, text, known) for text in texts]


def _line(node: Node, language: str, text: str, known: files.Recorded) -> Line:
    name = key(text, language)
    address = files.address(node, name, known)
    state = RECORDING if address.startswith(files.KEPT) else VOICE if address else NONE
    return Line(name, language, text, state, address)
