"""From a draft to the shelf: an edition is kept, and a job brings it there through the door of every import.

Versions only count up, so that no hub ever takes an older one for newer: going back to a former version puts that one
on the shelf again under the next number. What an edition held is kept whole, its pictures too.
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from content.naming import slug
from hub import jobs, library
from hub.errors import InputWrong, NotFound, StorageFull
from hub.node import Node
from hub.sentences import Sentence, sentence
from hub.writing import banks, drafts, media, packing, parts, roles
from hub.writing.drafts import Draft
from hub.writing.parts import DRAW, Body

JOB = "publish"
EDITION = "edition"
PACKAGE = "package"
"""Under this name the last sentence of the job knows which package it brought."""
EDITIONS_KEPT = 20
"""Earlier versions that can be brought back; of what was published more often the oldest go."""
STAGED = "writing-"
"""How folders in the home begin in which an edition is put together."""
NAME_CHARS = 40
MARK_CHARS = 6
"""Hex digits of the draft's id in a package's: two lessons of one name on two hubs are two packages."""


@dataclass(frozen=True)
class Edition:
    """A draft as it was published; `is_here` when this version stands on the shelf. Times are ms since 1970, UTC."""

    id: str
    draft: str
    version: int
    person: str
    body: Body
    made_ms: int
    is_here: bool


def publish(node: Node, draft_id: str, *, person: str) -> str:
    """Ask that a draft be put on the shelf as it is now; return the job.

    Raises NotFound, or InputWrong when there is nothing in it, or when it stands there already just as it is.
    """

    def work() -> str:
        draft = drafts.draft(node, draft_id)
        body = as_published(node, draft)
        if not body.parts:
            raise InputWrong("There is nothing in it yet. Nothing was changed; write a text or a question first.")
        if any(each.kind == DRAW and not each.pool for each in body.parts):
            raise InputWrong(
                "A bank that questions are drawn from is gone or empty. Nothing was changed; take that part out, or"
                " choose another bank."
            )
        newest = next(iter(editions(node, draft_id)), None)
        if newest is not None and newest.is_here and newest.body == body:
            raise InputWrong("It stands on the shelf just as it is. Nothing was changed; change something first.")
        return _ask(node, draft, body, person)

    return node.write(work)


def as_published(node: Node, draft: Draft) -> Body:
    """What would be put on the shelf of a draft now: with the questions that are drawn from, without what was taken
    out."""
    return banks.filled(node, replace(draft.body, removed=()))


def go_back(node: Node, draft_id: str, *, version: int, person: str) -> str:
    """Ask that an earlier version be put on the shelf again; return the job. The draft stays as it is.

    Raises NotFound, or InputWrong when it stands there now.
    """

    def work() -> str:
        draft, found = drafts.draft(node, draft_id), edition(node, draft_id, version=version)
        if found.is_here:
            raise InputWrong("This version stands on the shelf now. Nothing was changed.")
        return _ask(node, draft, found.body, person)

    return node.write(work)


def editions(node: Node, draft_id: str) -> list[Edition]:
    """What was published of a draft, the newest first."""
    table, draft = node.tables.Edition, drafts.draft(node, draft_id)
    standing = node.shelf.standing(draft.package)
    version = standing.version if standing is not None else 0
    rows = table.select().where(table.draft == draft_id).order_by(table.version.desc())
    return [_edition(row, version) for row in rows]


def edition(node: Node, draft_id: str, *, version: int) -> Edition:
    """One version as it was published. Raises NotFound."""
    found = next((each for each in editions(node, draft_id) if each.version == version), None)
    if found is None:
        raise NotFound("This version is no longer kept. Nothing was changed; look at the versions again.")
    return found


def bring(node: Node, arguments: dict[str, Any], say: Callable[[Sentence], None]) -> Sentence:
    """Do the job: put the edition that is meant on the shelf; return what came of it. Safe to repeat.

    Raises the ContentError that says why it was refused, NotFound when the draft was deleted meanwhile.
    """
    row = node.tables.Edition.get_or_none(node.tables.Edition.id == str(arguments[EDITION]))
    if row is None:
        raise NotFound("This draft is no longer here. What was put on the shelf stands there; look at the list again.")
    brought, draft = _edition(row, 0), drafts.draft(node, row.draft)
    say(sentence("Putting it together."))
    with tempfile.TemporaryDirectory(prefix=STAGED, dir=node.home) as folder:
        added = library.add(node, source=lay(node, brought, draft.package, Path(folder) / "package"))
    return sentence("%(title)s is on the shelf, version %(version)s.", **_facts(added))


def package_id(draft_id: str, title: str) -> str:
    """What a draft is called on the shelf for good, by its title at that time, whatever that will be later."""
    return f"{slug(title)[:NAME_CHARS].strip('-')}-{draft_id.replace('-', '')[:MARK_CHARS]}"


def clear_away(node: Node) -> None:
    """Delete what a cut left: folders of editions, and files that no draft names. For the worker, at its start."""
    for left in node.home.glob(f"{STAGED}*"):
        shutil.rmtree(left, ignore_errors=True)
    media.clear_away(node)


def lay(node: Node, edition: Edition, package: str, folder: Path) -> Path:
    """Write an edition into a new folder as a lesson folder. Raises StorageFull."""
    day = datetime.fromtimestamp(edition.made_ms / 1000, UTC).date().isoformat()
    named = packing.Named(package=package, version=edition.version, published=day)
    try:
        (folder / "media").mkdir(parents=True)
        for path, data in packing.files(edition.body, named).items():
            (folder / path).write_bytes(data)
        for name in sorted(edition.body.files):
            shutil.copyfile(media.path(node, name), folder / packing.media_path(name))
    except OSError as mistake:
        raise StorageFull(
            "The disk did not take the lesson (%(why)s). Nothing was changed; free some space and put it on the shelf"
            " again.",
            why=mistake.strerror,
        ) from None
    return folder


def _ask(node: Node, draft: Draft, body: Body, person: str) -> str:
    """Keep the edition and ask for the job; return the one that is on its way with just this, where there is one.
    Only inside `node.write`."""
    newest = next(iter(editions(node, draft.id)), None)
    asked = jobs.unfinished(node, kind=JOB) if newest is not None and newest.body == body else []
    coming = next((job.id for job in asked if newest and job.arguments.get(EDITION) == newest.id), "")
    return coming or _ask_anew(node, draft, body, person)


def _ask_anew(node: Node, draft: Draft, body: Body, person: str) -> str:
    table, drafts_table = node.tables.Edition, node.tables.Draft
    package = draft.package or package_id(draft.id, body.about.title)
    standing = node.shelf.standing(package)
    version = max(draft.version, standing.version if standing is not None else 0) + 1
    name = f"{draft.id}:{version}"
    table.insert(
        id=name,
        draft=draft.id,
        version=version,
        person=person,
        body=parts.dump(body),
        made_ms=node.clock.now_ms(),
    ).execute()
    stage = roles.OWN if draft.stage == roles.HANDED else draft.stage
    drafts_table.update(package=package, version=version, stage=stage, note="").where(
        drafts_table.id == draft.id
    ).execute()
    table.delete().where((table.draft == draft.id) & (table.version <= version - EDITIONS_KEPT)).execute()
    return jobs.add(node, JOB, arguments={EDITION: name})


def _facts(added: library.Added) -> dict[str, Any]:
    return {"title": added.title, "version": added.version, PACKAGE: added.package}


def _edition(row: Any, standing: int) -> Edition:
    body = parts.load(row.body)
    return Edition(row.id, row.draft, row.version, row.person, body, row.made_ms, row.version == standing)
