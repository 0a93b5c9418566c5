"""A text sentence by sentence: the same sentences for pages and for the voice, and nothing lost between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import lesson
from content.spoken import SENTENCE_CHARS_MAX, is_heard, key, letters, normal, sentences


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Keep it clean. Put 3.5 spoons in! Then?", ["Keep it clean.", "Put 3.5 spoons in!", "Then?"]),
        ("1. Wash. 2. Dry", ["1. Wash.", "2. Dry"]),
        ("He said “Go.” Then he left.", ["He said “Go.”", "Then he left."]),
        ("اغسل يديك؟ نعم.", ["اغسل يديك؟", "نعم."]),
        ("पानी उबालो। फिर ठंडा करो।", ["पानी उबालो।", "फिर ठंडा करो।"]),
        ("Step 2 of 9: boil", ["Step 2 of 9: boil"]),
        ("– • –", []),
    ],
)
def test_a_text_is_cut_at_the_ends_of_sentences(text: str, found: list[str]) -> None:
    """In every script's own marks; not at a decimal, a number of a list or a colon."""
    assert sentences(text) == found


@given(st.text(alphabet="ab 1.!?؟।–”\n", max_size=1000))
def test_no_sign_is_lost(text: str) -> None:
    """Together the sentences have all signs of a text that is heard, by which pages find them; none is too long."""
    found = sentences(text)
    assert sum(map(letters, found)) == (letters(normal(text)) if is_heard(text) else 0)
    assert all(len(each) <= SENTENCE_CHARS_MAX + 4 for each in found)


def test_a_key_is_that_of_words_and_language() -> None:
    """Blanks and spellings of one letter do not count; the language does."""
    assert key("Wash  your\nhands", "en") == key(" Wash your hands ", "EN") != key("Wash your hands", "fr")
    assert key("e\u0301", "fr") == key("\u00e9", "fr")


def test_a_lesson_s_speakers_read_what_its_texts_say() -> None:
    """Each text is marked once, inner marks and all; the cells of a row are read together; pictures say nothing."""
    text = "# A well\n\n![pic](a.svg)\n\nA **lid. Really** so.\n\n- one\n  - in\n\n| a | b |\n|--|--|\n| 1 | two |\n"
    heard: list[tuple[str, ...]] = []

    def aloud(parts: "list[str]") -> tuple[list[str], str]:
        heard.append(tuple(parts))
        return ["<span>"] * len(parts), "<a></a>"

    html = lesson.render(text, lambda path: f"/{path}", None, aloud)  # type: ignore[arg-type]
    assert heard == [("A well",), ("A lid. Really so.",), ("one",), ("in",), ("a", "b"), ("1", "two")]
    assert "<p><span>A <strong>lid. Really</strong> so.</span><a></a></p>" in html
    assert "<td><span>1</span></td>\n<td><span>two</span><a></a></td>" in html
    assert lesson.blocks(text) == [part for parts in heard for part in parts]


def test_signs_of_our_own_do_not_come_through() -> None:
    """A lesson that brings the marks by which texts are found brings nothing."""
    html = lesson.render("\ue0000\ue001 A \ue000/7\ue001 lid", lambda path: path, None, lambda parts: (["<i>"], "!"))
    assert html == "<p><i>0 A /7 lid</span>!</p>\n"
