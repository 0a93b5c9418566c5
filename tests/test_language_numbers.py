"""Numbers, days, lengths of time and names in a sentence, as readers of each language write them."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask_babel import force_locale, gettext, lazy_gettext, ngettext

from content.numerals import readings
from hub import sentences
from hub.app import create_app
from hub.node import Node
from hub.sentences import counted, sentence
from tests.fixtures import engines

pytestmark = pytest.mark.sqlite(engines.WORDS)

MOMENT = datetime(2026, 3, 5, 14, 7, tzinfo=UTC)
SAID = {
    "en": ("1,234.5", "50%", "5 March 2026", "5 Mar 2026, 14:07"),
    "fr": ("1\u202f234,5", "50\xa0%", "5 mars 2026", "5 mars"),
    "pt": ("1.234,5", "50%", "5 de março de 2026", "5 de mar"),
    "sw": ("1,234.5", "50%", "5 Machi 2026", "5 Mac"),
    "ar": ("١٬٢٣٤٫٥", "٥٠", "٥ مارس ٢٠٢٦", "٥ مارس"),
    "hi": ("1,234.5", "50%", "5 मार्च 2026", "5 मार्च"),
    "fa": ("۱٬۲۳۴٫۵", "۵۰", "۵ مارس ۲۰۲۶", "۵ مارس"),
}
"""A number, a part, a day, and how a day and time begin."""


@pytest.mark.parametrize("language", SAID)
def test_a_number_is_written_as_its_readers_write_it(app: Flask, language: str) -> None:
    """Digits, signs between them, percent and days of CLDR."""
    number, half, day, _ = SAID[language]
    with app.test_request_context(), force_locale(language):
        assert sentences.number(1234.5) == number
        assert sentences.percent(0.5).startswith(half)
        assert sentences.day(MOMENT) == day


@pytest.mark.parametrize("language", SAID)
def test_a_time_has_digits_of_one_kind(app: Flask, language: str) -> None:
    """Day, hour and length of time; Arabic and Persian pages mix no Latin ones in."""
    with app.test_request_context(), force_locale(language):
        said = [sentences.day_and_time(MOMENT), sentences.lasting(7_200_000), sentences.lasting(60_000, is_ago=True)]
        said += [sentences.published("2024"), sentences.published("2024-05"), sentences.published("2024-05-03")]
    assert all((any(letter in "0123456789" for letter in text)) == (language not in ("ar", "fa")) for text in said[3:])
    assert not any(letter in "0123456789" for text in said for letter in text if language in ("ar", "fa"))


def test_the_hubs_country_says_how_its_language_is_written(make_node: Callable[..., Node]) -> None:
    """In Morocco Arabic has Latin digits, in Sudan its own; other languages of the same hub follow their own habits."""
    for setting, said in (("ar-MA", "12"), ("ar-SD", "١٢"), ("sw", "١٢")):
        app = create_app(make_node(f"hub-{setting.lower()}", language=setting))
        with app.test_request_context(), force_locale("ar"):
            assert sentences.number(12) == said
        with app.test_request_context(), force_locale("fr"):
            assert sentences.number(12) == "12"


def test_the_values_of_a_sentence_are_written_so_too(app: Flask) -> None:
    """Wherever it is said: from a view, from a service, in a template, late; whatever sign the pattern has for it."""
    late = lazy_gettext("%(num)s steps", num=3)
    with app.test_request_context(), force_locale("fa"):
        assert gettext("%(num)d of %(total)s", num=1234, total=5) == "۱٬۲۳۴ of ۵"
        assert ngettext("%(num)d step", "%(num)d steps", 12) == "۱۲ steps"
        assert sentences.speak(sentence("At %(count)s: %(why)s", count=7, why="x")).startswith("At ۷")
        assert sentences.speak(counted("%(num)s thing", "%(num)s things", 2)) == "۲ things"
        assert str(late) == "۳ steps"
        template = app.jinja_env.from_string("{{ _('%(num)s of %(name)s', num=4, name=name) }} {{ 5|number }}")
        assert template.render(name="<نور>") == "۴ of &lt;نور&gt; ۵"


def test_a_name_of_the_other_direction_is_set_apart(app: Flask) -> None:
    """In a sentence of a page; a name of the page's own direction, and an English sentence elsewhere, stay plain."""
    with app.test_request_context(), force_locale("ar"):
        assert gettext("x %(name)s", name="Amina") == "x \u2068Amina\u2069"
        assert gettext("x %(name)s", name="نور") == "x نور"
    with app.test_request_context(), force_locale("fr"):
        assert gettext("x %(name)s", name="نور 7") == "x \u2068نور 7\u2069"
        assert gettext("x %(name)s", name="Amina") == "x Amina"
    assert sentence("x %(name)s", name="نور") == "x نور"


@pytest.mark.parametrize("language", SAID)
@pytest.mark.parametrize("number", [0, 7, 45, 1234, 1_000_000])
def test_a_number_that_was_said_can_be_typed_back(app: Flask, language: str, number: int) -> None:
    """Whoever copies it from the page, in any digits, is understood."""
    with app.test_request_context(), force_locale(language):
        assert number in readings(sentences.number(number))


def test_what_a_sentence_counts_survives_a_table(app: Flask) -> None:
    """Kept by a job, and said later in the form that the language has for so many."""
    kept = sentences.packed(sentences.joined(counted("%(num)d entry went", "%(num)d entries went", 2), sentence("x")))
    again = sentences.unpacked(kept)
    assert again == "2 entries went x"
    with app.test_request_context(), force_locale("fr"):
        assert sentences.speak(again) == f"{ngettext('%(num)d entry went', '%(num)d entries went', 2)} x"


def test_a_number_of_the_page_itself_has_each_readers_digits(app: Flask) -> None:
    """The first reader of a template leaves nothing of theirs in it."""
    template = app.jinja_env.from_string("{{ 1|number }}")
    for language, said in (("en", "1"), ("fa", "۱"), ("en", "1")):
        with app.test_request_context(), force_locale(language):
            assert template.render() == said
    with app.test_request_context(), force_locale("fa"):
        again = app.jinja_env.from_string("{{ 2|number }}")
    with app.test_request_context(), force_locale("en"):
        assert again.render() == "2"
