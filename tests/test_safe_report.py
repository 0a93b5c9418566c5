"""Report on every page: two presses by drawings, more by voice; read by two adults, and never by whom it is about."""

import re
from dataclasses import replace
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub.errors import InputWrong, NotAllowed, NotFound, TooMany
from hub.forgetting import people as forgetting
from hub.node import Node
from hub.people import attempts, roster
from hub.people.roster import Person
from hub.projections import foreign
from hub.protection import named, reports, voices
from hub.protection.reports import More, Told
from hub.sharing import rows
from tests.fixtures import sounds
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.clock import HandClock

SECOND = "partner"
"""Who reads reports beside the facilitator, in these tests."""
READERS = ("facilitator", SECOND)
ASK, SENT, ALL = "/safe/", "/safe/sent/", "/safe/reports/"


@pytest.fixture
def two(node: Node, cast: Cast) -> tuple[Person, Person]:
    """The facilitator and the partner are named."""
    first, second = (cast.person(role) for role in READERS)
    node.write(lambda: [node.change("person", each.id, birth_year=1980) for each in (first, second)])
    named.name(node, actor=cast.person("steward"), chosen=[first.id, second.id])
    return first, second


def _press(client: FlaskClient, sort: str = "afraid", page: str = "/library/", **more: Any) -> Any:
    """What the form of the raised hand sends, by a press on a drawing."""
    html = client.get(f"{ASK}?next={page}").text
    ticket = re.search(r'name="ticket" value="([^"]+)"', html)
    assert ticket is not None
    return client.post(ASK, data={"sort": sort, "next": page, "ticket": ticket[1], **more})


def _read(node: Node, person: Person) -> list[reports.Report]:
    return reports.read(node, person)


@pytest.mark.parametrize("role", ROLES)
def test_everybody_reports_with_two_presses(node: Node, cast: Cast, two: tuple[Person, Person], role: str) -> None:
    """From the hand on any page; a guest too. Both adults read it, with the kind of page and no address."""
    client = cast.client(role)
    hand = re.search(r'href="(/safe/\?next=[^"]+)"', client.get("/library/").text)
    assert hand is not None
    assert unescape(client.get(hand[1]).text).count('name="sort"') == len(reports.SORTS)
    answer = _press(client)
    assert (answer.status_code, answer.location) == (303, SENT)
    for reader in two:
        (found,) = _read(node, reader)
        assert (found.sort, found.page, found.address) == ("afraid", "library.show", "")
        assert found.person == ("" if role == OUTSIDER else cast.person(role).id)


def test_the_hand_stands_on_every_page(app: Flask, cast: Cast) -> None:
    """On each that a learner or a guest reaches without an argument, but on the report's own."""
    for role in ("learner", OUTSIDER):
        client = cast.client(role)
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.arguments or rule.endpoint.startswith("safe."):
                continue
            answer = client.get(rule.rule)
            if answer.status_code == 200 and answer.mimetype == "text/html" and "<main" in answer.text:
                assert 'href="/safe/?next=' in answer.text, rule.rule
    assert 'href="/safe/?next=' in cast.client(OUTSIDER).get("/nothing/here/").text


def test_only_the_two_read_it(node: Node, cast: Cast, two: tuple[Person, Person]) -> None:
    """Every other role, the steward and the reporter too, gets nothing: not the list, the report, nor a press."""
    _press(cast.client("learner"))
    (found,) = _read(node, two[0])
    for role in sorted(set(ROLES) - set(READERS)):
        client = cast.client(role)
        addresses = (ALL, f"{ALL}{found.id}/", f"{ALL}{found.id}/voice")
        answers = [client.get(each) for each in addresses]
        answers.append(client.post(addresses[1], data={"did": "settled"}))
        assert {each.status_code for each in answers} <= {303, 403}
        assert not any("Amina" in each.text for each in answers) or role == "learner"
    assert _read(node, two[0]) == [found]
    page = unescape(cast.client(SECOND).get(f"{ALL}{found.id}/").text)
    assert "I am sad or afraid" in page and "Amina" in page


def test_whom_it_is_about_does_not_see_it(node: Node, cast: Cast, two: tuple[Person, Person]) -> None:
    """The other one and the stewards read it; the list, the page and the home of that one say nothing."""
    _press(cast.client("learner"), sort="hurt", about=two[0].id)
    steward = cast.person("steward")
    assert [len(_read(node, each)) for each in (*two, steward)] == [0, 1, 1]
    (found,) = _read(node, two[1])
    client = cast.client("facilitator")
    assert client.get(f"{ALL}{found.id}/").status_code == 404
    assert "Somebody asked for help" not in client.get("/").text + client.get(ALL).text
    assert "Somebody asked for help" in cast.client(SECOND).get("/").text
    assert cast.client("steward").get(f"{ALL}{found.id}/").status_code == 200


def test_where_it_is_about_both_the_stewards_read_it(node: Node, cast: Cast, two: tuple[Person, Person]) -> None:
    """And where it is about everybody who could, another keeper."""
    steward = cast.person("steward")
    everybody = {each.id for each in (*two, steward)}
    assert [each.id for each in named.readers(node, [each.id for each in two])] == [steward.id]
    assert [each.id for each in named.readers(node, everybody)] == [cast.person("librarian").id]


def test_said_afterwards_it_holds_too(node: Node, cast: Cast, two: tuple[Person, Person]) -> None:
    """Who pressed a drawing first can still say whom it is about, from the page that follows."""
    client = cast.client("learner")
    _press(client)
    assert client.post(SENT, data={"about": two[0].id}).status_code == 303
    assert [len(_read(node, each)) for each in two] == [0, 1]
    client.post(SENT, data={"about": cast.person("librarian").id})
    assert _read(node, two[1])[0].about == {two[0].id}


def test_more_is_said_by_voice_in_words_and_with_the_page(node: Node, cast: Cast, two: tuple[Person, Person]) -> None:
    """Each by itself; the voice is heard by its readers and by nobody else."""
    client = cast.client("learner")
    _press(client)
    for data in ({"words": " It was at the well. "}, {"where": "yes"}, {"file": (BytesIO(sounds.wav()), "v")}):
        assert client.post(SENT, data=data).status_code == 303
    (found,) = _read(node, two[0])
    assert (found.words, found.address) == ("It was at the well.", "/library/")
    voice = f"{ALL}{found.id}/voice"
    heard = {role: cast.client(role).get(voice).status_code for role in ROLES}
    assert {role for role, status in heard.items() if status == 200} == set(READERS)
    assert client.post(SENT, data={"file": (BytesIO(b"no sound"), "v")}).status_code == 400


def test_a_phone_that_is_handed_on_shows_nothing(cast: Cast, two: tuple[Person, Person]) -> None:
    """A brother on the same phone is led to the drawings, and adds nothing; so is whoever comes a while later."""
    client = cast.client("learner")
    _press(client)
    assert client.get(SENT).status_code == 200
    with client.session_transaction() as kept:
        kept["reported"] = [cast.person("neighbour").id, *kept["reported"][1:]]
    assert (client.get(SENT).location, client.post(SENT, data={"words": "x"}).location) == (ASK, ASK)


def test_nobody_need_say_who_they_are(node: Node, cast: Cast, two: tuple[Person, Person]) -> None:
    """With a tick no name goes along."""
    _press(cast.client("learner"), hidden="yes")
    assert _read(node, two[0])[0].person == ""
    assert "Amina" not in cast.client(SECOND).get(f"{ALL}{_read(node, two[0])[0].id}/").text


def test_a_form_sent_twice_reports_once(node: Node, cast: Cast, two: tuple[Person, Person]) -> None:
    """From the phone that sent it; pressed otherwise it is another report."""
    told = Told("afraid", ticket=node.new_id())
    first = reports.report(node, told=told, source="a")
    assert reports.report(node, told=told, source="a", mine=first) == first
    assert reports.report(node, told=replace(told, sort="page"), source="a", mine=first) != first
    assert sorted(each.sort for each in _read(node, two[0])) == ["afraid", "page"]


def test_who_knows_the_name_of_a_report_has_no_hand_in_it(node: Node, cast: Cast, two: tuple[Person, Person]) -> None:
    """A reader, or the next at the same phone, who sends its name tells a report of their own."""
    told = Told("hurt", ticket=node.new_id())
    assert reports.report(node, told=told, source="a") != reports.report(node, told=told, source="a")
    name = reports.report(node, told=Told("afraid", person=cast.person("learner").id), source="a")
    client = cast.client(SECOND)
    client.post("/safe/", data={"sort": "afraid", "ticket": name})
    client.post("/safe/sent/", data={"words": "It was nothing", "about": two[0].id})
    kept = reports.one(node, reader=two[0], report=name)
    assert (kept.words, kept.about) == ("", frozenset())
    assert "It was nothing" in {each.words for each in _read(node, two[1])}


def test_the_phone_forgets_that_it_reported(cast: Cast, two: tuple[Person, Person], clock: HandClock) -> None:
    """After a quarter of an hour, at the next look."""
    client = cast.client(OUTSIDER)
    _press(client)
    clock.advance(16 * 60)
    answer = client.get("/safe/sent/")
    assert (answer.status_code, answer.location) == (303, "/safe/"), answer.headers
    with client.session_transaction() as session:
        assert "reported" not in session


def test_who_holds_no_office_any_more_reads_nothing(node: Node, cast: Cast, two: tuple[Person, Person]) -> None:
    """The stewards read in their place until another one is named."""
    for role in two[0].roles:
        roster.take_role(node, person=two[0].id, role=role)
    reports.report(node, told=Told("afraid"), source="a")
    assert _read(node, roster.person(node, two[0].id)) == [] and len(named.readers(node)) >= named.COUNT


def test_what_was_done_is_kept_once(node: Node, cast: Cast, two: tuple[Person, Person]) -> None:
    """Looked, talked, settled, each by whom; a settled one waits no more, and comes last."""
    older = reports.report(node, told=Told("hurt"), source="a")
    reports.report(node, told=Told("other"), source="a")
    for did in ("looked", "looked", "settled"):
        reports.step(node, actor=two[0], report=older, did=did)
    found = _read(node, two[1])
    assert [each.sort for each in found] == ["other", "hurt"]
    assert [(each.person, each.did) for each in found[1].steps] == [(two[0].id, "looked"), (two[0].id, "settled")]
    assert reports.waiting(node, two[1]) == 1


def test_nobody_settles_what_they_reported(node: Node, cast: Cast, two: tuple[Person, Person]) -> None:
    """The other one does."""
    name = reports.report(node, told=Told("page", person=two[0].id), source="a")
    with pytest.raises(NotAllowed):
        reports.step(node, actor=two[0], report=name, did="settled")
    assert reports.step(node, actor=two[1], report=name, did="settled").is_settled


def test_what_cannot_be_taken_is_said(node: Node, cast: Cast, two: tuple[Person, Person]) -> None:
    """No drawing, an unknown step, a report that is not there; nothing is written."""
    assert cast.client("learner").post(ASK, data={"sort": "x", "next": "//evil"}).status_code == 400
    with pytest.raises(InputWrong):
        reports.report(node, told=Told("nothing"), source="a")
    with pytest.raises(NotFound):
        reports.say_more(node, report="none", more=More("x"), source="a")
    name = reports.report(node, told=Told("page"), source="a")
    with pytest.raises(InputWrong):
        reports.step(node, actor=two[0], report=name, did="erased")
    with pytest.raises(NotFound):
        reports.step(node, actor=cast.person("steward"), report=name, did="settled")


def test_one_phone_cannot_flood_them(node: Node, two: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch) -> None:
    """After many from one address that one rests; others go on."""
    monkeypatch.setattr(attempts, "REPORTS_MAX", 2)
    for source in ("a", "a", "b"):
        reports.report(node, told=Told("other"), source=source)
    with pytest.raises(TooMany):
        reports.report(node, told=Told("other"), source="a")
    assert len(_read(node, two[0])) == 3


def test_nothing_of_it_leaves_by_any_row(node: Node) -> None:
    """No policy can let it go: it is on no offer, and no kind of it is taken from elsewhere."""
    ours = {"report", "report.step", "protection.named"}
    assert not ours & {kind for kind, _ in rows.OFFERS}
    assert not ours & set(foreign.KINDS)


def test_a_reporter_who_is_forgotten_takes_the_report_along(node: Node, cast: Cast, two: tuple[Person, Person]) -> None:
    """Its words, its voice and its name; what others reported stays."""
    child = roster.add_person(node, name="Kito", picture="drum", birth_year=2020)
    name = reports.report(node, told=Told("hurt", person=child.id), source="a")
    reports.say_more(node, report=name, more=More("At the well", sounds.wav()), source="a")
    reports.report(node, told=Told("page"), source="a")
    reports.step(node, actor=two[0], report=name, did="talked")
    forgetting.forget(node, person=child.id)
    assert list(node.tables.ReportStep.select()) == []
    forgetting.clean(node)
    assert [each.sort for each in _read(node, two[0])] == ["page"]
    assert voices.named(node) == set() and not list((node.home / voices.FOLDER).glob("*/*"))
