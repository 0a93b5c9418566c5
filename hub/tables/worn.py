"""The projection table of what this hub says of packages in place of their publishers."""

import peewee


class PackageWords(peewee.Model):
    """What is said of one package: `id` is the package's.

    Each field but the last two is JSON, {"now": what is said, "was": what its publisher said then}, or "" for nothing.
    `seen_by` is one of `content.worn.SEEN`, `items` JSON of such by item.
    """

    id = peewee.TextField(primary_key=True)
    title = peewee.TextField(default="")
    summary = peewee.TextField(default="")
    licence = peewee.TextField(default="")
    author = peewee.TextField(default="")
    language = peewee.TextField(default="")
    level = peewee.TextField(default="")
    audience = peewee.TextField(default="")
    sdg = peewee.TextField(default="")
    keywords = peewee.TextField(default="")
    sound = peewee.TextField(default="")
    minutes = peewee.TextField(default="")
    use = peewee.TextField(default="")
    role = peewee.TextField(default="")
    abilities = peewee.TextField(default="")
    cover = peewee.TextField(default="")
    seen_by = peewee.TextField(default="")
    items = peewee.TextField(default="")


MODELS = (PackageWords,)
