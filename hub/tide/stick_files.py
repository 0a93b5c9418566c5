"""The files of bundles that lie on a stick: which there are, the parts in them, and what anybody can read of those."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from content import outside
from hub.tide.stick_out import SUFFIX, numbered
from sync import part
from sync.errors import SyncError
from sync.part import Cover, Note

FILES_MAX = 1000
"""Files of one bundle that are looked for beside the first."""
HEARD_MAX = 5000
"""Words of delivery that are listened to at once; a hub writes at most 64 of them into a bundle."""


def files(place: Path) -> list[Path]:
    """The files of a bundle by its first one, in order; those in a folder by name, but for `nameless` ones."""
    if place.is_dir():
        return [path for path in _in_folder(place) if outside.is_text(path.name)][:FILES_MAX]
    further = (numbered(place, number) for number in range(2, FILES_MAX))
    return [place, *_standing(further)] if outside.is_plain(place) else []


def nameless(place: Path) -> int:
    """How many bundles in a folder have a name that cannot be written down."""
    return sum(not outside.is_text(path.name) for path in _in_folder(place)) if place.is_dir() else 0


def read_parts(path: Path) -> Iterator[bytes]:
    """The parts in a file, one in memory at a time. Raises PartWrong, VersionUnknown or OSError."""
    with outside.opened(path) as file:
        while front := file.read(part.FRONT_BYTES):
            data = front + file.read(part.size_of(front))
            yield data


def recipient(path: Path) -> str:
    """Whom the first part of a file is for; "" where that cannot be read."""
    with suppress(OSError, SyncError):
        return next((cover.recipient for cover in _covers(path)), "")
    return ""


def heard(paths: Iterable[Path]) -> dict[str, Note]:
    """What the covers in files say has come where it was to go, by the bundle. Whether that is so is not looked at."""
    found = dict[str, Note]()
    for path in paths:
        with suppress(OSError, SyncError):
            for cover in _covers(path):
                found |= {note.bundle: note for note in cover.notes}
                if len(found) >= HEARD_MAX:
                    return found
    return found


def _covers(path: Path) -> Iterator[Cover]:
    """The covers of the parts in a file; what they cover is passed over. Raises as `read_parts`, and MessageWrong."""
    with outside.opened(path) as file:
        while head := file.read(part.COVER_BYTES_MAX):
            yield part.glance(head)
            file.seek(part.FRONT_BYTES + part.size_of(head[: part.FRONT_BYTES]) - len(head), 1)


def _in_folder(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix == SUFFIX and outside.is_plain(path))


def _standing(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        if not outside.is_plain(place):
            return
        yield place
