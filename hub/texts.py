"""The words of PDFs made findable: which ones, when, and what is told of those that have none.

When a package comes onto the shelf it is found by its title at once. A job then reads its PDFs, each in a process of
its own, and puts the words of every page into the catalogue.
"""

import time
from collections.abc import Callable
from typing import Any

from content.catalogue import read_passages
from content.errors import DiskFull
from content.package import Item, Manifest
from content.texts import Texts
from hub import jobs
from hub.node import Node
from hub.sentences import Sentence, sentence

JOB = "texts"
PACKAGE = "package"
TURN_S = 120.0
"""How long the job works before others have their turn."""


def texts(node: Node) -> Texts:
    """Where this hub keeps what it read."""
    return Texts.beside(node.shelf.root)


def ask(node: Node, manifest: Manifest) -> None:
    """Ask that a package's PDFs be read, when some were not yet. Safe to repeat."""
    store = texts(node)
    if any(store.get(sha256) is None for sha256 in _hashes(manifest)):
        jobs.add(node, JOB, arguments={PACKAGE: manifest.id})


def make(node: Node, arguments: dict[str, Any], say: Callable[[Sentence], None]) -> Sentence:
    """Do the job: read what was not read yet, then put it into the catalogue; return what came of it.

    Raises DiskFull; then what was read before is kept. `say` is told how far it is. Safe to repeat. After a while it
    asks for the rest anew, so that others get a turn.
    """
    manifest = node.shelf.standing(str(arguments[PACKAGE]))
    if manifest is None:
        return sentence("It is no longer on the shelf.")
    wanted, store, began = _hashes(manifest), texts(node), time.monotonic()
    unread = [sha256 for sha256 in wanted if store.get(sha256) is None]
    done = len(wanted) - len(unread)
    for number, sha256 in enumerate(unread):
        if number and time.monotonic() - began >= TURN_S:
            break
        say(_so_far(done, wanted))
        _read(node, sha256)
        done += 1
    node.catalogue.add(manifest, read_passages(node.shelf, manifest))
    ask(node, manifest)
    return _said(store, wanted) if done == len(wanted) else _so_far(done, wanted)


def _read(node: Node, sha256: str) -> None:
    try:
        texts(node).make(sha256, node.shelf.blob_path(sha256))
    except OSError as problem:
        raise DiskFull from problem


def wordless(node: Node, manifest: Manifest) -> list[str]:
    """The titles of PDFs that were read and have no words."""
    store = texts(node)
    read = [(item.title, store.get(manifest.files[item.path].sha256)) for item in _items(manifest)]
    return [title for title, text in read if text is not None and not text.has_words]


def mend(node: Node) -> None:
    """At the worker's start: clear what is left over, and ask for what is missing, as after a restore or an update."""
    prune(node)
    for manifest in node.shelf.list():
        ask(node, manifest)


def prune(node: Node) -> None:
    """Throw away the words of PDFs that no package has any more; all is kept while a package is damaged."""
    if not node.shelf.damaged():
        texts(node).prune(sha256 for manifest in node.shelf.list() for sha256 in _hashes(manifest))


def look_again(node: Node) -> None:
    """Give PDFs that could not be read another chance."""
    texts(node).look_again()
    mend(node)


def _items(manifest: Manifest) -> list[Item]:
    return [item for item in manifest.items if item.kind == "pdf"]


def _hashes(manifest: Manifest) -> list[str]:
    return list(dict.fromkeys(manifest.files[item.path].sha256 for item in _items(manifest)))


def _so_far(done: int, wanted: list[str]) -> Sentence:
    return sentence("%(done)s of %(total)s PDFs are read.", done=done, total=len(wanted))


def _said(store: Texts, wanted: list[str]) -> Sentence:
    """How many have words, and whether all of their pages could be read."""
    read = [text for sha256 in wanted if (text := store.get(sha256))]
    scans = sum(not text.has_words for text in read)
    if scans:
        return sentence(
            "%(scans)s of %(total)s PDFs have no words that can be read, as scans have none. They are found by title.",
            scans=scans,
            total=len(wanted),
        )
    if not all(text.is_whole for text in read):
        return sentence("The words of the PDFs can be found as far as they could be read.")
    return sentence("The words on all pages can be found now.")
