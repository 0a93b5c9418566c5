"""An import rests, goes on and is called off, from its page, in whatever state it is; nothing is ever half done."""

import io
import threading
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from content.install import Step
from hub import agreeing, inbox, jobs, library
from hub.handlers import DUE, HANDLERS, Say
from hub.jobs import JobShown
from hub.node import Node
from hub.sentences import Sentence, sentence
from hub.worker import Worker
from tests.fixtures import packages
from tests.fixtures.cast import ROLES, Cast
from tests.fixtures.clock import HandClock

WAIT_S = 10.0


@pytest.fixture
def client(cast: Cast) -> FlaskClient:
    """The librarian's browser."""
    return cast.client("librarian")


@pytest.fixture
def address(client: FlaskClient, tmp_path: Path) -> str:
    """The page of an import that waits for its turn."""
    data = packages.epub(tmp_path / "goat.epub").read_bytes()
    return str(client.post("/library/add/", data={"file": (io.BytesIO(data), "goat.epub")}).headers["Location"])


def state(node: Node, address: str) -> str:
    """How the job of a page stands."""
    return jobs.show(node, address.split("/")[-2]).state


def sent(node: Node) -> list[Path]:
    """The files that were sent and are still kept."""
    return [path for path in (node.home / inbox.FOLDER).rglob("*") if path.is_file()]


def press(client: FlaskClient, address: str, wish: str) -> None:
    """Press a button of the page."""
    answer = client.post(f"{address}{wish}/")
    assert (answer.status_code, answer.headers["Location"]) == (303, address)


def test_what_waits_rests_and_goes_on(client: FlaskClient, node: Node, address: str) -> None:
    """The worker passes it by; after Go on it is done as any other."""
    assert ">Pause<" in client.get(address).text
    press(client, address, "pause")
    page = client.get(address)
    assert "It rests" in page.text and "Go on" in page.text and "Refresh" not in page.headers
    assert "rests" in client.get("/").text
    assert not Worker(node, HANDLERS).step()
    inbox.clear_away(node)
    press(client, address, "resume")
    assert Worker(node, HANDLERS).step()
    assert (state(node, address), len(library.packages(node)), sent(node)) == ("done", 1, [])


def test_what_waits_or_rests_is_called_off(client: FlaskClient, node: Node, address: str) -> None:
    """The file that was sent goes with it."""
    press(client, address, "pause")
    press(client, address, "call-off")
    assert (state(node, address), sent(node)) == ("stopped", [])
    assert "It was called off" in client.get(address).text
    assert not Worker(node, HANDLERS).step()


@pytest.mark.parametrize(("wish", "after", "kept"), [("pause", "paused", 1), ("call-off", "stopped", 0)])
def test_what_runs_is_left_between_two_pieces(
    client: FlaskClient, node: Node, address: str, monkeypatch: pytest.MonkeyPatch, wish: str, after: str, kept: int
) -> None:
    """Staging is empty, the shelf as before; what rests goes on, what was called off is gone."""
    monkeypatch.setattr(inbox, "LOOK_S", 0.0)
    copied = inbox._copied

    def pressed(step: object) -> Sentence:
        press(client, address, wish)
        return copied(step)  # type: ignore[arg-type]

    monkeypatch.setattr(inbox, "_copied", pressed)
    assert Worker(node, HANDLERS).step()
    monkeypatch.undo()
    assert (state(node, address), len(sent(node))) == (after, kept)
    assert (library.packages(node), list(node.shelf.staging.iterdir())) == ([], [])
    press(client, address, "resume")
    Worker(node, HANDLERS).step()
    assert (state(node, address), len(library.packages(node))) == (("done", 1) if kept else ("stopped", 0))


def test_one_large_file_is_left_in_its_middle(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not only between files: whoever waits for a film to be copied is heard at once."""
    inbox.waiting(node)
    packages.mp4(node.home / "inbox" / "film.mp4", data_bytes=3_000_000)
    job = inbox.ask_for(node, name="film.mp4")
    monkeypatch.setattr(inbox, "LOOK_S", 0.0)
    monkeypatch.setattr(inbox, "STEPS", 2)
    looked: list[str] = []

    def look(node: Node, job_id: str) -> None:
        looked.append(job_id)
        inbox.pause(node, job_id)
        real(node, job_id)

    real = jobs.look
    monkeypatch.setattr(jobs, "look", look)
    assert Worker(node, HANDLERS).step()
    assert (jobs.show(node, job).state, len(looked), library.packages(node)) == ("paused", 1, [])


def test_what_is_done_stays_done(client: FlaskClient, node: Node, address: str) -> None:
    """Whoever presses too late changes nothing."""
    Worker(node, HANDLERS).step()
    for wish in ("pause", "resume", "call-off"):
        press(client, address, wish)
    assert (state(node, address), len(library.packages(node))) == ("done", 1)
    assert ">Pause<" not in client.get(address).text


def test_what_was_finished_before_the_press_was_seen_says_so(node: Node, address: str) -> None:
    """It is on the shelf, so the page does not say that it was called off."""
    job_id = address.split("/")[-2]

    def handle(node: Node, job: JobShown, _say: Say) -> Sentence:
        inbox.call_off(node, job.id)
        return sentence("It is on the shelf.")

    Worker(node, {"import": handle}).step()
    assert (jobs.show(node, job_id).state, jobs.show(node, job_id).progress) == ("done", "It is on the shelf.")


def test_a_power_cut_changes_no_wish(client: FlaskClient, node: Node, address: str) -> None:
    """What was paused or called off while it ran is so after the next start; what ran is begun again."""
    for wish, after in (("pause", "paused"), ("resume", "waiting"), ("call-off", "stopped")):
        jobs.claim(node)
        press(client, address, wish)
        jobs.take_up(node)
        assert state(node, address) == after


def test_a_stopping_hub_puts_back_only_what_still_runs(node: Node, address: str) -> None:
    """A job that was paused in the same moment stays so."""
    job_id, began, go = address.split("/")[-2], threading.Event(), threading.Event()

    def handle(_node: Node, _job: JobShown, say: Say) -> Sentence:
        began.set()
        assert go.wait(WAIT_S)
        say.look()
        return sentence("It is on the shelf.")

    worker = Worker(node, {"import": handle})
    worker.start()
    assert began.wait(WAIT_S)
    inbox.pause(node, job_id)
    worker._stopping.set()
    go.set()
    worker.stop()
    assert jobs.show(node, job_id).state == "paused"


def test_the_page_shows_how_far_it_is(client: FlaskClient, node: Node, address: str) -> None:
    """In files and megabytes, and as a bar."""
    job = jobs.claim(node)
    assert job is not None
    far = Step(files=3, files_total=9, size_bytes=1_500_000, total_bytes=6_000_000)
    jobs.say(node, job.id, inbox._copied(far))
    page = client.get(address).text
    assert "Copied 3 of 9 files, 2 of 6 MB." in page
    assert '<progress value="1500000" max="6000000"' in page


def test_nobody_else_presses(cast: Cast, node: Node, address: str) -> None:
    """The rest of the cast changes nothing; an unknown job is 404, an unknown wish too."""
    for role in [role for role in ROLES if role not in ("librarian", "steward")]:
        for wish in ("pause", "resume", "call-off"):
            assert cast.client(role).post(f"{address}{wish}/").status_code == 403
    assert state(node, address) == "waiting"
    steward = cast.client("steward")
    assert steward.post("/library/add/nothing/pause/").status_code == 404
    assert steward.post(f"{address}burn/").status_code == 404


def ask(client: FlaskClient, name: str) -> str:
    """Send a quiz that fits in part only; its page."""
    quiz = b"Is water wet? {T}\n\nWrite about water. {}\n"
    return str(client.post("/library/add/", data={"file": (io.BytesIO(quiz), name)}).headers["Location"])


def test_what_fits_in_part_waits_over_a_start_and_then_goes(cast: Cast, node: Node, clock: HandClock) -> None:
    """A week, whatever starts in between; then the page says that it was let go."""
    address = ask(cast.client("librarian"), "water.gift")
    Worker(node, HANDLERS).step()
    inbox.clear_away(node)
    assert len(sent(node)) == 1
    clock.advance(agreeing.AGREE_MS / 1000)
    assert DUE["inbox.clear"](node)
    jobs.add(node, "inbox.clear", arguments={})
    Worker(node, HANDLERS).step()
    assert sent(node) == [] and not DUE["inbox.clear"](node)
    told = jobs.show(node, address.split("/")[-2]).progress
    assert "Nobody agreed for a week" in told
    assert cast.client("librarian").post(f"{address}in-part/").status_code == 400


def test_what_waits_longest_makes_room(
    client: FlaskClient, node: Node, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is a bound in bytes for all that waits; the newest stays."""
    first, second = "", ""
    for name in ("one.gift", "two.gift"):
        first, second = second, ask(client, name)
        Worker(node, HANDLERS).step()
        clock.advance(1)
    monkeypatch.setattr(agreeing, "AGREE_BYTES", 60)
    inbox.clear_away(node)
    assert [path.name for path in sent(node)] == ["two.gift"]
    assert "Nobody agreed" in client.get(first).text and "Only a part of it fits" in client.get(second).text
