"""Words for what people are called by short names in records: roles, parts, relations; and the pictures of a secret."""

from flask_babel import lazy_gettext as _

SECRET_NAMES: dict[str, object] = {
    "star": _("star"),
    "key": _("key"),
    "leaf": _("leaf"),
    "shoe": _("shoe"),
    "spoon": _("spoon"),
    "hat": _("hat"),
    "basket": _("basket"),
    "book": _("book"),
    "bell": _("bell"),
    "egg": _("egg"),
    "house": _("house"),
    "cup": _("cup"),
}
ROLE_NAMES: dict[str, object] = {
    "learner": _("Learner"),
    "guardian": _("Guardian"),
    "facilitator": _("Facilitator"),
    "librarian": _("Librarian"),
    "steward": _("Steward"),
    "partner": _("Partner"),
    "region": _("Regional coordinator"),
}
PART_NAMES: dict[str, object] = {"learner": _("learns there"), "facilitator": _("leads it")}
RELATION_NAMES: dict[str, object] = {"child": _("child"), "guardian": _("guardian"), "other": _("other")}
CIRCLE_NAMES: dict[str, object] = {"circle": _("Circle"), "class": _("Class"), "team": _("Team")}
