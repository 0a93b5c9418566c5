"""Projection tables of what a community decides: proposals, what was said of them, and what came of it.

People are named by their id; `typist` is who typed for somebody in the room, "" for whoever pressed themselves. `seen`
names what was known to whoever said something, parted by spaces: what came from elsewhere meanwhile is not in it.
`sound` and `photo` name files of `hub.clips`: spoken or shown beside the words, or in their place.
"""

import peewee

CLARIFYING, REACTIONS, CONSENT = "clarifying", "reactions", "consent"
"""The rounds of a proposal, in their order."""
QUESTION, ANSWER, REACTION = "question", "answer", "reaction"
"""What a remark is."""


class Proposal(peewee.Model):
    """What somebody proposes to a circle, "" for all together; `method` is how it is decided, by lots for `places`.

    `parent` is the decision that it would change, "" for none.
    """

    id = peewee.TextField(primary_key=True)
    circle = peewee.TextField(default="")
    title = peewee.TextField()
    language = peewee.TextField(default="")
    picture = peewee.TextField(default="")
    method = peewee.TextField(default="consent")
    proposer = peewee.TextField()
    typist = peewee.TextField(default="")
    parent = peewee.TextField(default="")
    opened_ms = peewee.BigIntegerField()
    places = peewee.IntegerField(default=1)
    step = peewee.TextField(default=CLARIFYING)
    is_withdrawn = peewee.IntegerField(default=0)


class ProposalVersion(peewee.Model):
    """The text of a proposal; `former` is the version it amends, "" for the first.

    `integrates` names the objections that it answers, parted by spaces.
    """

    id = peewee.TextField(primary_key=True)
    proposal = peewee.TextField(index=True)
    former = peewee.TextField(default="")
    number = peewee.IntegerField()
    text = peewee.TextField()
    sound = peewee.TextField(default="")
    photo = peewee.TextField(default="")
    integrates = peewee.TextField(default="")
    author = peewee.TextField()
    said_ms = peewee.BigIntegerField()


class Remark(peewee.Model):
    """A question, its answer (`about` names the question), or a reaction."""

    id = peewee.TextField(primary_key=True)
    proposal = peewee.TextField(index=True)
    sort = peewee.TextField()
    about = peewee.TextField(default="")
    text = peewee.TextField()
    sound = peewee.TextField(default="")
    language = peewee.TextField(default="")
    person = peewee.TextField()
    typist = peewee.TextField(default="")
    said_ms = peewee.BigIntegerField()


class Objection(peewee.Model):
    """Why a version is not safe enough to try; withdrawn once, it never opens again. `closer` typed the withdrawal."""

    id = peewee.TextField(primary_key=True)
    proposal = peewee.TextField(index=True)
    version = peewee.TextField()
    reason = peewee.TextField()
    sound = peewee.TextField(default="")
    language = peewee.TextField(default="")
    person = peewee.TextField()
    typist = peewee.TextField(default="")
    said_ms = peewee.BigIntegerField()
    is_withdrawn = peewee.IntegerField(default=0)
    closer = peewee.TextField(default="")


class ProposalConsent(peewee.Model):
    """One person's consent to one version, perhaps with a concern to look at again on the day of review.

    `seen` names the objections of the same person known then: one that is not there outlives the consent.
    """

    id = peewee.TextField(primary_key=True)
    proposal = peewee.TextField(index=True)
    version = peewee.TextField()
    concern = peewee.TextField(default="")
    sound = peewee.TextField(default="")
    seen = peewee.TextField(default="")
    language = peewee.TextField(default="")
    person = peewee.TextField()
    typist = peewee.TextField(default="")
    said_ms = peewee.BigIntegerField()


class Hands(peewee.Model):
    """Hands counted in a room for one version; `witnesses` are two people, parted by a space."""

    id = peewee.TextField(primary_key=True)
    proposal = peewee.TextField(index=True)
    version = peewee.TextField()
    hands = peewee.IntegerField()
    witnesses = peewee.TextField()
    typist = peewee.TextField()
    said_ms = peewee.BigIntegerField()
    is_counted = peewee.IntegerField(default=1)


class Adoption(peewee.Model):
    """A round that a steward closed over one version; `seen` names all that was known then.

    `chosen` is what a vote came to: the number of an option, or the people who were drawn, parted by spaces.
    """

    id = peewee.TextField(primary_key=True)
    proposal = peewee.TextField(index=True)
    version = peewee.TextField()
    seen = peewee.TextField(default="")
    chosen = peewee.TextField(default="")
    closer = peewee.TextField()
    said_ms = peewee.BigIntegerField()
    review_ms = peewee.BigIntegerField()


class Review(peewee.Model):
    """What came of looking at a decision again: keep (until `review_ms`), change (`successor` says how) or end.

    `number` counts the reviews of one adoption.
    """

    id = peewee.TextField(primary_key=True)
    proposal = peewee.TextField(index=True)
    adoption = peewee.TextField()
    number = peewee.IntegerField()
    outcome = peewee.TextField()
    note = peewee.TextField(default="")
    successor = peewee.TextField(default="")
    reviewer = peewee.TextField()
    said_ms = peewee.BigIntegerField()
    review_ms = peewee.BigIntegerField(default=0)


class Option(peewee.Model):
    """One of the things that a vote is between; `picture` tells it apart for whoever does not read."""

    id = peewee.TextField(primary_key=True)
    proposal = peewee.TextField(index=True)
    number = peewee.IntegerField()
    text = peewee.TextField()
    picture = peewee.TextField(default="")
    said_ms = peewee.BigIntegerField()


class Ballot(peewee.Model):
    """What one person is for: points by option, `1:2 3:1`; `knows` names the ballots that it takes the place of."""

    id = peewee.TextField(primary_key=True)
    proposal = peewee.TextField(index=True)
    version = peewee.TextField()
    choices = peewee.TextField(default="")
    knows = peewee.TextField(default="")
    person = peewee.TextField()
    typist = peewee.TextField(default="")
    said_ms = peewee.BigIntegerField()


class Count(peewee.Model):
    """Hands, beans or cards counted in a room, by option like a ballot; `people` is how many were there."""

    id = peewee.TextField(primary_key=True)
    proposal = peewee.TextField(index=True)
    version = peewee.TextField()
    sort = peewee.TextField()
    people = peewee.IntegerField()
    numbers = peewee.TextField(default="")
    witnesses = peewee.TextField()
    typist = peewee.TextField()
    said_ms = peewee.BigIntegerField()
    is_counted = peewee.IntegerField(default=1)


class Draw(peewee.Model):
    """Dice thrown in a room to draw lots among those whose ballots it had `seen`; `knows` as with a ballot."""

    id = peewee.TextField(primary_key=True)
    proposal = peewee.TextField(index=True)
    version = peewee.TextField()
    seed = peewee.TextField()
    seen = peewee.TextField(default="")
    knows = peewee.TextField(default="")
    witnesses = peewee.TextField()
    typist = peewee.TextField()
    said_ms = peewee.BigIntegerField()


VOTES = (Option, Ballot, Count, Draw)


class Matter(peewee.Model):
    """What a setting that matters shall be: carried by a proposal, under the id of the version it came with, or a
    steward's own, "" in `proposal`.

    `replaces` names the proposals and the stewards' own that it takes the place of, parted by spaces.
    """

    id = peewee.TextField(primary_key=True)
    matter = peewee.TextField()
    value = peewee.TextField()
    proposal = peewee.TextField(default="")
    actor = peewee.TextField(default="")
    why = peewee.TextField(default="")
    replaces = peewee.TextField(default="")
    said_ms = peewee.BigIntegerField()


MODELS = (Proposal, ProposalVersion, Remark, Objection, ProposalConsent, Hands, Adoption, Review, *VOTES, Matter)
