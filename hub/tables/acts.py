"""Projection table of acts: what somebody did in an office, to a person or for all."""

import peewee


class Act(peewee.Model):
    """What was done (`sort`), to whom (`about`, "" for nobody who is named), with what short name, by which decision.

    `actor` is a person, the command, or "" for somebody who was forgotten; `decision` is a proposal, "" for none.
    """

    id = peewee.TextField(primary_key=True)
    actor = peewee.TextField(default="")
    about = peewee.TextField(default="", index=True)
    sort = peewee.TextField()
    what = peewee.TextField(default="")
    decision = peewee.TextField(default="")
    why = peewee.TextField(default="")
    done_ms = peewee.BigIntegerField()


MODELS = (Act,)
