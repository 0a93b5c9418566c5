"""Words for what records call by short names: pictures, roles, parts in a circle, relations in a household."""

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
PICTURE_NAMES: dict[str, object] = {
    "butterfly": _("butterfly"),
    "goat": _("goat"),
    "fish": _("fish"),
    "mango": _("mango"),
    "drum": _("drum"),
    "bird": _("bird"),
    "cow": _("cow"),
    "cat": _("cat"),
    "kite": _("kite"),
    "ball": _("ball"),
    "flower": _("flower"),
    "bee": _("bee"),
    "elephant": _("elephant"),
    "moon": _("moon"),
    "snail": _("snail"),
    "tortoise": _("tortoise"),
    "boat": _("boat"),
    "hen": _("hen"),
    "hammer": _("hammer"),
    "bicycle": _("bicycle"),
    "lamp": _("lamp"),
    "bucket": _("bucket"),
    "maize": _("maize"),
    "orange": _("orange"),
    "tree": _("tree"),
    "cloud": _("cloud"),
    "sun": _("sun"),
    "melon": _("melon"),
    "banana": _("banana"),
    "rain": _("rain"),
    "pineapple": _("pineapple"),
    "baobab": _("baobab"),
    "market": _("market"),
    "fire": _("fire"),
    "well": _("well"),
    "river": _("river"),
    "mountain": _("mountain"),
    "garden": _("garden"),
    "nest": _("nest"),
    "field": _("field"),
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
THING_KINDS: dict[str, object] = {
    "book": _("paper book"),
    "tool": _("tool"),
    "radio": _("radio"),
    "device": _("device"),
    "game": _("game"),
    "other": _("something else"),
}
THING_ICONS = {
    "book": "book",
    "tool": "tools",
    "radio": "audio",
    "device": "phone",
    "game": "smile",
    "other": "library",
}
OUTCOME_NAMES: dict[str, object] = {"": _("whole"), "damaged": _("damaged"), "lost": _("lost")}
