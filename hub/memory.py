"""Keep a serving process small and quick: one pool of memory for all its threads, and rubbish collected seldom.

glibc gives each thread a pool of its own, and never empties one: each of sixteen threads that once hashed a secret
would keep the 7 MiB which that takes. Threads that all wait for Python's lock gain nothing from pools of their own.
"""

import ctypes
import gc

POOLS = 1
M_ARENA_MAX = -8
"""glibc's number for the most pools ("arenas") a process may have."""


def share_one_pool() -> bool:
    """Let the threads that begin from now on, also in processes forked later, share a pool; False where libc cannot."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and mallopt(M_ARENA_MAX, POOLS) == 1


LARGE_BYTES = 1024 * 1024
M_MMAP_THRESHOLD = -3
"""glibc's number for the size from which a block has a place of its own, which goes back to the machine at once."""


def give_large_back() -> bool:
    """Give large blocks back as soon as they are let go of, also in processes forked later; False where libc cannot.

    glibc learns from the first one to keep them all: pieces of an encyclopaedia of 2 MiB then lie among small things,
    and the room of two that are gone seldom fits a third.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and mallopt(M_MMAP_THRESHOLD, LARGE_BYTES) == 1


YOUNG = 20_000
"""Objects that may be made before the first look for rings among them; each record makes hundreds, and no ring."""


def collect_seldom() -> None:
    """Look for rings of dead objects less often, and never again among those that the start has made.

    Python looks after every 700 objects, which took an eighth of the time of keeping records. What the start has let go
    of is given back to the machine, where libc can.
    """
    gc.collect()
    give_back()


def give_back() -> None:
    """Give what nobody uses any more back to the machine, where libc can: it would keep it for later."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    gc.freeze()
    gc.set_threshold(YOUNG)
