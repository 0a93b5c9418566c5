"""The status page: the strip of health for those who look after the hub, a plain word for everybody else."""

from hub import jobs
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


def test_a_clock_that_nobody_set_is_told(node: Node, cast: Cast) -> None:
    """Without a source of time the page says so, and that nothing breaks."""
    node.clock.quality = 0  # type: ignore[misc]
    assert "does not know the time" in cast.client("librarian").get("/status/").text
