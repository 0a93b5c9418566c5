"""What a package's page says to machines: a data block of schema.org's terms, which nothing can break out of."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext

from hub import library
from hub.app import create_app
from hub.node import Node
from tests.fixtures import engines, packages
from tests.fixtures.cast import Cast
from tests.fixtures.web import Served

pytestmark = pytest.mark.sqlite(engines.SHELF)

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
SUMMARY = '"One lesson and one quiz about a well."'
BARE = {
    f"summary = {SUMMARY}\n": "",
    'licence = "CC-BY-SA-4.0"\n': "",
    'author = "Neema"\n': "",
    'level = "beginner"\n': "",
    'cover = "well.svg"\n': "",
    'sdg = ["6.1"]\n': "",
    "minutes = 5\n": "",
    'competencies = ["clean"]\n': "",
    '[[competency]]\nid = "clean"\nstatement = "I can keep a well clean."\n': "",
}
"""Whatever a package need not tell, taken out."""


@pytest.fixture
def reader(cast: Cast) -> FlaskClient:
    """Somebody who looks around without having signed in."""
    return cast.client("outsider")


def described(reader: FlaskClient, package: str) -> dict[str, Any]:
    """The one data block of a package's page, in its head."""
    html = reader.get(f"/library/{package}/").get_data(as_text=True)
    (block,) = BLOCK.findall(html.partition("</head>")[0])
    assert len(BLOCK.findall(html)) == 1
    found: dict[str, Any] = json.loads(block)
    return found


def test_a_page_says_all_there_is_to_know(reader: FlaskClient, node: Node, tmp_path: Path) -> None:
    """In the terms of LearningResource; each address answers as it says."""
    library.add(
        node,
        source=packages.well(tmp_path / "well", **{'level = "beginner"': 'level = "beginner"\naudience = ["child"]'}),
    )
    found = described(reader, "well.en")
    image, encoding = found.pop("image"), found.pop("encoding")
    assert found == {
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "@id": "urn:mangrove:package:well.en",
        "name": "Keep the well clean",
        "description": "One lesson and one quiz about a well.",
        "url": "http://localhost/library/well.en/",
        "inLanguage": "en",
        "license": "https://creativecommons.org/licenses/by-sa/4.0/",
        "author": {"name": "Neema"},
        "version": 1,
        "isAccessibleForFree": True,
        "accessModeSufficient": "visual",
        "educationalLevel": "beginner",
        "audience": [{"@type": "Audience", "audienceType": "child"}],
        "learningResourceType": ["lesson", "quiz"],
        "timeRequired": "PT5M",
        "teaches": [
            {"@type": "DefinedTerm", "@id": "urn:mangrove:competency:well/clean", "name": "I can keep a well clean."}
        ],
        "about": [
            {
                "@type": "DefinedTerm",
                "@id": "http://metadata.un.org/sdg/6.1",
                "termCode": "6.1",
                "name": "SDG 6.1",
            }
        ],
    }
    assert reader.get(image.removeprefix("http://localhost")).content_type.startswith("image/svg")
    taken = reader.get(encoding["contentUrl"].removeprefix("http://localhost"))
    assert (encoding["@type"], encoding["encodingFormat"]) == ("MediaObject", taken.content_type)
    assert re.fullmatch(r"[1-9]\d* kB", encoding["contentSize"])


def test_what_is_not_told_is_left_out(reader: FlaskClient, node: Node, tmp_path: Path) -> None:
    """No term stands there empty."""
    library.add(node, source=packages.well(tmp_path / "well", **BARE))
    found = described(reader, "well.en")
    always = {
        "@context",
        "@type",
        "@id",
        "name",
        "url",
        "inLanguage",
        "version",
        "isAccessibleForFree",
        "accessModeSufficient",
    }
    assert set(found) == always | {"learningResourceType", "encoding"}


def test_a_language_that_is_not_told_is_no_language(reader: FlaskClient, node: Node, tmp_path: Path) -> None:
    """The code for that stays inside the hub."""
    library.add(node, source=packages.well(tmp_path / "well", language="und"))
    assert "inLanguage" not in described(reader, "well.und")


@pytest.mark.parametrize(
    ("licence", "said"),
    [
        ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("cc-by-nc-nd-3.0", "https://creativecommons.org/licenses/by-nc-nd/3.0/"),
        ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("Ask us", {"@type": "CreativeWork", "name": "Ask us"}),
        ("CC-BY-4.0 and others", {"@type": "CreativeWork", "name": "CC-BY-4.0 and others"}),
        ("javascript:alert(1)", {"@type": "CreativeWork", "name": "javascript:alert(1)"}),
    ],
)
def test_a_licence_is_an_address_where_it_is_known(
    reader: FlaskClient, node: Node, tmp_path: Path, licence: str, said: object
) -> None:
    """Any other is a name, and never an address of its own making."""
    library.add(node, source=packages.well(tmp_path / "well", **{'"CC-BY-SA-4.0"': json.dumps(licence)}))
    assert described(reader, "well.en")["license"] == said


def test_a_film_is_what_it_is(reader: FlaskClient, node: Node, tmp_path: Path) -> None:
    """The file itself, not a packed one, and of its own type."""
    added = library.add(node, source=packages.mp4(tmp_path / "rain.mp4"))
    found = described(reader, added.package)
    assert found["encoding"]["encodingFormat"] == "video/mp4"
    assert found["learningResourceType"] == ["video"]


def test_what_is_too_large_to_pack_has_no_file(
    reader: FlaskClient, node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No address is told that would refuse."""
    library.add(node, source=packages.folder(tmp_path / "well"))
    monkeypatch.setattr("content.packed.PACKED_BYTES_MAX", 10)
    assert "encoding" not in described(reader, "well.en")


HOSTILE = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]> & \" ' \\ \\u003c/script>",
    "a\u2028b\u2029c\x00d\x01e",
    "مياه \u202bنظيفة\u202c 🐐",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_title_ends_the_block(reader: FlaskClient, node: Node, tmp_path: Path, text: str) -> None:
    """Of a package, its author, its summary, its licence or a competency: it comes back letter by letter."""
    said = json.dumps(text, ensure_ascii=False)
    names = ('"Keep the well clean"', '"Neema"', SUMMARY, '"CC-BY-SA-4.0"', '"I can keep a well clean."')
    library.add(node, source=packages.well(tmp_path / "well", **dict.fromkeys(names, said)))
    found = described(reader, "well.en")
    told = {found["name"], found["author"]["name"], found["description"], found["license"]["name"]}
    assert told | {found["teaches"][0]["name"]} == {text}
    html = reader.get("/library/well.en/").get_data(as_text=True)
    assert "<script>alert" not in html
    assert not re.search("[<>&]", BLOCK.findall(html)[0])


def test_only_who_may_see_the_page_sees_it(make_node: Callable[..., Node], tmp_path: Path) -> None:
    """Where guests are not received an outsider gets no word of it; other pages have no block."""
    node = make_node("closed", guests=False)
    cast = Cast(node, create_app(node))
    library.add(node, source=packages.folder(tmp_path / "well"))
    answer = cast.client("outsider").get("/library/well.en/")
    assert answer.status_code == 303 and b"ld+json" not in answer.data
    assert described(cast.client("learner"), "well.en")["name"] == "Keep the well clean"
    for address in ("/library/", "/library/nobody/"):
        assert b"ld+json" not in cast.client("learner").get(address).data


@pytest.mark.browser
def test_a_browser_neither_blocks_nor_runs_it(
    cast: Cast, node: Node, tmp_path: Path, served: Served, phone: Callable[..., BrowserContext]
) -> None:
    """The page's policy has nothing against a block of data, and it lies there as it was written."""
    title = json.dumps("</script><script>document.title='ran'</script>")
    library.add(node, source=packages.well(tmp_path / "well", **{'"Keep the well clean"': title}))
    page, said = phone().new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda mistake: said.append(str(mistake)))
    answer = page.goto(f"{served.url}/library/well.en/")
    assert answer is not None and answer.headers["content-security-policy"].startswith("default-src 'self';")
    block = page.locator('script[type="application/ld+json"]')
    found = json.loads(block.text_content() or "")
    assert found["name"] == json.loads(title)
    assert found["url"] == f"{served.url}/library/well.en/"
    assert page.title() != "ran"
    assert said == []
