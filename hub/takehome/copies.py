"""Handing out: copies of take-home packs, each with a key of its own, and who has what.

A copy is a record of this place alone: nothing of it leaves. For one person only so many codes are out that a random
one is right once in a thousand million times; whoever takes more closes the oldest ones with it.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from content.package import Item, Manifest
from hub.errors import InputWrong, NotAllowed, NotFound
from hub.node import Node
from hub.people import circles, households, rights
from hub.people.roster import Person
from hub.tables.takehome import BACK, CLOSED, OUT
from hub.takehome import asked, codes
from hub.takehome.asked import Asked

CARRIERS = ("paper", "file")
KEY_BYTES = 16
BLANK_CODES_MAX = 10 * codes.OPEN_CODES_MAX
"""Right codes of all copies whose person is not known yet: a hundred packs at an open day."""


@dataclass(frozen=True)
class Pack:
    """What was handed out: a package, or one item of it, as it was then."""

    id: str
    package: str
    work: str
    digest: str
    item: str
    title: str
    language: str
    asked: Asked

    def manifest(self) -> Manifest:
        """As much of the package as learning records name."""
        items = tuple(Item(id=name, kind=kind, title=title, path=name) for name, kind, title in self.asked.items)
        return Manifest(self.package, self.work, 1, self.title, self.language, items, {}, "take-home")


@dataclass(frozen=True)
class Copy:
    """One pack in somebody's hands; `person` is "" while it is not known whose it is."""

    id: str
    number: int
    person: str
    carrier: str
    key: bytes
    giver: str
    given_ms: int
    state: str
    back: frozenset[int]
    pack: Pack

    def places(self, sheet: int) -> Iterable[codes.Pairs]:
        """The pairs of one of its sheets."""
        return codes.places(self.key, sheet, self.pack.asked.sheets[sheet].counts)


def weigh(node: Node, *, package: str, item: str = "") -> Asked:
    """What a pack would ask, before anything is handed out. Raises NotFound, InputWrong or ContentError."""
    manifest = _manifest(node, package)
    return asked.ask(node, manifest, item)


def give(node: Node, *, package: str, item: str = "", carrier: str, person: str = "", giver: str = "") -> Copy:
    """A copy for one person, "" for whoever brings it back. Who has one of the same pack still out gets it again.

    Raises NotFound, InputWrong or ContentError before anything is written.
    """
    return give_all(node, package=package, item=item, carrier=carrier, people=[person], giver=giver)[0]


def give_all(
    node: Node, *, package: str, item: str = "", carrier: str, people: Collection[str], giver: str = ""
) -> list[Copy]:
    """A copy for each of these people, in their order, all or none."""
    if carrier not in CARRIERS:
        raise InputWrong("A pack goes home on paper or as a file. Nothing was made; choose one of the two.")
    manifest = _manifest(node, package)
    asks = asked.ask(node, manifest, item)

    def work() -> list[str]:
        pack = _settle_pack(node, manifest, item, asks)
        return [_give(node, pack, carrier, person, giver) for person in people]

    made = node.write(work)
    found = {each.id: each for each in _copies(node, node.tables.Copy.id.in_(made))}
    return [found[each] for each in made]


def copy(node: Node, id: str) -> Copy:  # noqa: A002 - the word of the interface
    """The copy with this id. Raises NotFound."""
    found = _copies(node, node.tables.Copy.id == id)
    if not found:
        raise NotFound("There is no such copy here. Nothing was changed; take a new one.")
    return found[0]


def close(node: Node, *, copy: str) -> bool:
    """Say that a copy does not come back: its codes count no more. Safe to repeat."""

    def work() -> bool:
        if _state(node, copy) != OUT:
            return False
        node.change("copy", copy, state=CLOSED)
        return True

    return node.write(work)


def of_people(node: Node, people: Collection[str], *, state: str = "") -> list[Copy]:
    """The copies of these people, "" for those that are nobody's yet, the latest first; of one state, or of all."""
    table = node.tables.Copy
    condition = table.person.in_(list(people))
    return _copies(node, condition & (table.state == state) if state else condition)


def of_others(node: Node, people: Collection[str]) -> list[Copy]:
    """The copies of everybody else."""
    return _copies(node, node.tables.Copy.person.not_in([*people, ""]))


def of_pack(node: Node, *, pack: str, people: Collection[str]) -> list[Copy]:
    """The copies of one pack on paper that these people have out."""
    table = node.tables.Copy
    mine = table.person.in_(list(people)) & (table.carrier == "paper")
    return _copies(node, (table.pack == pack) & mine & (table.state == OUT))


def serves(node: Node, actor: Person) -> list[Person]:
    """For whom somebody may take copies and type codes: themselves, their children, and who they look after."""
    if rights.keeps(actor):
        return rights.seen_by(node, actor)
    led = rights.seen_by(node, actor) if "facilitator" in actor.roles else []
    children = households.children_of(node, actor.id) if "guardian" in actor.roles else []
    return list({each.id: each for each in [actor, *children, *led]}.values())


def check_opens(node: Node, *, copy: Copy, actor: Person | None) -> None:
    """Raises NotAllowed unless `actor` (None for a guest) may see a copy; one that is nobody's yet is open to all."""
    if copy.person and (actor is None or copy.person not in {each.id for each in serves(node, actor)}):
        raise NotAllowed("This copy was given to somebody else. Nothing was changed; take one of your own.")


def led(node: Node, *, circle: str, actor: Person) -> list[Person]:
    """The learners of a circle that `actor` leads or looks after. Raises NotAllowed or NotFound."""
    circles.circle(node, circle)
    if not rights.keeps(actor) and circle not in {each.id for each in circles.led_by(node, actor.id)}:
        raise NotAllowed("Only who leads this circle prints for it. Nothing was made.")
    return circles.members(node, circle, "learner")


def standing(node: Node, pack: Pack) -> Manifest:
    """The package of a pack as learners see it, for whoever shows it. Raises InputWrong when it has changed."""
    manifest = node.shelf.standing(pack.package)
    if manifest is None or manifest.digest != pack.digest:
        raise InputWrong(
            "%(title)s has changed since, or has left the shelf. Codes of copies that are out still count;"
            " take a new copy to print or keep it.",
            title=pack.title,
        )
    return manifest.for_learners


def _manifest(node: Node, package: str) -> Manifest:
    manifest = node.shelf.manifest(package)
    if manifest is None:
        raise NotFound("This package is not on the shelf. What was learned stays; look for it in the library.")
    return manifest.for_learners


def _settle_pack(node: Node, manifest: Manifest, item: str, asks: Asked) -> str:
    """The id of the record of this pack, made once for each version of the package. Only inside `node.write`."""
    text = asked.dump(asks)
    made = hashlib.sha256(f"{manifest.digest}\x1f{item}\x1f{text}".encode()).hexdigest()[:32]
    if node.tables.Pack.get_or_none(node.tables.Pack.id == made) is None:
        title = asks.items[0][2] if item else manifest.title
        node.change(
            "pack",
            made,
            package=manifest.id,
            work=manifest.work,
            digest=manifest.digest,
            item=item,
            title=title,
            language=manifest.language,
            asked=text,
            codes=asks.codes,
        )
    return made


def _give(node: Node, pack: str, carrier: str, person: str, giver: str) -> str:
    table = node.tables.Copy
    mine = (table.pack == pack) & (table.person == person) & (table.carrier == carrier) & (table.state == OUT)
    standing = table.get_or_none(mine) if person else None
    if standing is not None:
        return str(standing.id)
    made, last = node.new_id(), table.select(table.number).order_by(table.number.desc()).first()
    fields: dict[str, Any] = {"person": person, "giver": giver}
    node.change(
        "copy",
        made,
        pack=pack,
        carrier=carrier,
        key=node.randomness(KEY_BYTES).hex(),
        number=1 + (last.number if last else 0),
        given_ms=node.clock.now_ms(),
        **{name: value for name, value in fields.items() if value},
    )
    _close_oldest(node, person)
    return made


def _close_oldest(node: Node, person: str) -> None:
    """Close the oldest copies of a person beyond what may be out."""
    table, packs = node.tables.Copy, node.tables.Pack
    rows = table.select().where((table.person == person) & (table.state == OUT)).order_by(table.number.desc())
    weights = {row.id: row.codes for row in packs.select(packs.id, packs.codes)}
    room = codes.OPEN_CODES_MAX if person else BLANK_CODES_MAX
    for row in rows:
        room -= weights[row.pack]
        if room < 0:
            node.change("copy", row.id, state=CLOSED)


def _state(node: Node, copy_id: str) -> str:
    row = node.tables.Copy.get_or_none(node.tables.Copy.id == copy_id)
    return str(row.state) if row is not None else ""


def _copies(node: Node, condition: Any) -> list[Copy]:
    """Copies, the latest first."""
    table, packs = node.tables.Copy, node.tables.Pack
    rows = list(table.select().where(condition).order_by(table.number.desc(), table.id))
    wanted = {row.pack for row in rows}
    found = {row.id: _pack(row) for row in packs.select().where(packs.id.in_(list(wanted)))} if wanted else {}
    return [_copy(row, found[row.pack]) for row in rows if row.pack in found]


def _pack(row: Any) -> Pack:
    plain = (row.id, row.package, row.work, row.digest, row.item, row.title, row.language)
    return Pack(*plain, asked=asked.load(row.asked))


def _copy(row: Any, pack: Pack) -> Copy:
    back = frozenset(int(number) for number in row.back.split())
    plain = (row.id, row.number, row.person, row.carrier, bytes.fromhex(row.key), row.giver, row.given_ms, row.state)
    return Copy(*plain, back=back, pack=pack)


def states_after(back: Collection[int], sheets: int) -> dict[str, Any]:
    """The fields of a copy of which the codes of these sheets came back."""
    return {"back": " ".join(map(str, sorted(back))), "state": BACK if len(back) == sheets else OUT}
