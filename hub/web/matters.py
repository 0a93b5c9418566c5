"""`/community/matters/`: the settings that matter, what holds of each and since when, and how to change one."""

from typing import Any

from flask import Blueprint, Response, redirect, request
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub.governance import matters, voices
from hub.governance.proposals import Words
from hub.node import Node
from hub.typed import TITLE_MAX
from hub.web import acts_words, groups
from hub.web.decisions import ADDRESS, only_for_those_here, words
from hub.web.guards import needs
from hub.web.here import node, somebody
from hub.web.pages import page, say

ROOT = "/community/matters"
blueprint = Blueprint("matters", __name__, url_prefix=ROOT)
blueprint.before_request(only_for_those_here)


@blueprint.get("/")
def show_all() -> Response:
    """Each setting: what holds, and by which decision, or whose own it is."""
    here = node()
    return page(
        "decisions/matters.html",
        held=matters.all_held(here).values(),
        keeps=voices.keeps(somebody()),
        is_closed=not here.settings.guests,
        **_words(here),
    )


@blueprint.get("/<name>/")
@needs("steward")
def ask(name: str, problem: str = "") -> Response:
    """The choices, and why: put to the community, or as the steward's own."""
    here = node()
    held = matters.all_held(here)[matters.matter(name).name]
    return page(
        "decisions/matter.html",
        status=400 if problem else 200,
        problem=problem,
        held=held,
        chosen=request.form.get("chosen", held.value),
        why=request.form.get("why", ""),
        why_max=TITLE_MAX,
        **_words(here),
    )


@blueprint.post("/<name>/")
@needs("steward")
def change(name: str) -> AnyResponse:
    """Open a proposal that carries the choice; or do it at once, which is written down as the steward's own."""

    def work() -> AnyResponse:
        given = groups.given("chosen", "why", "how")
        of = matters.matter(name)
        if given["how"] == "own":
            matters.set_own(node(), actor=somebody(), name=of.name, chosen=given["chosen"], why=given["why"])
            say(_("It holds from now on, and stands in the register as your own."))
            return redirect(f"{ROOT}/", 303)
        sentence = str(acts_words.SAYS[of.name].get(given["chosen"], ""))
        text = "\n".join(each for each in (sentence, given["why"].strip()) if each)
        said = Words(str(acts_words.TITLES[of.name]), text, language=str(get_locale()))
        made = matters.propose(node(), actor=somebody(), name=of.name, chosen=given["chosen"], words=said)
        say(_("The proposal is open. Nothing changes before it is adopted."))
        return redirect(f"{ADDRESS}/{made.id}/", 303)

    return groups.tried(work, lambda problem: ask(name, problem))


def _words(here: Node) -> dict[str, Any]:
    return {
        "titles": acts_words.TITLES,
        "says": acts_words.SAYS,
        "icons": acts_words.ICONS,
        "address": ROOT,
        **words(here),
    }
