"""The files of a package that comes as a folder, a zip or a tar: by path, from the one folder that holds them all."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from content.archive import Archive, is_litter, is_zip, names, top_folder
from content.draft import Origin, nothing_to_close
from content.formats.folder import walk
from content.limits import Limits
from content.tape import Tape

Close = Callable[[], None]


@contextmanager
def unfolded(source: Path, limits: Limits) -> Iterator[tuple[Mapping[str, Origin], Close]]:
    """The files, and what lets go of them, which is done here only when something goes wrong.

    Raises PackageUnsafe, PackageTooLarge, PackageDamaged, PackageLocked.
    """
    origins, close = _opened(source, limits)
    try:
        top = top_folder(origins)
        yield {path[len(top) :]: each for path, each in origins.items() if not is_litter(path)}, close
    except BaseException:
        close()
        raise


def has(source: Path, path: str) -> bool:
    """Whether a folder or a zip holds a file at that path, in the one folder that holds everything."""
    if source.is_dir():
        return (source / path).is_file()
    if not is_zip(source):
        return False
    found = names(source)
    return f"{top_folder(found)}{path}" in found


def _opened(source: Path, limits: Limits) -> tuple[Mapping[str, Origin], Close]:
    if source.is_dir():
        return dict(walk(source, limits)), nothing_to_close
    opened = Archive(source, limits) if is_zip(source) else Tape(source, limits)
    return opened.origins, opened.close
