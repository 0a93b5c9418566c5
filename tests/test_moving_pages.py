"""The pages of moving: without script, for the person or a guardian alone, and the whole way in a browser once."""

import io
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext

from hub.app import create_app
from hub.moving import making
from hub.node import Node
from hub.people import roster
from hub.people.roster import Person
from hub.worker import Worker
from tests.fixtures import engines
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.demo import Demo


@pytest.fixture
def grown(node: Node, cast: Cast) -> Person:
    """A grown-up who learns here."""
    return roster.add_person(node, name="Ada", picture="lamp", birth_year=1980)


def _work(node: Node) -> None:
    worker = Worker(node)
    while worker.step():
        pass


def _made(node: Node, client: FlaskClient, person: str) -> tuple[str, str, bytes]:
    """Press, wait, fetch: the page's address, the code, the file."""
    asked = client.post(f"/people/{person}/moving/")
    assert asked.status_code == 303
    _work(node)
    page = unescape(client.get(asked.location).text)
    code = page.split("<code>")[1].split("<")[0]
    link = page.split('href="/people/moving/')[1].split('"')[0]
    return asked.location, code, client.get(f"/people/moving/{link}").data


def test_the_code_is_told_once_and_kept_nowhere(node: Node, cast: Cast, grown: Person) -> None:
    """On the page of whoever pressed; in no record, no row and no file of the hub; nobody else sees the page."""
    client = cast.client_of(grown)
    where, code, data = _made(node, client, grown.id)
    for file in node.home.rglob("*"):
        if file.is_file():
            raw = file.read_bytes()
            assert code.encode() not in raw and code.replace("-", "").encode() not in raw
    assert code not in " ".join(str(row) for row in node.tables.Job.select().dicts())
    for role in ROLES:
        answer = cast.client(role).get(where)
        assert answer.status_code in (302, 303, 403) and code not in answer.text
    assert "no-store" in client.get(where).headers["Cache-Control"]
    assert cast.client(OUTSIDER).get(f"/people/moving/{'0' * 32}/{making.FILE}").status_code == 404
    assert data.startswith(b"mangrove-person")


def test_a_child_is_told_whom_to_ask(node: Node, cast: Cast) -> None:
    """The page has no press for a child alone, and the form is refused."""
    child = roster.add_person(node, name="Kofi B", picture="fish", birth_year=2020)
    client = cast.client_of(child)
    page = unescape(client.get(f"/people/{child.id}/moving/").text)
    inside = page.partition("<main")[2].partition("</main")[0]
    assert "A guardian makes it together with a child" in inside
    assert "<form method" not in inside
    assert client.post(f"/people/{child.id}/moving/").status_code == 403


def test_others_are_told_who_makes_it(cast: Cast, grown: Person) -> None:
    """A steward who looks at a grown-up reads that they make it alone; a facilitator is not sent to a facilitator."""
    page = cast.client("steward").get(f"/people/{grown.id}/moving/").text
    assert "A grown-up makes it alone" in page and "A guardian" not in page
    page = cast.client("facilitator").get(f"/people/{cast.person('learner').id}/moving/").text
    assert "A guardian makes it together with a child" in page and "ask your facilitator" not in page


def test_opened_at_another_hub(node: Node, cast: Cast, grown: Person, make_node: Callable[..., Node]) -> None:
    """A librarian opens it with the code; wrong ones are told; a receipt goes back and the page here says where to."""
    _, code, data = _made(node, cast.client_of(grown), grown.id)
    there = make_node("there")
    client, circle = _librarian(there)
    assert client.get("/people/arriving/").status_code == 200

    def sent(code: str, data: bytes = data) -> dict[str, object]:
        return {"file": (io.BytesIO(data), "x"), "code": code, "circle": circle, "receipt": "yes"}

    for wrong in (sent("aaaaa-bbbbb-ccccc"), sent("x"), sent(code, b"zip"), {"code": code}):
        answer = client.post("/people/arriving/", data=wrong)
        assert answer.status_code == 400 and "Nothing was changed" in unescape(answer.text)
    answer = client.post("/people/arriving/", data=sent(code))
    assert answer.status_code == 303
    _work(there)
    page = unescape(client.get(answer.location).text)
    assert "Ada" in page and "receipt.json" in page
    receipt = client.get(f"{answer.location}receipt.json").data
    assert roster.person(there, grown.id).name == "Ada"
    keeper = cast.client("librarian")
    refused = keeper.post("/people/moving/receipt/", data={"file": (io.BytesIO(b"{}"), "r.json")})
    assert refused.status_code == 400
    taken = keeper.post("/people/moving/receipt/", data={"file": (io.BytesIO(receipt), "r.json")})
    assert taken.status_code == 303
    assert "Moved to" in unescape(keeper.get(f"/people/{grown.id}/").text)
    assert "Moved to" in unescape(cast.client_of(grown).get(f"/people/{grown.id}/moving/").text)


def _librarian(node: Node) -> tuple[FlaskClient, str]:
    """A hub with people of its own: its librarian's browser, and a circle."""
    app = create_app(node)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    there = Cast(node, app)
    return there.client("librarian"), there.circle.id


def test_who_may_open(cast: Cast) -> None:
    """Whoever is signed in sees the page; a guest is led to sign in; a receipt is taken by who looks after people."""
    found = {role: cast.client(role).get("/people/arriving/").status_code for role in ROLES}
    assert {role for role, status in found.items() if status == 200} == set(ROLES) - {OUTSIDER}
    for role in ("learner", OUTSIDER):
        assert cast.client(role).post("/people/moving/receipt/").status_code == 403


@pytest.mark.browser
@pytest.mark.sqlite(engines.LOOK)
def test_a_learner_takes_it_along_on_a_phone(
    demo_copy: Demo, phone: Callable[..., BrowserContext], make_node: Callable[..., Node]
) -> None:
    """360 px and no script: press, wait, note the code, save the file; at the other hub it opens."""
    context = phone(java_script_enabled=False)
    context.add_cookies(demo_copy.cookies("learner"))  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{demo_copy.url}/people/about-me/")
    page.click("a[href$='/moving/']")
    assert page.locator("main .page-head a.round, main [data-say]").count()
    page.click("main form button")
    _work(demo_copy.node)
    page.reload()
    code = page.locator("main code").first.inner_text()
    assert page.locator("svg.qr-code").count() == 2
    assert page.viewport_size is not None and page.viewport_size["width"] == 360
    with page.expect_download() as held:
        page.click("a[href$='learning.mangrove']")
    data = held.value.path().read_bytes()
    there = make_node("there")
    client, circle = _librarian(there)
    answer = client.post("/people/arriving/", data={"file": (io.BytesIO(data), "x"), "code": code, "circle": circle})
    assert answer.status_code == 303
    _work(there)
    came = roster.person(there, page.url.split("/people/")[1].split("/")[0])
    assert there.tables.Progress.select().where(there.tables.Progress.person == came.id).count() > 0
