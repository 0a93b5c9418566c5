"""Projection tables of take-home packs: what was handed out, and to whom."""

import peewee

OUT, BACK, CLOSED = "out", "back", "closed"
"""How a copy stands: somebody has it, all its codes came back, or its codes count no more."""


class Pack(peewee.Model):
    """What is handed out: a package, or one `item` of it, as it was when the manifest had this `digest`.

    `asked` is what `hub.takehome.asked` reads; `codes` is how many right codes one copy has.
    """

    id = peewee.TextField(primary_key=True)
    package = peewee.TextField(index=True)
    work = peewee.TextField()
    digest = peewee.TextField()
    item = peewee.TextField(default="")
    title = peewee.TextField(default="")
    language = peewee.TextField(default="")
    asked = peewee.TextField()
    codes = peewee.IntegerField()


class Copy(peewee.Model):
    """One pack in somebody's hands; `person` is "" until it is known whose it is.

    `key` is the secret of its codes (hex), `carrier` is paper or file, `back` names the sheets whose code came back,
    parted by spaces.
    """

    id = peewee.TextField(primary_key=True)
    pack = peewee.TextField(index=True)
    person = peewee.TextField(default="", index=True)
    key = peewee.TextField()
    carrier = peewee.TextField()
    number = peewee.IntegerField()
    giver = peewee.TextField(default="")
    given_ms = peewee.BigIntegerField()
    state = peewee.TextField(default=OUT)
    back = peewee.TextField(default="")


MODELS = (Pack, Copy)
