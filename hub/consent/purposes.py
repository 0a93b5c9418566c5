"""What people are asked about: one row for each purpose that has an effect, with the words of its card.

A purpose stands here only when a no changes what the hub does, and that at once (decision 0032). The words are a
version: whoever said yes heard these and no other, so each card is kept under the hash of its words.
"""

from dataclasses import dataclass

from content.errors import N_
from hub.node import Node
from hub.sharing.standing import in_force

ELSEWHERE, COUNTED, NAMED = "elsewhere", "counted", "named"


@dataclass(frozen=True)
class Purpose:
    """One thing that is asked: its short name, its picture, and its sentences on the card.

    `asks` is the question, `means` what a yes does, `holds` and `ends` are said once there is a yes or a no. One that
    is asked `only_where_named` is on the card while the sharing policy lets something go by name.
    """

    name: str
    icon: str
    title: str
    asks: str
    means: str
    holds: str
    ends: str
    only_where_named: bool = False


PURPOSES: tuple[Purpose, ...] = (
    Purpose(
        name=ELSEWHERE,
        icon="tide",
        title=N_("Carry my learning to the region"),
        asks=N_("May what is learned here go to the region?"),
        means=N_("It goes without the name, under a made-up one, and without anything that was written."),
        holds=N_("What is learned from now on may go to the region, under a made-up name."),
        ends=N_("Nothing more goes to the region, from this moment on. What waited to go stays here too."),
    ),
    Purpose(
        name=COUNTED,
        icon="chart",
        title=N_("Count me in numbers for others"),
        asks=N_("May this person be counted in the numbers that others get from here?"),
        means=N_("Partners and researchers get numbers only, never of fewer than ten people."),
        holds=N_("Counted from now on in the numbers that others get."),
        ends=N_("Counted no more in the numbers that others get."),
    ),
    Purpose(
        name=NAMED,
        icon="people",
        title=N_("Tell our neighbours who I am"),
        asks=N_("May the neighbours with whom we have agreed on it know the name and the picture?"),
        means=N_("They see who is in which group here. Nothing of what is learned goes along."),
        holds=N_("The name and the picture go to the neighbours with whom we have agreed on it."),
        ends=N_("Name and picture go to no neighbour any more, and those who have them are told to show them no more."),
        only_where_named=True,
    ),
)
NAMES = tuple(purpose.name for purpose in PURPOSES)
"""Every purpose about which something can have been said."""
ALWAYS = frozenset(purpose.name for purpose in PURPOSES if not purpose.only_where_named)
"""Those that are asked about on every hub."""
CHILD_ASKED = N_("And you, %(name)s? Is that all right for you?")
TAKE_BACK = N_("You may take it back at any time, in one visit. Nobody learns less for it.")
HOWS = ("screen", "paper", "phone")
"""How somebody said it: here in person, on a paper card, or signed in by themselves."""


def purpose(name: str) -> Purpose | None:
    """The purpose with this name, or None."""
    return next((each for each in PURPOSES if each.name == name), None)


def asked_here(node: Node) -> tuple[Purpose, ...]:
    """What people are asked about on this hub now."""
    is_named = in_force(node).is_by_name
    return tuple(each for each in PURPOSES if is_named or not each.only_where_named)


def sentences(node: Node) -> tuple[str, ...]:
    """All the sentences of the card, in their order, as they are before a page translates them."""
    asked = [text for each in asked_here(node) for text in (each.title, each.asks, each.means)]
    return (*asked, CHILD_ASKED, TAKE_BACK)
