"""Projection tables of sharing: the policies put to the community, and what other hubs share with this one."""

import peewee


class SharingPolicy(peewee.Model):
    """What one proposal would let leave: its rows, a line each, as `hub.sharing.rows` reads them.

    Named by the version of the proposal it came with; `replaces` are the proposals whose policies it takes the place
    of, parted by spaces.
    """

    id = peewee.TextField(primary_key=True)
    proposal = peewee.TextField(index=True)
    rows = peewee.TextField()
    replaces = peewee.TextField(default="")


class SharedCount(peewee.Model):
    """A count that a hub tells of a whole period; `sort` is all, people, package or competency, `name` which one."""

    id = peewee.TextField(primary_key=True)
    hub = peewee.TextField(index=True)
    since_ms = peewee.BigIntegerField()
    until_ms = peewee.BigIntegerField(index=True)
    sort = peewee.TextField()
    name = peewee.TextField(default="")
    title = peewee.TextField(default="")
    count = peewee.BigIntegerField()


class SharedPerson(peewee.Model):
    """Somebody whom a neighbour names to us, who said yes to that; `circles` are its groups, parted by spaces."""

    id = peewee.TextField(primary_key=True)
    hub = peewee.TextField(index=True)
    person = peewee.TextField(default="")
    name = peewee.TextField(default="")
    picture = peewee.TextField(default="")
    circles = peewee.TextField(default="")
    is_here = peewee.IntegerField(default=1)


class SharedCircle(peewee.Model):
    """A group that a neighbour names to us."""

    id = peewee.TextField(primary_key=True)
    hub = peewee.TextField(index=True)
    name = peewee.TextField(default="")
    picture = peewee.TextField(default="")
    is_here = peewee.IntegerField(default=1)


class MovingReceipt(peewee.Model):
    """A receipt that a hub has put into the tide, sealed to the hub that somebody has left; `hint` tells that hub."""

    id = peewee.TextField(primary_key=True)
    hub = peewee.TextField(index=True)
    hint = peewee.TextField(default="", index=True)
    sealed = peewee.TextField(default="")


MODELS = (SharingPolicy, SharedCount, SharedPerson, SharedCircle, MovingReceipt)
