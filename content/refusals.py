"""Why the library refuses packages that other programs made, by name; the form is that of `errors`."""

from content.errors import N_, ContentError, FormatUnknown, PackageDamaged, PackagePartly, PackageTooLarge


class ChannelMisnamed(PackageDamaged):
    """The database of a channel lies under the name of another."""

    sentence = N_(
        "%(package)s is not the database of the channel that its name says: it holds “%(title)s”. "
        "Nothing was added; ask for a fresh copy."
    )


class ChannelNewer(ContentError):
    """A channel was made for a newer Kolibri than this library reads."""

    sentence = N_(
        "%(package)s is written in form %(found)s, and this library reads forms up to %(limit)s. "
        "Nothing was added; update this hub first."
    )


class ChannelsSeveral(ContentError):
    """A folder holds several packages, and one was asked for."""

    sentence = N_("%(package)s holds %(found)s packages. Nothing was added; choose one of them, such as %(path)s.")


class ChannelTooLarge(PackageTooLarge):
    """A channel has more in it than one package takes."""

    sentence = N_(
        "%(package)s is too large for one package: %(what)s is %(found)s, and the limit is %(limit)s. "
        "Nothing was added; take its topics one by one, such as %(path)s."
    )


class ChannelPartly(PackagePartly):
    """A channel would lose some of its things, and nobody has agreed to that yet."""

    sentence = N_(
        "%(package)s fits in part only; in brackets how many it is about: %(what)s. Nothing was added yet; "
        "put it on the shelf as it is told here, or ask for a whole copy."
    )


class ChannelEmpty(ContentError):
    """Nothing of a channel can be opened here."""

    sentence = N_("%(package)s holds nothing that this library can show: %(what)s. Nothing was added.")


class NoOriginal(ContentError):
    """A package that did not come as a channel is asked for as one."""

    sentence = N_("%(package)s did not come from Kolibri, so it cannot be given out for it. Nothing was written.")


class FormatMisnamed(FormatUnknown):
    """A file is called as one of a known format is, and is none."""

    sentence = N_(
        "%(source)s is named %(ending)s, and what is in it is something else. Nothing was added; open it where it came "
        "from and save it again, or ask for a fresh copy."
    )


class LessonAlone(ContentError):
    """A lone lesson shows pictures or sounds, which a lone file cannot bring."""

    sentence = N_(
        "%(source)s shows %(path)s, which does not come along with one file. Nothing was added; put both into a folder "
        "with a package.toml and send a zip of it, or write the lesson on the hub."
    )
