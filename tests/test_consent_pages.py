"""The pages of consent: who may open them, what a press writes down, and what is said of a mistake."""

import re

import pytest
from flask.testing import FlaskClient

from hub.consent import standing, visits
from hub.consent.purposes import COUNTED, ELSEWHERE
from hub.node import Node
from tests.fixtures import consents, tide
from tests.fixtures.cast import OUTSIDER, Cast

ASKERS = ("guardian", "facilitator", "librarian", "steward")
WRONG = ("learner", "neighbour", "partner", "region")
YES = {ELSEWHERE: "yes", f"{ELSEWHERE}-child": "yes"}
PAGES = ("consent/", "consent/done/", f"consent/back/{ELSEWHERE}/", "consent/paper/")


def _of(cast: Cast, page: str = "consent/") -> str:
    return f"/people/{cast.person('learner').id}/{page}"


def _holds(node: Node, cast: Cast) -> str:
    return standing.of_person(node, cast.person("learner").id)[ELSEWHERE]


@pytest.mark.parametrize("role", ASKERS)
def test_those_who_may_ask_see_the_card(cast: Cast, role: str) -> None:
    """Card, what holds, taking back and paper, each with the child's name."""
    client = cast.client(role)
    for each in PAGES:
        answer = client.get(_of(cast, each))
        assert (answer.status_code, "Amina" in answer.text) == (200, True), each


@pytest.mark.parametrize("role", WRONG)
def test_the_wrong_role_gets_nothing(node: Node, cast: Cast, role: str) -> None:
    """No page names the child or what was agreed, and nothing that is sent is written down."""
    client = cast.client(role)
    answers = [client.get(_of(cast, each)) for each in PAGES]
    answers += [client.post(_of(cast), data=YES), client.post(_of(cast, PAGES[2]), data={})]
    assert [answer.status_code for answer in answers] == [403] * len(answers)
    names = cast.person("learner").name if role != "learner" else "nobody there"
    assert not [answer for answer in answers if names in answer.text.partition("<main")[2]]
    assert not [answer for answer in answers if "What may be done" in answer.text]
    assert standing.acts(node) == []


def test_the_outsider_is_led_to_sign_in(node: Node, cast: Cast) -> None:
    """Pages lead there, forms are refused."""
    client = cast.client(OUTSIDER)
    for each in (*PAGES, "about/"):
        assert client.get(_of(cast, each)).headers["Location"].startswith("/people/sign-in/")
    assert client.get("/people/consents/").status_code == 303
    assert client.get("/people/about-me/").status_code == 303
    assert client.post(_of(cast), data=YES).status_code == 403
    assert client.post(_of(cast, PAGES[2])).status_code == 403
    assert standing.acts(node) == []


def test_a_guardian_says_yes_with_the_child(node: Node, cast: Cast) -> None:
    """Two presses and one button; the page after it says what holds, and the evidence names the card."""
    answer = cast.client("guardian").post(_of(cast), data=YES, follow_redirects=True)
    assert "may go to the region, under a made-up name" in answer.text
    (act,) = standing.acts(node)
    assert (act.answer, act.giver, act.how) == ("given", cast.person("guardian").id, "phone")
    assert "May what is learned here go to the region?" in node.tables.ConsentCard.get_by_id(act.card).words


def test_a_librarian_writes_down_an_aunt_on_paper(node: Node, cast: Cast) -> None:
    """Who is not in the list is written by name, and how it was said stands beside it."""
    form = {**YES, "giver": "else", "giver_name": "Aunt Nuru", "how": "paper"}
    assert cast.client("librarian").post(_of(cast), data=form).status_code == 303
    (act,) = standing.acts(node)
    assert (act.giver_name, act.how, act.witness) == ("Aunt Nuru", "paper", cast.person("librarian").id)


WRONG_FORMS = {
    "nothing pressed": ({}, "Nothing was chosen"),
    "the child not asked": ({ELSEWHERE: "yes"}, "was not asked"),
    "a word that is none": ({ELSEWHERE: "perhaps"}, "Nothing was chosen"),
    "nobody there": ({**YES, "giver": "0c0ffee0"}, "It is not said who is here"),
    "no name": ({**YES, "giver": "else"}, "A name has 1 to 60 letters"),
    "a long name": ({**YES, "giver": "else", "giver_name": "n" * 5_000}, "A name has 1 to 60 letters"),
    "another way": ({**YES, "how": "dream"}, "face to face or on paper"),
}


@pytest.mark.parametrize("case", WRONG_FORMS)
def test_a_mistake_is_told_on_the_card(node: Node, cast: Cast, case: str) -> None:
    """What happened stands above the card, what was pressed is kept, and nothing is written down."""
    form, says = WRONG_FORMS[case]
    answer = cast.client("librarian").post(_of(cast), data={"giver": cast.person("guardian").id, **form})
    assert (answer.status_code, says in answer.text) == (400, True)
    assert ('value="yes" checked' in answer.text) == (form.get(ELSEWHERE) == "yes")
    assert standing.acts(node) == []


def test_taking_back_holds_at_once(node: Node, cast: Cast) -> None:
    """One page asks once more and says what had left; after the press nothing waits any more."""
    consents.amina_says(node, cast, "yes")
    tide.record(
        node,
        tide.statement(1, actor={"account": {"homePage": "urn:mangrove:people", "name": cast.person("learner").id}}),
    )
    guardian = cast.client("guardian")
    assert "Nothing had left before" in guardian.get(_of(cast, PAGES[2])).text
    tide.gone_out(node, "region")
    assert "1 record had left before" in guardian.get(_of(cast, PAGES[2])).text
    answer = guardian.post(_of(cast, PAGES[2]), follow_redirects=True)
    assert "Nothing more goes to the region" in answer.text
    assert _holds(node, cast) == "withdrawn"


def test_the_childs_no_is_written_down_for_it(node: Node, cast: Cast) -> None:
    """The facilitator presses the child's own picture."""
    consents.amina_says(node, cast, "yes")
    form = {"giver": cast.person("learner").id}
    assert cast.client("facilitator").post(_of(cast, PAGES[2]), data=form).status_code == 303
    assert _holds(node, cast) == "withdrawn"


def test_nobody_takes_back_what_is_not_said_by_whom(node: Node, cast: Cast) -> None:
    """A librarian who names nobody is told so; what was given holds."""
    consents.amina_says(node, cast, "yes")
    answer = cast.client("librarian").post(_of(cast, PAGES[2]))
    assert (answer.status_code, "It is not said who is here" in answer.text) == (400, True)
    assert _holds(node, cast) == "given"


@pytest.mark.parametrize(
    "address", ["/people/nobody/consent/", "/people/{}/consent/back/fame/", "/people/nobody/about/"]
)
def test_what_there_is_not(cast: Cast, address: str) -> None:
    """Neither a person nor a purpose of that name."""
    assert cast.client("librarian").get(address.format(cast.person("learner").id)).status_code == 404


def test_a_grown_up_learner_says_it_alone(node: Node, cast: Cast) -> None:
    """No guardian, no face to press; and only on the own page."""
    joseph = consents.grown_up(node)
    client: FlaskClient = cast.client_of(joseph)
    page = client.get(f"/people/{joseph.id}/consent/").text
    assert "I like it" not in page and "Who is here" not in page
    client.post(f"/people/{joseph.id}/consent/", data={COUNTED: "no"})
    assert standing.of_person(node, joseph.id) == {ELSEWHERE: "", COUNTED: "refused"}
    assert client.get(_of(cast)).status_code == 403


def test_nobody_is_here_before_a_press(cast: Cast, node: Node) -> None:
    """No guardian is chosen beforehand, and a choice must be made; for a grown-up nobody else can be named."""
    librarian, joseph = cast.client("librarian"), consents.grown_up(node)
    for page in ("consent/", PAGES[2]):
        pressed = re.findall(r'<input type="radio" name="giver"[^>]*>', librarian.get(_of(cast, page)).text)
        assert len(pressed) > 1 and all(" required" in each and "checked" not in each for each in pressed)
    page = librarian.get(f"/people/{joseph.id}/consent/").text
    assert f'name="giver" value="{joseph.id}" required>' in page and "Somebody else" not in page


def test_a_guardian_marks_the_childs_own_no(node: Node, cast: Cast) -> None:
    """On the own phone a second button says that it was the child."""
    consents.amina_says(node, cast, "yes")
    guardian, amina = cast.client("guardian"), cast.person("learner").id
    assert f'name="giver" value="{amina}"' in guardian.get(_of(cast, PAGES[2])).text
    guardian.post(_of(cast, PAGES[2]), data={"giver": amina})
    (act,) = [each for each in standing.acts(node) if each.answer == "withdrawn"]
    assert (act.giver, act.said, act.assent) == (amina, "", "no")


def test_a_paper_keeps_the_version_that_is_printed_on_it(node: Node, cast: Cast) -> None:
    """Printed in French, typed in by somebody who reads English; a version that there is not is refused."""
    librarian = cast.client("librarian")
    librarian.get(_of(cast, "consent/paper/"))
    printed = visits.keep_card(node, language="fr", words=["Est-ce permis ?"])
    assert f'<option value="{printed}"' in librarian.get(_of(cast)).text
    form = {**YES, "giver": cast.person("guardian").id, "how": "paper"}
    assert librarian.post(_of(cast), data={**form, "card": "0c0ffee0"}).status_code == 400
    assert standing.acts(node) == []
    for how in ("paper", "screen"):
        librarian.post(_of(cast), data={**form, "how": how, "card": printed})
    kept = {act.how: act.card for act in standing.acts(node)}
    assert kept["paper"] == printed != kept["screen"]
