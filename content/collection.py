"""A collection as its publisher signs it: a named, ordered list of packages, each with the digest of its manifest.

The signature is over the canonical bytes; who makes and checks signatures is not known here. Versions count up by
one with each publication; there is no date in it, since many machines have no clock that can be believed.
"""

import json
import re
from dataclasses import asdict, dataclass
from functools import cached_property

from content.errors import CollectionWrong
from content.fields import Fields
from content.package import VERSION_MAX, Manifest, is_id, is_language, is_sha256

FORMAT = 1
PACKAGES_MAX = 500
TEXT_BYTES_MAX = 256 * 1024
TITLE_MAX = 80
SUMMARY_MAX = 500
SIZE_MAX = 2**56

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HUB = re.compile(r"[a-z2-7]{52}")


@dataclass(frozen=True)
class Listed:
    """One package of a collection.

    `digest` is that of its manifest; `chunks` is the SHA-256 of the page with the hashes of its long files' chunks, ""
    when it has no long file.
    """

    id: str
    title: str
    language: str
    licence: str
    version: int
    files: int
    size: int
    digest: str
    chunks: str = ""


@dataclass(frozen=True)
class Collection:
    """One edition of a collection; `publisher` is the id of the hub that signs it."""

    id: str
    publisher: str
    version: int
    title: str
    summary: str
    packages: tuple[Listed, ...]

    @property
    def size_bytes(self) -> int:
        """All its packages together."""
        return sum(each.size for each in self.packages)

    @property
    def languages(self) -> tuple[str, ...]:
        """Each language in it once."""
        return tuple(sorted({each.language for each in self.packages}))

    @cached_property
    def text(self) -> bytes:
        """The bytes that are signed."""
        values = {"mangrove": FORMAT, **asdict(self), "size": self.size_bytes}
        return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def listed(manifest: Manifest, *, chunks: str) -> Listed:
    """A package as a collection names it."""
    return Listed(
        id=manifest.id,
        title=manifest.title,
        language=manifest.language,
        licence=manifest.licence,
        version=manifest.version,
        files=len(manifest.files),
        size=manifest.size_bytes,
        digest=manifest.digest,
        chunks=chunks,
    )


def parse(text: bytes) -> Collection:
    """Read a collection from its canonical bytes and check everything once. Raises CollectionWrong."""
    where = "The collection"
    if len(text) > TEXT_BYTES_MAX:
        raise CollectionWrong(where=where, why="it is too long")
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise CollectionWrong(where=where, why="it is not readable JSON") from None
    fields = Fields(values, where, CollectionWrong)
    if fields.whole("mangrove", low=1, high=VERSION_MAX) > FORMAT:
        fields.refuse("it was made for a newer Mangrove; update this hub first")
    found = Collection(
        id=_shaped(fields, "id", _ID),
        publisher=_shaped(fields, "publisher", _HUB),
        version=fields.whole("version", low=1, high=VERSION_MAX),
        title=fields.text("title", limit=TITLE_MAX),
        summary=fields.text("summary", "", limit=SUMMARY_MAX),
        packages=tuple(_listed(each) for each in fields.tables("packages")),
    )
    if len(found.packages) > PACKAGES_MAX or len({each.id for each in found.packages}) < len(found.packages):
        fields.refuse("it names too many packages, or one twice")
    if found.text != text:
        fields.refuse("it is not written the way that publishers write it")
    return found


def _listed(fields: Fields) -> Listed:
    name, language = fields.text("id", limit=80), fields.text("language", limit=40)
    digest, chunks = fields.text("digest", limit=64), fields.text("chunks", "", limit=64)
    if not (is_id(name) and is_language(language) and is_sha256(digest) and (not chunks or is_sha256(chunks))):
        fields.refuse("a name, a language or a hash in it cannot be one")
    return Listed(
        id=name,
        title=fields.text("title", limit=300),
        language=language,
        licence=fields.text("licence", ""),
        version=fields.whole("version", low=1, high=VERSION_MAX),
        files=fields.whole("files", low=0, high=VERSION_MAX),
        size=fields.whole("size", low=0, high=SIZE_MAX),
        digest=digest,
        chunks=chunks,
    )


def _shaped(fields: Fields, name: str, shape: re.Pattern[str]) -> str:
    value = fields.text(name, limit=80)
    if not shape.fullmatch(value):
        fields.refuse(f'"{name}" cannot be one')
    return value
