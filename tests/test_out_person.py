"""Everything about one person in one file: all of it, nothing of anybody else, for those it concerns alone."""

import base64
import hashlib
import io
import json
import os
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from content import spoken
from hub import keys
from hub.node import Node
from hub.out import mine, parcel, records
from hub.sound import lines, recordings
from hub.vocabulary import VERBS, VOIDED, agent_key, person_actor
from hub.worker import Worker
from hub.writing import drafts
from hub.writing.parts import About
from hub.writing.undo import Hand
from hub.xapi import documents, places, store
from tests.fixtures import consents, sounds, tide
from tests.fixtures.cast import OUTSIDER, Cast
from tests.fixtures.clock import HandClock
from tests.fixtures.outside import learn

OTHERS = ("Fatou", "Kofi", "Mr. Otieno", "Lucía")
TOOL = {"objectType": "Agent", "account": {"homePage": "urn:mangrove:key", "name": "tool"}}


def _work(node: Node) -> None:
    worker = Worker(node)
    while worker.step():
        pass


def _fetch(node: Node, client: FlaskClient, person: str) -> zipfile.ZipFile:
    """Press, wait, fetch, as a browser does."""
    asked = client.post(f"/people/{person}/about/file/")
    assert asked.status_code == 303, asked.text
    assert "Refresh" in client.get(asked.location).headers
    _work(node)
    page = client.get(asked.location).text
    assert "everything.zip" in page
    answer = client.get(f"{asked.location}everything.zip", buffered=True)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    return zipfile.ZipFile(io.BytesIO(answer.data))


def _lines(archive: zipfile.ZipFile) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive.read("statements.jsonl").decode().splitlines()]


@pytest.fixture
def filled(node: Node, cast: Cast) -> Cast:
    """Amina learned, was seen in a group with Kofi, has a bookmark, a consent, a draft and a sentence spoken."""
    amina, kofi, leader = (cast.person(role).id for role in ("learner", "neighbour", "facilitator"))
    ids = learn(node, amina, first=1, count=3)
    learn(node, kofi, first=10, count=2)
    group = {"objectType": "Group", "name": "Kofi's group", "member": [person_actor(amina), person_actor(kofi)]}
    told = [
        tide.statement(20, actor=group, context={"instructor": {**person_actor(leader), "name": "Mr. Otieno"}}),
        tide.statement(
            21, actor=person_actor(leader), object={"objectType": "Agent", **person_actor(amina)}, context={}
        ),
        tide.statement(22, actor=person_actor(kofi), context={"team": group}),
        tide.statement(23, actor=person_actor(amina), verb={"id": VOIDED}, object=_ref(ids[0]), result={}, context={}),
    ]
    store.take(node, [json.dumps(each).encode() for each in told], authority=TOOL)
    words = {"activityId": "urn:x:book", "agent": json.dumps(person_actor(amina)), "stateId": "bookmark"}
    place = places.one(places.STATE, words)
    documents.put(node, place, body=b'{"page": 7}', content_type="application/json")
    drafts.begin(node, by=Hand(amina), about=About(title="My goats", language="en"))
    line = lines.Line(spoken.key("Water is life.", "en"), "en", "Water is life.", lines.NONE, "")
    recordings.keep(node, line=line, data=sounds.wav(), person=amina)
    consents.amina_says(node, cast, "yes")
    return cast


def _ref(statement: str) -> dict[str, str]:
    return {"objectType": "StatementRef", "id": statement}


def test_all_of_it_is_there(node: Node, filled: Cast) -> None:
    """Statements in every part, voided ones with a mark; register, consents, documents, lessons and voice."""
    amina = filled.person("learner").id
    archive = _fetch(node, filled.client("learner"), amina)
    found = {each["id"][-2:]: each for each in _lines(archive)}
    assert set(found) == {"01", "02", "03", "20", "21", "23"}
    assert [name for name, each in found.items() if each.get("voided")] == ["01"]
    me = json.loads(archive.read("me.json"))
    assert (me["person"]["name"], me["circles"][0]["name"], me["households"][0]["relation"]) == (
        *("Amina", "Number friends"),
        "child",
    )
    assert [(each["answer"], each["given_by"]) for each in me["consents"]] == [("given", "a guardian")]
    listed = json.loads(archive.read("documents.json"))
    assert json.loads(archive.read(listed[0]["file"])) == {"page": 7}
    assert [name for name in archive.namelist() if name.startswith("lessons/draft-")]
    voice = json.loads(archive.read("voice.json"))
    assert voice[0]["text"] == "Water is life." and archive.read(voice[0]["file"]) == sounds.wav()
    page = archive.read("index.html").decode()
    assert [word for word in ("Amina", "Number friends", "4 records of learning", "said yes") if word not in page] == []
    assert "<script" not in page and "http://" not in page.replace("http://www.w3.org", "")


def test_nobody_else_is_in_it(node: Node, filled: Cast) -> None:
    """No name and no id of another person, in no file of it."""
    archive = _fetch(node, filled.client("learner"), filled.person("learner").id)
    whole = "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    ids = [filled.person(role).id for role in ("guardian", "neighbour", "facilitator", "librarian")]
    assert [word for word in (*OTHERS, *ids) if word in whole] == []
    group = next(each for each in _lines(archive) if each["id"].endswith("20"))
    assert group["actor"] == {"objectType": "Group", "member": [person_actor(filled.person("learner").id)]}
    assert group["context"]["instructor"] == mine.SOMEBODY and group["authority"] == TOOL


def test_data_that_came_along_is_in_it(node: Node, cast: Cast) -> None:
    """A photo sent with a record lies beside it, once, under its hash."""
    amina, photo = cast.person("learner").id, b"\xff\xd8 a photo"
    sha2 = hashlib.sha256(photo).hexdigest()
    client = cast.client(OUTSIDER)
    about = {"usageType": "urn:x:photo", "display": {"en": "A photo"}, "contentType": "image/jpeg"}
    said = tide.statement(1, actor=person_actor(amina), attachments=[{**about, "length": len(photo), "sha2": sha2}])
    _send_with_data(node, client, said, photo, sha2)
    archive = _fetch(node, cast.client("learner"), amina)
    assert archive.read(f"attachments/{sha2}") == photo


def _send_with_data(node: Node, client: FlaskClient, said: dict[str, Any], data: bytes, sha2: str) -> None:
    key, secret = keys.add(node, name="Camera", scopes=("all",))
    proof = base64.b64encode(f"{key.id}:{secret}".encode()).decode()
    parts = (
        b"--cut\r\nContent-Type: application/json\r\n\r\n" + json.dumps(said).encode() + b"\r\n--cut\r\n"
        b"Content-Type: image/jpeg\r\nContent-Transfer-Encoding: binary\r\nX-Experience-API-Hash: "
        + sha2.encode()
        + b"\r\n\r\n"
        + data
        + b"\r\n--cut--\r\n"
    )
    answer = client.post(
        "/xapi/statements",
        data=parts,
        content_type="multipart/mixed; boundary=cut",
        headers={"Authorization": f"Basic {proof}", "X-Experience-API-Version": "1.0.3"},
    )
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("role", ["learner", "guardian", "librarian", "steward"])
def test_those_it_is_for_fetch_it(node: Node, filled: Cast, role: str) -> None:
    """The person, the guardian of the child, and who keeps the register; the page offers it to them."""
    amina, client = filled.person("learner").id, filled.client(role)
    where = "/people/about-me/" if role == "learner" else f"/people/{amina}/about/"
    assert "Everything in one file" in client.get(where).text
    assert "me.json" in _fetch(node, client, amina).namelist()


@pytest.mark.parametrize("role", ["facilitator", "neighbour", "partner", "region", OUTSIDER])
def test_others_fetch_nothing(node: Node, filled: Cast, role: str) -> None:
    """Neither a file of their asking nor one that somebody else asked for."""
    amina, client = filled.person("learner").id, filled.client(role)
    asked = filled.client("guardian").post(f"/people/{amina}/about/file/")
    _work(node)
    assert client.post(f"/people/{amina}/about/file/").status_code == 403
    for address in (asked.location, f"{asked.location}everything.zip"):
        answer = client.get(address)
        assert answer.status_code in (303, 403) and not answer.data.startswith(b"PK")
    if role not in (OUTSIDER, "facilitator"):
        own = filled.person(role).id
        job = asked.location.rstrip("/").rpartition("/")[2]
        assert client.get(f"/people/{own}/about/file/{job}/everything.zip").status_code == 404


def test_pressing_twice_is_one_file(filled: Cast) -> None:
    """While one is being made, the second press leads to it."""
    amina, client = filled.person("learner").id, filled.client("learner")
    first, second = (client.post(f"/people/{amina}/about/file/").location for _ in range(2))
    assert first == second


def test_it_is_gone_after_a_day(node: Node, filled: Cast, clock: HandClock) -> None:
    """By itself; whoever comes later reads what to do."""
    amina, client = filled.person("learner").id, filled.client("learner")
    where = client.post(f"/people/{amina}/about/file/").location
    _work(node)
    for each in (node.home / "jobs" / parcel.FOLDER).iterdir():
        _age(each, clock)
    clock.advance(parcel.KEPT_MS / 1000 + 1)
    assert parcel.is_clearing_due(node)
    object.__setattr__(node.settings, "sound_max", 0)  # speaking every sentence takes far longer than this
    Worker(node).ask_for_what_is_due()
    _work(node)
    assert list((node.home / "jobs" / parcel.FOLDER).iterdir()) == []
    answer = client.get(f"{where}everything.zip")
    assert answer.status_code in (303, 404)


def _age(place: Any, clock: HandClock) -> None:
    os.utime(place, (clock.now_ms() / 1000, clock.now_ms() / 1000))


def test_a_cut_while_packing_leaves_no_half_file(node: Node, filled: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The job begins again and the file is whole then."""
    amina, client = filled.person("learner").id, filled.client("learner")
    where = client.post(f"/people/{amina}/about/file/").location
    facts = mine.facts

    def breaks(*_: Any) -> Any:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(mine, "facts", breaks)
    _work(node)
    assert "everything.zip" not in client.get(where).text
    assert [each.name for each in (node.home / "jobs" / parcel.FOLDER).rglob("*.zip*")] == []
    monkeypatch.setattr(mine, "facts", facts)
    assert "me.json" in _fetch(node, client, amina).namelist()


def test_it_speaks_the_language_of_whoever_presses(node: Node, filled: Cast) -> None:
    """Right to left in Arabic, and nothing of English is left in its headings."""
    client = filled.client("learner")
    client.post("/language/", data={"language": "ar", "next": "/"})
    page = _fetch(node, client, filled.person("learner").id).read("index.html").decode()
    assert '<html lang="ar" dir="rtl">' in page and "What was learned" not in page


def test_memory_is_flat(node: Node, cast: Cast) -> None:
    """Three times the records take no more memory."""
    amina, peaks = cast.person("learner").id, []
    for first, count in ((0, 400), (400, 800)):
        learn(node, amina, first=first, count=count)
        place = node.home / "jobs" / parcel.FOLDER / str(first)
        place.mkdir(parents=True)
        (place / parcel.PAGE).write_text("page")
        tracemalloc.start()
        parcel.make(node, {"path": str(first), "person": amina}, lambda _: None)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        with zipfile.ZipFile(place / parcel.ALL) as archive:
            assert len(_lines(archive)) == first + count
    assert peaks[1] < peaks[0] * 1.3, peaks


def test_somebody_else_is_nameless_wherever_they_stand(make_node: Callable[..., Node]) -> None:
    """As agents of any kind, in groups, inside a statement within, in context lists; tools and activities stay."""
    me, other = person_actor("me"), {"mbox": "mailto:kofi@example.org", "name": "Kofi"}
    said = {
        "id": "1",
        "actor": {"objectType": "Group", "account": {"homePage": "https://x", "name": "team"}, "member": [other, me]},
        "verb": {"id": VERBS["answered"]},
        "object": {"objectType": "SubStatement", "actor": other, "verb": {"id": "v"}, "object": {"id": "urn:a"}},
        "context": {"contextAgents": [{"objectType": "contextAgent", "agent": other}], "team": {"member": [other]}},
        "authority": other,
    }
    made = mine.about(said, agent_key(me))
    assert "Kofi" not in json.dumps(made) and "kofi" not in json.dumps(made)
    assert made["actor"] == {
        "objectType": "Group",
        "account": {"homePage": "https://x", "name": "team"},
        "member": [me],
    }
    assert made["object"]["actor"] == mine.SOMEBODY and made["object"]["object"] == {"id": "urn:a"}
    assert records.line(made).endswith(b"\n")
