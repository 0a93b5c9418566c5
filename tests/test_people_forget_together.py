"""Somebody whom hubs hold together is forgotten: no fact about them stands at either place, whoever said it."""

from hub.forgetting import people
from hub.node import Node
from hub.projections import fingerprint, rebuild
from hub.tide import run
from hub.together import acting, held
from hub.together.held import PERSON
from tests.fixtures.together import Two, two

__all__ = ["two"]


def _facts(node: Node) -> list[str]:
    """Whom and which groups the facts at a hub are about."""
    return [row.subject for row in node.tables.JointFact.select()]


def test_no_fact_about_them_stands_anywhere(two: Two) -> None:
    """Name, group and what the neighbour proposed; the group goes on, and tables are those of the journal."""
    joseph = two.here.joseph
    two.says_yes(two.here, joseph)
    two.share()
    acting.put_in(two.one, actor=two.here.steward, subject=two.about, person=joseph.id)
    acting.share(two.one, actor=two.here.steward, sort=PERSON, record=joseph.id, hub=two.other.identity.hub_id)
    two.tide()
    about = held.subject(two.one.identity.hub_id, PERSON, joseph.id)
    acting.change(two.other, actor=two.there.steward, subject=about, field="name", value="Joe")
    two.tide()
    assert about in _facts(two.one) and about in _facts(two.other)
    people.forget(two.one, person=joseph.id)
    two.tide()
    for node in (two.one, two.other):
        assert set(_facts(node)) == {two.about} and held.one(node, two.about).members == ()
        assert two.shows(node).name == "River"
        before = fingerprint(node.tables)
        node.write(lambda node=node: rebuild(node.tables, node.journal.replay()))  # type: ignore[misc]
        assert fingerprint(node.tables) == before
    assert [row.name for row in two.other.tables.SharedPerson.select()] == []
    assert run.sync_with(two.one, url=two.url).agreed
