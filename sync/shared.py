"""Which streams two hubs compare, and what may go which way between them. What is local never does.

`public` streams of any hub are carried on; a stream for another audience goes between its owner and the hub that it
was joined with, and back to its owner when that one has lost it.
"""

from sync import lines, protocol
from sync.journal import Journal
from sync.protocol import Peering, Position
from sync.store import Line

PUBLIC = "public"


def shared(journal: Journal, peering: Peering) -> list[Line]:
    """Every line here that both may have."""
    return journal.store.shared(peering.audiences, {journal.identity.hub_id, peering.hub})


def of_hub(listed: list[Line], hub: str) -> list[Line]:
    """Those of one hub."""
    return [line for line in listed if line.hub == hub]


def of_others(listed: list[Line], journal: Journal, peering: Peering) -> list[Line]:
    """Those of third hubs."""
    return [line for line in listed if line.hub not in (journal.identity.hub_id, peering.hub)]


def ends(listed: list[Line]) -> list[Position]:
    """Where lines end."""
    return [lines.end(line) for line in listed]


def digest(listed: list[Line]) -> bytes:
    """The digest of where lines end."""
    return protocol.digest(ends(listed))


def may_give(peering: Peering, line: Line) -> bool:
    """Whether a shared line may go to the hub: one for an audience it is to have, or its own come back."""
    return line.audience in peering.sends or line.hub == peering.hub


def may_take(own: str, peering: Peering, line: Line) -> bool:
    """Whether a line may come from the hub."""
    is_theirs_to_bring = line.audience == PUBLIC or line.hub in (own, peering.hub)
    is_wanted = line.audience in peering.takes or line.hub == own
    return line.audience in peering.audiences and is_theirs_to_bring and is_wanted
