"""Node-local tables of the tide: what is kept of other hubs that bring something broken, or very much."""

import peewee


class BrokenStream(peewee.Model):
    """A stream from the hub `peer` that was left where it stands; `id` is that hub and the stream's name.

    `place` is where it was to go to, as JSON, "" where it was pushed; `kind` is the family of the mistake.
    """

    id = peewee.TextField(primary_key=True)
    peer = peewee.TextField()
    root = peewee.TextField()
    place = peewee.TextField()
    kind = peewee.TextField()
    why = peewee.TextField()
    since_ms = peewee.BigIntegerField()


class Brought(peewee.Model):
    """What a hub has brought on the day `day`, counted since 1970 by our clock."""

    id = peewee.TextField(primary_key=True)
    day = peewee.BigIntegerField()
    size_bytes = peewee.BigIntegerField()
    records = peewee.BigIntegerField()


MODELS = (BrokenStream, Brought)
