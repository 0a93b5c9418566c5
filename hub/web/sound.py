"""Sounds of sentences (`/sound/`): the files, all sounds of one text for who has no script, and the recording pages."""

from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hub import library
from hub.errors import InputWrong, StorageFull
from hub.people import roster
from hub.sound import files, kinds, lines, recordings, speaking
from hub.sound.at_once import AtOnce
from hub.sound.lines import Line
from hub.web import words
from hub.web.aloud import AT_ONCE, LINKED_MAX
from hub.web.files import Blob, send
from hub.web.guards import RECORDERS, needs, safe_next
from hub.web.here import node, somebody
from hub.web.pages import page, say

blueprint = Blueprint("sound", __name__, url_prefix="/sound")

ABOUT = "about"
"""In an address: the sentences about the package itself."""
KEEPING = "prefetch"
"""What `static/worker.js` says of a sound that nobody waits for."""
PAGE_LINES = 75
"""Sentences on one page of recording."""


@blueprint.get("/<version>/<key>.mp3")
def voice(version: str, key: str) -> Response:
    """The rendered voice of a sentence; what a page has just shown is rendered now, unless a worker only keeps it."""
    found = files.served_voice(node(), version, key)
    if found is None and version == files.VOICE and request.headers.get("Purpose") != KEEPING:
        found = _at_once().voice(key)
    return _send(found, key, "mp3")


@blueprint.get("/kept/<name>")
def recording(name: str) -> Response:
    """Somebody's recording of a sentence; not kept for good, since it may be taken back."""
    answer = _send(files.served_recording(node(), name), name, name.rpartition(".")[2])
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@blueprint.get("/hear/")
def hear() -> Response:
    """All sounds of one text, in order, for a browser without script."""
    found = [each for each in request.args.getlist("of")[:LINKED_MAX] if _is_served(each)]
    if not found:
        abort(404)
    return page("sound/hear.html", sounds=found, came_from=_came_from())


def _came_from() -> str:
    """The page of ours whose speaker was pressed; the front page when the browser does not say."""
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return "/"
    return safe_next(parts._replace(scheme="", netloc="").geturl() if parts.netloc == request.host else "")


@blueprint.get("/")
@needs(*RECORDERS)
def show() -> Response:
    """Where sentences can be recorded: package by package, and those of the learners' pages."""
    here = node()
    return page(
        "sound/show.html",
        packages=library.packages(here),
        languages=[(code, words.language(code)) for code in lines.page_languages(here)],
        standing=speaking.standing(here),
        recorded=len(recordings.spoken(here)),
        is_speaking=bool(here.settings.sound_max),
        words=words,
    )


@blueprint.get("/of/<package>/")
@needs(*RECORDERS)
def of_package(package: str) -> Response:
    """The items of a package."""
    manifest = library.package(node(), package).for_learners
    return page("sound/package.html", package=manifest, about=ABOUT, words=words)


@blueprint.get("/of/<package>/<item>/")
@needs(*RECORDERS)
def of_item(package: str, item: str) -> Response:
    """The sentences of an item, or about the package."""
    return _ask(_Place.of_item(package, item))


@blueprint.post("/of/<package>/<item>/")
@needs(*RECORDERS)
def record(package: str, item: str) -> AnyResponse:
    """Keep a recording of one of these sentences, or take it back."""
    return _change(_Place.of_item(package, item))


@blueprint.get("/pages/<language>/")
@needs(*RECORDERS)
def of_pages(language: str) -> Response:
    """The sentences of learners' pages in a language."""
    return _ask(_Place.of_pages(language))


@blueprint.post("/pages/<language>/")
@needs(*RECORDERS)
def record_page(language: str) -> AnyResponse:
    """Keep a recording of one of these sentences, or take it back."""
    return _change(_Place.of_pages(language))


class _Place:
    """Where sentences are recorded: what it is called, its address, the way back, its lines."""

    def __init__(self, title: str, language: str, address: str, back: str, found: list[Line]) -> None:
        self.title, self.language, self.address, self.back, self.lines = title, language, address, back, found

    @classmethod
    def of_item(cls, package: str, item: str) -> "_Place":
        here, back = node(), f"/sound/of/{package}/"
        if item == ABOUT:
            manifest, found = lines.of_package(here, package)
            return cls(manifest.title, manifest.language, f"{back}{item}/", back, found)
        opened, found = lines.of_item(here, package, item)
        return cls(opened.item.title, opened.manifest.language, f"{back}{item}/", back, found)

    @classmethod
    def of_pages(cls, language: str) -> "_Place":
        if language not in lines.page_languages(node()):
            abort(404)
        found = lines.of_pages(node(), language)
        return cls(words.language(language), "", f"/sound/pages/{language}/", "/sound/", found)

    def line(self, key: str) -> Line:
        found = next((each for each in self.lines if each.key == key), None)
        if found is None:
            raise InputWrong("This sentence is no longer here. Nothing was changed; look at the list again.")
        return found


def _change(place: _Place) -> AnyResponse:
    key = request.form.get("key", "")
    try:
        line = place.line(key)
        if request.form.get("back"):
            recordings.take_back(node(), key=line.key)
            say(_("The recording is taken back and deleted."))
        else:
            sent = request.files.get("file")
            data = sent.stream.read(kinds.SIZE_MAX + 1) if sent else b""
            recordings.keep(node(), line=line, data=data, person=somebody().id)
            say(_("The recording is kept. Everybody hears it now."))
    except (InputWrong, StorageFull) as mistake:
        return _ask(place, problem=words.said(mistake), chosen=key)
    return redirect(f"{place.address}?page={_page_of(place, line.key)}#s-{line.key}", 303)


def _ask(place: _Place, problem: str = "", chosen: str = "") -> Response:
    here, spoken = node(), recordings.spoken(node())
    chosen = chosen or request.args.get("of", "")
    number = _page_of(place, chosen)
    people = {each.id: each.name for each in roster.chosen(here, {one.person for one in spoken.values()})}
    return page(
        "sound/lines.html",
        status=400 if problem else 200,
        place=place,
        problem_text=problem,
        chosen=chosen,
        shown=place.lines[(number - 1) * PAGE_LINES : number * PAGE_LINES],
        first=(number - 1) * PAGE_LINES + 1,
        number=number,
        more=number + 1 if len(place.lines) > number * PAGE_LINES else 0,
        spoken=spoken,
        people=people,
        most_s=int(kinds.SECONDS_MAX),
        most=words.limit(kinds.SIZE_MAX),
    )


def _page_of(place: _Place, key: str) -> int:
    """The page on which a sentence stands; without one, the page that was asked for."""
    at = next((number for number, each in enumerate(place.lines) if each.key == key), None)
    if at is not None:
        return at // PAGE_LINES + 1
    last = max(1, -(-len(place.lines) // PAGE_LINES))
    return min(max(request.args.get("page", 1, int), 1), last)


def _is_served(address: str) -> bool:
    """Whether an address below `/sound/` is that of a sound that stands."""
    folder, _slash, name = address.partition("/")
    if f"{folder}/" == files.KEPT:
        return files.served_recording(node(), name) is not None
    key = name.removesuffix(".mp3")
    if folder != files.VOICE or key == name:
        return False
    return files.served_voice(node(), folder, key) is not None or _at_once().knows(key)


def _at_once() -> AtOnce:
    found: AtOnce = current_app.extensions[AT_ONCE]
    return found


def _send(path: Path | None, mark: str, ending: str) -> Response:
    if path is None:
        abort(404)
    return send(Blob(lambda: path.open("rb"), path.stat().st_size, mark, files.ENDINGS[ending]))
