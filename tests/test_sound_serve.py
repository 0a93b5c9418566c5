"""Sounds over HTTP, the marks of a page that lead to them, and the sentences of pages that are noted."""

import re
from pathlib import Path

import pytest

from content.spoken import key
from hub import library
from hub.node import Node
from hub.people import roster
from hub.sound import asked, files
from tests.fixtures import engines, packages, sounds
from tests.fixtures.cast import OUTSIDER, ROLES, Cast

pytestmark = pytest.mark.sqlite(engines.SHELF)

LID = key("A lid keeps leaves out.", "en")


@pytest.fixture
def well(node: Node, tmp_path: Path) -> Node:
    """A hub whose lesson has a voice for one sentence."""
    library.add(node, source=packages.well(tmp_path / "well"))
    give_voice(node, "A lid keeps leaves out.", "en")
    return node


def give_voice(node: Node, text: str, language: str) -> None:
    """A rendered voice for a sentence."""
    path = files.voice_path(node, key(text, language))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(sounds.mp3())


@pytest.mark.parametrize("role", ROLES)
def test_everybody_hears_a_voice(well: Node, cast: Cast, role: str) -> None:  # noqa: ARG001 - it has the voice
    """Also who is not signed in: the sign-in itself is spoken. Kept for good, in parts when asked."""
    client = cast.client(role)
    whole = client.get(f"/sound/1/{LID}.mp3")
    assert (whole.status_code, whole.mimetype, whole.data) == (200, "audio/mpeg", sounds.mp3())
    assert "immutable" in whole.headers["Cache-Control"]
    part = client.get(f"/sound/1/{LID}.mp3", headers={"Range": "bytes=4-9"})
    assert (part.status_code, part.data) == (206, sounds.mp3()[4:10])


@pytest.mark.parametrize(
    "address",
    [f"2/{LID}.mp3", f"1/{'0' * 24}.mp3", "1/..%2f..%2fmangrove.mp3", "kept/x.mp3", f"kept/{'0' * 64}.mp3", "hear/"],
)
def test_nothing_else_is_served(well: Node, cast: Cast, address: str) -> None:  # noqa: ARG001
    """Another version, another key, a way out of the folder, a recording that is not there."""
    assert cast.client("learner").get(f"/sound/{address}").status_code == 404


def test_a_text_leads_to_its_sound(well: Node, cast: Cast) -> None:
    """Without script the speaker is a link to the file, or to a page with all sounds of the text in order."""
    client = cast.client("learner")
    page = client.get("/learn/well.en/read/").text
    assert f'data-say="19:1/{LID}.mp3">A lid keeps leaves out.</span><a class="ear" href="/sound/1/{LID}.mp3"' in page
    title = key("A clean well", "en")
    assert (
        f'<h1><span data-say="10:1/{title}.mp3">A clean well</span><a class="ear" href="/sound/1/{title}.mp3">' in page
    )
    give_voice(well, "Welcome!", "en")
    several = client.get(f"/sound/hear/?of=1/{LID}.mp3&of=1/{key('Welcome!', 'en')}.mp3&of=../x")
    assert re.findall(r'<audio controls preload="none" src="([^"]+)"', several.text) == [
        f"/sound/1/{LID}.mp3",
        f"/sound/1/{key('Welcome!', 'en')}.mp3",
    ]


def test_a_page_s_own_sentences_are_noted(cast: Cast, node: Node) -> None:
    """Once, in the language they were looked at; words of the shelf are not, they are spoken anyway."""
    client = cast.client("learner")
    client.get("/learn/")
    found = asked.noted(node)
    assert "My garden" in {each.text for each in found}
    assert {each.language for each in found} == {"en"}
    client.get("/learn/")
    assert asked.noted(node) == found


def test_a_person_s_name_is_never_noted(cast: Cast, node: Node) -> None:
    """Neither in a greeting nor anywhere else, whole or in part, of whoever lives or lived here."""
    client = cast.client("learner")
    assert "Hello, Amina" in client.get("/").text.replace("</bdi>", "")
    gone = roster.add_person(node, name="Baba Musa", picture="sun", roles=("learner",))
    roster.set_active(node, person=gone.id, is_active=False)
    assert asked.note(node, [("en", "Ask Musa."), ("en", "MUSA, come!"), ("en", "Ask Mr. Otieno")]) == 0
    assert asked.note(node, [("en", "Ask somebody.")]) == 1
    words = " ".join(each.text for each in asked.noted(node))
    assert not [each for each in roster.people(node) if each.name in words]


def test_noted_sentences_are_bounded(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those go that were asked for longest ago; one that is too long is none."""
    monkeypatch.setattr(asked, "KEPT_MAX", 3)
    for number in range(5):
        node.clock.machine.advance(1)  # type: ignore[attr-defined]
        asked.note(node, [("en", f"Number {number} is here")])
    assert [each.text for each in asked.noted(node)] == [f"Number {number} is here" for number in (4, 3, 2)]
    assert asked.note(node, [("en", "long " * 200)]) == 0


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        ("http://localhost/learn/well.en/read/?page=2", "/learn/well.en/read/?page=2"),
        ("http://elsewhere/learn/", "/"),
        ("http://localhost//elsewhere/", "/"),
        ("http://[", "/"),
        ("", "/"),
    ],
)
def test_the_page_of_sounds_leads_back(well: Node, cast: Cast, came_from: str, back: str) -> None:  # noqa: ARG001
    """To the page whose speaker was pressed, and nowhere else."""
    shown = cast.client(OUTSIDER).get(f"/sound/hear/?of=1/{LID}.mp3", headers={"Referer": came_from}).text
    assert f'<a class="back" href="{back}">' in shown
