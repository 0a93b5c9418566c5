"""Learning: open an item, answer, finish; what follows for the person and for a class.

Every act goes through the door for learning records (`hub.xapi.store`); what pages show is read from what the folds
made of it. Nothing here sees a request.
"""

from hub.learning.acts import Given, Taken, begin_again, finish, note_place, open_item, take_answer, try_out
from hub.learning.items import Opened, find, following, lesson_for, on_paper, quiz
from hub.learning.sittings import PLACE_MAX, Sitting, last_place, latest

__all__ = [
    "PLACE_MAX",
    "Given",
    "Opened",
    "Sitting",
    "Taken",
    "begin_again",
    "find",
    "finish",
    "following",
    "last_place",
    "latest",
    "lesson_for",
    "note_place",
    "on_paper",
    "open_item",
    "quiz",
    "take_answer",
    "try_out",
]
