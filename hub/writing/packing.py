"""From a draft to a package: a lesson in Markdown, a quiz, and the manifest. Pure: the same draft, the same bytes.

Items and questions keep their ids from version to version, so that what a learner did stays with the same thing.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from types import MappingProxyType

from content.authored import page, quiz
from content.lesson import SHELF
from content.package import Competency, Item, Manifest
from content.question import Draw, Option, Question, Quiz
from hub.writing.parts import DRAW, Body, Part

LESSON, QUIZ, ABLE = "read", "try", "able"
"""Ids of the two items and of the one competency; activities are known by them for good."""
QUIZ_PATH, PAGE_PATH, PART = "try.toml", "package.toml", "part-"
HASH_CHARS = 20
"""Hex digits of a picture's hash in its path: no two pictures of one package meet."""
_SIGNS = re.compile(r"([\\`*_\[\]<>&#~])")
"""Signs that mean something within a line."""
_CLOSED = re.compile(r"([\\`\[\]<&~])")
"""Of these, what a typed text may not mean: links, pictures, code, characters by number."""
_LINE_MARK = re.compile(r"^( {0,3})(#{1,6}(?:\s|$)|=+\s*$|-+\s*$)")
"""What would make a heading of a line, or of the line before."""
_INDENT = re.compile(r"^ {4,}")
_OF_ITS_OWN = re.compile(r"^\s*(?:[-+*]|\d{1,9}[.)])\s|^\s*>|\||^\s*(?:[*_]\s*){3,}$")
"""Lines of lists, quotes, tables, and rules: these end by themselves."""


@dataclass(frozen=True)
class Named:
    """What a draft is as a package: its id there, the version, and the day (ISO)."""

    package: str
    version: int
    published: str


@dataclass(frozen=True)
class Section:
    """A lesson of the package: the id of its item, what it is called, and the parts in it."""

    id: str
    title: str
    parts: tuple[Part, ...]

    @property
    def path(self) -> str:
        """Where its text lies in the package."""
        return f"{self.id}.md"


def files(body: Body, named: Named) -> dict[str, bytes]:
    """The texts of a package by path; pictures and sounds stand beside them at `media_path`."""
    found = {PAGE_PATH: page(manifest(body, named))}
    found |= {each.path: _text(each.title, each.parts).encode() for each in sections(body)}
    if _asked(body):
        found[QUIZ_PATH] = quiz(questions(body))
    return found


def manifest(body: Body, named: Named) -> Manifest:
    """The manifest that a draft becomes, still without files."""
    about, able = body.about, (ABLE,) if body.about.able else ()
    items = [Item(each.id, "lesson", each.title, each.path, competencies=able) for each in sections(body)]
    if _asked(body):
        items.append(Item(QUIZ, "quiz", about.quiz or about.title, QUIZ_PATH, competencies=able))
    return Manifest(
        id=named.package,
        work=named.package,
        version=named.version,
        title=about.title,
        language=about.language,
        items=tuple(items),
        files=MappingProxyType({}),
        source_format="folder",
        summary=about.summary,
        licence=about.licence,
        author=about.author,
        level=about.level,
        cover=media_path(next((each.file for each in body.lesson if each.kind == "picture"), "")),
        competencies=tuple(Competency(each, about.able) for each in able),
        published=named.published,
        needs=needs(body) if about.is_course else (),
    )


def sections(body: Body) -> tuple[Section, ...]:
    """The lesson of a draft; of a course one for each heading, and one for what stands before the first."""
    found = [Section(LESSON, body.about.title, ())]
    for each in body.lesson:
        if body.about.is_course and each.kind == "heading":
            found.append(Section(f"{PART}{each.id}", each.text, ()))
        else:
            found[-1] = replace(found[-1], parts=(*found[-1].parts, each))
    return tuple(each for each in found if each.parts or each.id != LESSON)


def needs(body: Body) -> tuple[str, ...]:
    """The packages that a draft leads to, in order, each once."""
    return tuple(dict.fromkeys(each.target.partition("/")[0] for each in body.lesson if each.kind == "link"))


def media_path(name: str) -> str:
    """Where a picture or sound lies in the package, by its name among the drafts' files; "" for none."""
    digest, _dot, ending = name.partition(".")
    return f"media/{digest[:HASH_CHARS]}.{ending}" if name else ""


def lesson(body: Body) -> str:
    """The lesson in Markdown: its title, then each part as a block of its own."""
    return _text(body.about.title, body.lesson)


def _text(title: str, shown: tuple[Part, ...]) -> str:
    return "\n\n".join([f"# {_escaped(title)}", *(_block(each) for each in shown)]) + "\n"


def questions(body: Body) -> Quiz:
    """The quiz; several right choices make it a question with several answers, and a draw is a pool of its own."""
    able, asked = (ABLE,) if body.about.able else (), _asked(body)
    made = tuple(_question(each, able, pool) for each, pool in asked)
    sizes = Counter(pool for _each, pool in asked)
    draws = tuple(Draw(each.id, min(each.count, sizes[each.id])) for each in body.questions if each.id in sizes)
    return Quiz(body.about.quiz or body.about.title, made, draws)


def _asked(body: Body) -> list[tuple[Part, str]]:
    """Every question with the pool it is drawn from, "" for none. One that is asked anyway is not drawn as well."""
    known = {each.id for each in body.questions if each.kind != DRAW}
    found: list[tuple[Part, str]] = []
    for part in body.questions:
        drawn = [each for each in part.pool if each.id not in known]
        found += [(each, part.id) for each in drawn] if part.kind == DRAW else [(part, "")]
        known |= {each.id for each in drawn}
    return found


def _question(part: Part, able: tuple[str, ...], pool: str) -> Question:
    right = tuple(each.id for each in part.choices if each.is_right)
    kinds = {"choose": "choice" if len(right) == 1 else "several", "number": "number", "words": "text"}
    return Question(
        id=part.id,
        kind=kinds[part.kind],
        prompt=part.text,
        answer=right or part.answers,
        picture=media_path(part.file),
        options=tuple(Option(each.id, each.text, media_path(each.picture)) for each in part.choices),
        tolerance=part.tolerance if part.kind == "number" else 0.0,
        competencies=able,
        hint=part.hint,
        explanation=part.explanation,
        pool=pool,
    )


def _block(part: Part) -> str:
    words = _escaped(part.text)
    match part.kind:
        case "heading":
            return f"## {words}"
        case "picture" | "sound":
            return f"![{words}]({media_path(part.file)})"
        case "link":
            return f"[{words}]({SHELF}{part.target})"
    return written(part.text)


def written(text: str) -> str:
    """A text as it was typed: ends of lines stay, and **strong**, *stressed*, lists and tables are what Markdown has.

    What would lead out of the text is shown as it stands: links, pictures, headings, pages of code by mere spaces.
    """
    lines = [_line(each) for each in text.split("\n")]
    return "\n".join(_broken(line, after) for line, after in zip(lines, [*lines[1:], ""], strict=True))


def _line(line: str) -> str:
    closed = _CLOSED.sub(r"\\\1", _INDENT.sub("   ", line.expandtabs(4)))
    return _LINE_MARK.sub(r"\1\\\2", closed)


def _broken(line: str, after: str) -> str:
    """A line that ends where it was ended."""
    is_plain = line.strip() and after.strip() and not _OF_ITS_OWN.search(line) and not _OF_ITS_OWN.search(after)
    return f"{line.rstrip()}\\" if is_plain else line


def _escaped(text: str) -> str:
    """Words of one line in which no sign means anything."""
    return _SIGNS.sub(r"\\\1", text)
