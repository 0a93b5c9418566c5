"""What must be true of a draft before a byte of it is copied: sizes, and that everything it speaks of is
there.

The same checks serve every format, so that a lesson without its picture is refused wherever it comes from.
"""

from collections.abc import Callable

from content import lesson
from content.draft import Draft
from content.errors import N_, ManifestWrong, PackageIncomplete, PackageTooLarge, QuizWrong
from content.exercise import load, media
from content.formats import h5p, pictures, zim
from content.limits import Limits
from content.package import Item, mentioned
from content.paths import check_paths

RESERVED_IDS = frozenset(
    {
        *("add", "asked", "by", "classes", "collections", "describe"),
        *("elsewhere", "give", "removed", "storage", "suggest", "things", "whole", "write"),
    }
)
"""Ids that no package may have: pages stand at the address that such a package would have."""


def check_draft(draft: Draft, limits: Limits) -> None:
    """Check a draft whole. Raises the ContentError that names what is wrong."""
    name = draft.manifest.title
    _check_id(draft)
    check_paths(draft.origins, package=name, limits=limits)
    for path, origin in draft.origins.items():
        if origin.size > limits.file_bytes:
            raise PackageTooLarge(package=name, what=path, found=origin.size, limit=limits.file_bytes)
    total = sum(origin.size for origin in draft.origins.values())
    if total > limits.total_bytes:
        raise PackageTooLarge(package=name, what=N_("all of it"), found=total, limit=limits.total_bytes)
    for path in mentioned(draft.manifest):
        _check_there(draft, path)
    for item in draft.manifest.items:
        if check := _CHECKS.get(item.kind):
            check(draft, item, limits)


def _check_id(draft: Draft) -> None:
    name = draft.manifest.id
    if name in RESERVED_IDS and not draft.named_by_content:
        raise ManifestWrong(where=draft.manifest.title, why=f'"id" must not be "{name}", which is the name of a page')


def _check_there(draft: Draft, path: str) -> None:
    if path not in draft.origins:
        raise PackageIncomplete(package=draft.manifest.title, path=path or "a file outside of its folder")


def _check_lesson(draft: Draft, item: Item, limits: Limits) -> None:
    text = lesson.read(draft.read(item.path, limit=limits.text_bytes), where=item.path)
    for path in lesson.paths(text):
        _check_there(draft, path)


def _check_quiz(draft: Draft, item: Item, limits: Limits) -> None:
    quiz = load(draft.read(item.path, limit=limits.text_bytes), where=item.path)
    known = {each.id for each in draft.manifest.competencies}
    for question in quiz.questions:
        for path in media(question):
            _check_there(draft, path)
        for each in question.competencies:
            if each not in known:
                why = f'question {question.id} names the competency "{each}", which the package does not have'
                raise QuizWrong(where=item.path, why=why)


_CHECKS: dict[str, Callable[[Draft, Item, Limits], None]] = {
    "lesson": _check_lesson,
    "quiz": _check_quiz,
    pictures.KIND: pictures.check,
    h5p.KIND: h5p.check,
    zim.KIND: zim.check,
}
"""Kind of item → what is looked at more closely before it is copied."""
