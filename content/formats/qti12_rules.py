"""How a question of QTI 1.2 judges answers: its rules are followed for one answer after another.

What is right is not read off the way in which a tool writes its rules, which differs, but off what they say to answers.
Follows the ASI specification's response processing, as far as questions of ours can have an answer for it.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from content.formats.asked import ONE_OF_SEVERAL, OWN_RULES, RIGHT, UNREADABLE, NotTaken

RULES_MAX = 500
"""Elements of the rules of one question: each answer is held against them. Twenty options with two sentences to each
take two hundred."""

Given = Mapping[str, tuple[str, ...]]
"""What somebody answers: idents or a text, by the ident of the response."""

_SCORE = "SCORE"
_YES = "yes"
_LOWEST, _HIGHEST = ("vargt", "vargte"), ("varlt", "varlte")
_TESTS = ("varequal", "varsubstring", "varsubset", *_LOWEST, *_HIGHEST)


@dataclass(frozen=True)
class Judged:
    """What an answer is worth, and the idents of what is said to it."""

    score: float
    said: tuple[str, ...]


class Rules:
    """The response processing of one item."""

    def __init__(self, item: Element, single: Iterable[str]) -> None:
        """`single` are the idents of responses that take one answer. Raises NotTaken when there is too much of it."""
        self._single = frozenset(single)
        self._conditions = list(item.iterfind("resprocessing/respcondition"))
        if sum(1 for each in self._conditions for _ in each.iter()) > RULES_MAX:
            raise NotTaken(OWN_RULES)
        names = [each.get("varname", _SCORE) for each in item.iterfind("resprocessing/outcomes/decvar")]
        self._score = next((name for name in names if name.upper() == _SCORE), (names or [_SCORE])[0])

    def judge(self, given: Given) -> Judged:
        """Follow the rules for one answer. Raises NotTaken."""
        score, said = 0.0, []
        for each in self._conditions:
            if not self._holds(each.find("conditionvar"), given):
                continue
            for change in each.iterfind("setvar"):
                if change.get("varname", _SCORE) == self._score:
                    score = _changed(score, change)
            said += [feedback.get("linkrefid", "") for feedback in each.iterfind("displayfeedback")]
            if each.get("continue", "").lower() != _YES:
                break
        return Judged(score, tuple(said))

    def tests(self, ident: str, *names: str) -> Iterator[Element]:
        """The tests of these names that an answer has to pass for points, where none says "not"."""
        for each in self._conditions:
            if any(_changed(0.0, change) > 0 for change in each.iterfind("setvar")):
                yield from (test for test in _positive(each.find("conditionvar")) if _asks(test, ident, names))

    def sequences(self, ident: str) -> Iterator[tuple[str, ...]]:
        """What each condition that gives points wants to be chosen, in its order."""
        for each in self._conditions:
            if any(_changed(0.0, change) > 0 for change in each.iterfind("setvar")):
                found = [test for test in _positive(each.find("conditionvar")) if _asks(test, ident, ("varequal",))]
                if found:
                    yield tuple(dict.fromkeys(text_of(test) for test in sorted(found, key=_index)))

    def ranges(self, ident: str) -> Iterator[tuple[str, str]]:
        """The lowest and the highest number of each range that gives points."""
        for each in self._conditions:
            conditions = each.find("conditionvar")
            if conditions is None:
                continue
            for group in (each for each in conditions.iter() if each.tag in ("conditionvar", "and")):
                low = [text_of(test) for test in group if _asks(test, ident, _LOWEST)]
                high = [text_of(test) for test in group if _asks(test, ident, _HIGHEST)]
                if len(low) == len(high) == 1:
                    yield low[0], high[0]

    def _holds(self, conditions: Element | None, given: Given) -> bool:
        if conditions is None:
            return True
        responses = {each.get("respident", "") for each in conditions}
        # Several right spellings of one word stand side by side, and no word is two at once.
        is_any = (
            len(responses) == 1 and responses <= self._single and all(each.tag == "varequal" for each in conditions)
        )
        held = (_is_so(each, given) for each in conditions)
        return any(held) if is_any else all(held)


def smallest(scores: Mapping[tuple[str, ...], float]) -> tuple[str, ...]:
    """The set that gets most with fewest. Raises NotTaken when another one gets as much without all of it."""
    best = max(scores, key=lambda each: (scores[each], -len(each)))
    if any(score == scores[best] and not set(best) <= set(each) for each, score in scores.items()):
        raise NotTaken(ONE_OF_SEVERAL)
    return best


def worth(score: float, best: float) -> float:
    """A score as a share of the best; nothing where nothing is right."""
    return 0.0 if best <= 0 else RIGHT if score == best else min(score / best * RIGHT, RIGHT)


def text_of(test: Element) -> str:
    """What a test compares with."""
    return (test.text or "").strip()


def number(text: str | None) -> float:
    """A number of the rules. Raises NotTaken."""
    try:
        found = float(text or "")
    except ValueError:
        raise NotTaken(UNREADABLE) from None
    if not math.isfinite(found):
        raise NotTaken(UNREADABLE)
    return found


def _changed(score: float, change: Element) -> float:
    by = number(change.text)
    match change.get("action", "Set").lower():
        case "set":
            return by
        case "add":
            return score + by
        case "subtract":
            return score - by
        case "multiply":
            return score * by
        case "divide" if by:
            return score / by
    raise NotTaken(OWN_RULES)


def _positive(conditions: Element | None) -> Iterator[Element]:
    for each in () if conditions is None else conditions:
        if each.tag in ("and", "or"):
            yield from _positive(each)
        elif each.tag in _TESTS:
            yield each


def _asks(test: Element, ident: str, names: tuple[str, ...]) -> bool:
    return test.tag in names and test.get("respident", "") == ident


def _index(test: Element) -> float:
    return number(test.get("index") or "0")


def _is_so(test: Element, given: Given) -> bool:
    """Whether a test holds for an answer. Raises NotTaken for tests of a kind that we do not know."""
    match test.tag:
        case "and":
            return all(_is_so(each, given) for each in test)
        case "or":
            return any(_is_so(each, given) for each in test)
        case "not":
            return not all(_is_so(each, given) for each in test)
        case "other":
            return True
        case "unanswered":
            return not given.get(test.get("respident", ""))
        case tag if tag in _TESTS:
            return _compares(test, given.get(test.get("respident", ""), ()))
    raise NotTaken(OWN_RULES)


def _compares(test: Element, given: tuple[str, ...]) -> bool:
    wanted = text_of(test)
    if test.tag in (*_LOWEST, *_HIGHEST):
        return any(_is_beyond(test.tag, each, number(wanted)) for each in given)
    if test.tag == "varsubset":
        return bool(given) and set(given) <= {each.strip() for each in wanted.split(",")}
    if test.get("index") and test.tag == "varequal":
        place = int(_index(test)) - 1
        return 0 <= place < len(given) and given[place] == wanted
    if test.get("case", "").lower() != _YES:
        wanted, given = wanted.casefold(), tuple(each.casefold() for each in given)
    return any(wanted in each for each in given) if test.tag == "varsubstring" else wanted in given


def _is_beyond(tag: str, given: str, bound: float) -> bool:
    try:
        found = float(given)
    except ValueError:
        return False
    return {"vargt": found > bound, "vargte": found >= bound, "varlt": found < bound, "varlte": found <= bound}[tag]
