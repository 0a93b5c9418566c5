"""Clear the demo: the same hub, empty, with its shelf; the set-up page leads on from there.

Everything goes in one transaction of the database, so whatever happens meanwhile, the hub is a whole demo or a whole
empty hub. The shelf is files and is not touched. What is left of the demo in files, its backups and the database's
own, goes a moment later, as a job that a power cut does not forget.
"""

from hub import first_boot, jobs, library, projections
from hub.collections import shelves
from hub.demo import marks, written
from hub.errors import NotFound
from hub.node import LOCAL, Node
from hub.tables import local
from sync.over import start_over
from sync.stream import read_opening

REASON = "demo cleared"
"""What the first entry of the new streams says."""


def clear(node: Node) -> None:
    """Forget the demo's people and everything they did. Raises NotFound when this is no demo, and changes nothing."""
    node.write(lambda: empty(node))
    node.identity.forget_marks()
    written.take_off(node)
    shelves.tell(node)
    library.mend(node)


def empty(node: Node) -> None:
    """The part of `clear` that is done whole or not at all. Only inside `node.write`."""
    if not marks.is_demo(node):
        raise NotFound("This hub is no demo, or was cleared already. Nothing was changed.")
    has_starters = first_boot.has_starters(node)
    start_over(node.journal, reason=REASON)
    projections.empty(node.tables)
    for model in local.MODELS:
        getattr(node.tables, model.__name__).delete().execute()
    if has_starters:
        first_boot.note_starters(node)
    jobs.add(node, jobs.FORGET, arguments={})


def was_cleared(node: Node) -> bool:
    """Whether this hub was a demo once: its journal goes on from where it was cleared, and says so for good."""
    openings = [node.journal.get(line.stream, 1) for line in node.journal.streams(audience=LOCAL) if not line.parent]
    return any(read_opening(placed.entry).reason == REASON for placed in openings if placed is not None)
