"""Who sees what of a package: the one place that decides.

What is for facilitators only (`Item.facilitators_only`: plans, solutions, a channel's coach content) is not there for
learners and guests: not in lists, searches and catalogues, not under its address, not among the files. Whoever shows
something of a package asks here; what asks for nobody gets what learners get.
"""

import hmac
from collections.abc import Mapping

from content.facets import FOR_ALL
from content.package import Manifest
from hub.node import Node
from hub.people.roster import Person

SEES_ALL = frozenset({"facilitator", "librarian", "steward"})
MARK_CHARS = 16
"""Hex digits of a mark in an address: nobody guesses them."""


def sees_all(person: Person | None) -> bool:
    """Whether somebody sees also what is for facilitators only; None is a guest."""
    return person is not None and bool(person.roles & SEES_ALL)


def seen(manifest: Manifest, person: Person | None) -> Manifest:
    """A package as somebody sees it."""
    return manifest if sees_all(person) else manifest.for_learners


def always(person: Person | None) -> Mapping[str, str]:
    """What is chosen in every search of somebody, whatever else they choose (`content.facets`)."""
    return {} if sees_all(person) else FOR_ALL


def mark(node: Node, manifest: Manifest) -> str:
    """What stands in addresses on the packages' origin, which knows nobody: the digest, and behind it, for who sees all
    of a package, what only this hub can make of it."""
    digest = manifest.digest[:MARK_CHARS]
    return digest if manifest.for_learners is manifest else f"{digest}-{_proof(node, manifest)}"


def marked(node: Node, manifest: Manifest, found: str) -> Manifest | None:
    """The package as an address with this mark shows it; None for a mark that is none of it."""
    digest, _dash, proof = found.partition("-")
    if digest != manifest.digest[:MARK_CHARS]:
        return None
    if not proof:
        return manifest.for_learners
    return manifest if hmac.compare_digest(proof.encode(), _proof(node, manifest).encode()) else None


def _proof(node: Node, manifest: Manifest) -> str:
    told = f"all of {manifest.id} {manifest.digest}".encode()
    return hmac.digest(node.cookie_key, told, "sha256").hex()[:MARK_CHARS]
