"""There are no private messages here, between grown-ups and children least of all: words reach more than one.

Nobody can be written to. What somebody writes about one person is read by that person and whoever looks after them and
the hub; what somebody tells in trust goes to two. A table that comes later with words and a person in it fails here
until somebody has said who reads it.
"""

import peewee
import pytest

from hub import acts, tables
from hub.acts import By
from hub.node import Node
from hub.protection import named
from hub.tables import local, writing
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.recognition import note

WORDS = {"text", "words", "reason", "concern", "note", "why", "sentence", "means", "title", "body", "sound"}
"""What columns of free words and voices are called."""
PEOPLE = {"person", "actor", "about", "giver", "typist", "observer", "author", "proposer", "reviewer", "borrower"}
PEOPLE |= {"closer", "definer", "maker", "witness"}
"""What columns that name a person are called."""
TO = {"to", "recipient", "receiver", "reader", "addressee", "room", "thread", "reply"}
"""What a message has, and nothing here."""
READ_BY = {
    "Proposal": "all who belong here, or the circle",
    "ProposalVersion": "the same",
    "Remark": "the same",
    "Objection": "the same",
    "ProposalConsent": "the same",
    "Review": "the same",
    "Matter": "all who belong here",
    "Act": "whom it is about, their guardians, and keepers",
    "Observation": "whom it is about, their guardians, the circle's facilitators, and keepers",
    "Award": "the same",
    "Badge": "all who belong here",
    "Recording": "everybody",
    "PackageWords": "everybody",
    "Forwarded": "stewards: why another store would not take a record",
    "Loan": "librarians",
    "Report": "two adults, never whom it is about",
    "Draft": "all who write for the shelf",
    "DraftStep": "the same",
    "Edition": "everybody",
    "Bank": "all who write for the shelf",
}
"""Table with words and a person in it → who reads them."""
SENTENCE = "Boils water without being told."


def _columns(model: type[peewee.Model]) -> set[str]:
    return {field.name for field in model._meta.sorted_fields}  # type: ignore[attr-defined]


MODELS = {model.__name__: _columns(model) for model in (*tables.PROJECTIONS, *local.MODELS, *writing.MODELS)}


def test_of_all_words_it_is_said_who_reads_them() -> None:
    """A new table is missing, and one that went is too many."""
    assert {name for name, columns in MODELS.items() if columns & WORDS and columns & PEOPLE} == set(READ_BY)


def test_nothing_is_addressed_to_anybody() -> None:
    """No table has a column for whom something is written to."""
    assert {name: columns & TO for name, columns in MODELS.items() if columns & TO} == {}


@pytest.mark.usefixtures("market")
def test_what_is_written_of_a_child_is_read_by_those_who_look_after_it(node: Node, cast: Cast) -> None:
    """A facilitator's sentence, and why a steward did something: the child, its guardian and a librarian read both."""
    child = cast.person("learner")
    note(node, cast, sentence=SENTENCE)
    node.write(lambda: acts.note(node, By(cast.person("steward").id, why=SENTENCE), sort=acts.SECRET, about=child.id))
    for address in (f"/people/{child.id}/about/", f"/people/{child.id}/log/"):
        seen = {role for role in ROLES if SENTENCE in cast.client(role).get(address).text}
        assert {"learner", "guardian", "librarian", "steward"} <= seen
        assert not {OUTSIDER, "neighbour", "partner", "region"} & seen


def test_what_is_told_in_trust_goes_to_two(node: Node, cast: Cast) -> None:
    """Where two are named, and where the one of them is whom it is about."""
    adults = [cast.person(role) for role in ("facilitator", "librarian")]
    node.write(lambda: [node.change("person", each.id, birth_year=1980) for each in adults])
    named.name(node, actor=cast.person("steward"), chosen=[each.id for each in adults])
    assert len(named.readers(node)) == len(named.readers(node, [adults[0].id])) == named.COUNT
