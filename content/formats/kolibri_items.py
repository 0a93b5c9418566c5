"""The things of a Kolibri channel as items of ours, one maker for each kind of file.

Each thing gets a folder of its own, named by its node, and its files in it under plain names. What was unfolded is also
kept as it came, below `original/`, so that the channel can be given out again byte for byte.
"""

import hashlib
import io
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from content import authored
from content.archive import is_litter, top_folder
from content.draft import Draft, Origin, Stream, head, loose_file, pieces, read_small
from content.errors import ContentError, PackageDamaged
from content.formats import (
    audio,
    epub,
    h5p,
    h5p_libraries,
    html5_zip,
    outlines,
    pdf,
    perseus,
    pictures,
    qti_package,
    quizzes,
    video,
    zim,
)
from content.formats import kolibri_words as words
from content.formats.kolibri_database import Node, Stored
from content.formats.kolibri_folder import STORAGE
from content.formats.zips import Zips
from content.limits import MIB, Limits
from content.package import MINUTES_MAX, ORIGINAL, Item, Manifest, is_language
from content.question import Quiz

COVER_BYTES_MAX = 2 * MIB
HELD_BYTES_MAX = 64 * MIB
"""Pictures and sounds of all packages of QTI in one channel: they are held in memory until it stands on the shelf."""
CAPTIONS_PRESET = "video_subtitle"

Made = tuple[list[Item], dict[str, Origin]]


class _Unfit(Exception):
    """A thing that is left out; its text is the phrase that says why."""


@dataclass
class Making:
    """What has been made so far of one channel; `manifest` has no items yet.

    `names` tells which path holds which file of the storage.
    """

    storage: Path
    limits: Limits
    manifest: Manifest
    counts: words.Counts = field(default_factory=words.Counts)
    items: list[Item] = field(default_factory=list)
    origins: dict[str, Origin] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    held_bytes: int = 0

    def __post_init__(self) -> None:
        self.zips = Zips(self.limits)

    def take(self, node: Node, topics: tuple[str, ...]) -> None:
        """Make the items of a node, or note why there are none."""
        try:
            items, origins = self._made(node)
        except _Unfit as problem:
            self.counts.add(str(problem))
            return
        except ContentError:
            self.counts.add(words.DAMAGED)
            return
        cover = self._cover(node)
        told = Item(node.id, "", "", "", min(MINUTES_MAX, math.ceil(node.seconds / 60)), (), cover, topics=topics)
        for each in items:
            self.items.append(
                replace(
                    told,
                    id=each.id,
                    kind=each.kind,
                    title=each.title or node.title,
                    path=each.path,
                    picture=cover or each.picture,
                    summary=node.description,
                    source_id=node.content_id,
                    facilitators_only=node.is_for_coaches,
                )
            )
        self.origins |= origins
        if is_language(node.language) and node.language != self.manifest.language:
            self.counts.add(words.LANGUAGES)

    def hold(self, size_bytes: int) -> None:
        """Count what is held in memory until the channel stands. Raises _Unfit when that is too much."""
        if self.held_bytes + size_bytes > HELD_BYTES_MAX:
            raise _Unfit(words.FULL)
        self.held_bytes += size_bytes

    def file(self, stored: Stored, path: str) -> Origin:
        """A file of the storage under its path here, its MD5 compared while it is copied.

        Raises _Unfit, PackageUnsafe.
        """
        found = self.there(stored)
        if found is None:
            raise _Unfit(words.MISSING)
        self.names[path] = stored.name
        return replace(found, open=lambda: _Compared(found.open(), stored, self.manifest.title))

    def place(self, stored: Stored) -> Path:
        """Where a file of the storage lies."""
        return self.storage / stored.md5[0] / stored.md5[1] / stored.name

    def there(self, stored: Stored) -> Origin | None:
        """A file of the storage as it lies there; None when it does not, or has another size than the channel says."""
        try:
            found = loose_file(self.place(stored), package=self.manifest.title)
        except OSError:
            return None
        return found if stored.size in (None, found.size) and found.size else None

    def _made(self, node: Node) -> Made:
        """Raises _Unfit, ContentError."""
        for stored in node.files:
            if make := MAKERS.get(stored.preset):
                return make(self, node, stored)
        for stored in node.files:
            if stored.preset in words.NO_PLAYER:
                raise _Unfit(words.NO_PLAYER[stored.preset])
        if not [each for each in node.files if not each.is_thumbnail and each.preset != CAPTIONS_PRESET]:
            raise _Unfit(words.MISSING)
        raise _Unfit(words.OTHER)

    def _cover(self, node: Node) -> str:
        """The thumbnail of a node; a broken one is passed over, as its thing is what counts."""
        for stored in node.files:
            if not (stored.is_thumbnail or stored.preset.endswith("_thumbnail")) or not outlines.named(stored.name):
                continue
            path, found = f"covers/{node.id}.{stored.ending}", self.there(stored)
            is_small = found is not None and found.size <= COVER_BYTES_MAX
            if is_small and outlines.kind(head(self.place(stored), outlines.HEAD_BYTES)) == outlines.named(path):
                self.origins[path] = self.file(stored, path)
                return path
        return ""


class _Compared:
    """A file whose bytes must have the MD5 that its name says; told at its end. Raises PackageDamaged."""

    def __init__(self, file: Stream, stored: Stored, package: str) -> None:
        self._file, self._stored, self._package = file, stored, package
        self._hasher = hashlib.md5(usedforsecurity=False)

    def read(self, size: int) -> bytes:
        """At most `size` bytes, none at the end."""
        piece = self._file.read(size)
        self._hasher.update(piece)
        if not piece and self._hasher.hexdigest() != self._stored.md5:
            why = f"{self._stored.name} is not what its name says; where that file is taken away, the rest can come"
            raise PackageDamaged(package=self._package, why=why)
        return piece

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def written(data: bytes) -> Origin:
    """A file that was made here."""
    return Origin(open=lambda: io.BytesIO(data), size=len(data))


def _film(making: Making, node: Node, stored: Stored) -> Made:
    sizes = {each.preset: each for each in node.files if making.there(each)}
    low, high = sizes.get("low_res_video"), sizes.get("high_res_video")
    chosen = low or high or stored
    _check_kind(making, chosen, video.recognise)
    if low and high:
        making.counts.add(words.SMALLER)
    path = f"{node.id}/film.{chosen.ending}"
    origins = {path: making.file(chosen, path), **_captions(making, node)}
    return [Item(node.id, "video", "", path)], origins


def _captions(making: Making, node: Node) -> dict[str, Origin]:
    """The captions of a film, one for each language."""
    found: dict[str, Origin] = {}
    for each in node.files:
        if each.preset != CAPTIONS_PRESET or each.ending != "vtt":
            continue
        if making.there(each) is None:
            making.counts.add(words.CAPTIONS)
            continue
        path = f"{node.id}/film.{each.language}.vtt" if is_language(each.language) else f"{node.id}/film.vtt"
        if path not in found:
            found[path] = making.file(each, path)
    return found


def _single(kind: str, name: str, recognise: Callable[[Path], bool]) -> Callable[[Making, Node, Stored], Made]:
    """The maker of things that are one file."""

    def make(making: Making, node: Node, stored: Stored) -> Made:
        _check_kind(making, stored, recognise)
        path = f"{node.id}/{name}.{stored.ending}"
        return [Item(node.id, kind, "", path)], {path: making.file(stored, path)}

    return make


def _check_kind(making: Making, stored: Stored, recognise: Callable[[Path], bool]) -> None:
    if making.there(stored) is None:
        raise _Unfit(words.MISSING)
    if not recognise(making.place(stored)):
        raise _Unfit(words.DAMAGED)


def _unfolded(making: Making, node: Node, stored: Stored) -> tuple[Mapping[str, Origin], dict[str, Origin]]:
    """The files in a zip by their names in it, and the zip itself as it is kept. Raises _Unfit, ContentError."""
    kept = f"{ORIGINAL}/{STORAGE}/{stored.name}"
    whole = {kept: making.file(stored, kept)}
    # Its MD5 is compared before anything is read out of it: what is made of it is not compared later.
    for _piece in pieces(whole[kept], path=stored.name, package=making.manifest.title):
        pass
    found = making.zips.origins(making.place(stored))
    return {name: origin for name, origin in found.items() if not is_litter(name)}, whole


def _book(making: Making, node: Node, stored: Stored) -> Made:
    inner, whole = _unfolded(making, node, stored)
    if epub.CONTAINER not in inner:
        raise _Unfit(words.DAMAGED)
    path = f"{node.id}/{epub.start(inner, making.manifest.title)}"
    return [Item(node.id, "book", "", path)], {**_below(node, inner), **whole}


def _activity(making: Making, node: Node, stored: Stored) -> Made:
    inner, whole = _unfolded(making, node, stored)
    first = html5_zip.start(inner)
    if first is None:
        raise _Unfit(words.DAMAGED)
    return [Item(node.id, "html5", "", f"{node.id}/{first}")], {**_below(node, inner), **whole}


def _task(making: Making, node: Node, stored: Stored) -> Made:
    """An H5P content, with what of it cannot work here."""
    inner, whole = _unfolded(making, node, stored)
    taken = h5p.taken(inner, making.manifest.title)
    loaded = h5p_libraries.load(h5p.inside_of(taken, making.manifest.title))
    for each in h5p.unfit(loaded, making.manifest.title):
        making.counts.add(each.what)
    cover = h5p.cover(loaded, taken, making.manifest.title)
    item = Item(node.id, h5p.KIND, "", f"{node.id}/{h5p_libraries.ABOUT}", picture=cover and f"{node.id}/{cover}")
    return [item], {**_below(node, taken), **whole}


def _encyclopaedia(making: Making, node: Node, stored: Stored) -> Made:
    """A ZIM file, which stays one file, with the picture that it has of itself."""
    _check_kind(making, stored, zim.recognise)
    cover = zim.looked_into(making.place(stored))
    path, picture = f"{node.id}/{zim.FILE_NAME}", f"{node.id}/{zim.COVER_NAME}"
    origins = {path: making.file(stored, path), **({picture: written(cover)} if cover else {})}
    return [Item(node.id, zim.KIND, "", path, picture=picture if cover else "")], origins


def _questions(making: Making, node: Node, stored: Stored) -> Made:
    """A package of QTI: a quiz of ours for each of its parts."""
    inner, whole = _unfolded(making, node, stored)
    language = node.language if is_language(node.language) else making.manifest.language
    top = len(top_folder(inner))
    found = qti_package.questions(Path(f"{node.id}.{language}.x"), {path[top:]: each for path, each in inner.items()})
    making.hold(found.media_bytes)
    asked = {name: tuple(questions) for name, questions in found.questions.items() if questions}
    items, files = [], dict(found.files)
    for number, (name, questions) in enumerate(asked.items(), start=1):
        title = name if len(asked) > 1 else ""
        path = f"{node.id}/quiz-{number}.toml"
        files[path] = authored.quiz(Quiz((title or node.title)[: quizzes.TITLE_CHARS_MAX], questions))
        items.append(Item(node.id if number == 1 else f"{node.id}-{number}", "quiz", title, path))
    for each in found.notes.left_out():
        making.counts.add(each.what, len(each.places))
    if not items:
        raise _Unfit(words.DAMAGED)
    return items, {**whole, **quizzes.origins(files)}


def _below(node: Node, inner: Mapping[str, Origin]) -> dict[str, Origin]:
    return {f"{node.id}/{name}": origin for name, origin in inner.items()}


def _album(making: Making, node: Node, stored: Stored) -> Made:
    """A slideshow: its list names pictures by their MD5 and says what there is to see."""
    kept = f"{ORIGINAL}/{STORAGE}/{stored.name}"
    whole = making.file(stored, kept)
    by_md5 = {each.md5: each for each in node.files if each.preset == "slideshow_image"}
    origins, missing = {kept: whole}, 0
    told: list[tuple[str, str]] = []
    for slide in _slides(read_small(whole, path=stored.name, package=node.title, limit=making.limits.text_bytes)):
        picture = by_md5.get(str(slide.get("checksum")))
        if picture is None or making.there(picture) is None:
            missing += 1
            continue
        path = f"{node.id}/{len(told) + 1}.{picture.ending}"
        origins[path] = making.file(picture, path)
        caption = " ".join(str(slide.get("caption") or slide.get("descriptive_text") or "").split())
        told.append((path, caption[: pictures.CAPTION_CHARS_MAX]))
    if not told:
        raise _Unfit(words.MISSING)
    lines = "".join(f"{path.rpartition('/')[2]}\t{caption}\n" for path, caption in told)
    origins[f"{node.id}/{pictures.CAPTIONS}"] = written(lines.encode())
    item = Item(node.id, pictures.KIND, "", told[0][0], picture=told[0][0])
    pictures.check(Draft(making.manifest, origins), item, making.limits)
    making.counts.add(words.MISSING, missing)
    return [item], origins


def _slides(data: bytes) -> list[dict[str, object]]:
    try:
        values = json.loads(data)
    except (ValueError, RecursionError):
        raise _Unfit(words.DAMAGED) from None
    found = values.get("slideshow_data") if isinstance(values, dict) else None
    slides = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return sorted(slides, key=lambda each: each["sort_order"] if isinstance(each.get("sort_order"), int | float) else 0)


def _exercise(making: Making, node: Node, stored: Stored) -> Made:
    """A quiz of the questions that are ours, and a page that tells the others."""
    inner, whole = _unfolded(making, node, stored)
    language = node.language if is_language(node.language) else making.manifest.language
    found = perseus.read(inner, folder=node.id, title=node.title, language=language)
    items, origins = [], {**whole, **found.pictures}
    if found.questions:
        path = f"{node.id}/quiz.toml"
        origins[path] = written(authored.quiz(Quiz(node.title[:200], tuple(found.questions))))
        items.append(Item(node.id, "quiz", "", path))
    if found.page:
        path = f"{node.id}/questions.md"
        origins[path] = written(found.page.encode())
        items.append(Item(f"{node.id}-told" if items else node.id, "lesson", "", path))
    if not items:
        raise _Unfit(words.DAMAGED)
    making.counts.add(words.TOLD, found.told)
    for each in found.notes.left_out():
        making.counts.add(each.what, len(each.places))
    return items, origins


MAKERS: dict[str, Callable[[Making, Node, Stored], Made]] = {
    "high_res_video": _film,
    "low_res_video": _film,
    "audio": _single("audio", "sound", audio.recognise),
    "document": _single("pdf", "document", pdf.recognise),
    "epub": _book,
    "html5_zip": _activity,
    "h5p": _task,
    "slideshow_manifest": _album,
    "exercise": _exercise,
    "qti": _questions,
    "zim": _encyclopaedia,
}
"""Preset of a file → what its node becomes. A new player is one more line here, and one less in `words.NO_PLAYER`."""
