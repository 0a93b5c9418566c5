"""Projection tables of what several hubs hold together, and of records that came twice with different words.

A fact is never changed: what stands follows from all of them (`hub.together.merge`), whatever order they came in.
"""

import peewee

WRITE, PROPOSAL, HOME, ADD, REMOVE, HOLD, RELEASE = "write", "proposal", "home", "add", "remove", "hold", "release"
SORTS = (WRITE, PROPOSAL, HOME, ADD, REMOVE, HOLD, RELEASE)
"""What a fact does: set a field, propose a value, hand the home over, put into a set and take out, share and end."""


class JointFact(peewee.Model):
    """One fact about a record that hubs hold together, under its author's hub and an id of its own.

    `subject` is `hub:person:id` or `hub:circle:id`, the hub being where it began. `replaces` are the ids of the facts
    its author had seen and puts this one in the place of, parted by spaces. `stream` is the author's, `depth` one more
    than the greatest replaced; of two that did not know of each other they decide, never a clock.
    """

    id = peewee.TextField(primary_key=True)
    fact = peewee.TextField()
    sort = peewee.TextField()
    subject = peewee.TextField(index=True)
    field = peewee.TextField(default="")
    value = peewee.TextField(default="")
    hub = peewee.TextField()
    depth = peewee.BigIntegerField()
    stream = peewee.TextField(default="")
    replaces = peewee.TextField(default="")
    digest = peewee.TextField()


class Twin(peewee.Model):
    """One of several records under one id that say different things; only one of them counts.

    `name` is that id (a statement's, or a fact's), (stream, seq) the first place of what this one says.
    """

    id = peewee.TextField(primary_key=True)
    name = peewee.TextField(index=True)
    hub = peewee.TextField()
    stream = peewee.TextField()
    seq = peewee.BigIntegerField()


class RoleWord(peewee.Model):
    """That somebody was given a role, or that it was taken back; `knows` are the takings-back known then.

    `knows` is empty text or ids parted by spaces, None where a former program wrote.
    """

    id = peewee.TextField(primary_key=True)
    subject = peewee.TextField(index=True)
    is_held = peewee.IntegerField()
    knows = peewee.TextField(null=True)
    depth = peewee.BigIntegerField()
    stream = peewee.TextField()
    seq = peewee.BigIntegerField()


MODELS = (JointFact, Twin, RoleWord)
