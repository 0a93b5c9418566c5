"""The dictionaries that zstd packs with: typical records as readable text. What an entry shares with one costs nothing.

1 is for what goes over the wire (`sync.batch`), 2 for what lies in the journal (`sync.runs`). Both were written after
records of the hub and of common tools, with the ids taken out and the most frequent kinds last. One that was released
is never edited: a better one gets the next number and stands beside it.
"""

import functools
from importlib import resources

import zstandard

WIRE = 1
"""The dictionary that batches are written with."""
OF_JOURNAL = (2,)
"""All dictionaries that were ever released for the journal; the last one is written with."""


@functools.cache
def text(number: int) -> bytes:
    """The bytes of a dictionary."""
    return resources.files("sync").joinpath(f"dictionaries/{number}.txt").read_bytes()


def dictionary(number: int) -> zstandard.ZstdCompressionDict:
    """A dictionary as zstd takes it."""
    return zstandard.ZstdCompressionDict(text(number), dict_type=zstandard.DICT_TYPE_RAWCONTENT)
