"""A code that comes back is written down: as if answered here, once, for the right person, whatever happened since."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from hub import learning, library, projections
from hub.care import backup
from hub.care.restore import restore
from hub.config import keep, load
from hub.errors import InputWrong, NotAllowed, TooMany
from hub.learning import Opened, progress
from hub.learning.sittings import latest
from hub.node import Node, make_home, open_node
from hub.tables.learning import FINISHED, PASSED
from hub.takehome import copies, returned
from hub.takehome.copies import Copy
from hub.vocabulary import HOME, PEOPLE
from hub.xapi.store import original
from tests.fixtures.care import copy_keys, stick
from tests.fixtures.cast import Cast
from tests.fixtures.learning import DESCRIPTION, FIVE, PACKAGE, lay
from tests.fixtures.takehome import WRONG, code

Market = Callable[[str], Opened]


@pytest.fixture
def paper(node: Node, cast: Cast, market: Market) -> Copy:
    """The five sums, on paper, given to the learner."""
    return copies.give(node, package=PACKAGE, item="five", carrier="paper", person=cast.person("learner").id)


def type_in(node: Node, cast: Cast, role: str, typed: str, person: str = "") -> returned.Returned:
    """Somebody types a code."""
    actor = cast.person(role)
    found = returned.recognise(node, actor=actor, typed=typed)
    return returned.keep(node, found=found, actor=actor, person=person)


def states(node: Node, person: str) -> dict[str, tuple[int, int]]:
    """How far somebody is: item → state and score."""
    rows = node.tables.Progress.select().where(node.tables.Progress.person == person)
    return {row.item: (row.state, row.score) for row in rows}


def statements(node: Node, person: str) -> list[dict]:
    """Everything that is written of somebody, as it was kept."""
    rows = node.tables.Statement.select().where(node.tables.Statement.actor == person)
    return [original(node.journal.get(row.stream, row.seq)) for row in rows]


def test_progress_follows_as_if_answered_here(node: Node, cast: Cast, paper: Copy) -> None:
    """Four of five right: the quiz is passed, and the competency can be done."""
    back = type_in(node, cast, "learner", code(paper, 0, WRONG))
    amina = cast.person("learner").id
    assert (back.person, back.right, len(back.answers), back.is_new) == (amina, 4, 5, True)
    assert states(node, amina) == {"five": (PASSED, 800)}
    assert [each.state for each in progress.garden(node, amina)] == ["plant"]


def test_records_say_where_it_was_done_and_not_how_long_it_took(node: Node, cast: Cast, paper: Copy) -> None:
    """At home, on paper; the time is that of typing, and nobody knows when somebody sat down."""
    type_in(node, cast, "learner", code(paper))
    kept = statements(node, cast.person("learner").id)
    assert len(kept) == 7
    assert {each["context"]["extensions"][HOME] for each in kept} == {"paper"}
    assert not any("duration" in each.get("result", {}) or "instructor" in each["context"] for each in kept)


def test_typed_twice_adds_nothing(node: Node, cast: Cast, paper: Copy) -> None:
    """Neither the same code nor another one of the same sheet, by the learner or the facilitator."""
    type_in(node, cast, "learner", code(paper))
    before = projections.fingerprint(node.tables)
    for role, typed in (("learner", code(paper)), ("facilitator", code(paper, 0, WRONG))):
        back = type_in(node, cast, role, typed)
        assert not back.is_new
    assert projections.fingerprint(node.tables) == before


def test_a_facilitator_types_for_the_class(node: Node, cast: Cast, paper: Copy) -> None:
    """It counts for whose copy it is, and says who typed it."""
    back = type_in(node, cast, "facilitator", code(paper))
    amina, otieno = cast.person("learner").id, cast.person("facilitator").id
    assert back.person == amina
    typists = {each["context"]["instructor"]["account"]["name"] for each in statements(node, amina)}
    assert (typists, statements(node, otieno)) == ({otieno}, [])
    assert statements(node, amina)[0]["context"]["instructor"]["account"]["homePage"] == PEOPLE


@pytest.mark.parametrize("role", ["guardian", "librarian", "steward"])
def test_who_looks_after_somebody_types_for_them(node: Node, cast: Cast, paper: Copy, role: str) -> None:
    """A guardian for the child, keepers for everybody."""
    assert type_in(node, cast, role, code(paper)).person == cast.person("learner").id


@pytest.mark.parametrize("role", ["neighbour", "partner"])
def test_the_copy_of_somebody_else_is_refused_kindly(node: Node, cast: Cast, paper: Copy, role: str) -> None:
    """Whoever found it on the way writes nothing down, for nobody."""
    before = projections.fingerprint(node.tables)
    with pytest.raises(NotAllowed, match="given to somebody else"):
        type_in(node, cast, role, code(paper))
    assert projections.fingerprint(node.tables) == before


def test_a_copy_without_a_name_becomes_that_of_who_brings_it(node: Node, cast: Cast, market: Market) -> None:
    """From then on it is theirs, and nobody else's."""
    blank = copies.give(node, package=PACKAGE, item="quiz", carrier="file")
    type_in(node, cast, "neighbour", code(blank, 0))
    assert copies.copy(node, blank.id).person == cast.person("neighbour").id
    with pytest.raises(NotAllowed):
        type_in(node, cast, "learner", code(blank, 1))


def test_a_facilitator_says_whose_a_copy_without_a_name_is(node: Node, cast: Cast, market: Market) -> None:
    """One of those they look after; not anybody."""
    blank = copies.give(node, package=PACKAGE, item="five", carrier="paper")
    with pytest.raises(NotAllowed):
        type_in(node, cast, "facilitator", code(blank), person=cast.person("neighbour").id)
    amina = cast.person("learner").id
    assert type_in(node, cast, "facilitator", code(blank), person=amina).person == amina


@pytest.mark.parametrize("role", ["learner", "guardian", "facilitator", "librarian"])
def test_one_wrong_character_is_told_by_its_place(node: Node, cast: Cast, paper: Copy, role: str) -> None:
    """Who types for the learner is told where to look too; nothing is written."""
    right = code(paper)
    wrong = right[:4] + ("2" if right[4] != "2" else "3") + right[5:]
    with pytest.raises(InputWrong, match="characters 5 and 6"):
        type_in(node, cast, role, wrong)
    assert statements(node, cast.person("learner").id) == []


def test_a_near_code_of_somebody_else_is_not_told(node: Node, cast: Cast, paper: Copy) -> None:
    """Nobody learns that such a paper is out."""
    right = code(paper)
    with pytest.raises(InputWrong, match="no such code"):
        type_in(node, cast, "neighbour", right[:4] + ("2" if right[4] != "2" else "3") + right[5:])


def test_guessing_ends_soon(node: Node, cast: Cast, paper: Copy) -> None:
    """After as many wrong codes as wrong secrets somebody rests; a right one before that forgives."""
    tries = node.settings.sign_in_tries
    for turn in range(2):
        for _ in range(tries - 1 + turn):
            with pytest.raises(InputWrong):
                type_in(node, cast, "learner", "2345678923")
        if not turn:
            type_in(node, cast, "learner", code(paper))
    with pytest.raises(TooMany):
        type_in(node, cast, "learner", code(paper))


def test_two_sheets_make_one_quiz(node: Node, cast: Cast, market: Market) -> None:
    """Six questions are two codes; the quiz is finished with the second, in whatever order they come."""
    amina = cast.person("learner").id
    given = copies.give(node, package=PACKAGE, item="look", carrier="paper", person=amina)
    assert [len(sheet.slots) for sheet in given.pack.asked.sheets] == [5, 1]
    type_in(node, cast, "learner", code(given, 1))
    assert states(node, amina)["quiz"][0] < FINISHED
    assert copies.copy(node, given.id).state == "out"
    type_in(node, cast, "learner", code(given, 0))
    assert states(node, amina) == {"quiz": (PASSED, 1000), "look": (FINISHED, -1)}
    assert copies.copy(node, given.id).state == "back"


def test_the_hub_goes_on_where_the_paper_ended(node: Node, cast: Cast, market: Market) -> None:
    """The first sheet is back; the sixth question is answered here; the second sheet then adds nothing to it."""
    amina = cast.person("learner").id
    given = copies.give(node, package=PACKAGE, item="quiz", carrier="paper", person=amina)
    type_in(node, cast, "learner", code(given, 0))
    sitting = learning.open_item(node, person=amina, opened=market("quiz"))
    assert sitting.next_question(learning.quiz(node, market("quiz"))).id == "pair"
    answer = learning.Given("pair", ("fish=jug", "milk=basket"), node.new_id())
    learning.take_answer(node, person=amina, opened=market("quiz"), given=answer)
    type_in(node, cast, "learner", code(given, 1))
    assert latest(node, person=amina, opened=market("quiz")).scores("pair") == (0.0,)


def test_what_was_ticked_is_marked_as_it_was_when_printed(node: Node, cast: Cast, paper: Copy, tmp_path: Path) -> None:
    """The package has other questions now, and then leaves the shelf: the paper still counts."""
    newer = tmp_path / "newer"
    lay(node, newer)
    (newer / "package.toml").write_text(DESCRIPTION.replace("version = 1", "version = 2"), encoding="utf-8")
    (newer / "five.toml").write_text(FIVE.replace('id = "q', 'id = "other'), encoding="utf-8")
    library.add(node, source=newer)
    with pytest.raises(InputWrong, match="has changed since"):
        copies.standing(node, paper.pack)
    library.remove(node, PACKAGE)
    assert type_in(node, cast, "learner", code(paper)).right == 5
    assert states(node, cast.person("learner").id) == {"five": (PASSED, 1000)}


def test_a_lesson_without_a_quiz_says_whether_it_was_read(node: Node, cast: Cast, make_lone: None) -> None:
    """Its sheet has one thing to say; "not yet" writes nothing down."""
    amina = cast.person("learner").id
    one, other = (copies.give(node, package="lone.en", carrier=carrier, person=amina) for carrier in ("paper", "file"))
    type_in(node, cast, "learner", code(one, 0, {"read": "not"}))
    assert states(node, amina) == {}
    type_in(node, cast, "learner", code(other))
    assert states(node, amina) == {"read": (FINISHED, -1)}


@pytest.fixture
def make_lone(node: Node, tmp_path: Path) -> None:
    """A package of one lesson."""
    place = tmp_path / "lone"
    place.mkdir()
    (place / "read.md").write_text("# Read\n\nAll of it.\n", encoding="utf-8")
    (place / "package.toml").write_text(
        'id = "lone.en"\nwork = "lone"\nversion = 1\ntitle = "Alone"\nlanguage = "en"\n\n'
        '[[item]]\nid = "read"\nkind = "lesson"\ntitle = "Read"\npath = "read.md"\n',
        encoding="utf-8",
    )
    library.add(node, source=place)


def test_a_closed_copy_counts_no_more(node: Node, cast: Cast, paper: Copy) -> None:
    """It was said to be lost, and is refused in a sentence."""
    copies.close(node, copy=paper.id)
    with pytest.raises(InputWrong, match="was closed"):
        type_in(node, cast, "learner", code(paper))


def test_tables_made_again_know_the_copies(node: Node, cast: Cast, paper: Copy) -> None:
    """The journal alone is enough."""
    node.write(lambda: projections.rebuild(node.tables, node.journal.replay()))
    assert type_in(node, cast, "learner", code(paper)).right == 5


@pytest.mark.parametrize("as_new_hub", [False, True])
def test_a_paper_counts_at_the_hub_that_came_out_of_a_backup(
    node: Node, cast: Cast, paper: Copy, tmp_path: Path, database_url: Callable[[], str], *, as_new_hub: bool
) -> None:
    """Also at one with keys of its own: the first may lie in the river, and the children still have their papers."""
    saved, home = backup.make(node, stick(tmp_path)), tmp_path / "second"
    make_home(home)
    keep(home, {"database": database_url()})
    if not as_new_hub:
        copy_keys(node.home, home)
    restore(home, saved, as_new_hub=as_new_hub)
    with closing(open_node(home, load(home, {}, {}))) as again:
        assert type_in(again, cast, "learner", code(paper)).right == 5


def test_nobody_s_record_is_touched_when_the_disk_refuses(node: Node, cast: Cast, paper: Copy) -> None:
    """All of a sheet is written, or none of it."""
    found = returned.recognise(node, actor=cast.person("learner"), typed=code(paper))
    before = projections.fingerprint(node.tables)

    def cut() -> None:
        returned.keep(node, found=found, actor=cast.person("learner"))
        raise InputWrong("The power went.")

    with pytest.raises(InputWrong):
        node.write(cut)
    assert projections.fingerprint(node.tables) == before
