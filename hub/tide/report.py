"""What the tide did, kept for each exchange and told in plain words: what happened, what is safe, what comes next."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from hub import sentences
from hub.node import Node
from hub.sentences import Sentence, counted, sentence
from hub.sentences import gettext as _
from hub.tide import broken, certificates, peers, publish, slot, stands
from sync.clock import FIRST_POSSIBLE_MS

COUNTS = ("pushed", "pulled", "bytes_up", "bytes_down", "requests")
KEPT = 100
"""Exchanges that are remembered; older ones are forgotten."""
WAITING_MAX = 1000
"""Records counted as waiting; where more wait, the page says that many."""


@dataclass(frozen=True)
class Tide:
    """One exchange with another hub, as it went. `problem` is a sentence, "" when there was none.

    `safe` of `total` records that we publish for this hub are known to be there.
    """

    peer: str
    name: str
    begun_ms: int
    ended_ms: int
    pushed: int = 0
    pulled: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    requests: int = 0
    agreed: bool = False
    safe: int = 0
    total: int = 0
    problem: str = ""


@dataclass(frozen=True)
class State:
    """How it stands with one hub that we go to: the last exchange or None, what waits here, when the next one is due.

    `next_ms` is 0 when nothing is done by itself.
    """

    peer: peers.Peer
    last: Tide | None
    safe: int
    waiting: int
    next_ms: int
    left: tuple[broken.Broken, ...] = ()

    @property
    def total(self) -> int:
        """All records that are for this hub."""
        return self.safe + self.waiting

    @property
    def is_well(self) -> bool:
        """Whether the last exchange brought both sides to agree."""
        return self.last is not None and self.last.agreed

    @property
    def is_shut_out(self) -> bool:
        """Whether nothing goes at all: the certificate was taken back, or the hub has left."""
        return self.last is not None and certificates.is_shut_out(self.last.problem)

    def as_dict(self) -> dict[str, Any]:
        """The state for programs."""
        last = asdict(self.last) if self.last else None
        facts: dict[str, Any] = {"safe": self.safe, "waiting": self.waiting, "next_ms": self.next_ms, "last": last}
        facts["broken"] = [each.as_dict() for each in self.left]
        return {"hub": self.peer.hub, "name": self.peer.name, "url": self.peer.url, **facts}


def keep(node: Node, tide: Tide) -> None:
    """Remember an exchange, and forget the oldest ones."""
    table, fresh, said = node.tables.Tide, node.new_id(), asdict(tide)
    key = {name: said.pop(name) for name in ("peer", "begun_ms", "ended_ms")}
    said["problem"] = sentences.packed(tide.problem)

    def work() -> None:
        table.insert(id=fresh, **key, report=json.dumps(said, ensure_ascii=False)).execute()
        old = [row.id for row in table.select(table.id).order_by(table.ended_ms.desc(), table.id).offset(KEPT)]
        table.delete().where(table.id.in_(old)).execute()

    node.write(work)


def tides(node: Node, *, hub: str = "", limit: int = 10) -> list[Tide]:
    """The latest exchanges, newest first, with one hub or with all."""
    table = node.tables.Tide
    rows = table.select().order_by(table.ended_ms.desc(), table.id).limit(limit)
    return [_tide(row) for row in (rows.where(table.peer == hub) if hub else rows)]


def states(node: Node) -> list[State]:
    """How it stands with every hub that we go to."""
    return [_state(node, peer) for peer in peers.upstream(node)]


def safe(node: Node, peer: peers.Peer) -> int:
    """How many of our records are known to be there: by what that hub said last, over a line or on a stick."""
    known = stands.standing(node, peer.hub).positions
    if known is None:
        return next((tide.safe for tide in tides(node, hub=peer.hub, limit=1)), 0)
    return publish.count_held(node, peer.gets, known)


def words(state: State) -> str:
    """One hub's state as a few sentences: what happened, what is safe, what comes next."""
    left = [broken.told(each, clock_time(each.since_ms)) for each in state.left]
    return " ".join(part for part in (_happened(state), _safe(state), *left, _next(state)) if part)


def told(tide: Tide) -> Sentence:
    """One exchange as a sentence."""
    if tide.problem:
        return Sentence("%(name)s: %(problem)s", {"name": tide.name, "problem": tide.problem})
    if tide.agreed and not tide.pushed and not tide.pulled:
        return sentence("%(name)s: nothing new on either side. Both hold the same.", name=tide.name)
    end = sentence("Both hold the same.") if tide.agreed else sentence("It goes on at the next tide.")
    sent = counted("%(num)d entry went", "%(num)d entries went", tide.pushed)
    came = counted("%(num)d came", "%(num)d came", tide.pulled)
    facts = {"name": tide.name, "sent": sent, "came": came, "end": end}
    return Sentence("%(name)s: %(sent)s, %(came)s. %(end)s", facts)


def joined(peer: peers.Peer, tide: Tide) -> Sentence:
    """A hub that was joined just now, and the first tide with it."""
    return sentences.joined(sentence("This hub has joined %(name)s.", name=peer.name), told(tide))


def no_peer() -> str:
    """What to say before a hub has joined another."""
    return _("This hub has not joined a region yet. All that is learned here is kept here, and nothing leaves.")


def clock_time(moment_ms: int) -> str:
    """A moment as people of this place say it: the day and the time of this machine's zone."""
    if moment_ms < FIRST_POSSIBLE_MS:
        return _("an unknown time")
    try:
        moment = datetime.fromtimestamp(moment_ms / 1000)  # noqa: DTZ006 - the machine's own zone is meant
    except (ValueError, OverflowError, OSError):
        return _("an unknown time")
    return sentences.day_and_time(moment)


def _happened(state: State) -> str:
    last = state.last
    if last is None and state.safe:
        return f"{state.peer.name}: {_('No tide has gone over a line yet; what is there came by stick.')}"
    if last is None:
        return _("%(name)s: joined, and nothing has gone yet.", name=state.peer.name)
    if last.problem:
        problem = sentences.speak(last.problem)
        if not state.waiting or state.is_shut_out:
            return f"{state.peer.name}: {problem}"
        return _("%(name)s: not all is sent yet. %(problem)s", name=state.peer.name, problem=problem)
    return _("%(name)s: the last tide was on %(when)s.", name=state.peer.name, when=clock_time(last.ended_ms))


def _safe(state: State) -> str:
    if not state.waiting:
        return _("All %(total)d records are safe there.", total=state.total) if state.safe else ""
    return _("%(safe)d of %(total)d records are safe there.", safe=state.safe, total=state.total)


def _next(state: State) -> str:
    if state.is_shut_out:
        again = _("This hub asks again on %(when)s.", when=clock_time(state.next_ms)) if state.next_ms else ""
        return f"{_('Nothing goes there until the region gives the certificate back.')} {again}".rstrip()
    if not state.next_ms:
        return _("It goes when somebody asks for it.")
    return _("The next tide is on %(when)s.", when=clock_time(state.next_ms))


def _state(node: Node, peer: peers.Peer) -> State:
    last = next(iter(tides(node, hub=peer.hub, limit=1)), None)
    there = safe(node, peer)
    ready = max(0, publish.count(node, peer.gets) - there)
    fresh = sum(len(publish.preview(node, audience, most=WAITING_MAX).copies) for audience in peer.gets)
    left = tuple(broken.broken(node, peer.hub))
    return State(peer=peer, last=last, safe=there, waiting=ready + fresh, next_ms=slot.next_ms(node), left=left)


def _tide(row: Any) -> Tide:
    said = json.loads(row.report)
    said["problem"] = sentences.unpacked(said["problem"])
    return Tide(peer=row.peer, begun_ms=row.begun_ms, ended_ms=row.ended_ms, **said)
