"""The named mistakes of reconciliation. Each message is a sentence for a person."""


class SyncError(Exception):
    """Any mistake that sync can explain in one sentence."""


class EntryWrong(SyncError):
    """Something that cannot be an entry: a kind, a time or a size that is not allowed."""


class SignatureWrong(SyncError):
    """A signature is not of the hub that it claims."""


class KeyUnreadable(SyncError):
    """The hub's own key cannot be read."""


class CodeWrong(SyncError):
    """A join code that cannot be one."""


class MessageWrong(SyncError):
    """A message of another hub that is not as the protocol says, or too large."""


class VersionUnknown(MessageWrong):
    """A message of a version that this program does not speak."""


class PeerUnknown(SyncError):
    """A hub that this one does not exchange with, or what it may not have."""


class ShutOut(PeerUnknown):
    """A hub that its region has shut out, or that has left it."""


class BatchWrong(SyncError):
    """A batch of entries that cannot be what its owner signed; nothing of it was kept."""


class EnoughForToday(SyncError):
    """A hub has brought as much today as it may; nothing more of it is taken, and nothing is lost by that."""


class DoesNotFit(BatchWrong):
    """A batch that goes on from somewhere this hub does not stand."""


class JournalDamaged(SyncError):
    """A row of the journal is not what was written there; nothing of it is taken for an entry."""


class SealWrong(SyncError):
    """Something sealed that cannot be opened here, or a key that is none."""


class PartWrong(SyncError):
    """A part of a bundle that is cut, changed, or not what it says; nothing of it was kept."""


class NotForUs(SyncError):
    """A part of a bundle that is for another hub; it stays sealed."""
