"""Go to the tide: publish what may leave, exchange with the hubs we joined, and remember how it went.

Only one exchange of a home runs at a time, whichever process asked for it; the next one waits its turn. Everything
here can be cut anywhere and begun again.
"""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

from hub import sentences, timekeeping
from hub.errors import HubError, InputWrong, PeerRefused, ServerAway
from hub.node import Node
from hub.sentences import Sentence, sentence
from hub.tide import (
    broken,
    certificates,
    erased,
    gone,
    hand,
    join,
    peers,
    publish,
    recall,
    report,
    sealing,
    slot,
    stands,
    swept,
    visits,
)
from hub.tide.link import Link, checked_url
from hub.together import step
from sync import exchange, protocol, server, shared
from sync.clock import MACHINE
from sync.errors import SyncError
from sync.messages import Hello
from sync.protocol import Peering
from sync.shared import BROKEN

Pause = Callable[[float], None]
LOCK_NAME = "tide.lock"
REGION_AUDIENCE = "region"
"""Whoever is sent what is meant for the region is the region."""
is_due = slot.is_due


def sync_all(node: Node, *, pause: Pause = time.sleep) -> list[report.Tide]:
    """Exchange with every hub that we joined; returns how each went, the one that failed among them.

    `pause` rests between tries on a bad line.

    Raises InputWrong when there is none.
    """
    return [exchange_with(node, peer, pause=pause) for peer in _joined(node)]


def sync_with(node: Node, *, url: str | None = None, pause: Pause = time.sleep) -> report.Tide:
    """Exchange with one hub: the one at `url`, or the only one there is. Raises InputWrong."""
    joined = _joined(node)
    where = checked_url(url) if url else ""
    fitting = [peer for peer in joined if not where or peer.url == where] or joined
    if len(fitting) > 1:
        raise InputWrong("No hub that this one has joined is at that address. Nothing was sent; join it first.")
    return exchange_with(node, fitting[0], url=where, pause=pause)


def by_itself(node: Node) -> Sentence:
    """The same for the background worker: what came of it in words. What is left over goes at the next tide."""
    return sentences.joined(*map(report.told, sync_all(node)))


def join_by_itself(node: Node, *, url: str, code: str) -> Sentence:
    """Join a hub and go to the first tide with it; what came of it in words."""
    peer = join.join(node, url=url, code=code)
    return report.joined(peer, exchange_with(node, peer))


def answer(node: Node, name: str, body: bytes) -> bytes:
    """Answer one message of a hub that exchanges with us, publishing first what it may have. Raises SyncError."""
    sender, said = protocol.open_request(node.identity, name, body)
    certificates.check(node, sender)
    peerings = certificates.peerings(node)
    if name == "hello" and any(each.hub == sender for each in peerings):
        prepare(node)
        _prove(node, next(each for each in peerings if each.hub == sender), said)
    try:
        answered = server.answer(node.journal, node.identity, peerings, name, body)
    except BROKEN as mistake:
        if name == "push" and any(each.hub == sender for each in peerings):
            broken.note_push(node, sender, said, mistake)
        raise
    if name == "push":
        broken.note_push(node, sender, said, None)
    if name == "pull":
        gone.note_given(node, body, answered)
    peers.note_visit(node, sender)
    answer_body = protocol.open_answer(node.identity.hub_id, name, body, answered)
    visits.hear(node, next(each for each in peerings if each.hub == sender), name, said, answer_body)
    return answered


def _hand_over(node: Node, peer: peers.Peer, link: Link) -> str:
    """Hand over what is carried for a hub; why that did not go to its end, "" when it did."""
    try:
        hand.hand_over(node, peer.hub, link)
    except (PeerRefused, SyncError):  # a hub of a version before knows nothing of it
        return ""
    except HubError as mistake:
        return sentences.of(mistake)
    return ""


def prepare(node: Node) -> None:
    """Before anything goes: what may go no more is called back, and the streams for others are brought up to date."""
    sealing.tell(node)
    certificates.issue_missing(node)
    with suppress(ServerAway):
        swept.sweep(node)
    step.prepare(node)
    recall.recall(node)
    publish.publish(node, peers.audiences(node))


def _prove(node: Node, peering: Peering, said: bytes) -> None:
    """A hub that greets with the digest of what is here has taken every erasure that is."""
    awaited = erased.awaited(node, peering.hub)
    if awaited and Hello.read(said).digest == shared.digest(shared.shared(node.journal, peering)):
        erased.prove(node, awaited)


def _joined(node: Node) -> list[peers.Peer]:
    joined = peers.upstream(node)
    if not joined:
        raise InputWrong(
            "This hub has not joined another one yet. Everything is safe here;"
            " ask the region for a code, then: mangrove sync join URL --code CODE"
        )
    return joined


def exchange_with(node: Node, peer: peers.Peer, *, url: str = "", pause: Pause = time.sleep) -> report.Tide:
    """One exchange, remembered whatever came of it."""
    begun_ms = node.clock.now_ms()
    with alone(node), closing(Link(url or peer.url, randomness=node.randomness, pause=pause)) as link:
        done, problem = exchange.Report(), _kept_from(node, peer, link)
        prepare(node)
        awaited = erased.awaited(node, peer.hub)
        try:
            if not problem:
                reconcile(node, peer, link, done)
        except (HubError, SyncError) as mistake:
            problem = sentences.of(mistake)
        _hear(node, peer, done)
        broken.note(node, peer.hub, done.left, done.brought)
        step.prepare(node)
        if not problem:
            peers.note_visit(node, peer.hub)
        if done.agreed:
            stands.note_exchange(node, certificates.peering(node, peer))
            erased.prove(node, awaited)
            problem = problem or _hand_over(node, peer, link)
        elif done.stood is not None:
            stands.note_told(node, certificates.peering(node, peer), done.stood)
        problem = problem or _left_out(done) or _left_before(node, peer)
        total = publish.count(node, peer.gets)
        tide = report.Tide(
            peer=peer.hub,
            name=peers.called(node, peer.hub),
            begun_ms=begun_ms,
            ended_ms=node.clock.now_ms(),
            pushed=done.pushed - done.opened_there,
            pulled=done.pulled - done.opened_here,
            bytes_up=link.bytes_up,
            bytes_down=link.bytes_down,
            requests=link.requests,
            agreed=done.agreed,
            safe=min(total, report.safe(node, peer)) if done.held is None else done.held,
            total=total,
            problem=problem,
        )
        report.keep(node, tide)
    return tide


def _kept_from(node: Node, peer: peers.Peer, link: Link) -> str:
    """What keeps us from an exchange, "" for nothing: the hub does not belong any more, or cannot be greeted.

    It is greeted first for the time, where this machine does not keep that and something is to be made ready to leave.
    """
    try:
        certificates.check(node, peer.hub)
        if node.clock.quality < MACHINE and publish.is_waiting(node, peers.audiences(node)):
            _hear(node, peer, exchange.ask_time(node.journal, node.identity, certificates.peering(node, peer), link))
    except (HubError, SyncError) as mistake:
        return sentences.of(mistake)
    return ""


def _hear(node: Node, peer: peers.Peer, done: exchange.Report) -> None:
    """Believe the time in a signed answer as far as the other hub is to be believed: most, the region."""
    if done.peer_ms:
        hear = timekeeping.hear_region if REGION_AUDIENCE in peer.sends else timekeeping.hear_neighbour
        hear(node, moment_ms=done.peer_ms, quality=done.peer_quality, heard_ms=done.heard_ms)


def _left_out(done: exchange.Report) -> str:
    """That something was left where it stands, "" when nothing was."""
    return next(map(_left_says, done.refused.values()), "")


def _left_before(node: Node, peer: peers.Peer) -> str:
    """The same for what was broken at an earlier tide and was not asked for again."""
    return next((_left_says(each.why) for each in broken.broken(node, peer.hub)), "")


def _left_says(why: str) -> str:
    return sentence(
        "Some of what comes from there was left where it stands, and everything else went on. %(why)s", why=why
    )


def reconcile(node: Node, peer: peers.Peer, link: exchange.Link, done: exchange.Report) -> None:
    """Exchange with a hub over a link, and once more when that told who was shut out.

    Raises SyncError, or what the link raises.
    """
    known = None
    while known != (there := certificates.peering(node, peer)):
        exchange.run(node.journal, node.identity, there, link, report=done)
        known = there


@contextmanager
def alone(node: Node) -> Iterator[None]:
    """Wait until no other exchange of this home runs. The lock goes with the process, however that ends."""
    with (node.home / LOCK_NAME).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
