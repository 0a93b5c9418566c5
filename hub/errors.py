"""The hub's named mistakes. Each message is a sentence for a person: what happened, what is safe, what to do."""

from hub.sentences import Sentence


class HubError(Exception):
    """Any mistake the hub can explain in one sentence: a pattern with `%(name)s`, and the values by name.

    `make translations` finds the pattern where it is raised, so it is written there as one text without an f.
    """

    def __init__(self, pattern: str, **facts: object) -> None:
        super().__init__(Sentence(pattern, facts))


class SettingWrong(HubError):
    """A setting has an unknown name or a value that cannot be."""


class HomeMissing(HubError):
    """The home folder has not been made yet."""


class HomeUnusable(HubError):
    """The home folder cannot be made or written."""


class DatabaseNewer(HubError):
    """The database was written by a newer version of the program."""


class DatabaseNotReady(HubError):
    """The database is not as this version needs it, and whoever asked only looks."""


class DatabaseOfAnother(HubError):
    """The records are of another hub than the one whose keys lie beside."""


class DatabaseUnreachable(HubError):
    """The database cannot be opened."""


class DatabaseDamaged(DatabaseUnreachable):
    """The file with the records is not whole; a backup brings them back."""


class DatabaseLost(HubError):
    """Records were begun in this home, and where they should be there are none."""


class ServerAway(HubError):
    """Another server, which keeps a part of a region's records, does not answer; the other parts go on."""


class StorageFull(HubError):
    """The disk took no more; nothing of the change was kept."""


class StorageSlow(HubError):
    """The disk has not answered in time."""


class AgreementNeeded(HubError):
    """Somebody has to say yes before this is done; what was sent waits."""


class WriterClosed(HubError):
    """The hub is stopping and takes no more changes."""


class BackupDamaged(HubError):
    """A backup file cannot be read, or is not whole."""


class RestoreRefused(HubError):
    """Restoring here would lose something; nothing was changed."""


class RestoreUnfinished(HubError):
    """A restore was cut off; what stands in the home folder is not a hub until it is done again."""


class ProcessLost(HubError):
    """One of several serving processes ended by itself, so all were stopped."""


class PortTaken(HubError):
    """Another program listens on the port."""


class NotFound(HubError):
    """What was asked for is not here."""


class NotAllowed(HubError):
    """The person may not do this."""


class InputWrong(HubError):
    """Something that was typed or sent cannot be taken; nothing was changed."""


class TooMany(HubError):
    """Too many tries in a short time."""


class TooOften(TooMany):
    """A tool asks oftener than it may; in `wait_s` seconds it may again. Nothing was read or changed."""

    def __init__(self, pattern: str, *, wait_s: float) -> None:
        super().__init__(pattern)
        self.wait_s = wait_s


class StatementWrong(InputWrong):
    """A learning record does not follow the rules of xAPI; nothing of its batch was kept."""


class StatementTooLarge(HubError):
    """A learning record, or the number of them in one request, is over the limit; nothing of it was kept."""


class StatementConflict(HubError):
    """Another learning record has the same id; the standing one stays as it is."""


class DocumentWrong(InputWrong):
    """A document (state or profile), or the address it is asked for at, is not as xAPI wants it."""


class DocumentTooLarge(HubError):
    """A document, or how many there would be, is over the limit; nothing was changed."""


class DocumentConflict(HubError):
    """Somebody would write over a document without having looked at it; it stays as it is."""


class DocumentChanged(HubError):
    """A document is not what the sender believes to stand; it stays as it is."""


class KeyWrong(HubError):
    """The key or its secret is not one of this hub's."""


class BundleRefused(HubError):
    """Something that a stick brought was not taken."""


class LineDropped(HubError):
    """The other hub cannot be reached, or the line dropped on the way."""


class PeerBusy(HubError):
    """The other hub has too much to do just now."""


class PeerRefused(HubError):
    """The other hub refused a message, or answered what no hub would."""


class JoinRefused(HubError):
    """Two hubs could not join: a code that is not good, or somebody in between."""


class ShelfLacks(HubError):
    """A hub that was asked for something of its shelf has it no longer."""
