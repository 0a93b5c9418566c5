"""The languages that pages speak: which there are, which one a page is in, and every text in it.

A text is looked up in three places: the wordings that a librarian of this hub has mended, the catalogue of the
language, and the English of the program. Catalogues are read once; mended wordings are read again when one of them
was changed, by whichever process.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import flask_babel
from babel import Locale, UnknownLocaleError
from flask import Flask, current_app, g, request, session
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape
from werkzeug.datastructures import LanguageAccept

from hub import sentences, wordings
from hub.errors import DatabaseUnreachable
from hub.web.here import node, viewer

TRANSLATIONS = Path(__file__).parents[1] / "translations"
ENGLISH = "en"
OWN_NAMES = {
    "ar": "العربية",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "hi": "हिन्दी",
    "pt": "Português",
    "sw": "Kiswahili",
}
"""What speakers call their language; of any other, CLDR is asked."""
WISHES_MAX = 20
"""Languages of a browser that are looked at; the longest honest list is shorter."""


class Catalogue(Protocol):
    """What Babel keeps of one language."""

    def ugettext(self, text: str) -> str:
        """A text in it."""

    def ungettext(self, one: str, many: str, num: int) -> str:
        """The form of a text that fits a number."""

    def plural(self, num: int) -> int:
        """Which of the forms that is."""


class Spoken:
    """All texts of one language as this hub says them; it notes which texts a page has said."""

    def __init__(self, catalogue: Catalogue, mended: Mapping[str, tuple[str, ...]], said: dict[str, None]) -> None:
        self._catalogue, self._mended, self._said = catalogue, mended, said

    def ugettext(self, text: str) -> str:
        """A text in this language."""
        self._said[text] = None
        mended = self._mended.get(text)
        return mended[0] if mended else self._catalogue.ugettext(text)

    def ungettext(self, one: str, many: str, num: int) -> str:
        """The form of a text that fits a number."""
        self._said[one] = None
        mended, which = self._mended.get(one), self._catalogue.plural(num)
        return mended[which] if mended and which < len(mended) else self._catalogue.ungettext(one, many, num)

    def is_mended(self, text: str) -> bool:
        """Whether somebody here gave this text other words: those are plain, and never markup."""
        return text in self._mended


class Tongues(flask_babel.Domain):  # type: ignore[misc]
    """The languages of one application."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.folder = folder
        found = sorted(path.parts[-3] for path in folder.glob("*/LC_MESSAGES/messages.mo"))
        self.languages: tuple[str, ...] = (ENGLISH, *found)
        self._mended = wordings.Standing(version=None, texts={})

    def get_translations(self) -> Any:
        """The texts of the page's language."""
        if not g:
            return super().get_translations()
        locale = flask_babel.get_locale()
        last: tuple[Locale, Spoken] | None = g.get("spoken_last")
        if last is None or last[0] is not locale:
            last = g.spoken_last = locale, self._spoken(str(locale))
        return last[1]

    def _spoken(self, language: str) -> Spoken:
        kept: dict[str, Spoken] = g.setdefault("spoken", {})
        if language not in kept:
            mended = self._standing().texts.get(language, {})
            kept[language] = Spoken(super().get_translations(), mended, g.setdefault("texts_said", {}))
        return kept[language]

    def gettext(self, string: str, **variables: Any) -> str:
        """A text with its values as its readers write them."""
        return sentences.filled(self.get_translations().ugettext(string), variables)

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        """The same of a text about one or many."""
        pattern = self.get_translations().ungettext(singular, plural, num)
        return sentences.filled(pattern, {"num": num, **variables})

    def _standing(self) -> wordings.Standing:
        """What is mended here, looked at once in a request. A page that says that the records are away says it too."""
        if "mended" not in g:
            try:
                self._mended = wordings.standing(node(), self._mended)
            except DatabaseUnreachable:
                return self._mended
            g.mended = self._mended
        return g.mended  # type: ignore[no-any-return]


def speak(app: Flask, folder: Path, chosen: Callable[[], str] | None = None) -> None:
    """Let an application speak the languages that have a compiled catalogue in a folder; `chosen` tells which one, and
    without it whoever asks chooses."""
    app.extensions["tongues"] = tongues = Tongues(folder)
    babel = flask_babel.Babel(
        app,
        default_locale=_known(app.extensions["node"].settings.language, tongues.languages),
        default_translation_directories=str(folder),
        locale_selector=chosen or choose_language,
    )
    babel.domain_instance = tongues
    app.jinja_env.globals.update(gettext=_gettext, ngettext=_ngettext)


@pass_eval_context
def _gettext(context: EvalContext, text: str, /, **values: Any) -> str:
    """A text in a template: the catalogue's may hold markup, values and mended words are escaped."""
    spoken = _tongues().get_translations()
    return _marked(context, spoken, text, spoken.ugettext(text), values)


@pass_eval_context
def _ngettext(context: EvalContext, one: str, many: str, num: int, /, **values: Any) -> str:
    """The same of a text about one or many."""
    spoken = _tongues().get_translations()
    return _marked(context, spoken, one, spoken.ungettext(one, many, num), {"num": num, **values})


def _marked(context: EvalContext, spoken: Spoken, text: str, pattern: str, values: Mapping[str, Any]) -> str:
    if not context.autoescape:
        return sentences.filled(pattern, values)
    safe = escape(pattern) if spoken.is_mended(text) else Markup(pattern)  # noqa: S704 - texts of our own
    return sentences.filled(safe, values)


def languages() -> tuple[str, ...]:
    """English and every language that has a compiled catalogue; no page is half in one and half in another."""
    return _tongues().languages


def _tongues() -> Tongues:
    found: Tongues = current_app.extensions["tongues"]
    return found


def own_name(code: str) -> str:
    """What the speakers of a language call it."""
    return OWN_NAMES.get(code) or str(Locale.parse(code, sep="-").get_display_name(code)).capitalize()


@lru_cache(maxsize=512)
def direction(code: str) -> str:
    """Which way a language is written: ltr or rtl; auto for one that CLDR does not know, so that its letters say it."""
    try:
        return str(Locale.parse(code, sep="-").text_direction)
    except (UnknownLocaleError, ValueError):
        return "auto"


def choose_language() -> str:
    """The language of the page: the person's own, else this phone's choice, else the browser's wish, else the hub's."""
    person, spoken = viewer(), languages()
    for wish in (person.language if person else "", session.get("language", "")):
        if wish in spoken:
            return str(wish)
    return wished(request.accept_languages, spoken) or fitting(node().settings.language)


def wished(wishes: LanguageAccept, spoken: tuple[str, ...]) -> str:
    """The first language that a browser wishes for and pages speak, in any country's way of it; "" for none."""
    for tag, quality in list(wishes)[:WISHES_MAX]:
        found = main_tag(tag)
        if quality > 0 and found in spoken:
            return found
    return ""


def main_tag(tag: str) -> str:
    """The language of a tag that may name a country or a script too: "pt" for "pt-BR"."""
    return tag.replace("_", "-").partition("-")[0].lower()


def fitting(language: str) -> str:
    """The language itself where pages speak it, in its own country's way or not; else English."""
    return main_tag(language) if main_tag(language) in languages() else ENGLISH


def _known(language: str, spoken: tuple[str, ...]) -> str:
    """A language with its country as CLDR names it, which tells how numbers and days are written here."""
    if main_tag(language) not in spoken:
        return ENGLISH
    try:
        return str(Locale.parse(language.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return main_tag(language)
