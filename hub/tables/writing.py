"""Tables of what is written on this hub: drafts, their changes, what was published of them, banks of questions.

They are node-local: they change by the steps of `hub.tables.local` alone.
"""

import peewee


class Draft(peewee.Model):
    """A lesson that is being written; `body` is JSON text (`hub.writing.parts`).

    `package` is what it is called on the shelf, empty until it was published; `version` is the last one published.
    `stage` says with whom it is (`hub.writing.roles`), `note` what a keeper wrote when they sent it back.
    """

    id = peewee.TextField(primary_key=True)
    person = peewee.TextField()
    package = peewee.TextField()
    version = peewee.IntegerField()
    body = peewee.TextField()
    made_ms = peewee.BigIntegerField()
    changed_ms = peewee.BigIntegerField()
    stage = peewee.TextField(default="")
    note = peewee.TextField(default="")


class DraftStep(peewee.Model):
    """One change of a draft that its maker can take back; `body` is JSON text (`hub.writing.steps`).

    `number` counts up within the draft. `sent` tells the form it came by from every other, "" for none.
    """

    id = peewee.TextField(primary_key=True)
    draft = peewee.TextField()
    person = peewee.TextField()
    number = peewee.IntegerField()
    sent = peewee.TextField()
    body = peewee.TextField()
    is_undone = peewee.IntegerField()
    at_ms = peewee.BigIntegerField()


class Edition(peewee.Model):
    """A draft as it was published once; `id` is the draft's and the version, parted by a colon."""

    id = peewee.TextField(primary_key=True)
    draft = peewee.TextField()
    version = peewee.IntegerField()
    person = peewee.TextField()
    body = peewee.TextField()
    made_ms = peewee.BigIntegerField()


class Bank(peewee.Model):
    """A named set of questions; `body` is JSON text (`hub.writing.banks`)."""

    id = peewee.TextField(primary_key=True)
    person = peewee.TextField()
    body = peewee.TextField()
    made_ms = peewee.BigIntegerField()
    changed_ms = peewee.BigIntegerField()


MODELS = (Draft, DraftStep, Edition, Bank)
