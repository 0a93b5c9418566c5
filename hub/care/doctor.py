"""`mangrove doctor`: look at everything that can go wrong, and say each in a sentence.

It only looks: no key is made, no record changed and none brought up to date. (The search's own file alone is made
again when it is damaged; it holds nothing that does not stand on the shelf.) A check is good, a note (worth knowing)
or bad (somebody has to act).
"""

import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from content.shelf import Problem
from hub import __version__, config, discovery, fetched
from hub.care import chain, presence
from hub.care.health import Health, health
from hub.config import Settings
from hub.database import is_sqlite
from hub.errors import DatabaseDamaged, DatabaseNotReady, HubError
from hub.node import Node, look_at
from hub.sound import chorus, speaking
from hub.xapi import attached
from sync.clock import NONE
from sync.errors import SyncError

GOOD, NOTE, BAD = "good", "note", "bad"
HEAR_S = 2.0
"""How long to listen for neighbours."""
KEY_MODE_OTHERS = 0o077
"""The permission bits that nobody but the hub may have on its keys."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: its name, how it is, and the sentence about it."""

    name: str
    state: str
    says: str


def examine(home: Path, *, deep: bool = False, hear_s: float = HEAR_S) -> list[Check]:
    """Look at the hub in `home`; `deep` also reads every file on the shelf. Never raises for what is wrong."""
    checks = [Check("version", GOOD, f"This is Mangrove {__version__}."), _players()]
    try:
        settings = config.load(home)
        node = look_at(home, settings)
    except DatabaseNotReady as mistake:
        return [*checks, Check("database", NOTE, str(mistake)), *_ports(home, settings), *_neighbours(hear_s)]
    except (HubError, SyncError) as mistake:
        return [*checks, Check("start", BAD, str(mistake))]
    with closing(node):
        checks += [Check("settings", GOOD, f"The settings of {home} are right."), _keys(node)]
        try:
            node.database.look()
            checks += [*_facts(health(node)), _database(node), *_journal(node)]
        except DatabaseDamaged as mistake:
            checks.append(Check("database", BAD, str(mistake)))
        checks += [*_shelf(node, deep=deep), *_attached(node, deep=deep)]
        checks.append(_voices(node))
    return [*checks, *_ports(home, settings), *_neighbours(hear_s)]


def is_well(checks: list[Check]) -> bool:
    """Whether nobody has to act."""
    return all(check.state != BAD for check in checks)


def _players() -> Check:
    """Whether the program was built with everything that plays SCORM and H5P."""
    away = fetched.missing()
    if away:
        names = " and ".join(away)
        return Check(
            "players",
            NOTE,
            f"{names} did not come with this program; packages that need it cannot be played. "
            "Install a wheel from `make wheel`, which fetches it.",
        )
    return Check("players", GOOD, f"All players are here: {', '.join(fetched.NAMES)}.")


def _keys(node: Node) -> Check:
    folder = node.home / "keys"
    loose = [path.name for path in [folder, *folder.iterdir()] if path.stat().st_mode & KEY_MODE_OTHERS]
    if loose:
        return Check("keys", BAD, f"Others can read {', '.join(sorted(loose))}; say: chmod -R go= {folder}")
    if not node.cookie_key:
        return Check("keys", NOTE, "The key of cookies is away or damaged; the next start makes another.")
    return Check("keys", GOOD, f"The keys of {node.identity.hub_id[:6]} are private.")


def _facts(found: Health) -> Iterator[Check]:
    free = f"{found.disk.free / 1e9:.1f} of {found.disk.total / 1e9:.1f} GB are free"
    if found.disk.is_low:
        yield Check("disk", BAD, f"Only {free}; imports are refused until there is more.")
    else:
        yield Check("disk", GOOD, f"{free}.")
    if not found.backup_ms:
        state = BAD if found.backup_is_late else NOTE
        yield Check("backup", state, "There is no backup yet, or none since a restore; say: mangrove backup")
    else:
        state = BAD if found.backup_is_late else GOOD
        yield Check("backup", state, f"The last backup is of {_day(found.backup_ms)}.")
    if found.clock_quality == NONE:
        yield Check("clock", NOTE, "Nothing keeps this machine's time; records say so and are mended later.")
    else:
        yield Check("clock", GOOD, "The clock is kept.")
    stopped = found.jobs["stopped"]
    says = f"{stopped} jobs stopped; the status page says why." if stopped else "No job stopped."
    yield Check("jobs", NOTE if stopped else GOOD, says)
    yield Check("tide", GOOD, f"The last exchange was {_day(found.tide_ms)}." if found.tide_ms else "No exchange yet.")


def _day(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%d %H:%M} UTC"


def _database(node: Node) -> Check:
    says = "The database file is whole." if is_sqlite(node.database) else "PostgreSQL answers."
    return Check("database", GOOD, says)


def _journal(node: Node) -> Iterator[Check]:
    broken = list(chain.problems(node))
    yield from (Check("journal", BAD, f"{sentence} Restore the last backup.") for sentence in broken)
    if not broken:
        yield Check("journal", GOOD, "Every entry of the journal has its hash.")
    rejected = node.tables.Rejected.select().count()
    if rejected:
        yield Check("journal", NOTE, f"{rejected} entries could not be read; a newer version may know them.")


def _shelf(node: Node, *, deep: bool) -> Iterator[Check]:
    """Each package's manifest, and its files' bytes when asked."""
    shelf = node.shelf
    problems = shelf.verify() if deep else [Problem(each, "", "manifest") for each in shelf.damaged()]
    for problem in problems[:5]:
        says = f"{problem.path or 'The manifest'} of {problem.package} is {problem.state}; add the package again."
        yield Check("shelf", BAD, says)
    if not problems:
        count = len(shelf.list())
        yield Check("shelf", GOOD, f"{count} packages are on the shelf{', every file whole' if deep else ''}.")


def _attached(node: Node, *, deep: bool) -> Iterator[Check]:
    """The data that came with statements: there and of its size, and when asked, every byte as it came."""
    lost = attached.missing(node, deep=deep)
    if lost:
        says = (
            f"{len(lost)} files attached to learning records are lost or damaged; a backup has them: {lost[0][:12]} …"
        )
        yield Check("attachments", BAD, f"{says} A backup has them.")
    elif count := sum(1 for _ in attached.named(node)):
        yield Check("attachments", GOOD, f"{count} files are attached to learning records, and all are here.")


def _voices(node: Node) -> Check:
    """Whether this hub can speak, which of its languages, and how many sentences have a voice."""
    if not node.settings.sound_max:
        return Check("sound", NOTE, "No voices are rendered here: the setting sound_max is 0.")
    known = chorus.languages()
    if not known:
        return Check("sound", NOTE, "No voice runs on this machine; recordings and phones' own voices are heard.")
    count = speaking.standing(node).sentences
    ours = speaking.languages(node)
    spoken = [each for each in ours if chorus.voice_for(each, known)]
    silent = [each for each in ours if each not in spoken]
    says = f"This hub can speak {', '.join(spoken) or 'no language of its shelf'}; {count} sentences have a voice."
    if silent:
        return Check("sound", NOTE, f"{says} There is no voice for {', '.join(silent)}: record those sentences.")
    return Check("sound", GOOD, says)


def _ports(home: Path, settings: Settings) -> Iterator[Check]:
    """Whether the hub is served, on the ports it was started with; else whether those of its settings are free."""
    served = presence.ports(home)
    for port in served or (settings.port, settings.content_port):
        is_open = _answers(port)
        if served is None:
            says = f"The hub is not running, and port {port} is {'taken by another program' if is_open else 'free'}."
        else:
            says = f"The hub is running, and port {port} {'answers' if is_open else 'does not answer on this machine'}."
        yield Check("ports", NOTE if is_open == (served is None) else GOOD, says)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _neighbours(hear_s: float) -> Iterator[Check]:
    found = discovery.heard(hear_s)
    for hub in found:
        yield Check("heard", GOOD, f"{hub.name} ({hub.role}, {hub.hub_id[:6]}) is at {hub.url}.")
    if not found:
        yield Check("heard", NOTE, "No hub was heard on the local network.")
