"""What the pages of forgetting somebody are for: a part of `hub.web.help_words`."""

from flask_babel import lazy_gettext as _

from hub.web.help_kind import Help

FORGET = Help(
    _("Here somebody is forgotten for good: read first what goes and what stays."),
    (_("Nothing happens before you have said yes a second time."),),
)
PAGES = {
    "forgetting.ask": FORGET,
    "forgetting.show_all": Help(
        _("Here you see where somebody who was forgotten has been erased, and where not yet."),
        (_("A copy from before can be made anew, so that nobody comes back with it."),),
    ),
}
