"""Mended words: near enough is found, a right word stays, and nothing is tried one after another."""

from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from content.catalogue import Catalogue
from content.fulltext import Passage
from content.nearness import LETTERS_MAX, LETTERS_MIN, allowed, distance, keys, near_keys
from content.package import Item, Manifest
from content.search import words

SHELF = {
    "en": "The goats drank clear water near the mountain",
    "fr": "L’école est près de la forêt magnifique",
    "sw": "Mbuzi alipanda mlima mrefu kutafuta majani",
    "ar": "كِتَابٌ عَنِ الْمَاءِ في المدرسة القديمة",
    "hi": "विद्यार्थी किताब पढ़ता है और पानी पीता",
    "th": "นักเรียนดื่มน้ำสะอาด",
    "zh": "学生喝干净的水",
}
MENDED = [
    ("watr", "water"),
    ("wtaer", "water"),
    ("awter", "water"),
    ("xwater clear", "water clear"),
    ("Clear watr!", "Clear water"),
    ("muontian", "mountain"),
    ("ecoel", "école"),
    ("l’ecoel", "l école"),
    ("foert", "forêt"),
    ("magnfiqe", "magnifique"),
    ("mlmia", "mlima"),
    ("kutafta", "kutafuta"),
    ("كتب", "كِتَابٌ"),
    ("كِتَبٌ", "كِتَابٌ"),
    ("المدرصة", "مدرسة"),
    ("مدرسسه", "مدرسة"),
    ("किटाब", "किताब"),
    ("पाणी", "पानी"),
    ("विद्यर्थी", "विद्यार्थी"),
]
UNMENDED = [
    "water",
    "wate",
    "WATER",
    "goat",
    "zebra",
    "wxyer",
    "xx",
    "mountxxn4",
    "1999",
    "水学",
    "净干",
    "นักรัยน",
    "كتاب",
    "किताब",
    "",
    " ",
    "\0",
    '"',
    "a" * 5000,
    "water zebra",
]
ALPHABETS = {
    "water": "abcdefghijklmnopqrstuvwxyz",
    "mountain": "abcdefghijklmnopqrstuvwxyz",
    "magnifique": "abcdefghijklmnopqrstuvwxyz",
    "forêt": "aéèêfort",
    "kutafuta": "abcdefghijklmnopqrstuvwxyz",
    "المدرسة": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "كتاب": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "किताब": "कखगघचछजतथदनपबमयरलवसहािीुूेो",
    "विद्यार्थी": "कखगघचछजतथदनपबमयरलवसहािीुूेो्",
}
LETTERS = st.text("abcd", min_size=LETTERS_MIN, max_size=12)


def put(catalogue: Catalogue, text: str, *, name: str, language: str = "en") -> None:
    """Put a package with one passage in."""
    item = Item("item", "lesson", "Title", "a.md")
    manifest = Manifest(name, name, 1, "Title", language, (item,), MappingProxyType({}), "folder")
    catalogue.add(manifest, [Passage("item", "a.md", "Title", text)])


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """A shelf with one passage in each language; nobody changes it."""
    with closing(Catalogue(tmp_path_factory.mktemp("shelf") / "catalogue.db")) as made:
        for language, text in SHELF.items():
            put(made, text, name=language, language=language)
        yield made


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Catalogue]:
    """An empty catalogue."""
    with closing(Catalogue(tmp_path / "catalogue.db")) as made:
        yield made


@pytest.mark.parametrize(("asked", "meant"), MENDED)
def test_a_near_word_is_offered_as_it_is_written(catalogue: Catalogue, asked: str, meant: str) -> None:
    """With its accents and vowel signs; and it finds its passage."""
    assert catalogue.search(asked).total == 0
    assert catalogue.mended(asked) == meant
    assert catalogue.search(meant).total == 1


@pytest.mark.parametrize("asked", UNMENDED)
def test_other_words_stay(catalogue: Catalogue, asked: str) -> None:
    """Right ones, beginnings, those that are nowhere near, short ones, numbers, and scripts without spaces."""
    assert catalogue.mended(asked) == ""


def test_a_right_word_beside_a_wrong_one_stays(fresh: Catalogue) -> None:
    """However rare it is beside a word that is nearly the same."""
    for number in range(5):
        put(fresh, "clean water", name=f"w{number}")
    put(fresh, "the wafer is dry", name="rare")
    assert fresh.mended("wafer cleam") == "wafer clean"


def test_of_equally_near_words_that_of_more_packages_is_offered(fresh: Catalogue) -> None:
    """Not that of a package that repeats itself; and fewer mistakes go before more packages."""
    put(fresh, "wazer " * 50, name="a")
    for name in ("b", "c"):
        put(fresh, "water mountains", name=name)
    put(fresh, "mountainx", name="d")
    assert fresh.mended("waer") == "water"
    assert fresh.mended("mountainxy") == "mountainx"


def test_what_left_the_shelf_is_not_offered(fresh: Catalogue) -> None:
    """Its word may still be kept; nothing has it."""
    put(fresh, "water", name="a")
    assert fresh.mended("watr") == "water"
    fresh.remove("a")
    assert fresh.mended("watr") == ""


def test_it_is_one_question_however_much_is_typed(catalogue: Catalogue) -> None:
    """After three unknown words nothing more is tried."""
    assert catalogue.mended("zzzza zzzzb zzzzc watr") == ""
    assert catalogue.mended("zzzza zzzzb watr") == "zzzza zzzzb water"


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_one_mistake_finds_the_passage(catalogue: Catalogue, data: st.DataObject) -> None:
    """A letter too much, too few, another one, two swapped: found as it is, or found mended."""
    word = data.draw(st.sampled_from(list(ALPHABETS)))
    place, letter = data.draw(st.integers(0, len(word) - 1)), data.draw(st.sampled_from(ALPHABETS[word]))
    before, here, rest = word[:place], word[place], word[place + 1 :]
    wrong = data.draw(
        st.sampled_from([before + rest, before + letter + here + rest, before + letter + rest, _swapped(word, place)])
    )
    (package,) = {hit.package for hit in catalogue.search(word).hits}
    found = catalogue.search(wrong)
    found = found if found.total else catalogue.search(catalogue.mended(wrong))
    assert package in {hit.package for hit in found.hits}, f"{wrong} for {word}"


def _swapped(word: str, place: int) -> str:
    return word[:place] + word[place : place + 2][::-1] + word[place + 2 :]


@given(LETTERS, LETTERS)
@example("abcdabcd", "bacdabdc")
@example("abcdabcd", "abdcab")
@example("abcabcab", "acbabcba")
@settings(max_examples=1_000, deadline=None)
def test_the_distance_is_that_of_the_books_and_near_words_share_a_key(word: str, typed: str) -> None:
    """Against the plain recursion; and no near word is missed by looking up."""
    most, away = allowed(len(word), len(typed)), _distance(word, typed)
    assert distance(word, typed, most) == distance(typed, word, most) == min(away, most + 1)
    assert away > most or most == 0 or keys(word) & near_keys(typed)


@given(LETTERS, st.lists(st.tuples(st.integers(0, 3), st.integers(0, 20), st.sampled_from("abcd")), max_size=2))
@settings(max_examples=2_000, deadline=None)
def test_words_made_by_mistakes_share_a_key(word: str, mistakes: list[tuple[int, int, str]]) -> None:
    """Wherever the mistakes are, also where two pieces meet."""
    typed = word
    for kind, where, letter in mistakes:
        place = where % max(1, len(typed))
        before, rest = typed[:place], typed[place + 1 :]
        typed = (before + rest, before + letter + typed[place:], before + letter + rest, _swapped(typed, place))[kind]
    most = allowed(len(word), len(typed))
    if len(typed) >= LETTERS_MIN and 0 < _distance(word, typed) <= most:
        assert keys(word) & near_keys(typed), f"{word} {typed}"


@pytest.mark.parametrize("word", ["", "ab", "a" * (LETTERS_MAX + 1)])
def test_words_outside_the_bounds_have_no_keys(word: str) -> None:
    """Nothing is kept for them and nothing is looked up."""
    assert keys(word) == near_keys(word) == set()


def test_the_work_for_one_word_is_bounded() -> None:
    """Keys of the longest words; `words` folds nothing longer into them."""
    longest = "".join(chr(ord("a") + place) for place in range(LETTERS_MAX))
    assert words(longest) == [longest]
    assert len(keys(longest)) <= 5
    assert len(near_keys(longest)) <= 300


def _distance(one: str, other: str) -> int:
    """The textbook's recursion, slow and plain."""

    @cache
    def away(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        least = min(away(i - 1, j) + 1, away(i, j - 1) + 1, away(i - 1, j - 1) + (one[i - 1] != other[j - 1]))
        if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
            least = min(least, away(i - 2, j - 2) + 1)
        return least

    return away(len(one), len(other))
