"""Things to borrow: what each is, how many copies there are and how many are here now."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from content.package import field_id
from hub import pictures, typed
from hub.errors import InputWrong, NotAllowed, NotFound
from hub.node import Node
from hub.people.roster import Person
from hub.people.settle import settle
from hub.tables.lending import DAMAGED, LOST

LENDERS = frozenset({"librarian"})
"""Who lends, and sees who has what."""
KINDS = ("book", "tool", "radio", "device", "game", "other")
NAME_MAX, MEANS_MAX, PLACE_MAX, COPY_MAX = 80, 300, 80, 40
"""Letters of a name, of what it is for, of where it lies, and of a copy's name."""
COPIES_MAX, THINGS_MAX, COMPETENCIES_MAX = 60, 2_000, 5
OUT_OF_USE = (DAMAGED, LOST)


@dataclass(frozen=True)
class Thing:
    """One thing to borrow; `here` are the copies that can be lent now, `photo` names one of `hub.photos` or is ""."""

    id: str
    name: str
    kind: str
    means: str
    place: str
    copies: tuple[str, ...]
    here: tuple[str, ...]
    competencies: tuple[str, ...]
    language: str
    photo: str = ""


@dataclass(frozen=True)
class Description:
    """What a librarian typed of a thing; `copies` are names, one a line, or a number of them."""

    name: str
    kind: str
    means: str
    place: str
    copies: str
    language: str
    competencies: tuple[str, ...] = ()


def lends(person: Person | None) -> bool:
    """Whether somebody keeps the lending desk."""
    return person is not None and not LENDERS.isdisjoint(person.roles)


def check_lends(actor: Person) -> None:
    """Raises NotAllowed unless `actor` keeps the lending desk."""
    if not lends(actor):
        raise NotAllowed("Librarians keep the lending desk. Nothing was changed; ask one of them.")


def things(node: Node, *, words: str = "", kind: str = "") -> list[Thing]:
    """All things by name, or those of a kind, or in which each of the words stands."""
    sought = words.casefold().split()
    every = node.remembered.of("things", lambda: _every(node))
    return [each for said, each in every if kind in ("", each.kind) and all(word in said for word in sought)]


def _every(node: Node) -> list[tuple[str, Thing]]:
    """All things by name, each with the words in which it is found."""
    table, taken = node.tables.Thing, _taken(node)
    found = [(_said(row), _thing(row, taken)) for row in table.select().where(table.is_kept == 1)]
    return sorted(found, key=lambda pair: (pair[1].name.casefold(), pair[1].id))


def thing(node: Node, thing_id: str) -> Thing:
    """The thing with this id. Raises NotFound."""
    table = node.tables.Thing
    row = table.get_or_none((table.id == thing_id) & (table.is_kept == 1))
    if row is None:
        raise NotFound("There is no such thing to borrow. Look in the list of things.")
    return _thing(row, _taken(node, thing_id))


def add(node: Node, *, actor: Person, said: Description) -> Thing:
    """A new thing. Raises NotAllowed or InputWrong before anything is written."""
    check_lends(actor)
    fields = _checked(node, said)

    def work() -> str:
        if node.tables.Thing.select().where(node.tables.Thing.is_kept == 1).count() >= THINGS_MAX:
            raise InputWrong("There are too many things in the list. Nothing was changed; take one off it first.")
        made = node.new_id()
        settle(node, "thing", made, **fields, is_kept=1)
        return made

    return thing(node, node.write(work))


def change(node: Node, *, actor: Person, thing_id: str, said: Description) -> bool:
    """Say otherwise what a thing is. Raises NotAllowed, NotFound, or InputWrong where a copy that is out would go."""
    check_lends(actor)
    thing(node, thing_id)
    fields = _checked(node, said)

    def work() -> bool:
        _check_none_out(node, thing_id, keeping=fields["copies"].split("\n"))
        return settle(node, "thing", thing_id, **fields)

    return node.write(work)


def show_photo(node: Node, *, actor: Person, thing_id: str, photo: str) -> bool:
    """Let a photo that is kept here (`hub.photos`) stand beside a thing; "" for none. Raises NotAllowed or NotFound."""
    check_lends(actor)
    thing(node, thing_id)
    has_changed = node.write(lambda: settle(node, "thing", thing_id, photo=photo))
    if photo:
        pictures.ask_photo(node, photo)
    return has_changed


def let_go(node: Node, *, actor: Person, thing_id: str) -> bool:
    """Take a thing off the list; what was lent of it stays in the records. Raises InputWrong while a copy is out."""
    check_lends(actor)
    thing(node, thing_id)

    def work() -> bool:
        _check_none_out(node, thing_id, keeping=())
        return settle(node, "thing", thing_id, is_kept=0)

    return node.write(work)


def offered(node: Node) -> set[str]:
    """What a thing can be for: names of what can be learned from the shelf."""
    return {field_id(manifest, each.id) for manifest in node.shelf.list() for each in manifest.competencies}


def _checked(node: Node, said: Description) -> dict[str, Any]:
    """The fields of a thing as they are kept. Raises InputWrong."""
    if said.kind not in KINDS:
        raise InputWrong("That is no kind of thing we know. Nothing was changed; choose one from the page.")
    wanted = list(dict.fromkeys(said.competencies))
    if len(wanted) > COMPETENCIES_MAX or not set(wanted) <= offered(node):
        raise InputWrong(
            "A thing is for at most %(most)s abilities that are on the shelf. Nothing was changed; choose fewer.",
            most=COMPETENCIES_MAX,
        )
    return {
        "name": " ".join(typed.text(said.name, NAME_MAX).split()),
        "kind": said.kind,
        "means": typed.text(said.means, MEANS_MAX) if said.means.strip() else "",
        "place": " ".join(typed.text(said.place, PLACE_MAX).split()) if said.place.strip() else "",
        "copies": "\n".join(_copies(said.copies)),
        "competencies": "\n".join(wanted),
        "language": said.language,
    }


def _copies(said: str) -> Sequence[str]:
    """The names of the copies: those typed, one a line, or 1, 2, 3 for a number alone. Raises InputWrong."""
    typed_lines = said[: COPIES_MAX * (COPY_MAX + 2)].splitlines()
    lines = [" ".join(line.split()) for line in typed_lines if line.strip()] or ["1"]
    if len(lines) == 1 and lines[0].isascii() and lines[0].isdecimal() and 0 < int(lines[0][:4]) <= COPIES_MAX:
        return [str(number) for number in range(1, int(lines[0]) + 1)]
    if len(lines) > COPIES_MAX or len(set(lines)) < len(lines):
        raise InputWrong(
            "Each copy has a name of its own, one a line, at most %(most)s of them. Nothing was changed.",
            most=COPIES_MAX,
        )
    return [typed.text(line, COPY_MAX) for line in lines]


def _check_none_out(node: Node, thing_id: str, *, keeping: Collection[str]) -> None:
    table = node.tables.Loan
    out = table.select().where((table.thing == thing_id) & (table.back_ms == 0))
    if not {row.copy for row in out} <= set(keeping):
        raise InputWrong("A copy of it is still lent out. Nothing was changed; take it back first.")


def _taken(node: Node, thing_id: str = "") -> Counter[tuple[str, str]]:
    """Which copies cannot be lent: those that are out, damaged or lost."""
    table = node.tables.Loan
    query = table.select().where((table.back_ms == 0) | table.outcome.in_(OUT_OF_USE))
    rows = query.where(table.thing == thing_id) if thing_id else query
    return Counter((row.thing, row.copy) for row in rows)


def _said(row: Any) -> str:
    return " ".join((row.name, row.means, row.place, row.copies, row.competencies)).casefold()


def _thing(row: Any, taken: Counter[tuple[str, str]]) -> Thing:
    copies = tuple(row.copies.split("\n"))
    return Thing(
        id=row.id,
        name=row.name,
        kind=row.kind if row.kind in KINDS else "other",
        means=row.means,
        place=row.place,
        copies=copies,
        here=tuple(each for each in copies if (row.id, each) not in taken),
        competencies=tuple(row.competencies.split()),
        language=row.language,
        photo=row.photo,
    )
