"""A draft as learners will see it: the same lesson, the same questions; its pictures are not on the shelf yet."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from content import lesson, picture
from content.package import Manifest
from content.picture import Size
from content.question import Option, Question
from hub.node import Node
from hub.web.aloud import lesson_sounds
from hub.web.lessons import elsewhere
from hub.web.pictures import PLACES
from hub.writing import media, packing
from hub.writing.drafts import Draft

NAMED = packing.Named(package="draft", version=1, published="")


@dataclass(frozen=True)
class Preview:
    """What a page needs: the manifest as it will be, the lesson, the questions, and where pictures are shown from.

    `draws` says of each pool how many questions are asked at a sitting, and how many there are.
    """

    manifest: Manifest
    html: Markup
    questions: tuple[Question, ...]
    photo: Callable[..., Markup]
    draws: Mapping[str, tuple[int, int]]


def of_draft(here: Node, draft: Draft) -> Preview:
    """A draft as it stands now."""
    body, language = draft.body, draft.body.about.language
    names = {packing.media_path(name): name for name in body.files}

    def link(path: str) -> str:
        return address(draft, names[path]) if path in names else ""

    def measure(path: str) -> Size | None:
        return _size(here, names, path)

    quiz = packing.questions(body)
    sizes = Counter(each.pool for each in quiz.questions)
    html = lesson.render(packing.lesson(body), link, measure, lesson_sounds(language), elsewhere)
    return Preview(
        manifest=packing.manifest(body, NAMED),
        html=Markup(html) if body.lesson else Markup(),  # noqa: S704 - cleaned by nh3
        questions=quiz.questions,
        photo=lambda manifest, path, place, css="", label="": _photo(link(path), measure(path), place, css, label),
        draws={each.pool: (each.count, sizes[each.pool]) for each in quiz.draws},
    )


def text(typed: str) -> Markup:
    """One text of a draft as it will be shown."""
    return Markup(lesson.render(packing.written(typed), lambda _path: ""))  # noqa: S704 - cleaned by nh3


def address(draft: Draft, name: str) -> str:
    """Where a picture or sound of a draft is shown from."""
    return url_for("writing.file", draft_id=draft.id, name=name) if name else ""


def right(question: Question) -> list[str]:
    """What is right, in the words of the question."""
    options: Mapping[str, Option] = {each.id: each for each in question.options}
    return [options[each].text if each in options else each for each in question.answer]


def _photo(source: str, size: Size | None, place: str, css: str, label: str) -> Markup:
    if not source:
        return Markup()
    return Markup(picture.tag(source, label, size, shown=PLACES[place], css=css, lazy=True))  # noqa: S704 - escaped there


def _size(here: Node, names: Mapping[str, str], path: str) -> Size | None:
    found = media.served(here, names.get(path, ""))
    if found is None:
        return None
    with found.open("rb") as file:
        return picture.size(file.read(picture.HEAD_BYTES))
