"""What the pages of the protection of people are for: a part of `hub.web.help_words`."""

from flask_babel import lazy_gettext as _

from hub.web.help_kind import Help

PAGES = {
    "safe.ask": Help(
        _("Here you tell that something is not right: press one drawing."),
        (
            _("Only the adults who are shown here read it."),
            _("Is it about one of them? Press their picture first; then they do not see it."),
        ),
    ),
    "safe.sent": Help(
        _("It was sent. Here you can say more, with your voice or in words."),
        (_("You need not. What you pressed is enough."),),
    ),
    "safe.show_all": Help(
        _("Here is what was reported to you, and how it stands."),
        (_("Whoever a report is about does not see it."),),
    ),
    "safe.show": Help(
        _("Here is one report: look, talk with whoever is concerned, and say when it is settled."),
        (_("Do not promise that nobody will hear of it. Where somebody is in danger, fetch help at once."),),
    ),
    "safe.ask_named": Help(
        _("Here a steward names the two adults who read reports."),
        (_("Choose people whom children trust, and not two of one household."),),
    ),
}
"""The view that shows a page → its help."""
