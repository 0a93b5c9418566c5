"""An authoring folder: `package.toml` with lessons, quizzes, pictures and sounds beside it.

Zipped is fine too.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from content import captions
from content.archive import Archive, is_litter, is_zip, names, top_folder
from content.draft import Draft, Origin, loose_file, read_small
from content.errors import N_, ManifestWrong, PackageTooLarge
from content.fields import Fields
from content.limits import Limits
from content.package import Manifest, build
from content.paths import check_path

PAGE = "package.toml"

_FIELDS = (
    *("id", "work", "version", "title", "summary", "language", "licence", "author", "reviewed_by", "level"),
    *("audience", "cover", "sdg", "competency", "item", "published", "keywords", "sound"),
    *("minutes", "use", "role", "abilities", "needs"),
)


def recognise(source: Path) -> bool:
    """Whether `source` is an authoring folder, or a zip of one."""
    if source.is_dir():
        return (source / PAGE).is_file()
    if not is_zip(source):
        return False
    paths = names(source)
    return top_folder(paths) + PAGE in paths


def describe(source: Path, limits: Limits) -> Draft:
    """Describe an authoring folder. Raises ManifestWrong, PackageUnsafe, PackageTooLarge and kin."""
    if source.is_dir():
        return _draft(dict(walk(source, limits)), source.name, limits)
    archive = Archive(source, limits)
    with archive.kept_open():
        draft = _draft(archive.below(top_folder(archive.origins)), source.name, limits)
    return replace(draft, close=archive.close)


def _draft(origins: Mapping[str, Origin], name: str, limits: Limits) -> Draft:
    kept = {path: origin for path, origin in origins.items() if not is_litter(path)}
    page = read_small(kept.pop(PAGE), path=PAGE, package=name, limit=limits.text_bytes)
    return captions.checked(Draft(manifest=_manifest(page, limits), origins=MappingProxyType(kept)))


def _manifest(page: bytes, limits: Limits) -> Manifest:
    try:
        values = tomllib.loads(page.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        raise ManifestWrong(where=PAGE, why="it is not text in UTF-8") from problem
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise ManifestWrong(where=PAGE, why=f"it is not readable TOML ({problem})") from problem
    fields = Fields(values, PAGE, ManifestWrong)
    fields.only(*_FIELDS)
    return build(fields, source_format="folder", limits=limits)


def walk(top: Path, limits: Limits) -> Iterator[tuple[str, Origin]]:
    """Every plain file below `top`, never following a link; stops early when there are too many.

    Raises PackageUnsafe, PackageTooLarge.
    """
    waiting = [(top, "")]
    count = 0
    while waiting:
        folder, prefix = waiting.pop()
        for entry in sorted(folder.iterdir()):
            path = prefix + entry.name
            if is_litter(entry.name):
                continue
            check_path(path, package=top.name, limits=limits)
            if entry.is_dir() and not entry.is_symlink():
                waiting.append((entry, f"{path}/"))
                continue
            count += 1
            if count > limits.files:
                found = f"{count} or more"
                raise PackageTooLarge(package=top.name, what=N_("its number of files"), found=found, limit=limits.files)
            yield path, loose_file(entry, package=top.name)
