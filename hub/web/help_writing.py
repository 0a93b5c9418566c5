"""What the pages of drafts and of banks of questions are for: a part of `hub.web.help_words`."""

from flask_babel import lazy_gettext as _

from hub.web.help_kind import Help

WRITING = Help(
    _("Here lessons and questions are written, and come onto the shelf of this hub."),
    (_("Each part is kept at once. Nobody sees it before you put it on the shelf."),),
)
BANK = Help(
    _("Here questions are kept for many lessons: they are written, taken out of files and drafts, found and mended."),
    (_("What a lesson took from here stays with it. What was taken out can be brought back."),),
)
PART = Help(
    _("Here you write one part of a lesson, or one question."),
    (_("Nothing that was kept is lost when the line drops: open the page again."),),
)
LOOKING = Help(
    _("Here you see a draft as learners will see it."),
    (_("When all is well, the large button puts it on the shelf."),),
)
PAGES = {
    "writing.show": WRITING,
    "writing.ask_new": WRITING,
    "writing.one": WRITING,
    "writing.ask_about": WRITING,
    "writing.ask_part": PART,
    "banks.show": BANK,
    "banks.ask_new": BANK,
    "banks.one": BANK,
    "banks.ask_about": BANK,
    "banks.ask_question": PART,
    "banks.ask_change": PART,
    "banks.ask_file": BANK,
    "banks.ask_delete": BANK,
    "bank_takings.ask_draft": BANK,
    "bank_takings.ask_bank": BANK,
    "writing.ask_change": PART,
    "drafting.look": LOOKING,
    "drafting.look_back": LOOKING,
    "drafting.ask_delete": WRITING,
    "drafting.ask_send_back": WRITING,
}
"""The view that shows a page → its help."""
