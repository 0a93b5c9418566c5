"""SCORM packages on their way to the shelf: what becomes of them, what is said before, and what is refused."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.draft import Draft
from content.errors import ContentError
from content.formats import describe
from content.formats import scorm as format_
from content.formats import scorm_manifest as manifests
from content.install import install
from content.package import Item
from content.shelf import Shelf
from tests.fixtures import scorm

WHOLE_12, WHOLE_2004 = scorm.HEAD_12 + scorm.ITEMS_12, scorm.HEAD_2004 + scorm.ITEMS_2004


def drafted(source: Path) -> Draft:
    """The draft of a package, closed again."""
    draft = describe(source)
    draft.close()
    return draft


def test_a_course_becomes_its_parts(tmp_path: Path) -> None:
    """Titles with their chapters, language, licence and summary from its metadata; what each part is given."""
    found = drafted(scorm.older(tmp_path / "a.zip")).manifest
    assert (found.title, found.language, found.licence) == ("Rules of the river", "en", "CC-BY-4.0")
    assert (found.summary, found.source_format) == ("How boats meet.", "scorm_1_2")
    assert found.items == (
        Item("s1", "scorm", "Lights – Red and green", "one/sco.html"),
        Item("s2", "scorm", "Signals", "two/sco.html"),
    )
    one, two = manifests.course(WHOLE_12.encode(), "a").parts
    assert (one.mastery, one.launch_data, two.query) == ("80", "level=2", "?lang=en&page=2")
    (only,) = manifests.course(WHOLE_2004.encode(), "a").parts
    assert (only.mastery, only.threshold) == ("0.7", "0.9")
    assert drafted(scorm.newer(tmp_path / "b.zip")).manifest.source_format == "scorm_2004"


def test_a_newer_copy_takes_the_place_of_the_older(tmp_path: Path) -> None:
    """The same course by its own name, whatever its file is called."""
    first, second = (drafted(scorm.older(tmp_path / name)).manifest.id for name in ("a.zip", "b.zip"))
    assert first == second


def swapped(*pairs: tuple[str, str], whole: str = WHOLE_12) -> str:
    """A manifest with words of it replaced."""
    for old, new in pairs:
        assert old in whole
        whole = whole.replace(old, new, 1)
    return whole


RULES = (
    "<imsss:controlMode choice='false'/><imsss:objectives><imsss:objective objectiveID='x'>"
    "<imsss:mapInfo targetObjectiveID='g'/></imsss:objective>"
)
TOLD: dict[str, tuple[str, list[str]]] = {
    "two tables of contents": (
        swapped(("</organizations>", "<organization identifier='B9'><title>X</title></organization></organizations>")),
        [manifests.ORGANIZATIONS],
    ),
    "a hidden part": (swapped(('"S2" ', '"S2" isvisible="false" ')), [f"{manifests.HIDDEN} (2)"]),
    "a part on the internet": (
        swapped(('xml:base="two/" href="', 'href="http://example.org/')),
        [f"{manifests.AWAY} (2)"],
    ),
    "a part that is a document": (
        swapped(('adlcp:scormtype="sco" xml:base="two/" href="sco.html?lang=en"', 'href="two/a.docx"')),
        [f"{manifests.UNPLAYED} (2)"],
    ),
    "something before another": (
        swapped(("<title>Signals", "<adlcp:prerequisites>S1</adlcp:prerequisites><title>Signals")),
        [f"{manifests.PREREQUISITES} (2)"],
    ),
    "rules about the order": (
        swapped(("<imsss:objectives>", RULES), whole=WHOLE_2004),
        [f"{manifests.SEQUENCING} (1)", f"{manifests.SHARED} (1)"],
    ),
}


@pytest.mark.parametrize("case", TOLD)
def test_what_does_not_come_along_is_said(tmp_path: Path, case: str) -> None:
    """Before anything is added, with the numbers of the parts."""
    text, said = TOLD[case]
    source = scorm.packed(tmp_path / "a.zip", text, dict.fromkeys(("one/sco.html", "two/sco.html", "sco.html"), "x"))
    assert [str(each) for each in drafted(source).left_out] == said


def test_pages_that_reach_into_each_other_are_said(tmp_path: Path) -> None:
    """Frames alone are well, since each has the interface; calls from one into another, and windows, are not."""
    framed = '<iframe src="inside.html"></iframe>'
    assert drafted(scorm.older(tmp_path / "a.zip", one=framed)).left_out == ()
    calling = framed + "<script>parent.setBookmark(3); window.open('help.html')</script>"
    said = [str(each) for each in drafted(scorm.older(tmp_path / "b.zip", one=calling)).left_out]
    assert said == [format_.FRAMES, format_.WINDOWS]


def test_calls_to_the_internet_are_flagged(tmp_path: Path) -> None:
    """Like those of every other page from elsewhere."""
    source = scorm.older(tmp_path / "a.zip", one='<script src="https://cdn.example/x.js"></script>')
    assert install(Shelf(tmp_path / "shelf"), source).remote == ("https://cdn.example/x.js",)


ENTITY = '<!DOCTYPE manifest [<!ENTITY x SYSTEM "file:///etc/passwd">]><manifest>&x;</manifest><!-- adlcp -->'
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
DEEP = "<item identifier='d'><title>D</title>" * 40 + "</item>" * 40
HOSTILE: dict[str, tuple[str, str]] = {
    "no XML": ("adlcp <", "its XML cannot be read"),
    "an entity from outside": (ENTITY, "its XML cannot be read"),
    "a billion laughs": (f"<!DOCTYPE m [<!ENTITY a0 'x'>{LAUGHS}]><m>&a8;</m><!-- adlcp -->", "its XML cannot be read"),
    "another root": ("<adlcp/>", "no table of contents"),
    "depth": (swapped(("<title>Rules of the river</title>", DEEP)), "too large: the depth of its XML"),
    "a part that leads nowhere": (swapped(('identifierref="R1"', 'identifierref="R9"')), "leads nowhere"),
    "a file that is missing": (swapped(("one/sco.html", "one/none.html")), "one/none.html, which is not in it"),
    "a way out": (swapped(("one/sco.html", "../../etc/passwd.html")), "leads out of the package"),
    "a hidden way out": (swapped(("one/sco.html", "%2e%2e/%2e%2e/passwd.html")), "leads out of the package"),
    "nothing to open": (
        swapped(('"R1" isvisible="true"', '"R1" isvisible="false"'), ('"S2" ', '"S2" isvisible="false" ')),
        "none of",
    ),
    "parts without end": (
        swapped(
            ('<item identifier="S2"', "<item identifierref='R1' identifier='S'/>" * 1_001 + '<item identifier="S2"')
        ),
        "its number of parts",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_manifest_is_refused(tmp_path: Path, case: str) -> None:
    """One sentence, and the shelf is as it was."""
    text, sentence = HOSTILE[case]
    shelf = Shelf(tmp_path / "shelf")
    with pytest.raises(ContentError, match="Nothing was added") as refused:
        install(shelf, scorm.older(tmp_path / "a.zip", manifest=text), in_part=True)
    assert sentence in str(refused.value)
    assert shelf.list() == []


def test_a_zip_that_climbs_out_is_refused(tmp_path: Path) -> None:
    """By its names, before the manifest is believed."""
    with pytest.raises(ContentError, match="leads out of the package"):
        describe(scorm.older(tmp_path / "a.zip", **{"..__..__x.html": "x"}))


PIECES = st.sampled_from(
    [
        "<item identifier='a' identifierref='R1'>",
        "</item>",
        "<title>t</title>",
        "<organization>",
        "</organization>",
        "é",
    ]
    + ["<adlcp:masteryscore>x", "</adlcp:masteryscore>", "<resources>", "</resources>", "<metadata><lom>", "&#0;", "<"]
)


@given(st.lists(PIECES, max_size=20))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_manifest_is_read_or_refused(pieces: list[str]) -> None:
    """Whatever stands in it, there is a course or a sentence."""
    text = WHOLE_12.replace("<title>Signals</title>", "".join(pieces), 1)
    try:
        assert manifests.course(text.encode(), "a").parts
    except ContentError as refused:
        assert "Nothing was added" in str(refused)


@pytest.mark.parametrize("form", ["utf-16", "utf-8-sig"])
def test_other_encodings_are_read(tmp_path: Path, form: str) -> None:
    """As authoring tools of Windows write them."""
    text = WHOLE_12.replace("UTF-8", "UTF-16" if form == "utf-16" else "UTF-8")
    pages = {"one/sco.html": "x", "two/sco.html": "x"}
    source = scorm.packed(tmp_path / "a.zip", text.encode(form), pages)
    assert drafted(source).manifest.title == "Rules of the river"
