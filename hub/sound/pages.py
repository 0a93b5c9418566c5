"""The sentences that learners' pages always have, so that the first child who comes finds them spoken already.

They are read from the pages' own templates; what has a count or a name in it is noted when it is looked at.
"""

import gettext
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from content.spoken import sentences

HUB = Path(__file__).parents[1]
TEMPLATES = HUB / "web" / "templates"
TRANSLATIONS = HUB / "translations"
AT_HOME = ("takehome/file.html", "takehome/_sheet.html")
"""What a pack at home says."""
PAGES = (
    "learn/*.html",
    "home/learner.html",
    "home/guest.html",
    "home/_garden.html",
    "people/switch.html",
    "people/choose_*.html",
    "people/pictures.html",
    "people/letters.html",
    "people/new_here.html",
    "people/go_on.html",
    "people/no_secret.html",
    "people/rest.html",
    "people/_asked.html",
    "language/show.html",
    *AT_HOME,
)
"""The pages of learners, of guests and of signing in."""

_TEXT = re.compile(r'\b_\("((?:[^"\\]|\\.)*)"\)')


def fixed(language: str, names: Sequence[str] | None = None) -> list[str]:
    """The sentences of those pages, or of these, in a language, each once; none where pages do not speak it."""
    speaks = _translator(language)
    if speaks is None:
        return []
    texts = [
        found
        for page in _pages(PAGES if names is None else names)
        for found in _TEXT.findall(page)
        if "%(" not in found
    ]
    return list(dict.fromkeys(part for text in texts for part in sentences(speaks.gettext(text.replace('\\"', '"')))))


@cache
def spoken() -> tuple[str, ...]:
    """The languages that pages speak: they come with the program."""
    return ("en", *sorted(path.parts[-3] for path in TRANSLATIONS.glob("*/LC_MESSAGES/messages.mo")))


def _translator(language: str) -> gettext.NullTranslations | None:
    if language == "en":
        return gettext.NullTranslations()
    try:
        return gettext.translation("messages", str(TRANSLATIONS), [language])
    except OSError:
        return None


def _pages(names: Sequence[str]) -> list[str]:
    return [path.read_text(encoding="utf-8") for name in names for path in sorted(TEMPLATES.glob(name))]
