"""Projection table of what people brought along when they moved here."""

import peewee


class MovedStatement(peewee.Model):
    """A statement that somebody brought along from the hub `hub`, where it happened: that one tells and counts it."""

    statement = peewee.TextField(primary_key=True)
    hub = peewee.TextField()


MODELS = (MovedStatement,)
