"""Settings that matter: by a decision, or as the steward's own; what holds, and what hangs on it."""

import io
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub import acts
from hub.errors import InputWrong, NotAllowed, NotFound
from hub.forgetting import people as forgetting
from hub.governance import adopting, matters, offices, proposals
from hub.governance.adopting import Look
from hub.governance.belonging import welcomes_guests
from hub.governance.matters import ERASING, GUESTS, MATTERS, PUBLISHING, ROLES
from hub.governance.proposals import Words
from hub.governance.standing import Proposal
from hub.node import Node
from hub.people import circles, roster
from hub.tables.governance import CONSENT
from hub.web import acts_words
from tests.fixtures.cast import OUTSIDER, Cast
from tests.fixtures.cast import ROLES as EVERYBODY
from tests.fixtures.deciding import Deciding
from tests.test_governance_order import Copy, _meet, copies

__all__ = ["copies"]
PAGE = "/community/matters/"
FEW = settings(
    deadline=None,
    derandomize=True,
    max_examples=16,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _proposed(deciding: Deciding, name: str, chosen: str, title: str = "A matter") -> Proposal:
    words = Words(title, f"{title}: {chosen}.", language="en")
    made = matters.propose(deciding.node, actor=deciding.steward, name=name, chosen=chosen, words=words)
    return proposals.move(deciding.node, actor=deciding.steward, proposal=made.id, step=CONSENT)


def _decide(deciding: Deciding, name: str, chosen: str, title: str = "A matter") -> Proposal:
    return deciding.adopt(deciding.consent(_proposed(deciding, name, chosen, title), deciding.joseph))


def _own(deciding: Deciding, name: str, chosen: str, why: str = "It is late.") -> None:
    matters.set_own(deciding.node, actor=deciding.steward, name=name, chosen=chosen, why=why)


def test_a_decision_changes_a_setting_and_its_end_brings_the_first_back(node: Node, deciding: Deciding) -> None:
    """Nothing before it is adopted; and guests are kept out then."""
    found = _proposed(deciding, "guests", "no")
    assert (matters.value(node, GUESTS), welcomes_guests(node)) == ("yes", True)
    deciding.adopt(deciding.consent(found, deciding.joseph))
    assert (matters.value(node, GUESTS), welcomes_guests(node)) == ("no", False)
    adopting.end(node, Look(deciding.steward, found.id, 0))
    assert welcomes_guests(node)


def test_a_later_decision_takes_the_place_of_the_former(node: Node, deciding: Deciding) -> None:
    """Also where it is wider."""
    _decide(deciding, "erasing", "stewards", "Narrow")
    _decide(deciding, "erasing", "keepers", "Wider")
    held = matters.all_held(node)["erasing"]
    assert (held.value, [each.proposal.title for each in held.decided]) == ("keepers", ["Wider"])
    assert {name: each.value for name, each in matters.all_held(node).items() if name != "erasing"} == {
        name: of.choices[0] for name, of in MATTERS.items() if name != "erasing"
    }


def test_a_steward_alone_narrows_what_was_decided_and_never_widens(node: Node, deciding: Deciding) -> None:
    """It is written down whose it is; the community can take it back, which nobody else can."""
    _decide(deciding, "erasing", "keepers")
    with pytest.raises(InputWrong, match="decided it narrower"):
        _own(deciding, "erasing", "leaders")
    _own(deciding, "erasing", "stewards", "A child was forgotten by mistake.")
    held = matters.all_held(node)["erasing"]
    assert (held.value, [each.why for each in held.own]) == ("stewards", ["A child was forgotten by mistake."])
    assert [(each.actor, each.what) for each in acts.by_themselves(node, [acts.MATTER])] == [
        (deciding.steward.id, "erasing stewards")
    ]
    _decide(deciding, "erasing", "keepers", "As before")
    assert (matters.value(node, ERASING), matters.all_held(node)["erasing"].own) == ("keepers", ())


def test_where_nothing_was_decided_a_steward_changes_it_to_and_fro(node: Node, deciding: Deciding) -> None:
    """The later takes the place of the former; sent twice it is written once."""
    for chosen in ("no", "no", "yes"):
        _own(deciding, "guests", chosen)
    assert (matters.value(node, GUESTS), node.tables.Matter.select().count()) == ("yes", 2)
    assert len(matters.all_held(node)["guests"].own) == 1


def test_who_is_no_steward_and_what_is_no_choice_is_refused(node: Node, deciding: Deciding) -> None:
    """Nothing is written; and a proposal that changes nothing is none."""
    words = Words("Guests", "No guests.")
    for name, chosen, mistake in (("x", "no", NotFound), ("guests", "maybe", InputWrong)):
        with pytest.raises(mistake):
            _own(deciding, name, chosen)
        with pytest.raises(mistake):
            matters.propose(node, actor=deciding.steward, name=name, chosen=chosen, words=words)
    with pytest.raises(NotAllowed):
        matters.set_own(node, actor=deciding.joseph, name="guests", chosen="no", why="I wish it.")
    with pytest.raises(NotAllowed):
        matters.propose(node, actor=deciding.joseph, name="guests", chosen="no", words=words)
    with pytest.raises(InputWrong, match="no words"):
        _own(deciding, "guests", "no", " ")
    for again in (_own, _proposed):
        with pytest.raises(InputWrong, match="holds already"):
            again(deciding, "guests", "yes")
    assert not node.tables.Matter.select().exists()


def test_the_same_proposal_is_opened_once_and_about_one_thing(node: Node, deciding: Deciding) -> None:
    """Other words are asked for where the same ones would carry something else."""
    words = Words("Guests", "No guests for now.", language="en")
    made = [matters.propose(node, actor=deciding.steward, name="guests", chosen="no", words=words).id for _ in range(2)]
    assert made[0] == made[1] and node.tables.Matter.select().count() == 1
    with pytest.raises(InputWrong, match="about something else"):
        matters.propose(node, actor=deciding.steward, name="roles", chosen="stewards", words=words)


def test_what_a_newer_program_says_counts_as_the_narrowest(node: Node, deciding: Deciding) -> None:
    """A value nobody here knows lets nothing more happen."""
    found = _decide(deciding, "erasing", "keepers")
    node.write(lambda: node.change("matter", found.version.id, value="the moon"))
    assert matters.value(node, ERASING) == "stewards"


ACTS = ("decide", "own", "object", "end")
STEPS = st.lists(
    st.one_of(
        st.just(("meet", 0, "")),
        st.tuples(
            st.sampled_from(["decide", "own", "object", "end"]), st.integers(0, 1), st.sampled_from(ERASING.choices)
        ),
    ),
    max_size=8,
)


@FEW
@given(STEPS)
def test_two_copies_end_the_same_and_no_wider_than_what_stands(
    copies: tuple[Deciding, Deciding], steps: list[tuple[str, int, str]]
) -> None:
    """Decisions, stewards' own, objections and ends, in any interleaving."""
    both = [Copy(each) for each in copies]
    for number, (act, where, chosen) in enumerate(steps):
        if act == "meet":
            _meet(*both)
        else:
            _do(both[where].deciding, act, chosen, f"{act} {number} {where}")
    _meet(*both)
    held = [matters.all_held(each.deciding.node)["erasing"] for each in both]
    assert held[0].value == held[1].value
    assert {each.id for each in held[0].own} == {each.id for each in held[1].own}
    standing = [each.value for each in (*held[0].decided, *held[0].own)]
    assert ERASING.narrowest([*standing, held[0].value]) == held[0].value


def _do(deciding: Deciding, act: str, chosen: str, title: str) -> None:
    """Do it where that can be done just now."""
    node = deciding.node
    held = matters.all_held(node)["erasing"]
    decided = [each.proposal for each in held.decided]
    title = f"{title} {node.tables.Proposal.select().count()} {node.identity.hub_id[:4]}"
    if act == "decide" and (held.value != chosen or held.own):
        _decide(deciding, "erasing", chosen, title)
    elif act == "own" and held.value != chosen and not decided:
        _own(deciding, "erasing", chosen, title)
    elif act == "object" and decided and decided[0].is_open:
        deciding.object(decided[0], deciding.grace, title)
    elif act == "end" and decided and decided[0].is_adopted:
        adopting.end(node, Look(deciding.steward, decided[0].id, decided[0].reviews_done))


def test_roles_are_given_by_whom_it_was_settled(node: Node, cast: Cast) -> None:
    """A librarian until stewards alone do; then by a decision alone, which is kept with the role."""
    librarian, steward, partner = (cast.person(each) for each in ("librarian", "steward", "partner"))

    def give(by: roster.Person, decision: str = "") -> bool:
        roles = {"partner", "guardian"} ^ (roster.person(node, partner.id).roles & {"guardian"})
        return offices.set_roles(node, actor=by, person=partner.id, roles=roles, decision=decision)

    assert give(librarian) and give(librarian)
    matters.set_own(node, actor=steward, name="roles", chosen="stewards", why="Too many keys.")
    with pytest.raises(NotAllowed):
        give(librarian)
    with pytest.raises(NotAllowed):
        offices.join(node, actor=librarian, circle=cast.circle.id, person=partner.id, part="facilitator")
    assert offices.join(node, actor=librarian, circle=cast.circle.id, person=partner.id, part="learner")
    assert give(steward) and give(steward)
    matters.set_own(node, actor=steward, name="roles", chosen="decision", why="Together.")
    with pytest.raises(NotAllowed, match="by a decision here"):
        give(steward)
    with pytest.raises(InputWrong, match="not in force"):
        give(steward, "no-decision")
    assert "guardian" not in roster.person(node, partner.id).roles
    found = Deciding(node, steward, librarian, partner)
    adopted = found.adopt(found.consent(found.opened(Words("A guardian", "Adjoa looks after Amina.")), partner))
    assert give(steward, adopted.id)
    assert acts.about(node, partner.id)[0].decision == adopted.id
    assert give(steward), "what opens records is taken back without a decision"


def test_a_list_gives_no_role_that_its_sender_may_not_give(node: Node, cast: Cast) -> None:
    """A librarian's list of learners is taken; one with a librarian in it is refused."""
    matters.set_own(node, actor=cast.person("steward"), name="roles", chosen="stewards", why="Too many keys.")
    client = cast.client("librarian")

    def send(role: str) -> int:
        sent = {"file": (io.BytesIO(f"name,roles\nBaraka {role},{role}".encode()), "list.csv")}
        return client.post("/people/lists/", data=sent).status_code

    new = {"name": "Neema", "picture": "goat", "role": "steward"}
    assert (send("learner"), send("librarian"), client.post("/people/add/", data=new).status_code) == (303, 400, 403)


MAY_ERASE = {
    "leaders": {"facilitator", "librarian", "steward"},
    "keepers": {"librarian", "steward"},
    "stewards": {"steward"},
}


@pytest.mark.parametrize("settled", MAY_ERASE)
def test_a_person_is_forgotten_by_whom_it_was_settled(node: Node, cast: Cast, settled: str) -> None:
    """Nobody else can, and the page leads them nowhere."""
    if settled != "leaders":
        matters.set_own(node, actor=cast.person("steward"), name="erasing", chosen=settled, why="To be safe.")
    learner = cast.person("learner")
    asked = {role: cast.person(role) for role in ("facilitator", "librarian", "steward", "guardian", "partner")}
    found = {role for role, each in asked.items() if forgetting.may_forget(node, actor=each, person=learner)}
    assert found == MAY_ERASE[settled]
    shown = cast.client("facilitator").get(f"/people/{learner.id}/forget/")
    assert shown.status_code == (200 if settled == "leaders" else 403)


def test_guests_are_led_to_sign_in_where_that_was_settled(node: Node, cast: Cast) -> None:
    """At once, and let in again; whoever is signed in goes on."""
    guest, steward = cast.client(OUTSIDER), cast.person("steward")
    assert guest.get("/library/").status_code == 200
    matters.set_own(node, actor=steward, name="guests", chosen="no", why="Strangers came.")
    assert guest.get("/library/").status_code == 303
    assert cast.client("learner").get("/library/").status_code == 200
    matters.set_own(node, actor=steward, name="guests", chosen="yes", why="They are gone.")
    assert guest.get("/library/").status_code == 200
    object.__setattr__(node.settings, "guests", False)
    assert guest.get("/library/").status_code == 303
    assert "machine keep guests out" in cast.client("learner").get(PAGE).text


@pytest.mark.parametrize("role", EVERYBODY)
def test_all_who_belong_here_read_what_holds_and_stewards_change_it(node: Node, cast: Cast, role: str) -> None:
    """A guest and the region read nothing; a steward proposes it or does it alone."""
    matters.set_own(node, actor=cast.person("steward"), name="guests", chosen="no", why="Strangers came by night.")
    client = cast.client(role)
    shown = client.get(PAGE)
    assert shown.status_code == {OUTSIDER: 303, "region": 403}.get(role, 200)
    assert ("Strangers came by night." in shown.text) == (shown.status_code == 200)
    form = {"chosen": "stewards", "why": "To be safe.", "how": "own"}
    answers = [client.get(f"{PAGE}roles/").status_code, client.post(f"{PAGE}roles/", data=form).status_code]
    assert answers == ([200, 303] if role == "steward" else [303 if role == OUTSIDER else 403, 403])
    assert matters.value(node, ROLES) == ("stewards" if role == "steward" else "keepers")


def test_a_steward_puts_it_to_the_community_from_the_page(node: Node, cast: Cast) -> None:
    """The proposal says in words what would hold; what cannot be is said beside the form."""
    client = cast.client("steward")
    form = {"chosen": "stewards", "why": "Fewer mistakes.", "how": "propose"}
    opened = client.post(f"{PAGE}publishing/", data=form)
    shown = client.get(opened.location).text
    assert opened.status_code == 303 and "Exactly this would hold" in shown
    assert shown.count("Only stewards put new lessons on the shelf.") >= 2 and "Fewer mistakes." in shown
    assert matters.value(node, PUBLISHING) == "keepers"
    for wrong in ({**form, "chosen": "keepers"}, {**form, "chosen": "x"}, {**form, "how": "own", "why": ""}):
        assert client.post(f"{PAGE}publishing/", data=wrong).status_code == 400
    assert client.get(f"{PAGE}x/").status_code == 404


def test_the_register_shows_what_was_done_without_a_decision(node: Node, cast: Cast) -> None:
    """Who did it, to whom, and why; no secret is in it."""
    steward, partner = cast.client("steward"), cast.person("partner")
    steward.post(f"{PAGE}guests/", data={"chosen": "no", "why": "Strangers came.", "how": "own"})
    steward.post(f"/people/{partner.id}/roles/", data={"role": ["partner", "guardian"], "why": "She asked for it."})
    cast.client("librarian").post(f"/people/{partner.id}/reset/")
    shown = cast.client("guardian").get("/community/decisions/register/").text
    for words in (
        "Strangers came.",
        "She asked for it.",
        "Gave a role: Guardian",
        "Only who is signed in learns here.",
    ):
        assert words in shown
    assert "secret" not in shown.partition("<main")[2].partition("</main>")[0]


def test_every_setting_has_its_words() -> None:
    """A title, a drawing, and a sentence for each choice."""
    assert set(acts_words.TITLES) == set(acts_words.ICONS) == set(MATTERS)
    assert {name: tuple(says) for name, says in acts_words.SAYS.items()} == {
        name: of.choices for name, of in MATTERS.items()
    }


def test_the_narrowest_is_the_same_in_any_order() -> None:
    """Of none it is the widest."""
    for of in MATTERS.values():
        assert of.narrowest([]) == of.choices[0]
        for some in itertools.permutations([*of.choices, of.choices[0]]):
            assert of.narrowest(list(some)) == of.choices[-1]


def test_circles_are_led_by_who_was_given_that(node: Node, cast: Cast) -> None:
    """Whoever leads a circle holds the role by the doing of who put them there."""
    librarian, partner = cast.person("librarian"), cast.person("partner")
    assert offices.join(node, actor=librarian, circle=cast.circle.id, person=partner.id, part="facilitator")
    assert circles.leads(node, leader=partner.id, person=cast.person("learner").id)
    assert [(each.sort, each.what) for each in acts.about(node, partner.id)] == [(acts.ROLE_GIVEN, "facilitator")]
