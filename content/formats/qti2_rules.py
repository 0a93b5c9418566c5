"""How an item of QTI 2 and 3 judges answers: its response processing is carried out for one answer after another.

The three templates of the specification are the same as rules written out. What questions of ours can have no answer
for is not carried out: then `NotTaken` says that the item has rules of its own.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from xml.etree.ElementTree import Element

from content.formats.asked import OWN_RULES, NotTaken
from content.formats.qti12_rules import number
from content.formats.trees import said

RULES_MAX = 500
"""Elements of the rules of one item: each answer is held against them."""

Value = tuple[str, ...] | float | bool | None
"""What an expression is: texts and idents, a number, a truth, or nothing."""

_SCORE = "SCORE"
_MATCHED = ("", "match_correct", "CC2_match", "CC2_match_basic")
"""Templates that hold an answer against the right one; without any rules that is what an item means."""
_MAPPED = ("map_response", "CC2_map_response")
_PAIRS = ("pair",)
_NUMBERS = ("integer", "float")


@dataclass(frozen=True)
class Declared:
    """What an item says of one response."""

    cardinality: str
    base: str
    correct: tuple[str, ...]
    points: Mapping[str, float]
    default: float
    lowest: float | None
    highest: float | None
    is_case_kept: bool

    def mapped(self, given: tuple[str, ...]) -> float:
        """The points that the mapping gives to an answer, each thing once."""
        known = {self._plain(key): points for key, points in self.points.items()}
        points = sum(known.get(each, self.default) for each in {self._plain(each) for each in given})
        if self.lowest is not None:
            points = max(points, self.lowest)
        return points if self.highest is None else min(points, self.highest)

    def _plain(self, text: str) -> str:
        if self.base in _PAIRS:
            return " ".join(sorted(text.split()))
        return text if self.base != "string" or self.is_case_kept else text.casefold()


def declared(item: Element) -> dict[str, Declared]:
    """The responses of an item by ident. Raises NotTaken."""
    found = {}
    for each in item.iterfind("responseDeclaration"):
        mapping = each.find("mapping")
        entries = [] if mapping is None else list(mapping.iterfind("mapEntry"))
        bounds = {} if mapping is None else mapping.attrib
        found[each.get("identifier", "")] = Declared(
            each.get("cardinality", "single"),
            each.get("baseType", "identifier"),
            tuple(said(value) for value in each.iterfind("correctResponse/value")),
            {" ".join(entry.get("mapKey", "").split()): number(entry.get("mappedValue")) for entry in entries},
            number(bounds.get("defaultValue", "0")),
            number(bounds["lowerBound"]) if "lowerBound" in bounds else None,
            number(bounds["upperBound"]) if "upperBound" in bounds else None,
            any(entry.get("caseSensitive", "").lower() == "true" for entry in entries),
        )
    return found


class _Done(Exception):
    """The rules say that they end here."""


@dataclass
class Rules:
    """The response processing of an item, for its one response."""

    item: Element
    ident: str
    response: Declared
    _outcomes: dict[str, Value] = field(default_factory=dict)
    _given: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        found = self.item.find("responseProcessing")
        self._rules = [] if found is None else list(found)
        self.template = "" if found is None else found.get("template", "").rpartition("/")[2].removesuffix(".xml")
        if found is not None and sum(1 for _ in found.iter()) > RULES_MAX:
            raise NotTaken(OWN_RULES)
        numbers = [
            each.get("identifier", "")
            for each in self.item.iterfind("outcomeDeclaration")
            if each.get("baseType") in _NUMBERS
        ]
        self._score = _SCORE if _SCORE in numbers or not numbers else numbers[0]

    @property
    def is_mapped(self) -> bool:
        """Whether points come from the mapping where no rules are written out."""
        return self.template in _MAPPED or (
            not self.template and bool(self.response.points) and not self.response.correct
        )

    def judge(self, given: tuple[str, ...]) -> tuple[float, Mapping[str, Value]]:
        """The points of an answer, and all outcomes. Raises NotTaken."""
        self._given = given
        outcomes = self.item.iterfind("outcomeDeclaration")
        self._outcomes = {each.get("identifier", ""): _default(each) for each in outcomes}
        if self._rules:
            with suppress(_Done):
                self._follow(self._rules)
        else:
            self._outcomes[self._score] = self._by_template(given)
        return _number(self._outcomes.get(self._score)) or 0.0, MappingProxyType(self._outcomes)

    def _by_template(self, given: tuple[str, ...]) -> float:
        if self.is_mapped:
            return self.response.mapped(given)
        if self.template not in _MATCHED:
            raise NotTaken(OWN_RULES)
        return float(self._same(given, self.response.correct))

    def texts(self) -> Iterator[str]:
        """Every answer that the item names: right ones, mapped ones, and those of its rules."""
        yield from self.response.correct
        yield from self.response.points
        for rule in self._rules:
            for each in rule.iter("baseValue"):
                if each.get("baseType") not in ("boolean", *_NUMBERS):
                    yield said(each)

    def sets(self) -> Iterator[tuple[str, ...]]:
        """Every set of idents that the rules name together, and all that they name alone."""
        together = list(self.tests("multiple"))
        for each in together:
            yield tuple(said(value) for value in each.iter("baseValue"))
        yield tuple(
            dict.fromkeys(said(each) for each in self.tests("baseValue") if each.get("baseType") == "identifier")
        )

    def tests(self, *names: str) -> Iterator[Element]:
        """The expressions of these names."""
        for rule in self._rules:
            yield from (each for each in rule.iter() if each.tag in names)

    def _follow(self, rules: list[Element]) -> None:
        for rule in rules:
            if rule.tag == "responseCondition":
                self._choose(rule)
            elif rule.tag == "setOutcomeValue" and len(rule) == 1:
                self._outcomes[rule.get("identifier", "")] = self._value(rule[0])
            elif rule.tag == "responseProcessingFragment":
                self._follow(list(rule))
            elif rule.tag == "exitResponse":
                raise _Done
            else:
                raise NotTaken(OWN_RULES)

    def _choose(self, condition: Element) -> None:
        for branch in condition:
            is_last = branch.tag == "responseElse"
            if not is_last and not len(branch):
                raise NotTaken(OWN_RULES)
            if is_last or self._value(branch[0]) is True:
                self._follow(list(branch)[0 if is_last else 1 :])
                return

    def _value(self, expression: Element) -> Value:
        """What an expression is. Raises NotTaken."""
        name, ident = expression.tag, expression.get("identifier", "")
        match name:
            case "variable":
                return (self._given or None) if ident == self.ident else self._outcomes.get(ident)
            case "correct" if ident == self.ident:
                return self.response.correct or None
            case "mapResponse" if ident == self.ident:
                return self.response.mapped(self._given)
            case "baseValue":
                return _typed(said(expression), expression.get("baseType", ""))
            case "null":
                return None
        make = _MADE.get(name)
        if make is None:
            raise NotTaken(OWN_RULES)
        return make(self, expression, [self._value(each) for each in expression])

    def _same(self, one: Value, other: Value) -> bool:
        """Whether two values are the same, as the response is counted."""
        if one is None or other is None or one == () or other == ():
            return False
        if isinstance(one, tuple) and isinstance(other, tuple) and self.response.base not in _NUMBERS:
            spelled = [[self._spelled(text) for text in each] for each in (one, other)]
            is_row = self.response.cardinality == "ordered"
            return spelled[0] == spelled[1] if is_row else sorted(spelled[0]) == sorted(spelled[1])
        if isinstance(one, bool) or isinstance(other, bool):
            return one is other
        return _number(one) == _number(other) is not None

    def _spelled(self, text: str) -> str:
        return " ".join(sorted(text.split())) if self.response.base in _PAIRS else " ".join(text.split())


def _default(outcome: Element) -> Value:
    value = outcome.find("defaultValue/value")
    kind = outcome.get("baseType", "")
    if value is None:
        return 0.0 if kind in _NUMBERS else None
    return _typed(said(value), kind)


def _typed(text: str, kind: str) -> Value:
    if kind == "boolean":
        return text == "true"
    return number(text) if kind in _NUMBERS else (text,)


def _number(value: Value) -> float | None:
    """A value as a number; None for what is none."""
    if isinstance(value, tuple):
        try:
            return number(value[0]) if len(value) == 1 else None
        except NotTaken:
            return None
    return None if value is None else float(value)


def _texts(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else () if value is None else (f"{value:g}",)


def _compared(rules: Rules, expression: Element, values: list[Value]) -> bool:
    first, second = _two(values)
    one, other = _number(first), _number(second)
    if one is None or other is None:
        return False
    return {"gt": one > other, "gte": one >= other, "lt": one < other, "lte": one <= other}[expression.tag]


def _equal(rules: Rules, expression: Element, values: list[Value]) -> bool:
    first, second = (_number(each) for each in _two(values))
    if first is None or second is None:
        return False
    below, above = tolerance(expression, first if expression[0].tag != "variable" else second)
    wanted, given = (second, first) if expression[0].tag == "variable" else (first, second)
    return wanted - below <= given <= wanted + above


def tolerance(expression: Element, wanted: float) -> tuple[float, float]:
    """How far below and above a number is still the same. Raises NotTaken."""
    if expression.tag == "equalRounded":
        if expression.get("roundingMode", "significantFigures") != "decimalPlaces":
            raise NotTaken(OWN_RULES)
        half = 0.5 * 10.0 ** -min(15, max(0, int(number(expression.get("figures", "0")))))
        return half, half
    mode = expression.get("toleranceMode", "exact")
    if mode == "exact":
        return 0.0, 0.0
    sides = [number(each) for each in expression.get("tolerance", "").split()]
    if len(sides) not in (1, 2) or mode not in ("absolute", "relative"):
        raise NotTaken(OWN_RULES)
    scale = abs(wanted) / 100 if mode == "relative" else 1.0
    return abs(sides[0]) * scale, abs(sides[-1]) * scale


def _string_match(rules: Rules, expression: Element, values: list[Value]) -> bool:
    first, second = ("".join(_texts(each)) for each in _two(values))
    if expression.get("caseSensitive", "").lower() != "true":
        first, second = first.casefold(), second.casefold()
    is_part = expression.tag == "substring" or expression.get("substring", "").lower() == "true"
    return first in second or second in first if is_part else first == second


def _member(rules: Rules, expression: Element, values: list[Value]) -> bool:
    first, second = (set(map(rules._spelled, _texts(each))) for each in _two(values))
    inner, outer = (first, second) if expression.tag == "member" else (second, first)
    return bool(inner) and inner <= outer


def _two(values: list[Value]) -> tuple[Value, Value]:
    if len(values) != 2:  # noqa: PLR2004 - both sides
        raise NotTaken(OWN_RULES)
    return values[0], values[1]


def _index(rules: Rules, expression: Element, values: list[Value]) -> Value:
    place, found = int(number(expression.get("n", "0"))), _texts(values[0]) if values else ()
    return (found[place - 1],) if 0 < place <= len(found) else None


def _sum(rules: Rules, expression: Element, values: list[Value]) -> float | None:
    found = [_number(each) for each in values]
    known = [each for each in found if each is not None]
    return None if len(known) < len(found) else sum(known)


_MADE: Mapping[str, Callable[[Rules, Element, list[Value]], Value]] = MappingProxyType(
    {
        "and": lambda _rules, _expression, values: all(each is True for each in values),
        "or": lambda _rules, _expression, values: any(each is True for each in values),
        "not": lambda _rules, _expression, values: not all(each is True for each in values),
        "isNull": lambda _rules, _expression, values: all(each is None for each in values),
        "match": lambda rules, _expression, values: rules._same(*_two(values)),
        "multiple": lambda _rules, _expression, values: tuple(text for each in values for text in _texts(each)) or None,
        "ordered": lambda _rules, _expression, values: tuple(text for each in values for text in _texts(each)) or None,
        "sum": _sum,
        "index": _index,
        **dict.fromkeys(("gt", "gte", "lt", "lte"), _compared),
        **dict.fromkeys(("equal", "equalRounded"), _equal),
        **dict.fromkeys(("stringMatch", "substring"), _string_match),
        **dict.fromkeys(("member", "contains"), _member),
    }
)
"""The expressions that are carried out."""
