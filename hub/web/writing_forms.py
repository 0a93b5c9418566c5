"""What the forms of a draft hold: from a form to a part or a description, and what each form starts with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from flask import request
from flask_babel import force_locale, gettext, lazy_gettext
from werkzeug.datastructures import FileStorage

from content.numerals import readings
from hub import photos
from hub.errors import HubError, InputWrong
from hub.node import Node
from hub.web import words
from hub.web.tongues import languages
from hub.writing import media
from hub.writing.checks import CHOICES_MAX
from hub.writing.drafts import Draft
from hub.writing.parts import DRAW, About, Choice, Part

SLOTS_LEAST = 4
"""Fields for things to choose in a fresh question."""
SLOT_CHARS = 6
OPEN_LICENCE = "CC-BY-SA-4.0"
PARTS: Mapping[str, tuple[object, str]] = {
    "text": (lazy_gettext("Text"), "page"),
    "picture": (lazy_gettext("Picture"), "photo"),
    "heading": (lazy_gettext("Heading"), "list"),
    "sound": (lazy_gettext("Sound"), "audio"),
    "link": (lazy_gettext("Link"), "next"),
    "choose": (lazy_gettext("Choose the right answer"), "quiz"),
    "number": (lazy_gettext("Write a number"), "numbers"),
    "words": (lazy_gettext("Write a word"), "edit"),
    DRAW: (lazy_gettext("From a bank"), "quiz"),
}
"""Kind of part → what it is called where it is added, and its icon."""
COURSE_NAMES: Mapping[str, object] = {"heading": lazy_gettext("Section"), "link": lazy_gettext("Step")}
"""Kind of part → what it is called in a course, where that is another name."""
LICENCES: Mapping[str, object] = {
    OPEN_LICENCE: lazy_gettext("Everybody may copy and change it (CC BY-SA)"),
    "": lazy_gettext("Ask us before you copy it"),
}
_SLOT = re.compile(r"[a-z0-9]{1,8}")


@dataclass(frozen=True)
class Place:
    """Where a part stands: the page of its draft or bank, what that is called, and its language."""

    address: str
    title: str
    language: str
    is_course: bool = False


@dataclass(frozen=True)
class Slot:
    """A place in a form for one thing to choose; it may be empty."""

    choice: Choice
    number: int


@dataclass(frozen=True)
class Given:
    """What a form holds, and in sentences what of it cannot be taken; `problem` is "" when all can."""

    part: Part
    problem: str = ""


def place_of(draft: Draft) -> Place:
    """The page of a draft."""
    about = draft.body.about
    return Place(f"/library/write/{draft.id}/", about.title, about.language, about.is_course)


def name_of(kind: str, *, is_course: bool) -> object:
    """What a kind of part is called, in a lesson or in a course."""
    return COURSE_NAMES.get(kind, PARTS[kind][0]) if is_course else PARTS[kind][0]


def given(here: Node, old: Part) -> Given:
    """What the form at hand describes, in the place of `old`. Each file that was sent is kept by itself: one that
    cannot be taken costs neither the others nor what was typed."""
    form = request.form
    chosen, wrong = _choices(here) if old.kind == "choose" else ((), [])
    file, why = _medium(here, old)
    tolerance, amiss = _number(form.get("tolerance", ""))
    problems = [each for each in (*wrong, why, amiss) if each]
    made = replace(
        old,
        text=form.get("text", ""),
        file=file,
        target=_target(),
        choices=chosen if problems else tuple(each for each in chosen if each.text.strip() or each.picture),
        answers=tuple(form.get("answers", "").splitlines()),
        tolerance=tolerance,
        hint=form.get("hint", ""),
        explanation=form.get("explanation", ""),
        count=_whole(form.get("count", "")),
    )
    return Given(made, " ".join(problems))


def slots(here: Node, shown: Part) -> list[Slot]:
    """The fields for things to choose: those that are there, and free ones behind."""
    made, most = list(shown.choices), min(CHOICES_MAX, max(SLOTS_LEAST, len(shown.choices) + 1))
    while len(made) < most:
        made.append(Choice(_new_slot(here, shown, {each.id for each in made}), ""))
    return [Slot(each, number) for number, each in enumerate(made, start=1)]


def about() -> About:
    """The description in the form at hand."""
    form = request.form
    given = {name: form.get(name, "") for name in ("title", "author", "summary", "level", "licence", "able", "quiz")}
    return About(language=form.get("other", "").strip() or form.get("language", ""), **given)


def _target() -> str:
    """Where a link leads: a work, and one part of it where that was chosen of the same work."""
    target, piece = request.form.get("target", ""), request.form.get("piece", "")
    return f"{target}/{piece}" if target and piece and request.form.get("of") == target else target


def quiz_name(language: str) -> str:
    """What questions are called in a language of the pages; "" in any other."""
    if language not in languages():
        return ""
    with force_locale(language):
        return str(gettext("Questions"))


def _medium(here: Node, old: Part) -> tuple[str, str]:
    """The picture or sound of a part, and why the one that was sent is not taken."""
    is_sound = old.kind == "sound"
    held = "" if "without" in request.form else _known(here, "held", is_sound=is_sound)
    return _taken(here, _sent("camera") or _sent("file"), held, is_sound=is_sound)


def _choices(here: Node) -> tuple[tuple[Choice, ...], list[str]]:
    """What was written to choose from, empty fields too; and why pictures are not taken, each with its answer."""
    form, found, wrong = request.form, [], []
    for number, slot in enumerate(_slots(), start=1):
        held = "" if f"without-{slot}" in form else _known(here, f"held-{slot}")
        picture, why = _taken(here, _sent(f"picture-{slot}"), held)
        if why:
            wrong.append(gettext("Answer %(number)s: %(why)s", number=number, why=why))
        found.append(Choice(slot, form.get(f"choice-{slot}", ""), picture, f"right-{slot}" in form))
    return tuple(found), wrong


def _taken(here: Node, sent: FileStorage | None, held: str, *, is_sound: bool = False) -> tuple[str, str]:
    """The name of the file that was sent; or the one that was `held` before, and why the one sent is not taken."""
    if sent is None:
        return held, ""
    try:
        if is_sound:
            return media.keep_sound(here, sent.stream.read(media.SOUND_BYTES_MAX + 1)), ""
        return media.keep_picture(here, sent.stream.read(photos.BYTES_MAX + 1)), ""
    except HubError as mistake:
        return held, words.said(mistake)


def _slots() -> list[str]:
    names = request.form.getlist("slot")[:CHOICES_MAX]
    return [name for name in dict.fromkeys(names) if _SLOT.fullmatch(name)]


def _new_slot(here: Node, shown: Part, taken: set[str]) -> str:
    """The id of a free field: a letter in a fresh question; later one that no learner's answer can name."""
    return here.new_id()[:SLOT_CHARS] if shown.id else next(each for each in "abcdef" if each not in taken)


def _known(here: Node, name: str, *, is_sound: bool = False) -> str:
    """A file that the form names, when it is there and of the right kind."""
    held = request.form.get(name, "")
    is_right = (held.rpartition(".")[2] in media.PICTURES) is not is_sound
    return held if is_right and media.served(here, held) is not None else ""


def _sent(name: str) -> FileStorage | None:
    sent = request.files.get(name)
    return sent if sent is not None and sent.filename else None


def _whole(text: str) -> int:
    """A whole number in any script's digits; 0 for anything else."""
    found = [value for value in readings(text) if value.denominator == 1]
    return int(found[0]) if len(found) == 1 else 0


def _number(text: str) -> tuple[float, str]:
    """How far off is still right, in any script's digits, nothing being exactly right; and why that cannot be read."""
    found = readings(text) if text.strip() else {Fraction(0)}
    if len(found) == 1:
        return float(next(iter(found))), ""
    why = InputWrong("How far off is still right must be a number from 0 up. Nothing was changed; write it so.")
    return 0.0, words.said(why)
