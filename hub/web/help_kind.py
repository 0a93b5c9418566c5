"""What the "?" of a page holds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Help:
    """What a page is for, and what one can do on it."""

    what: object
    can: tuple[object, ...] = ()
