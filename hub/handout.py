"""Write a file for somebody outside the hub: it is there whole, or not at all; after a power cut too."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from content import outside
from content.disk import Disk
from hub.errors import InputWrong


def write(to: Path, text: str) -> None:
    """Write `text` into the file `to`, in UTF-8 and with its own ends of lines; see `opened`."""
    stream(to, [text.encode()])


def stream(to: Path, pieces: Iterable[bytes]) -> None:
    """Write pieces into the file `to` as they are made: no more than one is in memory; see `opened`."""
    with opened(to) as file:
        file.writelines(pieces)


@contextmanager
def opened(to: Path) -> Iterator[BinaryIO]:
    """A file to write into, which takes the name `to` when the block ends well.

    A pipe or a device is written to as it is. Raises InputWrong when the file cannot be written; what stood there
    stays then, as it does when the block breaks, and nothing is left beside it.
    """
    disk, draft = Disk(), to.with_name(f".{to.name}.part")
    try:
        if to.exists() and not to.is_file():
            with to.open("wb") as device:
                yield device
            return
        try:
            with outside.new(draft) as file:
                yield file
            disk.sync_file(draft)
            disk.rename(draft, to)
            disk.sync_folder(to.parent)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as mistake:
        raise InputWrong(
            f"{to} cannot be written ({mistake.strerror}). The hub is as it was; choose another place."
        ) from None
