"""Who sees what of a package: the one place that decides.

What is for facilitators only (`Item.facilitators_only`: plans, solutions, a channel's coach content) is not there for
learners and guests, and what is from an age on (`Item.from_age`) not for younger ones and guests: not in lists,
searches and catalogues, not under its address, not among the files. Whoever shows something of a package asks here;
what asks for nobody gets what guests get. The publisher says so of an item, or this hub (`hub.worn`).
"""

import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from content.entries import Row
from content.facets import for_age
from content.package import Manifest
from content.shapes import ALL_AGES, age_class
from hub.node import Node
from hub.people import ages
from hub.people.roster import Person

SEES_ALL = frozenset({"facilitator", "librarian", "steward"})
MARK_CHARS = 16
"""Hex digits of a mark in an address: nobody guesses them."""


def sees_all(person: Person | None) -> bool:
    """Whether somebody sees also what is for facilitators only; None is a guest."""
    return person is not None and bool(person.roles & SEES_ALL)


def seen(node: Node, manifest: Manifest, person: Person | None) -> Manifest:
    """A package as somebody sees it."""
    return manifest if sees_all(person) else as_learner(node, manifest, person)


def as_learner(node: Node, manifest: Manifest, person: Person | None) -> Manifest:
    """A package as somebody sees it who learns, whatever else they are here."""
    if all(item.from_age == 0 for item in manifest.items):
        return manifest.for_learners
    return manifest.shown_from(_age(node, person))


def rows(node: Node, found: Sequence[Row], person: Person | None) -> list[Row]:
    """Those packages of a list that hold something for somebody, with the number of items that they see."""
    if sees_all(person):
        return list(found)
    place = ALL_AGES.index(_age(node, person))
    return [replace(each, items=each.shown[place]) for each in found if each.shown[place]]


def always(node: Node, person: Person | None) -> Mapping[str, str]:
    """What is chosen in every search of somebody, whatever else they choose (`content.facets`)."""
    return {} if sees_all(person) else for_age(_age(node, person))


def mark(node: Node, manifest: Manifest) -> str:
    """What stands in addresses on the packages' origin, which knows nobody: the digest, and behind it, for who sees
    more of a package than guests, what only this hub can make of it."""
    digest = manifest.digest[:MARK_CHARS]
    return digest if manifest.for_learners is manifest else f"{digest}-{_proof(node, manifest, manifest.view)}"


def marked(node: Node, manifest: Manifest, found: str) -> Manifest | None:
    """The package as an address with this mark shows it; None for a mark that is none of it."""
    digest, _dash, proof = found.partition("-")
    if digest != manifest.digest[:MARK_CHARS]:
        return None
    if not proof:
        return manifest.for_learners
    return next((shown for view, shown in _views(manifest) if _is_proof(node, manifest, view, proof)), None)


def _age(node: Node, person: Person | None) -> int:
    return age_class(ages.years(node, person)) if person else 0


def _views(manifest: Manifest) -> Iterator[tuple[str, Manifest]]:
    yield manifest.view, manifest
    for age in ALL_AGES:
        yield str(age), manifest.shown_from(age)


def _is_proof(node: Node, manifest: Manifest, view: str, proof: str) -> bool:
    return hmac.compare_digest(proof.encode(), _proof(node, manifest, view).encode())


def _proof(node: Node, manifest: Manifest, view: str) -> str:
    told = f"{view} of {manifest.id} {manifest.digest}".encode()
    return hmac.digest(node.cookie_key, told, "sha256").hex()[:MARK_CHARS]
