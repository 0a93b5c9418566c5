"""Projection tables of consent: every yes and no that was said about a person's learning, and what each replaces.

An answer is never changed. Which answers stand follows from those that no other one has replaced, see
`hub.consent.standing`; so the order in which they arrive does not matter.
"""

import peewee

GIVEN, REFUSED, WITHDRAWN = "given", "refused", "withdrawn"
ANSWERS = (GIVEN, REFUSED, WITHDRAWN)
"""What can be said, the least restrictive first: where two stand side by side, the later one in this row holds."""


class ConsentAnswer(peewee.Model):
    """One answer about one person and one purpose, with its evidence.

    `said` is what the guardian, or the grown-up for oneself, said: yes, no or "". `assent` is the same of the child.
    `giver` is the person who said it, or "" where only `giver_name` is known; `how` is screen, paper or phone;
    `witness` is who typed it in; `card` is the version of the card that was read out (`ConsentCard`).
    The entry lies in the journal at (stream, seq); `clock` is the mark of the clock that gave `at_ms`.
    """

    id = peewee.TextField(primary_key=True)
    person = peewee.TextField(index=True)
    purpose = peewee.TextField()
    answer = peewee.TextField()
    said = peewee.TextField(default="")
    assent = peewee.TextField(default="")
    giver = peewee.TextField(default="")
    giver_name = peewee.TextField(default="")
    how = peewee.TextField(default="")
    witness = peewee.TextField(default="")
    card = peewee.TextField(default="")
    at_ms = peewee.BigIntegerField()
    stream = peewee.TextField()
    seq = peewee.BigIntegerField()
    clock = peewee.TextField(default="")

    class Meta:
        """Counted by purpose and answer: most people have said no to nothing."""

        indexes = ((("purpose", "answer"), False),)


class ConsentReplaced(peewee.Model):
    """The answer `earlier` was known to whoever said `later` about the same person and purpose."""

    id = peewee.TextField(primary_key=True)
    earlier = peewee.TextField(index=True)
    later = peewee.TextField(index=True)


class ConsentCard(peewee.Model):
    """One version of the consent card, under the hash of its words; `words` is JSON, the sentences as they stood."""

    id = peewee.TextField(primary_key=True)
    language = peewee.TextField(default="")
    words = peewee.TextField(default="[]")


MODELS = (ConsentAnswer, ConsentReplaced, ConsentCard)
