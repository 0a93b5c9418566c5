"""A channel of Kolibri, from the folder that it exports or keeps: `content/databases` and `content/storage`.

One channel is one package, whose items lie in its topics. A channel that is too large for that is taken topic by topic:
a topic is named below the database as if that were a folder, `…/<channel>.sqlite3/<topic>`.
"""

import base64
import binascii
import re
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn

from content.draft import Draft, listed, loose_file
from content.errors import N_, PackageDamaged, SourceMissing
from content.formats import kolibri_words as words
from content.formats import outlines
from content.formats.kolibri_database import Channel, Database, Node, Topic, opened
from content.formats.kolibri_folder import DATABASE, DATABASES, FORMAT, NAMES, STORAGE, Part
from content.formats.kolibri_items import Making, written
from content.limits import MIB, Limits
from content.naming import UNKNOWN_LANGUAGE
from content.package import VERSION_MAX, Manifest, is_language
from content.refusals import ChannelEmpty, ChannelPartly, ChannelsSeveral, ChannelTooLarge

ITEMS_MAX = 2_000
"""Items of one package, as in the manifest."""
BESIDE = 3
"""Files that every package of a channel has: its database, its names and its cover."""
CHANNELS_MAX = 200
COVER_BYTES_MAX = 1 * MIB
AUTHORS_MAX = 5

_FOLDERS = ("", "content", "KOLIBRI_DATA/content", "KOLIBRI_DATA")
_DATABASE = re.compile(r"[0-9a-f]{32}\.sqlite3")
_TOPIC = re.compile(r"[0-9a-f]{32}")
_PICTURE = re.compile(r"data:image/[a-z+.-]{1,20};base64,(.+)", re.DOTALL)


@dataclass(frozen=True)
class _Place:
    """A channel in a content folder, or one topic of it."""

    database: Path
    topic: str = ""

    @property
    def storage(self) -> Path:
        return self.database.parent.parent / STORAGE

    @property
    def path(self) -> Path:
        return self.database / self.topic if self.topic else self.database


def recognise(source: Path) -> bool:
    """Whether `source` is a content folder with channels, the database of one in it, or a topic below that."""
    return bool(_places(source))


def describe(source: Path, limits: Limits) -> Draft:
    """Describe a channel or a topic of it. Raises ChannelsSeveral, ChannelTooLarge, ChannelEmpty, PackageDamaged."""
    places = _places(source)
    if len(places) > 1:
        raise ChannelsSeveral(package=source.name, found=len(places), path=places[0].path)
    with opened(places[0].database) as database:
        return _draft(places[0], database, limits)


def parts(source: Path) -> list[Part]:
    """The packages that a source is taken as: a channel each, or topics of one that is too large for one package."""
    return list(chain.from_iterable(_parts(place) for place in _places(source)))


def _places(source: Path) -> list[_Place]:
    if _TOPIC.fullmatch(source.name) and _is_database(source.parent):
        return [_Place(source.parent, source.name)]
    if _is_database(source):
        return [_Place(source)]
    for folder in _FOLDERS:
        databases = source / folder / DATABASES
        if databases.is_dir():
            found = sorted(each for each in databases.iterdir() if _is_database(each))
            return [_Place(each) for each in found[:CHANNELS_MAX]]
    return []


def _is_database(path: Path) -> bool:
    is_named = _DATABASE.fullmatch(path.name) and path.parent.name == DATABASES
    return bool(is_named) and path.is_file() and not path.is_symlink()


def _parts(place: _Place) -> list[Part]:
    with opened(place.database) as database:
        counts = database.counts()
        below: dict[str, list[Topic]] = {}
        for topic in database.topics.values():
            below.setdefault(topic.parent, []).append(topic)

        def count(topic: str, depth: int = 0) -> int:
            inner = sum(count(each.id, depth + 1) for each in below.get(topic, [])) if depth < len(_DEEP) else 0
            return counts.get(topic, 0) + inner

        def split(topic: str, title: str, depth: int = 0) -> list[Part]:
            path = place.database if topic == database.channel.root else place.database / topic
            inner = [each for each in below.get(topic, []) if count(each.id, depth + 1)]
            if count(topic, depth) <= ITEMS_MAX or not inner or depth >= len(_DEEP):
                return [Part(path, title)]
            return [part for each in inner for part in split(each.id, f"{title} – {each.title}", depth + 1)]

        channel = database.channel
        start = place.topic or channel.root
        known = database.topics.get(place.topic)
        return split(start, known.title if known else channel.name)


_DEEP = range(16)


def _draft(place: _Place, database: Database, limits: Limits) -> Draft:
    """Raises ChannelTooLarge, ChannelEmpty, SourceMissing."""
    channel, topic = database.channel, database.topics.get(place.topic)
    if place.topic and (topic is None or database.way(place.topic) is None):
        raise SourceMissing(source=place.path)
    making = Making(place.storage, limits, _bare(channel, topic))
    told = _Told()
    for node in database.nodes():
        _take(making, database, node, topic, told)
        _check_size(making, place, database, limits)
    if not making.items:
        _refuse_empty(making)
    _keep_original(making, place)
    cover = _cover(making, channel)
    manifest = replace(
        making.manifest,
        items=tuple(making.items),
        cover=cover,
        licence=words.licence(told.licences),
        author=(channel.author or ", ".join(list(told.authors)[:AUTHORS_MAX]))[:400],
        level=words.level(told.levels),
    )
    origins = MappingProxyType(making.origins)
    return Draft(manifest, origins, False, making.counts.left_out(), ChannelPartly, making.zips.close)


def _refuse_empty(making: Making) -> NoReturn:
    """Raises ChannelEmpty, PackageDamaged when there was nothing at all."""
    left_out = making.counts.left_out()
    if not left_out:
        raise PackageDamaged(package=making.manifest.title, why=N_("it is empty"))
    raise ChannelEmpty(package=making.manifest.title, **listed(left_out))


class _Told:
    """What single things say, and the whole is told by."""

    def __init__(self) -> None:
        self.licences: dict[str, None] = {}
        self.authors: dict[str, None] = {}
        self.levels: dict[str, None] = {}

    def hear(self, node: Node) -> None:
        """Take in what one says."""
        self.licences[node.licence] = None
        self.authors |= dict.fromkeys(filter(None, (node.author or node.owner,)))
        self.levels |= dict.fromkeys(node.levels)


def _take(making: Making, database: Database, node: Node, topic: Topic | None, told: _Told) -> None:
    way = database.way(node.topic)
    if way is None:
        making.counts.add(words.LOST, topic is None)
        return
    if topic is not None:
        if topic not in way:
            return
        way = way[way.index(topic) + 1 :]
    making.take(node, tuple(each.title for each in way))
    told.hear(node)


def _check_size(making: Making, place: _Place, database: Database, limits: Limits) -> None:
    """Stop as soon as there is more than one package takes."""
    found = (
        (N_("its number of parts"), len(making.items), ITEMS_MAX),
        (N_("its number of files"), len(making.origins) + BESIDE, limits.files),
    )
    for what, number, most in found:
        if number > most:
            above = place.topic or database.channel.root
            first = next((each.id for each in database.topics.values() if each.parent == above), above)
            told = {"package": making.manifest.title, "what": what, "found": f"{number} or more", "limit": most}
            raise ChannelTooLarge(**told, path=place.database / first)


def _bare(channel: Channel, topic: Topic | None) -> Manifest:
    """What the channel says of itself, without items."""
    name = f"{FORMAT}-{channel.id}" + (f"-{topic.id}" if topic else "")
    title = f"{channel.name} – {topic.title}" if topic else channel.name
    return Manifest(
        id=name,
        work=name,
        version=min(max(channel.version, 1), VERSION_MAX),
        title=title[:200] or channel.id,
        language=channel.language if is_language(channel.language) else UNKNOWN_LANGUAGE,
        items=(),
        files=MappingProxyType({}),
        source_format=FORMAT,
        summary=channel.description,
    )


def _keep_original(making: Making, place: _Place) -> None:
    """The database as it came, and where each file of the storage is."""
    making.origins[DATABASE] = loose_file(place.database, package=making.manifest.title)
    held = {name: path for path, name in making.names.items() if path in making.origins}
    lines = "".join(f"{name}\t{path}\n" for name, path in sorted(held.items()))
    making.origins[NAMES] = written(lines.encode())


def _cover(making: Making, channel: Channel) -> str:
    """The picture that the channel carries in its own row, or the first of its things."""
    found = _PICTURE.fullmatch(channel.thumbnail[: 2 * COVER_BYTES_MAX])
    try:
        data = base64.b64decode(found[1], validate=True) if found else b""
    except (binascii.Error, ValueError):
        data = b""
    kind = outlines.kind(data) if data and len(data) <= COVER_BYTES_MAX else ""
    ending = next((each for each, meant in outlines.ENDINGS.items() if meant == kind), "")
    if ending and outlines.is_whole(data):
        path = f"covers/channel.{ending}"
        making.origins[path] = written(data)
        return path
    return next((each.picture for each in making.items if each.picture and not each.facilitators_only), "")
