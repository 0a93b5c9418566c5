"""Whoever keeps the shelf says otherwise what a work is about; it is said so everywhere, and its files stay."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from content.errors import ManifestWrong
from content.package import dump, parse
from hub import library, worn
from hub.errors import InputWrong
from hub.node import Node
from tests.fixtures import packages
from tests.fixtures.cast import OUTSIDER, ROLES, Cast

KEEPERS = ("librarian", "steward")
WELL, PAGE = "well.en", "/library/well.en/describe/"


@pytest.fixture
def digest(node: Node, cast: Cast, tmp_path: Path) -> str:
    """A package on the shelf, by the digest that it was delivered with."""
    library.add(node, source=packages.folder(tmp_path / "well"))
    return library.package(node, WELL).digest


def test_others_get_nothing(cast: Cast, node: Node, digest: str) -> None:
    """A guest is led to sign in; everybody's forms are refused, and nothing changed."""
    for role in (each for each in ROLES if each not in KEEPERS):
        browser = cast.client(role)
        for address in (PAGE, "/library/describe/"):
            assert browser.get(address).status_code == (303 if role == OUTSIDER else 403)
        for address in (PAGE, f"{PAGE}publisher/", f"{PAGE}seen/", "/library/describe/"):
            assert browser.post(address, data={"title": "Mine", "package": WELL, "whom": "only"}).status_code == 403
    assert library.package(node, WELL) == library.delivered(node, WELL)


@pytest.mark.parametrize("role", KEEPERS)
def test_said_otherwise_everywhere_at_once(cast: Cast, node: Node, digest: str, role: str) -> None:
    """Page, list, search, facets, OPDS, JSON-LD and the packed file; the digest and what other hubs hear stay."""
    browser, guest = cast.client(role), cast.client(OUTSIDER)
    form = {"title": "The clean spring", "level": "advanced", "language": "sw", "sdg": "3, 6.2", "sound": "needed"}
    form |= {"keywords": "Bucket, rope,rope", "audience": "adult", "licence": "CC0-1.0", "author": "Ada & Obi"}
    assert browser.post(PAGE, data=form).status_code == 303
    page = guest.get(f"/library/{WELL}/").text
    assert "The clean spring" in page
    (told,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    terms = json.loads(told)
    assert (terms["inLanguage"], terms["educationalLevel"], terms["keywords"]) == ("sw", "advanced", ["Bucket", "rope"])
    assert terms["author"]["name"] == "Ada & Obi"
    assert "accessModeSufficient" not in terms
    for found in ("/library/?q=spring", "/library/?q=bucket", "/library/?level=advanced&goal=3&language=sw"):
        assert WELL in guest.get(found).text, found
    assert WELL not in guest.get("/library/?level=beginner").text
    feed = guest.get("/opds/publications/").get_json()
    assert feed["publications"][0]["metadata"]["title"] == "The clean spring"
    with zipfile.ZipFile(io.BytesIO(guest.get(f"/library/{WELL}/download/").data)) as archive:
        packed = parse(next(archive.read(name) for name in archive.namelist() if name.endswith(".json")))
    assert (packed.title, packed.keywords) == ("The clean spring", ("Bucket", "rope"))
    manifest = library.package(node, WELL)
    assert manifest.digest == digest == library.told_digest(node, WELL)
    assert node.tables.HubPackage.get().title == "Keep the well clean"
    assert library.mend(node) == []


def test_how_long_what_for_and_what_one_can_do(cast: Cast, node: Node, digest: str, tmp_path: Path) -> None:
    """Page, choices, e-readers and machines say it; an update keeps it, and one tap takes it back."""
    library.add(node, source=packages.well(tmp_path / "tank", work="tank", **{"a well clean": "a tank clean"}))
    browser, guest = cast.client("librarian"), cast.client(OUTSIDER)
    form = {"minutes": "٤٥", "use": "story", "role": "parent", "of-shown": "yes", "of": "tank/clean"}
    assert browser.post(PAGE, data=form).status_code == 303
    library.add(node, source=packages.folder(tmp_path / "two", version=2))
    page = guest.get(f"/library/{WELL}/").text
    (told,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    terms = json.loads(told)
    assert (terms["timeRequired"], terms["learningResourceType"][0]) == ("PT45M", "story")
    assert terms["audience"] == [{"@type": "EducationalAudience", "educationalRole": "parent"}]
    assert [each["name"] for each in terms["teaches"]] == ["I can keep a well clean.", "I can keep a tank clean."]
    assert ("I can keep a tank clean." in page, "45 min" in page) == (True, True)
    for narrowed in ("time=more", "use=story", "competency=tank%2Fclean&use=story"):
        assert f"/library/{WELL}/" in guest.get(f"/library/?{narrowed}").text, narrowed
        assert WELL in guest.get(f"/library/?q=well&{narrowed}").text, narrowed
    assert "/library/tank.en/" not in guest.get("/library/?use=story").text
    metadata = guest.get(f"/opds/publications/{WELL}/").get_json()["metadata"]
    assert metadata["duration"] == 45 * 60
    assert [each["name"] for each in metadata["subject"] if isinstance(each, dict)] == [
        *("I can keep a well clean.", "I can keep a tank clean.", "story")
    ]
    assert 'label="I can keep a tank clean."' in guest.get("/opds/1.2/publications/").text
    library.remove(node, "tank.en")
    assert "tank" not in guest.get(f"/library/{WELL}/").text.partition("<main")[2]
    assert list(worn.mended(node, WELL)) == ["abilities", "minutes", "use", "role"]
    for field in ("minutes", "use", "role", "abilities"):
        assert browser.post(f"{PAGE}publisher/", data={"field": field}).status_code == 303
    assert library.package(node, WELL) == library.delivered(node, WELL)


def test_a_publisher_says_it_too(node: Node, tmp_path: Path) -> None:
    """In package.toml; what is no word of the list is refused."""
    more = '\nminutes = 90\nuse = "project"\nrole = "teacher"\nabilities = ["tank/clean"]\nlevel ='
    text = packages.DESCRIPTION.format(version=1).replace("\nlevel =", more)
    library.add(node, source=packages.folder(tmp_path / "well", package__toml=text))
    found = library.package(node, WELL)
    assert (found.minutes_told, found.use, found.role, found.abilities) == (90, "project", "teacher", ("tank/clean",))
    assert parse(dump(found)) == found
    for wrong in (text.replace('"project"', '"nap"'), text.replace("tank/clean", "tank"), text.replace("90", "9000")):
        with pytest.raises(ManifestWrong):
            library.add(node, source=packages.folder(tmp_path / "well", package__toml=wrong))


def test_an_update_keeps_it_and_says_what_moved(cast: Cast, node: Node, digest: str, tmp_path: Path) -> None:
    """The publisher's new words stand beside ours, and one tap takes ours back."""
    browser = cast.client("librarian")
    browser.post(PAGE, data={"title": "Our well", "level": "middle"})
    assert "new since you changed it" not in browser.get(PAGE).text
    text = packages.DESCRIPTION.format(version=2).replace("Keep the well clean", "Wells of today")
    library.add(node, source=packages.folder(tmp_path / "two", package__toml=text))
    page = browser.get(PAGE).text
    assert ("Wells of today" in page, page.count("new since you changed it")) == (True, 1)
    assert library.package(node, WELL).title == "Our well"
    assert browser.post(f"{PAGE}publisher/", data={"field": "title"}).status_code == 303
    assert (library.package(node, WELL).title, library.package(node, WELL).level) == ("Wells of today", "middle")
    assert list(worn.mended(node, WELL)) == ["level"]


def test_what_does_not_fit_is_refused(cast: Cast, node: Node, digest: str) -> None:
    """With a sentence, and nothing is changed."""
    browser = cast.client("librarian")
    wrong = {"title": "", "language": "the one", "level": "hard", "sdg": "18", "keywords": "x" * 41, "audience": "cats"}
    wrong |= {"minutes": "6001", "use": "nap", "role": "cat"}
    for field, value in wrong.items():
        answer = browser.post(PAGE, data={"summary": "Good", field: value})
        assert (answer.status_code, "Nothing was changed" in answer.text) == (400, True), field
    assert browser.post(f"{PAGE}publisher/", data={"field": "id"}).status_code == 400
    assert browser.post(f"{PAGE}seen/", data={"whom": "99"}).status_code == 400
    assert library.package(node, WELL) == library.delivered(node, WELL)
    with pytest.raises(InputWrong):
        worn.say(node, ["a"] * (worn.AT_ONCE_MAX + 1), {})


def test_what_nobody_touched_stays_the_publishers(cast: Cast, node: Node, tmp_path: Path) -> None:
    """Readers that are in no list of ours, lines as browsers send them: saving the form as it is changes nothing."""
    text = packages.DESCRIPTION.format(version=1).replace("One lesson and one", "One lesson.\\nOne")
    text = text.replace('level = "beginner"', 'level = "beginner"\naudience = ["teacher"]')
    library.add(node, source=packages.folder(tmp_path / "well", package__toml=text))
    browser, found = cast.client("librarian"), library.delivered(node, WELL)
    assert '<option value="teacher" selected>' in browser.get(PAGE).text
    form = {"summary": found.summary.replace("\n", "\r\n"), "audience": "teacher", "title": found.title}
    assert browser.post(PAGE, data=form).status_code == 303
    assert browser.post(PAGE, data=form | {"title": "Ours"}).status_code == 303
    assert list(worn.mended(node, WELL)) == ["title"]


def test_several_at_once(cast: Cast, node: Node, digest: str, tmp_path: Path) -> None:
    """What is left as it is stays; the names that are typed narrow the list."""
    library.add(node, source=packages.well(tmp_path / "tank", work="tank", **{"Keep the well clean": "The tank"}))
    browser = cast.client("librarian")
    assert [name in browser.get("/library/describe/?q=TANK").text for name in ("tank.en", WELL)] == [True, False]
    both = {"package": [WELL, "tank.en"], "level": "advanced", "language": "=", "sdg": "", "whom": "only"}
    both |= {"minutes": "20", "use": "game", "role": "=", "abilities": "well/clean"}
    assert browser.post("/library/describe/", data=both).status_code == 303
    found = [library.package(node, each) for each in both["package"]]
    assert [(each.level, each.language, each.sdg) for each in found] == [("advanced", "en", ("6.1",))] * 2
    assert [(each.minutes, each.use, each.abilities) for each in found] == [(20, "game", ("well/clean",))] * 2
    assert all(item.facilitators_only for each in found for item in each.items)
    answer = browser.post("/library/describe/", data={"level": "advanced"})
    assert (answer.status_code, "Choose 1 to 200 packages" in answer.text) == (400, True)
