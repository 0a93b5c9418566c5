"""Words and drawings for what is decided together: rounds, states, what can be said, and what comes of a review."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from hub import sentences
from hub.governance.standing import ADOPTED, CHANGE, END, ENDED, KEEP, REPLACED, WITHDRAWN, Proposal
from hub.governance.tally import CONSENT_METHOD, DOTS, LOTTERY, MAJORITY, RESISTANCE
from hub.tables.governance import ANSWER, CLARIFYING, CONSENT, QUESTION, REACTION, REACTIONS


@dataclass(frozen=True)
class Face:
    """What a round or a state is called, its drawing and its colour."""

    name: object
    icon: str
    tone: str


@dataclass(frozen=True)
class Ask:
    """A page on which somebody says something: its title, what to say there, and the drawing; how it is sent."""

    title: object
    hint: object
    icon: str
    send: object


STEPS: dict[str, Face] = {
    CLARIFYING: Face(_("Questions"), "help", "tide"),
    REACTIONS: Face(_("Reactions"), "heart", "clay"),
    CONSENT: Face(_("Consent"), "hand", "leaf"),
    ADOPTED: Face(_("Adopted"), "check", "good"),
}
"""The stairs that a proposal climbs, in their order."""
VOTE = Face(_("Vote"), "raised", "leaf")
"""What the consent round is called where it is voted."""
METHODS: dict[str, Ask] = {
    CONSENT_METHOD: Ask(_("Consent"), _("Adopted when nobody sees harm in it."), "hand", ""),
    MAJORITY: Ask(_("Majority"), _("Each chooses one; more than half decide."), "raised", _("This one")),
    DOTS: Ask(_("Dots"), _("Each lays three dots; most dots decide."), "dots", _("Lay my dots")),
    RESISTANCE: Ask(
        _("Least resistance"),
        _("Each says how hard every option would be; the lightest decides."),
        "sad",
        _("So I feel"),
    ),
    LOTTERY: Ask(_("Lots"), _("Who wishes puts the own name in; dice decide."), "swap", _("Put my name in")),
}
"""How it is decided: its name, how it goes, its drawing, and how one's ballot is sent."""
AS_IT_IS_SAID = _("Leave it as it is")
FACES: dict[int, Face] = {
    0: Face(_("easy for me"), "smile", "good"),
    2: Face(_("a little hard"), "heart", "leaf"),
    5: Face(_("hard"), "hint", "tide"),
    8: Face(_("very hard"), "warning", "warn"),
    10: Face(_("I cannot bear it"), "sad", "bad"),
}
"""How much resistance each face stands for."""
SORTS: dict[str, Face] = {
    "hands": Face(_("Hands"), "hand", "leaf"),
    "beans": Face(_("Beans in cups"), "seed", "clay"),
    "cards": Face(_("Cards"), "page", "tide"),
}
"""What was counted in a room."""
STATES: dict[str, Face] = {
    **STEPS,
    ENDED: Face(_("Ended"), "close", "clay"),
    REPLACED: Face(_("Replaced by another"), "swap", "clay"),
    WITHDRAWN: Face(_("Withdrawn"), "out", "clay"),
}
"""How a proposal stands."""
NOW: dict[str, object] = {
    CLARIFYING: _("Ask what you do not understand."),
    REACTIONS: _("Say what you think of it."),
    CONSENT: _("Is it good enough for now, and safe enough to try?"),
    "vote": _("Say what you are for."),
    "reopened": _("It was adopted, but something that the round had not seen came from elsewhere."),
    "due": _("Its day of review has come."),
}
"""What is to be done now, in one sentence."""
ASKS: dict[str, Ask] = {
    QUESTION: Ask(_("Ask something"), _("What do you not understand yet?"), "help", _("Ask it")),
    ANSWER: Ask(_("Answer"), _("Say it shortly and plainly."), "help", _("Answer it")),
    REACTION: Ask(_("Say what you think"), _("What is good about it? What do you wish?"), "heart", _("Say it")),
    "consent": Ask(_("I consent"), _("Good enough for now, and safe enough to try."), "hand", _("Yes, I consent")),
    "concern": Ask(
        _("I consent, with a concern"),
        _("What shall we look at again on the day of review?"),
        "raised",
        _("I consent, with this concern"),
    ),
    "objection": Ask(_("I object"), _("What harm would it do? What would make it safe enough?"), "stop", _("Object")),
}
"""What can be said, by the name it has in addresses."""
OUTCOMES: dict[str, Face] = {
    KEEP: Face(_("Keep it"), "check", "good"),
    CHANGE: Face(_("Change it"), "edit", "tide"),
    END: Face(_("End it"), "close", "clay"),
}
"""What can come of a review."""
MONTHS: dict[int, object] = {
    1: _("in one month"),
    3: _("in three months"),
    6: _("in half a year"),
    12: _("in a year"),
}
"""When a decision is looked at again."""


def now(found: Proposal, now_ms: int) -> str:
    """What is to be done with a proposal now; "" for nothing."""
    step = "reopened" if found.is_reopened else "due" if found.is_due(now_ms) else found.state
    if step == CONSENT and found.method != CONSENT_METHOD:
        step = "vote"
    return str(NOW.get(step, ""))


def day(moment_ms: int) -> str:
    """A day as readers of the page write it; milliseconds since 1970, UTC."""
    return sentences.day_of(moment_ms)
