"""Find out what a file of people is: a OneRoster export (zip, folder or its `users.csv`) or a plain CSV."""

import io
import zipfile
import zlib
from pathlib import Path

from content.outside import is_plain
from hub.errors import InputWrong
from hub.people.lists import oneroster, plain, rows
from hub.people.lists.intake import Intake

ZIP_FILES_MAX = 100


def open_path(path: Path) -> Intake:
    """What stands in a file or folder. Raises InputWrong, or ListWrong for wrong rows."""
    try:
        return _opened(path)
    except OSError as mistake:
        raise InputWrong(
            "%(file)s cannot be read: %(why)s. Nothing was changed.", file=path, why=mistake.strerror
        ) from None


def _opened(path: Path) -> Intake:
    if path.is_dir():
        return oneroster.read({name: _bytes(path / name) for name in oneroster.FILES if is_plain(path / name)})
    data = _bytes(path)
    if _is_oneroster(path.name, data):
        beside = {name: _bytes(path.parent / name) for name in oneroster.FILES if is_plain(path.parent / name)}
        return oneroster.read({**beside, "users.csv": data})
    return open_data(path.name, data)


def open_data(name: str, data: bytes) -> Intake:
    """What stands in the bytes of one file that was sent."""
    if data.startswith(b"PK\x03\x04"):
        return oneroster.read(_unzipped(name, data))
    if _is_oneroster(name, data):
        return oneroster.read({"users.csv": data})
    return plain.read(name, data)


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(rows.BYTES_MAX + 1)


def _is_oneroster(name: str, data: bytes) -> bool:
    return not data.startswith(b"PK") and oneroster.is_oneroster(rows.read(name, data)[0])


def _unzipped(name: str, data: bytes) -> dict[str, bytes]:
    """The known files of a zip, each read up to the limit, whatever its heading says of its size."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [each for each in archive.infolist() if each.filename.rsplit("/", 1)[-1] in oneroster.FILES]
            if len(archive.infolist()) > ZIP_FILES_MAX:
                raise InputWrong(
                    "%(file)s has more than %(most)s files. Nothing was changed.", file=name, most=ZIP_FILES_MAX
                )
            return {each.filename.rsplit("/", 1)[-1]: _member(archive, each) for each in members}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error) as mistake:
        raise InputWrong(
            "%(file)s is a damaged or locked zip (%(why)s). Nothing was changed.", file=name, why=mistake
        ) from None


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as file:
        return file.read(rows.BYTES_MAX + 1)
