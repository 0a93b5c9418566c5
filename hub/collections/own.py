"""The collections of this hub: named, ordered lists of packages for its people, and for hubs that exchange with it.

Each publication counts the version up and is signed with the hub's key; who subscribed refuses an older one. The
collection belongs to this machine's key, so it is kept beside the hubs that we exchange with and not in the journal.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from content import chunks
from content.collection import PACKAGES_MAX, SUMMARY_MAX, TITLE_MAX, Collection, listed
from hub import jobs, library
from hub.errors import InputWrong, NotFound
from hub.jobs import JobShown
from hub.node import Node
from hub.sentences import Sentence, sentence
from hub.tables import put

JOB = "collection"
SIGNED = b"mangrove collection 1 "
COLLECTIONS_MAX = 50


@dataclass(frozen=True)
class Own:
    """A collection of ours; `version` is how often it was published, and `is_fresh` whether it has changed since."""

    id: str
    title: str
    summary: str
    packages: tuple[str, ...]
    version: int
    is_fresh: bool


@dataclass(frozen=True)
class Plain:
    """What a collection of ours is called, and what it lists."""

    id: str
    title: str
    packages: tuple[str, ...]


def collections(node: Node) -> list[Own]:
    """All of them, by title."""
    table = node.tables.Collection
    return [_own(node, row) for row in table.select().order_by(table.title, table.id)]


def lists(node: Node) -> list[Plain]:
    """All of them, without a look at what was published: quick enough for every page."""
    table = node.tables.Collection
    rows = table.select(table.id, table.title, table.packages)
    return [Plain(row.id, row.title, tuple(json.loads(row.packages))) for row in rows]


def collection(node: Node, collection_id: str) -> Own:
    """One of them. Raises NotFound."""
    return _own(node, _row(node, collection_id))


def make(node: Node, *, title: str, summary: str = "", packages: Sequence[str] = ()) -> Own:
    """Make a collection. Raises InputWrong."""
    name, about, listed_ids, now = _title(title), _summary(summary), _packages(node, packages), node.clock.now_ms()
    fresh = node.new_id()

    def work() -> None:
        if node.tables.Collection.select().count() >= COLLECTIONS_MAX:
            raise InputWrong("There are as many collections as a hub keeps. Nothing was made; delete one first.")
        values = {"id": fresh, "title": name, "summary": about, "packages": json.dumps(listed_ids)}
        put(node.tables.Collection, **values, version=0, text="", signature="", made_ms=now, changed_ms=now)

    node.write(work)
    return collection(node, fresh)


def change(node: Node, collection_id: str, *, title: str, summary: str, packages: Sequence[str]) -> Own:
    """Give a collection another title, words and list. Raises NotFound or InputWrong."""
    standing = set(collection(node, collection_id).packages)
    values = {
        "title": _title(title),
        "summary": _summary(summary),
        "packages": json.dumps(_packages(node, packages, known=standing)),
        "changed_ms": node.clock.now_ms(),
    }
    table = node.tables.Collection
    node.write(table.update(**values).where(table.id == collection_id).execute)
    return collection(node, collection_id)


def delete(node: Node, collection_id: str) -> None:
    """Delete a collection; its packages stay on the shelf, here and where somebody subscribed. Raises NotFound."""
    table = node.tables.Collection
    if not node.write(table.delete().where(table.id == collection_id).execute):
        raise _not_found()


def ask_to_publish(node: Node, collection_id: str) -> str:
    """Ask the background worker to publish; long files are read once for that. Raises NotFound or InputWrong."""
    _standing(node, collection(node, collection_id))
    return jobs.add(node, JOB, arguments={"collection": collection_id})


def publish(node: Node, collection_id: str) -> Own:
    """Sign the collection as it is now, one version up. Raises NotFound or InputWrong."""
    found = collection(node, collection_id)
    manifests = _standing(node, found)
    pages = [chunks.page_of(node.shelf, each) for each in manifests]
    rows = tuple(
        listed(each, chunks=hashlib.sha256(page).hexdigest() if page else "")
        for each, page in zip(manifests, pages, strict=True)
    )
    table, now = node.tables.Collection, node.clock.now_ms()

    def work() -> None:
        made = Collection(
            id=found.id,
            publisher=node.identity.hub_id,
            version=_row(node, found.id).version + 1,
            title=found.title,
            summary=found.summary,
            packages=rows,
        )
        values = {"text": made.text.decode(), "signature": node.identity.sign(SIGNED + made.text).hex()}
        table.update(**values, version=made.version, changed_ms=now).where(table.id == found.id).execute()

    node.write(work)
    return collection(node, found.id)


def publish_by_itself(node: Node, job: JobShown) -> Sentence:
    """The same for the background worker."""
    made = publish(node, job.arguments["collection"])
    return sentence("%(title)s is offered as version %(version)s.", title=made.title, version=made.version)


def _standing(node: Node, found: Own) -> list[Any]:
    if not found.packages:
        raise InputWrong("There is nothing in this collection yet. Choose packages for it, then publish it.")
    return [library.delivered(node, each) for each in found.packages]


def _own(node: Node, row: Any) -> Own:
    packages = tuple(json.loads(row.packages))
    return Own(row.id, row.title, row.summary, packages, row.version, is_fresh=_state(node, row) != _published(row))


def _state(node: Node, row: Any) -> list[Any]:
    """What would be published now."""
    standing = [node.shelf.standing(each) for each in json.loads(row.packages)]
    return [row.title, row.summary, [each.digest for each in standing if each]]


def _published(row: Any) -> list[Any]:
    if not row.text:
        return []
    said = json.loads(row.text)
    return [said["title"], said["summary"], [each["digest"] for each in said["packages"]]]


def _row(node: Node, collection_id: str) -> Any:
    row = node.tables.Collection.get_or_none(node.tables.Collection.id == collection_id)
    if row is None:
        raise _not_found()
    return row


def _not_found() -> NotFound:
    return NotFound("There is no such collection here. Nothing was changed.")


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not title or len(title) > TITLE_MAX or not title.isprintable():
        raise InputWrong("A collection needs a name of at most 80 letters. Nothing was changed.")
    return title


def _summary(text: str) -> str:
    summary = " ".join(text.split())
    if len(summary) > SUMMARY_MAX or not summary.isprintable():
        raise InputWrong("What a collection says of itself has at most 500 letters. Nothing was changed.")
    return summary


def _packages(node: Node, packages: Sequence[str], known: set[str] | None = None) -> list[str]:
    """Each package once, in order; one that is listed already may be away from the shelf, a new one may not."""
    found = list(dict.fromkeys(packages))
    if len(found) > PACKAGES_MAX:
        raise InputWrong("A collection has at most 500 packages. Nothing was changed.")
    if any(each not in (known or ()) and node.shelf.standing(each) is None for each in found):
        raise InputWrong("One of these packages is not on the shelf. Nothing was changed; open the page again.")
    return found
