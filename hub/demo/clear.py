"""Clear the demo: the same hub, empty, with its shelf; the set-up page leads on from there.

Everything goes in one transaction of the database, so whatever happens meanwhile, the hub is a whole demo or a whole
empty hub. The shelf is files and is not touched.
"""

from hub import library
from hub.demo import marks
from hub.errors import NotFound
from hub.node import Node
from hub.tables import local
from sync.over import start_over

REASON = "demo cleared"
"""What the first entry of the new streams says."""


def clear(node: Node) -> None:
    """Forget the demo's people and everything they did. Raises NotFound when this is no demo, and changes nothing."""
    node.write(lambda: empty(node))
    node.identity.forget_marks()
    library.mend(node)


def empty(node: Node) -> None:
    """The part of `clear` that is done whole or not at all. Only inside `node.write`."""
    if not marks.is_demo(node):
        raise NotFound("This hub is no demo, or was cleared already. Nothing was changed.")
    start_over(node.journal, reason=REASON)
    for model in node.tables.projections:
        model.delete().execute()
    for model in local.MODELS:
        getattr(node.tables, model.__name__).delete().execute()
