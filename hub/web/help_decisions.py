"""What the pages are for on which a community decides together: a part of `hub.web.help_words`."""

from flask_babel import lazy_gettext as _

from hub.web.help_kind import Help

DECIDING = Help(
    _("Here you decide together: a proposal is adopted when nobody sees harm in it."),
    (
        _("The stairs show how far it is; the large card says what to do now."),
        _("Press a speaker to hear it. A steward types for whoever is in the room."),
    ),
)
REGISTER = Help(
    _("Here stands what was decided, ready to be printed."), (_("Hang it where people pass, or read it out."),)
)
ROUND = Help(
    _("Here a round of deciding goes on: what you write down is kept with who said it."),
    (_("Nothing is overwritten: the former text and every objection can still be read."),),
)
PAGES: dict[str, Help] = {
    "decisions.show_all": DECIDING,
    "decisions.show": DECIDING,
    "decisions.register": REGISTER,
    "decisions.minutes": REGISTER,
    "matters.show_all": Help(
        _("Here stands what holds of the settings that matter, and who decided it."),
        (_("A steward puts a change to the community, or makes it alone, which everybody can read."),),
    ),
    "matters.ask": Help(
        _("Here a steward changes a setting that matters."),
        (_("Put it to the community; or do it at once, as your own, and say why."),),
    ),
    "log.show": Help(
        _("Here you read what others did to you or for you: who, what, when, and by which decision."),
        (_("Is something wrong? Talk with them, or tell a steward."),),
    ),
    "voices.ask": Help(
        _("Here you say one thing about a proposal, in your own words."),
        (_("Everybody who is signed in here can read it, with your name."),),
    ),
    "rounds.ask_new": Help(
        _("Here a steward opens a proposal, for themselves or for somebody else."),
        (_("One thing to do, in a few plain sentences."),),
    ),
    "rounds.ask_amend": ROUND,
    "ballots.ask": Help(
        _("Here you vote: press what you are for."),
        (_("You can change it until the round is closed. Only what came of it all is shown."),),
    ),
    "ballots.ask_count": ROUND,
    "ballots.ask_draw": ROUND,
    "rounds.ask_hands": ROUND,
    "rounds.ask_adopt": ROUND,
    "rounds.ask_review": ROUND,
}
"""The view that shows a page → its help."""
