"""Search among 100,000 passages, very common words too. The peer looks through all of them without an index."""

import dataclasses
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from bench.figure import Figure
from content.catalogue import Catalogue
from content.fulltext import Passage
from content.package import Competency, Item, Manifest
from content.shelf import Shelf

PASSAGES = 100_000
PACKAGES = 200
WORDS = 40_000
LENGTH = 30
"""Words in a passage."""
TRIES = 200
SCANS = 5
P95_MOST_MS = 50.0
"""Of any kind of question."""
CHOICES = {
    "language": ("en", "sw", "fr", "ar", "hi"),
    "level": ("beginner", "middle", "advanced"),
    "kind": ("lesson", "quiz", "video", "pdf", "book"),
    "time": ("10", "30", "more"),
    "goal": tuple(str(number) for number in range(1, 18)),
}


def measure(home: Path) -> Iterator[Figure]:
    """All figures of this block."""
    chance = random.Random(7)
    words = [word(chance) for _ in range(WORDS)]
    with tempfile.TemporaryDirectory() as folder, closing(Catalogue(Path(folder) / "catalogue.db")) as catalogue:
        began = time.monotonic()
        _fill(catalogue, Shelf(home / "blobs").list()[0], words, chance)
        filled_s = time.monotonic() - began
        scan_ms = _scan_ms(catalogue, words[0])
        yield Figure("passages put in", PASSAGES / filled_s, "a second")
        for name, ask in _questions(words, chance).items():
            p95 = _p95_ms(lambda ask=ask: catalogue.search(ask()))  # type: ignore[misc]
            yield Figure(f"{name}, 95 of 100 within", p95, "ms", most=P95_MOST_MS)
            yield Figure(f"{name}, against looking through all", scan_ms / p95, "times")
            p95 = _p95_ms(lambda ask=ask: _chosen(catalogue, ask(), chance))  # type: ignore[misc]
            yield Figure(f"{name}, chosen from, with all counts, 95 of 100 within", p95, "ms", most=P95_MOST_MS)
        yield Figure(
            "a very common word, asked first of all, with all counts",
            _first_ms(Path(folder), words),
            "ms",
            most=P95_MOST_MS,
        )
        p95 = _p95_ms(lambda: catalogue.begun(words[chance.randrange(200)][: chance.randint(2, 4)]))
        yield Figure("what half a word may become, 95 of 100 within", p95, "ms", most=P95_MOST_MS)
        p95 = _p95_ms(lambda: _mended(catalogue, _misspelled(words, chance)))
        yield Figure("a misspelled word, mended, 95 of 100 within", p95, "ms", most=P95_MOST_MS)


def _questions(words: list[str], chance: random.Random) -> dict[str, Callable[[], str]]:
    return {
        "a rare word": lambda: words[chance.randrange(WORDS // 2, WORDS)],
        "a common word": lambda: words[chance.randrange(20, 200)],
        "a very common word": lambda: words[chance.randrange(3)],
        "two words": lambda: f"{words[chance.randrange(50)]} {words[chance.randrange(50, 500)]}",
        "a word begun": lambda: words[chance.randrange(20, 2000)][:3],
    }


def _chosen(catalogue: Catalogue, typed: str, chance: random.Random) -> None:
    """What a page with choices asks for: hits of some of them, and how many each further choice would leave."""
    chosen = {facet: chance.choice(CHOICES[facet]) for facet in chance.sample(list(CHOICES), 2)}
    catalogue.search(typed, chosen=chosen)
    catalogue.counts(typed, chosen=chosen)


def _first_ms(folder: Path, words: list[str]) -> float:
    """The longest that one of the three commonest words takes a hub which has only just started."""
    waits = []
    for each in words[:3]:
        with closing(Catalogue(folder / "catalogue.db")) as catalogue:
            began = time.thread_time()
            catalogue.search(each)
            catalogue.counts(each)
            waits.append((time.thread_time() - began) * 1000)
    return max(waits)


def _misspelled(words: list[str], chance: random.Random) -> str:
    """A word of four letters or more with another letter somewhere, one that no word has."""
    word = chance.choice(words)
    place = chance.randrange(len(word))
    return f"{word[:place]}q{word[place + 1 :]}"


def _mended(catalogue: Catalogue, typed: str) -> None:
    """A search that finds nothing, and what a nearer word finds."""
    assert not catalogue.search(typed).total, "no word has this letter"
    assert catalogue.search(catalogue.mended(typed)).total, "one mistake is always mended"


def _fill(catalogue: Catalogue, like: Manifest, words: list[str], chance: random.Random) -> None:
    """Packages whose words are as unequal as those of a language: the n-th is n times rarer than the first."""
    weights = [1 / (place + 1) for place in range(WORDS)]
    for number in range(PACKAGES):
        each = PASSAGES // PACKAGES
        texts = chance.choices(words, weights, k=each * LENGTH)
        found = [
            Passage(item=f"i{place}", path=f"{place}.md", title=" ".join(part[:3]), text=" ".join(part))
            for place in range(each)
            if (part := texts[place * LENGTH : (place + 1) * LENGTH])
        ]
        catalogue.add(_unlike(like, number), found)


def _unlike(like: Manifest, number: int) -> Manifest:
    """A package with marks of its own: one part of some kind and length, one ability, one goal."""
    kind, goal = CHOICES["kind"][number % 5], CHOICES["goal"][number % 17]
    part = Item("part", kind, "Part", "part", minutes=number % 45, competencies=("able",))
    told = {"id": f"package-{number}", "work": f"work-{number}", "language": CHOICES["language"][number // 5 % 5]}
    able = Competency("able", f"I can do {number}.")
    marks = {"level": CHOICES["level"][number % 3], "sdg": (goal,), "competencies": (able,)}
    return dataclasses.replace(like, **told, **marks, items=(part,))  # type: ignore[arg-type]


def word(chance: random.Random) -> str:
    """A word of a language that nobody speaks."""
    return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(chance.randint(2, 4)))


def _p95_ms(ask: Callable[[], object]) -> float:
    """Processor time, which a neighbour on the machine does not change."""
    waits = []
    for _ in range(TRIES):
        began = time.thread_time()
        ask()
        waits.append((time.thread_time() - began) * 1000)
    return statistics.quantiles(waits, n=20)[-1]


def _scan_ms(catalogue: Catalogue, word: str) -> float:
    """A search as programs without an index do it."""
    waits = []
    with catalogue._reading() as database:
        for _ in range(SCANS):
            began = time.thread_time()
            list(database.query("SELECT id FROM passages WHERE text LIKE ? LIMIT 20 OFFSET 100000", [f"%{word}x%"]))
            waits.append((time.thread_time() - began) * 1000)
    return statistics.median(waits)
