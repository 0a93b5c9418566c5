"""What the pages of circles and of households have in common: a form with name and picture, and people put in."""

from collections.abc import Callable, Collection
from typing import Any

from flask import Response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.errors import InputWrong
from hub.people import roster
from hub.people.pictures import AVATARS, PLACES
from hub.web import words
from hub.web.here import node
from hub.web.names import PICTURE_NAMES
from hub.web.pages import page, say
from hub.web.people import people_to_choose


def given(*fields: str) -> dict[str, str]:
    """These fields of the form that was sent, "" for one that did not come."""
    return {field: request.form.get(field, "") for field in fields}


def tried(work: Callable[[], AnyResponse], again: Callable[[str], AnyResponse]) -> AnyResponse:
    """Do what a form asks for; when it is refused, show the page `again` with the sentence."""
    try:
        return work()
    except InputWrong as mistake:
        return again(words.said(mistake))


def shown(template: str, problem: str, **more: Any) -> Response:
    """A page with a form for name and picture, and what was wrong with the one that was sent."""
    pictures = (*PLACES, *AVATARS)
    status = 400 if problem else 200
    return page(template, status=status, problem=problem, pictures=pictures, names=PICTURE_NAMES, **more)


def others(inside: Collection[str]) -> list[tuple[str, str]]:
    """Everybody who is not in it, to choose from."""
    return people_to_choose(each for each in roster.people(node()) if each.id not in inside)


def changed(address: str) -> AnyResponse:
    """Back to the page, where it says that it is written down."""
    say(_("It is written down."))
    return redirect(address, 303)
