"""Starting over: a hub that was only tried out forgets its journal and goes on in new streams.

What others were shown before stays with them; the new streams carry higher numbers of incarnation, so nobody can
take them for the old ones.
"""

from typing import Any

from sync.journal import Journal

TABLES = ("journal_entry", "journal_seed", "journal_seal", "journal_stream")
"""Every table of `sync.schema`, entries before the streams that they are in."""


def start_over(journal: Journal, database: Any, *, reason: str) -> None:
    """Leave our streams for new ones that say why, and forget every entry of the old ones and of other hubs.

    Only inside a transaction of the writer's: it is all done or nothing is. The tables folded from the journal are
    the caller's to empty. The high-water marks can be forgotten afterwards; they name streams that are gone.
    """
    journal.begin_incarnation(reason)
    hub = journal.identity.hub_id
    kept = [line.stream for line in journal.streams(hub=hub) if line.is_current] or [""]
    places = ", ".join([database.param] * len(kept))
    for table in TABLES:
        wanted = f"DELETE FROM {table} WHERE hub <> {database.param} OR stream NOT IN ({places})"  # noqa: S608
        database.execute_sql(wanted, (hub, *kept))
