"""A copied card's device gets a key of its own: prepared while the hub runs, done when it starts the next time.

All that happened here goes along and is the new hub's own: people, records, decisions. Copies for others were said
under the old key and stay with the other device; what no region has of them yet is said again under the new one. Cut
off anywhere, the hub is the old one that tries again, or the new one.
"""

import fcntl
import json
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from hub import own_keys
from hub.config import Settings
from hub.errors import InputWrong
from hub.node import JOBS_FOLDER, Node, open_restoring
from hub.projections import former
from hub.tables import put
from hub.tide import peers, publish, stands
from sync import clone, identity, keyring, lines
from sync.entry import Entry
from sync.erasing import ERASE, ERASED
from sync.identity import Identity
from sync.journal import READ_STEP, Folding, Journal
from sync.shared import PAIR, PUBLIC
from sync.store import Line
from sync.stream import LOCAL, OPEN

NEXT = "next"
"""The file in the folder of keys that holds the key of the next start."""
NAME = "next name"
REGION = "region"
NAME_LETTERS_MAX = 60
WITH_THE_OLD = (identity.MARKS_NAME, keyring.NAME, "erased")
"""Files in the folder of keys that speak of the old key's streams, or are for its eyes."""


def prepare(node: Node, *, name: str) -> str:
    """Let the hub go on under a key of its own from its next start on; returns the new id. Safe to repeat.

    Raises InputWrong for a name that is empty or too long, or the other place's own.
    """
    plain = "".join(letter for letter in name if letter.isprintable()).strip()
    if not 0 < len(plain) <= NAME_LETTERS_MAX:
        raise InputWrong(
            "A place needs a name of up to %(most)d letters, so that others can tell the two apart. Nothing was"
            " changed.",
            most=NAME_LETTERS_MAX,
        )
    if _folded(plain) == _folded(node.name):
        raise InputWrong(
            "The other place is called “%(name)s” already. Nothing was changed; give this place another name, so that"
            " others can tell the two apart.",
            name=node.name,
        )
    node.write(lambda: put(node.tables.Note, name=NAME, value=json.dumps(plain)))
    identity.make_key(_folder(node.home) / NEXT, identity.SEED_BYTES, node.randomness)
    return Identity(_seed(node.home)).hub_id


def _folded(name: str) -> str:
    """A name as people tell it from another: neither by its capitals nor by its spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def is_prepared(home: Path) -> bool:
    """Whether the next start gives this hub a key of its own."""
    return (_folder(home) / NEXT).exists()


def call_off(home: Path) -> None:
    """Stay under the key that is. Safe to repeat."""
    (_folder(home) / NEXT).unlink(missing_ok=True)


def go_on(home: Path, settings: Settings) -> str:
    """Do what was prepared, unless the hub is running; returns the id of the new hub, "" when nothing was done.

    Raises what opening a hub raises; then nothing was changed.
    """
    if not is_prepared(home):
        return ""
    with (home / JOBS_FOLDER / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return ""
        return _change(home, settings)


def _change(home: Path, settings: Settings) -> str:
    folder, seed = _folder(home), _seed(home)
    own = Identity(seed)
    if own_keys.hub_id(home) != own.hub_id:
        with closing(open_restoring(home, settings)) as node:
            node.write(partial(_take_over, node, own))
        for name in WITH_THE_OLD:
            (folder / name).unlink(missing_ok=True)
        with identity.alone(folder) as handle:
            identity.replace_file(folder / identity.KEY_NAME, seed, handle)
    call_off(home)
    return own.hub_id


def _take_over(node: Node, own: Identity) -> None:
    """All that changes in the database, in one transaction; nothing when that was done already."""
    old = node.identity.hub_id
    if node.journal.store.lines(own.hub_id):
        return
    unsaid = list(_unsaid(node))
    nothing = Folding(lambda _placed: None, lambda _gone: None)
    journal = Journal(node.database, own, node.clock, node.randomness, node.write, nothing)
    clone.take_over(journal, node.identity)
    journal.append(LOCAL, "hub", json.dumps(_face(node, own)).encode(), depth=1)
    for entry in unsaid:
        journal.append(REGION, entry.kind, entry.payload, at_ms=entry.at_ms, depth=entry.depth)
    put(node.tables.Note, name=former.NOTE, value=json.dumps([*former.hubs(node.tables), old]))
    _forget_others(node, own.hub_id)
    node.database.execute_sql("DELETE FROM version WHERE name = 'projections'")


def _unsaid(node: Node) -> Iterator[Entry]:
    """The copies for the region that are not known to be in every region that this hub has joined."""
    regions = [peer for peer in peers.peers(node) if REGION in peer.sends]
    known = [stands.standing(node, peer.hub).positions or frozenset() for peer in regions]
    for line in publish.lines(node, (REGION,)) if regions else []:
        there = min(lines.last_known(node.journal.store, line, positions) for positions in known)
        yield from _after(node, line, max(there, line.base))


def _after(node: Node, line: Line, after: int) -> Iterator[Entry]:
    while found := node.journal.read(line.stream, after=after, limit=READ_STEP):
        after = found[-1].seq
        yield from (each.entry for each in found if each.entry.kind not in (OPEN, ERASE) and each.entry is not ERASED)


def _face(node: Node, own: Identity) -> dict[str, object]:
    """What the new hub says of itself first."""
    old = node.tables.Hub.get_or_none(node.tables.Hub.id == node.identity.hub_id)
    told = {"language": node.settings.language, "software": old.software if old is not None else ""}
    note = node.tables.Note.get_or_none(node.tables.Note.name == NAME)
    name = json.loads(note.value) if note is not None else node.name
    return {"id": own.hub_id, "set": {"name": name, "role": node.settings.role, **told}}


def _forget_others(node: Node, own: str) -> None:
    """Nobody has joined the new hub yet: forget what was between the old one and others, and how far that had gone.

    What is public was said by the old hub of itself; the new one says its own.
    """
    table = node.tables.Note
    others = [peer.hub for peer in peers.peers(node)]
    audiences = {line.audience for line in node.journal.streams() if line.audience.startswith(PAIR)}
    for name in (*others, *(audience.removeprefix(PAIR) for audience in audiences)):
        table.delete().where(table.name.contains(name)).execute()
    for peer in (node.tables.Peer, node.tables.Invite):
        peer.delete().execute()
    table.delete().where(table.name == NAME).execute()
    for line in node.journal.streams(hub=own, audience=LOCAL):
        put(table, name=f"published {PUBLIC} {line.stream}", value=json.dumps(0 if line.is_current else line.seq))


def _seed(home: Path) -> bytes:
    return identity.read_key(_folder(home) / NEXT, identity.SEED_BYTES)


def _folder(home: Path) -> Path:
    return home / own_keys.FOLDER
