"""Fill an empty hub with the demo community: its people, and ninety days of what they learned."""

from hub import first_boot
from hub.demo import days, folk, marks
from hub.demo.cast import HUB_NAME, LOOK_AS
from hub.errors import NotAllowed
from hub.node import Node
from hub.xapi import store


def fill(node: Node, *, name: str = "") -> int:
    """Bring the demo in, all of it in one transaction; returns how many learning records came.

    Safe to repeat: a hub that is a demo already stays as it is. Raises NotAllowed in a hub with people of its own,
    and changes nothing there. The starter library should stand on the shelf: what nobody can open, nobody learned.
    """
    if marks.is_demo(node):
        return 0
    if node.tables.Person.select().exists():
        raise NotAllowed(
            "People live in this hub already, and the demo would mix with them. Nothing was changed;"
            " choose an empty home for the demo with --home."
        )
    return node.write(lambda: _fill(node, name or HUB_NAME))


def _fill(node: Node, name: str) -> int:
    first_boot.name_hub(node, name)
    people = folk.move_in(node)
    made = days.records(node, people)
    store.keep_own(node, made)
    marks.keep(node, {role: people[actor] for role, actor in LOOK_AS.items()})
    return len(made)
