"""Projection tables of what protects people: who reads reports, what was reported, and what was done about it.

Nothing of it is in any row of the sharing policy: it never leaves this place.
"""

import peewee

LOOKED, TALKED, PASSED_ON, SETTLED = "looked", "talked", "passed-on", "settled"
"""What a reader of a report did, in the usual order."""


class Named(peewee.Model):
    """An adult who is to read reports (`id` is the person), as a steward said; or was, with `is_named` 0."""

    id = peewee.TextField(primary_key=True)
    is_named = peewee.IntegerField(default=0)
    actor = peewee.TextField(default="")
    said_ms = peewee.BigIntegerField(default=0)


class Report(peewee.Model):
    """What somebody reported: one of a few things by its drawing, on which kind of page (the name of its view).

    `person` is who did, "" for a guest or who would not say; `about` are readers it is about, parted by spaces. `sound`
    is the name of a recording, `address` the page itself, "" unless they wished that it be seen.
    """

    id = peewee.TextField(primary_key=True)
    sort = peewee.TextField(default="")
    page = peewee.TextField(default="")
    address = peewee.TextField(default="")
    person = peewee.TextField(default="")
    about = peewee.TextField(default="")
    words = peewee.TextField(default="")
    sound = peewee.TextField(default="")
    said_ms = peewee.BigIntegerField(default=0)


class ReportStep(peewee.Model):
    """What one of the readers did about a report."""

    id = peewee.TextField(primary_key=True)
    report = peewee.TextField(index=True)
    person = peewee.TextField(default="")
    did = peewee.TextField(default="")
    said_ms = peewee.BigIntegerField(default=0)


MODELS = (Named, Report, ReportStep)
