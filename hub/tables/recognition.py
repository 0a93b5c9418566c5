"""Projection tables of what people saw somebody do, and of what a community recognises with a badge.

Times are milliseconds since 1970, UTC. People are named by their id.
"""

import peewee

NOT_YET, WITH_HELP, ALONE, TEACHES = 0, 1, 2, 3
"""How well somebody was seen to do something: an ordinal of its own, and no mark."""


class Observation(peewee.Model):
    """What a facilitator saw somebody do; `statement` is its learning record.

    `competency` is `work/competency` or "", and then `words` say what was seen, in `language`. `topic` is the activity
    in the record, equal for equal competencies and words. `sentence` may be "".
    """

    statement = peewee.TextField(primary_key=True)
    person = peewee.TextField(index=True)
    topic = peewee.TextField()
    competency = peewee.TextField()
    words = peewee.TextField()
    language = peewee.TextField()
    level = peewee.IntegerField()
    sentence = peewee.TextField()
    observer = peewee.TextField()
    at_ms = peewee.BigIntegerField()
    is_voided = peewee.IntegerField(default=0)


class Badge(peewee.Model):
    """What a community recognises: a name, what it stands for, and a picture of the hub's own.

    `competencies` are names parted by spaces. One that `is_given` no longer stays with whoever has it.
    """

    id = peewee.TextField(primary_key=True)
    name = peewee.TextField()
    means = peewee.TextField()
    competencies = peewee.TextField(default="")
    picture = peewee.TextField()
    language = peewee.TextField(default="")
    definer = peewee.TextField(default="")
    defined_ms = peewee.BigIntegerField()
    is_given = peewee.IntegerField(default=1)


class Award(peewee.Model):
    """A badge that somebody has; `statement` is its learning record, `sentence` what it was given for, or ""."""

    statement = peewee.TextField(primary_key=True)
    person = peewee.TextField(index=True)
    badge = peewee.TextField(index=True)
    giver = peewee.TextField()
    sentence = peewee.TextField()
    at_ms = peewee.BigIntegerField()
    is_voided = peewee.IntegerField(default=0)


MODELS = (Observation, Badge, Award)
