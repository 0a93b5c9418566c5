"""What another hub had erased, or a region brought back of our own: it goes off this machine's disk as well."""

import json

from hub import jobs
from hub.forgetting import people
from hub.node import HEARD, Node
from hub.sentences import Sentence, sentence

JOB = "forget.heard"


def is_due(node: Node) -> bool:
    """Whether something was erased since the last time, and nobody takes it off the disk yet."""
    note = node.tables.Note.get_or_none(node.tables.Note.name == HEARD)
    return note is not None and not jobs.unfinished(node, kind=JOB)


def by_itself(node: Node) -> Sentence:
    """Do it: parts of bundles that wait, bundles for phones, free pages, the log. Safe to repeat and to cut.

    A server of PostgreSQL gives room that was freed out again by itself.
    """
    has_gone = node.write(lambda: _take_note(node))
    people.again(node)
    people.let_go_of_bundles(node)
    if has_gone and not node.settings.database:
        node.database.shrink()
    return sentence("Nothing of what was forgotten is left on the disk.")


def _take_note(node: Node) -> bool:
    """Whether entries went here; what is noted from now on is for the next time. The job goes on until it is done."""
    note = node.tables.Note.get_or_none(node.tables.Note.name == HEARD)
    node.tables.Note.delete().where(node.tables.Note.name == HEARD).execute()
    return note is None or bool(json.loads(note.value))
