"""The library: what stands on this hub's shelf, for its people and for other hubs.

Three places know a package: the shelf, which decides; the catalogue, which finds; and the journal, which tells other
hubs. A change is made on the shelf first and told to the other two after; when the power goes in between, `mend` finds
the difference and tells them again. Nothing here moves a file by itself: that is `content.install`.
"""

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from content import aside, channel_out, covers, formats, install
from content.catalogue import NOTHING_CHOSEN, Found, read_passages
from content.entries import Row
from content.errors import CatalogueDamaged, NoSpace, PackageUnknown
from content.formats import describe
from content.formats.kolibri_folder import Part
from content.incoming import Incoming
from content.limits import DEFAULT, Limits
from content.package import Manifest
from content.shelf import Problems
from content.worn import PHOTO
from hub import pictures, seeing, texts, worn, zims
from hub.errors import InputWrong
from hub.node import Node
from hub.people.roster import Person
from hub.zims import Way

KIND = "hub.package"
"""The kind of entry that tells which packages a hub has."""

OWN_FORM = "mangrove"
FORMS = {OWN_FORM: install.export, "kolibri": channel_out.export}
"""How a package can be given out → what does it."""

PAGE_HITS = 20
"""Passages on one page of a search."""

NOTHING = Found(hits=(), total=0, is_capped=False)


@dataclass(frozen=True)
class Added:
    """What came onto the shelf; `is_new` is False when a version of it stood there already."""

    package: str
    title: str
    version: int
    items: int
    size_bytes: int
    remote: tuple[str, ...]
    is_new: bool


@dataclass(frozen=True)
class Shelves:
    """The packages of a language or of all, and each language with its number of packages."""

    packages: tuple[Row, ...]
    languages: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """How many packages there are."""
        return sum(count for _language, count in self.languages)


@dataclass(frozen=True)
class Results:
    """What a search found. When that is nothing: what is found without the `chosen`, or by the words once mended.

    `mended` is the words with the unknown ones replaced by the nearest that the shelf has, "" when none is near;
    `near` is what they find. `partly` is what has some of the words, mended ones where there are any.
    """

    words: str
    chosen: Mapping[str, str]
    found: Found
    elsewhere: Found = NOTHING
    mended: str = ""
    near: Found = NOTHING
    partly: Found = NOTHING

    @property
    def shown(self) -> Found:
        """The first of them that has something; what was found when none has."""
        return next((each for each in (self.found, self.elsewhere, self.near, self.partly) if each.hits), self.found)


def packages(node: Node, *, language: str = "", kind: str = "", level: str = "") -> list[Row]:
    """Every package by title; only those of a language, with an item of a kind, of a level, when given."""
    return node.catalogue.list(language=language, kind=kind, level=level)


def packages_for(node: Node, person: Person | None) -> list[Row]:
    """Every package that holds something for somebody, by title; learners' rows count what is for learners."""
    return seeing.rows(node, packages(node), person)


def shelves(node: Node, *, language: str = "", person: Person | None = None) -> Shelves:
    """The packages of a language ("" for all) that hold something for `person`, and what languages there are."""
    everything = packages_for(node, person)
    chosen = tuple(row for row in everything if language in ("", row.language))
    return Shelves(packages=chosen, languages=tuple(sorted(Counter(row.language for row in everything).items())))


def package(node: Node, package_id: str) -> Manifest:
    """One package that stands on the shelf. Raises PackageUnknown, or ManifestDamaged."""
    manifest = node.shelf.manifest(package_id)
    if manifest is None:
        raise PackageUnknown(package=package_id)
    return manifest


def delivered(node: Node, package_id: str) -> Manifest:
    """One package as its publisher says it is. Raises PackageUnknown, or ManifestDamaged."""
    manifest = node.shelf.delivered(package_id)
    if manifest is None:
        raise PackageUnknown(package=package_id)
    return manifest


def package_for(node: Node, package_id: str, person: Person | None) -> Manifest:
    """One package as somebody sees it. Raises PackageUnknown too when there is nothing in it for them."""
    manifest = seeing.seen(node, package(node, package_id), person)
    if not manifest.items:
        raise PackageUnknown(package=package_id)
    return manifest


def translations(node: Node, manifest: Manifest, person: Person | None = None) -> list[Row]:
    """The same work in other languages, as they stand on the shelf for somebody."""
    return [row for row in packages_for(node, person) if row.work == manifest.work and row.id != manifest.id]


def damaged(node: Node) -> list[str]:
    """The ids of packages whose manifest on the disk cannot be read: nobody sees them until they are added again."""
    return node.shelf.damaged()


def states(node: Node, *, person: str, package: str) -> dict[str, int]:
    """How far somebody is with the items of a package that they opened; see `hub.tables.learning.Progress`."""
    table = node.tables.Progress
    rows = table.select().where((table.person == person) & (table.package == package) & (table.state > 0))
    return {row.item: row.state for row in rows}


def search(  # noqa: PLR0913 - each narrows the search
    node: Node,
    *,
    words: str,
    chosen: Mapping[str, str] = NOTHING_CHOSEN,
    preferred: Sequence[str] = (),
    start: int = 0,
    limit: int = PAGE_HITS,
    person: Person | None = None,
) -> Results:
    """What a reader's words find, in preferred languages first, then best first, from passage `start`.

    `chosen` narrows it by facet (`content.facets`), and so does who `person` is. Never a blank wall when something is
    near.
    """
    always = seeing.always(node, person)
    everywhere = Way(always, preferred)
    found = zims.search(node, words, Way({**chosen, **always}, preferred), limit=limit, start=start)
    results = Results(words=words, chosen=chosen, found=found)
    if found.total:
        return results
    elsewhere = zims.search(node, words, everywhere, limit=limit) if chosen else NOTHING
    if elsewhere.total:
        return dataclasses.replace(results, elsewhere=elsewhere)
    language = chosen.get("language", "")
    near_first = Way(always, [language, *preferred]) if language else everywhere
    mended = node.catalogue.mended(words)
    near = zims.search(node, mended, near_first, limit=limit) if mended else NOTHING
    partly = NOTHING if near.total else zims.search(node, mended or words, near_first, any_term=True, limit=limit)
    return dataclasses.replace(results, mended=mended, near=near, partly=partly)


def add(
    node: Node,
    *,
    source: Path,
    watch: install.Watch = install.watch_nothing,
    in_part: bool | install.Agreed = False,
) -> Added:
    """Put the file or folder at `source` on the shelf and tell everybody. Safe to repeat. Raises a ContentError.

    `in_part` says whether somebody agreed to what would be left out of it.
    """
    before = {row.id for row in packages(node)}
    manifest = _with_room(node, lambda: install.install(node.shelf, source, limits(node), watch, in_part=in_part))
    stands_again(node, manifest)
    return Added(
        package=manifest.id,
        title=manifest.title,
        version=manifest.version,
        items=len(manifest.items),
        size_bytes=manifest.size_bytes,
        remote=manifest.remote,
        is_new=manifest.id not in before,
    )


def adopt(node: Node, incoming: Incoming, manifest: Manifest, watch: install.Watch = install.watch_nothing) -> None:
    """Put a package on the shelf whose files came from another hub, and tell everybody. Raises a ContentError."""
    installed = _with_room(node, lambda: incoming.install(manifest, watch))
    _agree(node, installed.id)
    pictures.prune(node)
    pictures.ask(node, installed)
    zims.prune(node)
    zims.ask(node, installed)


def stands_again(node: Node, manifest: Manifest) -> None:
    """Tell everybody of a package that has just come onto the shelf. Safe to repeat."""
    _agree(node, manifest.id)
    _prune(node)
    pictures.ask(node, manifest)
    zims.ask(node, manifest)
    texts.ask(node, manifest)


def put_cover(node: Node, package_id: str, said: str | None) -> bool:
    """Let another picture stand for a package: a photo or a path in it, as `content.worn` says them; None for what it
    came with. True when that changed something. Raises InputWrong or PackageUnknown.
    """
    found = delivered(node, package_id)
    if said and not said.startswith(PHOTO) and not (said in found.files and covers.is_picture(said)):
        raise InputWrong("That picture is not in this work. Nothing was changed; choose one that the page shows.")
    has_changed = worn.say(node, [package_id], {"cover": found.cover if said is None else said}) > 0
    pictures.prune(node)
    pictures.ask(node, package(node, package_id))
    return has_changed


def incoming_of(node: Node) -> Incoming:
    """Where files from other hubs come in."""
    return Incoming(node.shelf, limits(node))


def told_digest(node: Node, package_id: str) -> str:
    """The digest of the manifest that a package of this shelf had when it was last whole; "" when it had none."""
    return _told(node, package_id).get(package_id, "")


def add_if_newer(node: Node, source: Path) -> bool:
    """Put `source` on the shelf unless this version of it, or a later one, stands there; True when it was put."""
    with closing(describe(source, limits(node))) as draft:
        standing = node.shelf.standing(draft.manifest.id)
        offered = draft.manifest.version
    if standing is not None and standing.version >= offered:
        _agree(node, standing.id)
        return False
    add(node, source=source)
    return True


def remove(node: Node, package_id: str) -> int:
    """Take a package off the shelf; return how many bytes that freed. What people learned from it stays.

    Raises PackageUnknown, or ShelfBusy while something is being added.
    """
    swept = node.shelf.remove(package_id)
    stands_no_more(node, package_id)
    return swept.size_bytes


def stands_no_more(node: Node, package_id: str) -> None:
    """Tell everybody of a package that is off the shelf. Safe to repeat."""
    _agree(node, package_id)
    _prune(node)


def _prune(node: Node) -> None:
    pictures.prune(node)
    zims.prune(node)
    texts.prune(node)


def _with_room(node: Node, work: Callable[[], Manifest]) -> Manifest:
    """Do it; while there is no room, let go of what lies aside, the oldest first. Raises a ContentError."""
    while True:
        try:
            return work()
        except NoSpace:
            waiting = aside.aside(node.shelf)
            if not waiting:
                raise
            aside.forget(node.shelf, waiting[-1].key)


def export(node: Node, package_id: str, *, to: Path, form: str = OWN_FORM) -> Path:
    """Write a package below `to` in one of FORMS: a new folder that another hub takes in, or a folder of content that
    Kolibri takes in. Raises a ContentError."""
    return FORMS[form](node.shelf, package_id, to)


def parts(source: Path) -> list[Part]:
    """The packages that a source is taken as, when that is not itself: channels, or topics of one that is too large."""
    return formats.parts(source)


def verify(node: Node) -> Problems:
    """Read every file on the shelf and compare its hash; slow. An empty list means that all is whole."""
    return node.shelf.verify()


def rebuild(node: Node) -> int:
    """Make the catalogue again from the shelf and clear what was left over; return how many packages there are."""
    node.shelf.sweep()
    count = node.catalogue.rebuild(node.shelf)
    mend(node)
    pictures.look_again(node)
    zims.look_again(node)
    texts.look_again(node)
    return count


def mend(node: Node) -> list[str]:
    """Tell catalogue and journal what they missed when the power went; return the packages concerned.

    Quick when there is nothing to mend, so it is done at every start.
    """
    views = (
        {manifest.id: manifest.digest for manifest in node.shelf.list()},
        {row.id: row.digest for row in _catalogued(node)},
        _told(node),
    )
    wrong = sorted(name for name in set().union(*views) if len({view.get(name) for view in views}) > 1)
    for package_id in wrong:
        _agree(node, package_id)
    worn.mend(node)
    return wrong


def taken_away(node: Node) -> set[str]:
    """The packages that stood here and were taken off the shelf."""
    table = node.tables.HubPackage
    return {row.package for row in table.select().where((table.hub == node.identity.hub_id) & (table.is_here == 0))}


def _catalogued(node: Node) -> list[Row]:
    """What the catalogue lists, once it is sound."""
    if not node.catalogue.is_stale:
        try:
            return packages(node)
        except CatalogueDamaged:
            pass
    node.catalogue.rebuild(node.shelf)
    return packages(node)


def _told(node: Node, package_id: str = "") -> dict[str, str]:
    """What the journal tells of this hub's shelf: package to digest; of one package when it is named."""
    table = node.tables.HubPackage
    ours = (table.hub == node.identity.hub_id) & (table.is_here == 1)
    if package_id:
        ours &= table.package == package_id
    return {row.package: row.digest for row in table.select().where(ours)}


def _agree(node: Node, package_id: str) -> None:
    """Make catalogue and journal say of one package what the shelf says. Safe to repeat."""
    manifest = node.shelf.standing(package_id)
    if manifest is None:
        node.catalogue.remove(package_id)
    else:
        node.catalogue.add(manifest, read_passages(node.shelf, manifest))
    if _told(node, package_id).get(package_id, "") != (manifest.digest if manifest else ""):
        node.write(lambda: _tell(node, package_id, manifest and node.shelf.delivered(package_id)))


def _tell(node: Node, package_id: str, manifest: Manifest | None) -> None:
    """The entry that other hubs may hear: what stands here now, or that it is gone."""
    subject = f"{node.identity.hub_id}:{package_id}"
    if manifest is None:
        node.change(KIND, subject, is_here=False)
        return
    node.change(
        KIND,
        subject,
        hub=node.identity.hub_id,
        package=package_id,
        title=manifest.title,
        language=manifest.language,
        digest=manifest.digest,
        size=manifest.size_bytes,
        is_here=True,
    )


def limits(node: Node) -> Limits:
    """How much the library takes in at once, and what it leaves free."""
    return dataclasses.replace(DEFAULT, reserve_bytes=node.settings.free_reserve)
