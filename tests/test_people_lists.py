"""Lists of people: the plain CSV in and out; all or nothing, and nothing a second time."""

from collections.abc import Callable

import pytest

from hub.errors import InputWrong, NotAllowed
from hub.node import Node
from hub.people import circles, credentials, households, roster
from hub.people.lists import giving, opening, taking
from hub.people.lists.intake import ListWrong
from hub.people.lists.planning import Taken, plan

LIST = (
    "id,name,picture,roles,circles,leads,birth_year,language,household,relation\r\n"
    "k1,Amina,butterfly,learner,Number friends|Readers,,2016,sw,Amina's home,child\r\n"
    "k2,Fatou,,guardian|learner,,,1990,fr,Amina's home,guardian\r\n"
    "k3,Mr. Otieno,tree,,,Number friends,,,,\r\n"
)

WRONG_FILES = [
    (b"", "is empty"),
    (b"\n\n", "names its columns"),
    (b"name,name\nA,B\n", "names its columns"),
    (b"nombre,edad\nAmina,8\n", "a list of people has id, name"),
    (b"picture\ngoat\n", "needs name"),
    (b"name,shoe size\nAmina,30\n", "has the columns"),
    ("name\nLucía\n".encode("latin-1"), "UTF-8"),
    (b"name\nA\x00mina\n", "not a text file"),
    (b'name\n"Amina\n', "line"),
    (b"name\nAmina,8\n", "line 2 has more cells"),
    (b"name\n" + b"x" * 3000 + b"\n", "very long"),
    (b"name\n" + b"A\n" * 20_001, "more than 20000 rows"),
    (b"x" * (8 * 2**20 + 1), "over 8 MB"),
    (b"PK\x03\x04 not really a zip", "damaged or locked zip"),
]
WRONG_ROWS = [
    ("id,name\nk1,\n", r"list.csv line 2: A name has 1 to 60 letters\.$"),
    ("id,name\nk1,=HYPERLINK(1)\n", r"list.csv line 2: A name does not begin with a sign of arithmetic\.$"),
    ("id,name\n=1+1,Amina\n", r"at most 255 letters and begins with no sign of arithmetic\.$"),
    ("name,picture\nAmina,dragon\n", "list.csv line 2: That picture"),
    ("name,roles\nAmina,king\n", "no role 'king'"),
    ("name,year\nAmina,16\n", "four digits"),
    ("name,language\nAmina,Swahili\n", "short code"),
    ("name,household,relation\nAmina,Home,cousin\n", "no relation 'cousin'"),
    ("name,circle\nAmina," + "x" * 61 + "\n", "1 to 60"),
    ("id,name\nk1,Amina\nk1,Kofi\n", "line 3: this is the same person as in list.csv line 2"),
    ("name\nAmina\nAmina\n", "tell them apart by an id"),
]


def _take(node: Node, text: str) -> Taken:
    return taking.take(node, opening.open_data("list.csv", text.encode()))


def _entries(node: Node) -> int:
    """How many entries the journal holds."""
    return sum(head.seq for head in node.journal.streams())


class _PowerCut(Exception):  # noqa: N818 - it is none of ours
    """The hub stops between two steps."""


def _cut_after(steps: int) -> taking.Watch:
    left = [steps]

    def watch(_done: int, _total: int) -> None:
        left[0] -= 1
        if not left[0]:
            raise _PowerCut

    return watch


def test_a_list_brings_people_circles_and_households(node: Node) -> None:
    """Everything the columns say is there."""
    assert _take(node, LIST) == Taken(3, 0, 0, 2, 3, 1)
    amina, fatou, otieno = roster.people(node)
    assert (amina.name, amina.picture, amina.birth_year, amina.language) == ("Amina", "butterfly", 2016, "sw")
    assert [each.name for each in circles.circles_of(node, amina.id)] == ["Number friends", "Readers"]
    assert [each.name for each in circles.led_by(node, otieno.id)] == ["Number friends"]
    assert (fatou.roles, otieno.roles) == ({"guardian", "learner"}, {"learner", "facilitator"} - {"learner"})
    assert households.children_of(node, fatou.id) == [amina]
    assert credentials.kind_of(node, amina.id) == "new"


def test_the_same_list_again_changes_nothing(node: Node) -> None:
    """Not one entry, also without ids."""
    for text in (LIST, "name,circle\nZuri,Readers\nKofi,\n"):
        _take(node, text)
        before = _entries(node)
        again = _take(node, text)
        assert (again.people_new, again.people_changed, _entries(node)) == (0, 0, before)


def test_what_a_list_does_not_say_stays(node: Node) -> None:
    """A shorter list takes nothing away, and gives no keeper the learner's role."""
    _take(node, LIST)
    _take(node, "id,name,roles\nk9,Lucía,librarian\n")
    taken = _take(node, "id,name\nk1,Amina B.\nk9,Lucía\n")
    assert (taken.people_changed, taken.people_same) == (1, 1)
    amina, _, lucia, _ = roster.people(node)
    assert (amina.name, amina.picture, amina.birth_year) == ("Amina B.", "butterfly", 2016)
    assert lucia.roles == {"librarian"}


def test_a_look_says_the_same_and_writes_nothing(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would happen is what happens then; looking needs no writer."""
    intake = opening.open_data("list.csv", LIST.encode())
    with monkeypatch.context() as closed:
        closed.setattr(node.writer, "write", None)
        would = plan(node, intake).taken
    assert taking.take(node, intake) == would


@pytest.mark.parametrize("count", [3, 60])
def test_a_look_asks_no_more_for_a_longer_list(node: Node, caplog: pytest.LogCaptureFixture, count: int) -> None:
    """Each kind of record is read once, however many people the list and the hub have."""
    text = "name,circle,household\n" + "".join(f"Child {each},Readers,Home {each}\n" for each in range(count))
    _take(node, text)
    with caplog.at_level("DEBUG", "peewee"):
        plan(node, opening.open_data("list.csv", text.encode()))
    assert len(caplog.records) == 6


def test_other_changes_pass_between_the_steps(node: Node) -> None:
    """The writer is held for a few records at a time: somebody else's change is kept before the list is in."""
    text = "name\n" + "".join(f"Child {each}\n" for each in range(60))
    seen: list[int] = []

    def watch(_done: int, _total: int) -> None:
        seen.append(len(roster.people(node)))

    taking.take(node, opening.open_data("list.csv", text.encode()), watch=watch)
    assert seen == [25, 50, 60]


@pytest.mark.parametrize("cut_after", [1, 2, 3])
def test_a_list_that_was_cut_off_is_finished_by_taking_it_in_again(
    make_node: Callable[..., Node], cut_after: int
) -> None:
    """Nothing comes twice, and in the end everything stands as if it had never been cut."""
    text = "name,circle,leads,household\n" + "".join(
        f"Child {each},Readers,{'Readers' if each % 20 == 0 else ''},Home {each // 3}\n" for each in range(60)
    )
    text = text.replace(",Readers,Readers,", ",,Readers,")
    whole, cut = make_node("whole"), make_node("cut")
    intake = opening.open_data("list.csv", text.encode())
    taking.take(whole, intake)
    with pytest.raises(_PowerCut):
        taking.take(cut, intake, watch=_cut_after(cut_after))
    taking.take(cut, intake)
    assert giving.as_csv(cut) == giving.as_csv(whole)
    assert _entries(cut) == _entries(whole)


def test_two_who_take_the_same_list_in_at_once_make_everybody_once(node: Node) -> None:
    """Both have looked before either wrote: the second writes nothing."""
    intake = opening.open_data("list.csv", LIST.encode())
    plans = [plan(node, intake), plan(node, intake)]
    assert plans[0] == plans[1]


def test_a_list_that_lets_the_last_keeper_rest_is_refused_whole(node: Node) -> None:
    """Before anything is written; with another keeper in the same list it is taken."""
    users = "sourcedId,status,enabledUser,role,givenName,familyName\n"
    _take(node, "id,name,roles\nk1,Lucía,librarian|steward\n")
    text = users + "k1,tobedeleted,true,teacher,Lucía,M\nk2,active,true,student,Amina,D\n"
    before = _entries(node)
    with pytest.raises(NotAllowed, match="Lucía is the last"):
        taking.take(node, opening.open_data("users.csv", text.encode()))
    assert _entries(node) == before
    _take(node, "id,name,roles\nk3,Tom,librarian|steward\n")
    taking.take(node, opening.open_data("users.csv", text.encode()))
    assert [each.name for each in roster.people(node)] == ["Amina D", "Tom"]


def test_a_role_by_list_ends_three_pictures(node: Node) -> None:
    """As every other way to a role that opens other people's records."""
    _take(node, LIST)
    amina = roster.people(node)[0]
    credentials.set_secret(node, person=amina.id, secret=("star", "key", "leaf"))
    _take(node, "id,name,leads\nk1,Amina,Readers\n")
    assert credentials.kind_of(node, amina.id) == ""


@pytest.mark.parametrize(("data", "sentence"), WRONG_FILES, ids=[sentence for _, sentence in WRONG_FILES])
def test_a_file_that_is_no_list_is_refused(data: bytes, sentence: str) -> None:
    """One sentence says what it is and what to do."""
    with pytest.raises(InputWrong, match=sentence):
        opening.open_data("list.csv", data)


@pytest.mark.parametrize(("text", "sentence"), WRONG_ROWS, ids=[sentence for _, sentence in WRONG_ROWS])
def test_a_wrong_row_is_named(text: str, sentence: str) -> None:
    """With its line and what is wrong; the whole list is refused."""
    with pytest.raises(ListWrong, match=sentence):
        opening.open_data("list.csv", text.encode())


def test_every_wrong_row_is_named_at_once() -> None:
    """Up to twenty, and how many more."""
    text = "name,year\n" + "".join(f"Child {number},x\n" for number in range(25))
    with pytest.raises(ListWrong, match="line 2.*line 3.*And 5 more") as caught:
        opening.open_data("list.csv", text.encode())
    assert len(caught.value.problems) == 20


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_spreadsheets_of_many_countries_are_read(mark: str) -> None:
    """Commas, semicolons and tabs; with a mark of byte order; with empty rows."""
    text = "\ufeffName,Circle\r\n\r\nInés,Readers\r\n,,\r\n".replace(",,", "").replace(",", mark)
    intake = opening.open_data("list.csv", text.encode())
    assert [each.facts["name"] for each in intake.people.values()] == ["Inés"]
    assert [each.name for each in intake.groups.values()] == ["Readers"]


def test_everybody_written_out_comes_in_again(node: Node, make_node: object) -> None:
    """Here it changes nothing; on another hub it makes the same people."""
    _take(node, LIST)
    kofi = roster.add_person(node, name="Kofi", picture="drum", roles=("learner", "partner"))
    text = giving.as_csv(node)
    before = _entries(node)
    assert _take(node, text).people_same == 4
    assert _entries(node) == before
    other = make_node("other")
    assert _take(other, text).people_new == 4
    assert giving.as_csv(other) == text
    assert kofi.id in text


def test_no_secret_is_written_out(node: Node) -> None:
    """Neither a hash nor the kind of a secret."""
    _take(node, LIST)
    credentials.set_secret(node, person=roster.people(node)[0].id, secret=("star", "key", "leaf"))
    assert "argon" not in giving.as_csv(node)
    assert "star" not in giving.as_csv(node)


def test_pictures_are_spread_over_those_who_have_none(node: Node) -> None:
    """Thirty children have thirty pictures."""
    _take(node, "name\n" + "".join(f"Child {number}\n" for number in range(30)))
    assert len({each.picture for each in roster.people(node)}) == 30
