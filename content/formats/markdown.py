"""A lone Markdown file: one lesson, called by its first heading."""

from dataclasses import replace
from pathlib import Path

from content import lesson
from content.draft import Draft
from content.formats.single import describe_single
from content.limits import Limits
from content.refusals import LessonAlone

ENDINGS = (".md", ".markdown")
TITLE_CHARS_MAX = 200


def recognise(source: Path) -> bool:
    """Whether `source` is called as Markdown is: its text tells nothing."""
    return source.is_file() and source.suffix.lower() in ENDINGS


def describe(source: Path, limits: Limits) -> Draft:
    """Describe a lesson. Raises LessonWrong for what is no text, LessonAlone when it shows what is not in it."""
    draft = describe_single(source, "lesson")
    text = lesson.read(draft.read(source.name, limit=limits.text_bytes), where=source.name)
    for path in lesson.paths(text):
        raise LessonAlone(source=source.name, path=path or "a file outside of its folder")
    title = " ".join(lesson.title(text).split())[:TITLE_CHARS_MAX] or draft.manifest.title
    items = tuple(replace(each, title=title) for each in draft.manifest.items)
    return replace(draft, manifest=replace(draft.manifest, title=title, items=items))
