"""The key that bundles for a hub are sealed to: ours, kept beside the hub's own key and told in the public record."""

import re
from pathlib import Path

from hub import own_keys
from hub.node import Node
from sync import keyring
from sync.keyring import Keyring

KEY = re.compile("[0-9a-f]{64}")


def ring(node: Node) -> Keyring:
    """Our sealing keys as they are to be today: made when there are none, turned each year."""
    return keyring.current(
        _folder(node), now_ms=node.clock.now_ms(), quality=node.clock.quality, randomness=node.randomness
    )


def tell(node: Node) -> None:
    """Say in the hub's record which key is to be sealed to, when it says another. Safe to repeat."""
    key, hub = ring(node).public.hex(), node.identity.hub_id
    row = node.tables.Hub.get_or_none(node.tables.Hub.id == hub)
    if row is not None and row.sealing != key:
        node.write(lambda: node.change("hub", hub, sealing=key))


def key_of(node: Node, hub: str) -> bytes | None:
    """The key that another hub told; None where it has told none yet."""
    row = node.tables.Hub.get_or_none(node.tables.Hub.id == hub)
    return bytes.fromhex(row.sealing) if row is not None and KEY.fullmatch(row.sealing) else None


def _folder(node: Node) -> Path:
    return node.home / own_keys.FOLDER
