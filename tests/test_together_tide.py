"""Two neighbours hold a group together and a region stands by: what each kind of change ends in, over real HTTP."""

import json

import pytest

from hub.consent.purposes import NAMED
from hub.errors import InputWrong, NotAllowed
from hub.node import Node
from hub.people import circles
from hub.projections import fingerprint
from hub.tide import recall
from hub.together import acting, held
from hub.together.held import MEMBERS, PERSON
from tests.fixtures import consents, tide
from tests.fixtures.together import Two


def _bytes_at(node: Node, hub: Node) -> bytes:
    lines = node.journal.streams(hub=hub.identity.hub_id)
    return b"".join(row[2] for line in lines for row in node.journal.store.entries(line, 0, 10_000))


def _joint_at(node: Node) -> int:
    return int(node.tables.JointFact.select().count())


def test_a_neighbour_sees_a_group_and_the_region_hears_nothing(two: Two) -> None:
    """Name and picture arrive; in the region's journal and tables there is no word of it."""
    two.share()
    two.tide_all()
    found = two.shows(two.other)
    assert (found.name, found.field("picture").value, found.home) == ("River", "baobab", two.one.identity.hub_id)
    assert not found.is_ours and found.is_shared
    assert _joint_at(two.region) == 0
    assert b"River" not in _bytes_at(two.region, two.one) + _bytes_at(two.region, two.other)


def test_others_propose_and_the_hub_at_home_decides(two: Two) -> None:
    """The neighbour's word is a proposal; taken, it changes the group itself, and the answer travels back."""
    two.share()
    acting.change(two.other, actor=two.there.steward, subject=two.about, field="name", value="River bank")
    assert two.shows(two.other).name == "River"
    two.tide()
    (asked,) = two.shows(two.one).field("name").proposals
    assert asked.value == "River bank" and not two.shows(two.one).field("name").is_met
    with pytest.raises(NotAllowed):
        acting.choose(two.other, actor=two.there.steward, subject=two.about, field="name", word=asked.id)
    acting.choose(two.one, actor=two.here.steward, subject=two.about, field="name", word=asked.id)
    assert circles.circle(two.one, two.circle.id).name == "River bank"
    two.tide()
    for node in (two.one, two.other):
        assert two.shows(node).name == "River bank" and not two.shows(node).is_open


def test_two_places_changed_this(two: Two) -> None:
    """Both change the name without hearing of each other: both values are seen, one is chosen, both end the same."""
    two.share()
    acting.change(two.other, actor=two.there.steward, subject=two.about, field="name", value="Bank")
    circles.change_circle(two.one, circle=two.circle.id, is_open=True, name="Stream")
    two.tide()
    stands = two.shows(two.one).field("name")
    assert stands.is_met and (stands.value, [each.value for each in stands.proposals]) == ("Stream", ["Bank"])
    kept = stands.word
    assert kept is not None
    acting.choose(two.one, actor=two.here.steward, subject=two.about, field="name", word=kept.id)
    two.tide()
    assert [two.shows(node).name for node in (two.one, two.other)] == ["Stream", "Stream"]
    assert not two.shows(two.other).is_open


def test_a_field_is_merged_by_itself(two: Two) -> None:
    """One place changes the name, the other the picture: neither is in the way of the other."""
    two.share()
    acting.change(two.other, actor=two.there.steward, subject=two.about, field="picture", value="fish")
    circles.change_circle(two.one, circle=two.circle.id, is_open=True, name="Stream")
    two.tide()
    found = two.shows(two.one)
    assert not found.field("name").proposals and not found.field("picture").is_met
    acting.choose(
        two.one,
        actor=two.here.steward,
        subject=two.about,
        field="picture",
        word=found.field("picture").proposals[0].id,
    )
    two.tide()
    there = two.shows(two.other)
    assert (there.name, there.field("picture").value) == ("Stream", "fish")


def test_the_home_is_handed_over(two: Two) -> None:
    """From then on the neighbour decides, what this hub says is a proposal, and its table follows what is decided."""
    two.share()
    acting.hand_over(two.one, actor=two.here.steward, subject=two.about, hub=two.other.identity.hub_id)
    two.tide()
    assert two.shows(two.other).is_ours and not two.shows(two.one).is_ours
    acting.change(two.other, actor=two.there.steward, subject=two.about, field="name", value="Ford")
    two.tide()
    assert circles.circle(two.one, two.circle.id).name == "Ford"
    circles.change_circle(two.one, circle=two.circle.id, is_open=True, name="Bridge")
    two.tide()
    asked = two.shows(two.other).field("name").proposals
    assert two.shows(two.other).name == "Ford" and [each.value for each in asked] == ["Bridge"]
    acting.hand_over(two.other, actor=two.there.steward, subject=two.about, hub=two.one.identity.hub_id)
    two.tide()
    assert two.shows(two.one).is_ours


def test_both_write_while_the_home_changes(two: Two) -> None:
    """Handed over and changed by both before they meet: both values stay visible at both, and one choice ends it."""
    two.share()
    acting.hand_over(two.one, actor=two.here.steward, subject=two.about, hub=two.other.identity.hub_id)
    two.tide()
    acting.hand_over(two.other, actor=two.there.steward, subject=two.about, hub=two.one.identity.hub_id)
    acting.change(two.one, actor=two.here.steward, subject=two.about, field="name", value="Here")
    two.tide()
    stands = two.shows(two.one).field("name")
    assert [each.value for each in stands.proposals] == ["Here"] and two.shows(two.one).is_ours


def test_people_are_put_into_a_group_by_both(two: Two) -> None:
    """A set: put in at one place while taken out at another stays in; only who said yes is told; the rest waits."""
    two.share()
    with pytest.raises(InputWrong):
        acting.put_in(two.other, actor=two.there.steward, subject=two.about, person=two.there.grace.id)
    two.says_yes(two.there, two.there.grace)
    acting.put_in(two.other, actor=two.there.steward, subject=two.about, person=two.there.grace.id)
    two.tide()
    grace = held.subject(two.other.identity.hub_id, PERSON, two.there.grace.id)
    assert two.shows(two.one).members == (grace,)
    assert held.one(two.one, grace).name == "", "her name comes when she is shared herself"
    acting.take_out(two.one, actor=two.here.steward, subject=two.about, field=MEMBERS, value=grace)
    assert two.shows(two.one).members == ()
    acting.take_out(two.other, actor=two.there.steward, subject=two.about, field=MEMBERS, value=grace)
    acting.put_in(two.other, actor=two.there.steward, subject=two.about, person=two.there.grace.id)
    two.tide()
    assert [two.shows(node).members for node in (two.one, two.other)] == [(grace,), (grace,)]


def test_a_name_comes_after_what_points_at_it(two: Two) -> None:
    """References are soft: the group is here before the person, and reads right once she comes."""
    two.share()
    two.says_yes(two.here, two.here.grace)
    acting.put_in(two.one, actor=two.here.steward, subject=two.about, person=two.here.grace.id)
    two.tide()
    (grace,) = two.shows(two.other).members
    assert held.one(two.other, grace).name == ""
    hub = two.other.identity.hub_id
    acting.share(two.one, actor=two.here.steward, sort=PERSON, record=two.here.grace.id, hub=hub)
    two.tide()
    assert held.one(two.other, grace).name == "Grace"


def test_a_no_ends_it_and_wins(two: Two) -> None:
    """She takes her yes back: the neighbour is told that she is shared and in the group no more."""
    two.share()
    two.says_yes(two.here, two.here.grace)
    hub, person = two.other.identity.hub_id, two.here.grace
    acting.share(two.one, actor=two.here.steward, sort=PERSON, record=person.id, hub=hub)
    acting.put_in(two.one, actor=two.here.steward, subject=two.about, person=person.id)
    two.tide()
    (about,) = two.shows(two.other).members
    assert held.one(two.other, about).is_shared
    consents.says(two.one, two.keeper, person, "no", purpose=NAMED)
    two.tide()
    assert two.shows(two.other).members == () and not held.one(two.other, about).is_shared
    circles.change_person(two.one, person=person.id, name="Grace the second")
    two.tide()
    assert b"Grace the second" not in _bytes_at(two.other, two.one)


def test_a_group_ends_being_shared_and_can_be_again(two: Two) -> None:
    """Ended, nothing more goes; a sharing that knew of the end stands again."""
    two.share()
    hub = two.other.identity.hub_id
    assert acting.end(two.one, actor=two.here.steward, subject=two.about, hub=hub)
    assert not acting.end(two.one, actor=two.here.steward, subject=two.about, hub=hub)
    circles.change_circle(two.one, circle=two.circle.id, is_open=True, name="Secret")
    two.tide()
    assert not two.shows(two.other).is_shared and two.shows(two.other).name == "River"
    two.share()
    assert two.shows(two.other).is_shared and two.shows(two.other).name == "Secret"


def test_nothing_new_costs_nothing(two: Two) -> None:
    """A tide without news writes nothing and is one request."""
    two.share()
    before = [fingerprint(node.tables) for node in (two.one, two.other)]
    lengths = [sum(line.seq for line in node.journal.streams()) for node in (two.one, two.other)]
    two.tide()
    assert [fingerprint(node.tables) for node in (two.one, two.other)] == before
    assert [sum(line.seq for line in node.journal.streams()) for node in (two.one, two.other)] == lengths
    assert not recall.recall(two.one)


def test_learning_is_a_union_and_never_goes_back(two: Two) -> None:
    """At the region: a record told twice counts once; under its id with a worse score it is listed and not counted."""
    two.one.write(lambda: tide.learn(two.one, first=1, count=3))
    two.tide_all()
    before = [(row.person, row.item, row.state, row.score) for row in two.region.tables.Progress.select()]
    stands = two.region.tables.Statement.select().count()
    told = next(each for each in tide.prepared(two.one, "region") if each.kind == "statement")
    worse = json.loads(told.payload)
    worse["raw"]["result"] = {"success": False, "score": {"scaled": 0}}
    for payload in (told.payload, json.dumps(worse).encode()):
        two.one.write(lambda payload=payload: two.one.journal.append("region", "statement", payload, at_ms=told.at_ms))
    two.tide_all()
    assert two.region.tables.Statement.select().count() == stands
    assert [(row.person, row.item, row.state, row.score) for row in two.region.tables.Progress.select()] == before
    (twins,) = held.twins(two.region)
    assert (twins.hub, twins.count) == (two.one.identity.hub_id, 2)


def test_no_neighbour_tells_a_voice(two: Two) -> None:
    """A consent to a proposal that comes from elsewhere is counted nowhere: the hub of the proposal counts its own."""
    said = {"proposal": "p", "version": "v", "person": two.here.grace.id, "said_ms": 1}
    payload = json.dumps({"id": f"{two.here.grace.id}/v", "set": said}).encode()
    audience = f"pair:{two.one.identity.hub_id}"
    voices = two.one.tables.ProposalConsent.select().count()
    two.other.write(lambda: two.other.journal.append(audience, "proposal.consent", payload))
    two.tide()
    assert two.one.tables.ProposalConsent.select().count() == voices
    assert [row.kind for row in two.one.tables.Rejected.select()] == ["proposal.consent"]


def test_another_hub_cannot_take_the_home(two: Two) -> None:
    """A neighbour that claims to decide, or to speak for the hub at home, changes nothing that stands."""
    two.share()
    claimed = {"id": "x", "sort": "write", "subject": two.about, "field": "name", "value": "Mine", "depth": 99}
    stolen = {**claimed, "id": "y", "sort": "home", "field": "", "value": two.other.identity.hub_id}
    spoken = {**claimed, "id": "z", "by": two.one.identity.hub_id}
    audience = f"pair:{two.one.identity.hub_id}"
    for said in (claimed, stolen, spoken):
        payload = json.dumps(said).encode()
        two.other.write(lambda payload=payload: two.other.journal.append(audience, "joint", payload))
    two.tide()
    found = two.shows(two.one)
    assert (
        found.is_ours and found.name == "River" and [each.value for each in found.field("name").proposals] == ["Mine"]
    )
    assert [row.kind for row in two.one.tables.Rejected.select()] == ["joint"]
