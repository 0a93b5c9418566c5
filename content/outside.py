"""Files outside the home, as on a stick that anybody filled: a link is never followed, neither to read nor to write.

A link there could lead to any file that the hub's user may read or write. So a name stands for a plain file or folder,
or is refused with an OSError whose words say why.
"""

import errno
import os
import stat
import unicodedata
from io import BufferedReader, BufferedWriter
from pathlib import Path

from content.errors import N_

NOT_PLAIN = N_("it is a link or a device, not a file")
NO_FOLDER = N_("it is a link or a file, not a folder")
MODE = 0o666
"""Who may read a new file, as the mask of the process leaves it."""

JOINERS = "\u200c\u200d"
"""Letters that show nothing, and without which Hindi and Persian are not written right."""


def is_plain(path: Path) -> bool:
    """Whether a plain file lies there: no link, no device and no folder."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def is_text(name: str) -> bool:
    """Whether a name on a disk can be written down: shown on a page, sent, kept."""
    return not any(_is_unsayable(letter) for letter in name)


def readable(name: str) -> str:
    """A name for people to read, with a sign for each letter that cannot be written down."""
    return "".join("\ufffd" if _is_unsayable(letter) else letter for letter in name)


def opened(path: Path) -> BufferedReader:
    """A plain file to read from. Raises OSError for anything else, also where it took a file's place just now."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as mistake:
        raise _not_plain(path) if mistake.errno == errno.ELOOP else mistake from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise _not_plain(path)
    return os.fdopen(handle, "rb")


def new(path: Path, mode: int = MODE) -> BufferedWriter:
    """A new file to write into; what had its name is deleted, of a link the link alone. Raises OSError."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode), "wb")


def check_folder(path: Path) -> None:
    """Whether a folder lies there. Raises OSError for a link to one."""
    if not stat.S_ISDIR(path.lstat().st_mode):
        raise NotADirectoryError(errno.ENOTDIR, NO_FOLDER, str(path))


def _is_unsayable(letter: str) -> bool:
    """Whether it is a control, turns what follows round, or stands for a byte that is no UTF-8."""
    return not (letter.isprintable() or letter in JOINERS or unicodedata.category(letter) == "Zs")


def _not_plain(path: Path) -> OSError:
    return OSError(errno.ELOOP, NOT_PLAIN, str(path))
