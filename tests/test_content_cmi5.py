"""cmi5 courses on their way to the shelf: what becomes of them, what is said before, and what is refused.

The cases of refusal are those by which ADL's test suite for learning platforms (CATAPULT) tries them.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.draft import Draft
from content.errors import ContentError
from content.formats import cmi5_course, describe
from content.install import install
from content.package import Item
from content.shelf import Shelf
from tests.fixtures import cmi5
from tests.fixtures.packages import zipped


def drafted(source: Path) -> Draft:
    """The draft of a package, closed again."""
    draft = describe(source)
    draft.close()
    return draft


def test_a_course_becomes_its_parts(tmp_path: Path) -> None:
    """With the titles of their blocks, in its first language; what each is given is read by the letter."""
    found = drafted(cmi5.package(tmp_path / "a.zip")).manifest
    assert (found.title, found.language, found.summary) == ("Rules of the river", "en", "Rules of the river, told.")
    assert found.items == (
        Item("lights", "cmi5", "Day – Lights", "au.html"),
        Item("signals", "cmi5", "Day – Signals", "au.html"),
        Item("extra", "cmi5", "Extra", "au.html"),
    )
    lights, signals, extra = cmi5_course.course(cmi5.COURSE.encode(), "a").units
    assert (lights.mastery, lights.move_on, lights.query) == (0.8, "CompletedAndPassed", "?lang=en#top")
    assert (lights.launch_parameters, lights.blocks) == ("level=2", (f"{cmi5.NAME}/day",))
    assert (signals.entitlement_key, signals.is_apart, signals.mastery) == ("K-1", True, None)
    assert (extra.move_on, extra.blocks, extra.is_apart) == ("NotApplicable", (), False)
    assert drafted(cmi5.package(tmp_path / "b.zip")).manifest.id == found.id


def test_more_than_a_thousand_parts_are_taken(tmp_path: Path) -> None:
    """As the standard asks (6.1), also out of a folder in the zip and from another program's namespace."""
    whole = cmi5.structure(*(cmi5.au(f"part{number}") for number in range(1_001)))
    whole = whole.replace("</courseStructure>", '<x:made xmlns:x="urn:x" by="us"/></courseStructure>')
    source = zipped(tmp_path / "a.zip", {"course/cmi5.xml": whole, "course/au.html": "x"})
    assert len(install(Shelf(tmp_path / "shelf"), source).items) == 1_001


def test_what_lies_on_the_internet_is_said_before(tmp_path: Path) -> None:
    """A part on the internet would need it; the rest comes."""
    whole = cmi5.structure(cmi5.au("here"), cmi5.au("away", "https://example.org/au.html"))
    found = drafted(cmi5.package(tmp_path / "a.zip", whole))
    assert [str(each) for each in found.left_out] == [f"{cmi5_course.AWAY} (2)"]
    assert [item.id for item in found.manifest.items] == ["here"]


ONE = cmi5.structure(cmi5.block("day", cmi5.au("one")))
GOAL = f'<objective id="{cmi5.NAME}/goal">{cmi5.about("Goal")}</objective>'
ENTITY = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><courseStructure>&x;</courseStructure>'
REFUSED: dict[str, tuple[str, str]] = {
    "a course without a whole name": (ONE.replace(f'course id="{cmi5.NAME}"', 'course id="example.org/x"'), "no whole"),
    "a block without one": (ONE.replace(f"{cmi5.NAME}/day", "/day"), "no whole"),
    "a part without one": (ONE.replace(f"{cmi5.NAME}/one", "one"), "no whole"),
    "an objective without one": (ONE.replace(f"{cmi5.NAME}/goal", "//goal"), "no whole"),
    "a block twice": (cmi5.structure(cmi5.block("d", cmi5.au("a")), cmi5.block("d", cmi5.au("b"))), "stands twice"),
    "a part twice": (cmi5.structure(cmi5.au("a"), cmi5.block("d", cmi5.au("a"))), "stands twice"),
    "an objective twice": (ONE.replace(GOAL, GOAL * 2), "stands twice"),
    "a word of ours": (cmi5.structure(cmi5.au("a", "au.html?endpoint=http://x.org/")), "itself puts there"),
    "an address that is none": (cmi5.structure(cmi5.au("a", "http://example.com index.html")), "as addresses are"),
    "another order": (ONE.replace("<url>au.html</url>", "").replace("<au ", "<au ", 1), "as cmi5 asks"),
    "no description": (ONE.replace(cmi5.text("description", "One, told."), ""), "as cmi5 asks"),
    "a title without a text": (ONE.replace(cmi5.text("title", "One"), "<title>One</title>"), "as cmi5 asks"),
    "a rule that is none": (cmi5.structure(cmi5.au("a", moveOn="Sometimes")), "as cmi5 asks"),
    "a window that is none": (cmi5.structure(cmi5.au("a", launchMethod="Popup")), "as cmi5 asks"),
    "a score above one": (cmi5.structure(cmi5.au("a", masteryScore="80")), "as cmi5 asks"),
    "a score that is none": (cmi5.structure(cmi5.au("a", masteryScore="nan")), "as cmi5 asks"),
    "no part": (cmi5.structure(), "as cmi5 asks"),
    "another root": ("<course/>", "as cmi5 asks"),
    "parts on the internet alone": (cmi5.structure(cmi5.au("a", "https://example.org/")), "none of its parts"),
    "a file that is missing": (cmi5.structure(cmi5.au("a", "not-found.html")), "not-found.html, which is not in it"),
    "a way out": (cmi5.structure(cmi5.au("a", "../../etc/passwd")), "leads out of the package"),
    "a hidden way out": (cmi5.structure(cmi5.au("a", "%2e%2e/%2e%2e/passwd")), "leads out of the package"),
    "no XML": ("<courseStructure", "its XML cannot be read"),
    "an entity from outside": (ENTITY, "its XML cannot be read"),
    "depth": (cmi5.structure(*["<block>"] * 40, *["</block>"] * 40), "the depth of its XML"),
    "parts without end": (cmi5.structure(*(cmi5.au(f"p{each}") for each in range(5_001))), "its number of parts"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_standard_wants_refused_is_refused(tmp_path: Path, case: str) -> None:
    """One sentence, and the shelf is as it was."""
    text, sentence = REFUSED[case]
    shelf = Shelf(tmp_path / "shelf")
    with pytest.raises(ContentError, match="Nothing was added") as refused:
        install(shelf, cmi5.package(tmp_path / "a.zip", text), in_part=True)
    assert sentence in str(refused.value)
    assert shelf.list() == []


@pytest.mark.parametrize("url", ["index.html", "/index.html", "./a/index.html", "?page=1", "#x", "//example.org/"])
def test_a_structure_alone_needs_whole_addresses(tmp_path: Path, url: str) -> None:
    """A relative address in it leads to a file that did not come; a whole one leads to the internet."""
    source = tmp_path / "cmi5.xml"
    source.write_text(cmi5.structure(cmi5.au("a", url)))
    with pytest.raises(ContentError, match=r"not in it|none of its parts|leads out"):
        describe(source)


PIECES = st.sampled_from(
    ["<au id='urn:a:b'>", "</au>", "<block id='urn:x:y'>", "</block>", cmi5.about("X"), "<url>au.html</url>", "<url>"]
    + ["</url>", "é", "<title>", "</title>", "<langstring/>", "<objectives>", "&#0;", "<", cmi5.au("b"), "<x:y/>"]
)


@given(st.lists(PIECES, max_size=16))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_structure_is_read_or_refused(pieces: list[str]) -> None:
    """Whatever stands in it, there is a course or a sentence."""
    try:
        assert cmi5_course.course(cmi5.structure("".join(pieces), cmi5.au("a")).encode(), "a").units
    except ContentError as refused:
        assert "Nothing was added" in str(refused)
