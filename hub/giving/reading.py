"""What of a work can be read on the stick itself: plain pages of its lessons, its quizzes and its books' chapters.

They lie beside the files of the work and are no part of it: another hub takes in the files. No page runs anything.
"""

from collections.abc import Iterator
from contextlib import suppress
from html import escape
from pathlib import PurePosixPath
from urllib.parse import quote

from content import chapters, lesson, quiz_file
from content.errors import N_, ContentError
from content.formats import epub
from content.formats.epub import Chapter
from content.limits import DEFAULT, MIB
from content.package import Item, Manifest
from content.question import Option, Question
from content.shelf import Shelf
from hub.giving.cover import Work, marked, opens, translated, whole

READ = "read-{number}.html"
CHAPTER = "read-{number}-{chapter}.html"
CHAPTERS_MAX = 500
"""Chapters of one book that become pages."""
BOOK_BYTES_MAX = 16 * MIB
"""What they may have together, as they lie in the book."""

ANSWER = N_("Answer")
BEFORE, NEXT, CONTENTS = N_("Before"), N_("Next"), N_("Contents")
QUESTION = N_("Question %(number)s")

Pages = Iterator[tuple[str, str]]
"""Name of each page and all of it."""


def names(work: Work) -> dict[str, str]:
    """What the first pages of its items are called → the item."""
    shown = [item for item in work.manifest.items if item.kind in MADE]
    return {READ.format(number=number): item.id for number, item in enumerate(shown, start=1)}


def pages(shelf: Shelf, work: Work) -> Pages:
    """The pages of a work; an item that cannot be read has none. Of a book its first page comes last."""
    for number, item_id in enumerate(names(work).values(), start=1):
        item = work.manifest.item(item_id)
        if item is not None:
            with suppress(ContentError):
                yield from MADE[item.kind](shelf, work, item, number)


def _lesson(shelf: Shelf, work: Work, item: Item, number: int) -> Pages:
    text = lesson.read(shelf.read(work.manifest, item.path, limit=DEFAULT.text_bytes))
    html = lesson.render(text, lambda path: quote(beside(work, path)), elsewhere=lambda _name: "")
    yield READ.format(number=number), _page(work, item, html)


def _quiz(shelf: Shelf, work: Work, item: Item, number: int) -> Pages:
    """Its questions, each with its answer folded away."""
    quiz = quiz_file.load(shelf.read(work.manifest, item.path, limit=DEFAULT.text_bytes), where=item.path)
    asked = [_asked(work, each, at) for at, each in enumerate(quiz.questions, start=1)]
    yield READ.format(number=number), _page(work, item, f"<h1><bdi>{escape(quiz.title)}</bdi></h1>{''.join(asked)}")


def _asked(work: Work, question: Question, number: int) -> str:
    say = translated(work.manifest.language).gettext
    choices = question.left or question.options
    beside_it = question.right if question.left else ()
    told = "".join(f"<li>{_option(work, each)}</li>" for each in choices)
    others = "".join(f"<li>{_option(work, each)}</li>" for each in sorted(beside_it, key=lambda each: each.text))
    right = "".join(f"<li>{escape(each)}</li>" for each in _right(question))
    why = f'<p class="said">{escape(question.explanation)}</p>' if question.explanation else ""
    return (
        f"<section><h2>{escape(say(QUESTION) % {'number': number})}</h2>"
        f'<p class="said">{escape(question.prompt)}</p>{_media(work, question)}'
        f"{f'<ul>{told}</ul>' if told else ''}{f'<ul>{others}</ul>' if others else ''}"
        f"<details><summary>{escape(say(ANSWER))}</summary><ul>{right}</ul>{why}</details></section>"
    )


def _media(work: Work, question: Question) -> str:
    picture, sound = (beside(work, path) if path else "" for path in (question.picture, question.audio))
    shown = f'<p><img src="{quote(picture)}" alt=""></p>' if picture else ""
    return shown + (f'<p><audio controls preload="none" src="{quote(sound)}"></audio></p>' if sound else "")


def _option(work: Work, option: Option) -> str:
    place = beside(work, option.picture) if option.picture else ""
    return f'<img src="{quote(place)}" alt="{escape(option.text)}">' if place else escape(option.text)


def _right(question: Question) -> list[str]:
    """What is right, in the words of the question."""
    words = {each.id: each.text for each in (*question.options, *question.left, *question.right)}
    if question.kind == "match":
        pairs = [each.partition("=") for each in question.answer]
        return [f"{words.get(left, left)} – {words.get(right, right)}" for left, _sign, right in pairs]
    found = [words.get(each, each) for each in question.answer]
    return [f"{each} ± {question.tolerance:g}" for each in found] if question.tolerance else found


def _book(shelf: Shelf, work: Work, item: Item, number: int) -> Pages:
    """Its chapters one by one, each leading to the next, and last the page with their names."""
    called = _called(shelf, work.manifest, item, number)
    first, waiting = READ.format(number=number), ("", "")
    shown: list[str] = []
    for path, (name, _title) in called.items():
        html = _chapter(shelf, work, path, called)
        if not html:
            continue
        if waiting[0]:
            yield waiting[0], _page(work, item, waiting[1] + _onward(work.manifest, shown[-2:-1], first, [name]))
        shown.append(name)
        waiting = (name, html)
    if not shown:
        return
    yield waiting[0], _page(work, item, waiting[1] + _onward(work.manifest, shown[-2:-1], first, []))
    rows = [(name, title or f"{at}") for at, (name, title) in enumerate(called.values(), start=1) if name in shown]
    lines = "".join(f'<li><a href="{name}"><bdi>{escape(title)}</bdi></a></li>' for name, title in rows)
    yield first, _page(work, item, f"<h1><bdi>{escape(item.title)}</bdi></h1><ul>{lines}</ul>")


def _called(shelf: Shelf, manifest: Manifest, item: Item, number: int) -> dict[str, tuple[str, str]]:
    """The chapters of a book that become pages, in order: path → the name of its page, and its title."""
    found: list[Chapter] = []
    size = 0
    for each in epub.within(lambda path: shelf.read(manifest, path), epub.root(manifest.files, item.path)):
        size += manifest.files[each.path].size if each.path in manifest.files else 0
        if size > BOOK_BYTES_MAX or len(found) == CHAPTERS_MAX:
            break
        found.append(each)
    return {
        each.path: (CHAPTER.format(number=number, chapter=at), each.title) for at, each in enumerate(found, start=1)
    }


def _chapter(shelf: Shelf, work: Work, path: str, called: dict[str, tuple[str, str]]) -> str:
    """One chapter, its links leading to the pages of others; "" for one that cannot be read or shows nothing."""
    try:
        data = shelf.read(work.manifest, path, limit=DEFAULT.text_bytes)
    except ContentError:
        return ""
    return chapters.plain(data, path, lambda to: called[to][0] if to in called else quote(_opened(work, to)))


def _opened(work: Work, path: str) -> str:
    """Where a file lies that a browser opens; "" for every other."""
    return beside(work, path) if opens(work, path) else ""


def _onward(manifest: Manifest, before: list[str], contents: str, after: list[str]) -> str:
    say = translated(manifest.language).gettext
    links = [(BEFORE, before), (CONTENTS, [contents]), (NEXT, after)]
    shown = [f'<a href="{to[0]}">{escape(say(words))}</a>' for words, to in links if to]
    return f"<nav>{' '.join(shown)}</nav>"


def _page(work: Work, item: Item, body: str) -> str:
    return whole(item.title, work.manifest.language, f"<main{marked(work.manifest.language)}>{body}</main>")


def beside(work: Work, path: str) -> str:
    """A file of a work, seen from the folder of that work."""
    place = work.places.get(path, "")
    return str(PurePosixPath(place).relative_to(work.folder)) if place else ""


MADE = {"lesson": _lesson, "quiz": _quiz, "book": _book}
"""Kind of item → what makes its pages."""
