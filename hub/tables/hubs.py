"""Projection tables about hubs: their profiles and the packages each one has."""

import peewee


class Hub(peewee.Model):
    """What a hub says of itself; `sealing` is the key (hex) that bundles for it are sealed to, "" for none."""

    id = peewee.TextField(primary_key=True)
    name = peewee.TextField(default="")
    role = peewee.TextField(default="community")
    language = peewee.TextField(default="")
    software = peewee.TextField(default="")
    sealing = peewee.TextField(default="")


class HubPackage(peewee.Model):
    """A package that stands on a hub's shelf."""

    id = peewee.TextField(primary_key=True)
    hub = peewee.TextField(index=True)
    package = peewee.TextField(index=True)
    title = peewee.TextField(default="")
    language = peewee.TextField(default="")
    digest = peewee.TextField(default="")
    size = peewee.BigIntegerField(default=0)
    is_here = peewee.IntegerField(default=1)


MODELS = (Hub, HubPackage)
