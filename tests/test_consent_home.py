"""What was learned at home comes back into the hub and stays in it, as long as somebody said no."""

from collections.abc import Callable

from hub.learning import Opened
from hub.node import Node
from hub.takehome import copies, returned
from hub.tide import publish
from tests.fixtures import consents
from tests.fixtures.cast import Cast
from tests.fixtures.learning import PACKAGE
from tests.fixtures.takehome import code


def test_a_code_that_comes_back_leaves_nothing(node: Node, cast: Cast, market: Callable[[str], Opened]) -> None:
    """Amina's paper is typed in after the no, by her facilitator: it counts here, and nothing of it waits to leave."""
    amina, facilitator = cast.person("learner"), cast.person("facilitator")
    paper = copies.give(node, package=PACKAGE, item="five", carrier="paper", person=amina.id)
    consents.amina_says(node, cast, "no")
    found = returned.recognise(node, actor=facilitator, typed=code(paper))
    assert returned.keep(node, found=found, actor=facilitator).is_new
    assert node.tables.Statement.select().where(node.tables.Statement.actor == amina.id).count() > 0
    assert list(publish.waiting(node, "region")) == []
