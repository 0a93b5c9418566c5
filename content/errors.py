"""Everything that can stop the library from doing what it was asked, by name.

Each class carries one sentence for a person: what happened, what is safe, what to do next. The facts that
fill the sentence are kept in `facts`, so that a caller with another language can fill a translated sentence
instead.
"""


def N_(text: str) -> str:  # noqa: N802 - the name by which collectors of texts know it
    """Mark a text that is looked up in a catalogue later; it stays as it is."""
    return text


class ContentError(Exception):
    """The base of every named problem; `sentence` is the pattern and `facts` what fills it."""

    sentence = N_("The library could not do this. Nothing was changed.")

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.sentence % facts if facts else self.sentence)


class SourceMissing(ContentError):
    """There is no file or folder where a package was looked for."""

    sentence = N_("There is nothing at %(source)s. Check the path, and that the stick is still in.")


class SourceUnreadable(ContentError):
    """The file or folder where a package was looked for does not let itself be read."""

    sentence = N_(
        "%(source)s cannot be read by the hub (%(why)s). Nothing was added; look at the stick, "
        "and at who may read what is on it."
    )


class SourceChanged(ContentError):
    """A file of the source changed, shrank, grew or vanished while it was being copied."""

    sentence = N_(
        "%(path)s in %(source)s changed or could not be read while it was being copied. "
        "Nothing was added; check the stick and try again."
    )


class FormatUnknown(ContentError):
    """No format module recognises the source."""

    sentence = N_(
        "%(source)s is not something this library can open. It takes lesson folders (package.toml), HTML5 "
        "zips, SCORM, H5P, cmi5, xAPI (Tin Can), EPUB, PDF, pictures (jpg, png, webp, gif, svg), video (mp4, webm), "
        "audio (mp3, ogg, m4a, wav), lessons (md), quizzes (GIFT, Aiken, Moodle XML, QTI), courses (Open edX, Common "
        "Cartridge) and ZIM files (Kiwix). "
        "Nothing was added."
    )


class SourceEmpty(FormatUnknown):
    """A file without a single byte, such as a download that was cut off at once."""

    sentence = N_("%(source)s is an empty file. Nothing was added; ask for a fresh copy.")


class FormatWithoutPlayer(FormatUnknown):
    """A package of a format that needs a player of its own, which the library does not have."""

    sentence = N_(
        "%(source)s is a package of the format %(format)s, and this library has no player for it yet. "
        "Nothing was added; ask for the same as an HTML5 zip, an EPUB, a PDF, a film or a sound."
    )


class PackageDamaged(ContentError):
    """A package is broken: cut short, a wrong hash, or something that is no longer on the disk."""

    sentence = N_("%(package)s is damaged: %(why)s. Nothing was added; ask for a fresh copy.")


class ZimFuture(ContentError):
    """A ZIM file of a version of its format that is not read here."""

    sentence = N_(
        "%(package)s is a ZIM file of version %(version)s, and this library reads versions 5 and 6. Nothing was "
        "added; ask for another edition, or update this hub."
    )


class ZimSplit(ContentError):
    """One part of a ZIM file that was cut up to fit on a stick."""

    sentence = N_(
        "%(package)s is one part of a ZIM file that was split. Nothing was added; put its parts together into one "
        "file (cat NAME.zim?? > NAME.zim) and add that."
    )


class ZimWithoutStart(ContentError):
    """A ZIM file that names no page to begin with."""

    sentence = N_("%(package)s names no page to begin with. Nothing was added; ask for another edition.")


class H5pIncomplete(ContentError):
    """An H5P package that was saved without the libraries that play it."""

    sentence = N_(
        "%(package)s came without %(library)s, which plays it. Nothing was added; open it in the tool that made it "
        "(Lumi, H5P, Moodle) and save it as .h5p again, with its libraries."
    )


class ManifestDamaged(PackageDamaged):
    """The manifest of a package that stands on the shelf cannot be read any more."""

    sentence = N_(
        "%(package)s on the shelf is damaged: %(why)s. What people learned is safe; add the package again to mend it."
    )


class PictureMisnamed(ContentError):
    """The first bytes of a picture say that it is of another kind than its name promises."""

    sentence = N_(
        "%(path)s is a picture of the kind %(kind)s, and its name says otherwise. Nothing was added; "
        "let its name end in .%(ending)s and try again."
    )


class PictureUnshown(ContentError):
    """A picture of a kind that not every browser shows, such as the HEIC of some phones."""

    sentence = N_(
        "%(path)s is a picture of the kind %(kind)s, which not every phone shows. Nothing was added; "
        "save it as JPEG or PNG and try again."
    )


class CaptionWrong(ContentError):
    """A line of captions is none, or names a picture for the second time."""

    sentence = N_(
        "Line %(line)s of %(where)s is not the name of one picture, a tab and at most %(limit)s letters. "
        "Nothing was added; mend the line and try again."
    )


class PackageLocked(ContentError):
    """A package is encrypted or carries copy protection."""

    sentence = N_("%(package)s is locked with a password or copy protection. Nothing was added; ask for an open copy.")


class PackageUnsafe(ContentError):
    """A package holds a file name or a kind of file that a careful library does not take in."""

    sentence = N_("%(package)s holds a file that is not safe to take in, %(path)s: %(why)s. Nothing was added.")


class PackageTooLarge(ContentError):
    """A package goes beyond one of the limits."""

    sentence = N_("%(package)s is too large: %(what)s is %(found)s, and the limit is %(limit)s. Nothing was added.")


class PackageIncomplete(ContentError):
    """A package speaks of a file that it does not hold."""

    sentence = N_("%(package)s speaks of %(path)s, which is not in it. Nothing was added; add that file and try again.")


class PackageOlder(ContentError):
    """The shelf already holds a newer version."""

    sentence = N_(
        "The shelf already holds version %(on_shelf)s of %(package)s, and this is version %(offered)s. "
        "The newer one was kept; remove it first if you want the older one."
    )


class PackageUnknown(ContentError):
    """No package of that name stands on the shelf."""

    sentence = N_("There is no package called %(package)s on the shelf.")


class StandsAgain(ContentError):
    """What shall be brought back stands on the shelf already, in this version or another."""

    sentence = N_("“%(title)s” stands on the shelf again already. Nothing was changed; take that off first.")


class FileUnknown(ContentError):
    """A package has no file of that name."""

    sentence = N_("%(package)s holds no file called %(path)s.")


class FileTooLarge(ContentError):
    """A file is too large to be read into memory at once."""

    sentence = N_("%(path)s is too large to open in one piece: %(found)s bytes, and the limit is %(limit)s.")


class BlobDamaged(ContentError):
    """A file that a package on the shelf needs is missing from the disk, or was cut short."""

    sentence = N_("%(path)s of %(package)s is no longer whole on the disk. Add the package again to mend it.")


class ManifestWrong(ContentError):
    """A manifest or a package.toml says something it must not, or leaves out something it must say."""

    sentence = N_("%(where)s: %(why)s. Nothing was added; mend the file and try again.")


class QuizWrong(ContentError):
    """A quiz file says something it must not, or leaves out something it must say."""

    sentence = N_("%(where)s: %(why)s. Mend the quiz and try again.")


class PackagePartly(ContentError):
    """A package would lose something of its source, and nobody has agreed to that yet."""

    sentence = N_(
        "%(package)s fits in part only; in brackets the numbers or names of its questions or parts: %(what)s. "
        "Nothing was added yet; put it on the shelf as it is told here, or mend the file."
    )


class PackageUnfit(ContentError):
    """A file of questions holds none that the library can ask."""

    sentence = N_(
        "%(package)s holds no question that this library can ask; in brackets their numbers: %(what)s. "
        "Nothing was added."
    )


class CourseUnfit(ContentError):
    """A course of another system holds nothing that the library can open."""

    sentence = N_(
        "%(package)s holds nothing that this library can open; in brackets the names of its pieces: %(what)s. "
        "Nothing was added."
    )


class LessonWrong(ContentError):
    """A lesson is not readable text."""

    sentence = N_("%(where)s is not text in UTF-8. Save it as UTF-8 and try again.")


class NoSpace(ContentError):
    """The disk has no room for the package beside the reserve that the hub keeps for learners' records."""

    sentence = N_(
        "There is not enough room: %(needed)s MB are needed and %(free)s MB are free, of which %(reserve)s MB are "
        "kept for learners' records. Nothing was added; remove something first."
    )


class DiskFilled(NoSpace):
    """The disk of the shelf became full while something was being copied to it."""

    sentence = N_(
        "The disk became full on the way: %(free)s MB are free. Nothing was added, and what had come is let go; "
        "remove something first."
    )


class ShelfUnwritable(ContentError):
    """The disk of the shelf does not take what is written, and is not merely full."""

    sentence = N_(
        "The disk could not be written: %(why)s. The shelf is as it was; look at the disk before trying again."
    )


class ShelfBusy(ContentError):
    """Somebody else is changing the shelf at this moment."""

    sentence = N_("Something is being put on the shelf just now. Nothing was changed; try again in a minute.")


class TargetTaken(ContentError):
    """The folder that an export would fill already exists."""

    sentence = N_("%(target)s is already there. Nothing was written; choose another folder or move that one away.")


class TargetUnwritable(ContentError):
    """A package could not be written where it was asked to go."""

    sentence = N_("%(target)s could not be written: %(why)s. The shelf is as it was; choose another place.")


class CatalogueDamaged(ContentError):
    """The catalogue cannot be read or written; it holds nothing that the shelf does not hold."""

    sentence = N_(
        "The list of the library cannot be read just now (%(why)s). Every package is safe on the shelf; "
        "make the list again with: mangrove content rebuild"
    )


class DiskFull(ContentError):
    """The disk has no room for what the catalogue writes even when it is only read."""

    sentence = N_(
        "The disk is full, so the list of the library cannot be opened. Every package is safe on the shelf; "
        "free some space and try again."
    )


class PicturesHeavy(ContentError):
    """There is no room for the lighter copies of pictures."""

    sentence = N_(
        "The disk is full, so pictures stay as heavy as they came. Every one of them is safe and is shown; "
        "free some space, and they are made lighter at the next start."
    )


class CollectionWrong(ContentError):
    """A collection, or a list that belongs to one, cannot be what its publisher wrote."""

    sentence = N_("%(where)s cannot be used: %(why)s. Nothing was taken from it; what is on the shelf stays.")


class BlobRefused(ContentError):
    """Bytes that came from another hub are not those that were signed for."""

    sentence = N_("A file came damaged over the line. What was bad of it was dropped, and it is fetched again.")
