"""Take away what hung on the streams of hubs that left: entries, seeds and seals, after everything else is gone.

It is a transaction of its own, since it may lie on another server (`hub.tide.parts`) than all else. A note says that it
is to be done, so a power cut in between only puts it off; nothing reads what lies there.
"""

import json
from functools import partial

from hub.node import Node
from hub.tables import put

NOTE = "sweep "
"""The front of the name of a note about a hub of which entries lie about."""


def note(node: Node, hub: str) -> None:
    """Remember that it is to be done for a hub. Inside `write`."""
    put(node.tables.Note, name=NOTE + hub, value=json.dumps(True))


def sweep(node: Node) -> None:
    """Do it for all that are to be. Safe to repeat; most times there is nothing to do.

    Raises ServerAway when a server cannot be reached.
    """
    table = node.tables.Note
    for row in table.select().where(table.name.startswith(NOTE)):
        node.write(partial(_sweep, node, row.name))


def _sweep(node: Node, name: str) -> None:
    node.journal.store.sweep(name.removeprefix(NOTE))
    node.tables.Note.delete().where(node.tables.Note.name == name).execute()
