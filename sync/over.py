"""Starting over: a hub that was only tried out forgets its journal and goes on in new streams.

What others were shown before stays with them. The new streams carry higher numbers of incarnation and go on from
none, so nobody takes them for the old ones, and whoever has seen them brings the old ones no more.
"""

from sync.journal import Journal


def start_over(journal: Journal, *, reason: str) -> None:
    """Leave our streams for new ones that say why, and forget every entry of the old ones and of other hubs.

    Only inside a transaction of the writer's: it is all done or nothing is. The tables folded from the journal are
    the caller's to empty. The high-water marks can be forgotten afterwards; they name streams that are gone.
    """
    journal.begin_incarnation(reason, anew=True)
    hub = journal.identity.hub_id
    journal.store.forget(line for line in journal.streams() if line.hub != hub or not line.is_current)
