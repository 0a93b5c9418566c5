"""Words for the settings that matter and for what somebody does in an office."""

from flask_babel import lazy_gettext as _

from hub import acts
from hub.acts import Act
from hub.web.forgetting import SINCE
from hub.web.names import ROLE_NAMES

TITLES: dict[str, object] = {
    "guests": _("Guests"),
    "roles": _("Who gives roles"),
    "publishing": _("Who puts new lessons on the shelf"),
    "erasing": _("Who may forget a person"),
}
"""Matter → what it is called."""
SAYS: dict[str, dict[str, object]] = {
    "guests": {"yes": _("Guests may learn here without a name."), "no": _("Only who is signed in learns here.")},
    "roles": {
        "keepers": _("Librarians and stewards give and take roles."),
        "stewards": _("Only stewards give and take roles."),
        "decision": _("A role is given by a decision, which a steward writes down."),
    },
    "publishing": {
        "keepers": _("Librarians and stewards put new lessons on the shelf."),
        "stewards": _("Only stewards put new lessons on the shelf."),
    },
    "erasing": {
        "leaders": _("Stewards and librarians may forget a person, and facilitators a learner of their circle."),
        "keepers": _("Stewards and librarians may forget a person."),
        "stewards": _("Only stewards may forget a person."),
    },
}
"""Matter → each of its choices, in a sentence."""
ICONS = {"guests": "person", "roles": "key", "publishing": "book", "erasing": "remove"}
"""Matter → its drawing."""
PUBLIC = (acts.ROLE_GIVEN, acts.ROLE_TAKEN, acts.ERASED, acts.MATTER, acts.READER)
"""What all who belong here may read of acts without a decision; secrets are for whoever they are about."""


def says(act: Act) -> str:
    """What was done, in a sentence that names nobody."""
    if act.sort in (acts.ROLE_GIVEN, acts.ROLE_TAKEN):
        role = ROLE_NAMES.get(act.what, act.what)
        is_given = act.sort == acts.ROLE_GIVEN
        return str(_("Gave a role: %(role)s", role=role) if is_given else _("Took a role back: %(role)s", role=role))
    if act.sort == acts.SECRET:
        return str(_("Let three new pictures be chosen.") if act.what == "new" else _("Made a new secret on a card."))
    if act.sort == acts.ERASED:
        return str(SINCE.get(act.what, ""))
    if act.sort == acts.READER:
        return str(_("Named to read reports.") if act.what == acts.NAMED else _("Named no more to read reports."))
    matter, _space, chosen = act.what.partition(" ")
    return str(SAYS.get(matter, {}).get(chosen, ""))
