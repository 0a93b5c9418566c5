"""What leaves, in sentences: each row of a sharing policy, and each record that goes, said as a person would say it."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from content.errors import N_
from hub import sentences
from hub.node import Node
from hub.sentences import gettext as _
from hub.sentences import isolated, ngettext
from hub.sharing import rows
from hub.sharing.rows import Form, Row
from hub.tide.policy import CERTIFICATE, COUNTED, EPOCH, JOINT, NAMED_CIRCLE, NAMED_PERSON, RECEIPT
from hub.tide.publish import Copy
from hub.vocabulary import ACTIVITY, COMPETENCY, VERBS
from sync.erasing import ERASE

NAME_LETTERS = 6
"""Of a made-up name, what tells two apart on one page."""
GOES: Mapping[tuple[str, str], str] = {
    (rows.HUB, rows.AS_IT_IS): N_(
        "The name, role, language and version of this hub, and the key by which others seal what is for it, go to"
        " %(whom)s, as they are."
    ),
    (rows.SHELF, rows.AS_IT_IS): N_("The list of what stands on the shelf goes to %(whom)s, as it is."),
    (CERTIFICATE, rows.AS_IT_IS): N_("The list of hubs that belong to this region goes to %(whom)s, as it is."),
    (rows.LEARNING, rows.UNDER_A_PSEUDONYM): N_(
        "What was learned goes to %(whom)s under a made-up name, without anything that somebody wrote, with its time"
        " %(time)s."
    ),
    (rows.LEARNING, rows.COUNTS): N_(
        "Of what was learned only counts of ten people or more go to %(whom)s, once for every four weeks that are over."
    ),
    (rows.PERSON, rows.BY_NAME): N_(
        "Name and picture of those who said yes to that go to %(whom)s; of nobody else. Nothing that they learned goes"
        " along."
    ),
    (rows.CIRCLE, rows.AS_IT_IS): N_("The names and pictures of the groups here go to %(whom)s, as they are."),
}
"""Kind and form → the sentence of a row; `whom` is whoever gets it."""
STAYS: Mapping[str, str] = {
    rows.HUB: N_("The name of this hub does not go to %(whom)s."),
    rows.SHELF: N_("The list of what stands on the shelf does not go to %(whom)s."),
    rows.LEARNING: N_("Nothing of what was learned goes to %(whom)s, not even a count."),
    rows.PERSON: N_("Nobody is named to %(whom)s."),
    rows.CIRCLE: N_("No group is named to %(whom)s."),
}
FORMS: Mapping[Form, str] = {
    (rows.AS_IT_IS, rows.EXACT): N_("as it is"),
    (rows.AS_IT_IS, rows.DAY): N_("as it is"),
    (rows.BY_NAME, rows.DAY): N_("by name, of those who said yes to that"),
    (rows.UNDER_A_PSEUDONYM, rows.HOUR): N_("under a made-up name, to the hour"),
    (rows.UNDER_A_PSEUDONYM, rows.DAY): N_("under a made-up name, to the day"),
    (rows.UNDER_A_PSEUDONYM, rows.WEEK): N_("under a made-up name, to the week"),
    (rows.UNDER_A_PSEUDONYM, rows.MONTH): N_("under a made-up name, to the month"),
    (rows.COUNTS, rows.MONTH): N_("counts only, never of fewer than ten people"),
    rows.STAYS: N_("never"),
}
"""A form on offer → its words, to choose from."""
TIMES: Mapping[str, str] = {
    rows.HOUR: N_("to the hour"),
    rows.DAY: N_("to the day"),
    rows.WEEK: N_("to the week"),
    rows.MONTH: N_("to the month"),
}
DID: Mapping[str, str] = {
    "answered": N_("%(who)s answered %(what)s: %(how)s."),
    "completed": N_("%(who)s finished %(what)s."),
    "passed": N_("%(who)s passed %(what)s: %(how)s."),
    "failed": N_("%(who)s did not pass %(what)s yet: %(how)s."),
    "scored": N_("%(who)s was seen doing %(what)s: %(how)s."),
    "voided": N_("%(who)s: an earlier record does not count any more."),
}
BEGAN = N_("%(who)s was at %(what)s.")
"""What is said of every other verb."""


def whom(node: Node, audience: str) -> str:
    """Who an audience is, in the middle of a sentence."""
    if audience == rows.PUBLIC:
        return _("every hub we exchange with")
    if audience == rows.REGION:
        return _("our region only")
    return _("%(name)s only", name=named(node, rows.hub_of(audience)))


def receiver(node: Node, audience: str) -> str:
    """The same where nobody else is shut out by it: that they get nothing, or what is on its way to them."""
    if audience == rows.REGION:
        return _("our region")
    if audience == rows.PUBLIC:
        return _("other hubs")
    return named(node, rows.hub_of(audience))


def named(node: Node, hub: str) -> str:
    """What another hub is called; the beginning of its key when it has told no name."""
    told = node.tables.Hub.get_or_none(node.tables.Hub.id == hub)
    joined = node.tables.Peer.get_or_none(node.tables.Peer.id == hub)
    return isolated(str((told and told.name) or (joined and joined.name) or hub[:NAME_LETTERS]))


def row(node: Node, found: Row) -> str:
    """What one row of a policy means."""
    pattern = GOES.get((found.kind, found.how))
    if pattern is None:
        return _(STAYS[found.kind], whom=receiver(node, found.audience))
    facts: dict[str, object] = {"whom": whom(node, found.audience)}
    if found.how == rows.UNDER_A_PSEUDONYM:
        facts["time"] = time(found)
    return _(pattern, **facts)


def nothing(node: Node, audience: str) -> str:
    """That an audience gets nothing."""
    return _("Nothing goes to %(whom)s.", whom=receiver(node, audience))


def form(found: Form) -> str:
    """A form on offer, to choose from."""
    return _(FORMS[found])


def time(found: Row) -> str:
    """How exact the time of a row is; "" where it says nothing of that."""
    return _(TIMES[found.time]) if found.how == rows.UNDER_A_PSEUDONYM else ""


def said(copy: Copy) -> str:
    """What one record says; its bytes say it in full."""
    payload = json.loads(copy.payload)
    return _SAYS[copy.kind](payload.get("set") or payload.get("raw") or payload)


def _hub(fields: Mapping[str, Any]) -> str:
    return (
        _("This hub is called %(name)s.", name=isolated(fields["name"])) if fields.get("name") else _("About this hub.")
    )


def _package(fields: Mapping[str, Any]) -> str:
    title = isolated(fields.get("title") or fields.get("package") or "?")
    if fields.get("is_here") == 0:
        return _("%(title)s stands on the shelf here no more.", title=title)
    return _("%(title)s stands on the shelf here.", title=title)


def _certificate(fields: Mapping[str, Any]) -> str:
    name, state = isolated(str(fields.get("name") or "?")), fields.get("state")
    if "name" in fields:
        return _("%(name)s belongs to the region, as number %(number)s.", name=name, number=fields.get("number"))
    if state == "member":
        return _("A hub belongs to the region again.")
    return _("A hub does not belong to the region any more.")


def _statement(raw: Mapping[str, Any]) -> str:
    verb = next((word for word, name in VERBS.items() if name == raw["verb"]["id"]), "")
    result = raw.get("result") or {}
    facts: dict[str, object] = {
        "who": _("Somebody (%(name)s…)", name=isolated(str(raw["actor"]["account"]["name"])[:NAME_LETTERS])),
        "what": isolated(str(raw["object"]["id"]).removeprefix(ACTIVITY).removeprefix(COMPETENCY).replace(":", " › ")),
        "how": _how(result),
    }
    return _(DID.get(verb, BEGAN), **facts)


def _how(result: Mapping[str, Any]) -> str:
    """How well it went."""
    scaled = (result.get("score") or {}).get("scaled")
    if scaled is not None:
        return sentences.percent(round(scaled, 2))
    if result.get("success") is None:
        return _("done")
    return _("right") if result["success"] else _("not right yet")


def counted(fields: Mapping[str, Any]) -> str:
    """What one count says."""
    since, until = (_day(fields[name]) for name in ("since_ms", "until_ms"))
    facts = {"since": since, "until": until}
    if fields["sort"] == "people":
        return ngettext(
            "From %(since)s to %(until)s %(num)s person finished something here.",
            "From %(since)s to %(until)s %(num)s people finished something here.",
            fields["count"],
            **facts,
        )
    if fields["sort"] == "competency":
        return ngettext(
            "From %(since)s to %(until)s %(num)s person practised %(what)s.",
            "From %(since)s to %(until)s %(num)s people practised %(what)s.",
            fields["count"],
            what=isolated(str(fields["name"]).removeprefix(COMPETENCY)),
            **facts,
        )
    what = isolated(fields.get("title", "")) or _("everything together")
    return ngettext(
        "From %(since)s to %(until)s %(num)s step was finished: %(what)s.",
        "From %(since)s to %(until)s %(num)s steps were finished: %(what)s.",
        fields["count"],
        what=what,
        **facts,
    )


def _day(at_ms: int) -> str:
    try:
        return sentences.day(EPOCH + timedelta(milliseconds=at_ms))
    except OverflowError:
        return _("an unknown time")


def _person(fields: Mapping[str, Any]) -> str:
    if not fields.get("is_here"):
        return _("Somebody who was named before is named no more.")
    groups = len(str(fields.get("circles", "")).split())
    if not groups:
        return _("%(name)s is here.", name=isolated(fields["name"]))
    return ngettext(
        "%(name)s is here, in %(num)s group.",
        "%(name)s is here, in %(num)s groups.",
        groups,
        name=isolated(fields["name"]),
    )


def _circle(fields: Mapping[str, Any]) -> str:
    if not fields.get("is_here"):
        return _("A group that was named before is named no more.")
    return _("There is a group here called %(name)s.", name=isolated(fields["name"]))


JOINT_SAYS: Mapping[str, str] = {
    "write": N_("Of what is held together this stands now: %(value)s."),
    "proposal": N_("A change is proposed to the hub at home: %(value)s."),
    "home": N_("Another hub decides from now on about something that is held together."),
    "add": N_("Somebody was put into a group that is held together."),
    "remove": N_("Somebody was taken out of a group that is held together."),
    "hold": N_("Something is held together with this neighbour."),
    "release": N_("Something is held together no more."),
}
"""Sort of a fact → its sentence; `value` is a name, or the name of a picture."""


def _joint(fact: Mapping[str, Any]) -> str:
    pattern = JOINT_SAYS.get(str(fact.get("sort")), JOINT_SAYS["hold"])
    return _(pattern, value=isolated(str(fact.get("value", ""))))


def _erased(said: Mapping[str, Any]) -> str:
    """What is erased wherever it went; or that nothing of it is to come back."""
    if not said.get("erased"):
        return _("What was taken back is not to come back by any other road.")
    return ngettext(
        "%(num)s record that had left is taken back: who has it erases it.",
        "%(num)s records that had left are taken back: who has them erases them.",
        len(said["erased"]),
    )


_SAYS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    rows.HUB: _hub,
    rows.SHELF: _package,
    rows.LEARNING: _statement,
    CERTIFICATE: _certificate,
    COUNTED: counted,
    NAMED_PERSON: _person,
    NAMED_CIRCLE: _circle,
    RECEIPT: lambda _fields: _("A sealed receipt goes to the hub that somebody has left, as they wished."),
    JOINT: _joint,
    ERASE: _erased,
}
