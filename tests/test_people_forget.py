"""Forgetting a person: nothing of them opens anywhere here, others' records go on, and it is done or not at all."""

import json
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from hub import projections
from hub.care import backup, chain, restore
from hub.config import keep, load
from hub.consent import standing
from hub.errors import InputWrong, NotAllowed, NotFound, StatementConflict
from hub.forgetting import backups, listed, people
from hub.node import HEARD, LOCAL, Node, open_node
from hub.people import circles, credentials, roster
from hub.takehome import copies
from hub.tide import erased
from hub.vocabulary import PEOPLE, person_actor
from hub.xapi import store
from tests.fixtures import recognition
from tests.fixtures.cast import Cast
from tests.fixtures.forgetting import IDS, NAME, TOOL, WORDS, child, found_in, in_database, secrets, statement

__all__ = ["child"]


def test_nothing_of_a_child_opens_anywhere(node: Node, child: str, tmp_path: Path) -> None:
    """Not in a table, the log, a free page, a file or a backup made after; and it was everywhere before."""
    wanted = secrets(node, child)
    before = {each for _, each in in_database(node, wanted)}
    assert before >= {*wanted[:4], wanted[-1]}
    named = {name for name, _ in found_in(node.home, [WORDS.encode(), NAME.encode()])}
    assert named >= {"index.html", "stick.tide"} and {name.rpartition(".")[2] for name in named} >= {"wav"}
    done = people.forget(node, person=child, wish=people.GUARDIAN)
    people.clean(node)
    assert in_database(node, wanted) == [] and list(chain.problems(node)) == []
    made = backup.make(node, node.home / backup.FOLDER)
    assert found_in(node.home, wanted) == []
    restored = tmp_path / "unpacked"
    restored.mkdir()
    zipfile.ZipFile(made).extractall(restored)
    assert found_in(restored, wanted) == []
    (shown,) = erased.erasures(node)
    assert node.tables.Note.get_or_none(node.tables.Note.name == HEARD) is None
    assert (shown.wish, shown.entries, shown.places, shown.done) == ("guardian", done.entries, 1, 1)
    with pytest.raises(NotFound):
        people.forget(node, person=child)


def test_what_others_keep_goes_on_without_the_name(node: Node, child: str, cast: Cast) -> None:
    """The hands that were counted, the friend's record, the friend's consent."""
    friend = cast.person("learner").id
    told = standing.of_person(node, friend)
    loans = node.tables.Loan.select().count()
    people.forget(node, person=child)
    assert node.tables.Hands.get(node.tables.Hands.id == "hands").witnesses == friend
    kept = node.tables.Statement.get(node.tables.Statement.id == IDS[1])
    placed = node.journal.get(kept.stream, kept.seq)
    assert placed is not None
    team = json.loads(placed.entry.payload)["raw"]["context"]["team"]["member"]
    assert {"account": {"homePage": PEOPLE, "name": "forgotten"}} in team and person_actor(friend) in team
    assert standing.of_person(node, friend) == told == {"elsewhere": "refused", "counted": "refused"}
    assert node.tables.Loan.select().count() == loans - 1
    note = node.tables.Note.get(node.tables.Note.name == "who")
    assert json.loads(note.value) == {"friend": friend, "all": [friend, "/role"]}


def test_tables_are_those_of_the_journal(node: Node, child: str) -> None:
    """A rebuild gives the same."""
    people.forget(node, person=child)
    before = projections.fingerprint(node.tables)
    node.write(lambda: projections.rebuild(node.tables, node.journal.replay()))
    assert projections.fingerprint(node.tables) == before


def test_a_record_does_not_come_back_by_the_door(node: Node, child: str) -> None:
    """A tool that sends it again is told, and nothing is kept."""
    people.forget(node, person=child)
    with pytest.raises(StatementConflict, match="erased"):
        store.take(node, [statement(0, child)], authority=TOOL)
    assert in_database(node, [IDS[0].encode(), WORDS.encode()]) == []


def test_a_restored_backup_forgets_again(node: Node, child: str) -> None:
    """The list beside the key is held against it before pages are shown."""
    keep(node.home, {"database": node.settings.database})
    old = backup.make(node, node.home / backup.FOLDER)
    wanted = secrets(node, child)
    people.forget(node, person=child)
    home = node.home
    node.close()
    restore.restore(home, old, force=True)
    again = open_node(home, load(home, {}, {}))
    assert roster.find(again, child) is not None
    assert people.again(again) == 1
    people.clean(again)
    assert in_database(again, wanted) == []
    assert people.again(again) == 0 and roster.find(again, child) is None
    again.close()


def test_the_list_beside_the_key_names_nobody(node: Node, child: str) -> None:
    """Hashes, streams, numbers and signatures; a damaged line says nothing."""
    wanted = secrets(node, child)
    people.forget(node, person=child)
    path = node.home / "keys" / listed.NAME
    assert not any(each in path.read_bytes() for each in wanted)
    whole = listed.said(node.home)
    assert {audience for audience, _ in whole} == {LOCAL, "region"} and len(listed.marks(node.home)) == 1
    path.write_text(path.read_text() + '{"audience": "local", "said": "{"}\nno\n{"x": 1}\n')
    assert listed.said(node.home) == whole
    path.write_bytes(b"\xff")
    assert listed.said(node.home) == []


def test_what_is_on_the_list_is_said_again(node: Node, child: str) -> None:
    """Also where the person is no more in the database, and only some of the journal came back."""
    people.forget(node, person=child)
    node.write(lambda: node.database.execute_sql("DELETE FROM journal_erased"))
    assert people.again(node) == 0
    assert node.database.execute_sql("SELECT count(*) FROM journal_erased").fetchone()[0] > 0


@pytest.mark.parametrize("at", range(0, 60, 6))
def test_a_cut_leaves_before_or_after(node: Node, child: str, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """Wherever the power goes, the next start finds it whole: as before and on the list, or forgotten."""
    wanted = secrets(node, child)
    run, left = type(node.database).execute_sql, [at * 20]

    def cut(database: Any, sql: str, params: Any = None) -> Any:
        left[0] -= 1
        if left[0] < 0 and not sql.lower().startswith("rollback"):
            raise RuntimeError("the power went")
        return run(database, sql, params)

    before = projections.fingerprint(node.tables)
    monkeypatch.setattr(type(node.database), "execute_sql", cut)
    with suppress(RuntimeError):
        people.forget(node, person=child)
    monkeypatch.undo()
    is_before = roster.find(node, child) is not None
    assert not is_before or projections.fingerprint(node.tables) == before
    people.again(node)
    if listed.marks(node.home):
        assert in_database(node, wanted) == []
        assert [each.is_clean for each in erased.erasures(node)] == [False]


def test_a_cut_before_the_list_is_whole(node: Node, child: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database has it done; the list has the hash of the person, which is enough."""
    monkeypatch.setattr(listed, "note", lambda home, said: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        people.forget(node, person=child)
    assert roster.find(node, child) is None and len(listed.marks(node.home)) == 1


def test_who_may(node: Node, child: str, cast: Cast) -> None:
    """A steward or librarian anybody, a facilitator the learners of the own circles, nobody else."""
    found = roster.person(node, child)
    for role in ("steward", "librarian"):
        people.check_forgets(node, actor=cast.person(role), person=found)
    for role in ("facilitator", "learner", "guardian", "partner", "region"):
        with pytest.raises(NotAllowed):
            people.check_forgets(node, actor=cast.person(role), person=found)
    (circle,) = circles.circles_of(node, child)
    circles.join(node, circle=circle.id, person=cast.person("facilitator").id, part="facilitator")
    people.check_forgets(node, actor=cast.person("facilitator"), person=found)
    last = cast.person("steward")
    with pytest.raises(NotAllowed, match="last"):
        people.forget(node, person=last.id)
    with pytest.raises(InputWrong):
        people.forget(node, person=child, wish="nobody")


def test_the_outlook_counts(node: Node, child: str) -> None:
    """What would go is what goes."""
    seen = people.look(node, roster.person(node, child))
    done = people.forget(node, person=child)
    assert done.entries == seen.entries + seen.copies
    assert (seen.records, seen.copies, seen.shared) == (1, 1, 2)


def test_old_backups_are_named_and_made_anew(node: Node, child: str, clock: Any) -> None:
    """Those from before are told by name and date; one press makes a new one and deletes them."""
    made = backup.make(node, node.home / backup.FOLDER)
    aside = node.home / "mangrove.db.before-restore-20200101T000000Z"
    aside.write_bytes(NAME.encode())
    (node.home / backup.FOLDER / "mine.zip").write_bytes(b"")
    assert backups.old(node) == []
    people.forget(node, person=child)
    assert {each.name for each in backups.old(node)} == {f"backups/{made.name}", "backups/mine.zip", aside.name}
    backups.make_anew(node)
    assert not aside.exists()


def test_a_facilitator_is_forgotten_too(node: Node, cast: Cast, child: str) -> None:
    """Marks they gave and things they saw go on as nobody's; the learner keeps them."""
    recognition.note(node, cast, words="helped", sentence="well")
    leader, learner = cast.person("facilitator").id, cast.person("learner").id
    seen = node.tables.Observation.select().where(node.tables.Observation.person == learner).count()
    people.forget(node, person=leader)
    assert in_database(node, [leader.encode()]) == []
    assert node.tables.Observation.select().where(node.tables.Observation.person == learner).count() == seen


def test_copies_of_a_pack_go(node: Node, child: str) -> None:
    """What was handed out to take home, with its key for the codes."""
    people.forget(node, person=child)
    assert copies.of_people(node, [child]) == []
    assert credentials.kind_of(node, child) == ""
