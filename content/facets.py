"""By what a search is narrowed besides words: the marks of packages and of what is in them. Pure.

A mark is a facet and a value, such as `kind=video`. Language, level, goals and use are those of the package, and so are
abilities of other works; kind, time, its own abilities and whether it works without sound are those of the single item,
so that a film found is itself short. The package itself has the kinds and abilities of all its items, their time
together, and works without sound when all do.
In which collections a package stands is no part of it: the catalogue is told (`Catalogue.shelve`).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from content.package import Item, Manifest, captions, field_id
from content.shapes import ALL_AGES

FACETS = ("language", "kind", "collection", "use", "level", "time", "sound", "competency", "goal")
"""In the order in which pages offer them."""

SHORT_MIN, MIDDLE_MIN = 10, 30
"""Minutes up to which something is short, or takes half an hour at most."""

TIMES = ("10", "30", "more")
"""Values of `time`: at most ten minutes, at most thirty (those of ten too), more."""

FOR_ALL = {"for": "all"}
"""What is chosen for learners of every age and guests: what is not for facilitators or older learners only. Never
offered as a choice."""

SILENT = "none"
"""The one value of `sound`: works without any."""

_IN = "collection="
_SEEN = frozenset({"pdf", "pictures"})
"""Kinds that never need sound."""
_READ = frozenset({"lesson", "quiz", "book"})
"""Kinds that are read, and may have sounds among their words."""
_SOUNDING = frozenset({".mp3", ".ogg", ".oga", ".opus", ".m4a", ".wav", ".mp4", ".m4v", ".webm"})
_LENGTH = 16
"""Marks that hardly any passage has more of."""
_OWN = "\ue000"
"""Before every token of a mark: a letter that nobody can type a word with."""


def of_package(manifest: Manifest) -> tuple[str, ...]:
    """The marks of a package as a whole: of what learners see of it, where that is something."""
    whole = manifest
    manifest = whole.for_learners if whole.for_learners.items else whole
    marks = _shared(manifest) | {f"kind={item.kind}" for item in manifest.items}
    marks |= {f"competency={field_id(manifest, each.id)}" for each in manifest.competencies}
    marks |= _times(manifest.minutes_told)
    if all(works_without_sound(manifest, item) for item in manifest.items):
        marks.add(f"sound={SILENT}")
    return tuple(sorted(marks.union(*map(_for, whole.items))))


def of_item(manifest: Manifest, item: Item) -> tuple[str, ...]:
    """The marks of one item."""
    is_all = len(manifest.items) == 1
    marks = _shared(manifest) | {f"kind={item.kind}"} | _times(manifest.minutes_told if is_all else item.minutes)
    marks |= {f"competency={field_id(manifest, each)}" for each in item.competencies}
    if works_without_sound(manifest, item):
        marks.add(f"sound={SILENT}")
    return tuple(sorted(marks | _for(item)))


def in_collections(marks: Iterable[str], collections: Iterable[str]) -> tuple[str, ...]:
    """Marks with those of just these collections, whatever collections they told before."""
    others = {mark for mark in marks if not mark.startswith(_IN)}
    return tuple(sorted(others | {_IN + each for each in collections}))


def collections_of(marks: Iterable[str]) -> list[str]:
    """The collections that marks tell."""
    return [mark.removeprefix(_IN) for mark in marks if mark.startswith(_IN)]


def for_age(age: int) -> Mapping[str, str]:
    """What is chosen for learners from one of ALL_AGES on."""
    return {"for": str(age)} if age else FOR_ALL


def works_without_sound(manifest: Manifest, item: Item) -> bool:
    """Whether somebody who hears nothing can use an item as it is meant.

    PDF and pictures always. Lessons, quizzes and books when no sound and no film without captions lies beside them in
    their package. A film when it has captions. A sound never; an activity never, since nobody can tell.
    """
    if manifest.sound:
        return manifest.sound == SILENT
    if item.kind in _SEEN:
        return True
    if item.kind == "video":
        return bool(captions(manifest, item))
    return item.kind in _READ and not _has_loose_sounds(manifest)


def suits(marks: tuple[str, ...], chosen: Mapping[str, str], *, but: str = "") -> bool:
    """Whether marks answer every choice but that of one facet; the language "pt" is answered by "pt-BR" too."""
    return all(
        f"{facet}={value}" in marks
        or (facet == "language" and any(each.startswith(f"language={value}-") for each in marks))
        for facet, value in chosen.items()
        if facet != but
    )


def tokens(marks: Sequence[str]) -> list[str]:
    """Marks as words of the index, filled up to one length: ranking prefers short passages, not those of few marks."""
    return [token(mark) for mark in marks] + [_OWN] * (_LENGTH - len(marks))


def token(mark: str) -> str:
    """A mark as one word of the index, which no typed word can be."""
    return _OWN + hashlib.sha256(mark.encode()).hexdigest()[:16]


def _shared(manifest: Manifest) -> set[str]:
    marks = {f"language={manifest.language}"} | {f"goal={each.partition('.')[0]}" for each in manifest.sdg}
    marks |= {f"competency={each}" for each in manifest.abilities}
    told = {"level": manifest.level, "use": manifest.use}
    return marks | {f"{facet}={value}" for facet, value in told.items() if value}


def _for(item: Item) -> set[str]:
    """For learners of which ages it is: none of them for what is for facilitators only."""
    ages = () if item.facilitators_only else [age for age in ALL_AGES if age >= item.from_age]
    return {f"for={age or FOR_ALL['for']}" for age in ages}


def _times(minutes: int) -> set[str]:
    """Nothing for a time that is not told."""
    if not minutes:
        return set()
    if minutes > MIDDLE_MIN:
        return {"time=more"}
    return {"time=30", "time=10"} if minutes <= SHORT_MIN else {"time=30"}


def _has_loose_sounds(manifest: Manifest) -> bool:
    """Whether sounds or films without captions lie in a package that are no items of their own."""
    own = {item.path for item in manifest.items}
    captioned = {path.partition(".")[0] for path in manifest.files if path.lower().endswith(".vtt")}
    return any(
        PurePosixPath(path).suffix.lower() in _SOUNDING and path not in own and path.partition(".")[0] not in captioned
        for path in manifest.files
    )
