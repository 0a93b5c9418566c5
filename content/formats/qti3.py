"""QTI 3 under the names of QTI 2: `qti-choice-interaction` with `max-choices` is `choiceInteraction` with `maxChoices`.

Version 3 renamed the elements and attributes of version 2, and asks little that is new; so its names are changed once,
where a file comes in, and all that follows knows one spelling.
"""

from xml.etree.ElementTree import Element

_MARK = "qti-"
_KEPT = ("data-", "aria-")


def as_qti2(root: Element) -> Element:
    """The same tree with names as version 2 has them; changed in its place."""
    for each in root.iter():
        if each.tag.startswith(_MARK):
            each.tag = _joined(each.tag.removeprefix(_MARK))
            for name in [name for name in each.keys() if "-" in name and not name.startswith(_KEPT)]:  # noqa: SIM118
                each.set(_joined(name), each.attrib.pop(name))
    return root


def _joined(name: str) -> str:
    first, *others = name.split("-")
    return first + "".join(other[:1].upper() + other[1:] for other in others)
