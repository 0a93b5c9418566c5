"""Fetch one package: its manifest, the files that are missing, and nothing else; then put it on the shelf.

Every step is safe to repeat, and goes on where the last one was cut. What comes is compared with what the publisher
signed before it counts: the manifest with its digest, a small file with its hash, a long one chunk by chunk.
What is not that is dropped, and asked for elsewhere.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import partial
from typing import TypeVar

from content import chunks
from content.errors import BlobRefused, ContentError, NoSpace, ShelfUnwritable
from content.incoming import Incoming
from content.package import Manifest, parse
from hub import library, room
from hub.collections.pace import Pace
from hub.collections.sources import SMALL_BYTES, Source
from hub.errors import HubError, LineDropped, ShelfLacks
from hub.node import Node
from sync import shelf
from sync.errors import SyncError
from sync.shelf import FilesAsk, FilesSaid, PageAsk, PageSaid

T = TypeVar("T")

EMPTY_TRIES = 3
"""Answers of a long file that bring nothing, one after another, before the line counts as dropped."""
_OURS = (NoSpace, ShelfUnwritable)
"""What is wrong with our own disk is no fault of whoever brings it."""


class Gathering:
    """One stretch of fetching from these hubs."""

    def __init__(self, node: Node, incoming: Incoming, sources: Sequence[Source], pace: Pace) -> None:
        self._node, self._incoming, self._pace = node, incoming, pace
        self._sources = list(sources)
        self._counted = sum(source.carried for source in self._sources)

    def manifest(self, package: str, digest: str) -> Manifest:
        """The manifest of a package, fetched unless it is awaited already. Raises what the last hub's failure was."""
        known = self._incoming.awaited(package)
        if known is not None and known.digest == digest:
            return known
        return self._from_any(lambda source: self._read_manifest(source, package, digest))

    def bring(self, package: str, digest: str, chunk_page: str = "") -> None:
        """Fetch all that is missing of a package and put it on the shelf; it is awaited from then on.

        `chunk_page` is the signed hash of the page of its long files' chunks. Raises a HubError, SyncError or
        ContentError; what came is kept. A file that the disk spoiled meanwhile is fetched once more.
        """
        manifest = self.manifest(package, digest)
        self._incoming.expect(manifest)
        for is_last in (False, True):
            missing = self._incoming.missing(manifest)
            room.make(self._node, needed=self._incoming.needed(manifest))
            self._incoming.check_room(manifest)
            hashes = self._chunks(manifest, chunk_page) if chunks.long_files(manifest.files).keys() & missing else {}
            self.files(missing, hashes)
            try:
                library.adopt(self._node, self._incoming, manifest)
            except BlobRefused:
                if is_last:
                    raise
            else:
                return

    def files(self, missing: Mapping[str, int], hashes: chunks.Chunks) -> None:
        """Fetch these files (hash → size) into their places."""
        self._small({name: size for name, size in missing.items() if size <= SMALL_BYTES})
        for name, size in missing.items():
            if size > SMALL_BYTES:
                self._from_any(partial(self._long, name=name, size=size, hashes=hashes.get(name, ())))

    def _read_manifest(self, source: Source, package: str, digest: str) -> Manifest:
        text = self._page(source, shelf.MANIFEST, package, digest)
        if hashlib.sha256(text).hexdigest() != digest:
            raise BlobRefused
        found = parse(text)
        if found.id != package or found.digest != digest:
            raise BlobRefused
        return found

    def _chunks(self, manifest: Manifest, digest: str) -> chunks.Chunks:
        """The hashes of long files' chunks. Without a page of them, each such file is one piece."""
        if not digest:
            return {}

        def read(source: Source) -> chunks.Chunks:
            page = self._page(source, shelf.CHUNKS, manifest.id, manifest.digest)
            if hashlib.sha256(page).hexdigest() != digest:
                raise BlobRefused
            found = chunks.read_page(page, manifest.files)
            chunks.keep_page(self._node.shelf, manifest, page)
            return found

        kept = chunks.kept_page(self._node.shelf, manifest)
        if hashlib.sha256(kept).hexdigest() == digest:
            return chunks.read_page(kept, manifest.files)
        return self._from_any(read)

    def _page(self, source: Source, kind: int, package: str, digest: str) -> bytes:
        """A packed page in pieces; those that came are kept over a cut."""
        mark = page_name(kind, package, digest, source.peer.hub)
        while True:
            have = self._incoming.part(mark)
            ask = PageAsk(kind, package, bytes.fromhex(digest), have)
            said = PageSaid.read(source.ask("page", ask.packed()))
            self._spent()
            if not said.total:
                raise ShelfLacks(
                    "The hub that offers this has changed its shelf since. What came is kept; it goes on with its next"
                    " edition."
                )
            if have < said.total and said.piece:
                self._incoming.append(mark, said.piece, size=said.total, hashes=())
            if self._incoming.part(mark) == said.total:
                return shelf.page_from(self._incoming.take(mark))
            if not said.piece:
                self._incoming.restart(mark)
                raise BlobRefused

    def _small(self, missing: Mapping[str, int]) -> None:
        waiting = dict(missing)
        while waiting:
            self._pace.look()
            for name in self._from_any(lambda source: self._some(source, waiting)):
                del waiting[name]

    def _some(self, source: Source, waiting: Mapping[str, int]) -> list[str]:
        """The first of the small files, as many as one answer brings; at least one."""
        names = list(waiting)[: shelf.FILES_MAX]
        ask = FilesAsk(self._pace.batch_bytes, shelf.hashes_of(names))
        said = FilesSaid.read(source.ask("files", ask.packed())).files
        came = {name: data for name, data in zip(names, said, strict=False) if data is not None}
        self._incoming.put(came)
        self._spent()
        if not came:
            raise ShelfLacks(
                "The other hub has this file no longer. What came of it is kept; it is looked for elsewhere."
            )
        return list(came)

    def _long(self, source: Source, name: str, size: int, hashes: tuple[bytes, ...]) -> None:
        """One long file, from where it stands to its end; a line that drops is taken up while it brings something."""
        have, empty = self._incoming.resume(name, hashes), 0
        while have < size:
            problem = self._stretch(source, name, size, hashes)
            before, have = have, self._incoming.part(name)
            empty = 0 if have > before else empty + 1
            if empty >= EMPTY_TRIES:
                raise problem or LineDropped(
                    "The line dropped. What came is kept, and it goes on from there by itself when the line is back."
                )
        self._incoming.finish(name, hashes)

    def _stretch(self, source: Source, name: str, size: int, hashes: tuple[bytes, ...]) -> LineDropped | None:
        """As much of a long file as one answer brings; what cut it, if anything did."""
        have = self._incoming.part(name)
        try:
            stretch = source.stretch(name, start=have, size=size)
            if stretch.start != have:
                self._incoming.restart(name)
            with closing(stretch.pieces) as pieces:
                for piece in pieces:
                    self._incoming.append(name, piece, size=size, hashes=hashes)
                    self._spent()
        except LineDropped as mistake:
            return mistake
        return None

    def _from_any(self, work: Callable[[Source], T]) -> T:
        """Do it with the first hub that can; the last failure is raised when none can. What came damaged from all of
        them is asked for once more: a bad line changes a bit now and then."""
        problems: list[Exception] = []
        for source in [*self._sources, *self._sources]:
            if len(problems) >= len(self._sources) and not any(isinstance(each, BlobRefused) for each in problems):
                break
            try:
                return work(source)
            except _OURS:
                raise
            except (HubError, SyncError, ContentError) as mistake:
                problems.append(mistake)
                self._spent()
        telling = [each for each in problems if not isinstance(each, ShelfLacks)]
        raise (telling or problems or [_nobody()])[-1]

    def _spent(self) -> None:
        """Tell the pace what went and came since."""
        total = sum(source.carried for source in self._sources)
        fresh, self._counted = total - self._counted, total
        if fresh:
            self._pace.passed(fresh)


def _nobody() -> LineDropped:
    return LineDropped("No hub that has this can be reached now. What came is kept, and it goes on by itself.")


def page_name(kind: int, package: str, digest: str, hub: str) -> str:
    """What the parts of a page about a package are kept under while they come from a hub."""
    return hashlib.sha256(f"{kind} {package} {digest} {hub}".encode()).hexdigest()
