"""The table of what became known of a machine's time later: for each start of it, how its own count becomes a date."""

import peewee


class ClockFix(peewee.Model):
    """The best known time of one start (boot): its milliseconds since start plus `offset_ms` are those since 1970.

    `was` are the minutes that the clock had added before, parted by spaces: what it gave then is moved.
    `quality` is of `sync.clock`; 0 for an estimate, made when the start was over already. The greatest (quality,
    depth, stream, seq) stands.
    """

    id = peewee.TextField(primary_key=True)
    offset_ms = peewee.BigIntegerField()
    quality = peewee.IntegerField()
    was = peewee.TextField()
    depth = peewee.BigIntegerField()
    stream = peewee.TextField()
    seq = peewee.BigIntegerField()


MODELS = (ClockFix,)
