"""The projection table of data that came with statements."""

import peewee


class Attached(peewee.Model):
    """One file that was sent with one statement: its SHA-2 in small hex digits, and its size in bytes.

    What a statement says to lie elsewhere (`fileUrl`) and was not sent has no row.
    """

    id = peewee.TextField(primary_key=True)
    statement = peewee.TextField(index=True)
    sha2 = peewee.TextField(index=True)
    size = peewee.BigIntegerField()


MODELS = (Attached,)
