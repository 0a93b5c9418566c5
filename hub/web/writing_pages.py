"""What the pages of drafts and those of banks have in common: the form of a part, its files, which languages."""

from collections.abc import Callable, Sequence

from flask import Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from hub import library
from hub.web import preview, words, writing_forms
from hub.web.files import KINDS, Blob, send
from hub.web.here import node
from hub.web.pages import page
from hub.web.tongues import languages
from hub.web.writing_forms import Place, name_of
from hub.writing import checks, media, parts
from hub.writing.parts import Part

PIECES_MAX = 500
Named = Sequence[tuple[str, str]]
"""Things to choose from: what a form sends, and what people read."""


def part_page(
    place: Place,
    part: Part,
    standing: Part | None,
    shown_at: Callable[[str], str],
    problem: str = "",
    chosen: Named = (),
) -> Response:
    """The form of a part, which may stand already; `chosen` is what it can lead to or draw from."""
    seen, mark = request.form.get("seen", ""), parts.mark(standing) if standing is not None else ""
    return page(
        f"library/write/{'question' if part.kind in parts.QUESTION_KINDS else part.kind}.html",
        status=400 if problem else 200,
        problem_text=problem,
        place=place,
        part=part,
        mark=mark,
        form=request.form.get("form", "") or node().new_id(),
        beside=standing if seen not in ("", mark) else None,
        rendered=preview.text,
        name=name_of(part.kind, is_course=place.is_course),
        action=f"{place.address}part/{part.id}/" if part.id else f"{place.address}add/{part.kind}/",
        slots=writing_forms.slots(node(), part) if part.kind == "choose" else [],
        targets=chosen,
        pieces=_pieces(part.target.partition("/")[0]) if part.kind == "link" else [],
        shown_at=shown_at,
        checks=checks,
        media=media,
    )


def _pieces(package: str) -> Named:
    """The parts of a work that a link may lead to, when there are several and no more than a list can hold."""
    found = node().shelf.standing(package)
    items = found.items if found is not None else ()
    return [(each.id, each.title) for each in items] if 1 < len(items) <= PIECES_MAX else []


def send_file(name: str) -> AnyResponse:
    """A picture or sound of something that is being written."""
    found, kind = media.served(node(), name), KINDS.get(name.rpartition(".")[2], "")
    if found is None or not kind:
        abort(404)
    return send(Blob(lambda: found.open("rb"), found.stat().st_size, name, kind))


def tongues(chosen: str) -> list[tuple[str, str]]:
    """Languages to choose from: those of the pages and of the shelf, and the one that is chosen."""
    codes = {*languages(), *(code for code, _count in library.shelves(node()).languages), chosen} - {"und", ""}
    return sorted(((code, words.language(code)) for code in codes), key=lambda each: each[1].casefold())
