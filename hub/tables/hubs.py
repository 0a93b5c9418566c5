"""Projection tables about hubs: their profiles, the packages each one has, and who belongs to a region."""

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


class Certificate(peewee.Model):
    """What a region says of a hub that belongs, or belonged, to it; `id` is the region's and the hub's, with a colon.

    `state` is member, revoked or left; `fence` is JSON, stream → last number and front of the hash that count, "" for
    none; `signature` (hex) is the region's over the words of the certificate (`hub.tide.certificates`).
    """

    id = peewee.TextField(primary_key=True)
    issuer = peewee.TextField(index=True)
    member = peewee.TextField(index=True)
    name = peewee.TextField(default="")
    number = peewee.IntegerField(default=0)
    since_ms = peewee.BigIntegerField(default=0)
    state = peewee.TextField(default="member")
    fence = peewee.TextField(default="")
    signature = peewee.TextField(default="")


MODELS = (Hub, HubPackage, Certificate)
