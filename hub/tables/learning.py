"""Projection tables about learning: statements, and what they add up to for each person."""

import peewee


class Statement(peewee.Model):
    """One xAPI statement in the index; its bytes lie in the journal at (stream, seq).

    `actor` is the person's id when the hub knows the person, else the actor's identifier as text. Times are
    milliseconds since 1970, UTC. `score` is thousandths of the scaled score.
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
    registration = peewee.TextField(default="")
    is_voided = peewee.IntegerField(default=0)

    class Meta:
        """Lists are read newest first for one actor or one activity."""

        indexes = (
            (("actor", "stored_ms"), False),
            (("activity", "stored_ms"), False),
            (("stream", "seq"), True),
        )


class Voiding(peewee.Model):
    """A statement that voids another, which may not have come yet."""

    id = peewee.TextField(primary_key=True)
    target = peewee.TextField(index=True)


class Answer(peewee.Model):
    """One answer to one question; `score` is thousandths, `response` as given."""

    statement = peewee.TextField(primary_key=True)
    person = peewee.TextField()
    package = peewee.TextField()
    item = peewee.TextField()
    question = peewee.TextField()
    score = peewee.IntegerField()
    response = peewee.TextField()
    at_ms = peewee.BigIntegerField()
    stored_ms = peewee.BigIntegerField()
    attempt = peewee.TextField()

    class Meta:
        """Read by person and item, and by item for a class."""

        indexes = ((("person", "package", "item"), False), (("package", "item"), False))


class Progress(peewee.Model):
    """How far one person is with one item; nothing in it ever goes back.

    `state` is 0 not opened, 1 opened, 2 finished, 3 passed; `score` is the best in thousandths, -1 for none.
    """

    id = peewee.TextField(primary_key=True)
    person = peewee.TextField(index=True)
    package = peewee.TextField(index=True)
    item = peewee.TextField()
    state = peewee.IntegerField(default=0)
    score = peewee.IntegerField(default=-1)
    first_ms = peewee.BigIntegerField()
    last_ms = peewee.BigIntegerField()


MODELS = (Statement, Voiding, Answer, Progress)
