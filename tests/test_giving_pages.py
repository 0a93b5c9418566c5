"""Works are put on a stick in the browser, by who keeps the shelf alone; another hub takes all of it at once."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from hub import jobs, library, undoing, worn
from hub.collections import own
from hub.giving import asked, targets
from hub.node import Node
from hub.worker import HANDLERS, Worker
from tests.fixtures import channels, packages
from tests.fixtures.cast import OUTSIDER, ROLES, Cast

PAGE = "/library/give/"
KEEPERS = ("librarian", "steward")


@pytest.fixture
def works(node: Node, tmp_path: Path) -> list[str]:
    """Two works on the shelf."""
    sources = (packages.folder(tmp_path / "well"), packages.pdf(tmp_path / "tree.pdf"))
    return [library.add(node, source=each).package for each in sources]


@pytest.fixture
def client(cast: Cast) -> FlaskClient:
    """The librarian's browser."""
    return cast.client("librarian")


def test_choose_see_and_write(client: FlaskClient, node: Node, stick: Path, works: list[str]) -> None:
    """Works, then size and room and stick; the page of the work says where all of it lies."""
    page = client.get(PAGE).text
    assert PAGE in client.get("/library/").text and page.count('name="package"') == 2
    page = client.post(PAGE, data={"package": works}).text
    for word in ("2 works, ", "TEACHER", " free", "Of some works no licence is told", "tree"):
        assert word in page
    assert 'name="form"' not in page
    answer = client.post(PAGE, data={"package": works, "place": "TEACHER", "title": "For the valley"})
    address = answer.headers["Location"]
    assert (answer.status_code, "Waiting for its turn" in client.get(address).text) == (303, True)
    worker = Worker(node, HANDLERS)
    while worker.step():
        pass
    page = client.get(address).text
    folder = f"For the valley {asked.today(node)}"
    assert folder in page and "You can take the stick out" in page and (stick / folder / "index.html").is_file()
    assert jobs.jobs(node, kind=asked.JOB)[0].state == jobs.DONE


def test_marks_of_this_hub_stay_here(client: FlaskClient, node: Node, stick: Path, works: list[str]) -> None:
    """Before a work goes along that this hub keeps for facilitators, or from an age on, its page says so."""
    assert stick
    said = "stays here: on the stick everybody can open"
    worn.show_to(node, works[:1], "0")
    assert said not in client.post(PAGE, data={"package": works}).text
    for mark in ("only", "12"):
        worn.show_to(node, works[:1], mark)
        assert client.post(PAGE, data={"package": works}).text.count(said) == 1


def test_another_hub_takes_all_of_it(client: FlaskClient, node: Node, stick: Path, works: list[str]) -> None:
    """One press on its page of the stick; what stands there already is left."""
    client.post(PAGE, data={"package": works, "place": "TEACHER", "title": "Wells"})
    worker = Worker(node, HANDLERS)
    while worker.step():
        pass
    undoing.take_off(node, works[0])
    address = client.post("/library/add/stick/", data={"place": "TEACHER"}).headers["Location"]
    while worker.step():
        pass
    folder = f"Wells {asked.today(node)}"
    assert f"Put all of “{folder}” on the shelf" in client.get(address).text
    answer = client.post(address, data={"whole": folder})
    assert answer.status_code == 303 and len(jobs.unfinished(node, kind="import")) == 1
    while worker.step():
        pass
    assert {each.id for each in library.packages(node)} == set(works)
    assert client.post(address, data={"whole": "other"}).status_code == 400


def test_a_collection_goes_whole(client: FlaskClient, node: Node, works: list[str]) -> None:
    """Its works are ticked, and its name is that of the folder."""
    made = own.make(node, title="Wells", packages=works[:1])
    assert f"{PAGE}?collection={made.id}" in client.get(f"/library/collections/{made.id}/").text
    page = client.get(f"{PAGE}?collection={made.id}").text
    assert page.count(" checked") == 1 and 'name="title" value="Wells"' in page
    assert client.get(f"{PAGE}?q=tree").text.count('name="package"') == 1
    assert "Nothing here has that name" in client.get(f"{PAGE}?q=cow").text


def test_what_is_in_the_way_is_said(
    client: FlaskClient, node: Node, stick: Path, works: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing chosen, no stick, one for reading, one that went; nothing was begun."""
    answer = client.post(PAGE, data={})
    assert (answer.status_code, "Nothing was chosen" in answer.text) == (400, True)
    assert client.post(PAGE, data={"package": ["none.en"]}).status_code == 400
    answer = client.post(PAGE, data={"package": works, "place": "OTHER"})
    assert (answer.status_code, "That stick is not in" in answer.text) == (400, True)
    read_only = targets.Target("TEACHER", stick, 10**9, is_writable=False, largest=targets.giving.LARGEST_ON_FAT)
    monkeypatch.setattr(targets, "targets", lambda _node: [read_only])
    page = client.post(PAGE, data={"package": works}).text
    assert "can only be read" in page and " disabled" in page and "no file above 4 GB" in page
    monkeypatch.setattr(targets, "targets", lambda _node: [])
    assert "No stick is in" in client.post(PAGE, data={"package": works}).text
    assert jobs.jobs(node, kind=asked.JOB) == []


def test_a_channel_may_go_for_kolibri(client: FlaskClient, node: Node, stick: Path, tmp_path: Path) -> None:
    """The form is asked where every work came from there."""
    library.add(node, source=channels.rich(tmp_path / "came"), in_part=True)
    (package,) = [each.id for each in library.packages(node)]
    assert 'value="kolibri"' in client.post(PAGE, data={"package": package}).text
    client.post(PAGE, data={"package": package, "place": "TEACHER", "form": "kolibri"})
    assert asked.of_job(jobs.jobs(node, kind=asked.JOB)[0]).form == "kolibri"


def test_it_is_paused_and_called_off(client: FlaskClient, node: Node, stick: Path, works: list[str]) -> None:
    """As imports are, by the same buttons."""
    address = client.post(PAGE, data={"package": works, "place": "TEACHER"}).headers["Location"]
    for wish, said in (("pause", "It rests"), ("resume", "Waiting for its turn"), ("call-off", "It was called off")):
        assert client.post(f"{address}{wish}/").headers["Location"] == address
        assert said in client.get(address).text
    assert client.post(f"{address}burn/").status_code == 404
    other = jobs.add(node, "backup", arguments={})
    assert client.get(f"{PAGE}{other}/").status_code == 404


@pytest.mark.parametrize("role", ROLES)
def test_who_gives(cast: Cast, node: Node, stick: Path, works: list[str], role: str) -> None:
    """Keepers of the shelf; nobody else sees a way there, and nothing is written for them."""
    client, keeps = cast.client(role), role in KEEPERS
    assert client.get(PAGE).status_code == (200 if keeps else 303 if role == OUTSIDER else 403)
    assert (PAGE in client.get("/library/").text) == keeps
    answer = client.post(PAGE, data={"package": works, "place": "TEACHER"})
    assert answer.status_code == (303 if keeps else 403)
    assert len(jobs.jobs(node, kind=asked.JOB)) == keeps
    job = asked.ask(node, name="TEACHER", title="", packages=works, form="mangrove")
    assert client.post(f"{PAGE}{job}/call-off/").status_code == (303 if keeps else 403)
    assert client.get(f"{PAGE}{job}/").status_code == (200 if keeps else 303 if role == OUTSIDER else 403)
