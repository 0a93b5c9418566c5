"""Projection tables about learning: statements, and what they add up to for each person.

Times are milliseconds since 1970, UTC; scores are thousandths of the scaled score. A person is named by the id this
hub gave, or as `hub.vocabulary.agent_key` says; whoever comes from another hub has that hub's id behind an `@`.
"""

import peewee

OPENED, BEGUN, FINISHED, PASSED = 0, 1, 2, 3
"""How far somebody is with an item; from finished on it counts as done."""


class Statement(peewee.Model):
    """One xAPI statement in the index; its bytes lie in the journal at (stream, seq).

    `activity` is the object's name when that is an activity, `target` the id when it is another statement;
    `authority` is who wrote it, "" for the hub's own pages.
    `track` names the progress that the statement adds to, "" for none; `state` and `score` are what it adds.
    """

    id = peewee.TextField(primary_key=True)
    stream = peewee.TextField()
    seq = peewee.BigIntegerField()
    hub = peewee.TextField()
    stored_ms = peewee.BigIntegerField(index=True)
    at_ms = peewee.BigIntegerField()
    actor = peewee.TextField()
    verb = peewee.TextField()
    activity = peewee.TextField()
    target = peewee.TextField()
    registration = peewee.TextField()
    authority = peewee.TextField()
    track = peewee.TextField()
    state = peewee.IntegerField()
    score = peewee.IntegerField()
    is_voided = peewee.IntegerField(default=0)

    class Meta:
        """Read by person and activity, by activity, by the statement spoken of, and by the journal's order."""

        indexes = (
            (("actor", "activity"), False),
            (("activity", "stored_ms"), False),
            (("target",), False),
            (("stream", "seq"), True),
        )


class Mention(peewee.Model):
    """Whom or what else a statement speaks of, beyond its actor and object.

    `kind` is agent (the object, or a member of a group), activity, or one of these with `related ` before it: in the
    context or inside a statement within. The names above an activity of ours are not listed.
    """

    id = peewee.TextField(primary_key=True)
    statement = peewee.TextField(index=True)
    kind = peewee.TextField()
    name = peewee.TextField(index=True)


class Voiding(peewee.Model):
    """A statement that voids another one of the same hub, which may not have come yet."""

    id = peewee.TextField(primary_key=True)
    hub = peewee.TextField()
    target = peewee.TextField(index=True)


class Answer(peewee.Model):
    """One answer to one question; `response` as given, `tries` 1 for the first answer in a sitting.

    `attempt` is the sitting; `competencies` are names parted by spaces, with a space at both ends.
    """

    statement = peewee.TextField(primary_key=True)
    person = peewee.TextField()
    package = peewee.TextField()
    item = peewee.TextField()
    question = peewee.TextField()
    score = peewee.IntegerField()
    response = peewee.TextField()
    tries = peewee.IntegerField(default=1)
    competencies = peewee.TextField(default="")
    at_ms = peewee.BigIntegerField()
    stored_ms = peewee.BigIntegerField()
    attempt = peewee.TextField()
    is_voided = peewee.IntegerField(default=0)

    class Meta:
        """Read by person and item, and by item for a class."""

        indexes = ((("person", "package", "item"), False), (("package", "item"), False))


class Progress(peewee.Model):
    """How far one person is with one item; nothing in it ever goes back, unless a statement is voided.

    `hub` is where it was learned. `state` is 0 opened, 1 begun, 2 finished, 3 passed; `score` is the best in
    thousandths, -1 for none. `last_ms` is the last act; opening is none, so it counts only while nothing else was done.
    """

    id = peewee.TextField(primary_key=True)
    hub = peewee.TextField()
    person = peewee.TextField(index=True)
    package = peewee.TextField(index=True)
    item = peewee.TextField()
    state = peewee.IntegerField(default=0)
    score = peewee.IntegerField(default=-1)
    first_ms = peewee.BigIntegerField()
    last_ms = peewee.BigIntegerField()

    class Meta:
        """Counted by hub, from the index alone."""

        indexes = ((("hub", "person", "state"), False),)


class Competence(peewee.Model):
    """What one person's first answers say of one competency.

    `recent` is JSON: the latest answers as [at_ms, statement, score], newest first. `right_first_ms` and
    `right_last_ms` are NULL while no answer was right.
    """

    id = peewee.TextField(primary_key=True)
    person = peewee.TextField(index=True)
    competency = peewee.TextField()
    recent = peewee.TextField()
    right_first_ms = peewee.BigIntegerField(null=True)
    right_last_ms = peewee.BigIntegerField(null=True)


MODELS = (Statement, Mention, Voiding, Answer, Progress, Competence)
