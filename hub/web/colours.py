"""The stylesheet's own colours by name, for what is told outside it: the bar of a browser, a home screen."""

import re
from functools import cache

from hub.web.static_files import FOLDER

TOKENS = FOLDER / "css" / "10-tokens.css"
TOKEN = re.compile(r"(--[\w-]+): (#[0-9a-f]{6});")
DARK = "prefers-color-scheme: dark"
"""What stands before the colours of the dark."""


@cache
def colours() -> dict[str, tuple[str, str]]:
    """Token → its colour in the light and in the dark."""
    light, _, dark = TOKENS.read_text(encoding="utf-8").partition(DARK)
    darker = dict(TOKEN.findall(dark))
    return {name: (colour, darker.get(name, colour)) for name, colour in TOKEN.findall(light)}
