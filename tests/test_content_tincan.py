"""xAPI packages: what becomes of them, how they are started, and what is refused."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.errors import ContentError
from content.formats import cmi5_course, describe
from content.install import install
from content.package import Item
from content.shelf import Shelf
from hub import library
from hub.app import create_content_app
from hub.node import Node
from hub.vocabulary import VERBS, activity
from tests.fixtures import tincan
from tests.fixtures.cast import Cast

TWO = tincan.WHOLE.replace("</activity></activities>", "<launch>{}</launch></activity></activities>")


def test_each_activity_with_a_page_becomes_an_item(tmp_path: Path) -> None:
    """Named and told in its own language; what has no page is a part of another."""
    draft = describe(tincan.package(tmp_path / "a.zip"))
    draft.close()
    found = draft.manifest
    assert (found.title, found.language, found.summary) == ("Golf", "en-US", "How to play.")
    assert found.items == (Item("golf", "tincan", "Golf", "index.html"),)
    draft = describe(tincan.package(tmp_path / "b.zip", TWO.format("https://example.org/")))
    draft.close()
    assert [str(each) for each in draft.left_out] == [f"{cmi5_course.AWAY} (2)"]


def test_it_is_started_with_what_authoring_tools_read(cast: Cast, node: Node, tmp_path: Path) -> None:
    """Behind the words of its own; what it says by them is its learner's progress, and a guest's goes nowhere."""
    manifest = library.package(node, library.add(node, source=tincan.package(tmp_path / "a.zip")).package)
    client = cast.client("learner")
    page = client.get(f"/learn/{manifest.id}/golf/").text
    address = page.split('src="http://localhost:8081')[1].split('"')[0].replace("&amp;", "&")
    policy = create_content_app(node).test_client().get(address).headers["Content-Security-Policy"]
    assert "sandbox allow-scripts" in policy
    assert "frame-ancestors" not in policy
    told = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert told.keys() == {"hole", "endpoint", "auth", "actor", "activity_id", "registration"}
    said = {
        "actor": json.loads(told["actor"]),
        "verb": {"id": VERBS["passed"]},
        "object": {"id": told["activity_id"]},
        "result": {"score": {"scaled": 0.75}, "success": True, "completion": True},
        "context": {"registration": told["registration"]},
    }
    headers = {"X-Experience-API-Version": "1.0.3", "Authorization": told["auth"]}
    assert client.post("/xapi/statements", json=said, headers=headers).status_code == 200
    other = {**said, "object": {"id": activity(manifest.id, "other")}}
    assert client.post("/xapi/statements", json=other, headers=headers).status_code == 403
    row = node.tables.Progress.get(node.tables.Progress.person == cast.person("learner").id)
    assert (row.item, row.state, row.score) == ("golf", 3, 750)
    assert "auth=" not in cast.client("outsider").get(f"/learn/{manifest.id}/golf/").text


HOSTILE: dict[str, tuple[str, str]] = {
    "no XML": ("<tincan", "its XML cannot be read"),
    "an entity": ('<!DOCTYPE x [<!ENTITY a "b">]><tincan>&a;</tincan>', "its XML cannot be read"),
    "no activity": ("<tincan><activities/></tincan>", "it names no activity"),
    "no page": (tincan.WHOLE.replace("launch", "lunch"), "none of its parts"),
    "the internet alone": (tincan.WHOLE.replace("index.html", "https://example.org/"), "none of its parts"),
    "a way out": (TWO.format("../../x.html"), "leads out of the package"),
    "an address that is none": (TWO.format("http://[x/"), "leads nowhere"),
    "a file that is missing": (TWO.format("none.html"), "none.html, which is not in it"),
    "parts without end": (
        tincan.WHOLE.replace("</activities>", "<activity id='x'/>" * 1_000 + "</activities>"),
        "its number",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused(tmp_path: Path, case: str) -> None:
    """One sentence, and the shelf is as it was."""
    text, sentence = HOSTILE[case]
    shelf = Shelf(tmp_path / "shelf")
    with pytest.raises(ContentError, match="Nothing was added") as refused:
        install(shelf, tincan.package(tmp_path / "a.zip", text), in_part=True)
    assert sentence in str(refused.value)
    assert shelf.list() == []


PIECES = st.sampled_from(
    ["<activity id='a'>", "</activity>", "<launch>x.html", "</launch>", "<name>", "é", "&#0;", "<", "http://[x"]
)


@given(st.lists(PIECES, max_size=12))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_any_file_is_read_or_refused(tmp_path: Path, pieces: list[str]) -> None:
    """Whatever stands in it, there is a draft or a sentence."""
    text = tincan.WHOLE.replace("<activities>", "<activities>" + "".join(pieces))
    try:
        describe(tincan.package(tmp_path / "a.zip", text)).close()
    except ContentError as refused:
        assert "Nothing was added" in str(refused)
