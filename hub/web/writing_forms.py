"""What the forms of a draft hold: from a form to a part or a description, and what each form starts with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import request
from flask_babel import force_locale, gettext, lazy_gettext
from werkzeug.datastructures import FileStorage

from hub.errors import InputWrong
from hub.node import Node
from hub.web.tongues import languages
from hub.writing import media
from hub.writing.checks import CHOICES_MAX
from hub.writing.parts import About, Choice, Part

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
}
"""Kind of part → what it is called where it is added, and its icon."""
LICENCES: Mapping[str, object] = {
    OPEN_LICENCE: lazy_gettext("Everybody may copy and change it (CC BY-SA)"),
    "": lazy_gettext("Ask us before you copy it"),
}
_SLOT = re.compile(r"[a-z0-9]{1,8}")


@dataclass(frozen=True)
class Slot:
    """A place in a form for one thing to choose; it may be empty."""

    choice: Choice
    number: int


def part(here: Node, old: Part) -> Part:
    """The part that the form at hand describes, in the place of `old`; what was sent is kept as a file already.

    Raises InputWrong or StorageFull when that cannot be taken.
    """
    form = request.form
    return replace(
        old,
        text=form.get("text", ""),
        file=_file(here, old),
        target=form.get("target", ""),
        choices=_choices(here) if old.kind == "choose" else (),
        answers=tuple(form.get("answers", "").splitlines()),
        tolerance=_number(form.get("tolerance", "")),
        hint=form.get("hint", ""),
        explanation=form.get("explanation", ""),
    )


def typed(here: Node, old: Part) -> Part:
    """What was typed into a form that was refused, to be shown in it again; files that came are named there too."""
    form = request.form
    choices = tuple(
        Choice(slot, form.get(f"choice-{slot}", ""), _known(here, f"held-{slot}"), f"right-{slot}" in form)
        for slot in _slots()
    )
    return replace(
        old,
        text=form.get("text", ""),
        file=_known(here, "held", is_sound=old.kind == "sound"),
        target=form.get("target", ""),
        choices=choices,
        answers=tuple(form.get("answers", "").splitlines()),
        hint=form.get("hint", ""),
        explanation=form.get("explanation", ""),
    )


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


def quiz_name(language: str) -> str:
    """What questions are called in a language of the pages; "" in any other."""
    if language not in languages():
        return ""
    with force_locale(language):
        return str(gettext("Questions"))


def _file(here: Node, old: Part) -> str:
    """The name of the picture or sound: one that was sent now, or the one there was."""
    sent = _sent("camera") or _sent("file")
    if sent is None:
        return "" if "without" in request.form else _known(here, "held", is_sound=old.kind == "sound")
    if old.kind == "sound":
        return media.keep_sound(here, sent.stream.read(media.SOUND_BYTES_MAX + 1))
    return media.keep_picture(here, sent.stream.read(media.PICTURE_BYTES_MAX + 1))


def _choices(here: Node) -> tuple[Choice, ...]:
    """What was written to choose from; a field without words and picture is none."""
    form, found = request.form, []
    for slot in _slots():
        sent, text = _sent(f"picture-{slot}"), form.get(f"choice-{slot}", "")
        picture = "" if f"without-{slot}" in form else _known(here, f"held-{slot}")
        if sent is not None:
            picture = media.keep_picture(here, sent.stream.read(media.PICTURE_BYTES_MAX + 1))
        if text.strip() or picture:
            found.append(Choice(slot, text, picture, f"right-{slot}" in form))
    return tuple(found)


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


def _number(text: str) -> float:
    """How far off is still right; nothing is exactly right."""
    try:
        return float(text.strip().replace(",", ".") or 0)
    except ValueError:
        raise InputWrong(
            "How far off is still right must be a number from 0 up. Nothing was changed; write it so."
        ) from None
