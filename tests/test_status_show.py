"""The status page: the strip of health for those who look after the hub, a plain word for everybody else."""

from hub import jobs
from hub.care import backup
from hub.node import Node
from tests.fixtures.cast import ROLES, Cast

WATCHERS = {"facilitator", "librarian", "steward", "region"}


def test_everybody_may_know_how_the_hub_is(cast: Cast) -> None:
    """The page answers for the whole cast; only those who look after the hub see disk and backup."""
    answers = {role: cast.client(role).get("/status/") for role in ROLES}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert {role for role, answer in answers.items() if "Backup" in answer.text} == WATCHERS
    assert all("What leaves this place" in answer.text for answer in answers.values())


def test_a_job_that_stopped_is_told_with_its_sentence(node: Node, cast: Cast) -> None:
    """Slow work that could not be done stands there with its reason, for a librarian and not for a learner."""
    job = jobs.add(node, "import", arguments={})
    jobs.stop(node, job, "The stick was pulled out.")
    assert "The stick was pulled out." in cast.client("librarian").get("/status/").text
    assert "The stick was pulled out." not in cast.client("learner").get("/status/").text


def test_all_is_well_only_where_nothing_wants_a_look(node: Node, cast: Cast) -> None:
    """Work that stopped counts, and so does a clock that nobody set."""
    backup.by_itself(node)
    librarian = cast.client("librarian")
    assert "All is well" in librarian.get("/status/").text
    job = jobs.add(node, "import", arguments={"path": "a"})
    jobs.stop(node, job, "The stick was pulled out.")
    assert "All is well" not in librarian.get("/status/").text
    jobs.dismiss(node, job)
    node.clock.machine.quality = 0  # type: ignore[misc]
    assert "All is well" not in librarian.get("/status/").text


def test_what_stopped_is_put_away_by_a_keeper_alone(node: Node, cast: Cast) -> None:
    """Once it was read it is gone from home and status; whoever looks without keeping can press nothing."""
    job = jobs.add(node, "import", arguments={"path": "a"})
    jobs.stop(node, job, "The stick was pulled out.")
    for role in set(ROLES) - {"librarian", "steward", "region"}:
        assert cast.client(role).post("/status/seen/", data={"job": job}).status_code == 403
    assert "/status/seen/" not in cast.client("facilitator").get("/status/").text
    librarian = cast.client("librarian")
    for address in ("/", "/status/"):
        shown = librarian.get(address).text
        assert f'href="/library/add/{job}/"' in shown and f'value="{job}"' in shown
    answer = librarian.post("/status/seen/", data={"job": job, "next": "//elsewhere.example"})
    assert (answer.status_code, answer.location) == (303, "/")
    assert [each for each in ("/", "/status/") if "The stick was pulled out." in librarian.get(each).text] == []


def test_a_clock_that_nobody_set_is_told(node: Node, cast: Cast) -> None:
    """Without a source of time the page says so, and that nothing breaks."""
    node.clock.machine.quality = 0  # type: ignore[misc]
    assert "does not know the time" in cast.client("librarian").get("/status/").text
