"""Keep a serving process small: all its threads take their memory from one pool.

glibc gives each thread a pool of its own, and never empties one: each of sixteen threads that once hashed a secret
would keep the 7 MiB which that takes. Threads that all wait for Python's lock gain nothing from pools of their own.
"""

import ctypes

POOLS = 1
M_ARENA_MAX = -8
"""glibc's number for the most pools ("arenas") a process may have."""


def share_one_pool() -> bool:
    """Let the threads that begin from now on, also in processes forked later, share a pool; False where libc cannot."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and mallopt(M_ARENA_MAX, POOLS) == 1
