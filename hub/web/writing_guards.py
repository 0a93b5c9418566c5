"""Who may see a page about a draft: `hub.writing.roles` decides, here it is asked."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import abort
from werkzeug.wrappers import Response

from hub.errors import InputWrong
from hub.web import words
from hub.web.guards import lead_to_sign_in
from hub.web.here import node, somebody, viewer
from hub.web.pages import say
from hub.writing import drafts, roles
from hub.writing.drafts import Draft

P = ParamSpec("P")
View = Callable[P, Response]


def may(act: str) -> Callable[[View[P]], View[P]]:
    """Only for somebody who may do this with the draft that the page's address names."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
            person = viewer()
            if person is None:
                return lead_to_sign_in()
            if not frozenset(person.roles) & roles.WRITERS:
                abort(403)
            if act not in roles.may(node(), person, drafts.draft(node(), str(kwargs["draft_id"]))):
                abort(403)
            return view(*args, **kwargs)

        return guarded

    return guard


def check_writes(draft: Draft) -> None:
    """Raise InputWrong when a draft is not with whoever sends a form that changes it: they may look, so they hear why,
    and what they typed stays."""
    if roles.WRITE not in roles.may(node(), somebody(), draft):
        raise InputWrong(
            "This draft is with whoever keeps the shelf now. Nothing was changed; press “Go on writing” on its page"
            " first."
        )


def is_theirs(draft: Draft) -> bool:
    """Whether somebody may write in a draft; says why not otherwise."""
    try:
        check_writes(draft)
    except InputWrong as mistake:
        say(words.said(mistake), tone="warn")
        return False
    return True
