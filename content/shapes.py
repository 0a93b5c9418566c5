"""What fields of a manifest may hold where they are more than text: levels, ages, goals. Each is read, or refused."""

import re
from collections import Counter

from content.fields import Fields

LEVELS = ("", "beginner", "middle", "advanced")
SOUND = ("", "needed", "none")
USES = ("", "lesson", "exercise", "story", "song", "reference", "game", "project", "test", "guide")
"""What one does with something: schema.org's learningResourceType."""
ROLES = ("", "student", "teacher", "parent")
"""Who uses it for learning: schema.org's educationalRole."""
TOPICS_MAX = 16
"""Topics inside topics, as many as folders inside folders."""
ALL_AGES = (0, 8, 12, 16, 18)
"""Ages from which on something may be shown: few, so that a search can tell them apart."""

NEEDS_MAX = 500
"""Packages that one course leads through: as many as a collection has."""
DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_ABILITY = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}/[a-z0-9][a-z0-9._-]{0,79}")
_SDG = re.compile(r"([1-9]|1[0-7])(\.[0-9a-z]{1,2})?")


def is_goal(text: str) -> bool:
    """Whether `text` is a goal or a target of the United Nations, such as 4 or 4.7."""
    return _SDG.fullmatch(text) is not None


def is_day(text: str) -> bool:
    """Whether `text` is a year, a month or a day in ISO form."""
    return DAY.fullmatch(text) is not None


def is_ability(text: str) -> bool:
    """Whether `text` has the shape of a competency's name outside its package (`content.package.field_id`)."""
    return _ABILITY.fullmatch(text) is not None


def age_class(age: int) -> int:
    """The greatest of ALL_AGES that somebody of that age has reached."""
    return max(each for each in ALL_AGES if each <= max(age, 0))


def shaped(fields: Fields, name: str, shape: re.Pattern[str], like: str, *, needed: bool = True) -> str:
    """A text of one shape; `like` tells what it looks like."""
    value = fields.text(name, None if needed else "")
    if value and not shape.fullmatch(value):
        fields.refuse(f'"{name}" must be {like}')
    return value


def unique(fields: Fields, ids: list[str], what: str) -> None:
    """Refuse ids that are used twice."""
    for each, count in Counter(ids).items():
        if count > 1:
            fields.refuse(f'the {what} id "{each}" is used twice')


def level(fields: Fields) -> str:
    """How much one must know."""
    found = fields.text("level", "")
    if found not in LEVELS:
        fields.refuse('"level" must be beginner, middle or advanced')
    return found


def sound(fields: Fields) -> str:
    """Whether sound is needed."""
    found = fields.text("sound", "")
    if found not in SOUND:
        fields.refuse('"sound" must be needed or none')
    return found


def needs(fields: Fields, shape: re.Pattern[str]) -> tuple[str, ...]:
    """Packages that a course leads through, each once; `shape` is that of a package's id."""
    found = fields.texts("needs", limit=80)
    if len(found) > NEEDS_MAX or not all(shape.fullmatch(each) for each in found):
        fields.refuse(f'"needs" must be at most {NEEDS_MAX} ids of packages')
    unique(fields, list(found), "needed package's")
    return found


def sdg(fields: Fields) -> tuple[str, ...]:
    """Goals and targets of the United Nations."""
    goals = fields.texts("sdg")
    for goal in goals:
        if not _SDG.fullmatch(goal):
            fields.refuse(f'"{goal}" is not a goal or target such as 4 or 4.7')
    return goals


def one_of(fields: Fields, name: str, known: tuple[str, ...]) -> str:
    """One word of a list, "" when it is absent."""
    found = fields.text(name, "")
    if found not in known:
        fields.refuse(f'"{name}" must be one of {", ".join(filter(None, known))}')
    return found


def abilities(fields: Fields) -> tuple[str, ...]:
    """What one can do afterwards, by the names of other works."""
    names = fields.texts("abilities")
    for name in names:
        if not is_ability(name):
            fields.refuse(f'"{name}" is not the name of what another work teaches, such as safe-water/boil')
    return names


def topics(fields: Fields) -> tuple[str, ...]:
    """The titles of the pages that lead to an item."""
    found = fields.path("topics", limit=200)
    if len(found) > TOPICS_MAX:
        fields.refuse(f'"topics" is more than {TOPICS_MAX} deep')
    return found
