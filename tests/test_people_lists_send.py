"""A list that comes through the page: looked at at once, taken in by the worker while others go on."""

import io
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from hub import inbox, jobs
from hub.node import Node
from hub.people import roster
from hub.worker import HANDLERS, Worker
from tests.fixtures.cast import OUTSIDER, ROLES, Cast

LIST = "id,name,circles\nk1,Amina,Readers\nk2,Fatou,Readers\nk3,Otieno,\n"
MANY = "name\n" + "".join(f"Child {number}\n" for number in range(60))


def send(client: FlaskClient, text: str, **more: str) -> tuple[int, str, str]:
    """Send a list; status, address to go to and page."""
    answer = client.post("/people/lists/", data={"file": (io.BytesIO(text.encode()), "list.csv"), **more})
    return answer.status_code, answer.headers.get("Location", ""), answer.get_data(as_text=True)


def kept(node: Node) -> list[Path]:
    """The files that were sent and are still kept."""
    return [path for path in (node.home / inbox.FOLDER).rglob("*") if path.is_file()]


def test_lists_are_for_keepers(cast: Cast) -> None:
    """Nobody else takes one in, sees it come or gets everybody's names; a guest is led to sign in."""
    address = send(cast.client("librarian"), LIST)[1]
    for role in ROLES:
        client, may = cast.client(role), role in ("librarian", "steward")
        pages = [client.get(path).status_code for path in ("/people/lists/", "/people/lists/people.csv", address)]
        refusal = 303 if role == OUTSIDER else 403
        assert (role, pages) == (role, [200 if may else refusal] * 3)
        assert send(client, LIST)[0] == (303 if may else 403)


def test_a_look_writes_nothing(node: Node, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how many, and neither people nor a job nor a file are there afterwards."""
    client, before = cast.client("librarian"), len(roster.people(node))
    monkeypatch.setattr(node.writer, "write", None)
    assert "bring 3 new people" in send(client, LIST, look="yes")[2]
    assert (len(roster.people(node)), jobs.jobs(node), kept(node)) == (before, [], [])


def test_a_list_is_taken_in_by_the_worker(node: Node, cast: Cast) -> None:
    """The page leads to how far it is and says in the end what came of it; the file, which names children, is gone."""
    client, before = cast.client("librarian"), len(roster.people(node))
    status, address, _ = send(client, LIST)
    waiting = client.get(address)
    assert (status, waiting.headers["Refresh"], len(roster.people(node))) == (303, "2", before)
    assert Worker(node, HANDLERS).step()
    assert "3 new people are here now" in client.get(address).get_data(as_text=True)
    assert (len(roster.people(node)), kept(node)) == (before + 3, [])


def test_a_list_goes_on_after_the_hub_was_stopped(node: Node, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of it is in when the hub stops; the next start brings the rest, and nobody twice."""
    before = len(roster.people(node))
    send(cast.client("librarian"), MANY)
    stopping = Worker(node, HANDLERS)

    def leave(_node: Node, _job: str, _progress: str) -> None:
        stopping._stopping.set()

    with monkeypatch.context() as cut:
        cut.setattr(jobs, "say", leave)
        stopping.step()
    assert before < len(roster.people(node)) < before + 60
    Worker(node, HANDLERS).step()
    assert (len(roster.people(node)), jobs.jobs(node)[0].state, kept(node)) == (before + 60, "done", [])


def test_what_became_wrong_meanwhile_stops_the_job_with_its_sentence(node: Node, cast: Cast) -> None:
    """When the job's turn comes the last keepers would rest: nothing is taken in, and the file is gone."""
    users = "sourcedId,status,enabledUser,role,givenName,familyName\n"
    keepers = [cast.person(role).id for role in ("librarian", "steward")]
    gone = users + "".join(f"{each},tobedeleted,true,teacher,A,B\n" for each in keepers)
    job = inbox.send_list(node, name="users.csv", data=gone.encode())
    Worker(node, HANDLERS).step()
    assert "is the last" in jobs.show(node, job).progress
    assert (jobs.show(node, job).state, kept(node)) == ("stopped", [])
    assert 'class="button main" href="/people/lists/"' in cast.client("librarian").get(f"/people/lists/{job}/").text


def test_a_left_over_list_is_cleared_away(node: Node) -> None:
    """One whose job was never written down is gone after a start; one that waits stays."""
    inbox.send_list(node, name="list.csv", data=LIST.encode())
    lost = node.home / inbox.FOLDER / inbox.SENT / "lost"
    lost.mkdir()
    (lost / "list.csv").write_text(LIST)
    inbox.clear_away(node)
    assert len(kept(node)) == 1


@pytest.mark.parametrize("name", ["", ".hidden", "../../list.csv", "C:\\lists\\list.csv", "x" * 400 + ".csv"])
def test_the_name_of_a_sent_list_leads_nowhere(node: Node, name: str) -> None:
    """Whatever a browser calls the file, it lies in the folder of sent ones."""
    inbox.send_list(node, name=name, data=LIST.encode())
    assert [path.parents[2] for path in kept(node)] == [node.home / inbox.FOLDER]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (None, "No file came along"),
        ("name,year\nAmina,x\n", "list.csv line 2"),
        ("name\n" + "A\n" * 20_001, "more than 20,000 rows"),
    ],
)
def test_a_wrong_upload_is_said_on_the_page(node: Node, cast: Cast, body: str | None, sentence: str) -> None:
    """With status 400 and the line; there is no job."""
    data = {} if body is None else {"file": (io.BytesIO(body.encode()), "list.csv")}
    answer = cast.client("librarian").post("/people/lists/", data=data)
    assert answer.status_code == 400
    assert sentence in answer.get_data(as_text=True)
    assert jobs.jobs(node) == []


def test_another_job_is_no_list(node: Node, cast: Cast) -> None:
    """Its page is not found here."""
    job = jobs.add(node, "backup", arguments={})
    assert cast.client("librarian").get(f"/people/lists/{job}/").status_code == 404
