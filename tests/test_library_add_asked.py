"""What is sent from a phone is looked at first: what is worth a yes is shown before it stands on the shelf."""

import io
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from content import offer
from hub import agreeing, inbox, jobs, library
from hub.errors import InputWrong
from hub.node import Node
from hub.worker import HANDLERS, Worker
from tests.fixtures import engines, packages
from tests.fixtures.cast import ROLES, Cast
from tests.fixtures.clock import HandClock

pytestmark = pytest.mark.sqlite(engines.SHELF)
CALLS = '<title>Far</title><html lang="en"><script>fetch("https://far.net/a"); fetch("https://far.net/b");</script>'
KEEPERS = ("librarian", "steward")
AGREE = "Put it on the shelf like this"


@pytest.fixture
def client(cast: Cast) -> FlaskClient:
    """The librarian's phone."""
    return cast.client("librarian")


def send(client: FlaskClient, node: Node, file: Path) -> str:
    """Send a file and let the worker look at it; the page of its job."""
    sent = {"file": (io.BytesIO(file.read_bytes()), file.name)}
    address = str(client.post("/library/add/", data=sent).headers["Location"])
    work(node)
    return address


def work(node: Node) -> None:
    """Do what waits."""
    worker = Worker(node, HANDLERS)
    while worker.step():
        pass


def far(tmp_path: Path) -> Path:
    """An activity that would call the internet."""
    return packages.page_zip(tmp_path / "far.zip", CALLS)


def waiting(node: Node) -> list[str]:
    """The names of the files that were sent and are kept."""
    return [path.name for path in (node.home / inbox.FOLDER / inbox.SENT).rglob("*") if path.is_file()]


@pytest.mark.parametrize("role", KEEPERS)
def test_addresses_are_read_before(cast: Cast, node: Node, tmp_path: Path, role: str) -> None:
    """Title, language, size, licence and every address stand there; nothing is on the shelf until somebody says yes."""
    client = cast.client(role)
    address = send(client, node, far(tmp_path))
    page = client.get(address).text
    for word in ("Shall it come onto the shelf?", "asks for 2 addresses on the internet", "no licence is told", AGREE):
        assert word in page
    assert "<code>https://far.net/a</code>" in page and "<code>https://far.net/b</code>" in page
    assert (library.packages(node), waiting(node)) == ([], ["far.zip"])
    assert "far.zip asks for addresses on the internet" in cast.client("librarian").get("/").text
    agreed = client.post(f"{address}in-part/").headers["Location"]
    work(node)
    assert "is on the shelf. It asks for addresses" in client.get(agreed).text
    assert ([row.title for row in library.packages(node)], waiting(node)) == (["Far"], [])
    assert jobs.unsettled(node) == []


def test_what_waits_is_found_behind_all_that_came_after(
    client: FlaskClient, node: Node, clock: HandClock, tmp_path: Path
) -> None:
    """A stick full of works puts it out of sight nowhere: not at home, not where things are put on the shelf."""
    address = send(client, node, far(tmp_path))
    for number in range(jobs.SHOWN_MAX + 5):
        clock.advance(1)
        jobs.finish(node, jobs.add(node, inbox.JOB, arguments={"path": f"{number}.zip"}), "It is done.")
    for page in ("/", "/library/add/"):
        assert f'href="{address}"' in client.get(page).text, page


def test_a_duplicate_is_told_before(client: FlaskClient, node: Node, tmp_path: Path) -> None:
    """It leads to what stands there; a yes mends that, by the same files once more."""
    book = packages.epub(tmp_path / "goat.epub")
    assert "is on the shelf" in client.get(send(client, node, book)).text
    (row,) = library.packages(node)
    entry = next(iter(library.package(node, row.id).files.values()))
    node.shelf.blob_path(entry.sha256).write_bytes(b"rot")
    address = send(client, node, book)
    page = client.get(address).text
    assert "stands here already" in page and f'href="/library/{row.id}/"' in page
    client.post(f"{address}in-part/")
    work(node)
    assert library.packages(node) == [row] and node.shelf.state(entry.sha256, size=entry.size) == "whole"


def test_a_large_one_that_looks_alike_is_told_as_such(
    client: FlaskClient, node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above what is read for a look, the same names and sizes are told as that."""
    film = packages.mp4(tmp_path / "film.mp4")
    send(client, node, film)
    monkeypatch.setattr(offer, "READ_BYTES", 10)
    assert "looks like what stands here already" in client.get(send(client, node, film)).text


def test_an_update_and_what_has_nothing_to_say_go_in_at_once(client: FlaskClient, node: Node, tmp_path: Path) -> None:
    """A later version is no duplicate; an earlier one is refused as ever."""
    for version in (1, 2):
        folder = packages.folder(tmp_path / f"{version}", version=version)
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        address = send(client, node, packages.zipped(tmp_path / "well.zip", files))
        assert "is on the shelf" in client.get(address).text
    old = packages.folder(tmp_path / "old", version=1)
    files = {path.relative_to(old).as_posix(): path.read_bytes() for path in old.rglob("*") if path.is_file()}
    page = client.get(send(client, node, packages.zipped(tmp_path / "old.zip", files))).text
    assert "already holds version 2" in page and AGREE not in page and waiting(node) == []


def test_losses_and_addresses_stand_on_one_page(client: FlaskClient, node: Node, tmp_path: Path) -> None:
    """One yes is about both."""
    page = '<a href="a.html" onclick="window.open(1)">x</a><script src="https://far.net/s.js"></script>'
    course = packages.zipped(tmp_path / "course.zip", {"imsmanifest.xml": SCORM, "a.html": page})
    shown = client.get(send(client, node, course)).text
    assert "Only a part of it fits" in shown and "<code>https://far.net/s.js</code>" in shown
    assert shown.count(AGREE) == 1 and "<title>Only a part" in shown


def test_a_start_of_the_hub_keeps_question_and_file(
    client: FlaskClient, node: Node, tmp_path: Path, clock: HandClock
) -> None:
    """Also when a hundred other jobs came to their end meanwhile; after a week it says that it was let go."""
    address = send(client, node, far(tmp_path))
    for number in range(jobs.FINISHED_KEPT + 5):
        clock.advance(1)
        jobs.finish(node, jobs.add(node, "sync", arguments={"n": number}), "Done.")  # type: ignore[arg-type]
    Worker(node, HANDLERS)._begin()
    assert waiting(node) == ["far.zip"]
    assert "<code>https://far.net/a</code>" in client.get(address).text
    clock.advance(agreeing.AGREE_MS / 1000)
    assert agreeing.is_clearing_due(node)
    inbox.clear_away(node)
    job = address.split("/")[-2]
    assert waiting(node) == [] and "Nobody agreed for a week" in jobs.show(node, job).progress
    with pytest.raises(InputWrong):
        agreeing.agree(node, job)


def test_a_cut_after_it_came_asks_nothing(client: FlaskClient, node: Node, tmp_path: Path) -> None:
    """What this job itself put on the shelf is no duplicate: it is begun again, and done."""
    sent = {"file": (io.BytesIO(packages.epub(tmp_path / "goat.epub").read_bytes()), "goat.epub")}
    client.post("/library/add/", data=sent)
    job = jobs.claim(node)
    assert job is not None
    agreeing.ask_first(node, job, lambda _: None)
    library.add(node, source=agreeing.source(node, job))
    jobs.take_up(node)
    work(node)
    assert (jobs.show(node, job.id).state, waiting(node)) == (jobs.DONE, [])


def test_a_cut_before_the_question_asks_it(client: FlaskClient, node: Node, tmp_path: Path) -> None:
    """What was found was kept, and nobody has said yes yet."""
    sent = {"file": (io.BytesIO(far(tmp_path).read_bytes()), "far.zip")}
    client.post("/library/add/", data=sent)
    job = jobs.claim(node)
    assert job is not None
    agreeing._keep(node, job, agreeing.look_at(node, agreeing.source(node, job), path="far.zip"))
    jobs.take_up(node)
    work(node)
    assert (jobs.show(node, job.id).state, library.packages(node)) == (jobs.STOPPED, [])


def test_it_is_left(client: FlaskClient, node: Node, tmp_path: Path) -> None:
    """The file goes at once, and nothing asks any more."""
    address = send(client, node, far(tmp_path))
    client.post(f"{address}call-off/")
    assert waiting(node) == [] and library.packages(node) == []
    assert "It was called off" in client.get(address).text
    assert client.post(f"{address}in-part/").status_code == 400


def test_what_lies_in_the_folder_is_asked_about_too(client: FlaskClient, node: Node) -> None:
    """One press there shows it first as well; left or taken, it stays in the folder."""
    inbox.waiting(node)
    packages.page_zip(node.home / "inbox" / "far.zip", CALLS)
    for wish, count in (("call-off", 0), ("in-part", 1)):
        address = client.post("/library/add/waiting/", data={"name": "far.zip"}).headers["Location"]
        work(node)
        assert "<code>https://far.net/a</code>" in client.get(address).text
        client.post(f"{address}{wish}/")
        work(node)
        assert len(library.packages(node)) == count and (node.home / "inbox" / "far.zip").exists()


def test_nobody_else_reads_or_says_it(cast: Cast, node: Node, tmp_path: Path) -> None:
    """Learners, facilitators, guardians, partners and outsiders meet neither page nor button."""
    address = send(cast.client("librarian"), node, far(tmp_path))
    for role in [role for role in ROLES if role not in KEEPERS]:
        client = cast.client(role)
        assert "far.net" not in client.get(address).text
        assert {client.post(f"{address}{wish}/").status_code for wish in ("in-part", "call-off")} == {403}
    assert (library.packages(node), waiting(node)) == ([], ["far.zip"])


SCORM = """<manifest identifier="m" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
 xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
<organizations default="o"><organization identifier="o"><title>Wells</title>
<item identifier="i" identifierref="r"><title>One</title><adlcp:prerequisites type="aicc_script">x</adlcp:prerequisites>
</item></organization></organizations>
<resources><resource identifier="r" type="webcontent" adlcp:scormtype="sco" href="a.html">
<file href="a.html"/></resource></resources></manifest>"""
