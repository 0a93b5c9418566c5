"""What a package says: every sentence of it that pages show, so that each can be given a sound.

Lessons and quizzes are read here; of films, books and activities only the titles are. What cannot be read is left out:
that is told at installation and by `Shelf.verify`.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress

from content import lesson
from content.errors import ContentError
from content.exercise import Question, load
from content.package import Item, Manifest
from content.spoken import sentences

SENTENCES_MAX = 5_000
"""Sentences of one package that get a sound: a book of two hundred pages."""

Read = Callable[[str], bytes]


def package_sentences(manifest: Manifest) -> list[str]:
    """The sentences about a package: its title and summary, its items' titles, what one can do afterwards."""
    texts = [manifest.title, manifest.summary, *(item.title for item in manifest.items)]
    return _each_once([*texts, *(each.statement for each in manifest.competencies)])


def item_sentences(item: Item, read: Read) -> list[str]:
    """The sentences of one item, in the order of its page. `read` gives the bytes of a path."""
    with suppress(ContentError):
        if item.kind == "lesson":
            return _each_once(lesson.blocks(lesson.read(read(item.path))))
        if item.kind == "quiz":
            return _each_once(text for each in load(read(item.path), item.title).questions for text in _asked(each))
    return _each_once([item.summary])


def all_sentences(manifest: Manifest, read: Read) -> list[str]:
    """Every sentence of a package, each once; at most SENTENCES_MAX of them."""
    found = dict.fromkeys(package_sentences(manifest))
    for item in manifest.items:
        if len(found) < SENTENCES_MAX:
            found |= dict.fromkeys(item_sentences(item, read))
    return list(found)[:SENTENCES_MAX]


def _asked(question: Question) -> Iterator[str]:
    """The texts of a question: what is asked, what can be chosen, and what is said to an answer."""
    yield question.prompt
    for option in (*question.options, *question.left, *question.right):
        yield option.text
    if question.kind in ("number", "text"):
        yield question.answer[0]
    yield question.hint
    yield question.explanation


def _each_once(texts: "Iterator[str] | list[str]") -> list[str]:
    return list(dict.fromkeys(part for text in texts for part in sentences(text)))
