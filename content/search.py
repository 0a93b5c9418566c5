"""Text made ready for searching, the same way for what is on the shelf and for what a reader types.

SQLite's own splitting breaks Hindi at its vowel signs, misses Arabic written with vowels, and takes a whole
Thai or Chinese sentence for one word. So text is folded here first: case, accents, Arabic marks and letter
forms; and runs of scripts without spaces become overlapping pairs of letters. Pure.
"""

import re
import unicodedata
from functools import lru_cache

VERSION = 1
"""Counts up with every change of the folding; an index made with another version has to be rebuilt."""

TERMS_MAX = 12
"""Terms of one query that are looked at: a long sentence."""

QUERY_CHARS_MAX = 300
"""Characters of one query that are looked at."""

BEGINNING_LETTERS = 4
"""Letters from which on a word may be a beginning: "goat" finds goats, and "for" does not find forest."""

BEGINNING_LETTERS_LAST = 2
"""The same for the last word; with one letter nearly everything would be found, slowly."""

TOKENIZER = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
"""How FTS5 splits folded text: marks stay inside words, accents are already folded."""

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua9e0-\ua9ff\uaa60-\uaa7f\uf900-\ufaff\U00020000-\U0003ffff]+"
)
"""Runs of Thai, Lao, Burmese, Khmer, Han and Kana: written without spaces between words."""

_ASCII_WORD = re.compile("[a-z0-9]+")
"""Words of a folded text without a letter beyond ASCII: the most of what there is; the general way is slow."""

_ARABIC_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
_HIDDEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_FORMS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **{"ى": "ي", "ئ": "ي", "ی": "ي", "ؤ": "و", "ة": "ه", "ک": "ك", "ہ": "ه"},
        **{"đ": "d", "ð": "d", "ł": "l", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "ħ": "h"},
    }
)
_ARTICLE = "ال"
_ARTICLE_REST_MIN = 3
"""Letters that must stay when the Arabic article is taken off: roots have three."""

_LAST_FOLDED = "\u052f"
"""The end of Latin, Greek and Cyrillic: only there is a mark an accent that a phone's keyboard may lack."""

_WORD_CATEGORIES = frozenset({"L", "N", "Co", "Mn", "Mc"})


def fold(text: str) -> str:
    """The same text without what does not count.

    Case, accents, Arabic vowels and letter forms, hidden signs.
    """
    if text.isascii():
        return text.lower()
    plain = _HIDDEN.sub("", unicodedata.normalize("NFKC", text)).casefold()
    if plain.isascii():
        return plain
    plain = _ARABIC_MARKS.sub("", plain.translate(_FORMS))
    return unicodedata.normalize("NFC", _without_accents(plain))


def words(text: str) -> list[str]:
    """The folded words of a text, in order: letters, digits and marks that hang together."""
    folded = fold(text)
    if folded.isascii():
        return _ASCII_WORD.findall(folded)
    return "".join(letter if _is_word(letter) else " " for letter in folded).split()


def plain_words(text: str) -> str:
    """The folded words with one space between them: for comparing a typed answer."""
    return " ".join(words(text))


def indexed(text: str) -> str:
    """The text to hand to FTS5: folded words, runs without spaces as overlapping pairs."""
    return " ".join(token for word in words(text) for token in _tokens(word))


def terms(text: str) -> list[str]:
    """The folded words of a query as they would stand in a folded text, longest first."""
    found = {bare(word) for word in words(text[:QUERY_CHARS_MAX])[:TERMS_MAX]}
    return sorted(found, key=lambda term: (-len(term), term))


def is_unspaced(letter: str) -> bool:
    """Whether a letter belongs to a script that is written without spaces between words."""
    return _UNSPACED.match(letter) is not None


def query(text: str, *, any_term: bool = False) -> str:
    """What a reader typed, as an FTS5 query in which every term is quoted; "" when nothing is left to look for.

    All terms must be there, or any one of them with `any_term`. A longer word, and the last one, may be the beginning
    of a word: readers type "goat" for goats, and half a word while they think.
    """
    found = words(text[:QUERY_CHARS_MAX])[:TERMS_MAX]
    quoted = [_term(word, is_last=number == len(found)) for number, word in enumerate(found, start=1)]
    return (" OR " if any_term else " AND ").join(quoted)


def _term(word: str, *, is_last: bool) -> str:
    """One word as a phrase, which keeps the order of pairs; folded words hold no quotation mark to break out with."""
    tokens = _tokens(word)
    if _UNSPACED.fullmatch(word):
        pairs = tokens[:-1] or tokens
        return f'"{" ".join(pairs)}"{"*" if is_last or len(word) == 1 else ""}'
    may_go_on = len(word) >= (BEGINNING_LETTERS_LAST if is_last else BEGINNING_LETTERS)
    asked = f'"{" ".join(tokens)}"{"*" if may_go_on else ""}'
    return f'({asked} OR "{rest}"*)' if is_last and (rest := _begun_behind_article(word)) else asked


def _tokens(word: str) -> list[str]:
    """The index terms of one folded word."""
    if word.isascii():
        return [word]
    tokens = []
    rest = 0
    for run in _UNSPACED.finditer(word):
        tokens += [bare(word[rest : run.start()])] if run.start() > rest else []
        letters = run[0]
        tokens += [letters[start : start + 2] for start in range(len(letters))]
        rest = run.end()
    return tokens + ([bare(word[rest:])] if rest < len(word) else [])


def bare(word: str) -> str:
    """A folded word without the Arabic article."""
    if word.startswith(_ARTICLE) and len(word) >= len(_ARTICLE) + _ARTICLE_REST_MIN:
        return word[len(_ARTICLE) :]
    return word


def _begun_behind_article(word: str) -> str:
    """The letters behind an Arabic article that are too few to be a word, and may become one; "" for none."""
    rest = word.removeprefix(_ARTICLE)
    return rest if BEGINNING_LETTERS_LAST <= len(rest) < _ARTICLE_REST_MIN and rest != word else ""


def _without_accents(text: str) -> str:
    letters: list[str] = []
    base = ""
    for letter in unicodedata.normalize("NFD", text):
        if not unicodedata.combining(letter):
            base = letter
        elif base <= _LAST_FOLDED:
            continue
        letters.append(letter)
    return "".join(letters)


@lru_cache(maxsize=4096)
def _is_word(letter: str) -> bool:
    category = unicodedata.category(letter)
    return category[0] in _WORD_CATEGORIES or category in _WORD_CATEGORIES
