"""Lists of people: the plain CSV in and out; all or nothing, and nothing a second time."""

import io

import pytest

from hub.errors import InputWrong
from hub.node import Node
from hub.people import circles, credentials, households, roster
from hub.people.lists import giving, opening, taking
from hub.people.lists.intake import ListWrong
from tests.fixtures.cast import OUTSIDER, ROLES, Cast

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
    ("id,name\nk1,=HYPERLINK(1)\n", "sign of arithmetic"),
    ("id,name\n=1+1,Amina\n", "at most 255"),
    ("name,picture\nAmina,dragon\n", "list.csv line 2: That picture"),
    ("name,roles\nAmina,king\n", "no role 'king'"),
    ("name,year\nAmina,16\n", "four digits"),
    ("name,language\nAmina,Swahili\n", "short code"),
    ("name,household,relation\nAmina,Home,cousin\n", "no relation 'cousin'"),
    ("name,circle\nAmina," + "x" * 61 + "\n", "1 to 60"),
    ("id,name\nk1,Amina\nk1,Kofi\n", "line 3: this is the same person as in list.csv line 2"),
    ("name\nAmina\nAmina\n", "tell them apart by an id"),
]


def _take(node: Node, text: str, *, dry_run: bool = False) -> taking.Taken:
    return taking.take(node, opening.open_data("list.csv", text.encode()), dry_run=dry_run)


def _entries(node: Node) -> int:
    """How many entries the journal holds."""
    return sum(head.seq for head in node.journal.streams())


def test_a_list_brings_people_circles_and_households(node: Node) -> None:
    """Everything the columns say is there."""
    assert _take(node, LIST) == taking.Taken(3, 0, 0, 2, 3, 1)
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


def test_a_dry_run_says_the_same_and_keeps_nothing(node: Node) -> None:
    """What would happen is what happens then."""
    would = _take(node, LIST, dry_run=True)
    assert (roster.people(node), _entries(node)) == ([], 0)
    assert _take(node, LIST) == would


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


def test_lists_are_for_keepers(cast: Cast) -> None:
    """Nobody else takes one in or gets everybody's names; a guest is led to sign in."""
    for role in ROLES:
        client, may = cast.client(role), role in ("librarian", "steward")
        found = [client.get(address).status_code for address in ("/people/lists/", "/people/lists/people.csv")]
        sent = client.post("/people/lists/", data={"file": (io.BytesIO(LIST.encode()), "list.csv")}).status_code
        refusal = 303 if role == OUTSIDER else 403
        assert (role, found, sent) == (role, [200 if may else refusal] * 2, 303 if may else 403)


def test_a_librarian_looks_first_and_takes_in_then(node: Node, cast: Cast) -> None:
    """Looking says how many and keeps nothing."""
    client = cast.client("librarian")
    before = len(roster.people(node))
    look = client.post("/people/lists/", data={"file": (io.BytesIO(LIST.encode()), "list.csv"), "look": "yes"})
    assert "bring 3 new people" in look.get_data(as_text=True)
    assert len(roster.people(node)) == before
    client.post("/people/lists/", data={"file": (io.BytesIO(LIST.encode()), "list.csv")})
    assert len(roster.people(node)) == before + 3


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (None, "No file came along"),
        (b"name,year\nAmina,x\n", "list.csv line 2"),
        (b"name\n" + b"".join(b"Child %d\n" % number for number in range(501)), "more than 500 people"),
    ],
)
def test_a_wrong_upload_is_said_on_the_page(cast: Cast, body: bytes | None, sentence: str) -> None:
    """With status 400 and the line."""
    data = {} if body is None else {"file": (io.BytesIO(body), "list.csv")}
    answer = cast.client("librarian").post("/people/lists/", data=data)
    assert answer.status_code == 400
    assert sentence in answer.get_data(as_text=True)
