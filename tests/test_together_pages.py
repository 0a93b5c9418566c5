"""The pages of what hubs hold together: who sees them, both values beside each other, and the choice; the command."""

import json
from html import unescape

import pytest
from click.testing import CliRunner

from hub import projections
from hub.cli import main
from hub.node import Node
from hub.people import circles, roster
from hub.tide import peers
from hub.together import acting, held
from hub.together.held import CIRCLE
from sync.entry import Entry
from tests.fixtures import engines
from tests.fixtures.cast import ROLES, Cast
from tests.fixtures.deciding import gather
from tests.fixtures.entries import placed
from tests.fixtures.sharing import but, decide
from tests.fixtures.together import agreed

ROOT = "/status/together/"
NEAR = "n" * 52
LOOKERS = {"facilitator", "librarian", "steward"}


class _Near:
    """A neighbour that is only known by its id."""

    class identity:  # noqa: N801 - as a node has it
        """Who it is."""

        hub_id = NEAR


@pytest.fixture
def group(node: Node, cast: Cast) -> str:
    """A group of the cast's hub that is held together with a neighbour, which proposes another name for it."""
    peers.keep(node, peers.Peer(NEAR, "Beech <b>ford</b>", "", ("public",), ("public",), 1, 1))
    decide(gather(node), but(*agreed(_Near)))  # type: ignore[arg-type]
    made = circles.add_circle(node, name="River", picture="baobab").id
    steward = roster.people(node, role="steward")[0]
    acting.share(node, actor=steward, sort=CIRCLE, record=made, hub=NEAR)
    about = held.subject(node.identity.hub_id, CIRCLE, made)
    _hear(node, {"id": "p1", "sort": "proposal", "subject": about, "field": "name", "value": "<i>Bank</i>", "depth": 1})
    return about


def _hear(node: Node, said: dict[str, object]) -> None:
    """Take in what the neighbour says."""
    entry = Entry("joint", json.dumps(said).encode(), 1, depth=1)
    come = placed((NEAR, f"pair:{node.identity.hub_id}", "n/pair"), entry, node.tables.JointFact.select().count())
    node.write(lambda: projections.project(node.tables, come))


def test_who_looks_after_things_sees_them(cast: Cast, group: str) -> None:
    """Librarian and steward see all, a facilitator what is led; nobody else sees a word of it."""
    for address in (ROOT, f"{ROOT}{group}/"):
        found = {role: cast.client(role).get(address) for role in ROLES}
        seeing = {role for role, answer in found.items() if "River" in answer.text}
        assert seeing == {"librarian", "steward"}
        assert all(found[role].status_code in (302, 303, 403) for role in ROLES if role not in LOOKERS)
    assert cast.client("facilitator").get(ROOT).status_code == 200


POSTS = {
    "share/": {"record": "circle:x", "hub": NEAR},
    "choose/": {"subject": "s", "field": "name", "word": "p1"},
    "same/": {"one": "a", "other": "b"},
    "{about}/change/": {"field": "name", "value": "Mine"},
    "{about}/members/": {"person": "x"},
    "{about}/home/": {"hub": NEAR},
    "{about}/end/": {"hub": NEAR},
}


@pytest.mark.parametrize("where", POSTS)
def test_nobody_else_changes_anything(node: Node, cast: Cast, group: str, where: str) -> None:
    """Every form is refused to the others, and to a facilitator for what is not led."""
    before = projections.fingerprint(node.tables)
    for role in (each for each in ROLES if each not in ("librarian", "steward")):
        given = {**POSTS[where], **({"subject": group} if "subject" in POSTS[where] else {})}
        answer = cast.client(role).post(ROOT + where.format(about=group), data=given)
        assert answer.status_code == 403 or (role == "facilitator" and answer.status_code in (400, 404))
    assert projections.fingerprint(node.tables) == before


def test_two_places_changed_this(node: Node, cast: Cast, group: str) -> None:
    """Both values stand on the page as words, not as marks; chosen, the group is called so, and nothing waits."""
    librarian = cast.client("librarian")
    _rename(node, group, "Stream")
    page = unescape(librarian.get(ROOT).text)
    assert "Two places changed this" in page and "&lt;i&gt;Bank&lt;/i&gt;" in librarian.get(ROOT).text
    assert "Stream" in page and "Beech <b>ford</b>" in page
    asked = unescape(cast.client("steward").get("/status/tide/").text)
    assert "Look and choose" in asked
    _hear(node, {"id": "p2", "sort": "proposal", "subject": group, "field": "name", "value": "Bank", "depth": 1})
    answer = librarian.post(ROOT + "choose/", data={"subject": group, "field": "name", "word": "p2"})
    assert answer.status_code == 303
    assert circles.circle(node, held.record_of(group)[1]).name == "Bank"
    page = librarian.get(ROOT).text
    assert "Two places changed this" not in page and "<form" in page
    odd = librarian.post(ROOT + "choose/", data={"subject": group, "field": "nofield", "word": "p1"})
    assert odd.status_code == 400 and "nothing of that name to choose" in unescape(odd.text)
    late = librarian.post(ROOT + "choose/", data={"subject": group, "field": "name", "word": "p1"})
    assert late.status_code == 400 and "look at both again" in unescape(late.text)


def _rename(node: Node, group: str, name: str) -> None:
    steward = roster.people(node, role="steward")[0]
    acting.change(node, actor=steward, subject=group, field="name", value=name)


def test_everything_on_the_page_of_one(node: Node, cast: Cast, group: str) -> None:
    """A name and a picture changed, somebody put in and out, the home handed over, a proposal then, the end."""
    steward, here = cast.client("steward"), f"{ROOT}{group}/"
    for given in ({"field": "name", "value": "Ford"}, {"field": "picture", "value": "fish"}):
        assert steward.post(here + "change/", data=given).status_code == 303
    wrong = steward.post(here + "change/", data={"field": "picture", "value": "dragon"})
    assert wrong.status_code == 400 and "Nothing was changed" in unescape(wrong.text)
    found = circles.circle(node, held.record_of(group)[1])
    assert (found.name, found.picture) == ("Ford", "fish")
    person = roster.people(node, role="steward")[0].id
    assert steward.post(here + "members/", data={"person": person}).status_code == 400
    assert steward.post(here + "home/", data={"hub": NEAR}).status_code == 303
    assert "What is changed here is a proposal" in unescape(steward.get(here).text)
    assert steward.post(here + "change/", data={"field": "name", "value": "Ours"}).status_code == 303
    assert circles.circle(node, held.record_of(group)[1]).name == "Ford"
    assert steward.post(here + "home/", data={"hub": NEAR}).status_code == 403
    assert steward.post(here + "end/", data={"hub": NEAR}).status_code == 303
    assert not held.one(node, group).partners
    assert steward.get(f"{ROOT}x:circle:y/").status_code == 404


def test_the_same_person_twice(node: Node, cast: Cast) -> None:
    """Marked, both point at each other and nothing of either is changed; taken back, it is as before."""
    steward = cast.client("steward")
    one, other = (roster.add_person(node, name=name, picture="goat").id for name in ("Asha", "Asha B"))
    before = [roster.person(node, each) for each in (one, other)]
    assert steward.post(ROOT + "same/", data={"one": one, "other": one}).status_code == 400
    assert steward.post(ROOT + "same/", data={"one": one, "other": other}).status_code == 303
    assert [[each.id for each in acting.same_as(node, each)] for each in (one, other)] == [[other], [one]]
    assert "Asha B" in steward.get(f"/people/{one}/").text
    assert [roster.person(node, each) for each in (one, other)] == before
    about, value = acting.about(node, one), acting.about(node, other)
    assert steward.post(ROOT + "same/", data={"about": about, "value": value}).status_code == 303
    assert acting.same_as(node, one) == [] and held.one(node, about).same == ()


@pytest.mark.sqlite(engines.PROGRAM)
def test_the_command_lists_and_chooses(node: Node, cast: Cast, group: str) -> None:
    """`mangrove sync together`, in words and as JSON; a word that is not there is refused in a sentence."""
    _hear(node, {"id": "p2", "sort": "proposal", "subject": group, "field": "name", "value": "Bank", "depth": 1})
    node.close()
    said = json.loads(_run(node, "--json").output)
    (record,) = said["records"]
    assert record["is_open"] and {each["word"] for each in record["fields"][0]["proposed"]} == {"p1", "p2"}
    assert "proposed: Bank" in _run(node).output
    refused = _run(node, "--choose", group, "name", "p9")
    assert refused.exit_code == 1 and "Nothing was changed" in refused.output
    chosen = json.loads(_run(node, "--json", "--choose", group, "name", "p2").output)
    assert chosen["records"][0]["fields"][0]["value"] == "Bank" and not chosen["records"][0]["is_open"]


def _run(node: Node, *words: str):  # noqa: ANN202 - click's
    return CliRunner().invoke(main, ["sync", "together", *words, "--home", str(node.home)])
