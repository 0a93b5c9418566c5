"""The projection table of what statements say that activities are and how agents are called."""

import peewee


class Description(peewee.Model):
    """One thing that was said, once, however often it was said.

    `kind` is activity or agent, `subject` the name of it as the index of statements has it, `text` JSON with sorted
    keys: the definition, or the name. `place` is the greatest place in the order of storing at which it was said.
    """

    id = peewee.TextField(primary_key=True)
    kind = peewee.TextField()
    subject = peewee.TextField()
    text = peewee.TextField()
    place = peewee.BigIntegerField()

    class Meta:
        """Read by what it is of."""

        indexes = ((("subject", "kind"), False),)


MODELS = (Description,)
