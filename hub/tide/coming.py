"""What goes with the next tide, counted and said in words for everybody; `hub.tide.outbox` has it record by record.

It is reckoned by the very rules that publish it and writes nothing. How many people it is about is said only where
they are five or more. What hubs hold together and what is taken back can become more while the tide is made ready.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from hub.node import Node
from hub.outcomes import INSIDE
from hub.sentences import gettext as _
from hub.sentences import ngettext
from hub.sharing import rows
from hub.tide import certificates, peers, policy, publish, recall, report, slot, spoken, stands
from hub.tide.publish import Copy
from sync import bundle
from sync.erasing import ERASE

COUNTED_MAX = 1_000
"""Records of one audience that are counted for a page; where more go, it says so."""
NAME = "what goes with the next tide"
GONE = "gone"
"""A person or a group that was named before and is named no more."""


@dataclass(frozen=True)
class Coming:
    """What goes to one hub: records by kind, and how many people the learning among them is about.

    `peer` is None while this hub has joined nobody; then it is what would go to a region. `reasons` say why streams are
    filled anew before it. `is_all` is False when more goes than was counted, `is_sure` when some may be there already;
    nothing goes to a hub by which we are shut out.
    """

    peer: peers.Peer | None
    next_ms: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    people: int = 0
    reasons: frozenset[str] = frozenset()
    is_all: bool = True
    is_sure: bool = True
    is_shut_out: bool = False

    @property
    def records(self) -> int:
        """How many records it is."""
        return sum(self.counts.values())

    @property
    def names_people(self) -> bool:
        """Whether anything goes that names a person."""
        return bool(self.counts.get(policy.NAMED_PERSON) or self.counts.get(policy.JOINT))


def coming(node: Node) -> list[Coming]:
    """What the next tide takes to each hub that this one goes to; with none, what a region would get.

    It is reckoned once for each change of the records.
    """
    joined, next_ms = peers.upstream(node), slot.next_ms(node)
    found = node.remembered.of(NAME, lambda: [_of_peer(node, each) for each in joined] or [_of_nobody(node)])
    return [replace(each, next_ms=next_ms) for each in found]


def shortly(node: Node) -> str:
    """In one sentence; nothing is reckoned while this hub has joined nobody."""
    return first(node, coming(node)[0]) if peers.upstream(node) else report.no_peer()


def says(node: Node, found: Coming) -> list[str]:
    """The same in sentences: what was learned first, then everything else, and that nothing goes by name."""
    counts = {kind: number for kind, number in found.counts.items() if number and kind != rows.LEARNING}
    named = [] if found.names_people else [_("Nothing that names a person goes.")]
    return [
        first(node, found),
        *(_told(kind, counts[kind]) for kind in _ORDER if kind in counts),
        *named,
        *_notes(found),
    ]


def first(node: Node, found: Coming) -> str:
    """How much of what was learned goes, to whom and in which form."""
    audience = _named_as(found.peer)
    facts: dict[str, object] = {"whom": spoken.receiver(node, audience)}
    number = found.counts.get(rows.LEARNING, 0)
    if not number:
        return _("Nothing new of what was learned goes to %(whom)s.", **facts)
    if found.people >= INSIDE and not found.is_all:
        return _(
            "More than %(num)s records, of %(people)s people or more, go to %(whom)s, under made-up names.",
            **facts,
            num=number,
            people=found.people,
        )
    if found.people >= INSIDE:
        return _(
            "%(num)s records of %(people)s people go to %(whom)s, under made-up names.",
            **facts,
            num=number,
            people=found.people,
        )
    return ngettext(
        "%(num)s record of fewer than five people goes to %(whom)s, under made-up names.",
        "%(num)s records of fewer than five people go to %(whom)s, under made-up names.",
        number,
        **facts,
    )


def when(found: Coming) -> str:
    """When it goes."""
    if found.peer is None:
        return _("This hub has joined no region yet, so nothing goes. With a first tide today this would go:")
    if found.is_shut_out:
        return _("Nothing goes there until the region gives the certificate back.")
    if not found.next_ms:
        return _("It goes when somebody asks for it.")
    return _("The next tide is on %(when)s.", when=report.clock_time(found.next_ms))


def _of_peer(node: Node, peer: peers.Peer) -> Coming:
    last = next(iter(report.tides(node, hub=peer.hub, limit=1)), None)
    if last is not None and certificates.is_shut_out(last.problem):
        return Coming(peer, is_shut_out=True)
    reasons = {audience: recall.why(node, audience) for audience in sorted(set(peer.gets))}
    ready = [copy for audience, copy in _ready(node, peer) if not reasons.get(audience)]
    seen = [publish.preview(node, name, most=COUNTED_MAX, afresh=bool(why)) for name, why in reasons.items()]
    return _counted(
        Coming(
            peer,
            reasons=frozenset(reasons.values()) - {""},
            is_all=all(each.is_all for each in seen) and len(ready) < COUNTED_MAX,
            is_sure=last is None or last.agreed,
        ),
        [*ready, *(copy for each in seen for copy in each.copies)],
    )


def _of_nobody(node: Node) -> Coming:
    """A hub whose own hubs come to it, or that stands alone."""
    seen = [publish.preview(node, name, most=COUNTED_MAX) for name in policy.AUDIENCES]
    found = Coming(None, is_all=all(each.is_all for each in seen))
    return _counted(found, [copy for each in seen for copy in each.copies])


def _ready(node: Node, peer: peers.Peer) -> Iterator[tuple[str, Copy]]:
    """What stands in our streams for a hub and is not known to be there; COUNTED_MAX of it at most."""
    where = stands.standing(node, peer.hub).positions or frozenset()
    lacking = bundle.lacks(node.journal, certificates.peering(node, peer), where)
    found = (
        (line.audience, Copy(placed.entry.kind, placed.entry.at_ms, placed.entry.payload))
        for line, after in lacking
        if line.hub == node.identity.hub_id
        for placed in node.journal.read(line.stream, after=after, limit=COUNTED_MAX)
        if placed.entry.kind in policy.KINDS
    )
    return islice(found, COUNTED_MAX)


def _counted(found: Coming, copies: Sequence[Copy]) -> Coming:
    read = [(copy.kind, json.loads(copy.payload)) for copy in copies]
    counts = Counter(_sort(kind, payload) for kind, payload in read)
    people = {payload["raw"]["actor"]["account"]["name"] for kind, payload in read if kind == rows.LEARNING}
    return replace(found, counts=counts, people=len(people))


def _sort(kind: str, payload: dict[str, dict[str, object]]) -> str:
    is_named = kind in (policy.NAMED_PERSON, policy.NAMED_CIRCLE)
    return GONE if is_named and not payload["set"].get("is_here") else kind


def _named_as(peer: peers.Peer | None) -> str:
    """The audience by which a hub is named in a sentence."""
    return rows.REGION if peer is None or rows.REGION in peer.sends else rows.pair(peer.hub)


_ORDER = (
    policy.COUNTED,
    policy.NAMED_PERSON,
    policy.NAMED_CIRCLE,
    GONE,
    policy.JOINT,
    ERASE,
    rows.SHELF,
    rows.HUB,
    policy.CERTIFICATE,
    policy.RECEIPT,
)


def _told(kind: str, number: int) -> str:
    """How many records of one kind go."""
    if kind == policy.COUNTED:
        return ngettext("%(num)s count of many people goes.", "%(num)s counts of many people go.", number)
    if kind == policy.NAMED_PERSON:
        return ngettext(
            "Name and picture of %(num)s person who said yes to that go.",
            "Names and pictures of %(num)s people who said yes to that go.",
            number,
        )
    if kind == policy.NAMED_CIRCLE:
        return ngettext("The name of %(num)s group goes.", "The names of %(num)s groups go.", number)
    if kind == GONE:
        return ngettext(
            "%(num)s person or group that was named before is named no more.",
            "%(num)s people or groups that were named before are named no more.",
            number,
        )
    return _told_of_things(kind, number)


def _told_of_things(kind: str, number: int) -> str:
    if kind == policy.JOINT:
        return ngettext(
            "%(num)s change goes of what is held together with this neighbour.",
            "%(num)s changes go of what is held together with this neighbour.",
            number,
        )
    if kind == ERASE:
        return ngettext(
            "What had left is taken back, in %(num)s step.", "What had left is taken back, in %(num)s steps.", number
        )
    if kind == rows.SHELF:
        return ngettext("News of %(num)s work on the shelf goes.", "News of %(num)s works on the shelf goes.", number)
    if kind == rows.HUB:
        return _("What this hub is called goes.")
    if kind == policy.CERTIFICATE:
        return _("Who belongs to the region goes.")
    return _("A sealed receipt goes to the hub that somebody has left, as they wished.")


def _notes(found: Coming) -> list[str]:
    """What is to be known of the numbers."""
    said = {
        recall.NARROWED: _("Less may leave than before: what had left is taken back first."),
        recall.REASON: _(
            "Somebody said no since the last tide: what may still go goes once more, and nothing of theirs."
        ),
    }
    is_told = found.is_all or found.people >= INSIDE
    more = [] if is_told else [_("It is more than that: only the first records were counted.")]
    some = [] if found.is_sure else [_("The last tide did not come to its end; some of it may be there already.")]
    return [*(said[each] for each in sorted(found.reasons)), *more, *some]
