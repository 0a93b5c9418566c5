"""The streams that were found broken, kept between tides: not asked for nor taken again until they go elsewhere.

Where a stream went to when it was broken is kept. While the hub that brought it still stands there, it is passed over;
when it stands elsewhere it is tried once, and what comes well is forgotten here. A keeper can have it tried again.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from content.errors import N_
from hub import sentences
from hub.node import Node
from hub.sentences import Sentence, sentence
from hub.sentences import gettext as _
from hub.tables import put
from sync import batch as batches
from sync import lines
from sync.errors import SyncError
from sync.protocol import Position
from sync.shared import BROKEN, Left

KEPT_MAX = 1000
"""Broken streams of one hub that are kept; whoever makes up more fills no table."""
WHY = {
    "SignatureWrong": N_("A signature in it is not of the hub that it claims."),
    "EntryWrong": N_("Something in it cannot be a record."),
    "PeerUnknown": N_("It may not come from there."),
    "BatchWrong": N_("It does not go on as its own hub wrote it."),
}
"""Family of mistake → what a page says."""


@dataclass(frozen=True)
class Broken:
    """A stream `root` from the hub `peer` that is left where it stands since a moment, and why; `hub` is whose it is,
    "" when nothing of it is here."""

    peer: str
    root: str
    hub: str
    kind: str
    why: str
    since_ms: int

    @property
    def says(self) -> Sentence:
        """Why, for people."""
        return sentence(WHY[self.kind])

    def as_dict(self) -> dict[str, object]:
        """For programs."""
        return {"stream": self.root, "hub": self.hub, "why": self.why, "since_ms": self.since_ms}


def broken(node: Node, peer: str = "") -> list[Broken]:
    """All of them, or those from one hub, the oldest first."""
    table = node.tables.BrokenStream
    rows = table.select().order_by(table.since_ms, table.id)
    return [
        Broken(row.peer, row.root, _owner(node, row.root), row.kind, row.why, row.since_ms)
        for row in (rows.where(table.peer == peer) if peer else rows)
    ]


def told(left: Broken, since: str) -> str:
    """One of them in words."""
    facts = {"stream": left.root[:8], "when": since, "why": sentences.speak(left.says)}
    return _("The stream %(stream)s is left where it stands since %(when)s. %(why)s", **facts)


class Places(Collection[Position]):
    """Where broken streams from a hub went to, looked up once somebody asks."""

    def __init__(self, node: Node, peer: str) -> None:
        self._node, self._peer = node, peer

    def __contains__(self, place: object) -> bool:
        return place in self._all

    def __iter__(self) -> Iterator[Position]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    @cached_property
    def _all(self) -> frozenset[Position]:
        table = self._node.tables.BrokenStream
        rows = table.select(table.root, table.place).where((table.peer == self._peer) & (table.place != ""))
        return frozenset(_place(row.root, row.place) for row in rows)


def note(node: Node, peer: str, left: Mapping[str, Left], brought: Iterable[str] = ()) -> None:
    """Keep what was left of what a hub brings, and forget what came well; no write where nothing is new."""
    table = node.tables.BrokenStream
    standing = {row.root: row.place for row in table.select().where(table.peer == peer)}
    well = [root for root in standing if root not in left and (root in brought or _is_here(node, root, standing[root]))]
    fresh = [each for root, each in left.items() if standing.get(root) != _said(each.towards)]
    fresh = [each for each in fresh if each.towards.root in standing] + [
        each for each in fresh if each.towards.root not in standing
    ][: max(0, KEPT_MAX - len(standing))]

    def work() -> None:
        for root in well:
            forget(node, peer, root)
        for each in fresh:
            _put(node, peer, each.towards.root, _said(each.towards), (each.kind, each.why))

    if well or fresh:
        node.write(work)


def note_push(node: Node, peer: str, batch: bytes, mistake: SyncError | None) -> None:
    """Keep that a hub pushed a batch of a broken stream, or forget that it was broken when one came well."""
    root, table = batches.root_of(batch), node.tables.BrokenStream
    count = table.select().where(table.peer == peer).count()
    if mistake is not None and count < KEPT_MAX:
        kind = next(each.__name__ for each in BROKEN if isinstance(mistake, each))
        node.write(lambda: _put(node, peer, root, "", (kind, str(mistake))))
    elif mistake is None and count:
        forget(node, peer, root)


def forget(node: Node, peer: str, root: str) -> bool:
    """Forget that a stream was broken, so that it is asked for again at the next tide; False where none was."""
    table = node.tables.BrokenStream
    return bool(node.write(lambda: table.delete().where(table.id == _name(peer, root)).execute()))


def _put(node: Node, peer: str, root: str, place: str, mistake: tuple[str, str]) -> None:
    table = node.tables.BrokenStream
    stands = table.get_or_none(table.id == _name(peer, root))
    since_ms = stands.since_ms if stands else node.clock.now_ms()
    facts = {"peer": peer, "root": root, "place": place, "since_ms": since_ms}
    put(table, id=_name(peer, root), **facts, kind=mistake[0], why=mistake[1])


def _name(peer: str, root: str) -> str:
    return f"{peer} {root}"


def _said(place: Position) -> str:
    return json.dumps([place.seq, place.tip.hex()])


def _place(root: str, said: str) -> Position:
    seq, tip = json.loads(said)
    return Position(root, seq, bytes.fromhex(tip))


def _is_here(node: Node, root: str, said: str) -> bool:
    """Whether that place was reached meanwhile, by whatever road."""
    return bool(said) and lines.find(node.journal.store, _place(root, said)) is not None


def _owner(node: Node, root: str) -> str:
    family = node.journal.store.family(root)
    return family[0].hub if family else ""
