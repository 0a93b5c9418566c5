"""The list of what was forgotten, in a file beside the key: no database and no backup of one carries it.

It holds hashes, names of streams, numbers and signatures, and nobody's name. An older database that comes back is held
against it before the hub serves pages, so that nobody comes back with it. A line is written before anything is erased,
and one with all that was erased after it; a cut in between is seen at the next start, and the rest is done.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from hub import own_keys
from sync import erasing
from sync.erasing import Said
from sync.errors import BatchWrong
from sync.identity import alone, replace_file

NAME = "erased"
"""The file in the folder of keys."""


def marks(home: Path) -> set[bytes]:
    """What names the people who were forgotten here, and tells nobody who they were."""
    return {bytes.fromhex(each["person"]) for each in _lines(home) if "person" in each}


def said(home: Path) -> list[Said]:
    """All that was erased: the audience that was told, and of what."""
    found = []
    for each in _lines(home):
        if "audience" in each:
            found.append((str(each["audience"]), erasing.read(str(each["said"]).encode())))
    return found


def intend(home: Path, mark: bytes) -> None:
    """Write down that a person is to be forgotten. Safe from a power cut."""
    _add(home, [{"person": mark.hex()}])


def note(home: Path, erased: Sequence[Said]) -> None:
    """Write down what was erased. Safe from a power cut."""
    _add(home, ({"audience": audience, "said": each.payload().decode()} for audience, each in erased))


def _add(home: Path, lines: Iterable[dict[str, str]]) -> None:
    path = home / own_keys.FOLDER / NAME
    with alone(path.parent) as folder:
        standing = _texts(path)
        fresh = [json.dumps(each, separators=(",", ":")) for each in lines]
        whole = dict.fromkeys([*standing, *fresh])
        if len(whole) > len(standing):
            replace_file(path, "".join(f"{text}\n" for text in whole).encode(), folder)


def _texts(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return []


def _lines(home: Path) -> list[dict[str, str]]:
    """Every line that can be read; a damaged one says nothing."""
    found = []
    for text in _texts(home / own_keys.FOLDER / NAME):
        try:
            each = json.loads(text)
            if "audience" in each:
                erasing.read(str(each["said"]).encode())
            found.append(each)
        except (ValueError, KeyError, TypeError, BatchWrong):
            continue
    return found
