"""The shelf: where packages stand on the disk, and what can be asked of it.

`objects/ab/<sha256>` holds each file once, under its hash; `packages/<id>.json` says which files make a
package, and comes and goes by one rename; `staging/` holds what is still being brought in. `DESIGN` in
docs/content.md says why a power cut at any line leaves the shelf as before or as after. Installing is in
`install`; this module only reads, checks, removes and sweeps.
"""

import builtins
import fcntl
import hashlib
import os
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from content.disk import Disk
from content.errors import (
    N_,
    BlobDamaged,
    ContentError,
    FileTooLarge,
    FileUnknown,
    ManifestDamaged,
    PackageDamaged,
    PackageUnknown,
    ShelfBusy,
)
from content.limits import DEFAULT, MIB
from content.package import Manifest, is_id, is_sha256, parse
from content.worn import Layer, Worn, dress

READ_BYTES = 32 * MIB
"""The most that is read into memory at once unless asked otherwise: larger than any lesson or picture."""

PIECE_BYTES = MIB
"""How much of a file is read at a time to compare it."""

REMEMBERED_FILES = 50_000
"""Files in the manifests kept in memory, all packages together: about 12 MB."""

_Mark = tuple[int, int, int]


@dataclass(frozen=True)
class Problem:
    """Something that is no longer whole: `what` is "manifest", "missing" or "changed"."""

    package: str
    path: str
    what: str

    @property
    def state(self) -> str:
        """How the file is, in a word for people."""
        return "damaged" if self.what == "manifest" else self.what


Problems = list[Problem]


@dataclass(frozen=True)
class Swept:
    """What a sweep took away."""

    files: int
    size_bytes: int


class Shelf:
    """The packages below one folder. Safe to use from many threads and processes at once."""

    def __init__(self, root: Path, disk: Disk | None = None) -> None:
        """Open the shelf at `root`, making its folders when they are not there."""
        self.root = root
        self.disk = disk or Disk()
        self.objects = root / "objects"
        self.packages = root / "packages"
        self.staging = root / "staging"
        self.awaited = root / "awaited"
        self.aside = root / "aside"
        self._remembered: OrderedDict[str, tuple[_Mark, Manifest]] = OrderedDict()
        self._lock = Lock()
        self.worn = Layer(root, self.disk)
        self._dressed: dict[str, tuple[Manifest, Worn, Manifest]] = {}
        for folder in (self.objects, self.packages, self.staging):
            self.disk.make_folder(folder)

    def list(self) -> builtins.list[Manifest]:
        """Every whole package, by id. A damaged manifest is left out here and named by `damaged`."""
        return [manifest for package in self._ids() if (manifest := self.standing(package))]

    def damaged(self) -> builtins.list[str]:
        """The ids of packages whose manifest cannot be read; adding such a package again mends it."""
        return [package for package in self._ids() if self._is_damaged(package)]

    def standing(self, package: str) -> Manifest | None:
        """The manifest of a package that stands here whole; one that is damaged counts as absent.

        For whoever shows what is there: one broken file must not close a page about many packages.
        """
        try:
            return self.manifest(package)
        except PackageDamaged:
            return None

    def manifest(self, package: str) -> Manifest | None:
        """A package as this hub shows it (`content.worn`), or None when it is not here. Raises ManifestDamaged."""
        delivered = self.delivered(package)
        return self._dress(delivered) if delivered else None

    def delivered(self, package: str) -> Manifest | None:
        """A package as its publisher says it is, or None when it is not here. Raises ManifestDamaged."""
        if not is_id(package):
            return None
        path = self.packages / f"{package}.json"
        try:
            mark = _mark(path)
            known = self._recall(package, mark)
            return known or self._learn(package, mark, path.read_bytes())
        except FileNotFoundError:
            return None

    def changed_ms(self, package: str = "") -> int:
        """When a package was put here, or the shelf for "" last changed: milliseconds since 1970, 0 when not there."""
        path = self.packages / f"{package}.json" if package else self.packages
        try:
            return path.stat().st_mtime_ns // 1_000_000
        except FileNotFoundError:
            return 0

    def first_ms(self) -> int:
        """When the oldest package that stands here was put here, in ms since 1970; 0 for an empty shelf."""
        return min((self.changed_ms(package) for package in self._ids()), default=0)

    def blob_path(self, sha256: str) -> Path:
        """Where the file of that hash is or would be. Raises ValueError when it is no SHA-256 in hex."""
        if not is_sha256(sha256):
            raise ValueError("a blob is named by 64 small hex digits")
        return self.objects / sha256[:2] / sha256

    def read(self, manifest: Manifest, path: str, *, limit: int = READ_BYTES) -> bytes:
        """The bytes of one file of a package, whole.

        `limit` is in bytes. Raises FileUnknown, FileTooLarge, and BlobDamaged when the disk no longer has it
        whole.
        """
        entry = manifest.files.get(path)
        if entry is None:
            raise FileUnknown(package=manifest.title, path=path)
        if entry.size > limit:
            raise FileTooLarge(path=path, found=entry.size, limit=limit)
        try:
            data = self.blob_path(entry.sha256).read_bytes()
        except OSError as problem:
            raise BlobDamaged(package=manifest.title, path=path) from problem
        if len(data) != entry.size:
            raise BlobDamaged(package=manifest.title, path=path)
        return data

    def free_bytes(self) -> int:
        """How many bytes may still be written on the disk of the shelf."""
        return self.disk.free_bytes(self.root)

    def verify(self) -> Problems:
        """Read every file of every package and compare its hash; slow. An empty list means all is whole."""
        problems: Problems = []
        states: dict[tuple[str, int], str] = {}
        for package in self._ids():
            try:
                manifest = self.manifest(package)
            except PackageDamaged:
                problems.append(Problem(package=package, path="", what="manifest"))
                continue
            for path, entry in sorted(manifest.files.items()) if manifest else ():
                key = (entry.sha256, entry.size)
                states[key] = states.get(key) or self.state(entry.sha256, size=entry.size)
                if states[key] != "whole":
                    problems.append(Problem(package=package, path=path, what=states[key]))
        return problems

    def state(self, sha256: str, *, size: int, watch: Callable[[int], None] = lambda _size: None) -> str:
        """Read one blob through: "whole", "missing", or "changed" when hash or size (in bytes) is another.

        `watch` hears after each piece how many bytes it had; what it raises ends the reading.
        """
        path = self.blob_path(sha256)
        try:
            if path.stat().st_size != size:
                return "changed"
            hasher = hashlib.sha256()
            with path.open("rb") as file:
                while piece := file.read(PIECE_BYTES):
                    hasher.update(piece)
                    watch(len(piece))
            return "whole" if hasher.hexdigest() == sha256 else "changed"
        except FileNotFoundError:
            return "missing"
        except OSError:
            return "changed"

    def remove(self, package: str) -> Swept:
        """Take a package off the shelf, and every file that no other package needs.

        Raises PackageUnknown, or ShelfBusy while something is being installed. A damaged package can be
        removed.
        """
        with self.hold(wait=False):
            if package not in self._ids():
                raise PackageUnknown(package=package)
            self.disk.delete(self.packages / f"{package}.json")
            self.disk.sync_folder(self.packages)
            return self.sweep_held()

    def sweep(self) -> Swept:
        """Clear what an interrupted installation left and what no package needs. Safe to repeat.

        Raises ShelfBusy while something is being installed. While a manifest is damaged no blob is taken
        away, since it may be one of its own.
        """
        with self.hold(wait=False):
            return self.sweep_held()

    @contextmanager
    def hold(self, *, wait: bool) -> Iterator[None]:
        """Be the only one, in all processes, who changes the shelf. Raises ShelfBusy, or waits for its turn.

        The system lets go of the lock when a process dies, so a crash never leaves the shelf locked.
        """
        handle = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as problem:
                raise ShelfBusy from problem
            yield
        finally:
            os.close(handle)

    def _dress(self, delivered: Manifest) -> Manifest:
        worn = self.worn.of(delivered.id)
        if not worn:
            return delivered
        known = self._dressed.get(delivered.id)
        if known is None or known[0] is not delivered or known[1] != worn:
            known = delivered, worn, dress(delivered, worn)
            self._dressed[delivered.id] = known
        return known[2]

    def _is_damaged(self, package: str) -> bool:
        try:
            self.manifest(package)
        except PackageDamaged:
            return True
        return False

    def _ids(self) -> builtins.list[str]:
        found = (path.stem for path in self.packages.glob("*.json"))
        return sorted(package for package in found if is_id(package))

    def _recall(self, package: str, mark: _Mark) -> Manifest | None:
        with self._lock:
            known = self._remembered.get(package)
            if known is None or known[0] != mark:
                return None
            self._remembered.move_to_end(package)
            return known[1]

    def _learn(self, package: str, mark: _Mark, data: bytes) -> Manifest:
        """Check a manifest read from the disk and keep it in memory, forgetting the longest unused."""
        try:
            manifest = parse(data, DEFAULT)
        except ContentError as problem:
            raise ManifestDamaged(package=package, why=N_("its manifest cannot be read")) from problem
        if manifest.id != package:
            raise ManifestDamaged(package=package, why=N_("its manifest is that of another package"))
        with self._lock:
            self._remembered[package] = (mark, manifest)
            self._remembered.move_to_end(package)
            total = sum(len(kept.files) for _, kept in self._remembered.values())
            while total > REMEMBERED_FILES and len(self._remembered) > 1:
                _, (_, forgotten) = self._remembered.popitem(last=False)
                total -= len(forgotten.files)
        return manifest

    def sweep_held(self) -> Swept:
        """The same for who holds the shelf already."""
        swept = [self._delete(path) for path in self.staging.iterdir()]
        needed = self.needed()
        if needed is not None:
            spare = [path for path in self.objects.glob("*/*") if path.name not in needed]
            swept += [self._delete(path) for path in spare]
            for folder in {path.parent for path in spare}:
                self.disk.sync_folder(folder)
        return Swept(files=len(swept), size_bytes=sum(swept))

    def needed(self, *, with_aside: bool = True) -> set[str] | None:
        """The hashes that packages need, or None when that cannot be known; what lies aside counts `with_aside`."""
        needed: set[str] = set()
        for package in self._ids():
            try:
                manifest = self.manifest(package)
            except PackageDamaged:
                return None
            if manifest:
                needed.update(entry.sha256 for entry in manifest.files.values())
        return needed | self._listed(self.awaited) | (self._listed(self.aside) if with_aside else set())

    @staticmethod
    def _listed(folder: Path) -> set[str]:
        """The hashes of what is on its way from another hub (`content.incoming`) or lies aside (`content.aside`)."""
        hashes: set[str] = set()
        for path in folder.glob("*.json"):
            with suppress(ContentError, OSError):
                hashes.update(entry.sha256 for entry in parse(path.read_bytes(), DEFAULT).files.values())
        return hashes

    def _delete(self, path: Path) -> int:
        """Delete one file and say how many bytes it had."""
        size = path.stat().st_size
        self.disk.delete(path)
        return size


def _mark(path: Path) -> _Mark:
    """What tells one manifest file from the one that replaced it."""
    status = path.stat()
    return status.st_ino, status.st_mtime_ns, status.st_size
