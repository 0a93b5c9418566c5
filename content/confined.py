"""Limits of a process that opens what may be a trap: it sets them on itself before it looks."""

import os
import resource


def confine(*, memory_bytes: int, work_s: int, written_bytes: int) -> None:
    """Take at most so much, and let everybody else go first.

    `memory_bytes` are of addresses, `work_s` of the processor, `written_bytes` of one file.
    """
    os.nice(10)
    for what, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, work_s),
        (resource.RLIMIT_FSIZE, written_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
