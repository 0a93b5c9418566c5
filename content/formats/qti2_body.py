"""The body of an item of QTI 2 and 3 as HTML of words and pictures, with a line where something is filled in.

What there is to choose, and what is said to answers, is left to whoever asks for it. Formulas in MathML become one line
of plain signs.
"""

from collections.abc import Callable, Mapping
from html import escape
from types import MappingProxyType
from xml.etree.ElementTree import Element

from content.formats.asked import BLANK
from content.formats.trees import said

Place = Callable[[str], str]
"""An address of a file as it is found in the package, from one that stands in a text."""

_SILENT = frozenset(
    {
        *("simpleChoice", "simpleMatchSet", "simpleAssociableChoice", "gapText", "gapImg", "inlineChoice"),
        *("feedbackInline", "feedbackBlock", "templateInline", "templateBlock", "printedVariable", "stylesheet"),
        *("endAttemptInteraction", "infoControl", "catalogInfo", "associableHotspot", "hotspotChoice"),
    }
)
"""What is not said with the question: what there is to choose, and what comes after the answer."""
_BARE = frozenset({"itemBody", "contentBody", "stimulusBody", "prompt", "rubricBlock", "hottext", "contentBlock"})
_MATH_SIMPLE = frozenset({"math", "mrow", "mi", "mn", "mo", "mtext", "mstyle", "semantics", "mspace", "mpadded"})
_MATH_SILENT = frozenset({"annotation", "annotation-xml", "mspace", "mphantom"})


def told(element: Element, place: Place, *, is_inner: bool = False) -> str:
    """What is said in an element, as HTML; with `is_inner` it is asked for itself, whatever it is."""
    return _Telling(place, len(list(element.iter("gap")))).told(element, is_inner=is_inner)


class _Telling:
    """Tells one body; gaps are numbered when there are several."""

    def __init__(self, place: Place, gaps: int) -> None:
        self._place, self._gaps, self._gap = place, gaps, 0

    def told(self, element: Element, *, is_inner: bool = False) -> str:
        """An element and all that is in it."""
        name = element.tag
        if not is_inner and _is_silent(element):
            return ""
        if name in _TOLD:
            return _TOLD[name](self, element)
        inside = self._inside(element)
        if is_inner or name == "hottext":
            return inside
        if name in _BARE or name.endswith("Interaction"):
            return f"<div>{inside}</div>"
        return f"<{name}{_attributes(element)}>{inside}</{name}>"

    def gap(self, _element: Element) -> str:
        """A line to fill, with its number where there are several."""
        self._gap += 1
        return f"({self._gap}) {BLANK}" if self._gaps > 1 else BLANK

    def shown(self, element: Element) -> str:
        """A picture, or what is heard and seen otherwise."""
        source = element.get("src", "") or element.get("data", "")
        kind = element.get("type", "image/")
        if element.tag != "img" and not kind.startswith("image/"):
            return self.heard(element) if kind.startswith("audio/") else "<object></object>"
        alt = element.get("alt", "") or said(element)
        return f'<img src="{escape(self._place(source))}" alt="{escape(alt)}">'

    def heard(self, element: Element) -> str:
        """A sound, by all addresses that it may be taken from."""
        named = [each.get("src", "") or each.get("data", "") for each in (element, *element.iterfind("source"))]
        sources = "".join(f'<source src="{escape(self._place(each))}">' for each in named if each)
        return f"<audio>{sources}</audio>"

    def _inside(self, element: Element) -> str:
        parts = [escape(element.text or "", quote=False)]
        for each in element:
            parts += [self.told(each), escape(each.tail or "", quote=False)]
        return "".join(parts)


def _is_silent(element: Element) -> bool:
    is_for_others = "candidate" not in element.get("view", "candidate").split()
    return element.tag in _SILENT or (element.tag == "rubricBlock" and is_for_others)


def _attributes(element: Element) -> str:
    kept = {name: value for name, value in element.items() if name in ("style", "href")}
    return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())


def is_formula(element: Element) -> bool:
    """Whether a text has a formula that loses its form in one line."""
    small = frozenset({"msup", "msub"})
    return any(
        each.tag not in _MATH_SIMPLE | small | _MATH_SILENT or (each.tag in small and not _is_small(each))
        for math in element.iter("math")
        for each in math.iter()
    )


def _is_small(element: Element) -> bool:
    parts = list(element)
    return len(parts) == 2 and said(parts[1]).isascii() and said(parts[1]).isdigit()  # noqa: PLR2004 - base and sign


def _math(element: Element) -> str:
    """A formula in one line: x², (a + b)/2, √(x)."""
    parts = [_math(each) for each in element if each.tag not in _MATH_SILENT]
    match element.tag, parts:
        case (("mi" | "mn" | "mo" | "mtext"), _):
            return escape(said(element), quote=False)
        case "mfrac", [top, bottom]:
            return f"{_held(element[0], top)}/{_held(element[1], bottom)}"
        case (("msup" | "msub"), [base, small]):
            mark = element.tag.removeprefix("m")
            if _is_small(element):
                return f"{base}<{mark}>{small}</{mark}>"
            return f"{base}{'^' if mark == 'sup' else '_'}{_held(element[1], small)}"
        case "msqrt", _:
            return f"√({''.join(parts)})"
        case "mroot", [base, index]:
            return f"{_held(element[1], index)}√({base})"
        case "mfenced", _:
            return f"{escape(element.get('open', '('))}{', '.join(parts)}{escape(element.get('close', ')'))}"
        case _:
            return " ".join(part for part in parts if part) if len(element) else escape(said(element), quote=False)


def _held(element: Element, text: str) -> str:
    """A part of a formula in brackets, unless it is one sign or number."""
    return text if element.tag in ("mi", "mn") else f"({text})"


_TOLD: Mapping[str, Callable[[_Telling, Element], str]] = MappingProxyType(
    {
        "math": lambda _telling, element: _math(element),
        "gap": _Telling.gap,
        **dict.fromkeys(("img", "object"), _Telling.shown),
        **dict.fromkeys(("textEntryInteraction", "inlineChoiceInteraction"), lambda _telling, _element: BLANK),
        "audio": _Telling.heard,
        "video": lambda _telling, _element: "<video></video>",
    }
)
"""Elements that are told in a way of their own."""
