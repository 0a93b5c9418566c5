"""Pages for mistakes: what happened, what is safe, what to do; machines get the same in JSON."""

import gzip
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from content.errors import (
    BlobDamaged,
    CatalogueDamaged,
    FileUnknown,
    ManifestDamaged,
    NoSpace,
    PackageUnknown,
    ShelfBusy,
)
from hub.app import create_app, create_content_app
from hub.errors import (
    InputWrong,
    NotAllowed,
    NotFound,
    StatementConflict,
    StatementTooLarge,
    StorageFull,
    StorageSlow,
    TooMany,
    WriterClosed,
)
from hub.node import Node
from hub.web import errors
from sync.errors import SyncError
from tests.fixtures import engines
from tests.fixtures.cast import OUTSIDER, Cast

pytestmark = pytest.mark.sqlite(engines.WORDS)

RAISED: list[tuple[Exception, int]] = [
    (NotFound("Nothing of that name."), 404),
    (NotAllowed("Only the facilitator."), 403),
    (TooMany("Rest a while."), 429),
    (InputWrong("Too long."), 400),
    (StorageFull("The disk is full."), 507),
    (WriterClosed("The hub is stopping."), 503),
    (StatementConflict("Another one has this id."), 409),
    (StatementTooLarge("Too large."), 413),
    (StorageSlow("The disk is slow."), 503),
    (SyncError("That is no batch."), 400),
    (PackageUnknown(package="p.en"), 404),
    (FileUnknown(package="p.en", path="a.md"), 404),
    (ShelfBusy(), 503),
    (NoSpace(needed=2, free=1, reserve=0), 507),
    (BlobDamaged(package="p.en", path="a.md"), 500),
    (ManifestDamaged(package="p.en", why="its manifest cannot be read"), 500),
    (CatalogueDamaged(why="the disk"), 500),
    (ZeroDivisionError(), 500),
]


@pytest.fixture
def broken(app: Flask, cast: Cast) -> FlaskClient:
    """A browser for pages `/broken/N` and machine doors `/api/broken/N` that raise the N-th mistake."""
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail(number: int) -> None:
        raise RAISED[number][0]

    app.add_url_rule("/broken/<int:number>", view_func=fail)
    app.add_url_rule("/api/broken/<int:number>", endpoint="api_fail", view_func=fail)
    return cast.client("learner")


def test_each_family_has_its_status_and_its_sentence(broken: FlaskClient) -> None:
    """The status tells the family, the page says the mistake's own sentence, and nothing of the program."""
    answers = [broken.get(f"/broken/{number}") for number in range(len(RAISED))]
    assert [answer.status_code for answer in answers] == [status for _, status in RAISED]
    assert all(str(mistake) in unescape(answer.text) for (mistake, _), answer in zip(RAISED, answers, strict=True))
    assert not [answer.text for answer in answers if "Traceback" in answer.text]


def test_machines_get_the_same_in_json(broken: FlaskClient) -> None:
    """At a machine's door the same status comes with one sentence."""
    answers = [broken.get(f"/api/broken/{number}") for number in range(len(RAISED))]
    assert [answer.status_code for answer in answers] == [status for _, status in RAISED]
    assert all(answer.json and answer.json["message"] for answer in answers)


@pytest.mark.parametrize("status", errors.WORDS)
@pytest.mark.parametrize("role", ["learner", OUTSIDER])
def test_each_status_has_a_whole_page(app: Flask, cast: Cast, role: str, status: int) -> None:
    """Every status of the table says what happened, what is safe and what is next; the "?" and home are there."""
    app.add_url_rule("/stop/<int:status>", view_func=errors.sorry)
    shown = unescape(cast.client(role).get(f"/stop/{status}").text)
    assert [str(part) for part in errors.WORDS[status][:3] if str(part) not in shown] == []
    assert '<details class="help' in shown
    assert 'class="button main" href="/"' in shown


def test_a_closer_sentence_leaves_no_part_out(broken: FlaskClient) -> None:
    """What a service said stands beside what is safe and what is next, and nothing is said twice."""
    for number, (mistake, status) in enumerate(RAISED):
        shown = unescape(broken.get(f"/broken/{number}").text)
        title, safe, then, _icon = (str(part) for part in errors.WORDS[status])
        assert f"<h1>{title}</h1>" in shown, mistake
        assert safe.rstrip(".") in shown, mistake
        assert then in shown, mistake
        assert shown.count("Nothing was changed") <= 1, mistake


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing/", 404),
        ("GET", "/people/nobody-of-this-name/", 403),
        ("GET", "/library/nothing/", 404),
        ("GET", "/learn/nothing/nothing/", 404),
        ("GET", "/status/tide/nobody/", 403),
        ("GET", "/home/librarian/", 403),
        ("POST", "/", 405),
        ("POST", "/people/device/", 400),
        ("GET", "/library/add/no-such-job/", 403),
    ],
)
def test_what_a_learner_can_run_into(cast: Cast, method: str, path: str, status: int) -> None:
    """Real addresses: each refusal has its drawing, a way home, and what is next."""
    answer = cast.client("learner").open(path, method=method)
    shown = unescape(answer.text)
    assert answer.status_code == status
    assert 'class="sorry-art"' in shown
    assert str(errors.WORDS[status][2]) in shown


def test_a_form_that_is_too_large_is_refused_in_words(cast: Cast) -> None:
    """413: what happened, that nothing changed, and to send less."""
    answer = cast.client("learner").post("/people/device/", data={"device": "x" * 2_000_000})
    assert answer.status_code == 413
    assert [str(part) for part in errors.WORDS[413][:3] if str(part) not in unescape(answer.text)] == []


def test_the_packages_origin_says_it_in_one_sentence(node: Node) -> None:
    """What stands inside a frame has no menu: what happened, what is safe and what to do, in plain words."""
    text = create_content_app(node).test_client().get("/nothing/0/a.html").text
    assert "nothing here" in text
    assert "nothing was changed" in text
    assert "Open it again from the library" in text


def test_a_wrong_method_names_the_right_ones(cast: Cast) -> None:
    """405 keeps its Allow header."""
    answer = cast.client("learner").post("/")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_form_without_its_token_is_refused_in_words(node: Node) -> None:
    """An old form changes nothing and says so."""
    answer = create_app(node).test_client().post("/setup/", data={"name": "Else"})
    assert answer.status_code == 400
    assert "old" in answer.text


POLICY = {
    "default-src": "'self'",
    "frame-src": "'self' http://localhost:8081",
    "media-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
"""All that a page may load, where it may send a form, and who may frame it: nobody."""


@pytest.mark.parametrize("path", ["/", "/people/sign-in/", "/library/", "/nothing/here/"])
def test_pages_carry_their_guards(cast: Cast, path: str) -> None:
    """The whole policy, no sniffing, no framing, no word to other sites of where a reader was, nothing kept."""
    headers = cast.client("learner").get(path).headers
    assert dict(each.strip().split(" ", 1) for each in headers["Content-Security-Policy"].split(";")) == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_pages_are_packed(cast: Cast) -> None:
    """Gzip where the browser takes it."""
    answer = cast.client("learner").get("/", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(answer.data).startswith(b"<!doctype html>")


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("hub.local:8080", "http://hub.local:8081"),
        ("hub.local", "http://hub.local:8081"),
        ("[fe80::1]:8080", "http://[fe80::1]:8081"),
        ("[fe80::1]", "http://[fe80::1]:8081"),
    ],
)
def test_the_packages_origin_is_the_same_host(cast: Cast, host: str, origin: str) -> None:
    """Frames come from the content port of whatever name the reader uses."""
    answer = cast.client("learner").get("/", headers={"Host": host})
    assert f"frame-src 'self' {origin};" in answer.headers["Content-Security-Policy"]
