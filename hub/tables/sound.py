"""The projection table of recordings: which sentence somebody spoke, and where the sound lies."""

import peewee


class Recording(peewee.Model):
    """The recording of one sentence, named by the sentence's key; `blob` is the SHA-256 of its file.

    One that was taken back stays as a row with `is_here` 0, and its file is gone.
    """

    id = peewee.TextField(primary_key=True)
    language = peewee.TextField(default="")
    text = peewee.TextField(default="")
    blob = peewee.TextField(default="", index=True)
    ending = peewee.TextField(default="")
    size = peewee.IntegerField(default=0)
    person = peewee.TextField(default="")
    spoken_ms = peewee.BigIntegerField(default=0)
    is_here = peewee.IntegerField(default=1)


MODELS = (Recording,)
