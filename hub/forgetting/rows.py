"""What this machine alone keeps of a person, outside the journal: secrets, sign-ins, drafts, documents, jobs."""

import json
import shutil
from pathlib import Path
from typing import Any

from hub import jobs, unanswered, uploads
from hub.moving import making, opening
from hub.node import HEARD, JOBS_FOLDER, Node
from hub.out import parcel
from hub.people.roster import Person
from hub.tables import run


def empty(node: Node, person: Person) -> None:
    """Delete or unname every node-local row that carries a person. Only inside `node.write`."""
    tables, whose = node.tables, person.id
    for model in (tables.Credential, tables.SignIn, tables.DraftStep, tables.Forwarded):
        model.delete().where(model.person == whose).execute()
    tables.Attempt.delete().where(tables.Attempt.id.contains(whose)).execute()
    tables.Key.update(maker="").where(tables.Key.maker == whose).execute()
    _empty_notes(node, whose)
    tables.Note.delete().where(tables.Note.name == HEARD).execute()  # the job that cleans does all that this asks for
    tables.Destination.update(latest="[]").execute()
    _empty_writing(node, whose)
    _empty_documents(node, whose)
    for words in (whose, _quoted(person.name)):
        jobs_of = tables.Job.arguments.contains(words) | tables.Job.progress.contains(words)
        tables.Job.delete().where(jobs_of).execute()
    unanswered.forget_name(node, person.name)
    tables.PageSentence.delete().where(tables.PageSentence.text.contains(person.name)).execute()


def empty_folders(node: Node, person: str) -> None:
    """Delete what lies ready for a person alone, or is on its way from them: before the rows that name it go."""
    for job in jobs.every(node, kind=parcel.JOB):
        if job.arguments.get("person") == person:
            shutil.rmtree(_parcels(node) / Path(str(job.arguments["path"])).name, ignore_errors=True)
    for kind, folder in ((making.JOB, making.FOLDER), (opening.JOB, making.ARRIVING)):
        for job in jobs.every(node, kind=kind):
            if job.arguments.get("person") == person:
                place = node.home / JOBS_FOLDER / folder / Path(str(job.arguments["path"])).name
                shutil.rmtree(place, ignore_errors=True)
    for each in uploads.uploads(node, person=person):
        uploads.throw_away(node, each)


def _parcels(node: Node) -> Path:
    return node.home / JOBS_FOLDER / parcel.FOLDER


def _quoted(name: str) -> str:
    """A name as it stands within JSON text."""
    return json.dumps(name, ensure_ascii=False)[1:-1]


def _empty_notes(node: Node, whose: str) -> None:
    """What is noted of a person goes; a note of other things in which they stand goes on without them."""
    table = node.tables.Note
    table.delete().where(table.name.contains(whose)).execute()
    for note in table.select().where(table.value.contains(whose)):
        left = json.dumps(_left_of(json.loads(note.value), whose))
        table.update(value=left).where(table.name == note.name).execute()


def _left_of(value: Any, whose: str) -> Any:
    """A value without those parts of it that are a person, or are under one."""
    if isinstance(value, dict):
        kept = {name: each for name, each in value.items() if whose not in name and each != whose}
        return {name: _left_of(each, whose) for name, each in kept.items()}
    if isinstance(value, list):
        return [_left_of(each, whose) for each in value if each != whose]
    return value.replace(whose, "") if isinstance(value, str) else value


def _empty_writing(node: Node, whose: str) -> None:
    """Drafts that were never published go; what stands on the shelf stays there, as nobody's."""
    tables = node.tables
    own = [row.id for row in tables.Draft.select().where((tables.Draft.person == whose) & (tables.Draft.package == ""))]
    tables.DraftStep.delete().where(tables.DraftStep.draft.in_(own)).execute()
    tables.Edition.delete().where(tables.Edition.draft.in_(own)).execute()
    tables.Draft.delete().where(tables.Draft.id.in_(own)).execute()
    for model in (tables.Draft, tables.Edition, tables.Bank):
        model.update(person="").where(model.person == whose).execute()


def _empty_documents(node: Node, whose: str) -> None:
    tables: Any = node.tables
    asked = "SELECT id, body FROM document"
    named = [row[0] for row in run(tables, asked).fetchall() if whose.encode() in bytes(row[1])]
    table = tables.Document
    table.delete().where((table.agent == whose) | table.address.contains(whose) | table.name.contains(whose)).execute()
    for each in named:
        table.delete().where(table.id == each).execute()
