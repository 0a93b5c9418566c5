"""The named mistakes of reconciliation. Each message is a sentence for a person."""


class SyncError(Exception):
    """Any mistake that sync can explain in one sentence."""


class EntryWrong(SyncError):
    """Something that cannot be an entry: a kind, a time or a size that is not allowed."""


class SignatureWrong(SyncError):
    """A signature is not of the hub that it claims."""


class KeyUnreadable(SyncError):
    """The hub's own key cannot be read."""
