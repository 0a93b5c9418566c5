"""The one table of settings: name, type, default, unit and help, read once and checked once at start.

A value comes from the first of: a flag, the environment (`MANGROVE_` and the name in capitals),
`settings.toml` in the home folder, the default. It must not be read anywhere else.
"""

import dataclasses
import json
import os
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from content.disk import Disk
from content.package import is_language
from hub.errors import HomeUnusable, SettingWrong

FILE_NAME = "settings.toml"
PREFIX = "MANGROVE_"
HOME = PREFIX + "HOME"
NAME_MAX = 60
"""Letters in a hub's name; it is shown on a phone's first line."""
PRIVATE_MODE = 0o600
"""The file may hold the password of a database."""
UNSHOWN = ("Cc", "Cs")
"""Kinds of signs that are in no text: those that steer a terminal, and bytes that are not UTF-8."""
ORIGIN = r"(https?://[a-z0-9.-]+(:[0-9]{1,5})?)?"
"""The address of a site in small letters, without a path, or nothing."""


def _setting(default: object, unit: str, text: str, low: int | None = None, high: int | None = None) -> Any:
    """One row of the table; `low` and `high` are inclusive limits in the row's unit, for a text in letters."""
    return dataclasses.field(
        default=default, metadata={"unit": unit, "help": text, "low": low, "high": high, "choices": ()}
    )


def _choice(default: str, choices: tuple[str, ...], text: str) -> Any:
    """One row of the table whose value is one of a few words."""
    return dataclasses.field(
        default=default,
        metadata={"unit": "word", "help": text, "low": None, "high": None, "choices": choices},
    )


@dataclasses.dataclass(frozen=True)
class Settings:
    """Every setting of a hub, checked. The fields are the table; see `rows()`."""

    name: str = _setting("Mangrove", "letters", "What people call this hub.", 1, NAME_MAX)
    role: str = _choice("community", ("community", "region"), "What this hub is: a community's hub or a region's.")
    database: str = _setting("", "address", "A postgresql:// address; empty means mangrove.db in the home folder.")
    language: str = _setting("en", "language", "The language of pages until somebody chooses another.")
    host: str = _setting("0.0.0.0", "address", "The address to listen on.")  # noqa: S104 - a LAN server
    port: int = _setting(8080, "port", "Where the pages are.", 1, 65535)
    content_port: int = _setting(8081, "port", "Where packages from elsewhere run, apart from the pages.", 1, 65535)
    workers: int = _setting(1, "processes", "How many processes serve pages.", 1, 16)
    threads: int = _setting(16, "threads", "Threads in each process; each answers one request at a time.", 12, 128)
    connections: int = _setting(1000, "connections", "Connections kept open; a browser takes six.", 500, 20000)
    idle_close: int = _setting(60, "seconds", "A connection that says nothing is closed after this.", 5, 600)
    announce: bool = _setting(True, "yes or no", "Announce this hub on the local network.")
    address: str = _setting(
        "", "address", "Where a proxy shows the pages, such as https://hub.example; empty is what the browser calls it."
    )
    content_address: str = _setting(
        "",
        "address",
        "Where a proxy shows packages, such as https://packages.example; empty is the pages' host at content_port.",
    )
    trusted_proxy: str = _setting(
        "", "address", "The proxy in front, such as 127.0.0.1, whose word about who asks is believed; empty is none."
    )
    https: bool = _setting(False, "yes or no", "The hub is reached over HTTPS only: cookies are marked secure.")
    device: str = _choice("shared", ("shared", "personal"), "How phones are used here until a phone says otherwise.")
    shared_idle: int = _setting(240, "seconds", "A shared phone asks 'still you?' after this much rest.", 30, 86400)
    personal_idle: int = _setting(2592000, "seconds", "A personal phone stays signed in this long.", 300, 31536000)
    guests: bool = _setting(True, "yes or no", "People may look at the library without signing in.")
    sign_in_tries: int = _setting(5, "tries", "Wrong secrets for one person before a rest.", 2, 100)
    sign_in_rest: int = _setting(300, "seconds", "How long that rest is.", 5, 86400)
    body_max: int = _setting(16 * 1024 * 1024, "bytes", "The largest request that is read.", 65536, 2**32)
    xapi_limits: bool = _setting(
        True,
        "yes or no",
        "Learning records from tools have the limits below; no lifts them, as a conformance test needs.",
    )
    xapi_statement_max: int = _setting(60 * 1024, "bytes", "The largest statement that is taken.", 1024, 60 * 1024)
    xapi_statements_max: int = _setting(1000, "statements", "The most statements in one request.", 1, 10000)
    xapi_request_max: int = _setting(
        4 * 1024 * 1024, "bytes", "The largest request of statements without attached data.", 65536, 2**30
    )
    xapi_attachment_max: int = _setting(
        8 * 1024 * 1024,
        "bytes",
        "The largest file attached to a statement; all of one request fit into body_max.",
        1,
        2**30,
    )
    xapi_document_max: int = _setting(
        512 * 1024, "bytes", "The largest document (state or profile) that a tool or an activity keeps here.", 1, 2**30
    )
    xapi_documents_max: int = _setting(
        200, "documents", "Documents of one kind that belong to one activity, one agent, or both.", 1, 100000
    )
    xapi_rate: int = _setting(
        3000,
        "requests a minute",
        "How often one key or one activity may ask in each process; 0 is no limit.",
        0,
        1000000,
    )
    xapi_wrong_keys: int = _setting(
        30, "tries a minute", "Wrong keys from one address before they wait; 0 is no limit.", 0, 1000000
    )
    sync_every: int = _setting(
        21600, "seconds", "How often the hub looks for the tide by itself; 0 is never.", 0, 604800
    )
    sync_daily_bytes: int = _setting(
        256 * 1024 * 1024, "bytes a day", "The most that one hub may bring here on a day; 0 is no limit.", 0, 2**40
    )
    sync_daily_records: int = _setting(
        500000, "records a day", "The most records that one hub may bring here on a day; 0 is no limit.", 0, 2**40
    )
    carry_max: int = _setting(
        256 * 1024 * 1024,
        "bytes",
        "The most that bundles carried for other hubs take on the disk; 0 is none.",
        0,
        2**40,
    )
    carry_days: int = _setting(
        90, "days", "How long a bundle is carried, counted by the time that its carriers run.", 1, 3650
    )
    fetch_rate: int = _setting(
        0, "bytes a second", "The most that fetching packages takes of the line; 0 is no limit.", 0, 2**32
    )
    fetch_daily: int = _setting(
        0, "bytes a day", "The most that is fetched of packages on one day; 0 is no limit.", 0, 2**40
    )
    night_from: int = _setting(22, "hour", "When the night begins, for what is fetched at night only.", 0, 23)
    night_until: int = _setting(5, "hour", "When that night ends.", 0, 23)
    utc_ahead: int = _setting(
        0, "minutes", "How far the community's time is ahead of UTC, such as 180 in Nairobi.", -840, 840
    )
    backup_every: int = _setting(86400, "seconds", "How often the hub makes a backup by itself; 0 is never.", 0, 604800)
    backups_kept: int = _setting(7, "files", "How many backups made by the hub itself are kept.", 1, 365)
    upload_max: int = _setting(
        8 * 1024 * 1024 * 1024, "bytes", "The largest file that a page takes in pieces.", 65536, 2**43
    )
    aside_days: int = _setting(
        14, "days", "How long what was taken off the shelf can be brought back; 0 lets it go at once.", 0, 365
    )
    aside_max: int = _setting(
        2 * 1024 * 1024 * 1024, "bytes", "The most that what was taken off the shelf takes on the disk.", 0, 2**43
    )
    sticks: str = _setting("/media", "folder", "Where sticks appear; empty is nowhere.")
    give_folder: str = _setting(
        "", "folder", "A folder of this machine into which works may be given out as onto a stick; empty is none."
    )
    verify_every: int = _setting(
        604800,
        "seconds",
        "How often the hub reads all files of the shelf to see that they are whole; 0 is never.",
        0,
        31536000,
    )
    verify_rate: int = _setting(
        4_000_000, "bytes a second", "The most that this takes of the disk; 0 is no limit.", 0, 2**32
    )
    zim_memory: int = _setting(
        48 * 1024 * 1024, "bytes", "Memory in which each process keeps pages of ZIM files.", 4 * 1024 * 1024, 2**40
    )
    free_reserve: int = _setting(250 * 1024 * 1024, "bytes", "Disk space that imports leave free.", 0, 2**40)
    sound_max: int = _setting(
        512 * 1024 * 1024, "bytes", "The most that rendered voices take on the disk; 0 renders none.", 0, 2**40
    )


def rows() -> list[dict[str, Any]]:
    """The table itself: one dict a setting with name, type, default, unit, help, low, high and choices."""
    return [
        {"name": field.name, "type": field.type, "default": field.default, **field.metadata}
        for field in dataclasses.fields(Settings)
    ]


def default_home(environ: Mapping[str, str]) -> Path:
    """The home folder when no flag names one: MANGROVE_HOME, else the user's data folder."""
    named = environ.get(HOME, "")
    if named:
        return Path(named).expanduser()
    import platformdirs  # noqa: PLC0415 - a hub on a device is told its home, and keeps the room

    return Path(platformdirs.user_data_dir("mangrove", appauthor=False))


def load(home: Path, flags: Mapping[str, object] | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check all settings.

    Raises SettingWrong, whose message has one sentence for each mistake found.
    """
    environ = os.environ if environ is None else environ
    given = {**_from_file(home / FILE_NAME), **_from_environment(environ)}
    given |= {name: value for name, value in (flags or {}).items() if value is not None}
    known = {field.name: field for field in dataclasses.fields(Settings)}
    wrong = [f"There is no setting called {name!r}." for name in [*given, *_strangers(environ)] if name not in known]
    values: dict[str, Any] = {}
    for name in [name for name in given if name in known]:
        try:
            values[name] = _checked(known[name], given[name])
        except SettingWrong as mistake:
            wrong.append(str(mistake))
    if wrong:
        raise SettingWrong(" ".join(wrong))
    return _together(Settings(**values))


def _from_file(path: Path) -> dict[str, object]:
    """What `settings.toml` says; an absent file says nothing."""
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as mistake:
        raise SettingWrong(f"The file {path} cannot be read as settings: {mistake}. Nothing was changed.") from None


def _from_environment(environ: Mapping[str, str]) -> dict[str, object]:
    """What the environment says for settings that exist."""
    names = {field.name for field in dataclasses.fields(Settings)}
    return {name: environ[PREFIX + name.upper()] for name in names if PREFIX + name.upper() in environ}


def _strangers(environ: Mapping[str, str]) -> list[str]:
    """Names in the environment that look like ours and are not: a setting that is mistyped must not stay unheard."""
    ours = {HOME, *(PREFIX + field.name.upper() for field in dataclasses.fields(Settings))}
    return sorted(name for name in environ if name.startswith(PREFIX) and name not in ours)


def _checked(field: "dataclasses.Field[Any]", value: object) -> object:
    """The value in its type and within its limits, or SettingWrong."""
    converted = {int: _integer, bool: _boolean, str: _text}[_type(field)](field.name, value)
    low, high, choices = field.metadata["low"], field.metadata["high"], field.metadata["choices"]
    if choices and converted not in choices:
        raise SettingWrong(f"The setting {field.name} is {converted!r}; it can be {' or '.join(choices)}.")
    size = len(" ".join(converted.split())) if isinstance(converted, str) else converted
    if isinstance(size, int) and low is not None and not low <= size <= high:
        unit = field.metadata["unit"]
        raise SettingWrong(f"The setting {field.name} is {size} {unit}; it can be {low} to {high}.")
    return converted


def _type(field: "dataclasses.Field[Any]") -> type:
    """The Python type of a row."""
    return type(field.default)


def _integer(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise SettingWrong(f"The setting {name} is {value!r}; it must be a whole number.")
    try:
        return int(value)
    except ValueError:
        raise SettingWrong(f"The setting {name} is {value!r}; it must be a whole number.") from None


def _boolean(name: str, value: object) -> bool:
    words = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    if isinstance(value, bool):
        return value
    if str(value).lower() not in words:
        raise SettingWrong(f"The setting {name} is {value!r}; it must be yes or no.")
    return words[str(value).lower()]


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise SettingWrong(f"The setting {name} is {value!r}; it must be text.")
    if any(unicodedata.category(sign) in UNSHOWN for sign in value):
        raise SettingWrong(f"The setting {name} is {value!r}; it has a sign in it that is in no text.")
    return value


def _together(settings: Settings) -> Settings:
    """Refuse combinations that cannot be."""
    if settings.port == settings.content_port:
        raise SettingWrong(f"The settings port and content_port are both {settings.port}; they must differ.")
    if not is_language(settings.language):
        raise SettingWrong(f"The setting language is {settings.language!r}; it can be a code such as en, fr or pt-BR.")
    if settings.database and not settings.database.startswith(("postgresql://", "postgres://")):
        raise SettingWrong("The setting database must be empty or start with postgresql://.")
    for name in ("address", "content_address"):
        if not re.fullmatch(ORIGIN, getattr(settings, name)):
            raise SettingWrong(f"The setting {name} must be empty or like https://hub.example, without a path.")
    if settings.address and settings.address == settings.content_address:
        raise SettingWrong("The settings address and content_address must differ, so that packages run apart.")
    try:
        ip_address(settings.trusted_proxy or "127.0.0.1")
    except ValueError:
        raise SettingWrong("The setting trusted_proxy must be empty or an address such as 127.0.0.1.") from None
    return settings


def supervised(environ: Mapping[str, str] | None = None) -> tuple[str, float]:
    """Where systemd listens for a word from this program, and after how many seconds of silence it acts."""
    environ = os.environ if environ is None else environ
    return environ.get("NOTIFY_SOCKET", ""), int(environ.get("WATCHDOG_USEC", "0") or 0) / 1e6


def keep(home: Path, choices: Mapping[str, str]) -> None:
    """Write chosen settings into `settings.toml`, beside what stands there; the file is replaced by one rename.

    Raises HomeUnusable when the disk does not take it; then the file is as it was.
    """
    path = home / FILE_NAME
    standing = {**_from_file(path), **choices}
    if not choices and path.exists():
        return
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in sorted(standing.items())]
    text = "# This hub's settings; docs/settings.md lists all of them.\n" + "".join(lines)
    try:
        _replace(path, text.encode())
    except OSError as mistake:
        raise HomeUnusable(
            f"The settings cannot be written to {path} ({mistake.strerror}). They are as they were; look at the disk"
            " and say the same again."
        ) from None


def _replace(path: Path, content: bytes) -> None:
    """Put a private file in place of another, safe from a power cut."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_MODE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    Disk().sync_folder(path.parent)
