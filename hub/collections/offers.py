"""What hubs offer each other of their shelves: the answers to their messages, and what we heard from them.

Only a hub that has joined, and signs, gets an answer; what it may have is what stands on our shelf. A collection is
believed when its text carries the signature of the publisher that it names, whoever passed it on: so a neighbour can
hand on what the region publishes.
"""

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any

from content import chunks
from content.collection import Collection, parse
from content.errors import CollectionWrong, ContentError
from content.package import Manifest
from hub.collections import sources
from hub.collections.own import SIGNED
from hub.errors import HubError
from hub.node import Node
from hub.sentences import Sentence, counted, sentence
from hub.tables import put
from hub.tide import certificates, peers
from sync import identity, protocol, shelf
from sync.errors import PeerUnknown, SignatureWrong, SyncError
from sync.shelf import FilesAsk, FilesSaid, Offer, OffersAsk, OffersSaid, PageAsk, PageSaid


@dataclass(frozen=True)
class Offered:
    """A collection that somebody offers: who passes it on, its text and signature as they came."""

    peer: str
    collection: Collection
    signature: str
    seen_ms: int


def answer(node: Node, name: str, body: bytes) -> bytes:
    """Answer a message about our shelf. Raises SyncError."""
    sender, asked = protocol.open_request(node.identity, name, body)
    check_known(node, sender)
    return protocol.answer(node.identity, name, body, _ANSWERS[name](node, asked))


def check_known(node: Node, hub: str) -> None:
    """Raises PeerUnknown for a hub that does not exchange with us, or that its region has shut out."""
    certificates.check(node, hub)
    if peers.peer(node, hub) is None:
        raise PeerUnknown("This hub does not exchange with that one; nothing was sent. Join it with a code first.")


def may_have(node: Node, sha256: str) -> bool:
    """Whether a blob stands on our shelf and belongs to a package there."""
    return any(sha256 in _hashes(manifest) for manifest in node.shelf.list())


def check_signed(text: bytes, signature: bytes) -> Collection:
    """The collection that a text spells, signed by the publisher it names. Raises CollectionWrong, SignatureWrong."""
    found = parse(text)
    identity.verify(found.publisher, SIGNED + text, signature)
    return found


def look(node: Node) -> Sentence:
    """Ask every hub that we can reach what it offers, and keep that; in words, how much there is."""
    reached = problem = 0
    for source in sources.reachable(node):
        try:
            with closing(source):
                _ask(node, source)
            reached += 1
        except (HubError, SyncError, ContentError):
            problem += 1
    count = len(offered(node))
    if not reached:
        return sentence("No hub that offers collections could be reached. What was seen before stays listed.")
    return counted("%(num)d collection is offered.", "%(num)d collections are offered.", count)


def offered(node: Node) -> list[Offered]:
    """What other hubs offer, each collection once, in its newest version, by title."""
    newest: dict[str, Offered] = {}
    for each in _kept(node):
        standing = newest.get(each.collection.id)
        if each.collection.publisher != node.identity.hub_id and (
            standing is None or each.collection.version > standing.collection.version
        ):
            newest[each.collection.id] = each
    return sorted(newest.values(), key=lambda each: (each.collection.title, each.collection.id))


def offers_of(node: Node, collection_id: str) -> list[Offered]:
    """Each hub's offer of one collection, the newest version first."""
    found = [each for each in _kept(node) if each.collection.id == collection_id]
    return sorted(found, key=lambda each: -each.collection.version)


def _kept(node: Node) -> Iterator[Offered]:
    known = {peer.hub for peer in peers.peers(node)}
    for row in node.tables.Offer.select():
        if row.peer in known:
            with suppress(CollectionWrong):
                yield Offered(row.peer, parse(row.text.encode()), row.signature, row.seen_ms)


def _ask(node: Node, source: sources.Source) -> None:
    table, now = node.tables.Offer, node.clock.now_ms()
    known = {row.collection: row.version for row in table.select().where(table.peer == source.peer.hub)}
    listed: set[str] = set()
    for _ in range(shelf.OFFERS_MAX):
        said = OffersSaid.read(source.ask("offers", OffersAsk(known).packed()))
        listed |= {each.id for each in said.offers}
        fresh = [each for each in said.offers if each.text]
        for each in fresh:
            _keep(node, source.peer.hub, each, now)
            known[each.id] = each.version
        if said.is_whole or not fresh:
            break
    gone = [row.id for row in table.select().where(table.peer == source.peer.hub) if row.collection not in listed]
    if gone:
        node.write(table.delete().where(table.id.in_(gone)).execute)


def _keep(node: Node, peer: str, offer: Offer, now_ms: int) -> None:
    """Keep an offer that is what it says; anything else of it is passed over."""
    with suppress(CollectionWrong, SignatureWrong):
        found = check_signed(offer.text, offer.signature)
        if (found.id, found.version) != (offer.id, offer.version):
            return
        node.write(
            lambda: put(
                node.tables.Offer,
                id=f"{peer}:{found.id}",
                peer=peer,
                collection=found.id,
                version=found.version,
                text=offer.text.decode(),
                signature=offer.signature.hex(),
                seen_ms=now_ms,
            )
        )


def _offers(node: Node, body: bytes) -> bytes:
    known, left, is_whole = OffersAsk.read(body).known, shelf.OFFERS_BYTES_MAX, True
    said: list[Offer] = []
    for row in _ours(node):
        text = row.text.encode() if known.get(row.id) != row.version else b""
        if len(text) > left:
            text, is_whole = b"", False
        left -= len(text)
        said.append(Offer(row.id, row.version, text, bytes.fromhex(row.signature)))
    return OffersSaid(tuple(said[: shelf.OFFERS_MAX]), is_whole).packed()


def _ours(node: Node) -> Iterator[Any]:
    """What we publish, and what we took whole from others."""
    own, taken = node.tables.Collection, node.tables.Subscription
    yield from own.select().where(own.version > 0).order_by(own.id)
    for row in taken.select().where(taken.text != "").order_by(taken.id):
        if all(_stands(node, each.id, each.digest) for each in parse(row.text.encode()).packages):
            yield row


def _stands(node: Node, package: str, digest: str) -> Manifest | None:
    manifest = node.shelf.delivered(package) if node.shelf.standing(package) else None
    return manifest if manifest is not None and manifest.digest == digest else None


def _page(node: Node, body: bytes) -> bytes:
    ask = PageAsk.read(body)
    manifest = _stands(node, ask.package, ask.digest.hex())
    if manifest is None:
        return PageSaid(0, b"").packed()
    page = manifest.told if ask.kind == shelf.MANIFEST else chunks.page_of(node.shelf, manifest)
    packed = shelf.packed_page(page)
    return PageSaid(len(packed), packed[ask.start : ask.start + shelf.PIECE_BYTES_MAX]).packed()


def _files(node: Node, body: bytes) -> bytes:
    ask = FilesAsk.read(body)
    allowed = {sha for manifest in node.shelf.list() for sha in _hashes(manifest)}
    files: list[bytes | None] = []
    left = ask.most
    for each in ask.hashes:
        data = _small(node, each.hex()) if each.hex() in allowed else None
        if data is not None and files and len(data) > left:
            break
        left -= len(data or b"")
        files.append(data)
    return FilesSaid(tuple(files)).packed()


def _small(node: Node, sha256: str) -> bytes | None:
    """A small file of the shelf; None for one that is away or not small."""
    try:
        path = node.shelf.blob_path(sha256)
        return path.read_bytes() if path.stat().st_size <= sources.SMALL_BYTES else None
    except OSError:
        return None


def _hashes(manifest: Manifest) -> set[str]:
    return {entry.sha256 for entry in manifest.files.values()}


_ANSWERS = {"offers": _offers, "page": _page, "files": _files}
