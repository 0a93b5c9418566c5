"""Common Cartridges: what of them becomes what, what is said to be left out, and what is refused."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from content.checks import check_draft
from content.draft import Draft
from content.errors import ContentError
from content.exercise import load
from content.formats import cartridge, describe
from content.install import install
from content.limits import DEFAULT, MIB
from content.shelf import Shelf
from tests.fixtures import courses, packages, photos

Told = tuple[str, str, str]
RESOURCE = '<resource identifier="{0}" type="{1}" href="{2}"{3}><file href="{2}"/>{4}</resource>'
ITEM = '<item identifier="{0}" identifierref="{1}"><title>{2}</title>{3}</item>'
ROLE = (
    "<metadata><lom:lom><lom:educational><lom:intendedEndUserRole><lom:value>{}</lom:value>"
    "</lom:intendedEndUserRole></lom:educational></lom:lom></metadata>"
)
WORK = """<assignment xmlns="http://www.imsglobal.org/xsd/imscc_extensions/assignment"><title>Draw</title>
<instructor_text>Look at the lid.</instructor_text><text texttype="text/html">&lt;p&gt;Draw a well.&lt;/p&gt;</text>
</assignment>"""
GOALS = (
    "<metadata><csm:curriculumStandardsMetadataSet xmlns:csm='http://www.imsglobal.org/xsd/imscsmd_v1p0'>"
    "<csm:setOfGUIDs/></csm:curriculumStandardsMetadataSet></metadata>"
)
XXE = '<!DOCTYPE manifest [<!ENTITY a SYSTEM "file:///etc/passwd">]><manifest xmlns="http://www.imsglobal.org/xsd/imscc/">'
DEEP = "".join(f'<item identifier="d{n}"><title>x</title>' for n in range(40)) + "</item>" * 40


def read(source: Path) -> Draft:
    """A draft, checked as the shelf checks it."""
    draft = describe(source)
    check_draft(draft, DEFAULT)
    return draft


def items(draft: Draft) -> list[Told]:
    """Heading, kind and title of each item."""
    return [(item.part, item.kind, item.title) for item in draft.manifest.items]


def text(draft: Draft, number: int) -> str:
    """The file of an item."""
    return draft.read(draft.manifest.items[number].path, limit=MIB).decode()


def left_out(draft: Draft) -> list[str]:
    """What is left out, in English."""
    return [str(each) for each in draft.left_out]


@pytest.mark.parametrize("version", courses.CARTRIDGES)
def test_a_cartridge_becomes_a_course(tmp_path: Path, version: str) -> None:
    """Folders become headings; pages, discussions, quizzes, films and addresses stand in their order."""
    with closing(read(courses.cartridge(tmp_path / "water.imscc", version))) as draft:
        assert items(draft) == [
            ("Week 1", "lesson", "Boil it"),
            ("Week 1", "lesson", "Our well"),
            ("Week 1", "quiz", "Try it"),
            ("Week 2", "video", "A film of a well"),
            ("Week 2", "lesson", "Water in Kenya"),
            ("More", "lesson", "Keep it well"),
        ]
        told = draft.manifest
        assert (told.title, told.language, told.licence) == ("Clean water", "en", "CC BY 4.0")
        assert left_out(draft) == [
            "discussions become pages about what to discuss; nobody writes in them (Our well)",
            "addresses on the internet are shown as text (Water in Kenya)",
            "tools on other servers (LTI) are left out (A tool)",
        ]
        page = text(draft, 0)
        assert "**boils**" in page and "![A pot on a fire](web_resources/pot.png)" in page and "| river | no |" in page
        assert f"[keep it well]({told.items[5].path})" in page and "look.css" not in draft.origins
        assert "> **Talk about this together.**\n\nWho cleans **our** well" in text(draft, 1)
        assert load(text(draft, 2).encode()).questions[0].prompt == "How long must water boil?"
        assert "https://example.org/kenya" in text(draft, 4)


def test_the_next_edition_takes_the_place_of_the_last(tmp_path: Path) -> None:
    """Known by its identifier and title; what stays keeps its names, so that records go on."""
    shelf = Shelf(tmp_path / "shelf")
    first = install(shelf, courses.cartridge(tmp_path / "a.imscc"), in_part=True)
    new = ITEM.format("new", "store", "Keep it well", "") + courses.ITEMS
    second = install(shelf, courses.cartridge(tmp_path / "b.imscc", items=new, wiki__store__html="x"), in_part=True)
    assert (first.id, len(shelf.list())) == (second.id, 1)
    names = {item.title: item.id for item in second.items}
    assert {item.title: item.id for item in first.items}.items() <= names.items()


def test_canvas_addresses_lead_where_they_led(tmp_path: Path) -> None:
    """To pages by their names, to other pieces by theirs, and to files of the course."""
    page = (
        '<p><a href="$WIKI_REFERENCE$/pages/store">store</a> <a href="$CANVAS_OBJECT_REFERENCE$/quizzes/quiz">quiz</a>'
        '<a href="$CANVAS_COURSE_REFERENCE$/modules">all</a> <a href="$IMS-CC-FILEBASE$/deep/a%20b.pdf?x=1">pdf</a></p>'
    )
    told = courses.RESOURCES.replace("wiki/store", "wiki_content/store")
    more = {
        "wiki__boil.html": page,
        "wiki_content__store.html": courses.STORE,
        "web_resources__deep__a b.pdf": b"%PDF-",
    }
    with closing(read(courses.cartridge(tmp_path / "a.imscc", resources=told, **more))) as draft:
        named = {item.title: item.path for item in draft.manifest.items}
        assert text(draft, 0) == (
            f"# Boil it\n\n[store]({named['Keep it well']}) [quiz]({named['Try it']})[all]() "
            "[pdf](web_resources/deep/a%20b.pdf)\n"
        )


ONE: dict[str, tuple[tuple[str, str, str | bytes], list[Told], list[str]]] = {
    "lively": (
        ("webcontent", "a/x.html", "<button onclick=x()>x</button><img src='p.png'>"),
        [("", "html5", "One")],
        [],
    ),
    "picture": (("webcontent", "a.png", photos.drawing(9, 9, kind="PNG")), [("", "lesson", "One")], []),
    "pdf": (("webcontent", "a.pdf", b"%PDF-"), [("", "pdf", "One")], []),
    "sound": (("webcontent", "a.mp3", b"ID3"), [("", "audio", "One")], []),
    "office": (("webcontent", "a.docx", b"PK"), [], ["files that no browser opens are left out (One)"]),
    "own": (
        ("associatedcontent/imscc_xmlv1p1/learning-application-resource", "x.xml", "<x/>"),
        [],
        ["what only the program it comes from can open is left out (One)"],
    ),
    "work of Canvas": (
        ("associatedcontent/imscc_xmlv1p1/learning-application-resource", "x.html", "<p>Draw.</p>"),
        [("", "lesson", "One")],
        ["work to hand in becomes pages to read (One)"],
    ),
    "work": (
        ("assignment_xmlv1p0", "x.xml", WORK),
        [("", "lesson", "One")],
        ["work to hand in becomes pages to read (One)", "what was hidden or only for teachers is left out (One)"],
    ),
    "book": (
        ("idpf_epub_v3p0", "x.epub", b"PK"),
        [],
        ["what only the program it comes from can open is left out (One)"],
    ),
    "bank": (
        ("imsqti_xmlv1p2/imscc_xmlv1p1/question-bank", "q.xml", courses.QUIZ.replace("assessment", "objectbank")),
        [("", "quiz", "One")],
        [],
    ),
    "broken quiz": (
        ("imsqti_xmlv1p2/imscc_xmlv1p1/assessment", "q.xml", "<questestinterop>"),
        [],
        ["pieces that cannot be read are left out (One)"],
    ),
    "remote": (
        (
            "webcontent",
            "x.html",
            "<p>x</p><img src='https://x.org/a.png' alt='A map'><iframe src='//x.org/film'></iframe>",
        ),
        [("", "lesson", "One")],
        ["pictures, films and pages that lie on the internet are shown as addresses (One)"],
    ),
    "missing": (
        ("webcontent", "x.html", "<p>x</p><img src='gone.png'> <a href='../../gone.html'>gone</a> \\(a^2\\)"),
        [("", "lesson", "One")],
        [
            "pictures and links are left out whose file is not in the course (One)",
            "formulas are shown as they were typed (One)",
        ],
    ),
}


@pytest.mark.parametrize("name", ONE)
def test_each_kind_becomes_something_or_is_said(tmp_path: Path, name: str) -> None:
    """Nothing goes in silence; a course of which nothing stays is refused."""
    (kind, path, data), found, said = ONE[name]
    source = courses.one(tmp_path / "x.imscc", kind, path, data, **{"a__p.png": photos.drawing(9, 9, kind="PNG")})
    if not found:
        with pytest.raises(ContentError, match="holds nothing that this library can open; in brackets") as refused:
            describe(source)
        assert said[0] in str(refused.value)
        return
    with closing(read(source)) as draft:
        assert (items(draft), left_out(draft)) == (found, said)


def test_a_page_that_does_something_comes_with_all_it_needs(tmp_path: Path) -> None:
    """As it came but for addresses that only its program knows, and in UTF-8."""
    html = "<meta charset='iso-8859-1'><p>é</p><script src='a.js'></script><img src='$IMS-CC-FILEBASE$/p.png?x=1'>"
    more = {"a__a.js": "1", "web_resources__p.png": photos.drawing(9, 9, kind="PNG"), "notes.docx": b"x"}
    with closing(
        read(courses.one(tmp_path / "x.imscc", "webcontent", "a/x.html", html.encode("latin-1"), **more))
    ) as draft:
        assert {"a/x.html", "a/a.js", "web_resources/p.png"} == draft.origins.keys()
        assert "<p>é</p>" in text(draft, 0) and "src='../web_resources/p.png'" in text(draft, 0)


def test_what_is_for_teachers_stays_with_them(tmp_path: Path) -> None:
    """By role or by use, at an item with all below it, or at a resource."""
    tree = (
        ITEM.format("a", "a", "Plan", ITEM.format("b", "b", "Answers", "") + ROLE.format("Instructor"))
        + ITEM.format("c", "c", "Use", "")
        + ITEM.format("d", "d", "Role", "")
        + ITEM.format("e", "e", "For all", ROLE.format("Learner"))
    )
    told = "".join(RESOURCE.format(name, "webcontent", f"{name}.html", "", "") for name in "abe")
    told += RESOURCE.format("c", "webcontent", "c.html", ' intendeduse="lessonplan"', "")
    told += RESOURCE.format("d", "webcontent", "d.html", "", ROLE.format("Mentor"))
    pages = {f"{name}.html": f"<p>{name}</p>" for name in "abcde"}
    with closing(read(courses.cartridge(tmp_path / "x.imscc", items=tree, resources=told, **pages))) as draft:
        assert items(draft) == [("", "lesson", "For all")]
        assert left_out(draft) == ["what was hidden or only for teachers is left out (Plan, Use, Role)"]


def test_goals_and_lonely_things_are_said(tmp_path: Path) -> None:
    """Goals of a curriculum, headings of nothing, files to which nothing leads, resources that are not there."""
    tree = (
        ITEM.format("a", "page", "Boil it", "")
        + ITEM.format("g", "gone", "Gone", "")
        + "<item><title>Later</title></item>"
    )
    told = courses.RESOURCES.replace('href="wiki/boil.html">', f'href="wiki/boil.html">{GOALS}', 1)
    told += RESOURCE.format("doc", "webcontent", "web_resources/list.xlsx", "", "")
    with closing(read(courses.cartridge(tmp_path / "x.imscc", items=tree, resources=told))) as draft:
        assert left_out(draft)[:3] == [
            "goals of a curriculum are left out (Boil it)",
            "pictures and links are left out whose file is not in the course (Gone)",
            "headings with nothing below them are left out (Later)",
        ]
        assert left_out(draft)[-1] == "files to which nothing leads are left out (list)"
        assert [item.title for item in draft.manifest.items] == [
            "Boil it",
            "Keep it well",
            "film",
            "Our well",
            "Water in Kenya",
            "Try it",
        ]


def test_a_thin_cartridge_is_links_and_tools(tmp_path: Path) -> None:
    """Neighbouring addresses share one page."""
    tree = (
        ITEM.format("a", "link", "Kenya", "")
        + ITEM.format("b", "two", "Mali", "")
        + ITEM.format("c", "tool", "Tool", "")
    )
    told = "".join(RESOURCE.format(name, "imswl_xmlv1p3", f"{name}.xml", "", "") for name in ("link", "two"))
    told += RESOURCE.format("tool", "imsbasiclti_xmlv1p3", "tool.xml", "", "")
    link = courses.LINK.format(cc="ccv1p3", v="v1p3")
    named = {"items": tree, "resources": told, "schema": "IMS Thin Common Cartridge"}
    source = courses.cartridge(tmp_path / "x.imscc", "1.3.0", **named, **{"two.xml": link.replace("kenya", "mali")})
    with closing(read(source)) as draft:
        assert items(draft) == [("", "lesson", "On the internet")]
        assert text(draft, 0).splitlines()[2:] == [
            f"* {each}: `https://example.org/{each.lower()}`" for each in ("Kenya", "Mali")
        ]


def test_a_folder_is_a_cartridge_too_and_scorm_is_none(tmp_path: Path) -> None:
    """Recognised by the namespace or the schema that the manifest names, never by the manifest alone."""
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "imsmanifest.xml").write_text(courses.manifest())
    scorm = '<manifest xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"><schema>ADL SCORM</schema></manifest>'
    other = packages.zipped(tmp_path / "s.zip", {"imsmanifest.xml": scorm, "index.html": "x"})
    assert cartridge.recognise(tmp_path / "x") and not cartridge.recognise(other)
    assert not cartridge.recognise(packages.page_zip(tmp_path / "p.zip"))


REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "entities": (
        lambda place: packages.zipped(place, {"imsmanifest.xml": XXE}),
        "x.imscc is damaged: its XML cannot be read",
    ),
    "cut": (
        lambda place: packages.zipped(place, {"imsmanifest.xml": courses.manifest()[:900]}),
        "its XML cannot be read",
    ),
    "deep": (lambda place: courses.cartridge(place, items=DEEP), "the depth of its XML is 33 or more"),
    "locked": (
        lambda place: packages.zipped(
            place,
            {
                "imsmanifest.xml": courses.manifest().replace(
                    "<resources>", '<a:authorizations xmlns:a="a" import="true"/><resources>'
                )
            },
        ),
        "locked with a password or copy protection",
    ),
    "empty": (
        lambda place: courses.cartridge(place, items="", resources=""),
        "holds nothing that this library can open",
    ),
    "climbing": (
        lambda place: courses.one(place, "webcontent", "x.html", "x", **{"../../x": b"x"}),
        "leads out of the package",
    ),
    "large": (
        lambda place: packages.zipped(
            place, {"imsmanifest.xml": courses.manifest(items="<item><title>x</title></item>" * 100_001)}, packed=False
        ),
        "its number of XML elements is 200001 or more",
    ),
    "many": (
        lambda place: courses.cartridge(place, items=ITEM.format("i", "film", "x", "") * 2_001),
        "its number of pieces is 2001 or more",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_or_hostile_cartridge_is_refused(tmp_path: Path, name: str) -> None:
    """With the sentence that says why, and nothing stays open or on the shelf."""
    make, why = REFUSED[name]
    shelf = Shelf(tmp_path / "shelf")
    with pytest.raises(ContentError, match=why):
        install(shelf, make(tmp_path / "x.imscc"), in_part=True)
    assert shelf.list() == []


def test_paths_of_the_manifest_do_not_climb(tmp_path: Path) -> None:
    """A resource, a picture and an attachment outside of the cartridge are not there."""
    html = "<p>x</p><img src='../../../../etc/passwd'><img src='/etc/passwd'><a href='file:///etc/passwd'>p</a>"
    told = RESOURCE.format("a", "webcontent", "../../etc/passwd", "", "") + RESOURCE.format(
        "b", "webcontent", "b.html", "", ""
    )
    tree = ITEM.format("a", "a", "Out", "") + ITEM.format("b", "b", "In", "")
    with closing(
        read(courses.cartridge(tmp_path / "x.imscc", items=tree, resources=told, **{"b.html": html}))
    ) as draft:
        assert left_out(draft) == ["pictures and links are left out whose file is not in the course (Out, In)"]
        assert "passwd" not in text(draft, 0)
