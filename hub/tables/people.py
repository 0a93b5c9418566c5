"""Projection tables about people: who is here, in which circles and households, with which roles."""

import peewee


class Person(peewee.Model):
    """One person known to the hub; `sourced_id` is the number another register (a school's) knows the person by.

    `language` is that of the pages; `learns` holds the languages somebody learns in, the first one first, parted by
    spaces.
    """

    id = peewee.TextField(primary_key=True)
    sourced_id = peewee.TextField(default="")
    name = peewee.TextField(default="")
    picture = peewee.TextField(default="")
    birth_year = peewee.IntegerField(null=True)
    language = peewee.TextField(default="")
    learns = peewee.TextField(default="")
    is_active = peewee.IntegerField(default=1)


class Circle(peewee.Model):
    """A group of people who learn together; `kind` is circle, class or team.

    New learners may join an open circle by themselves where the hub's settings let them.
    """

    id = peewee.TextField(primary_key=True)
    sourced_id = peewee.TextField(default="")
    name = peewee.TextField(default="")
    picture = peewee.TextField(default="")
    kind = peewee.TextField(default="circle")
    is_open = peewee.IntegerField(default=1)
    is_active = peewee.IntegerField(default=1)


class Membership(peewee.Model):
    """A person in a circle; `part` is learner or facilitator there."""

    id = peewee.TextField(primary_key=True)
    circle = peewee.TextField(index=True)
    person = peewee.TextField(index=True)
    part = peewee.TextField(default="learner")
    is_member = peewee.IntegerField(default=1)


class Role(peewee.Model):
    """A role a person holds on this hub."""

    id = peewee.TextField(primary_key=True)
    person = peewee.TextField(index=True)
    role = peewee.TextField(index=True)
    is_held = peewee.IntegerField(default=1)


class Household(peewee.Model):
    """People who live together or share a phone; in a trusting one a phone changes hands without a secret."""

    id = peewee.TextField(primary_key=True)
    name = peewee.TextField(default="")
    picture = peewee.TextField(default="")
    is_trusting = peewee.IntegerField(default=0)
    is_active = peewee.IntegerField(default=1)


class HouseholdLink(peewee.Model):
    """A person in a household; `relation` is child, guardian or other."""

    id = peewee.TextField(primary_key=True)
    household = peewee.TextField(index=True)
    person = peewee.TextField(index=True)
    relation = peewee.TextField(default="other")
    is_member = peewee.IntegerField(default=1)


class PersonMoved(peewee.Model):
    """That somebody has moved to another hub, by a receipt which that hub signed; `name` is what it calls itself."""

    id = peewee.TextField(primary_key=True)
    person = peewee.TextField(index=True)
    hub = peewee.TextField()
    name = peewee.TextField(default="")
    moved_ms = peewee.BigIntegerField(default=0)


MODELS = (Person, Circle, Membership, Role, Household, HouseholdLink, PersonMoved)
