"""OneRoster 1.2 CSV: as a zip, as a folder, as one file; read for what the hub needs and no more."""

import io
import zipfile
from pathlib import Path

import pytest

from hub.errors import InputWrong
from hub.node import Node
from hub.people import circles, households, roster
from hub.people.lists import opening, taking
from hub.people.lists.intake import ListWrong

MANIFEST = "propertyName,value\nmanifest.version,1.0\noneroster.version,1.2\nfile.users,bulk\n"
USERS = (
    "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,"
    "phone,agentSourcedIds,grades,password,preferredGivenName\n"
    "u1,,,true,amina,,Aminata,Diallo,,,amina@school.example,,,u2,03,hunter2,Amina\n"
    "u2,,,true,fatou,,Fatou,Diallo,,,,,,,,,\n"
    "u3,active,2026-01-01T00:00:00.000Z,true,otieno,,Peter,Otieno,,,,,,,,,\n"
)
ROLES = (
    "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId\n"
    "r1,,,u1,primary,student,,,o1,\nr2,,,u2,primary,parent,,,o1,\nr3,,,u3,primary,teacher,,,o1,\n"
)
CLASSES = (
    "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType\nc1,,,Class 3,03,k1,,homeroom\n"
)
ENROLLMENTS = (
    "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary\n"
    "e1,,,c1,o1,u1,student,\ne2,,,c1,o1,u3,teacher,true\n"
)
DEMOGRAPHICS = "sourcedId,status,dateLastModified,birthDate,sex\nu1,,,2016-05-01,female\n"
FILES = {
    "manifest.csv": MANIFEST,
    "users.csv": USERS,
    "roles.csv": ROLES,
    "classes.csv": CLASSES,
    "enrollments.csv": ENROLLMENTS,
    "demographics.csv": DEMOGRAPHICS,
}

WRONG = [
    ({"manifest.csv": MANIFEST.replace("1.2", "1.0")}, "This is OneRoster 1.0"),
    ({"users.csv": "sourcedId,givenName\nu1,Amina\n"}, "no column 'familyname'"),
    (
        {"users.csv": USERS.replace("u2,,,true", "u1,,,true")},
        "line 3: the sourcedId stands in users.csv line 2",
    ),
    ({"users.csv": USERS.replace("u3,active", ",active")}, "users.csv line 4: the sourcedId is empty"),
    ({"users.csv": USERS.replace(",u2,03", ",u9,03")}, "no guardian with the sourcedId 'u9'"),
    ({"roles.csv": ROLES.replace("student", "wizard")}, "roles.csv line 2: the role 'wizard'"),
    ({"classes.csv": CLASSES.replace("Class 3", "")}, "classes.csv line 2: A name has"),
    ({"enrollments.csv": ENROLLMENTS.replace("c1,o1,u1", "c9,o1,u1")}, "no class with the sourcedId 'c9'"),
    ({"enrollments.csv": ENROLLMENTS.replace("o1,u1", "o1,u9")}, "nobody with the sourcedId 'u9'"),
    ({"demographics.csv": DEMOGRAPHICS.replace("2016-05", "May")}, "four digits like 2016-05-01"),
]


def _zip(files: dict[str, str], folder: str = "") -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(f"{folder}{name}", text)
    return data.getvalue()


def _take(node: Node, files: dict[str, str]) -> taking.Taken:
    return taking.take(node, opening.open_data("school.zip", _zip(files)))


def test_a_school_s_export_brings_class_teacher_pupil_and_parent(node: Node) -> None:
    """Names, roles, class and family; of the birth date the year."""
    assert _take(node, FILES) == taking.Taken(3, 0, 0, 1, 2, 1)
    amina, fatou, otieno = roster.people(node)
    assert (amina.name, amina.birth_year, amina.roles) == ("Amina Diallo", 2016, {"learner"})
    assert (fatou.roles, otieno.roles) == ({"guardian"}, {"facilitator"})
    circle = circles.circles(node)[0]
    assert (circle.name, circle.kind) == ("Class 3", "class")
    assert circles.members(node, circle.id, "facilitator") == [otieno]
    assert households.children_of(node, fatou.id) == [amina]


def test_nothing_is_kept_that_the_hub_does_not_need(node: Node) -> None:
    """No password, no e-mail address, no birthday: not in the tables, not in the journal."""
    _take(node, FILES)
    head = next(iter(node.journal.streams()))
    kept = b" ".join(placed.entry.payload for placed in node.journal.replay())
    assert head.seq > 0
    assert not any(word in kept for word in (b"hunter2", b"school.example", b"05-01", b"female"))


def test_the_same_export_again_changes_nothing(node: Node) -> None:
    """Known by the school's own numbers."""
    _take(node, FILES)
    before = sum(head.seq for head in node.journal.streams())
    again = _take(node, FILES)
    assert (again.people_new, again.people_changed, again.people_same) == (0, 0, 3)
    assert sum(head.seq for head in node.journal.streams()) == before


def test_a_zip_with_a_folder_a_folder_and_a_file_say_the_same(tmp_path: Path) -> None:
    """However the export arrives."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    from_folder = opening.open_path(tmp_path)
    assert opening.open_path(tmp_path / "users.csv") == from_folder
    assert opening.open_data("a.zip", _zip(FILES, folder="export/")) == from_folder


def test_version_1_1_has_the_role_in_the_users_file(node: Node) -> None:
    """Older programs write no roles.csv."""
    users = "sourcedId,status,enabledUser,role,givenName,familyName\nu1,active,true,student,Amina,Diallo\n"
    taking.take(node, opening.open_data("users.csv", users.encode()))
    assert roster.people(node)[0].roles == {"learner"}


def test_who_left_the_school_rests_and_is_not_forgotten(node: Node) -> None:
    """`tobedeleted` and a closed account let rest; somebody unknown is not made for it."""
    _take(node, FILES)
    gone = USERS.replace("u1,,,true", "u1,tobedeleted,,true").replace(
        "u3,active,2026-01-01T00:00:00.000Z,true", "u3,,,false"
    )
    _take(node, {**FILES, "users.csv": gone + "u8,tobedeleted,,true,,,New,Gone,,,,,,,,,\n"})
    assert [each.name for each in roster.people(node)] == ["Fatou Diallo"]
    assert len(roster.people(node, is_active=False)) == 2


def test_a_class_and_an_enrollment_end(node: Node) -> None:
    """Whoever left the class is out of the circle; a class that ended is off the list."""
    _take(node, FILES)
    _take(node, {**FILES, "enrollments.csv": ENROLLMENTS.replace("e1,,", "e1,tobedeleted,")})
    circle = circles.circles(node)[0]
    assert circles.members(node, circle.id, "learner") == []
    _take(node, {**FILES, "classes.csv": CLASSES.replace("c1,,", "c1,tobedeleted,")})
    assert circles.circles(node) == []


@pytest.mark.parametrize(("change", "sentence"), WRONG, ids=[sentence for _, sentence in WRONG])
def test_a_wrong_export_names_file_and_line(change: dict[str, str], sentence: str) -> None:
    """The whole export is refused before anything is written."""
    with pytest.raises(InputWrong, match=sentence):
        opening.open_data("school.zip", _zip({**FILES, **change}))


def test_a_zip_without_users_is_refused() -> None:
    """As is an empty folder."""
    with pytest.raises(InputWrong, match=r"no users\.csv"):
        opening.open_data("a.zip", _zip({"classes.csv": CLASSES}))


def test_a_bomb_is_not_unpacked() -> None:
    """A member is read up to the limit and then refused; of very many members none is looked at."""
    with pytest.raises(InputWrong, match="over 8 MB"):
        opening.open_data("bomb.zip", _zip({"users.csv": USERS + "\n" * (20 * 2**20)}))
    with pytest.raises(InputWrong, match="more than 100 files"):
        opening.open_data("many.zip", _zip({f"{number}.csv": "" for number in range(101)}))


def test_a_damaged_zip_is_said(tmp_path: Path) -> None:
    """One sentence, no trace; also for a path that cannot be read."""
    whole = _zip(FILES)
    for broken in (whole[: len(whole) // 2], whole[:60] + b"\xff" * 40 + whole[100:]):
        with pytest.raises(InputWrong, match="damaged or locked zip"):
            opening.open_data("a.zip", broken)
    with pytest.raises(InputWrong, match="cannot be read"):
        opening.open_path(tmp_path / "missing.csv")


def test_nobody_becomes_a_keeper_by_a_school_s_file(node: Node) -> None:
    """Their administrators are facilitators here."""
    _take(node, {**FILES, "roles.csv": ROLES.replace("teacher", "systemAdministrator")})
    assert all(not each.roles & {"librarian", "steward"} for each in roster.people(node))


def test_every_problem_of_every_file_is_said_at_once() -> None:
    """So that a school mends its export once."""
    files = {**FILES, "roles.csv": ROLES.replace("student", "wizard"), "classes.csv": CLASSES.replace("Class 3", "")}
    with pytest.raises(ListWrong) as caught:
        opening.open_data("school.zip", _zip(files))
    assert [each.split()[0] for each in caught.value.problems][:2] == ["roles.csv", "classes.csv"]
