"""Join two hubs by a code of ten letters that one gives and the other types.

What is said here travels in the open; the proofs of `sync.join` make sure that nobody in between can put a key of his
own in. A code is good for one hub, for three days and for a few tries; it is kept only as the key it stands for.
"""

import hashlib
import json
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from content.errors import N_
from hub.errors import InputWrong, JoinRefused, LineDropped, PeerBusy
from hub.node import Node
from hub.tide import certificates, peers
from hub.tide.link import Link, checked_url
from sync import join as proofs
from sync.identity import HUB_ID

NAME = "join"
"""The message's name in the address of the door."""
BODY_BYTES_MAX = 2048
GOOD_MS = 3 * 86_400_000
TRIES = 5
LABEL = re.compile("[0-9a-f]{8}")
OPEN_MAX = 50
"""Codes that may be out at once."""
NAME_LETTERS_MAX = 60

NOT_REACHED = N_(
    "The hub at %(url)s could not be reached, so nothing was joined. Nothing was changed; look at the address and at"
    " the line, and join again with the same code."
)
BUSY = N_(
    "The hub at %(url)s is busy now, so nothing was joined. Nothing was changed; join again with the same code in a few"
    " minutes."
)

Carry = Callable[[str, bytes], bytes]


@dataclass(frozen=True)
class Invite:
    """A code that was just made, shown once; it ends at `ends_ms`."""

    code: str
    ends_ms: int


def invite(node: Node) -> Invite:
    """Make a code with which one hub can join this one. Raises InputWrong while too many are out."""
    code, now_ms = proofs.new_code(node.randomness), node.clock.now_ms()
    key = proofs.code_key(code, node.identity.hub_id)
    table = node.tables.Invite

    def work() -> None:
        table.delete().where((table.made_ms <= now_ms - GOOD_MS) | (table.made_ms > now_ms + GOOD_MS)).execute()
        if table.select().where(table.used_by == "").count() >= OPEN_MAX:
            raise InputWrong("Too many codes are out that nobody has used. Use one of them, or wait three days.")
        table.insert(id=_label(key), key=key.hex(), used_by="", made_ms=now_ms, tries=TRIES).execute()

    node.write(work)
    return Invite(code, now_ms + GOOD_MS)


def checked_code(text: str) -> str:
    """A code as it was typed, when it can be one. Raises InputWrong."""
    letters = text.strip().lower().replace("-", "").replace(" ", "")
    if len(letters) != proofs.CODE_LETTERS or set(letters) - set(proofs.LETTERS):
        raise InputWrong(
            "A code has ten letters, like abcde-fghjk, and never i, l, o, 0 or 1. Nothing was changed; look at it"
            " again."
        )
    return letters


def join(node: Node, *, url: str, code: str) -> peers.Peer:
    """Join the hub at `url` with the code it gave. Safe to repeat.

    Raises InputWrong, CodeWrong, JoinRefused, or what a link raises; then nothing was changed here. Where no line
    goes, nothing waits for a tide either, so this says that nothing was joined.
    """
    where, code = checked_url(url), checked_code(code)
    try:
        with closing(Link(where, randomness=node.randomness)) as link:
            return join_over(node, link, url=where, code=code)
    except LineDropped:
        raise LineDropped(NOT_REACHED, url=where) from None
    except PeerBusy:
        raise PeerBusy(BUSY, url=where) from None


def join_over(node: Node, carry: Carry, *, url: str, code: str) -> peers.Peer:
    """The same over any way of carrying messages."""
    ours = node.identity.hub_id
    server = _checked_hub(_read(carry(NAME, b"")))
    if server == ours:
        raise JoinRefused("That is this hub itself. Nothing was changed; type the address of the other one.")
    key = proofs.code_key(code, server)
    proof = proofs.client_proof(key, client=ours, server=server)
    asked = {"hub": ours, "name": node.name, "which": _label(key), "proof": proof.hex()}
    said = _read(carry(NAME, _packed(asked)))
    if not proofs.server_is_right(_proof(said), key, client=ours, server=server):
        raise JoinRefused(
            "The hub at that address did not give this code, so somebody may stand in between. Nothing was changed."
        )
    sends = ("public", "region") if said.get("role") == "region" and node.settings.role != "region" else ("public",)
    return _keep(node, hub=server, name=_name(said), url=url, sends=sends, takes=("public",))


def answer(node: Node, body: bytes) -> bytes:
    """What the inviting hub says: its id, or, to who proves to have a code of ours, its own proof.

    Raises JoinRefused.
    """
    ours = node.identity.hub_id
    if not body:
        return _packed({"hub": ours})
    asked = _read(body)
    client, shown = _checked_hub(asked), _proof(asked)
    certificates.check_may_join(node, client)
    key = node.write(lambda: _taken(node, _which(asked), client, shown))
    if key is None:
        raise JoinRefused("This code is not good, or is used up. Nothing was changed; ask for a new one.")
    is_region = node.settings.role == "region"
    _keep(node, hub=client, name=_name(asked), url="", sends=("public",), takes=_from_members(is_region))
    certificates.issue(node, hub=client, name=_name(asked) or client[:8])
    proof = proofs.server_proof(key, client=client, server=ours)
    return _packed({"hub": ours, "name": node.name, "role": node.settings.role, "proof": proof.hex()})


def _from_members(is_region: bool) -> tuple[str, ...]:
    return ("public", "region") if is_region else ("public",)


def _taken(node: Node, which: str, client: str, shown: bytes) -> bytes | None:
    """The key of a code that is good for this client, now taken by it; None otherwise. A wrong proof costs a try."""
    table, now_ms = node.tables.Invite, node.clock.now_ms()
    row = table.get_or_none(table.id == which)
    if row is None or not row.tries or row.used_by not in ("", client) or abs(now_ms - row.made_ms) > GOOD_MS:
        return None
    key = bytes.fromhex(row.key)
    is_right = proofs.client_is_right(shown, key, client=client, server=node.identity.hub_id)
    change = {"used_by": client} if is_right else {"tries": row.tries - 1}
    table.update(**change).where(table.id == which).execute()
    return key if is_right else None


def _keep(node: Node, *, hub: str, name: str, url: str, sends: tuple[str, ...], takes: tuple[str, ...]) -> peers.Peer:
    """Remember the peering; of one that stands already, the address stays unless there is a new one."""
    standing, now_ms = peers.peer(node, hub), node.clock.now_ms()
    made = peers.Peer(
        hub=hub,
        name=name or hub[:8],
        url=url or (standing.url if standing else ""),
        sends=_united(standing.sends if standing else (), sends),
        takes=_united(standing.takes if standing else (), takes),
        joined_ms=standing.joined_ms if standing else now_ms,
        seen_ms=now_ms,
    )
    peers.keep(node, made)
    return made


def _united(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({*first, *second}))


def _label(key: bytes) -> str:
    """Which of our codes is meant: tells no more of the key than the proofs do."""
    return hashlib.sha256(b"mangrove join which " + key).hexdigest()[:8]


def _read(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body) if len(body) <= BODY_BYTES_MAX else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise JoinRefused("That is not how hubs join each other. Nothing was changed; look at the address again.")
    return found


def _checked_hub(said: dict[str, Any]) -> str:
    hub = said.get("hub")
    if not isinstance(hub, str) or not HUB_ID.fullmatch(hub):
        raise JoinRefused("That is not how hubs join each other. Nothing was changed; look at the address again.")
    return hub


def _which(asked: dict[str, Any]) -> str:
    """Which of our codes is meant; '' for what is no label."""
    which = asked.get("which")
    return which if isinstance(which, str) and LABEL.fullmatch(which) else ""


def _proof(said: dict[str, Any]) -> bytes:
    try:
        return bytes.fromhex(said["proof"])
    except (KeyError, TypeError, ValueError):
        raise JoinRefused("A proof of the code is missing. Nothing was changed; try once more.") from None


def _name(said: dict[str, Any]) -> str:
    """What the other hub calls itself, fit to be shown."""
    name = said.get("name")
    letters = name if isinstance(name, str) else ""
    return "".join(letter for letter in letters if letter.isprintable())[:NAME_LETTERS_MAX].strip()


def _packed(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
