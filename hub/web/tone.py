"""For whom a page is: children and grown-ups get the same pages, in another tone.

This is the one place that decides. The stylesheet takes its tone from the class that `base.html` gives the page, and
templates take their words from `worded`.
"""

from flask import g

from hub.learning import progress
from hub.web.here import node, viewer


def is_for_child() -> bool:
    """Whether a child is looking: somebody who only learns here, and is young. Guests are spoken to as grown-ups."""
    if "for_child" not in g:
        person = viewer()
        g.for_child = person is not None and person.roles <= {"learner"} and progress.is_child(node(), person)
    return bool(g.for_child)


def worded(child: str, grown: str) -> str:
    """The words for whoever looks."""
    return child if is_for_child() else grown
