"""What this hub takes of others' collections: who chose it, which edition stands, what is still to come.

The publisher's key is pinned when somebody subscribes: from then on only editions with its signature count, and none
that is older than the one that was taken. Dates play no part. Nothing is ever taken off the shelf here: what a
publisher leaves out is told, and stays until a librarian decides.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from content.collection import Collection, Listed, parse
from hub import library, sentences
from hub.collections import offers, pace
from hub.errors import InputWrong, NotFound
from hub.node import Node
from hub.tables import put

ACTIVE, PAUSED = "active", "paused"
PRIORITIES = (1, 2, 3)
"""First, then, last."""
HERE, COMING, OTHER, WAITS = "here", "coming", "other", "waits"
"""How a package of a collection stands: whole as listed, on its way, in a newer version of our own, or not begun."""
SUBSCRIPTIONS_MAX = 50


@dataclass(frozen=True)
class Standing:
    """One package of a collection as it stands here: `missing_bytes` is at most what would travel for it."""

    listed: Listed
    state: str
    missing_bytes: int
    is_chosen: bool


@dataclass(frozen=True)
class Subscription:
    """A collection that is taken. `dropped` are packages that came with it and that its publisher lists no longer."""

    collection: Collection
    chosen: tuple[str, ...]
    held: tuple[str, ...]
    priority: int
    is_night: bool
    is_asked: bool
    is_paused: bool
    problem: str
    next_ms: int
    fails: int

    @property
    def id(self) -> str:
        """The collection's id."""
        return self.collection.id

    @property
    def dropped(self) -> tuple[str, ...]:
        """Packages that came with it and are listed no longer."""
        listed = {each.id for each in self.collection.packages}
        return tuple(each for each in self.held if each not in listed)


def subscriptions(node: Node) -> list[Subscription]:
    """All of them, in the order in which they are fetched."""
    table = node.tables.Subscription
    return [_read(row) for row in table.select().order_by(table.priority, table.made_ms, table.id)]


def subscription(node: Node, collection_id: str) -> Subscription | None:
    """One of them, or None."""
    row = node.tables.Subscription.get_or_none(node.tables.Subscription.id == collection_id)
    return None if row is None else _read(row)


def found(node: Node, collection_id: str) -> Collection:
    """A collection that is taken or offered. Raises NotFound."""
    taken = subscription(node, collection_id)
    offered = offers.offers_of(node, collection_id)
    if taken is None and not offered:
        raise NotFound("No hub offers this collection any more. Nothing was changed; look again at what is offered.")
    return taken.collection if taken else offered[0].collection


def subscribe(
    node: Node, collection_id: str, *, chosen: Sequence[str] = (), priority: int = 2, is_night: bool = False
) -> Subscription:
    """Take a collection, or change how it is taken; its publisher's key is pinned the first time.

    `chosen` are ids of its packages, none for all of them, later ones too. Raises NotFound or InputWrong.
    """
    collection, standing = found(node, collection_id), subscription(node, collection_id)
    listed = {each.id for each in collection.packages}
    if priority not in PRIORITIES or any(each not in listed for each in chosen):
        raise InputWrong("That is not what this collection holds. Nothing was changed; open the page again.")
    values = {
        "chosen": json.dumps(list(dict.fromkeys(chosen))) if chosen else "",
        "priority": priority,
        "is_night": int(is_night),
        "fails": 0,
        "next_ms": 0,
    }
    table = node.tables.Subscription

    def work() -> None:
        if standing is not None:
            table.update(**values).where(table.id == collection_id).execute()
            return
        if table.select().count() >= SUBSCRIPTIONS_MAX:
            raise InputWrong("There are as many collections as a hub takes. Nothing was changed; leave one first.")
        offer = offers.offers_of(node, collection_id)[0]
        signed = {"publisher": collection.publisher, "version": collection.version, "text": collection.text.decode()}
        own = {"signature": offer.signature, "held": "[]", "state": ACTIVE, "problem": "", "is_asked": 0}
        put(table, id=collection_id, **signed, **own, **values, made_ms=node.clock.now_ms())

    node.write(work)
    made = subscription(node, collection_id)
    assert made is not None
    return made


def leave(node: Node, collection_id: str) -> None:
    """Take a collection no longer; what came of it stays on the shelf. Raises NotFound."""
    table = node.tables.Subscription
    gone = _known(node, collection_id)
    node.write(table.delete().where(table.id == collection_id).execute)
    wanted = {each.id for other in subscriptions(node) for each in other.collection.packages}
    for each in gone.collection.packages:
        if each.id not in wanted:
            library.incoming_of(node).forget(each.id)


def pause(node: Node, collection_id: str, *, is_paused: bool) -> None:
    """Rest, or go on. What came is kept. Raises NotFound."""
    _known(node, collection_id)
    _update(node, collection_id, state=PAUSED if is_paused else ACTIVE, next_ms=0, fails=0)


def ask_now(node: Node, collection_id: str) -> None:
    """Fetch at once, at whatever hour; one that rests goes on. Raises NotFound."""
    _known(node, collection_id)
    _update(node, collection_id, state=ACTIVE, is_asked=1, next_ms=0, fails=0)


def settle(node: Node) -> None:
    """Nobody waits any more for what is all here."""
    for each in subscriptions(node):
        if each.is_asked and not wanted(node, each):
            _update(node, each.id, is_asked=0)


def keep_dropped(node: Node, collection_id: str, package: str) -> None:
    """Keep a package that its publisher lists no longer, as one of our own. Raises NotFound."""
    taken = _known(node, collection_id)
    _update(node, collection_id, held=json.dumps([each for each in taken.held if each != package]))


def note_held(node: Node, collection_id: str, package: str) -> None:
    """Remember that a package came with a collection."""
    taken = subscription(node, collection_id)
    if taken is not None and package not in taken.held:
        _update(node, collection_id, held=json.dumps([*taken.held, package]))


def note_tried(node: Node, collection_id: str, *, problem: str, next_ms: int, fails: int, is_asked: bool) -> None:
    """Remember how the last stretch of fetching went."""
    told = sentences.packed(problem)
    _update(node, collection_id, problem=told, next_ms=next_ms, fails=fails, is_asked=int(is_asked))


def renew(node: Node, taken: Subscription) -> tuple[Subscription, str]:
    """Go over to the newest edition that the pinned publisher signed; and what is wrong with others, "" for nothing."""
    problem = ""
    for offer in offers.offers_of(node, taken.id):
        newer = offer.collection
        if newer.publisher != taken.collection.publisher:
            problem = sentences.sentence(
                "Another hub than the one that was chosen signs this collection now. Nothing was taken from it; what is"
                " on the shelf stays."
            )
        elif _is_rollback(taken.collection, newer, is_of_publisher=offer.peer == newer.publisher):
            problem = sentences.sentence(
                "An older edition of this collection is offered than the one that stands here. It was not taken; what"
                " is on the shelf stays."
            )
        elif newer.version > taken.collection.version:
            signed = {"version": newer.version, "text": newer.text.decode(), "signature": offer.signature}
            _update(node, taken.id, **signed)
            return _known(node, taken.id), problem
    return taken, problem


def wanted(node: Node, taken: Subscription) -> list[Listed]:
    """The packages that are to come, in the order of the collection."""
    return [each.listed for each in stands(node, taken.collection, taken) if each.is_chosen and each.state in _OPEN]


def stands(node: Node, collection: Collection, taken: Subscription | None) -> list[Standing]:
    """How each package of a collection stands here."""
    incoming = library.incoming_of(node)
    return [_stands(node, each, taken, incoming) for each in collection.packages]


def seconds(node: Node, missing_bytes: int) -> int:
    """How long that many bytes take at the last speed seen, 0 when nothing was ever fetched."""
    speed = pace.speed(node)
    rate = min(speed, node.settings.fetch_rate) if node.settings.fetch_rate else speed
    return -(-missing_bytes // rate) if speed else 0


_OPEN = (COMING, WAITS)


def _stands(node: Node, listed: Listed, taken: Subscription | None, incoming: Any) -> Standing:
    chosen = taken is None or not taken.chosen or listed.id in taken.chosen
    standing = node.shelf.standing(listed.id)
    if standing is not None and standing.digest == listed.digest:
        return Standing(listed, HERE, 0, chosen)
    if standing is not None and standing.version > listed.version:
        return Standing(listed, OTHER, 0, chosen)
    awaited = incoming.awaited(listed.id)
    if awaited is None or awaited.digest != listed.digest:
        return Standing(listed, WAITS, listed.size, chosen)
    missing = incoming.missing(awaited)
    left = sum(max(0, size - incoming.part(sha256)) for sha256, size in missing.items())
    return Standing(listed, COMING, left, chosen)


def _is_rollback(standing: Collection, newer: Collection, *, is_of_publisher: bool) -> bool:
    """Whether an offer says less than was taken; a neighbour that is behind with handing on does no wrong."""
    is_other = newer.version == standing.version and newer.text != standing.text
    return is_other or (newer.version < standing.version and is_of_publisher)


def _known(node: Node, collection_id: str) -> Subscription:
    taken = subscription(node, collection_id)
    if taken is None:
        raise NotFound("This hub does not take that collection. Nothing was changed.")
    return taken


def _update(node: Node, collection_id: str, **values: Any) -> None:
    table = node.tables.Subscription
    node.write(table.update(**values).where(table.id == collection_id).execute)


def _read(row: Any) -> Subscription:
    return Subscription(
        collection=parse(row.text.encode()),
        chosen=tuple(json.loads(row.chosen)) if row.chosen else (),
        held=tuple(json.loads(row.held)),
        priority=row.priority,
        is_night=bool(row.is_night),
        is_asked=bool(row.is_asked),
        is_paused=row.state == PAUSED,
        problem=sentences.unpacked(row.problem),
        next_ms=row.next_ms,
        fails=row.fails,
    )


def due(node: Node) -> Iterator[Subscription]:
    """Those that may be fetched now and have something to come."""
    now_ms = node.clock.now_ms()
    for each in subscriptions(node):
        is_time = each.is_asked or (not each.is_night or pace.is_night(node))
        rests = 0 < each.next_ms - now_ms <= REST_MS_MAX
        if not each.is_paused and is_time and not rests and wanted(node, each):
            yield each


REST_MS_MAX = 3_600_000
"""The longest rest after failures; one further off comes from a clock that was wrong."""
