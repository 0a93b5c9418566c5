"""Everything about one person in one file: asked for by a press, packed as a job, fetched within a day.

The page inside it is made when somebody asks, in their language; the rest is packed behind it, one record at a time.
The file lies in the home, for the hub alone, and goes by itself; no backup holds it.
"""

import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from content.errors import N_
from hub import clips, handout, jobs, own_files
from hub.consent import whose
from hub.errors import InputWrong, NotAllowed, NotFound, StorageFull
from hub.jobs import JobShown
from hub.node import JOBS_FOLDER, Node
from hub.out import mine, records
from hub.people import rights, roster
from hub.people.roster import Person
from hub.sentences import Sentence, sentence
from hub.sound import files as sounds
from hub.writing import banks, media, parts
from hub.xapi import attached, documents

JOB, CLEAR_JOB = "parcel", "parcel.clear"
FOLDER = "parcels"
PAGE, ALL = "index.html", "everything.zip"
KEPT_MS = 86_400_000
"""How long a file waits to be fetched."""
SAY_EVERY = 1_000
"""Records between two sentences about how far it is: each costs a write to the card."""
PIECE_BYTES = 256 * 1024
NEAR_FULL_BYTES = 64 * 1024 * 1024
"""Room that must be left when a file is begun."""
PRIVATE_MODE = 0o700
NOT_HERE = N_("There is no such file here; it is kept for one day. Ask for it anew.")
FULL = N_("The disk is full: the file was not made. Free some space and ask for it again.")

Say = Callable[[Sentence], None]


@dataclass(frozen=True)
class Parcel:
    """A file that is made or being made: the job, whose it is, and how large it is, 0 until it is there."""

    job: JobShown
    person: str
    size: int


def may_take(node: Node, *, actor: Person, person: Person) -> bool:
    """Whether `actor` may have everything about `person`: oneself, a child's guardian, and whoever keeps the register
    on behalf of somebody."""
    return actor.id == person.id or rights.keeps(actor) or whose.speaks_for(node, actor=actor, person=person)


def check_takes(node: Node, *, actor: Person, person: Person) -> None:
    """Raises NotAllowed unless `may_take`."""
    if not may_take(node, actor=actor, person=person):
        raise NotAllowed(
            "Everything about a person is for them and their guardians, or for a librarian or steward who helps them."
            " Nothing was made."
        )


def ask(node: Node, *, actor: Person, person: Person, page: str) -> str:
    """Ask for the file; return the job. While one is being made for the person, that one. Raises NotAllowed or
    StorageFull. `page` is the page inside, as HTML."""
    check_takes(node, actor=actor, person=person)
    clear_away(node)
    making = [job for job in jobs.unfinished(node, kind=JOB) if job.arguments.get("person") == person.id]
    if making:
        return making[0].id
    _check_room(node)
    name = node.new_id()
    place = _folder(node) / name
    place.mkdir(mode=PRIVATE_MODE, parents=True)
    handout.write(place / PAGE, page)
    return jobs.add(node, JOB, arguments={"path": name, "person": person.id})


def parcel(node: Node, job_id: str, *, actor: Person, person: Person) -> Parcel:
    """One file and how far it is. Raises NotAllowed, or NotFound when there is none of that person."""
    check_takes(node, actor=actor, person=person)
    job = jobs.show(node, job_id)
    if job.kind != JOB or job.arguments.get("person") != person.id:
        raise NotFound(NOT_HERE)
    place = _place(node, job)
    return Parcel(job, person.id, place.stat().st_size if place.is_file() else 0)


def open_file(node: Node, found: Parcel) -> IO[bytes]:
    """The file to read from. Raises NotFound when it was cleared away."""
    try:
        return _place(node, found.job).open("rb")
    except FileNotFoundError:
        raise NotFound(NOT_HERE) from None


def make(node: Node, arguments: dict[str, Any], say: Say) -> Sentence:
    """Do the job: pack everything into one file. Safe to repeat and to cut. Raises NotFound or StorageFull."""
    place = _folder(node) / Path(str(arguments["path"])).name
    person = roster.person(node, str(arguments["person"]))
    if (place / ALL).is_file():
        return sentence("The file is ready.")
    if not (place / PAGE).is_file():
        raise NotFound(NOT_HERE)
    _check_room(node)
    try:
        with handout.opened(place / ALL) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(place / PAGE, PAGE)
            _Packer(node, archive, say).pack(person)
    except InputWrong:
        raise StorageFull(FULL) from None
    return sentence("The file is ready.")


def is_clearing_due(node: Node) -> bool:
    """Whether a file has lain for longer than it is kept."""
    return any(_is_old(node, each) for each in _folders(node))


def clear_away(node: Node) -> None:
    """Delete files that lay for longer than they are kept."""
    for each in _folders(node):
        if _is_old(node, each):
            shutil.rmtree(each, ignore_errors=True)


class _Packer:
    """Puts one person's things into an archive, one after another."""

    def __init__(self, node: Node, archive: zipfile.ZipFile, say: Say) -> None:
        self._node, self._archive, self._say = node, archive, say

    def pack(self, person: Person) -> None:
        """All of it."""
        self._json("me.json", mine.facts(self._node, person))
        for sha2 in sorted(self._statements(person.id)):
            self._file(f"attachments/{sha2}", attached.path(self._node, sha2))
        self._documents(person.id)
        self._drafts(person.id)
        self._recordings(person.id)
        self._clips(person.id)

    def _clips(self, person: str) -> None:
        """What the person spoke or photographed in what is decided together."""
        for name in mine.clips(self._node, person):
            self._file(f"said/{name}", clips.path(self._node, name))

    def _statements(self, person: str) -> set[str]:
        """The statements, one a line; returns the hashes of the data that came with them."""
        hashes: set[str] = set()
        with self._archive.open("statements.jsonl", "w", force_zip64=True) as lines:
            for count, each in enumerate(mine.statements(self._node, person), 1):
                lines.write(records.line(each))
                if "attachments" in each or each["object"].get("objectType") == "SubStatement":
                    hashes |= set(attached.of(self._node, [each]))
                if count % SAY_EVERY == 0:
                    self._say(sentence("%(num)s records are packed.", num=count))
        return hashes

    def _documents(self, person: str) -> None:
        """States and profiles that tools keep about the person, each as it was sent, with a list of them."""
        listed = []
        for number, each in enumerate(documents.of_agent(self._node, person), 1):
            name = f"documents/{number:04d}{'.json' if 'json' in each.content_type else ''}"
            self._archive.writestr(name, each.body)
            listed.append({"file": name, "content_type": each.content_type, **each.words})
        self._json("documents.json", listed)

    def _drafts(self, person: str) -> None:
        """Lessons that somebody writes or published, and banks of questions, with the pictures and sounds in them."""
        shown: set[str] = set()
        for table, name in ((self._node.tables.Draft, "draft"), (self._node.tables.Edition, "published")):
            for row in table.select().where(table.person == person).order_by(table.id):
                self._archive.writestr(f"lessons/{name}-{row.id.replace(':', '-')}.json", row.body)
                shown |= parts.load(row.body).files
        for bank in self._node.tables.Bank.select().where(self._node.tables.Bank.person == person):
            self._archive.writestr(f"lessons/bank-{bank.id}.json", bank.body)
            shown |= banks.load_files(bank.body)
        steps = self._node.tables.DraftStep
        changes = [json.loads(row.body) for row in steps.select().where(steps.person == person).order_by(steps.id)]
        if changes:
            self._json("lessons/changes.json", changes)
        for file in sorted(shown):
            self._file(f"lessons/files/{file}", media.path(self._node, file))

    def _recordings(self, person: str) -> None:
        """Sentences in the person's voice, with a list of what is said."""
        table, listed = self._node.tables.Recording, []
        for row in table.select().where((table.person == person) & (table.is_here == 1)).order_by(table.id):
            name = f"{row.blob}.{row.ending}"
            self._file(f"voice/{name}", sounds.recording_path(self._node, name))
            listed.append({"file": f"voice/{name}", "language": row.language, "text": row.text})
        self._json("voice.json", listed)

    def _json(self, name: str, value: Any) -> None:
        self._archive.writestr(name, json.dumps(value, ensure_ascii=False, indent=1))

    def _file(self, name: str, place: Path) -> None:
        """A file in pieces, once; one that was taken away meanwhile is left out."""
        if name in self._archive.NameToInfo:
            return
        with suppress(FileNotFoundError), place.open("rb") as file:
            self._copy(file, name)

    def _copy(self, file: IO[bytes], name: str) -> None:
        with self._archive.open(name, "w", force_zip64=True) as out:
            shutil.copyfileobj(file, out, PIECE_BYTES)


def _check_room(node: Node) -> None:
    if node.shelf.free_bytes() < NEAR_FULL_BYTES:
        raise StorageFull(FULL)


def _place(node: Node, job: JobShown) -> Path:
    return _folder(node) / Path(str(job.arguments["path"])).name / ALL


def _folder(node: Node) -> Path:
    return node.home / JOBS_FOLDER / FOLDER


def _folders(node: Node) -> Iterator[Path]:
    with suppress(FileNotFoundError):
        yield from _folder(node).iterdir()


def _is_old(node: Node, place: Path) -> bool:
    return own_files.age_ms(node, place) > KEPT_MS
