"""`/xapi/activities`: an activity as all that was said of it adds up, and the canonical form that says so."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from hub import keys, library, projections
from hub.learning import Opened
from hub.node import Node
from hub.projections import definitions
from hub.vocabulary import ITEM_TYPES, PACKAGE_TYPE, activity
from hub.xapi import described
from tests.fixtures.learning import DESCRIPTION, LESSON, PACKAGE, SQUARE, Tool, statement

PLAY = "http://a.org/play"
PERSON = "11111111-1111-4111-8111-111111111111"


def about(definition: Any, name: str = PLAY, **parts: Any) -> dict[str, Any]:
    """A statement that says what an activity is."""
    return statement(**{"object": {"id": name, "definition": definition}, **parts})


def known(tool: Tool, name: str = PLAY) -> dict[str, Any]:
    """The activity as the resource tells it."""
    answer = tool.ask("GET", "activities", query_string={"activityId": name})
    assert (answer.status_code, answer.json["objectType"], answer.json["id"]) == (200, "Activity", name)
    return dict(answer.json)


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_an_activity_nobody_spoke_of_is_one(make_tool: Callable[..., Tool], version: str) -> None:
    """Nothing but its name is known."""
    assert known(make_tool("all", version=version)) == {"objectType": "Activity", "id": PLAY}


def test_later_stands_over_earlier_leaf_by_leaf(tool: Tool) -> None:
    """Languages and extensions beside each other, all else replaced."""
    tool.send(about({"name": {"en": "Shop", "fr": "Magasin"}, "type": "http://a.org/old", "moreInfo": "http://a.org"}))
    tool.send(about({"extensions": {"http://a.org/x": {"deep": 1}, "http://a.org/y": 1}}))
    tool.send(about({"name": {"en": "The shop"}, "type": "http://a.org/new", "description": {"sw": "Duka"}}))
    tool.send(about({"extensions": {"http://a.org/x": {"other": 2}}}))
    assert known(tool)["definition"] == {
        "name": {"en": "The shop", "fr": "Magasin"},
        "type": "http://a.org/new",
        "moreInfo": "http://a.org",
        "description": {"sw": "Duka"},
        "extensions": {"http://a.org/x": {"other": 2}, "http://a.org/y": 1},
    }


def test_saying_an_old_thing_again_makes_it_the_latest(tool: Tool) -> None:
    """Also within one request and one millisecond: the order of storing decides."""
    old, new = about({"name": {"en": "Old"}}), about({"name": {"en": "New"}})
    tool.send(old, new)
    assert known(tool)["definition"]["name"] == {"en": "New"}
    tool.send(new, old)
    assert known(tool)["definition"]["name"] == {"en": "Old"}


def test_what_belongs_to_another_kind_of_question_goes(tool: Tool) -> None:
    """Choices of what is no choice any more would make a definition that no tool may send."""
    choices = [{"id": "a", "description": {"en": "A"}}]
    tool.send(about({"interactionType": "choice", "choices": choices, "correctResponsesPattern": ["a"]}))
    tool.send(about({"name": {"en": "Sum"}}))
    assert known(tool)["definition"]["choices"] == choices
    tool.send(about({"interactionType": "numeric"}))
    assert known(tool)["definition"] == {"interactionType": "numeric", "name": {"en": "Sum"}}


def test_every_place_of_a_statement_tells(tool: Tool) -> None:
    """The object, the context, and both inside a statement within; a list or a single one."""
    names = [f"http://a.org/{number}" for number in range(4)]
    told = [{"id": name, "definition": {"name": {"en": name}}} for name in names]
    within = {
        "objectType": "SubStatement",
        "actor": {"mbox": "mailto:kofi@a.org"},
        "verb": {"id": "http://a.org/did"},
        "object": told[0],
        "context": {"contextActivities": {"parent": told[1]}},
    }
    tool.send(statement(object=within, context={"contextActivities": {"other": [told[2], told[3]]}}))
    for name in names:
        assert known(tool, name)["definition"] == {"name": {"en": name}}


def test_what_was_refused_tells_nothing(tool: Tool) -> None:
    """Also when only another statement of the same request was wrong."""
    assert tool.ask("POST", body=[about({"name": {"en": "No"}}), {"actor": {}}]).status_code == 400
    assert "definition" not in known(tool)


def test_only_the_latest_few_are_kept(tool: Tool, node: Node) -> None:
    """A tool that says another thing each time fills nothing."""
    for number in range(definitions.KEPT_MAX + 4):
        tool.send(about({"extensions": {f"http://a.org/{number}": number}}))
    rows = node.tables.Description.select().where(node.tables.Description.subject == PLAY)
    assert rows.count() == definitions.KEPT_MAX
    assert list(known(tool)["definition"]["extensions"].values())[-1] == definitions.KEPT_MAX + 3


def test_the_order_of_arrival_does_not_matter(node: Node, tool: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever entries come first, and whatever was cut meanwhile: the same few stand, at the same places."""
    monkeypatch.setattr(definitions, "_CUT", definitions._CUT.replace(str(definitions.KEPT_MAX), "2"))
    for name in ("A", "B", "A", "C"):
        tool.send(about({"name": {"en": name}}))
    entries = list(node.journal.replay())
    found = set()
    for order in itertools.permutations(entries):
        node.write(lambda order=order: projections.rebuild(node.tables, order))  # type: ignore[misc]
        found.add(str(list(node.tables.Description.select().order_by(node.tables.Description.id).tuples())))
    assert len(found) == 1
    assert known(tool)["definition"] == {"name": {"en": "C"}}


def test_launched_content_tells_of_itself_alone(node: Node, client: FlaskClient) -> None:
    """What it says of others in its context is kept with the statement, and not believed."""
    own, other = activity(PACKAGE, "play"), "http://a.org/exam"
    content = Tool(client, "launch", keys.write_ticket(node, person=PERSON, activity=own, registration=PERSON))
    context = {"registration": PERSON, "contextActivities": {"parent": [{"id": other, "definition": {"type": other}}]}}
    content.send(about({"name": {"en": "Play"}}, own, context=context))
    assert described.activity(node, own)["definition"] == {"name": {"en": "Play"}}
    assert "definition" not in described.activity(node, other)
    assert known(content, own)["definition"] == {"name": {"en": "Play"}}
    assert content.ask("GET", "activities", query_string={"activityId": other}).status_code == 403


def test_the_shelf_names_its_own_in_every_language(
    node: Node, tool: Tool, market: Callable[[str], Opened], tmp_path: Path
) -> None:
    """Over whatever tools said; a package by its title, an item by its own, with their kinds; a question as it was."""
    french = tmp_path / "market.fr"
    french.mkdir()
    for name, text in (("look.md", LESSON.replace("(quiz.toml)", "(look.md)")), ("a.svg", SQUARE)):
        (french / name).write_text(text, encoding="utf-8")
    told = DESCRIPTION.split("[[item]]")
    package = told[0].replace("market.en", "market.fr").replace('"en"', '"fr"').replace("At the", "Au")
    item = told[1].replace("Look around", "Regarde")
    (french / "package.toml").write_text(f"{package}[[item]]{item}", encoding="utf-8")
    library.add(node, source=french)
    tool.send(about({"name": {"en": "Wrong", "sw": "Soko"}, "type": "http://a.org/x"}, activity(PACKAGE, "look")))
    assert known(tool, activity(PACKAGE, "look"))["definition"] == {
        "name": {"en": "Look around", "fr": "Regarde", "sw": "Soko"},
        "type": ITEM_TYPES["lesson"],
    }
    assert known(tool, activity("market.fr"))["definition"] == {
        "name": {"en": "At the market", "fr": "Au market"},
        "type": PACKAGE_TYPE,
    }
    for name in (activity(PACKAGE, "quiz", "one"), activity("nowhere", "look")):
        assert "definition" not in known(tool, name)


def test_canonical_tells_what_is_known_in_one_language(tool: Tool) -> None:
    """Of each text its own best; the object, the context, within; verbs and attachments too; extensions whole."""
    tool.send(about({"name": {"en": "Shop", "pt-BR": "Loja"}, "description": {"fr": "Ici"}}))
    attachment = {
        **{"usageType": "http://a.org/u", "display": {"en": "Photo", "pt": "Foto"}, "contentType": "image/png"},
        **{"length": 1, "sha2": "0" * 64, "fileUrl": "http://a.org/f"},
    }
    plain = {"id": PLAY, "definition": {"extensions": {"http://a.org/name": {"name": {"a": "1", "b": "2"}}}}}
    context = {"contextActivities": {"other": plain}, "extensions": {"http://a.org/x": {"name": {"a": "1", "b": "2"}}}}
    (kept,) = tool.send(
        statement(object={"id": PLAY}, context=context, attachments=[attachment], verb=_verb(en="did", pt="fez"))
    )
    asked = {"statementId": kept, "format": "canonical"}
    found = tool.ask("GET", query_string=asked, headers={"Accept-Language": "de;q=0, pt;q=0.8, fr;q=0.1"}).json
    definition = {
        "name": {"pt-BR": "Loja"},
        "description": {"fr": "Ici"},
        "extensions": {"http://a.org/name": {"name": {"a": "1", "b": "2"}}},
    }
    assert found["object"] == {"id": PLAY, "definition": definition}
    assert found["context"]["contextActivities"]["other"] == [{"id": PLAY, "definition": definition}]
    assert found["context"]["extensions"] == context["extensions"]
    assert (found["verb"]["display"], found["attachments"][0]["display"]) == ({"pt": "fez"}, {"pt": "Foto"})
    assert tool.ask("GET", query_string={"statementId": kept}).json["object"] == {"id": PLAY}


def _verb(**display: str) -> dict[str, Any]:
    return {"id": "http://a.org/did", "display": display}


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ("en-GB", "en-GB"),
        ("en-GB-oed", "en-GB"),
        ("en-AU, fr", "en-US"),
        ("sr-Latn, fr", "fr"),
        ("sw", "en-US"),
        ("fr;q=0, en-GB;q=0.1", "en-GB"),
        ("", "en-US"),
    ],
)
def test_each_text_is_told_in_the_best_language(tool: Tool, wish: str, told: str) -> None:
    """The tag itself, what it is a kind of, another kind of the same; else English."""
    (kept,) = tool.send(statement(verb=_verb(**{"fr": "1", "en-US": "2", "en-GB": "3"})))
    asked = {"statementId": kept, "format": "canonical"}
    found = tool.ask("GET", query_string=asked, headers={"Accept-Language": wish}).json
    assert list(found["verb"]["display"]) == [told]


def test_an_activity_that_is_none_is_refused(tool: Tool, make_tool: Callable[..., Tool], client: FlaskClient) -> None:
    """400 for words that are wrong, 401 and 403 for who may not ask, 405 for what is not done here."""
    for path in ("", "?activityId=play", f"?activityID={PLAY}", f"?activityId={PLAY}&since=x", "?activityId="):
        assert (path, tool.ask("GET", f"activities{path}").status_code) == (path, 400)
    asked = {"query_string": {"activityId": PLAY}}
    assert Tool(client, "", "").ask("GET", "activities", **asked).status_code == 401
    assert make_tool("statements/write").ask("GET", "activities", **asked).status_code == 403
    for method in ("PUT", "POST", "DELETE"):
        answer = tool.ask(method, "activities", **asked)
        assert (answer.status_code, set(answer.headers["Allow"].split(", "))) == (405, {"GET", "HEAD", "OPTIONS"})


def test_head_is_get_without_a_body(tool: Tool) -> None:
    """The same headers."""
    tool.send(about({"name": {"en": "Shop"}}))
    head, get = (tool.ask(method, "activities", query_string={"activityId": PLAY}) for method in ("HEAD", "GET"))
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", get.headers["ETag"])
    assert int(head.headers["Content-Length"]) == len(json.dumps(get.json, separators=(",", ":")))


def test_what_another_hub_says_stands_only_where_nobody_here_does() -> None:
    """Whatever moment it gives: it may fill in what is not known, and rename nothing."""
    places = [
        definitions._place(_told(stored), is_ours=ours) for stored, ours in ((2**60, False), (-1, True), (5, True))
    ]
    assert places == sorted(places)
    assert all(abs(place) < 2**63 for place in places)


def _told(stored_ms: int) -> Any:
    return type("Told", (), {"stored_ms": stored_ms, "seq": 7})
