"""How near two words are, and under which keys near words meet: typing mistakes, counted letter by letter. Pure.

A mistake is a letter too much, one too few, another one, or two neighbours swapped (Damerau and Levenshtein; no letter
is changed twice). Words are folded first. A sign that hangs on a letter, as in Hindi, counts as a letter: it is one on
the keyboard.

Near words are looked up, not tried one after another: when a word is cut into one piece more than there are mistakes,
one of its pieces is still whole (Li, Deng, Wang and Feng, "Pass-Join", VLDB 2012). Two neighbours swapped where two
pieces meet spoil both, so each swap is undone once before looking up.
"""

from collections.abc import Iterator

LETTERS_MIN = 3
"""Shorter words are not mended, and not offered."""

LETTERS_MAX = 24
"""Longer words neither: hardly anybody looks for one, and all work here grows with its length."""

LETTERS_ONE, LETTERS_TWO = 4, 8
"""Letters of the longer of two words from which on one mistake may lie between them, or two."""


def allowed(one: int, other: int) -> int:
    """How many mistakes may lie between two words of these lengths, in letters."""
    longer = max(one, other)
    return (longer >= LETTERS_ONE) + (longer >= LETTERS_TWO)


def distance(one: str, other: str, most: int) -> int:
    """How many mistakes lie between two words; `most` + 1 stands for any more, and is soon known."""
    if abs(len(one) - len(other)) > most or len(set(one) ^ set(other)) > 2 * most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        line = [row]
        for column, another in enumerate(other, start=1):
            least = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != another))
            if row > 1 < column and letter == other[column - 2] and one[row - 2] == another:
                least = min(least, before[column - 2] + 1)
            line.append(least)
        if min(line) > most:
            return most + 1
        before, last = last, line
    return min(last[-1], most + 1)


def keys(word: str) -> set[str]:
    """The keys under which a word of the shelf is kept; none for one that is too short or too long."""
    length = len(word)
    if not LETTERS_MIN <= length <= LETTERS_MAX:
        return set()
    nearby = range(length - 2, length + 3)
    amounts = {most for other in nearby if abs(other - length) <= (most := allowed(length, other)) and most}
    return {
        _key(most, length, number, word[start:end])
        for most in amounts
        for number, (start, end) in enumerate(_pieces(length, most))
    }


def near_keys(word: str) -> set[str]:
    """The keys under which all words lie that are near enough to a typed one; none for one too short or too long."""
    if not LETTERS_MIN <= len(word) <= LETTERS_MAX:
        return set()
    return {key for typed in _swapped(word) for key in _near_keys(typed)}


def _near_keys(word: str) -> Iterator[str]:
    """The pieces that a near word may have, where few enough mistakes lie before and behind them."""
    for length in range(max(LETTERS_MIN, len(word) - 2), len(word) + 3):
        more, most = len(word) - length, allowed(len(word), length)
        if abs(more) > most or not most:
            continue
        for number, (start, end) in enumerate(_pieces(length, most)):
            first = max(start - number, start + more - (most - number), 0)
            last = min(start + number, start + more + (most - number), len(word) - (end - start))
            for place in range(first, last + 1):
                yield _key(most, length, number, word[place : place + end - start])


def _swapped(word: str) -> Iterator[str]:
    """The word, and what it was when two neighbours were swapped."""
    yield word
    for place in range(len(word) - 1):
        yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _pieces(length: int, most: int) -> Iterator[tuple[int, int]]:
    """Where the pieces of a word begin and end: one more than mistakes, as equal as can be, the longer ones last."""
    size, longer = divmod(length, most + 1)
    start = 0
    for number in range(most + 1):
        end = start + size + (number > most - longer)
        yield start, end
        start = end


def _key(most: int, length: int, number: int, piece: str) -> str:
    return f"{most}.{length}.{number}.{piece}"
