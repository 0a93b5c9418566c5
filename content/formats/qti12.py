"""Questions in QTI 1.2 (ASI), as Common Cartridges and exports of many tools hold them: `<questestinterop>`.

Follows the specification of 1EdTech and the profiles of Common Cartridge (`cc.multiple_choice.v0p1` and its kin); what
a question is shows in how it is built, not in what it calls itself.

A package that holds such files among others reads them one by one into what it has taken so far, and has then
questions, pictures and what is left out:

    taken = Taken(source)                      # once for the package
    qti12.read(taken, data, find)              # for each assessment; `find` gives the bytes of a picture by its address
    items, files = quizzes.parts(taken)        # items of the manifest, and the bytes of quiz files and pictures
    left_out = taken.notes.left_out()          # for Draft.left_out
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from html import escape
from pathlib import Path
from xml.etree.ElementTree import Element

from content.draft import Draft, head, read_small, whole_file
from content.errors import N_, PackageDamaged
from content.formats import asked, markup
from content.formats.asked import BLANK, Answer, Asked, NotTaken
from content.formats.qti12_rules import Given, Rules, number, smallest, text_of, worth
from content.formats.quizzes import Taken, draft
from content.formats.shown import Find, shown, shown_and_heard
from content.formats.trees import XML_BYTES_MAX, inner_html, said, tree
from content.limits import KIB, Limits
from content.question import Question
from content.quiz_file import OPTIONS_MAX

ENDING = ".xml"
ROOT = "questestinterop"
HEAD_BYTES = 4 * KIB
_RESPONSES = ("response_lid", "response_str", "response_num", "response_xy", "response_grp")
_SOUNDED = ("mataudio", "matvideo", "matapplet", "matapplication")
_APART = ("hint", "solution", "itemfeedback")
_NUMBERS = ("integer", "decimal", "scientific")
_POINTS = ("cc_weighting", "points_possible", "qmd_weighting")
_ORDERED, _MULTIPLE, _SINGLE = "ordered", "multiple", "single"
_LEFT_OUT = {
    "calculated_question": asked.CALCULATED,
    "file_upload_question": asked.SENT,
    "fill_in_multiple_blanks_question": asked.CLOZE,
}
"""What the question types say that Canvas writes, where nothing else shows it."""


def recognise(source: Path) -> bool:
    """Whether `source` is a file of QTI 1.2: by its ending and its first element, in whatever encoding."""
    if source.suffix.lower() != ENDING or not source.is_file():
        return False
    return f"<{ROOT}".encode() in head(source, HEAD_BYTES).replace(b"\0", b"")


def describe(source: Path, limits: Limits) -> Draft:
    """Describe a file of QTI 1.2. Raises PackageDamaged, PackageUnfit, PackageTooLarge and kin."""
    most = min(XML_BYTES_MAX, limits.file_bytes)
    data = read_small(whole_file(source), path=source.name, package=source.name, limit=most)
    taken = Taken(source)
    read(taken, data, lambda _address: b"")
    return draft(taken, "qti12")


def read(taken: Taken, data: bytes, find: Find) -> None:
    """Take the questions of one file; each section with a title is a category. Raises PackageDamaged and kin."""
    root = tree(data, taken.source.name, may_name_type=True)
    if root.tag != ROOT:
        raise PackageDamaged(package=taken.source.name, why=N_("its XML holds no quiz"))
    take(taken, root, find)


def take(taken: Taken, root: Element, find: Find) -> None:
    """Take the questions of a file that has been read. Raises PackageTooLarge."""
    for top in root:
        if top.tag in ("assessment", "objectbank", "section"):
            _read_part(taken, top, find)
        elif top.tag == "item":
            taken.take(partial(_question, taken, find, top, ""))


def _read_part(taken: Taken, top: Element, find: Find) -> None:
    title = _title(top)
    taken.said_title = taken.said_title or title
    taken.said_language = taken.said_language or _field(top.find("qtimetadata"), "qmd_language")
    titled = [each for each in top.iter("section") if _title(each)]
    _read_section(taken, top, find, title if len(titled) > 1 else title or _title((titled or [top])[0]), "")


def _read_section(taken: Taken, section: Element, find: Find, title: str, before: str) -> None:
    """Questions of a section and of those in it; what it shows stands before each of them."""
    taken.begin(title)
    before += "".join(_told(each) for each in section.iterfind("presentation_material"))
    if any(said(each) for name in ("rubric", "objectives") for each in section.iterfind(name)):
        taken.notes.add(asked.INTRODUCED, taken.number + 1)
    if section.find("selection_ordering/selection") is not None:
        taken.notes.add(asked.DRAWN, taken.number + 1)
    inner = [each for each in section.iter("section") if each is not section]
    many = sum(bool(_title(each)) for each in inner) > 1
    for each in section:
        if each.tag == "item":
            taken.take(partial(_question, taken, find, each, before))
        elif each.tag == "section":
            own = _title(each)
            _read_section(taken, each, find, " / ".join(filter(None, (title, own))) if many else title or own, before)
            taken.begin(title)


def _title(element: Element) -> str:
    return " ".join(element.get("title", "").split())


def _field(element: Element | None, *names: str) -> str:
    """The entry of a metadata field by any of its names; "" for none."""
    for each in () if element is None else element.iter("qtimetadatafield"):
        if said(each.find("fieldlabel")).lower() in names:
            return said(each.find("fieldentry"))
    return ""


def _question(taken: Taken, find: Find, item: Element, before: str, number_: int) -> Question:
    """One question. Raises NotTaken, Unreadable."""
    presentation = item.find("presentation")
    metadata = item.find("itemmetadata")
    if presentation is None:
        raise NotTaken(asked.UNREADABLE)
    responses = [each for each in presentation.iter() if each.tag in _RESPONSES]
    _check(item, responses, _field(metadata, "question_type").lower())
    if (points := _field(metadata, *_POINTS)) and number(points) != 1:
        taken.notes.add(asked.POINTS, number_)
    apart = ("response_lid",) if len(responses) > 1 else ()
    words = markup.worded(before + _told(presentation, apart), "html")
    text, picture, alt, sound = shown_and_heard(taken, words, find)
    if alt:
        taken.notes.add(asked.ALT, number_)
    hints = [hint for each in item.iter("hint") if (hint := _plain(taken, each))]
    if len(hints) > 1:
        taken.notes.add(asked.HINTS, number_)
    prompt = text.removesuffix(BLANK).strip()
    about = taken.asked(prompt, picture=picture, audio=sound, hint=(hints or [""])[0])
    return _Item(taken, find, item, about, responses).made()


def _check(item: Element, responses: list[Element], kind: str) -> None:
    """Raise NotTaken for what a question of ours cannot be."""
    found = {each.tag for each in item.iter()}
    if item.find("itemproc_extension/calculated") is not None or kind in _LEFT_OUT:
        raise NotTaken(_LEFT_OUT.get(kind, asked.CALCULATED))
    if not responses:
        raise NotTaken(asked.DESCRIPTION)
    if {"response_xy", "render_hotspot"} & found:
        raise NotTaken(asked.POINTED)
    if "response_grp" in found:
        raise NotTaken(asked.DRAGGED)
    if "render_slider" in found:
        raise NotTaken(asked.UNKNOWN)


class _Item:
    """One item on its way to a question of ours."""

    def __init__(self, taken: Taken, find: Find, item: Element, about: Asked, responses: list[Element]) -> None:
        """Raises NotTaken when its rules are too many."""
        self._taken, self._find, self._item, self._about = taken, find, item, about
        self._responses = responses
        self._rules = Rules(item, (_ident(each) for each in responses if _cardinality(each) == _SINGLE))

    def made(self) -> Question:
        """The question of its responses. Raises NotTaken, Unreadable."""
        responses = self._responses
        first = responses[0]
        if len(responses) > 1:
            return self._match(responses)
        if first.tag != "response_lid":
            return self._typed(first)
        return {_SINGLE: self._choice, _MULTIPLE: self._several, _ORDERED: self._order}[_cardinality(first)](first)

    def _choice(self, response: Element) -> Question:
        options = self._options(response)
        ident = _ident(response)
        scores = {each: self._rules.judge({ident: (each,)}).score for each in options}
        best = max(scores.values(), default=0.0)
        answers = [replace(options[each], worth=worth(score, best)) for each, score in scores.items()]
        right = [each for each, score in scores.items() if score == best > 0]
        about = self._explained({ident: tuple(right[:1])}, {ident: tuple(x for x in scores if x not in right)[:1]})
        return asked.choose(about, answers, is_single=True, is_mixed=_is_mixed(response))

    def _several(self, response: Element) -> Question:
        options = self._options(response)
        ident = _ident(response)
        alone = {each: self._rules.judge({ident: (each,)}).score for each in options}
        sets = [*self._rules.sequences(ident), tuple(each for each, score in alone.items() if score > 0)]
        right = self._best(ident, [found for each in sets if (found := tuple(x for x in each if x in options))])
        best = self._rules.judge({ident: right}).score
        for each in right:
            if self._rules.judge({ident: tuple(other for other in right if other != each)}).score >= best:
                raise NotTaken(asked.ONE_OF_SEVERAL)
        worths = {each: alone[each] if alone[each] > 0 else best for each in right}
        answers = [replace(option, worth=worth(worths.get(each, 0.0), best)) for each, option in options.items()]
        about = self._explained({ident: right}, {ident: ()})
        return asked.choose(about, answers, is_single=False, is_mixed=_is_mixed(response))

    def _order(self, response: Element) -> Question:
        options = self._options(response)
        ident = _ident(response)
        whole = [each for each in self._rules.sequences(ident) if sorted(each) == sorted(options)]
        right = self._best(ident, whole)
        return asked.order(self._explained({ident: right}, {ident: ()}), [options[each] for each in right])

    def _best(self, ident: str, sets: list[tuple[str, ...]]) -> tuple[str, ...]:
        scores = {each: self._rules.judge({ident: each}).score for each in sets}
        if max(scores.values(), default=0.0) <= 0:
            raise NotTaken(asked.NO_RIGHT)
        return smallest(scores)

    def _match(self, responses: list[Element]) -> Question:
        """Several lists to choose from are a match when all lists are the same."""
        if any(each.tag != "response_lid" for each in responses):
            is_typed = all(each.tag in ("response_str", "response_num") for each in responses)
            raise NotTaken(asked.CLOZE if is_typed else asked.MIXED)
        rows = [(each, self._row(each), self._options(each)) for each in responses]
        rows = [(each, row, options) for each, row, options in rows if row.text]
        widest = max((options for _each, _row, options in rows), key=len, default={})
        texts = {option.text for option in widest.values()}
        is_same = all(option.text in texts for _each, _row, options in rows for option in options.values())
        if not is_same or _ORDERED in map(_cardinality, responses):
            raise NotTaken(asked.CLOZE)
        rights = {_ident(each): self._one(_ident(each), options) for each, _row, options in rows}
        pairs = [(row, options[rights[_ident(each)]].text) for each, row, options in rows]
        right_texts = {text for _row, text in pairs}
        lonely = [(Answer(""), text) for text in (option.text for option in widest.values()) if text not in right_texts]
        if any(option.picture for option in widest.values()):
            self._taken.notes.add(asked.PICTURES, self._about.number)
        given: Given = {ident: (right,) for ident, right in rights.items()}
        return asked.match(self._explained(given, {}), [*pairs, *lonely])

    def _row(self, response: Element) -> Answer:
        """What a list stands beside; "" for a line that nobody filled."""
        text, picture, alt = shown(self._taken, markup.worded(_told(response), "html"), self._find)
        if picture and not (text or alt):
            raise NotTaken(asked.WORDLESS)
        return Answer(text or alt, picture=picture)

    def _one(self, ident: str, options: Mapping[str, Answer]) -> str:
        """The one option that is right in a list."""
        wanted = list(dict.fromkeys(text_of(each) for each in self._rules.tests(ident, "varequal")))
        found = [each for each in wanted if each in options]
        if len(found) != 1:
            raise NotTaken(asked.NO_RIGHT if not found else asked.ONE_OF_SEVERAL)
        return found[0]

    def _typed(self, response: Element) -> Question:
        ident = _ident(response)
        fields = list(response.iter("render_fib"))
        if len(list(response.iter("response_label"))) > 1 or len(fields) > 1:
            raise NotTaken(asked.CLOZE)
        tests = list(self._rules.tests(ident, "varequal", "varsubstring"))
        ranges = list(self._rules.ranges(ident))
        is_number = response.tag == "response_num" or any(
            each.get("fibtype", "").lower() in _NUMBERS for each in fields
        )
        if not tests and not ranges:
            raise NotTaken(asked.ESSAY)
        if is_number or ranges:
            return self._number(ident, [text_of(each) for each in tests], ranges)
        if any(each.get("case", "").lower() == "yes" for each in tests):
            self._taken.notes.add(asked.CASE, self._about.number)
        if any(each.tag == "varsubstring" for each in tests):
            self._taken.notes.add(asked.CONTAINED, self._about.number)
        scores = {each: self._rules.judge({ident: (each,)}).score for each in map(text_of, tests)}
        best = max(scores.values())
        answers = [Answer(each.replace("*", "\\*"), worth(score, best)) for each, score in scores.items()]
        right = max(scores, key=lambda each: scores[each])
        return asked.words(self._explained({ident: (right,)}, {ident: ("",)}), answers)

    def _number(self, ident: str, exact: list[str], ranges: list[tuple[str, str]]) -> Question:
        """Numbers and ranges; a number that lies in a range says no more than that."""
        answers = []
        for low, high in ranges:
            middle, tolerance = asked.between(low, high)
            answers.append(Answer(middle, self._rules.judge({ident: (middle,)}).score, tolerance=tolerance))
        spans = [sorted((asked.value(low), asked.value(high))) for low, high in ranges]
        for each in dict.fromkeys(exact):
            if not any(low <= asked.value(each) <= high for low, high in spans):
                answers.append(Answer(each, self._rules.judge({ident: (each,)}).score))
        best = max(each.worth for each in answers)
        right = next(each.text for each in answers if each.worth == best)
        about = self._explained({ident: (right,)}, {ident: ("",)})
        return asked.numbers(about, [replace(each, worth=worth(each.worth, best)) for each in answers])

    def _options(self, response: Element) -> dict[str, Answer]:
        """What there is to choose from, by ident. Raises NotTaken."""
        options: dict[str, Answer] = {}
        for each in response.iter("response_label"):
            text, picture, alt = shown(self._taken, markup.worded(_told(each), "html"), self._find)
            if each.get("ident", "") in options or (picture and not (text or alt)):
                raise NotTaken(asked.WORDLESS if picture else asked.UNREADABLE)
            if not (text or alt):
                continue  # Some tools keep lines that nobody filled.
            options[each.get("ident", "")] = Answer(text or alt, picture=picture)
        if not options:
            raise NotTaken(asked.UNREADABLE)
        if len(options) > OPTIONS_MAX:
            raise NotTaken(asked.TOO_MANY)
        return options

    def _explained(self, right: Given, wrong: Given) -> Asked:
        """With what is said to everybody, or else to who is right; it is noted when more is said than that."""
        told = {
            each.get("ident", ""): text
            for each in self._item.iterfind("itemfeedback")
            if (text := _plain(self._taken, each))
        }
        solutions = [text for each in self._item.iter("solution") if (text := _plain(self._taken, each))]
        yes, no = self._rules.judge(right).said, self._rules.judge(wrong).said
        general = [each for each in dict.fromkeys(yes) if each in no and each in told]
        praise = [each for each in dict.fromkeys(yes) if each in told and each not in general]
        used = general or ([] if solutions else praise)
        if len(told) > len(used):
            self._taken.notes.add(asked.COMMENTS, self._about.number)
        return replace(self._about, explanation="\n".join([*(told[each] for each in used), *solutions]))


def _ident(response: Element) -> str:
    return response.get("ident", "")


def _cardinality(response: Element) -> str:
    found = response.get("rcardinality", _SINGLE).lower()
    return found if found in (_MULTIPLE, _ORDERED) else _SINGLE


def _is_mixed(response: Element) -> bool:
    return any(each.get("shuffle", "").lower() == "yes" for each in response.iter("render_choice"))


def _plain(taken: Taken, element: Element) -> str:
    """The words of a text for which ours has no picture."""
    return taken.worded(_told(element), "html")


def _told(element: Element, apart: tuple[str, ...] = ()) -> str:
    """The materials in an element as HTML: without what there is to choose, and with a line where a word is typed."""
    parts = []
    for each in element:
        if each.tag in ("response_str", "response_num"):
            parts.append(f"{_told(each, apart)} {BLANK} ")
        elif each.tag in ("mattext", "mat_emtext"):
            parts.append(_text(each))
        elif each.tag == "matimage":
            parts.append(_image(each))
        elif each.tag in _SOUNDED:
            parts.append(_sounded(each))
        elif each.tag in ("matbreak", "flow", "flow_mat", "flow_label"):
            parts.append(f"<div>{_told(each, apart)}</div>")
        elif each.tag not in (*_APART, "response_label", *apart):
            parts.append(f"{_told(each, apart)} ")
    return "".join(parts)


def _text(element: Element) -> str:
    if len(element):
        return inner_html(element)
    text = element.text or ""
    is_html = "html" in element.get("texttype", "").lower()
    return text if is_html else escape(text, quote=False).replace("\n", "<br>")


def _sounded(element: Element) -> str:
    return f'<audio src="{escape(element.get("uri", ""))}"></audio>' if element.tag == "mataudio" else "<video></video>"


def _image(element: Element) -> str:
    source = element.get("uri", "")
    if element.get("embedded", "").lower() == "base64":
        source = f"data:image/;base64,{''.join((element.text or '').split())}"
    return f'<img src="{escape(source)}" alt="{escape(element.get("label", ""))}">'
