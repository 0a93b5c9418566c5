"""Sizes as commands say them."""

UNITS = (("GB", 10**9), ("MB", 10**6), ("kB", 10**3))


def size_words(size_bytes: int) -> str:
    """A number of bytes in words."""
    for name, unit in UNITS:
        if size_bytes >= unit:
            return f"{size_bytes / unit:.1f} {name}"
    return f"{size_bytes} B"
