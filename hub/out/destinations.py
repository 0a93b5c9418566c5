"""Outside stores of learning records that this hub forwards to: who they are, how they stand, and their secrets.

A secret lies beside the hub's own keys, in a file that nobody else reads and no backup holds. A destination that is
removed loses it at once; what went there stays written down.
"""

import ipaddress
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from content.disk import Disk
from content.errors import N_
from hub import own_keys, sentences
from hub.errors import InputWrong, NotFound
from hub.governance import standing
from hub.node import Node
from hub.out import sharing as rules
from hub.out.sharing import ACCOUNT, Sharing
from hub.tables import put
from hub.tide.link import checked_url

ACTIVE, PAUSED, STOPPED, REMOVED = "active", "paused", "stopped", "removed"
"""Going; put to rest by somebody; stopped by itself, for somebody to look; gone, with the list of what went."""
VERSIONS = ("1.0.3", "2.0.0")
COUNT_MAX = 8
"""Destinations at once."""
NAME_CHARS_MAX, USERNAME_CHARS_MAX, SECRET_CHARS_MAX = 60, 200, 500
FILE_PREFIX = "forward-"
PRIVATE_MODE = 0o600
STATEMENTS = "/statements"
NEAR = (".local", ".lan", ".home.arpa", ".internal")
"""How names of machines on a local network end; there, as at numbers of private networks, plain HTTP is taken."""

UNREADABLE = N_(
    "The name, key, secret or version is missing, too long or no text. Nothing was changed; type again what the"
    " outside store gave."
)
NOT_HERE = N_("There is no such destination. Nothing was changed; look in the list of what goes out.")


@dataclass(frozen=True)
class Destination:
    """One outside store as it may be shown: everything but its secret. Times are milliseconds since 1970, UTC.

    `problem` is the last sentence about what went wrong, "" for nothing; `latest` are the last statements as sent.
    """

    id: str
    hub: str
    name: str
    url: str
    version: str
    username: str
    sharing: Sharing
    state: str
    problem: str
    fails: int
    next_ms: int
    made_ms: int
    last_ms: int
    latest: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Access:
    """How a destination is spoken to: its address, the version of xAPI, and the name and secret it gave us."""

    url: str
    version: str
    username: str
    secret: str


def add(node: Node, *, name: str, access: Access, sharing: Sharing) -> Destination:
    """A new destination; nothing has gone there yet. Raises InputWrong before anything is written."""
    checked, plain = _checked(access), _text(name, NAME_CHARS_MAX)
    rule = _allowed(node, rules.checked(sharing))
    if len(destinations(node)) >= COUNT_MAX:
        raise InputWrong("There are 8 destinations already. Nothing was changed; remove one that nobody needs.")
    made, now = node.new_id(), node.clock.now_ms()
    _keep_secret(node, made, checked.secret)

    def work() -> None:
        put(
            node.tables.Destination,
            id=made,
            hub=node.identity.hub_id,
            name=plain or urlsplit(checked.url).netloc[:NAME_CHARS_MAX],
            url=checked.url,
            version=checked.version,
            username=checked.username,
            sharing=rules.packed(rule),
            **{"state": ACTIVE, "problem": "", "fails": 0, "next_ms": 0, "made_ms": now, "last_ms": 0, "latest": "[]"},
        )
        if not rule.past:
            begin_now(node, made)

    node.write(work)
    return destination(node, made)


def destinations(node: Node, *, with_removed: bool = False) -> list[Destination]:
    """All destinations, the oldest first."""
    table = node.tables.Destination
    rows = table.select().order_by(table.made_ms, table.id)
    return [_shown(row) for row in (rows if with_removed else rows.where(table.state != REMOVED))]


def destination(node: Node, id: str) -> Destination:  # noqa: A002 - the word of the interface
    """The destination with this id, one that was removed too. Raises NotFound."""
    row = node.tables.Destination.get_or_none(node.tables.Destination.id == id)
    if row is None:
        raise NotFound(NOT_HERE)
    return _shown(row)


def named(node: Node, name: str) -> Destination:
    """The destination that a command means, by its id, the beginning of it, or its name. Raises NotFound."""
    fitting = [each for each in destinations(node) if name and (each.id.startswith(name) or each.name == name)]
    if len(fitting) != 1:
        raise NotFound(NOT_HERE)
    return fitting[0]


def pause(node: Node, destination_id: str) -> Destination:
    """Let nothing more go there until somebody resumes; safe to repeat. Raises NotFound."""
    return _settle(node, destination_id, state=PAUSED)


def resume(node: Node, destination_id: str) -> Destination:
    """Go on where it stopped, at once; safe to repeat. Raises NotFound, or InputWrong when its rule may not be."""
    _allowed(node, destination(node, destination_id).sharing)
    return _settle(node, destination_id, state=ACTIVE, problem="", fails=0, next_ms=0)


def hurry(node: Node, destination_id: str) -> Destination:
    """Let it be its turn at once, whatever rest it had. Raises NotFound."""
    return _settle(node, destination_id, next_ms=0)


def replace_secret(node: Node, destination_id: str, *, secret: str) -> Destination:
    """Keep another secret, and go on if it was the old one that stopped it. Raises NotFound or InputWrong."""
    found = _standing(node, destination_id)
    _keep_secret(node, found.id, _secret(secret))
    return resume(node, found.id) if found.state == STOPPED else found


def remove(node: Node, destination_id: str) -> Destination:
    """Forget the secret and let nothing more go; what went stays written down. Safe to repeat. Raises NotFound."""
    found = _settle(node, destination_id, state=REMOVED, problem="", latest="[]")
    _file(node, found.id).unlink(missing_ok=True)
    return found


def secret(node: Node, destination_id: str) -> str:
    """The secret of a destination, "" when it is away: after a restore it is in no backup."""
    try:
        return _file(node, destination_id).read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return ""


def clear_away(node: Node) -> None:
    """Delete secrets of destinations that are not here any more. For the worker, at its start."""
    known = {each.id for each in destinations(node)}
    for path in (node.home / own_keys.FOLDER).glob(f"{FILE_PREFIX}*"):
        if path.name.removeprefix(FILE_PREFIX) not in known:
            with suppress(OSError):
                path.unlink()


def check_allowed(node: Node, found: Destination) -> None:
    """Raises InputWrong when a destination may not be served: it is another hub's, or its decision has ended."""
    if found.hub != node.identity.hub_id:
        raise InputWrong(
            "This destination belonged to the hub whose backup was restored here. Nothing was sent; remove it and add"
            " it anew."
        )
    _allowed(node, found.sharing)


def begin_now(node: Node, destination_id: str) -> None:
    """Pass over everything that is here already. Only inside `write`."""
    for line in node.journal.streams(hub=node.identity.hub_id):
        put(node.tables.Note, name=mark(destination_id, line.stream), value=json.dumps(line.seq))


def position(node: Node, destination_id: str, stream: str) -> int:
    """The number of the last entry of a stream that a destination has answered for, 0 for none."""
    row = node.tables.Note.get_or_none(node.tables.Note.name == mark(destination_id, stream))
    return 0 if row is None else int(json.loads(row.value))


def mark(destination_id: str, stream: str) -> str:
    """The name of the note that says how far a stream has gone to a destination."""
    return f"forwarded {destination_id} {stream}"


def _checked(access: Access) -> Access:
    """The access as it is kept. Raises InputWrong."""
    url = checked_url(access.url).removesuffix(STATEMENTS)
    if url.startswith("http:") and not _is_near(urlsplit(url).hostname or ""):
        raise InputWrong(
            "Over plain HTTP anybody on the way could read records and secret. Nothing was changed; give an address"
            " that begins with https."
        )
    if access.version not in VERSIONS:
        raise InputWrong(UNREADABLE)
    username = _text(access.username, USERNAME_CHARS_MAX)
    if not username or ":" in username:
        raise InputWrong(UNREADABLE)
    return Access(url, access.version, username, _secret(access.secret))


def _secret(text: str) -> str:
    plain = text.strip()
    if not plain or len(plain) > SECRET_CHARS_MAX or not plain.isprintable():
        raise InputWrong(UNREADABLE)
    return plain


def _text(text: str, most: int) -> str:
    plain = text.strip()
    if len(plain) > most or not plain.isprintable():
        raise InputWrong(UNREADABLE)
    return plain


def _is_near(host: str) -> bool:
    """Whether a machine is this one or on a private network."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost" or host.endswith(NEAR)


def _allowed(node: Node, sharing: Sharing) -> Sharing:
    """The same rule. Raises InputWrong unless the decision that it stands on holds."""
    if sharing.people == ACCOUNT and not _is_decided(node, sharing.decision):
        raise InputWrong(rules.UNDECIDED)
    return sharing


def _is_decided(node: Node, proposal: str) -> bool:
    return any(each.state == standing.ADOPTED for each in standing.read(node, [proposal]))


def _keep_secret(node: Node, destination_id: str, text: str) -> None:
    """Put the secret into its file in one step, safe from a power cut."""
    place = _file(node, destination_id)
    part = place.with_name(f".{place.name}")
    disk = Disk()
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_MODE), "w", encoding="utf-8") as file:
        file.write(text)
    disk.sync_file(part)
    disk.rename(part, place)
    disk.sync_folder(place.parent)


def _file(node: Node, destination_id: str) -> Path:
    return node.home / own_keys.FOLDER / f"{FILE_PREFIX}{destination_id}"


def _settle(node: Node, destination_id: str, **facts: Any) -> Destination:
    found = _standing(node, destination_id)
    table = node.tables.Destination
    node.write(table.update(**facts).where(table.id == found.id).execute)
    return destination(node, found.id)


def _standing(node: Node, destination_id: str) -> Destination:
    """A destination that was not removed. Raises NotFound."""
    found = destination(node, destination_id)
    if found.state == REMOVED:
        raise NotFound(NOT_HERE)
    return found


def _shown(row: Any) -> Destination:
    plain = ("id", "hub", "name", "url", "version", "username", "state", "fails")
    moments = ("next_ms", "made_ms", "last_ms")
    return Destination(
        **{name: getattr(row, name) for name in (*plain, *moments)},
        sharing=rules.unpacked(row.sharing),
        problem=sentences.unpacked(row.problem),
        latest=tuple(json.loads(row.latest)),
    )
