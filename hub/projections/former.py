"""The keys under which this hub went before it got one of its own (`hub.tide.own_key`): what they said is ours."""

import json

from hub.tables import Tables

NOTE = "former keys"


def hubs(tables: Tables) -> list[str]:
    """The ids of those hubs, the first one first; for most hubs there is none."""
    row = tables.Note.get_or_none(tables.Note.name == NOTE)
    return [] if row is None else [str(hub) for hub in json.loads(row.value)]
