"""Whoever keeps the shelf says what a work is about and for whom it is: one work, or several at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from content.package import MINUTES_MAX, Manifest, field_id
from content.shapes import ALL_AGES, LEVELS, SOUND, USES
from content.worn import LISTS, ONLY, PUBLISHER, TEXTS
from hub import library, worn
from hub.errors import InputWrong
from hub.learning.progress import competencies
from hub.web import words
from hub.web.guards import needs
from hub.web.here import node, viewer
from hub.web.library import SHELF_KEEPERS, page_number
from hub.web.pages import page, say
from hub.web.tongues import languages

blueprint = Blueprint("describing", __name__, url_prefix="/library")

PAGE_ITEMS = 50
OFFERED_MAX = 200
"""Abilities to choose from: as many as somebody looks through."""
MINUTES_DIGITS_MAX = 6
TYPED_OF_MANY = ("sdg", "minutes")
"""What is typed of several works at once; empty leaves it as it is."""
AS_IT_IS = "="
"""In a form about several works: leave this as it is."""
NAMES = {
    "title": lazy_gettext("Name"),
    "summary": lazy_gettext("What is in it"),
    "language": lazy_gettext("Language"),
    "licence": lazy_gettext("Licence"),
    "author": lazy_gettext("Made by"),
    "level": lazy_gettext("How much one must know"),
    "audience": lazy_gettext("For whom"),
    "sdg": lazy_gettext("Goals"),
    "keywords": lazy_gettext("Words to find it by"),
    "sound": lazy_gettext("Sound"),
    "minutes": lazy_gettext("Minutes it takes"),
    "use": lazy_gettext("What one does with it"),
    "role": lazy_gettext("Who works with it"),
    "abilities": lazy_gettext("What one can do afterwards, beside what it says"),
}
READERS = {
    "": lazy_gettext("everybody"),
    "child": lazy_gettext("children"),
    "adult": lazy_gettext("grown-ups"),
    "child, adult": lazy_gettext("children and grown-ups"),
}
ROLES = {
    "": lazy_gettext("does not say"),
    "student": lazy_gettext("learners"),
    "teacher": lazy_gettext("facilitators"),
    "parent": lazy_gettext("families"),
}
SOUNDS = {
    "": lazy_gettext("as its files tell"),
    "none": lazy_gettext("works without sound"),
    "needed": lazy_gettext("needs sound"),
}


@blueprint.get("/<package>/describe/")
@needs(*SHELF_KEEPERS)
def ask(package: str, problem: str = "") -> Response:
    """What is said of one work, by us and by its publisher, and who may see it."""
    here, manifest, number = node(), library.package(node(), package), page_number()
    whole, single = worn.seen_by(here, package)
    options, readers = _options(manifest.language), _written("audience", manifest.audience)
    if readers not in READERS:
        options["audience"].append((readers, readers))
    return page(
        "library/describe.html",
        status=400 if problem else 200,
        problem_text=problem,
        package=manifest,
        said={field: _written(field, getattr(manifest, field)) for field in NAMES},
        mended=[(each, _shown(each.field, each.publisher)) for each in _mended(package)],
        offered=offered(manifest),
        minutes_max=MINUTES_MAX,
        names=NAMES,
        options=options,
        limits=TEXTS,
        seers=_seers(),
        whole=whole,
        single=single,
        items=manifest.items[(number - 1) * PAGE_ITEMS : number * PAGE_ITEMS],
        number=number,
        more=number + 1 if len(manifest.items) > number * PAGE_ITEMS else 0,
    )


@blueprint.post("/<package>/describe/")
@needs(*SHELF_KEEPERS)
def change(package: str) -> AnyResponse:
    """Say it otherwise."""
    manifest = library.package(node(), package)

    def work() -> int:
        typed = {field: _read(field, request.form[field]) for field in NAMES if field in request.form}
        standing = {field: _read(field, _written(field, getattr(manifest, field))) for field in typed}
        # What the form shows and nobody touched is not a word of ours, whatever a browser made of its lines.
        values = {field: value for field, value in typed.items() if value != standing[field]}
        if "of-shown" in request.form:
            values["abilities"] = request.form.getlist("of")
        return worn.say(node(), [package], values)

    return _done(package, work)


@blueprint.post("/<package>/describe/publisher/")
@needs(*SHELF_KEEPERS)
def take_back(package: str) -> AnyResponse:
    """Say one field as the publisher does."""
    return _done(package, lambda: worn.take_back(node(), package, request.form.get("field", "")))


@blueprint.post("/<package>/describe/seen/")
@needs(*SHELF_KEEPERS)
def show_to(package: str) -> AnyResponse:
    """Choose who may see the work, and single parts of it."""
    single = {name.removeprefix("item-"): whom for name, whom in request.form.items() if name.startswith("item-")}
    return _done(package, lambda: worn.show_to(node(), [package], request.form.get("whom", PUBLISHER), single))


@blueprint.get("/describe/")
@needs(*SHELF_KEEPERS)
def choose(problem: str = "") -> Response:
    """Several works, and what may be said of all of them."""
    asked = " ".join(request.args.get("q", "")[: TEXTS["title"]].split())
    rows = [row for row in library.packages(node()) if asked.casefold() in row.title.casefold()]
    number = page_number()
    shown = rows[(number - 1) * PAGE_ITEMS : number * PAGE_ITEMS]
    options = {name: [(AS_IT_IS, _("leave as it is")), *each] for name, each in _chosen().items()}
    return page(
        "library/describe_many.html",
        status=400 if problem else 200,
        problem_text=problem,
        rows=shown,
        asked=asked,
        names=NAMES,
        options=options,
        seers=[(AS_IT_IS, _("leave as it is")), *_seers()],
        number=number,
        more=number + 1 if len(rows) > number * PAGE_ITEMS else 0,
        chosen=set(request.form.getlist("package")),
        words=words,
    )


@blueprint.post("/describe/")
@needs(*SHELF_KEEPERS)
def change_many() -> AnyResponse:
    """Say the same of all that were ticked."""
    here, form = node(), request.form
    packages = form.getlist("package")
    try:
        values = {name: _read(name, form[name]) for name in _chosen() if form.get(name, AS_IT_IS) != AS_IT_IS}
        values |= {name: _read(name, form[name]) for name in TYPED_OF_MANY if form.get(name, "").strip()}
        worn.say(here, packages, values)
        if form.get("whom", AS_IT_IS) != AS_IT_IS:
            worn.show_to(here, packages, form["whom"])
    except InputWrong as mistake:
        return choose(words.said(mistake))
    say(_("It is said of all of them now."))
    return redirect("/library/describe/", 303)


def _done(package: str, change: Any) -> AnyResponse:
    try:
        has_changed = change()
    except InputWrong as mistake:
        return ask(package, words.said(mistake))
    say(_("It is said so now, everywhere on this hub.") if has_changed else _("Nothing was changed."))
    return redirect(f"/library/{package}/describe/", 303)


def _options(language: str) -> dict[str, list[tuple[str, str]]]:
    """The fields with a list to choose from, and what stands in it."""
    codes = {*languages(), *(row.language for row in library.packages(node())), language} - {""}
    tongues = sorted(((code, words.language(code)) for code in codes), key=lambda each: each[1].casefold())
    return {
        "language": tongues,
        "level": [(name, words.level(name) or _("does not say")) for name in LEVELS],
        "audience": [(name, str(told)) for name, told in READERS.items()],
        "sound": [(name, str(SOUNDS[name])) for name in SOUND],
        "use": [(name, words.use(name) or _("does not say")) for name in USES],
        "role": [(name, str(ROLES[name])) for name in ROLES],
    }


def _chosen() -> dict[str, list[tuple[str, str]]]:
    """The same for several works, which get one ability together."""
    return _options("") | {"abilities": [("", _("nothing")), *offered()]}


def offered(manifest: Manifest | None = None) -> list[tuple[str, str]]:
    """What can be learned from the shelf, as gardens name it, without what a work says itself: names and sentences."""
    own = {field_id(manifest, each.id) for each in manifest.competencies} if manifest else set()
    chosen = manifest.abilities if manifest else ()
    named = competencies(node(), languages=words.reading(viewer()))
    listed = [(name, says) for name, (_of, says, _picture) in named.items() if name not in own]
    return sorted(listed, key=lambda each: each[0] not in chosen)[:OFFERED_MAX]


def _mended(package: str) -> list[worn.Mended]:
    """What is said otherwise in words; the cover has a page of its own."""
    return [each for each in worn.mended(node(), package).values() if each.field in NAMES]


def _seers() -> list[tuple[str, str]]:
    from_age = [(str(age), _("from %(age)s years", age=age)) for age in ALL_AGES if age]
    return [(PUBLISHER, _("as the publisher says")), ("0", _("everybody")), *from_age, (ONLY, _("facilitators only"))]


def _read(field: str, text: str) -> Any:
    """What was typed, as it is kept. Raises InputWrong for a time that is no number."""
    if field == "minutes":
        return _minutes(text.strip())
    tidy = "\n".join(text.split("\r\n")).strip() if field == "summary" else " ".join(text.split())
    return _listed(tidy) if field in LISTS else tidy


def _minutes(text: str) -> int:
    """A whole number in any script's digits; 0 for nothing."""
    if text and not (text.isdecimal() and len(text) <= MINUTES_DIGITS_MAX and int(text) <= MINUTES_MAX):
        raise InputWrong(
            "Minutes are a whole number up to %(most)s. Nothing was changed; write it so, or nothing.",
            most=MINUTES_MAX,
        )
    return int(text or 0)


def _listed(text: str) -> list[str]:
    return list(dict.fromkeys(each.strip() for each in text.replace("،", ",").split(",") if each.strip()))


def _written(field: str, value: str | int | Sequence[str]) -> str:
    """A value as it stands in the form."""
    if isinstance(value, int):
        return str(value) if value else ""
    return value if isinstance(value, str) else ", ".join(value)


def _shown(field: str, value: str | int | Sequence[str]) -> str:
    """A value as people read it; "" where nothing is said."""
    written = _written(field, value)
    told: Mapping[str, object] = {"audience": READERS, "sound": SOUNDS, "role": ROLES}.get(field, {})
    if field == "use":
        return words.use(written)
    if field == "language":
        return words.language(written)
    return words.level(written) if field == "level" else str(told.get(written, written))
