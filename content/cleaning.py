"""HTML of others with nothing left in it but what is allowed, read as browsers read it: by nh3."""

from typing import Any


def clean(html: str, **allowed: Any) -> str:
    """What is allowed of a piece of HTML; `allowed` is what `nh3.clean` takes."""
    import nh3  # noqa: PLC0415 - 2 MB that a hub at rest does without

    return nh3.clean(html, **allowed)
