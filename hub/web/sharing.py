"""`/status/sharing/`: what may leave this place by the policy that holds, how it came to that, and how to change it."""

from typing import Any

from flask import Blueprint, redirect, request
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hub.governance.proposals import Words
from hub.governance.voices import may_look
from hub.node import Node
from hub.people.roster import KEEPERS
from hub.sharing import proposing, read, rows, standing
from hub.sharing.rows import Policy, Row
from hub.tide import others, outbox, spoken
from hub.typed import TITLE_MAX, WORDS_MAX
from hub.web import decision_words, groups, tide_words
from hub.web.guards import needs
from hub.web.here import node, somebody, viewer
from hub.web.pages import page, say
from hub.web.tide_words import TIDE_KEEPERS

blueprint = Blueprint("sharing", __name__, url_prefix="/status/sharing")

ROOT = "/community/decisions"


@blueprint.get("/")
def show() -> Response:
    """The policy row by row, what goes with the next tide, and every policy that was put to the community; for all."""
    here, person = node(), viewer()
    found = standing.editions(here)
    return page(
        "status/sharing.html",
        table=[(line, spoken.row(here, line.row)) for line in read.table(here, outbox.audiences(here))],
        whom=lambda audience: spoken.receiver(here, audience),
        time=spoken.time,
        kinds=tide_words.KINDS,
        icons=tide_words.ICONS,
        ways=tide_words.WAYS,
        next_tides=tide_words.next_tides(here),
        reads_records=person is not None and not person.roles.isdisjoint(TIDE_KEEPERS),
        outboxes=[(each, spoken.receiver(here, each)) for each in outbox.audiences(here)],
        editions=found,
        is_first=not any(each.holds for each in found),
        reads_names=person is not None and may_look(person),
        may_change=person is not None and "steward" in person.roles,
        may_see_others=person is not None and not person.roles.isdisjoint(KEEPERS),
        states=decision_words.STATES,
        day=decision_words.day,
        root=ROOT,
    )


@blueprint.get("/change/")
@needs("steward")
def ask_change(problem: str = "") -> Response:
    """The forms on offer for each row, and why one would choose others."""
    here = node()
    held = standing.in_force(here)
    return page(
        "status/sharing_change.html",
        status=400 if problem else 200,
        problem=problem,
        parts=[(spoken.whom(here, audience), _rows_of(here, held, audience)) for audience in outbox.audiences(here)],
        labels=tide_words.KINDS,
        given=groups.given("title", "why"),
        title_max=TITLE_MAX,
        why_max=WORDS_MAX,
    )


@blueprint.post("/change/")
@needs("steward")
def change() -> Response:
    """Open a proposal that carries the rows that were chosen."""

    def work() -> Response:
        here, held = node(), standing.in_force(node())
        policy = proposing.chosen([_chosen(row) for row in _all_rows(here, held)])
        given = groups.given("title", "why")
        text = "\n".join([*(spoken.row(here, row) for row in _changed(here, held, policy)), given["why"]])
        words = Words(given["title"], text, language=str(get_locale()))
        made = proposing.propose(here, actor=somebody(), policy=policy, words=words)
        say(_("The proposal is open. Nothing leaves by it before it is adopted."))
        return redirect(f"{ROOT}/{made.id}/", 303)

    return groups.tried(work, ask_change)


@blueprint.get("/others/")
@needs("librarian", "steward")
def show_others() -> Response:
    """What neighbours share with this hub: people and groups by name, and counts."""
    here = node()
    return page("status/sharing_others.html", hubs=others.shared_with_us(here))


def carried(here: Node, proposal: str) -> list[tuple[str, bool]]:
    """What a proposal would let leave, row by row, each with whether it changes what holds; [] for another matter."""
    found, held = standing.of_proposal(here, proposal), standing.in_force(here)
    if found is None:
        return []
    both = dict.fromkeys((row.kind, row.audience) for row in (*found.value.rows, *held.rows))
    now = [found.value.row(*place) for place in both]
    return [(spoken.row(here, row), row != held.row(row.kind, row.audience)) for row in now]


def _all_rows(here: Node, held: Policy) -> list[Row]:
    """Every row that something can be chosen for, as it holds."""
    return [row for audience in outbox.audiences(here) for row in _of(held, audience)]


def _of(held: Policy, audience: str) -> list[Row]:
    return [held.row(*place) for place in rows.towards(audience)]


def _rows_of(here: Node, held: Policy, audience: str) -> list[dict[str, Any]]:
    """The rows of one audience with their forms on offer, for a form."""
    return [
        {
            "name": f"{row.kind} {row.audience}",
            "kind": row.kind,
            "says": spoken.row(here, row),
            "forms": [(" ".join(form), spoken.form(form)) for form in rows.offered(row)],
            "chosen": request.form.get(f"{row.kind} {row.audience}", " ".join(row.form)),
        }
        for row in _of(held, audience)
    ]


def _chosen(row: Row) -> Row:
    """The row with the form that was sent for it; as it is where none was."""
    how, _space, time = request.form.get(f"{row.kind} {row.audience}", " ".join(row.form)).partition(" ")
    return Row(row.kind, row.audience, how, time)


def _changed(here: Node, held: Policy, policy: Policy) -> list[Row]:
    return [now for row in _all_rows(here, held) if (now := policy.row(row.kind, row.audience)) != row]
