"""What a facilitator saw a learner do: one competency, how well it went, on which day, and a sentence if one is wanted.

An observation is a learning record of the learner, with who saw it as its instructor. All rows of a form are written
down, or none; the same form sent twice adds nothing. Taking one back is another record that voids it.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from content.package import Manifest
from hub import typed
from hub.errors import InputWrong, NotAllowed, NotFound
from hub.learning.acts import ATTEMPT
from hub.learning.known import Seen, rows
from hub.learning.progress import competencies
from hub.learning.sittings import derived
from hub.moments import moment_text
from hub.node import Node
from hub.people import circles
from hub.people.roster import Person
from hub.tables import run
from hub.tables.recognition import ALONE, NOT_YET, TEACHES
from hub.vocabulary import COMPETENCY_TYPE, FEEDBACK, VERBS, competency, person_actor, seen
from hub.xapi import store

LEVELS = range(NOT_YET, TEACHES + 1)
WORDS_MAX = 120
"""Letters of what was seen, in own words."""
SENTENCE_MAX = 300
"""Letters of the sentence about one learner."""
ROWS_MAX = 200
"""Learners in one form; the largest circles have sixty."""
DAYS_BACK = 60
"""How long ago something may have been seen: notes of a term are typed in at its end."""
OFFERED_MAX = 40
"""Competencies to choose from on one page; a word finds the others."""
SHOWN_MAX = 60
"""Observations of one person that a page lists, the latest."""
NOON_HOURS = 12


@dataclass(frozen=True)
class What:
    """What was seen: the name of a competency of the shelf, or own words. `says` is the sentence, in `language`."""

    competency: str
    says: str
    language: str


@dataclass(frozen=True)
class Row:
    """How well one learner did it, and what else there is to say; the sentence may be ""."""

    person: str
    level: int
    sentence: str = ""


def offered(node: Node, *, circle: str, word: str = "", languages: Sequence[str] = ()) -> list[What]:
    """Competencies of the shelf whose sentence holds `word`, those that the circle has met first; at most
    OFFERED_MAX, in the first of `languages` in which they are."""
    met, sought = _met(node, circle), word.casefold().strip()
    named = competencies(node, languages=languages)
    found = [_of_shelf(name, *named[name][:2]) for name in named if sought in named[name][1].casefold()]
    return sorted(found, key=lambda each: each.competency not in met)[:OFFERED_MAX]


def named(node: Node, competency: str, *, languages: Sequence[str] = ()) -> What:
    """The competency of that name. Raises NotFound when it is not on the shelf."""
    found = competencies(node, languages=languages).get(competency)
    if found is None:
        raise NotFound("This is not on the shelf any more. What was noted stays; choose from the list.")
    return _of_shelf(competency, *found[:2])


def in_words(words: str, *, language: str) -> What:
    """What was seen, in own words. Raises InputWrong when there are none, or too many."""
    return What("", " ".join(typed.text(words, WORDS_MAX).split()), language)


def note(node: Node, *, actor: Person, what: What, day: str, form: str, found: Sequence[Row]) -> int:
    """Write down what was seen of some learners, on `day` (YYYY-MM-DD, "" for today); returns how many are new.

    `form` is the UUID that the form was made with. Raises NotAllowed for a learner of another's circle, InputWrong for
    no rows or a day that cannot be; then nothing is written down.
    """
    if not ATTEMPT.fullmatch(form):
        raise InputWrong("This form is none of ours. Nothing was written down; open it again.")
    if not 0 < len(found) <= ROWS_MAX or any(row.level not in LEVELS for row in found):
        raise InputWrong("Nobody is marked yet. Nothing was written down; say for at least one learner how it went.")
    checked = [Row(row.person, row.level, _sentence(row.sentence)) for row in found]
    at_ms = _moment(node, day)

    def work() -> int:
        for row in checked:
            check_notes(node, actor=actor, person=row.person)
        made = [(row, _statement(actor, what, row, at_ms, form)) for row in checked]
        fresh = [each for _, each in made if not store.is_kept(node, each["id"])]
        _check_same(node, made)
        if fresh:
            store.keep_own(node, fresh)
        return len(fresh)

    return node.write(work)


def take_back(node: Node, *, actor: Person, statement: str) -> Seen:
    """Void an observation; returns what it said. Safe to repeat. Raises NotFound or NotAllowed."""
    table = node.tables.Observation
    found = rows(table.select().where(table.statement == statement.lower()))
    if not found:
        raise NotFound("This was not noted here. Nothing was changed; open the learner's page again.")
    if actor.id != found[0].observer and "steward" not in actor.roles:
        check_notes(node, actor=actor, person=found[0].person)
    void(node, actor=actor, statement=found[0].statement)
    return found[0]


def void(node: Node, *, actor: Person, statement: str) -> None:
    """Keep the record that takes a record of this hub's own pages back. Safe to repeat."""
    name = derived("void", statement)
    made = {
        "id": name,
        "actor": person_actor(actor.id),
        "verb": {"id": VERBS["voided"], "display": {"en": "voided"}},
        "object": {"objectType": "StatementRef", "id": statement},
        "timestamp": moment_text(node.clock.now_ms()),
    }
    node.write(lambda: None if store.is_kept(node, name) else store.keep_own(node, [made]))


def of_person(node: Node, person: str, *, limit: int = SHOWN_MAX) -> list[Seen]:
    """What was seen of somebody and stands, the latest first."""
    table = node.tables.Observation
    standing = table.select().where((table.person == person) & (table.is_voided == 0))
    return rows(standing.order_by(table.at_ms.desc(), table.statement.desc()).limit(limit))


def check_notes(node: Node, *, actor: Person, person: str) -> None:
    """Raises NotAllowed unless `actor` leads a circle in which `person` learns."""
    if "facilitator" not in actor.roles or not circles.leads(node, leader=actor.id, person=person):
        raise NotAllowed("Only who leads a learner's circle notes what was seen there. Nothing was changed.")


def _of_shelf(name: str, manifest: Manifest, statement: str) -> What:
    return What(name, statement, manifest.language)


def _met(node: Node, circle: str) -> Collection[str]:
    """Competencies that learners of the circle answered something about, or were seen to do."""
    learning = "SELECT person FROM membership WHERE circle = ? AND part = 'learner' AND is_member = 1"
    asked = (
        f"SELECT competency FROM competence WHERE person IN ({learning})"  # noqa: S608 - our names
        f" UNION SELECT competency FROM observation WHERE is_voided = 0 AND person IN ({learning})"
    )
    return {row[0] for row in run(node.tables, asked, circle, circle)}


def _sentence(words: str) -> str:
    return typed.text(words, SENTENCE_MAX) if words.strip() else ""


def _moment(node: Node, day: str) -> int:
    """The moment that stands for a day: now for today, noon for a day that is past. Raises InputWrong."""
    now = datetime.fromtimestamp(node.clock.now_ms() / 1000, UTC)
    try:
        wanted = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC) if day else now
    except ValueError:
        raise InputWrong("That is no day. Nothing was written down; type it as year-month-day.") from None
    if not now.date() - timedelta(days=DAYS_BACK) <= wanted.date() <= now.date() + timedelta(days=1):
        raise InputWrong(
            "That day is ahead, or longer ago than %(days)s days. Nothing was written down; choose another.",
            days=DAYS_BACK,
        )
    if wanted.date() >= now.date():
        return node.clock.now_ms()
    return round(wanted.replace(hour=NOON_HOURS).timestamp() * 1000)


def _check_same(node: Node, made: Sequence[tuple[Row, dict[str, Any]]]) -> None:
    """Raises InputWrong when somebody stands from the same form otherwise."""
    table = node.tables.Observation
    for row, each in made:
        standing = table.get_or_none(table.statement == each["id"])
        if standing is not None and (standing.level, standing.sentence) != (row.level, row.sentence):
            raise InputWrong(
                "This form came before and said something else. What came first stands, and nothing was changed;"
                " open it anew to note more."
            )


def _statement(actor: Person, what: What, row: Row, at_ms: int, form: str) -> dict[str, Any]:
    topic = competency(what.competency) if what.competency else seen(_topic(what.says))
    result: dict[str, Any] = {
        "score": {"scaled": round(row.level / TEACHES, 4), "raw": row.level, "min": NOT_YET, "max": TEACHES},
        "success": row.level >= ALONE,
    }
    if row.sentence:
        result["extensions"] = {FEEDBACK: row.sentence}
    return {
        "id": derived("seen", form, row.person, topic),
        "actor": person_actor(row.person),
        "verb": {"id": VERBS["scored"], "display": {"en": "scored"}},
        "object": {"id": topic, "definition": {"type": COMPETENCY_TYPE, "name": {what.language: what.says}}},
        "result": result,
        "timestamp": moment_text(at_ms),
        "context": {"instructor": {"objectType": "Agent", **person_actor(actor.id)}, "language": what.language},
    }


def _topic(words: str) -> str:
    """Equal for equal words, however they are written."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:mangrove:seen:{words.casefold()}"))
