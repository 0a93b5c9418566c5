"""What lies in `keys/`: who this hub is, under which made-up names its people go out, and what signs its cookies.

All are made once, together with the home. Of the first two no other can take the place: a lost one is never made anew
while a hub is opened, because that would be another hub over the same people. The key of cookies can be: everybody
signs in once more.
"""

import logging
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from content.disk import Disk
from sync.errors import KeyUnreadable
from sync.identity import KEY_NAME, SEED_BYTES, Identity, make_key, read_key

LOG = logging.getLogger("mangrove")
FOLDER = "keys"
COOKIES, PSEUDONYMS = "cookies", "pseudonyms"
SECRET_BYTES = 32
PRIVATE_MODE = 0o700


@dataclass(frozen=True)
class OwnKeys:
    """The keys of an open hub; those of pseudonyms are read by whoever publishes (`pseudonyms`)."""

    identity: Identity
    cookies: bytes


def make(home: Path) -> None:
    """Make the folder of keys with all keys in it, whole or not at all, unless it is there already.

    It is safe from a power cut before anything is said under these keys.
    """
    folder = home / FOLDER
    if not folder.is_dir():
        with tempfile.TemporaryDirectory(prefix=f"{FOLDER}-", dir=home) as draft:
            keys = Path(draft) / FOLDER
            keys.mkdir(mode=PRIVATE_MODE)
            fill(keys)
            with suppress(OSError):  # another process was first
                keys.rename(folder)
        Disk().sync_folder(home)
    folder.chmod(PRIVATE_MODE)


def fill(folder: Path) -> None:
    """Make every key that is not in the folder: for a new hub, and for one that somebody lets go on as a new hub."""
    Identity.load_or_create(folder)
    for name in (COOKIES, PSEUDONYMS):
        make_key(folder / name, SECRET_BYTES)


def load(home: Path) -> OwnKeys:
    """The keys in a home, of which those of cookies may be made anew. Raises KeyUnreadable."""
    identity, cookies = Identity.load(home / FOLDER), home / FOLDER / COOKIES
    pseudonyms(home)
    try:
        read_key(cookies, SECRET_BYTES)
    except KeyUnreadable:
        LOG.warning("The key of cookies was lost or damaged and is made anew; everybody signs in once more.")
        cookies.unlink(missing_ok=True)
        make_key(cookies, SECRET_BYTES)
    return OwnKeys(identity, read_key(cookies, SECRET_BYTES))


def look(home: Path) -> OwnKeys:
    """The keys in a home, changing nothing: its marks are not touched either. Raises KeyUnreadable."""
    folder = home / FOLDER
    seed = read_key(folder / KEY_NAME, SEED_BYTES)
    pseudonyms(home)
    cookies = b""
    with suppress(KeyUnreadable):
        cookies = read_key(folder / COOKIES, SECRET_BYTES)
    return OwnKeys(Identity(seed), cookies)


def hub_id(home: Path) -> str:
    """Whose the keys in a home are. Raises KeyUnreadable."""
    return Identity.load(home / FOLDER).hub_id


def pseudonyms(home: Path) -> bytes:
    """The key of this hub's pseudonyms. Without it a pseudonym leads to nobody. Raises KeyUnreadable."""
    return read_key(home / FOLDER / PSEUDONYMS, SECRET_BYTES)
