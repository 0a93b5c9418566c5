"""Write what another hub is to have into files that anybody can carry there: sealed, so that only that hub reads them.

A file is written beside its place, made safe and named at the end: half a file is never taken for a whole one. What a
bundle says of where the other hub stands comes from that hub's last receipt or exchange; without one all goes.
"""

import errno
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from content import giving, outside
from content.disk import MEGA, Disk
from hub.errors import InputWrong, StorageFull
from hub.node import Node
from hub.sentences import Sentence, sentence
from hub.tide import carried, certificates, peers, publish, run, sealing, stands
from hub.tide.peers import Peer
from hub.tide.report import WAITING_MAX
from sync import bundle, part
from sync.bundle import Letter, Written

SUFFIX = ".tide"
RECEIPT = ".receipt"
NO_NAME = "hub"
"""What a file is called where nothing of the hub's name can stand in one."""
ENTRY_BYTES = 100
"""What is counted for one entry when the room is looked at first; most take sixty."""
LEAST_BYTES = 64 * 1024
Say = Callable[[Sentence], None]


@dataclass(frozen=True)
class Plan:
    """What a stick for a hub would carry: records of ours and of third hubs, those that wait to be copied included (up
    to WAITING_MAX), and parts carried for others.

    `far` of these records are of third hubs, and can be left out. `is_known` says that the hub has signed where it
    stands; `why` is why nothing can be written, None when it can.
    """

    peer: Peer
    name: str
    records: int
    carried_parts: int
    carried_bytes: int
    is_known: bool
    needed_bytes: int
    why: Sentence | None = None
    far: int = 0


@dataclass(frozen=True)
class Exported:
    """What was written: its files, the parts of our bundle, its records, and the parts of others that ride along."""

    hub: str
    name: str
    files: tuple[Path, ...]
    parts: int
    records: int
    carried: int
    size_bytes: int


def plans(node: Node) -> list[Plan]:
    """What a stick would carry for each hub that we exchange with; nothing is written."""
    along = {each.hub: each for each in carried.carried(node)}
    return [_plan(node, peer, along.get(peer.hub)) for peer in peers.peers(node)]


def plan(node: Node, peer: Peer, *, is_near: bool = False) -> Plan:
    """The same for one hub; of one that `is_near` without the records of third hubs."""
    along = {each.hub: each for each in carried.carried(node)}
    return _plan(node, peer, along.get(peer.hub), is_near=is_near)


def export(  # noqa: PLR0913 - how it is written, and who is told of it
    node: Node,
    *,
    hub: str,
    to: Path,
    file_bytes: int = part.FILE_BYTES_MAX,
    is_near: bool = False,
    say: Say = lambda _said: None,
    look: Callable[[], None] = lambda: None,
) -> Exported:
    """Write a bundle for a hub into `to`, and into further files beside it when it is more than `file_bytes`.

    A folder gets a file named after the hub. Without the records of third hubs when it `is_near`: a first stick of a
    region would carry all of them, and they follow with a later one.

    Raises InputWrong when there is no such hub, or it has told no key yet, StorageFull when there is no room; then
    nothing half is there.
    """
    peer = peers.find(node, hub)
    with run.alone(node):
        run.prepare(node)
        wanted = plan(node, peer, is_near=is_near)
        if wanted.why:
            raise InputWrong(wanted.why.pattern, **wanted.why.facts)
        place = fresh(to, wanted.name) if to.is_dir() else to
        check_room(place.parent, wanted.needed_bytes)
        return _written(node, wanted, _Into(place, file_bytes, look), say, is_near=is_near)


def write_receipt(node: Node, *, hub: str, to: Path) -> Path | None:
    """Write a bundle that holds nothing but where we stand; None when the hub has told no key to seal it to."""
    peer, key = peers.find(node, hub), sealing.key_of(node, hub)
    if key is None:
        return None
    letter = replace(_letter(node, peer, key), is_receipt=True)
    _Into(to).write(bundle.parts(node.journal, node.identity, certificates.peering(node, peer), letter))
    return to


def fresh(folder: Path, name: str, kind: str = "", *, is_ours: Callable[[Path], bool] = lambda _place: False) -> Path:
    """A place in a folder named after a hub that nothing has yet, or what may make way, since it `is_ours`."""
    stem, number = giving.safe_name(name.replace(".", " "), NO_NAME), 1
    place = folder / f"{stem}{kind}{SUFFIX}"
    while os.path.lexists(place) and not is_ours(place):
        number += 1
        place = folder / f"{stem} ({number}){kind}{SUFFIX}"
    return place


def numbered(place: Path, number: int) -> Path:
    """The place of a further file of the same bundle; the first is the place itself."""
    return place if number == 1 else place.with_name(f"{place.stem}.{number}{place.suffix}")


def check_room(folder: Path, needed: int) -> None:
    """Whether so many bytes find room in a folder. Raises InputWrong when there is no such folder, StorageFull."""
    try:
        free = Disk().free_bytes(folder)
    except OSError:
        raise InputWrong("There is no such folder: %(name)s. Nothing was written.", name=str(folder)) from None
    if needed > free:
        raise StorageFull(
            "About %(needed)s MB are needed and %(free)s MB are free there. Nothing was written; make room, or take"
            " another stick.",
            needed=-(-needed // MEGA),
            free=free // MEGA,
        )


def _plan(node: Node, peer: Peer, along: carried.Carried | None, *, is_near: bool = False) -> Plan:
    known = stands.standing(node, peer.hub).positions
    lacking = bundle.lacks(node.journal, certificates.peering(node, peer), known, is_near=is_near)
    near = (node.identity.hub_id, peer.hub)
    entries = sum(line.seq - after for line, after in lacking)
    more = along.size_bytes if along else 0
    fresh = sum(len(publish.preview(node, audience, most=WAITING_MAX).copies) for audience in peer.gets)
    entries += fresh
    name = peers.called(node, peer.hub)
    return Plan(
        peer=peer,
        name=name,
        records=entries - sum(not after for _line, after in lacking),
        carried_parts=along.parts if along else 0,
        carried_bytes=more,
        is_known=known is not None,
        far=sum(line.seq - max(after, 1) for line, after in lacking if line.hub not in near),
        needed_bytes=LEAST_BYTES + entries * ENTRY_BYTES + more,
        why=certificates.why_nothing_for(node, peer.hub) or (None if sealing.key_of(node, peer.hub) else _no_key(name)),
    )


def _no_key(name: str) -> Sentence:
    return sentence(
        "“%(name)s” has not told its key yet, so nothing can be sealed to it. Nothing was written; let both hubs meet"
        " once over a line, and the next stick can go.",
        name=name,
    )


def _letter(node: Node, peer: Peer, key: bytes) -> Letter:
    """What a new bundle is written by. It is counted before it is written, so that no receipt for it is strange."""
    said = bundle.receipt(node.journal, certificates.peering(node, peer), stands.came(node, peer.hub))
    name, known = node.randomness(16).hex(), stands.standing(node, peer.hub)
    stands.keep(node, peer.hub, known.with_bundle(name))
    return Letter(name, key, known.positions, said, stands.notes(node))


def _written(node: Node, wanted: Plan, into: "_Into", say: Say, *, is_near: bool) -> Exported:
    peer, written = wanted.peer, Written()
    key = sealing.key_of(node, peer.hub)
    assert key is not None, "a plan without a key was refused"
    letter = replace(_letter(node, peer, key), is_near=is_near)
    along = list[int]()

    def pieces() -> Iterator[bytes]:
        for data in bundle.parts(node.journal, node.identity, certificates.peering(node, peer), letter, written):
            say(_far(written.records, wanted.records))
            yield data
        for data in carried.parts_for(node, peer.hub):
            along.append(len(data))
            yield data

    files = into.write(pieces())
    size = sum(path.stat().st_size for path in files)
    return Exported(peer.hub, wanted.name, tuple(files), written.parts, written.records, len(along), size)


@dataclass(frozen=True)
class _Into:
    """Where files go, how large each may be, and who looks now and then whether to go on."""

    place: Path
    file_bytes: int = part.FILE_BYTES_MAX
    look: Callable[[], None] = lambda: None

    def write(self, parts: Iterator[bytes]) -> list[Path]:
        """Write parts into files; all get their names when all are whole, or none does. Raises StorageFull."""
        disk, drafts = Disk(), list[Path]()
        try:
            waiting = next(parts, None)
            while waiting is not None:
                final = numbered(self.place, len(drafts) + 1)
                drafts.append(final.with_name(f".{final.name}.part"))
                waiting = self._fill(disk, drafts[-1], waiting, parts)
            finals = [numbered(self.place, number) for number in range(1, len(drafts) + 1)]
            for draft, final in zip(drafts, finals, strict=True):
                disk.rename(draft, final)
            disk.sync_folder(self.place.parent)
        except OSError as mistake:
            raise refused(mistake) from mistake
        finally:
            for draft in drafts:
                _clear(disk, draft)
        return finals

    def _fill(self, disk: Disk, draft: Path, first: bytes, parts: Iterator[bytes]) -> bytes | None:
        """Write one file, and return the part that did not fit any more."""
        waiting: bytes | None = first
        size = 0
        with outside.new(draft) as file:
            while waiting is not None and (not size or size + len(waiting) <= self.file_bytes):
                self.look()
                file.write(waiting)
                size += len(waiting)
                waiting = next(parts, None)
        disk.sync_file(draft)
        return waiting


def _clear(disk: Disk, draft: Path) -> None:
    try:
        disk.delete(draft)
    except OSError:
        return


def refused(mistake: OSError) -> StorageFull:
    """What stopped the writing, in a sentence."""
    if mistake.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageFull("It is full there. Nothing half is there; make room, or take another stick.")
    return StorageFull(
        "It could not be written there (%(why)s). Nothing half is there; look whether the stick sits firmly, or take"
        " another one.",
        why=mistake.strerror,
    )


def _far(done: int, total: int) -> Sentence:
    return sentence("%(done)s of %(total)s records are written.", done=done, total=total)
