"""ZIM files on the shelf: opened once, their words gathered by a job, and found together with all else.

Gathering the words of an encyclopaedia takes minutes, so that a job does it piece by piece; until it is done, and for
files with too many pages, the file's own index is asked. What was gathered is dropped with its ZIM file and can be made
again from the shelf at any time.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

from content import facets
from content.catalogue import NOTHING_CHOSEN, Found, Hit
from content.errors import BlobDamaged, ContentError
from content.package import Item, Manifest
from content.search import fold, terms
from content.snippet import Part, cut
from content.zim import Named, Zim
from content.zim_index import HTML_BYTES_MAX, ZimIndex, words_of
from hub import jobs
from hub.node import Node
from hub.sentences import Sentence, sentence

JOB = "zim"
PACKAGE = "package"
KIND = "zim"
TURN_S = 60.0
"""How long the job works before others have their turn."""
SAY_S = 5.0
"""How often the job says how far it is, and hears whether the hub stops."""
TITLES_MAX = 10
"""Titles that are offered while somebody types."""
QUERY_CHARS_MAX = 100
"""Letters of a search inside a ZIM file that are looked at."""


@dataclass(frozen=True)
class Way:
    """How is looked: for what has the `chosen` value of each facet, in the `preferred` languages first."""

    chosen: Mapping[str, str] = field(default_factory=lambda: NOTHING_CHOSEN)
    preferred: Sequence[str] = ()


@dataclass(frozen=True)
class Shelved:
    """A ZIM file on the shelf: its package and its item."""

    manifest: Manifest
    item: Item

    @property
    def sha256(self) -> str:
        """What its file and its index are named by."""
        return self.manifest.files[self.item.path].sha256


class _Source(Protocol):
    """Where the texts of found pages lie."""

    def snippets(self, keys: Sequence[int], text: str) -> Mapping[int, tuple[Part, ...]]:
        """The words around what was looked for, of each page by its key."""


@dataclass(frozen=True)
class _Itself:
    """A ZIM file whose words are not gathered: its pages are read when they are shown, by their numbers."""

    zim: Zim

    def snippets(self, keys: Sequence[int], text: str) -> Mapping[int, tuple[Part, ...]]:
        """The words around what was looked for, of each page by its number."""
        wanted = terms(text)
        read = ((key, self.zim.text(key, HTML_BYTES_MAX)) for key in keys)
        return {key: cut(words_of(page[1]), wanted) for key, page in read if page}


@dataclass(frozen=True)
class _Candidate:
    """Something found; its snippet is cut by its `source` when it is shown, where there is one."""

    hit: Hit
    source: _Source | None = None
    key: int = 0


def of(manifest: Manifest) -> list[Shelved]:
    """The ZIM files of a package."""
    return [Shelved(manifest, item) for item in manifest.items if item.kind == KIND]


def shelved(node: Node) -> list[Shelved]:
    """All that stand on the shelf."""
    return [each for manifest in node.shelf.list() for each in of(manifest)]


def opened(node: Node, which: Shelved) -> Zim:
    """The file, open to be read. Raises BlobDamaged when the disk no longer has it whole."""
    try:
        return node.zims.get(node.shelf.blob_path(which.sha256))
    except (OSError, ContentError) as problem:
        raise BlobDamaged(package=which.manifest.title, path=which.item.path) from problem


def index(node: Node, which: Shelved) -> ZimIndex:
    """The index of its words, there or not."""
    return node.zim_words.get(which.sha256)


def titles(node: Node, which: Shelved, text: str) -> list[Named]:
    """Pages whose titles have a reader's words."""
    asked = text[:QUERY_CHARS_MAX]
    found = index(node, which).titles(asked, TITLES_MAX)
    return found or (opened(node, which).titles(asked, TITLES_MAX) if asked.strip() else [])


def inside(node: Node, which: Shelved, text: str, *, start: int, limit: int) -> Found:
    """What a reader's words find in one ZIM file."""
    total, is_capped, found = _of_one(node, which, text[:QUERY_CHARS_MAX], start + limit, any_term=False)
    hits = _finished(found[start : start + limit], text)
    return Found(hits=hits, total=total, is_capped=is_capped)


def search(node: Node, text: str, way: Way, *, any_term: bool = False, limit: int = 20, start: int = 0) -> Found:
    """What words find in the catalogue and in every ZIM file: one list, best first.

    Numbers that rank within one index say nothing in another. So of two lists each gives its best in turn, those in
    preferred languages first, and of these first what has all of the words in its title.
    """
    find = partial(node.catalogue.search, text, chosen=way.chosen, preferred=way.preferred, any_term=any_term)
    files = _suiting(node, way.chosen)
    if not files:
        return find(limit=limit, start=start)
    most = start + limit
    own = find(limit=most)
    lists = [[_Candidate(hit) for hit in own.hits]]
    total, is_capped = own.total, own.is_capped
    for each in files:
        count, is_more, found = _of_one(node, each, text, most, any_term=any_term)
        lists.append(found)
        total, is_capped = total + count, is_capped or is_more
    merged = _merged(lists, text, () if "language" in way.chosen else way.preferred)[start:most]
    return Found(hits=_finished(merged, text), total=total, is_capped=is_capped)


def has(node: Node, text: str) -> bool:
    """Whether the catalogue or an index of a ZIM file has all of a reader's words."""
    return node.catalogue.has(text) or any(index(node, each).count(text) for each, _ in _searched(node))


def counts(node: Node, text: str, *, chosen: Mapping[str, str]) -> Counter[str]:
    """How many pages of ZIM files with a reader's words have each mark, beside what is chosen in the other facets."""
    counted: Counter[str] = Counter()
    for each, marks in _searched(node):
        fitting = [mark for mark in marks if facets.suits(marks, chosen, but=mark.partition("=")[0])]
        counted.update(dict.fromkeys(fitting, _total(node, each, text) if fitting else 0))
    return +counted


def ask(node: Node, manifest: Manifest) -> None:
    """Ask that the words of a package's ZIM files be gathered, where they are not yet. Safe to repeat."""
    if any(not index(node, each).is_settled for each in of(manifest)):
        jobs.add(node, JOB, arguments={PACKAGE: manifest.id})


def make(node: Node, arguments: dict[str, Any], say: Callable[[Sentence], None]) -> Sentence:
    """Do the job; return what came of it. Safe to repeat: what was gathered before a cut is not gathered again.

    After a while it asks for the rest anew, so that other work has its turn.
    """
    manifest = node.shelf.standing(str(arguments[PACKAGE]))
    node.zim_words.make_folder()
    began = said = time.monotonic()

    def go_on(done: int, total: int) -> bool:
        nonlocal said
        if time.monotonic() - said >= SAY_S:
            say(sentence("%(done)s of %(total)s pages can be found now.", done=done, total=total))
            said = time.monotonic()
        is_there = manifest is not None and _stands(node, manifest)
        return is_there and time.monotonic() - began < TURN_S

    for each in of(manifest) if manifest else []:
        if not index(node, each).fill(opened(node, each), go_on):
            prune(node)
            if _stands(node, each.manifest):
                ask(node, each.manifest)
            return sentence("A part of its pages can be found now; the rest follows.")
    return sentence("Its pages can be found now.")


def mend(node: Node) -> None:
    """At the worker's start: drop what is left over and ask for what is missing, as after a restore or an update."""
    prune(node)
    for manifest in node.shelf.list():
        ask(node, manifest)


def prune(node: Node) -> None:
    """Drop the words of files that are gone, and let go of the files; all is kept while a package is damaged."""
    if not node.shelf.damaged():
        node.zim_words.keep({each.sha256 for each in shelved(node)})
    node.zims.let_go()


def _stands(node: Node, manifest: Manifest) -> bool:
    """Whether the package is still on the shelf, with the same files."""
    standing = node.shelf.standing(manifest.id)
    return standing is not None and standing.digest == manifest.digest


def look_again(node: Node) -> None:
    """Drop what was gathered and gather it anew."""
    node.zim_words.keep(set())
    mend(node)


def _searched(node: Node) -> list[tuple[Shelved, tuple[str, ...]]]:
    """Those of packages that the catalogue lists with one, each with its marks and those of its collections.

    A search must not look at every package on the disk.
    """
    listed = [(row, node.shelf.standing(row.id)) for row in node.catalogue.list(kind=KIND)]
    return [
        (each, facets.in_collections(facets.of_item(manifest, each.item), facets.collections_of(row.marks)))
        for row, manifest in listed
        if manifest
        for each in of(manifest)
    ]


def _total(node: Node, which: Shelved, text: str) -> int:
    words = index(node, which)
    return words.count(text) if words.is_whole else _of_one(node, which, text, 1, any_term=False)[0]


def _suiting(node: Node, chosen: Mapping[str, str]) -> list[Shelved]:
    return [each for each, marks in _searched(node) if facets.suits(marks, chosen)]


def _of_one(node: Node, which: Shelved, text: str, most: int, *, any_term: bool) -> tuple[int, bool, list[_Candidate]]:
    """What one ZIM file has: by its index here, else by the one it brings, which wants all words."""
    words = index(node, which)
    if words.is_whole:
        found = words.search(text, most, any_term=any_term)
        best = [_Candidate(_hit(which, each.page), words, each.key) for each in found.best]
        return found.total, found.is_capped, best
    if any_term:
        return 0, False, []
    try:
        zim = opened(node, which)
    except ContentError:
        return 0, False, []
    total, pages = zim.search(text, 0, most)
    source = _Itself(zim)
    return total, False, [_Candidate(_hit(which, each), source, each.number) for each in pages]


def _finished(found: Sequence[_Candidate], text: str) -> tuple[Hit, ...]:
    """What is shown, with its snippets; each source is asked once for all that it has."""
    keys: dict[_Source, list[int]] = {}
    for each in found:
        if each.source is not None:
            keys.setdefault(each.source, []).append(each.key)
    cut_of = {source: source.snippets(asked, text) for source, asked in keys.items()}
    return tuple(
        each.hit if each.source is None else replace(each.hit, snippet=cut_of[each.source].get(each.key, ()))
        for each in found
    )


def _hit(which: Shelved, page: Named) -> Hit:
    """A page as a hit; of several books in one package it names its own."""
    manifest, item = which.manifest, which.item
    return Hit(manifest.id, item.title, item.id, page.path, page.title, manifest.language, ())


def _merged(lists: list[list[_Candidate]], text: str, preferred: Sequence[str]) -> list[_Candidate]:
    wanted = terms(text)

    def numbered() -> Iterator[tuple[tuple[int, bool, int, int], _Candidate]]:
        for number, found in enumerate(lists):
            ranks: Counter[tuple[int, bool]] = Counter()
            for each in found:
                title = fold(each.hit.title)
                group = (_turn(each.hit.language, preferred), not all(term in title for term in wanted))
                ranks[group] += 1
                yield (*group, ranks[group], number), each

    return [each for _, each in sorted(numbered(), key=lambda pair: pair[0])]


def _turn(language: str, preferred: Sequence[str]) -> int:
    """Which of the preferred languages this is; behind them for none."""
    return next((turn for turn, each in enumerate(preferred) if _speaks(language, each)), len(preferred))


def _speaks(language: str, asked: str) -> bool:
    return language == asked or language.startswith(f"{asked}-")
