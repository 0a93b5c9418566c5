"""Projection tables about learning: statements, and what they add up to for each person.

Times are milliseconds since 1970, UTC; scores are thousandths of the scaled score. A person is named by the id this
hub gave, or as `hub.vocabulary.agent_key` says; whoever comes from another hub has that hub's id behind an `@`.
"""

import peewee

OPENED, BEGUN, FINISHED, PASSED = 0, 1, 2, 3
"""How far somebody is with an item; from finished on it counts as done."""


class Statement(peewee.Model):
    """One xAPI statement in the index; its bytes lie in the journal at (stream, seq).

    `rank` is its place in the order of storing. `activity` is the object's name when that is an activity, `target` the
    id when it is another statement; `authority` is who wrote it, "" for the hub's own pages. `state` and `score` are
    what it adds to somebody's progress. To be read only: the rows are those of `hub.tables.compact`, and whoever looks
    for one of many asks there, by id or by rank.
    """

    id = peewee.TextField(primary_key=True)
    rank = peewee.BigIntegerField()
    stream = peewee.TextField()
    seq = peewee.BigIntegerField()
    hub = peewee.TextField()
    stored_ms = peewee.BigIntegerField()
    at_ms = peewee.BigIntegerField()
    actor = peewee.TextField()
    verb = peewee.TextField()
    activity = peewee.TextField()
    target = peewee.TextField()
    registration = peewee.TextField()
    authority = peewee.TextField()
    state = peewee.IntegerField()
    score = peewee.IntegerField()
    is_voided = peewee.IntegerField()


class Mention(peewee.Model):
    """Whom or what else a statement speaks of, beyond its actor and object; to be read only.

    `kind` is agent (the object, or a member of a group), activity, or one of these with `related ` before it: in the
    context or inside a statement within. The names above an activity of ours are not listed.
    """

    id = peewee.TextField(primary_key=True)
    statement = peewee.TextField()
    kind = peewee.TextField()
    name = peewee.TextField()


class Answer(peewee.Model):
    """One answer to one question; `response` as given, `tries` 1 for the first answer in a sitting. To be read only.

    `attempt` is the sitting; `competencies` are names parted by spaces, with a space at both ends.
    """

    statement = peewee.TextField(primary_key=True)
    rank = peewee.BigIntegerField()
    person = peewee.TextField()
    package = peewee.TextField()
    item = peewee.TextField()
    question = peewee.TextField()
    score = peewee.IntegerField()
    response = peewee.TextField()
    tries = peewee.IntegerField()
    competencies = peewee.TextField()
    at_ms = peewee.BigIntegerField()
    stored_ms = peewee.BigIntegerField()
    attempt = peewee.TextField()
    is_voided = peewee.IntegerField()


class Progress(peewee.Model):
    """How far one person is with one item; nothing in it ever goes back, unless a statement is voided. Read only.

    `hub` is where it was learned. `state` is 0 opened, 1 begun, 2 finished, 3 passed; `score` is the best in
    thousandths, -1 for none. `last_ms` is the last act; opening is none, so it counts only while nothing else was done.
    """

    id = peewee.TextField(primary_key=True)
    hub = peewee.TextField()
    person = peewee.TextField()
    package = peewee.TextField()
    item = peewee.TextField()
    state = peewee.IntegerField()
    score = peewee.IntegerField()
    first_ms = peewee.BigIntegerField()
    last_ms = peewee.BigIntegerField()


class Competence(peewee.Model):
    """What one person's first answers say of one competency; to be read only.

    `recent` is JSON: the latest answers as [at_ms, the first letters of the statement's id, score], newest first.
    `right_first_ms` and `right_last_ms` are NULL while no answer was right.
    """

    id = peewee.TextField(primary_key=True)
    person = peewee.TextField()
    competency = peewee.TextField()
    recent = peewee.TextField()
    right_first_ms = peewee.BigIntegerField(null=True)
    right_last_ms = peewee.BigIntegerField(null=True)


VIEWED = (Statement, Mention, Answer, Progress, Competence)
"""Models of views: what `hub.tables.compact` keeps, in words."""
