"""Whether a card was copied and both go on: what this hub sees of it, and what people say to it.

Nothing waits for the answer: what each of them writes is kept, here and in the region, and counts once.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from content.errors import N_
from hub.errors import InputWrong
from hub.node import Node
from hub.projections import former
from hub.sentences import gettext as _
from hub.sentences import isolated, ngettext
from hub.tables import put
from hub.tide import own_key, peers
from hub.tide.report import clock_time
from sync import clone
from sync.clone import Half


@dataclass(frozen=True)
class Copied:
    """What is known of a hub's key: the devices that go on under it, the oldest first and none where it is one; the
    hubs that were cloned from it, by id and name; and the one that it was cloned from, "" for none.

    `is_prepared` says that this hub gets a key of its own at its next start.
    """

    halves: tuple[Half, ...]
    clones: tuple[tuple[str, str], ...]
    cloned_from: str
    is_prepared: bool

    def as_dict(self) -> dict[str, Any]:
        """The same for programs."""
        halves = [{name: getattr(each, name) for name in _SHOWN} for each in self.halves]
        clones = [{"hub": hub, "name": name} for hub, name in self.clones]
        return {
            "halves": halves,
            "clones": clones,
            "cloned_from": self.cloned_from,
            "is_prepared": self.is_prepared,
        }


BEGAN: Mapping[str, str] = {
    "another machine": N_("It began when the card woke in another machine."),
    "restored": N_("It began when the hub came back from a backup."),
}
"""What a stream says of why it began → the sentence for a device that writes it."""
HEARD = N_("It goes on by itself since it heard of the other one.")
"""The sentence for every other reason."""
ELSEWHERE = "other place"
"""The front of the name of a note: the streams of a hub that another one went on from, which has left."""
_SHOWN = ("reason", "began_ms", "last_ms", "records", "is_current")


def copied(node: Node) -> Copied:
    """What is known of our own key."""
    own = node.identity.hub_id
    found = clone.clones(node.journal, own)
    return Copied(
        halves=halves(node, own),
        clones=tuple((hub, peers.called(node, hub)) for hub in sorted(found)),
        cloned_from=next(reversed(former.hubs(node.tables)), ""),
        is_prepared=own_key.is_prepared(node.home),
    )


def halves(node: Node, hub: str) -> tuple[Half, ...]:
    """The devices that go on under a hub's key, as far as it is heard here; none where it is one."""
    table = node.tables.Note
    kept = table.select().where(table.name.startswith(f"{ELSEWHERE} {hub} "))
    return clone.halves(node.journal, hub, {root for row in kept for root in json.loads(row.value)})


def keep(node: Node, hub: str) -> None:
    """Remember of which hub one is the other place, before all that it said is forgotten here. Inside `write`."""
    found = clone.claimed(node.journal, hub)
    if found is not None:
        put(node.tables.Note, name=f"{ELSEWHERE} {found.hub} {hub}", value=json.dumps(found.leaves))


def origin(node: Node, hub: str) -> str:
    """What the hub is called that another one was cloned from; "" for none."""
    found = clone.origin(node.journal, hub)
    return peers.called(node, found) if found else ""


def one_place(node: Node) -> None:
    """Say that all devices under our key are this one place. Raises InputWrong when there is only one."""
    if not clone.join(node.journal):
        raise InputWrong(
            "No other machine is known to go on under this hub's key. Nothing was changed; after the next tide it may"
            " be seen."
        )


def two_places(node: Node, *, name: str) -> str:
    """Give this device a key of its own at its next start, and a name; returns the id that it will have.

    Raises InputWrong for a name that cannot be.
    """
    return own_key.prepare(node, name=name)


def told(node: Node, found: Copied) -> Iterator[str]:
    """The same in sentences, for the command and the pages."""
    if found.is_prepared:
        yield _("At its next start this hub goes on under a key of its own. Switch the machine off and on again.")
    if found.cloned_from:
        old = peers.called(node, found.cloned_from)
        yield _("This hub was cloned from %(name)s, and has a key of its own since.", name=isolated(old))
    for _hub, name in found.clones:
        yield _("%(name)s was cloned from this hub, and has a key of its own.", name=isolated(name))
    for half in found.halves:
        yield one(half)
    if not (found.halves or found.clones or found.cloned_from or found.is_prepared):
        yield _("No other machine is known to go on under this hub's key.")


def one(half: Half) -> str:
    """One device in sentences."""
    which = _("This machine") if half.is_current else _("Another machine")
    return f"{which}: {began(half)} {alone(half)}"


def began(half: Half) -> str:
    """Why one device goes on by itself."""
    return _(BEGAN.get(half.reason, HEARD))


def alone(half: Half) -> str:
    """How much is from one device alone."""
    when = clock_time(half.last_ms)
    return ngettext(
        "%(num)d record is from it alone, the latest of %(when)s.",
        "%(num)d records are from it alone, the latest of %(when)s.",
        half.records,
        when=when,
    )
