"""What was done to somebody or for them: written down at every door, and theirs to read."""

import pytest
from click.testing import CliRunner

from hub import acts
from hub.cli import main
from hub.config import keep
from hub.forgetting import people as forgetting
from hub.governance import proposals, rounds
from hub.governance.proposals import Words
from hub.governance.rounds import Speech
from hub.node import Node
from hub.people import credentials, roster
from hub.tables.governance import CONSENT
from tests.fixtures.cast import OUTSIDER, ROLES, Cast

Door = tuple[str, str, dict[str, object], str, str]
DOORS: dict[str, Door] = {
    "a role given": ("partner", "/people/{}/roles/", {"role": ["partner", "guardian"]}, acts.ROLE_GIVEN, "guardian"),
    "a role taken back": ("partner", "/people/{}/roles/", {"role": []}, acts.ROLE_TAKEN, "partner"),
    "put into a circle as its leader": (
        "partner",
        "/people/{}/circles/",
        {"circle": "CIRCLE", "part": "facilitator"},
        acts.ROLE_GIVEN,
        "facilitator",
    ),
    "a new secret on a card": ("partner", "/people/{}/reset/", {}, acts.SECRET, "pin"),
    "new pictures to choose": ("learner", "/people/{}/again/", {}, acts.SECRET, "new"),
}


@pytest.mark.parametrize("door", DOORS)
def test_every_door_writes_one_act(node: Node, cast: Cast, door: str) -> None:
    """Who, to whom, what; sent once more nothing changes, so nothing more is written but a secret made anew."""
    who, address, form, sort, what = DOORS[door]
    person, client = cast.person(who), cast.client("librarian")
    sent = {name: cast.circle.id if value == "CIRCLE" else value for name, value in form.items()}
    assert client.post(address.format(person.id), data=sent).status_code == 303
    found = acts.about(node, person.id)
    assert [(each.actor, each.sort, each.what) for each in found] == [(cast.person("librarian").id, sort, what)]
    client.post(address.format(person.id), data=sent)
    assert len(acts.about(node, person.id)) == (2 if sort == acts.SECRET else 1)


def test_somebody_new_with_a_role_is_told_whose_doing_that_is(node: Node, cast: Cast) -> None:
    """A learner is nothing to write down."""
    client = cast.client("steward")
    for name, role in (("Baraka", "learner"), ("Neema", "librarian")):
        client.post("/people/add/", data={"name": name, "picture": "goat", "role": role})
    found = {each.name: acts.about(node, each.id) for each in roster.people(node)}
    assert (len(found["Baraka"]), [each.what for each in found["Neema"]]) == (0, ["librarian"])


def test_ones_own_secret_is_nobodys_doing(node: Node, cast: Cast) -> None:
    """Whoever changes the own one has no need of a line."""
    credentials.set_secret(node, person=cast.person("partner").id, secret="270183")
    assert acts.about(node, cast.person("partner").id) == []


def test_who_was_forgotten_is_in_no_act_and_who_did_it_is(node: Node, cast: Cast) -> None:
    """The act names no one but the doer; when that one is forgotten too, nobody."""
    child, steward = cast.person("learner"), cast.client("steward")
    steward.post(f"/people/{child.id}/reset/")
    steward.post(f"/people/{child.id}/forget/now/", data={"wish": "guardian"})
    found = acts.by_themselves(node, [acts.ERASED])
    assert [(each.actor, each.about, each.what) for each in found] == [(cast.person("steward").id, "", "guardian")]
    assert acts.about(node, child.id) == [] and node.tables.Act.select().count() == 1
    roster.add_person(node, name="Zuhura", picture="sun", roles=("steward",))
    forgetting.forget(node, person=cast.person("steward").id)
    assert [each.actor for each in acts.by_themselves(node, [acts.ERASED])] == [""]


def test_the_command_says_that_it_was_the_command(node: Node, cast: Cast) -> None:
    """Somebody at the machine itself is no person."""
    child = cast.person("learner").id
    keep(node.home, {"database": node.settings.database})
    done = CliRunner().invoke(main, ["people", "forget", "--home", str(node.home), child])
    assert done.exit_code == 0, done.output
    assert [each.actor for each in acts.by_themselves(node, [acts.ERASED])] == [acts.COMMAND]


@pytest.mark.parametrize("role", ROLES)
def test_it_is_read_by_whom_it_is_about_and_who_looks_after_them(node: Node, cast: Cast, role: str) -> None:
    """The learner, the guardian, the facilitator of the circle and the keepers; nobody else reads a name of it."""
    learner = cast.person("learner")
    cast.client("librarian").post(f"/people/{learner.id}/reset/")
    shown = cast.client(role).get(f"/people/{learner.id}/log/")
    may = role in ("learner", "guardian", "facilitator", "librarian", "steward")
    assert shown.status_code == (200 if may else 303 if role == OUTSIDER else 403)
    assert ("Made a new secret on a card." in shown.text and "Lucía" in shown.text) == may


def test_the_page_tells_what_was_typed_for_somebody(node: Node, cast: Cast) -> None:
    """Each word that a steward typed, with the proposal; not what they said with their own hand."""
    steward, partner = cast.person("steward"), cast.person("partner")
    made = proposals.open_proposal(node, actor=steward, words=Words("Sundays", "We open."), proposer=partner.id)
    made = proposals.move(node, actor=steward, proposal=made.id, step=CONSENT)
    version = made.version.id
    typed = Speech(steward, partner.id, "Nobody keeps the door.")
    rounds.remark(node, proposal=made.id, sort="reaction", speech=typed)
    found = rounds.object_to(node, proposal=made.id, version=version, speech=typed)
    objection = found.open_objections[0].id
    rounds.withdraw_objection(node, actor=steward, proposal=made.id, objection=objection)
    rounds.consent(node, proposal=made.id, version=version, speech=Speech(steward, partner.id))
    own = cast.client("partner").get(f"/people/{partner.id}/log/").text
    for words in ("a proposal", "a question or a reaction", "an objection", "a consent"):
        assert f"Typed {words} for them." in own
    assert "take an objection back" in own and "Sundays" in own and "Nobody keeps the door." not in own
    rounds.consent(node, proposal=made.id, version=version, speech=Speech(partner, partner.id, "Bring lamps."))
    assert "Typed a consent" not in cast.client("partner").get(f"/people/{partner.id}/log/").text


def test_the_page_says_by_which_decision_or_whose_own_and_its_number(node: Node, cast: Cast) -> None:
    """The number is the one in the journal; the page about a person leads there."""
    partner, client = cast.person("partner"), cast.client("steward")
    client.post(f"/people/{partner.id}/roles/", data={"role": ["partner", "guardian"], "why": "She asked."})
    shown = cast.client("partner").get(f"/people/{partner.id}/log/").text
    act = acts.about(node, partner.id)[0]
    entry = next(
        each
        for line in node.journal.streams()
        for each in node.journal.read(line.stream, limit=999)
        if act.id in each.entry.payload.decode()
    )
    assert act.number == entry.seq > 0
    assert (
        f"number {act.number} in this hub" in shown and "their own, by no decision" in shown and "She asked." in shown
    )
    assert f"/people/{partner.id}/log/" in cast.client("partner").get("/people/about-me/").text
    assert f"/people/{partner.id}/log/" in client.get(f"/people/{partner.id}/").text
