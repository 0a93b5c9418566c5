"""Work on paper: the marks of a class, typed in rows, count as answers, once; groups by level come out."""

from collections.abc import Callable
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub import projections
from hub.errors import InputWrong
from hub.learning import Opened, groups, paper, progress, take_answer
from hub.learning.acts import Given, open_item
from hub.node import Node
from hub.people import circles, roster
from hub.tables.learning import PASSED
from hub.vocabulary import MARKED
from hub.xapi.store import original
from tests.fixtures.cast import OUTSIDER, ROLES, Cast

Market = Callable[[str], Opened]
PAY = "market/pay"


def keep(node: Node, cast: Cast, opened: Opened, form: str = "", **typed: str) -> paper.Kept:
    """The facilitator sends rows, by role of whose they are."""
    by_id = {cast.person(role).id: text for role, text in typed.items()}
    rows = paper.read(node, circle=cast.circle.id, typed=by_id, questions=len(paper.sheet(node, opened).questions))
    return paper.keep(node, actor=cast.person("facilitator").id, opened=opened, form=form or node.new_id(), rows=rows)


def statements(node: Node, person: str) -> list[dict]:
    """Everything that is written of somebody."""
    rows = node.tables.Statement.select().where(node.tables.Statement.actor == person)
    return [original(node.journal.get(row.stream, row.seq)) for row in rows]


def join(node: Node, cast: Cast) -> None:
    """The neighbour learns in the circle as well."""
    circles.join(node, circle=cast.circle.id, person=cast.person("neighbour").id)


def test_marks_count_as_answers(node: Node, cast: Cast, market: Market) -> None:
    """Four of five right: the quiz is passed, and the competency can be done."""
    assert keep(node, cast, market("five"), learner="11011").fresh == 1
    amina = cast.person("learner").id
    found = node.tables.Progress.get(node.tables.Progress.person == amina)
    assert (found.item, found.state, found.score) == ("five", PASSED, 800)
    assert [each.state for each in progress.garden(node, amina)] == ["plant"]


def test_records_say_who_marked_and_no_more_than_is_known(node: Node, cast: Cast, market: Market) -> None:
    """By hand, with the facilitator as instructor; what stood on the paper, and how long it took, nobody knows."""
    keep(node, cast, market("five"), learner="11011")
    kept = statements(node, cast.person("learner").id)
    assert [each["verb"]["display"]["en"] for each in kept].count("answered") == 5
    assert {each["context"]["extensions"][MARKED] for each in kept} == {"paper"}
    typists = {each["context"]["instructor"]["account"]["name"] for each in kept}
    assert typists == {cast.person("facilitator").id}
    assert not any(each["result"].get("response") or "duration" in each["result"] for each in kept)


def test_the_same_form_twice_counts_once(node: Node, cast: Cast, market: Market) -> None:
    """Pressed twice on a slow line; a learner who was forgotten the first time is the only one who is new."""
    join(node, cast)
    form = node.new_id()
    keep(node, cast, market("five"), form, learner="11011")
    before = projections.fingerprint(node.tables)
    assert keep(node, cast, market("five"), form, learner="11011") == paper.Kept()
    assert projections.fingerprint(node.tables) == before
    assert keep(node, cast, market("five"), form, learner="11011", neighbour="11111").fresh == 1


def test_other_marks_from_the_same_form_are_looked_at_again(node: Node, cast: Cast, market: Market) -> None:
    """Back to the page before, and one row mended: nothing is thrown away unsaid, and the new form writes it down."""
    join(node, cast)
    client, address, first = cast.client("facilitator"), _addresses(cast)[1], node.new_id()
    amina, kofi = (cast.person(role).id for role in ("learner", "neighbour"))
    client.post(address, data={"keep": "1", "form": first, f"row-{amina}": "11100"})
    before = projections.fingerprint(node.tables)
    sent = {"keep": "1", "form": first, f"row-{amina}": "00000", f"row-{kofi}": "11111"}
    again = client.post(address, data=sent)
    assert (again.status_code, projections.fingerprint(node.tables)) == (400, before)
    assert "Other marks of Amina came before" in again.text and first not in again.text
    assert 'value="00000"' in again.text and 'value="11111"' in again.text
    node.clock.machine.advance(60)  # type: ignore[attr-defined]
    said = client.post(address, data={**sent, "form": node.new_id()}, follow_redirects=True).text
    assert "The marks of 2 learners are written down." in said
    assert [each.right for each in progress.garden(node, amina)] == [0]


def test_a_row_that_stands_as_typed_is_not_asked_again(node: Node, cast: Cast, market: Market) -> None:
    """Beside a row with other marks it comes back empty: under the new form it would count twice."""
    join(node, cast)
    form = node.new_id()
    keep(node, cast, market("five"), form, learner="11100", neighbour="11111")
    again = keep(node, cast, market("five"), form, learner="00000", neighbour="11111").again
    shown = {row.person.name: (row.typed, row.mistake is not None) for row in again}
    assert shown == {"Amina": ("00000", True), "Kofi": ("", False)}


def test_a_new_form_mends_what_was_typed_wrong(node: Node, cast: Cast, market: Market) -> None:
    """Mastery looks at the latest five answers, and those are of the new form."""
    keep(node, cast, market("five"), learner="00000")
    node.clock.machine.advance(60)  # type: ignore[attr-defined]
    keep(node, cast, market("five"), learner="11111")
    assert [each.right for each in progress.garden(node, cast.person("learner").id)] == [5]


@pytest.mark.parametrize(
    ("typed", "says"),
    [("1101", "5, not 4"), ("110111", "5, not 6"), ("11x11", "Only 1"), ("11311", "Only 1"), ("1" * 500, "5, not")],
)
def test_a_wrong_row_keeps_all_rows_out(node: Node, cast: Cast, market: Market, typed: str, says: str) -> None:
    """It says what is wrong with it; the right row beside it is not written down either."""
    join(node, cast)
    rows = paper.read(node, circle=cast.circle.id, typed={cast.person("learner").id: typed}, questions=5)
    assert [says in str(row.mistake) for row in rows if row.mistake] == [True]
    before = projections.fingerprint(node.tables)
    with pytest.raises(InputWrong, match="Nothing is written down yet"):
        keep(node, cast, market("five"), learner=typed, neighbour="11111")
    assert projections.fingerprint(node.tables) == before


def test_a_form_without_a_row_is_refused(node: Node, cast: Cast, market: Market) -> None:
    """Nothing typed, or a form that is none of ours."""
    with pytest.raises(InputWrong, match="No row has marks"):
        keep(node, cast, market("five"), learner="  ")
    with pytest.raises(InputWrong, match="none of ours"):
        keep(node, cast, market("five"), "x", learner="11111")


def test_only_a_quiz_has_marks(node: Node, cast: Cast, market: Market) -> None:
    """A lesson has none."""
    with pytest.raises(InputWrong, match="Only a quiz"):
        paper.sheet(node, market("look"))


@settings(max_examples=40)
@given(
    marks=st.lists(st.booleans(), min_size=1, max_size=12), script=st.sampled_from("0٠०"), gap=st.sampled_from(" -/")
)
def test_a_row_is_read_in_any_digits(marks: list[bool], script: str, gap: str) -> None:
    """Latin, Arabic or Hindi ones, with or without gaps."""
    typed = gap.join(chr(ord(script) + each) for each in marks)
    assert paper._marks(typed, len(marks)) == tuple(marks)  # noqa: SLF001 - the rule itself


def test_whoever_sits_at_the_quiz_goes_on(node: Node, cast: Cast, market: Market) -> None:
    """Marks typed meanwhile close no sitting at the hub."""
    amina, five = cast.person("learner").id, market("five")
    take_answer(node, person=amina, opened=five, given=Given("q1", ("2",), node.new_id()))
    keep(node, cast, five, learner="00000")
    sitting = open_item(node, person=amina, opened=five)
    assert (sitting.is_finished, sitting.scores("q1"), sitting.scores("q2")) == (False, (1.0,), ())


def test_groups_by_level_come_out(node: Node, cast: Cast, market: Market) -> None:
    """Everybody of the class is in one group, who waits for help in the first."""
    join(node, cast)
    nobody = roster.add_person(node, name="Zola", picture="hen")
    circles.join(node, circle=cast.circle.id, person=nobody.id)
    keep(node, cast, market("five"), learner="00011", neighbour="11110")
    _, (parting,) = groups.by_level(node, circle=cast.circle.id)
    assert parting.competency == PAY
    assert [(each.level, [person.name for person in each.people]) for each in parting.groups] == [
        ("help", ["Amina"]),
        ("plant", ["Kofi"]),
        ("not begun", ["Zola"]),
    ]


def _addresses(cast: Cast) -> list[str]:
    one = f"/learn/classes/{cast.circle.id}/"
    return [f"{one}paper/", f"{one}paper/market.en/five/", f"{one}groups/"]


@pytest.mark.parametrize("role", ROLES)
def test_only_who_leads_the_circle_comes_in(cast: Cast, market: Market, role: str) -> None:
    """A guest is led to sign in, everybody else is refused; and nobody else writes anything down."""
    client, wanted = cast.client(role), {"facilitator": 200, OUTSIDER: 303}.get(role, 403)
    assert [client.get(address).status_code for address in _addresses(cast)] == [wanted] * 3
    if role != "facilitator":
        assert client.post(_addresses(cast)[1], data={"keep": "1"}).status_code == 403


def test_another_s_circle_is_closed(node: Node, cast: Cast, market: Market) -> None:
    """Leading one circle opens no other, for looking or for writing."""
    other = circles.add_circle(node, name="Others", picture="well")
    client = cast.client("facilitator")
    for address in _addresses(cast):
        assert client.get(address.replace(cast.circle.id, other.id)).status_code == 403
    address = _addresses(cast)[1].replace(cast.circle.id, other.id)
    assert client.post(address, data={"keep": "1"}).status_code == 403


def test_somebody_of_another_circle_gets_no_marks(node: Node, cast: Cast, market: Market) -> None:
    """A row for whoever does not learn here is not read."""
    kofi = cast.person("neighbour").id
    data = {"keep": "1", "form": node.new_id(), f"row-{kofi}": "11111"}
    assert cast.client("facilitator").post(_addresses(cast)[1], data=data).status_code == 400
    assert statements(node, kofi) == []


def test_looking_first_writes_nothing(node: Node, cast: Cast, market: Market) -> None:
    """The row stands there as it was typed, with how many are right."""
    amina = cast.person("learner").id
    answer = cast.client("facilitator").post(_addresses(cast)[1], data={"form": node.new_id(), f"row-{amina}": "11011"})
    assert (answer.status_code, statements(node, amina)) == (200, [])
    assert 'value="11011"' in answer.text
    assert "4 of 5 right" in unescape(answer.text)


def test_the_page_leads_to_the_groups(node: Node, cast: Cast, market: Market) -> None:
    """Written down, said, and the groups of what the quiz was about."""
    amina, client = cast.person("learner").id, cast.client("facilitator")
    data = {"keep": "1", "form": node.new_id(), f"row-{amina}": "00011"}
    shown = client.post(_addresses(cast)[1], data=data, follow_redirects=True)
    assert "The marks of 1 learner are written down." in shown.text
    assert shown.text.index("needs help") < shown.text.index("Amina")


def test_a_quiz_is_found_by_a_word(node: Node, cast: Cast, market: Market) -> None:
    """Of its own title or of the package's; a word that is nowhere finds nothing."""
    found = [
        [each.item.id for each in paper.quizzes(node, circle=cast.circle.id, word=word)] for word in ("SUMS", "x-")
    ]
    assert found == [["five"], []]
