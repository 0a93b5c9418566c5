"""The table behind every mutable record: one row a field, with the stamp that decides which value stands."""

import peewee


class Register(peewee.Model):
    """The standing value of one field of one record, as JSON text.

    The greater (depth, stream, seq) stands; wall time decides nothing. `clock` is the mark of a moment that our own
    clock gave (`hub.projections.clocks`), "" of everything else.
    """

    id = peewee.TextField(primary_key=True)
    kind = peewee.TextField()
    subject = peewee.TextField()
    field = peewee.TextField()
    value = peewee.TextField()
    depth = peewee.BigIntegerField()
    stream = peewee.TextField()
    seq = peewee.BigIntegerField()
    clock = peewee.TextField(default="")

    class Meta:
        """One record's fields lie together."""

        indexes = ((("kind", "subject"), False),)


class Rejected(peewee.Model):
    """An entry that a fold could not read; it stays in the journal and the stream goes on."""

    id = peewee.TextField(primary_key=True)
    stream = peewee.TextField()
    seq = peewee.BigIntegerField()
    kind = peewee.TextField()
    reason = peewee.TextField()


MODELS = (Register, Rejected)
