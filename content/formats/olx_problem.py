"""Problems of Open edX as questions of ours: one for each response of a problem, with what is said before it.

Follows edX' documentation of problem types. Problems that calculate with a script of their own, draw or drag are noted.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from html import escape
from types import MappingProxyType
from xml.etree.ElementTree import Element

from content.formats import asked, markup
from content.formats.asked import RIGHT, Answer, Asked, NotTaken
from content.formats.quizzes import Taken
from content.formats.shown import Find, shown
from content.formats.trees import html, said
from content.question import Question

_TRUE = ("true", "1")
_APART = ("solution", "demandhint", "script", "responseparam", "compoundhint")
_INPUTS = (
    *("choicegroup", "checkboxgroup", "optioninput", "textline", "formulaequationinput", "additional_answer"),
    *("stringequalhint", "numericalhint", "correcthint", "solution", "responseparam", "compoundhint", "hintgroup"),
)
_LEFT_OUT = MappingProxyType(
    {
        **dict.fromkeys(("drag_and_drop_input", "draganddropinput"), asked.DRAGGED),
        **dict.fromkeys(("imageresponse", "imageinput"), asked.POINTED),
        **dict.fromkeys(("customresponse", "coderesponse", "externalresponse", "schematicresponse"), asked.OWN_RULES),
        **dict.fromkeys(("formularesponse", "symbolicresponse"), asked.CALCULATED),
    }
)
_RANGE = re.compile(r"[\[(]\s*([^,;\]\s]+)\s*,\s*([^,;\]\s]+)\s*[\])]")
_OPTION = re.compile(r"""'((?:[^'\\]|\\.)*+)'|"((?:[^"\\]|\\.)*+)\"""")


def read(taken: Taken, element: Element, find: Find) -> None:
    """Take the questions of one problem; `find` gives the bytes of a picture by its address."""
    for each in element.iter():
        each.tag = "p" if each.tag in ("label", "description", "legend") else each.tag
    responses = [each for each in element.iter() if str(each.tag).endswith("response")]
    hints = [said(each) for each in element.iterfind("demandhint/hint")]
    solutions = [" ".join(map(said, each)) or said(each) for each in element.iter("solution")]
    if not responses:
        taken.take(partial(_none, element))
    intro = _before(element, responses)
    for number, response in enumerate(responses):
        about = partial(
            _question,
            taken=taken,
            find=find,
            response=response,
            prompt=intro[number],
            hints=hints,
            solution="\n".join(filter(None, solutions)) if number == len(responses) - 1 else "",
        )
        taken.take(lambda place, make=about: make(place, has_script=element.find(".//script") is not None))  # type: ignore[misc]


def _none(element: Element, _number: int) -> Question:
    """What a problem without a response is. Raises NotTaken."""
    found = {str(each.tag) for each in element.iter()} & _LEFT_OUT.keys()
    raise NotTaken(_LEFT_OUT[min(found)] if found else asked.DESCRIPTION)


def _before(problem: Element, responses: list[Element]) -> list[str]:
    """What is said before each response since the one before it, as HTML."""
    parts = [""] * (len(responses) + 1)
    place = 0

    def go(element: Element) -> None:
        nonlocal place
        for each in element:
            if each in responses:
                place = responses.index(each) + 1
            elif each.tag not in _APART:
                if any(inner in responses for inner in each.iter()):
                    parts[place] += escape(each.text or "", quote=False)
                    go(each)
                else:
                    parts[place] += html(each)
            parts[place] += escape(each.tail or "", quote=False)

    parts[0] = escape(problem.text or "", quote=False)
    go(problem)
    return parts[:-1]


def _question(  # noqa: PLR0913 - the parts of a problem
    number: int,
    *,
    taken: Taken,
    find: Find,
    response: Element,
    prompt: str,
    hints: list[str],
    solution: str,
    has_script: bool,
) -> Question:
    """One question. Raises NotTaken, Unreadable."""
    make = _KINDS.get(str(response.tag))
    if make is None or has_script:
        raise NotTaken(asked.CALCULATED if has_script else _LEFT_OUT.get(str(response.tag), asked.UNKNOWN))
    inside = "".join(html(each) for each in response if each.tag not in _INPUTS)
    labels = "".join(
        f"<p>{escape(told)}</p>" for each in response.iter() if each is not response and (told := each.get("label", ""))
    )
    text, picture, alt = shown(taken, markup.worded(f"{prompt}{inside}{labels}", "html"), find)
    if alt:
        taken.notes.add(asked.ALT, number)
    if len(hints) > 1:
        taken.notes.add(asked.HINTS, number)
    about = taken.asked(text, picture=picture, hint=(hints or [""])[0])
    return make(taken, find, response, replace(about, explanation=solution))


def _choose(taken: Taken, find: Find, response: Element, about: Asked) -> Question:
    is_single = response.tag == "multiplechoiceresponse"
    groups = [each for each in response.iter() if each.tag in ("choicegroup", "checkboxgroup", "radiogroup")]
    if len(groups) != 1:
        raise NotTaken(asked.UNREADABLE)
    answers = []
    for each in groups[0].iter("choice"):
        hint = " ".join(said(told) for told in each.iterfind("choicehint"))
        told = [escape(each.text or "", quote=False)]
        for inner in each:
            told += [html(inner) if inner.tag != "choicehint" else "", escape(inner.tail or "", quote=False)]
        text, picture, alt = shown(taken, markup.worded("".join(told), "html"), find)
        if not (text or alt):
            raise NotTaken(asked.UNREADABLE)
        is_right = each.get("correct", "").lower() in _TRUE
        if not is_right and each.get("correct", "").lower() == "partial":
            taken.notes.add(asked.PARTS, about.number)
        answers.append(Answer(text or alt, RIGHT if is_right else 0.0, hint, picture))
    is_mixed = groups[0].get("shuffle", "").lower() in _TRUE
    return asked.choose(about, answers, is_single=is_single, is_mixed=is_mixed)


def _drop_down(taken: Taken, find: Find, response: Element, about: Asked) -> Question:
    inputs = list(response.iter("optioninput"))
    if len(inputs) != 1:
        raise NotTaken(asked.CLOZE)
    options = [
        Answer(said(each), RIGHT if each.get("correct", "").lower() in _TRUE else 0.0)
        for each in inputs[0].iter("option")
    ]
    if not options:
        told = [(one or other).replace("\\", "") for one, other in _OPTION.findall(inputs[0].get("options", ""))]
        options = [Answer(each, RIGHT if each == inputs[0].get("correct") else 0.0) for each in told]
    if any(not each.text for each in options):
        raise NotTaken(asked.UNREADABLE)
    return asked.choose(about, options, is_single=True, is_mixed=False)


def _typed(taken: Taken, find: Find, response: Element, about: Asked) -> Question:
    told = response.get("type", "").lower().split()
    if "regexp" in told:
        raise NotTaken(asked.OWN_RULES)
    if "ci" not in told:
        taken.notes.add(asked.CASE, about.number)
    more = [each.get("answer", "") or said(each) for each in response.iter("additional_answer")]
    spelled = [text for each in (response.get("answer", ""), *more) for text in each.split("_or_")]
    if response.find("stringequalhint") is not None or response.find("correcthint") is not None:
        taken.notes.add(asked.COMMENTS, about.number)
    return asked.words(about, [Answer(each.replace("*", "\\*").strip()) for each in spelled if each.strip()])


def _number(taken: Taken, find: Find, response: Element, about: Asked) -> Question:
    tolerance = next(
        (each.get("default", "") for each in response.iter("responseparam") if each.get("type") == "tolerance"), "0"
    ).strip()
    answers = []
    more = (each.get("answer", "") for each in response.iter("additional_answer"))
    for each in filter(None, (response.get("answer", "").strip(), *more)):
        if span := _RANGE.fullmatch(each):
            middle, width = asked.between(span[1], span[2])
            answers.append(Answer(middle, tolerance=width))
        elif tolerance.endswith("%"):
            share = asked.value(each) * asked.value(tolerance[:-1]) / 100
            answers.append(Answer(each, tolerance=str(abs(share))))
        else:
            answers.append(Answer(each, tolerance=tolerance))
    return asked.numbers(about, answers)


_KINDS: Mapping[str, Callable[[Taken, Find, Element, Asked], Question]] = MappingProxyType(
    {
        "multiplechoiceresponse": _choose,
        "choiceresponse": _choose,
        "optionresponse": _drop_down,
        "stringresponse": _typed,
        "numericalresponse": _number,
    }
)
