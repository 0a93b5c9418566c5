"""Projection tables of the lending desk: things that can be borrowed, who has which, and who waits for one.

Times are milliseconds since 1970, UTC. All of it stays on this hub.
"""

import peewee

WHOLE, DAMAGED, LOST, MENDED = "", "damaged", "lost", "mended"
"""How a copy came back; a damaged or lost one is lent to nobody until it is mended or found."""


class Thing(peewee.Model):
    """Something to borrow: `copies` are inventory names and `competencies` names of what is on a shelf, one a line.

    `photo` is the name of a picture (`hub.photos`), or "". One that `is_kept` no longer is off the
    list; what was lent of it stays in the records.
    """

    id = peewee.TextField(primary_key=True)
    name = peewee.TextField()
    kind = peewee.TextField()
    means = peewee.TextField(default="")
    place = peewee.TextField(default="")
    copies = peewee.TextField()
    competencies = peewee.TextField(default="")
    language = peewee.TextField(default="")
    photo = peewee.TextField(default="")
    is_kept = peewee.IntegerField(default=1)


class Loan(peewee.Model):
    """One copy that somebody took along; `back_ms` is 0 while it is out, `borrower` an id of that kind."""

    id = peewee.TextField(primary_key=True)
    thing = peewee.TextField(index=True)
    copy = peewee.TextField()
    borrower_kind = peewee.TextField()
    borrower = peewee.TextField(index=True)
    lent_ms = peewee.BigIntegerField()
    due_ms = peewee.BigIntegerField()
    back_ms = peewee.BigIntegerField(default=0)
    outcome = peewee.TextField(default="")
    note = peewee.TextField(default="")


class Wish(peewee.Model):
    """Somebody waits for a thing; the id is `thing/person`, so that asking twice is asking once."""

    id = peewee.TextField(primary_key=True)
    thing = peewee.TextField(index=True)
    person = peewee.TextField(index=True)
    asked_ms = peewee.BigIntegerField()
    is_open = peewee.IntegerField(default=1)


MODELS = (Thing, Loan, Wish)
