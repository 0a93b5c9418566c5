"""A quiz in Moodle XML, what Moodle's question bank gives out with everything in it.

Follows what Moodle's documentation and its exports show. Pictures that lie in the file come along, without their notes
of place and camera; they stand beside the quiz under their hash.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from content.draft import Draft, head, read_small, whole_file
from content.errors import N_, PackageDamaged
from content.formats import asked, markup
from content.formats.asked import RIGHT, Answer, Asked, NotTaken
from content.formats.quizzes import Taken, draft
from content.formats.shown import Find, decoded, shown, shown_and_heard
from content.formats.trees import XML_BYTES_MAX, tree
from content.limits import KIB, Limits
from content.question import Question

ENDING = ".xml"
HEAD_BYTES = 4 * KIB
_IN_FILE = "@@PLUGINFILE@@/"
_YES = ("true", "1")
_ALL = ("", "0", "ALL")
"""How Moodle says that all things of a row are to be put in order, and not a few that it draws."""
_POINT = 1.0
_PRAISE = frozenset(
    {"", "Your answer is correct.", "Your answer is partially correct.", "Your answer is incorrect."},
)
"""What Moodle itself writes into each question: our pages say it in every language."""
_LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        "essay": asked.ESSAY,
        "description": asked.DESCRIPTION,
        "cloze": asked.CLOZE,
        "multianswer": asked.CLOZE,
        "gapselect": asked.CLOZE,
        **dict.fromkeys(("calculated", "calculatedsimple", "calculatedmulti"), asked.CALCULATED),
        **dict.fromkeys(("ddwtos", "ddimageortext", "ddmarker", "ddmatch"), asked.DRAGGED),
    }
)


def recognise(source: Path) -> bool:
    """Whether `source` is a quiz in Moodle XML: by its ending and its first element, in whatever encoding."""
    if source.suffix.lower() != ENDING or not source.is_file():
        return False
    return b"<quiz" in head(source, HEAD_BYTES).replace(b"\0", b"")


def describe(source: Path, limits: Limits) -> Draft:
    """Describe a quiz in Moodle XML. Raises PackageDamaged, PackageUnfit, PackageTooLarge and kin."""
    most = min(XML_BYTES_MAX, limits.file_bytes)
    data = read_small(whole_file(source), path=source.name, package=source.name, limit=most)
    root = tree(data, source.name)
    if root.tag != "quiz":
        raise PackageDamaged(package=source.name, why=N_("its XML holds no quiz"))
    taken = Taken(source)
    for each in root.iterfind("question"):
        kind = each.get("type", "")
        if kind == "category":
            taken.enter(_plain(each.find("category")))
        else:
            taken.take(partial(_question, taken, each, kind))
    return draft(taken, "moodle_xml")


def _question(taken: Taken, element: Element, kind: str, number: int) -> Question:
    """One question. Raises NotTaken, Unreadable."""
    make = KINDS.get(kind)
    if make is None:
        raise NotTaken(_LEFT_OUT.get(kind, asked.UNKNOWN))
    if (points := _plain(element.find("defaultgrade"))) and asked.value(points) != _POINT:
        taken.notes.add(asked.POINTS, number)
    hints = [text for each in element.iterfind("hint") if (text := _words(taken, each))]
    if len(hints) > 1:
        taken.notes.add(asked.HINTS, number)
    for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        if _words(taken, element.find(name)) not in _PRAISE:
            taken.notes.add(asked.COMMENTS, number)
    text, picture, alt, sound = _asked(taken, element.find("questiontext"))
    if alt:
        taken.notes.add(asked.ALT, number)
    explanation = _words(taken, element.find("generalfeedback"))
    return make(
        taken,
        element,
        taken.asked(text, picture=picture, audio=sound, hint=(hints or [""])[0], explanation=explanation),
    )


def _choose(taken: Taken, element: Element, about: Asked) -> Question:
    is_single = _plain(element.find("single")).lower() in ("", *_YES)
    is_mixed = _plain(element.find("shuffleanswers")).lower() in ("", *_YES)
    answers = []
    for each in element.iterfind("answer"):
        text, picture, alt = _shown(taken, each)
        if not (text or alt):
            raise NotTaken(asked.WORDLESS if picture else asked.UNREADABLE)
        answers.append(Answer(text or alt, _worth(each), _words(taken, each.find("feedback")), picture))
    return asked.choose(about, answers, is_single=is_single, is_mixed=is_mixed)


def _true_or_false(taken: Taken, element: Element, about: Asked) -> Question:
    found = {_plain(each.find("text")).lower(): each for each in element.iterfind("answer")}
    if found.keys() != {"true", "false"} or (_worth(found["true"]) == RIGHT) == (_worth(found["false"]) == RIGHT):
        raise NotTaken(asked.UNREADABLE)
    is_true = _worth(found["true"]) == RIGHT
    said = {name: _words(taken, each.find("feedback")) for name, each in found.items()}
    comments = (said["true"], said["false"]) if is_true else (said["false"], said["true"])
    return asked.true_or_false(about, is_true=is_true, comments=comments)


def _typed(taken: Taken, element: Element, about: Asked) -> Question:
    if _plain(element.find("usecase")) in _YES:
        taken.notes.add(asked.CASE, about.number)
    return asked.words(about, _answers(taken, element))


def _number(taken: Taken, element: Element, about: Asked) -> Question:
    if element.find("units/unit") is not None:
        taken.notes.add(asked.UNITS, about.number)
    return asked.numbers(about, _answers(taken, element))


def _match(taken: Taken, element: Element, about: Asked) -> Question:
    pairs = []
    for each in element.iterfind("subquestion"):
        text, picture, alt = _shown(taken, each)
        pairs.append((Answer(text or alt, picture=picture), _plain(each.find("answer/text"))))
    return asked.match(about, pairs)


def _order(taken: Taken, element: Element, about: Asked) -> Question:
    """What comes after what; where others would have an answer's worth stands its place."""
    if _plain(element.find("selecttype")).upper() not in _ALL:
        taken.notes.add(asked.WHOLE_ROW, about.number)
    places: dict[int, Answer] = {}
    for each in element.iterfind("answer"):
        text, picture, alt = _shown(taken, each)
        place = int(asked.value(each.get("fraction", "")))
        if not (text or alt) or place in places:
            raise NotTaken(asked.UNREADABLE)
        places[place] = Answer(text or alt, picture=picture)
    return asked.order(about, [places[place] for place in sorted(places)])


KINDS: Mapping[str, Callable[[Taken, Element, Asked], Question]] = MappingProxyType(
    {
        "multichoice": _choose,
        "truefalse": _true_or_false,
        "shortanswer": _typed,
        "numerical": _number,
        "matching": _match,
        "match": _match,
        "ordering": _order,
    }
)


def _answers(taken: Taken, element: Element) -> list[Answer]:
    """The typed answers that a question knows: their text stands for itself, and is never HTML."""
    return [
        Answer(
            _plain(each.find("text")),
            _worth(each),
            _words(taken, each.find("feedback")),
            tolerance=_plain(each.find("tolerance")),
        )
        for each in element.iterfind("answer")
    ]


def _worth(answer: Element) -> float:
    return asked.worth(answer.get("fraction", "0").strip())


def _plain(element: Element | None) -> str:
    """The text of an element, or of the `text` in it; "" where there is none."""
    if element is None:
        return ""
    inner = element.find("text")
    return ((element if inner is None else inner).text or "").strip()


def _words(taken: Taken, element: Element | None) -> str:
    """The words of a text for which ours has no picture."""
    return "" if element is None else taken.worded(_plain(element), element.get("format", ""))


def _shown(taken: Taken, element: Element | None) -> tuple[str, str, str]:
    """The words of a text, the path of the picture that comes along, and what is said of it; "" for none."""
    words, find = _read(taken, element)
    return shown(taken, words, find)


def _asked(taken: Taken, element: Element | None) -> tuple[str, str, str, str]:
    """The same with the path of a sound."""
    words, find = _read(taken, element)
    return shown_and_heard(taken, words, find)


def _read(taken: Taken, element: Element | None) -> tuple[markup.Words, Find]:
    """The words of a text, and where its files are; it is noted when it has files that it does not show."""
    if element is None:
        return markup.Words(""), lambda _address: b""
    words = markup.worded(_plain(element), element.get("format", ""))
    files = {f"{each.get('path', '/')}{each.get('name', '')}".lstrip("/"): each for each in element.iterfind("file")}
    sources = [each.source for each in words.pictures] + [each for sound in words.sounds for each in sound]
    if len(files) > sum(each.startswith(_IN_FILE) for each in sources):
        taken.notes.add(asked.MEDIA, taken.number)
    return words, partial(_bytes, files)


def _bytes(files: Mapping[str, Element], source: str) -> bytes:
    """What a picture's address leads to: a file beside the text; b"" for the internet."""
    if not source.startswith(_IN_FILE):
        return b""
    found = files.get(unquote(source.removeprefix(_IN_FILE).partition("?")[0]))
    return b"" if found is None else decoded(found.text or "")
