"""A quiz of another tool that fits in part only: it is said before, and somebody agrees, or nothing comes."""

import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from content.errors import PackagePartly
from content.install import install
from hub import agreeing, inbox, jobs, library
from hub.node import Node
from hub.worker import HANDLERS, Worker
from tests.fixtures import channels
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.quizzes import written

QUIZ = "What? {=this ~that}\n\nWrite about it. {}\n"
SAID = "questions with a long answer in one&#39;s own words are left out (2)"
FRENCH = "les questions à longue réponse libre sont laissées de côté (2)"
AGREE = "Put it on the shelf like this"
KEEPERS = ("librarian", "steward")


def stopped(cast: Cast, node: Node) -> str:
    """The address of the job of a quiz that fits in part only."""
    file = {"file": (io.BytesIO(QUIZ.encode()), "water.gift")}
    address = str(cast.client("librarian").post("/library/add/", data=file).headers["Location"])
    Worker(node, HANDLERS).step()
    return address


def test_what_would_be_lost_is_said_before(cast: Cast, node: Node) -> None:
    """In words and in the language of the page; nothing is on the shelf, and the file waits."""
    address = stopped(cast, node)
    shown = cast.client("librarian").get(address).text
    assert SAID in shown and "Nothing was added yet" in shown and AGREE in shown
    assert "<title>Only a part of it fits" in shown and "<bdi>water.gift</bdi>" in shown
    assert FRENCH in cast.client("librarian").get(address, headers={"Accept-Language": "fr"}).text
    assert library.packages(node) == []
    assert [path.name for path in (node.home / "inbox").rglob("*.gift")] == ["water.gift"]


@pytest.mark.parametrize("role", KEEPERS)
def test_whoever_keeps_the_shelf_agrees(cast: Cast, node: Node, role: str) -> None:
    """One press, and what fits comes onto the shelf; then nothing waits any more."""
    browser, address = cast.client(role), stopped(cast, node)
    answer = browser.post(f"{address}in-part/")
    assert answer.status_code == 303
    Worker(node, HANDLERS).step()
    assert "water is on the shelf" in browser.get(answer.headers["Location"]).text.replace("</bdi>", "")
    assert [row.title for row in library.packages(node)] == ["water"]
    assert jobs.unsettled(node) == [] and not list((node.home / "inbox").rglob("*.gift"))


def test_nobody_else_agrees(cast: Cast, node: Node) -> None:
    """A form of anybody else's is refused, and nothing comes."""
    address = stopped(cast, node)
    for role in set(ROLES) - set(KEEPERS):
        assert cast.client(role).post(f"{address}in-part/").status_code == 403, OUTSIDER
    assert not Worker(node, HANDLERS).step()
    assert library.packages(node) == []


def test_a_file_that_is_gone_is_asked_for_again(cast: Cast, node: Node) -> None:
    """It waits for a week; after that a press on an old page says so."""
    browser, address = cast.client("librarian"), stopped(cast, node)
    shutil.rmtree(node.home / inbox.FOLDER / inbox.SENT)
    answer = browser.post(f"{address}in-part/")
    assert (answer.status_code, "send it once more" in answer.text) == (400, True)
    assert browser.post("/library/add/no-such-job/in-part/").status_code == 404


def test_only_what_asked_is_agreed_to(cast: Cast, node: Node) -> None:
    """A file that was refused for another reason stays refused."""
    browser = cast.client("librarian")
    sent = browser.post("/library/add/", data={"file": (io.BytesIO(b"hello"), "x.doc")})
    Worker(node, HANDLERS).step()
    assert AGREE not in browser.get(sent.headers["Location"]).text
    assert browser.post(f"{sent.headers['Location']}in-part/").status_code == 400


def test_what_lies_in_the_folder_stays_there(node: Node) -> None:
    """It is somebody's own, before and after somebody agreed."""
    inbox.waiting(node)
    place = written(node.home / "inbox" / "water.gift", QUIZ)
    job = inbox.ask_for(node, name="water.gift")
    Worker(node, HANDLERS).step()
    agreeing.agree(node, job)
    Worker(node, HANDLERS).step()
    assert place.exists() and len(library.packages(node)) == 1


def test_the_shelf_takes_nothing_in_part_by_itself(node: Node, tmp_path: Path) -> None:
    """Whoever installs has to say so; what is lost is in the sentence."""
    source = written(tmp_path / "water.gift", QUIZ)
    with pytest.raises(PackagePartly, match=r"in one's own words are left out \(2\)\. Nothing was added yet"):
        install(node.shelf, source)
    assert install(node.shelf, source, in_part=True).source_format == "gift"


def test_many_places_are_counted(node: Node, tmp_path: Path) -> None:
    """The first eight are named."""
    with pytest.raises(PackagePartly, match=r"\(2, 3, 4, 5, 6, 7, 8, 9 … \+11\)"):
        library.add(node, source=written(tmp_path / "x.gift", "Fine? {T}\n\n" + "Write. {}\n\n" * 19))


@pytest.fixture
def stick(tmp_path: Path, node: Node) -> Path:
    """A stick with a quiz that fits in part only."""
    object.__setattr__(node.settings, "sticks", str(tmp_path / "media"))
    (tmp_path / "media" / "TEACHER").mkdir(parents=True)
    return written(tmp_path / "media" / "TEACHER" / "water.gift", QUIZ).parent


def ticked(
    cast: Cast, node: Node, stick: Path, change: Callable[[], object] = lambda: None, *, said: str = SAID
) -> str:
    """Look at what is in the stick or folder, tick the first thing, let it change and come; the page of its job."""
    browser = cast.client("librarian")
    address = browser.post("/library/add/stick/", data={"place": stick.name}).headers["Location"]
    Worker(node, HANDLERS).step()
    assert said in browser.get(address).text
    job = browser.post(address, data={"thing": "0"}).headers["Location"]
    change()
    Worker(node, HANDLERS).step()
    return str(browser.get(job).text)


def test_what_the_list_of_a_stick_showed_is_agreed_to_by_the_tick(cast: Cast, node: Node, stick: Path) -> None:
    """One press, and it is on the shelf; the same for what lies in the hub's own folder."""
    assert "water is on the shelf" in ticked(cast, node, stick).replace("</bdi>", "")
    inbox.waiting(node)
    written(node.home / "inbox" / "well.gift", QUIZ.replace("What", "Who"))
    assert "well is on the shelf" in ticked(cast, node, node.home / "inbox").replace("</bdi>", "")
    assert jobs.unsettled(node) == [] and len(library.packages(node)) == 2


@pytest.mark.parametrize("text", [QUIZ + "\nWrite more. {}\n", QUIZ.replace("that", "what")], ids=["more", "as many"])
def test_a_file_that_changed_after_the_list_is_asked_about(cast: Cast, node: Node, stick: Path, text: str) -> None:
    """Also when it is as large and would lose as much; the losses of now are told, and a yes brings it."""
    place = stick / "water.gift"
    time_ns = place.stat().st_mtime_ns + 2_000_000_000
    page = ticked(cast, node, stick, lambda: (place.write_text(text, "utf-8"), os.utime(place, ns=(time_ns, time_ns))))
    assert AGREE in page and library.packages(node) == []
    assert ("left out (2, 3)" if "more" in text else "left out (2)") in page
    agreeing.agree(node, jobs.stopped(node, kind=inbox.JOB)[0].id)
    Worker(node, HANDLERS).step()
    assert len(library.packages(node)) == 1


def test_a_folder_that_changed_deep_inside_is_asked_about(cast: Cast, node: Node, stick: Path) -> None:
    """A channel of Kolibri says how many things it would lose, not which: with other files it is another."""
    (stick / "water.gift").unlink()
    game, more = channels.things()[-1], channels.Thing("More", "audio", [("audio", "mp3", b"ID3" + bytes(99), "")])
    channels.channel(stick, [game, channels.FILM])
    for change, is_asked in ((lambda: channels.channel(stick, [game, channels.FILM, more]), True), (None, False)):
        page = ticked(cast, node, stick, change or (lambda: None), said="Only in part")
        assert ((AGREE in page), len(library.packages(node))) == (is_asked, int(not is_asked))
