"""The projection table of wordings that were mended here."""

import peewee


class Wording(peewee.Model):
    """Other words for one text of the pages in one language: `forms` is a JSON list, "" once they were taken back."""

    id = peewee.TextField(primary_key=True)
    language = peewee.TextField(default="")
    text = peewee.TextField(default="")
    forms = peewee.TextField(default="")


MODELS = (Wording,)
