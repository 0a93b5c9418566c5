"""Learning: open an item, answer, finish; what follows for the person and for a class.

Every act goes through the door for learning records (`hub.xapi.store`); what pages show is read from what the folds
made of it. Nothing here sees a request.
"""

from hub.learning.acts import Given, Taken, begin_again, finish, note_place, open_item, take_answer, try_out
from hub.learning.items import Opened, find, following, quiz
from hub.learning.sittings import Sitting, latest

__all__ = [
    "Given",
    "Opened",
    "Sitting",
    "Taken",
    "begin_again",
    "find",
    "finish",
    "following",
    "latest",
    "note_place",
    "open_item",
    "quiz",
    "take_answer",
    "try_out",
]
