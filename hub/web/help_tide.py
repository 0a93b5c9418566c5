"""What the pages of what leaves, of what hubs hold together, and of moving are for: a part of `hub.web.help_words`."""

from flask_babel import lazy_gettext as _

from hub.web.help_kind import Help

MOVING = Help(
    _("Here somebody takes their learning along to another hub."),
    (_("The file and its code belong to that person. Keep them apart until they are there."),),
)
ARRIVING = Help(
    _("Here the file of somebody who comes from another hub is opened."),
    (_("Ask the person for the code. At the first sign-in they choose their secret anew."),),
)
PAGES = {
    "moving.show": MOVING,
    "moving.watch": MOVING,
    "moving.ask_file": ARRIVING,
    "moving.watch_arriving": ARRIVING,
    "status.outbox": Help(_("Here you can read what leaves this place, row by row.")),
    "sharing.show": Help(
        _("Here stands what may leave this place, and how the community came to that."),
        (_("A steward can propose another form; all decide it together."),),
    ),
    "sharing.ask_change": Help(
        _("Here a steward proposes what may leave, to whom and in which form."),
        (_("Nothing changes before the community has adopted it."),),
    ),
    "together.show": Help(
        _("Here stand the people and groups that this hub holds together with its neighbours."),
        (
            _("Where two places changed the same, look at both values and choose one; the other place hears of it."),
            _("The hub at home decides. Another one proposes."),
        ),
    ),
    "together.show_one": Help(
        _("Here is one group or person that several hubs hold together, and what each of them says."),
        (_("What you change here goes to the other hubs with the next tide."),),
    ),
    "leaving.show": Help(
        _("Here you read what leaving the region means, and do it."),
        (_("Decide it together first. To come back, ask the region for a code and join again."),),
    ),
    "copied.show": Help(
        _("Here you say whether two machines under one key are one place or two."),
        (_("Ask at the other place first, so that both say the same. Until then nothing is lost."),),
    ),
    "sharing.show_others": Help(_("Here stands what neighbours share with this hub, by name or as counts.")),
}
"""The view that shows a page → its help."""
