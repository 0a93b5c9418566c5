"""Questions in QTI 2.0 to 3.0: one item (`<assessmentItem>`), as banks of questions and tests are made of.

Follows the specifications of 1EdTech. An item becomes a question of ours where it asks one thing of a kind that ours
have; `qti_package` reads the zips in which items come together, and `qti3` gives version 3 the names of version 2.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from xml.etree.ElementTree import Element

from content.draft import Draft, head, read_small, whole_file
from content.errors import N_, PackageDamaged
from content.formats import asked, markup
from content.formats.asked import BLANK, RIGHT, Answer, Asked, NotTaken
from content.formats.qti2_body import Place, is_formula, told
from content.formats.qti2_rules import Declared, Rules, declared, tolerance
from content.formats.qti3 import as_qti2
from content.formats.qti12_rules import smallest, worth
from content.formats.quizzes import Taken, draft
from content.formats.shown import Find, shown, shown_and_heard
from content.formats.trees import XML_BYTES_MAX, tree
from content.limits import KIB, Limits
from content.question import Question
from content.quiz_file import OPTIONS_MAX

ENDING = ".xml"
ITEM = "assessmentItem"
HEAD_BYTES = 4 * KIB
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:assessmentItem|qti-assessment-item)[\s>]")
_POINTED = (
    *("hotspotInteraction", "selectPointInteraction", "graphicOrderInteraction", "graphicAssociateInteraction"),
    *("graphicGapMatchInteraction", "positionObjectInteraction"),
)
_LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        "extendedTextInteraction": asked.ESSAY,
        **dict.fromkeys(_POINTED, asked.POINTED),
        **dict.fromkeys(("drawingInteraction", "uploadInteraction"), asked.SENT),
    }
)
_GAPS = ("textEntryInteraction", "inlineChoiceInteraction")
_ASIDE = ("endAttemptInteraction", "mediaInteraction", "positionObjectStage")
_NUMBERS = ("integer", "float")


@dataclass(frozen=True)
class Around:
    """What an item needs from where it lies: how its addresses read, pictures, and texts that it shares with others."""

    place: Place = str
    find: Find = lambda _address: b""
    stimulus: Callable[[str], str] = lambda _address: ""


def recognise(source: Path) -> bool:
    """Whether `source` is one item of QTI 2 or 3: by its ending and its first element, in whatever encoding."""
    if source.suffix.lower() != ENDING or not source.is_file():
        return False
    return _ROOT.search(head(source, HEAD_BYTES).replace(b"\0", b"")) is not None


def describe(source: Path, limits: Limits) -> Draft:
    """Describe one item. Raises PackageDamaged, PackageUnfit, PackageTooLarge and kin."""
    most = min(XML_BYTES_MAX, limits.file_bytes)
    root = as_qti2(tree(read_small(whole_file(source), path=source.name, package=source.name, limit=most), source.name))
    if root.tag != ITEM:
        raise PackageDamaged(package=source.name, why=N_("its XML holds no quiz"))
    taken = Taken(source, said_title=root.get("title", ""))
    take(taken, root, Around())
    return draft(taken, "qti2")


def take(taken: Taken, item: Element, around: Around) -> None:
    """Take an item, or note why that cannot be. Raises PackageTooLarge."""
    taken.said_language = taken.said_language or item.get("lang", "")
    taken.take(partial(_question, taken, item, around))


def _question(taken: Taken, item: Element, around: Around, number: int) -> Question:
    """One question. Raises NotTaken, Unreadable."""
    body = item.find("itemBody")
    if body is None:
        raise NotTaken(asked.UNREADABLE)
    if item.get("adaptive", "").lower() == "true":
        raise NotTaken(asked.ADAPTIVE)
    if item.find("templateDeclaration") is not None:
        raise NotTaken(asked.CALCULATED)
    interaction = _interaction(body)
    before = "".join(_stimulus(each, around) for each in item.iterfind("assessmentStimulusRef"))
    words = markup.worded(f"{before}{told(body, around.place)}", "html")
    text, picture, alt, sound = shown_and_heard(taken, words, around.find)
    if alt:
        taken.notes.add(asked.ALT, number)
    if is_formula(item):
        taken.notes.add(asked.IN_LINE, number)
    hints = [hint for each in body.iter("infoControl") if (hint := _plain(taken, each, around.place))]
    if len(hints) > 1:
        taken.notes.add(asked.HINTS, number)
    about = taken.asked(text.removesuffix(BLANK).strip(), picture=picture, audio=sound, hint=(hints or [""])[0])
    return _Item(taken, item, around, about, interaction).made()


def _interaction(body: Element) -> Element:
    """The one thing that an item asks. Raises NotTaken."""
    found = [each for each in body.iter() if each.tag.endswith("Interaction") and each.tag not in _ASIDE]
    if not found:
        is_heard = body.find(".//mediaInteraction") is not None
        raise NotTaken(asked.UNKNOWN if is_heard else asked.DESCRIPTION)
    if len(found) > 1:
        raise NotTaken(asked.CLOZE if all(each.tag in _GAPS for each in found) else asked.MIXED)
    return found[0]


def _stimulus(reference: Element, around: Around) -> str:
    found = around.stimulus(reference.get("href", ""))
    if not found:
        raise NotTaken(asked.GONE)
    return found


def _plain(taken: Taken, element: Element, place: Place) -> str:
    """The words of a text for which ours has no picture."""
    return taken.worded(told(element, place, is_inner=True), "html")


class _Item:
    """One item on its way to a question of ours."""

    def __init__(self, taken: Taken, item: Element, around: Around, about: Asked, interaction: Element) -> None:
        """Raises NotTaken when it says nothing of its answers."""
        self._taken, self._item, self._around = taken, item, around
        self._about, self._interaction = about, interaction
        ident = interaction.get("responseIdentifier", "")
        known = declared(item)
        if interaction.tag in _LEFT_OUT:
            raise NotTaken(_LEFT_OUT[interaction.tag])
        if ident not in known:
            raise NotTaken(asked.UNREADABLE)
        self._response: Declared = known[ident]
        self._rules = Rules(item, ident, self._response)

    def made(self) -> Question:
        """The question. Raises NotTaken, Unreadable."""
        make = _KINDS.get(self._interaction.tag)
        if make is None:
            raise NotTaken(asked.UNKNOWN)
        return make(self)

    def choice(self) -> Question:
        """Something to choose."""
        options = self._options("simpleChoice", "inlineChoice", "hottext")
        is_mixed = self._interaction.get("shuffle", "").lower() == "true"
        if self._response.cardinality == "multiple":
            return self._several(options, is_mixed=is_mixed)
        scores = {each: self._points((each,)) for each in options}
        best = max(scores.values())
        right = [each for each, score in scores.items() if score == best > 0]
        answers = [replace(option, worth=worth(scores[each], best)) for each, option in options.items()]
        wrong = tuple(each for each in options if each not in right)[:1]
        about = self._explained(tuple(right[:1]), wrong)
        return asked.choose(about, answers, is_single=True, is_mixed=is_mixed)

    def _several(self, options: Mapping[str, Answer], *, is_mixed: bool) -> Question:
        alone = {each: self._points((each,)) for each in options}
        sets = [
            self._response.correct,
            *self._rules.sets(),
            tuple(each for each, points in alone.items() if points > 0),
        ]
        scores = {each: self._points(each) for each in sets if each and set(each) <= options.keys()}
        best = max(scores.values(), default=0.0)
        if best <= 0:
            raise NotTaken(asked.NO_RIGHT)
        right = smallest(scores)
        if any(self._points(tuple(other for other in right if other != each)) >= best for each in right):
            raise NotTaken(asked.ONE_OF_SEVERAL)
        worths = {each: alone[each] if alone[each] > 0 else best for each in right}
        answers = [replace(option, worth=worth(worths.get(each, 0.0), best)) for each, option in options.items()]
        return asked.choose(self._explained(right, ()), answers, is_single=False, is_mixed=is_mixed)

    def order(self) -> Question:
        """Something to put in order."""
        options = self._options("simpleChoice")
        right = self._response.correct
        if sorted(right) != sorted(options):
            raise NotTaken(asked.NO_RIGHT)
        return asked.order(self._judged(right), [options[each] for each in right])

    def typed(self) -> Question:
        """A word or a number to type."""
        if self._response.base in _NUMBERS:
            return self._number()
        texts = [each for each in dict.fromkeys(self._rules.texts()) if each]
        scores = {each: self._points((each,)) for each in texts[: OPTIONS_MAX * 2]}
        best = max(scores.values(), default=0.0)
        if best <= 0:
            raise NotTaken(asked.ESSAY if not scores else asked.NO_RIGHT)
        right = max(scores, key=lambda each: scores[each])
        if any(self._points((each.swapcase(),)) < score for each, score in scores.items() if score == best):
            self._taken.notes.add(asked.CASE, self._about.number)
        if self._points((f"- {right} -",)) == best:
            self._taken.notes.add(asked.CONTAINED, self._about.number)
        answers = [Answer(each.replace("*", "\\*"), worth(score, best)) for each, score in scores.items()]
        return asked.words(self._explained((right,), ("\0",)), answers)

    def _number(self) -> Question:
        found = [each for each in dict.fromkeys((*self._response.correct, *self._response.points)) if each]
        if not found:
            raise NotTaken(asked.NO_RIGHT)
        scores = {each: self._points((each,)) for each in found[:OPTIONS_MAX]}
        best = max(scores.values())
        answers = []
        for each, score in scores.items():
            middle, distance = each, "0"
            for test in self._rules.tests("equal", "equalRounded"):
                below, above = tolerance(test, float(asked.value(each)))
                middle, distance = asked.between(f"{float(each) - below:.12g}", f"{float(each) + above:.12g}")
            answers.append(Answer(middle, worth(score, best), tolerance=distance))
        right = next(each for each, score in scores.items() if score == best)
        return asked.numbers(self._explained((right,), ("\0",)), answers)

    def match(self) -> Question:
        """Two rows of which each of one belongs to one of the other."""
        sets = list(self._interaction.iterfind("simpleMatchSet"))
        if len(sets) != 2:  # noqa: PLR2004 - the two rows of every match
            raise NotTaken(asked.UNREADABLE)
        first, second = (self._options("simpleAssociableChoice", of=each) for each in sets)
        pairs = self._pairs()
        if _is_whole(first, second, pairs):
            return self._laid(first, second, dict(pairs))
        turned = [(other, one) for one, other in pairs]
        if _is_whole(second, first, turned):
            return self._laid(second, first, dict(turned))
        raise NotTaken(asked.MANY)

    def associate(self) -> Question:
        """Pairs out of one heap: the first of each pair on the left, all others on the right."""
        heap = self._options("simpleAssociableChoice")
        pairs = self._pairs()
        both = [ident for pair in pairs for ident in pair]
        if len(set(both)) < len(both) or not set(both) <= heap.keys():
            raise NotTaken(asked.MANY)
        self._taken.notes.add(asked.TWO_ROWS, self._about.number)
        lefts = dict(pairs)
        second = {ident: answer for ident, answer in heap.items() if ident not in lefts}
        return self._laid({ident: heap[ident] for ident in lefts}, second, lefts)

    def gaps(self) -> Question:
        """Words for the gaps of a text; each gap stands as its number."""
        words = self._options("gapText", "gapImg")
        gaps = [each.get("identifier", "") for each in self._interaction.iter("gap")]
        filled = {gap: word for word, gap in self._pairs()}
        if sorted(filled) != sorted(gaps) or not set(filled.values()) <= words.keys():
            raise NotTaken(asked.MANY)
        if len(gaps) == 1:
            answers = [replace(each, worth=RIGHT * (ident == filled[gaps[0]])) for ident, each in words.items()]
            return asked.choose(self._judged(self._right_pairs), answers, is_single=True)
        lefts = {gap: Answer(f"({place})") for place, gap in enumerate(gaps, start=1)}
        return self._laid(lefts, words, filled)

    def _pairs(self) -> list[tuple[str, str]]:
        found = [tuple(each.split()) for each in self._right_pairs]
        if not found or any(len(each) != 2 for each in found):  # noqa: PLR2004 - a pair
            raise NotTaken(asked.NO_RIGHT)
        return [(one, other) for one, other in found]

    @property
    def _right_pairs(self) -> tuple[str, ...]:
        response = self._response
        return response.correct or tuple(pair for pair, points in response.points.items() if points > 0)

    def _laid(self, first: Mapping[str, Answer], second: Mapping[str, Answer], pairs: Mapping[str, str]) -> Question:
        """A match of what belongs together; whoever belongs to nobody stands on the right."""
        if any(each.picture for each in second.values()):
            self._taken.notes.add(asked.PICTURES, self._about.number)
        lonely = [(Answer(""), each.text) for ident, each in second.items() if ident not in pairs.values()]
        about = self._judged(self._right_pairs)
        return asked.match(about, [*((first[left], second[right].text) for left, right in pairs.items()), *lonely])

    def _judged(self, right: tuple[str, ...]) -> Asked:
        """With what is said to the right answer. Raises NotTaken when the rules do not hold it for right."""
        if self._points(right) <= 0:
            raise NotTaken(asked.OWN_RULES)
        return self._explained(right, ())

    def _options(self, *names: str, of: Element | None = None) -> dict[str, Answer]:
        """What there is to choose from, by ident. Raises NotTaken."""
        options: dict[str, Answer] = {}
        for each in (self._interaction if of is None else of).iter():
            if each.tag not in names:
                continue
            words = markup.worded(told(each, self._around.place, is_inner=True), "html")
            text, picture, alt = shown(self._taken, words, self._around.find)
            text = text or alt or each.get("objectLabel", "")
            ident = each.get("identifier", "")
            if not text or ident in options:
                raise NotTaken(asked.WORDLESS if picture else asked.UNREADABLE)
            options[ident] = Answer(text, picture=picture)
        if not options:
            raise NotTaken(asked.UNREADABLE)
        if len(options) > OPTIONS_MAX:
            raise NotTaken(asked.TOO_MANY)
        return options

    def _points(self, given: tuple[str, ...]) -> float:
        return self._rules.judge(given)[0]

    def _explained(self, right: tuple[str, ...], wrong: tuple[str, ...]) -> Asked:
        """With what is said to everybody, or else to who is right; it is noted when more is said than that."""
        told_ = [
            (each, text)
            for each in self._item.iter()
            if each.tag in ("modalFeedback", "feedbackInline", "feedbackBlock")
            and (text := _plain(self._taken, each, self._around.place))
        ]
        yes, no = ([self._is_said(each, given) for each, _text in told_] for given in (right, wrong))
        general = [text for (_each, text), one, other in zip(told_, yes, no, strict=True) if one and other]
        praise = [text for (_each, text), one, other in zip(told_, yes, no, strict=True) if one and not other]
        used = general or praise
        if len(told_) > len(used):
            self._taken.notes.add(asked.COMMENTS, self._about.number)
        return replace(self._about, explanation="\n".join(used))

    def _is_said(self, feedback: Element, given: tuple[str, ...]) -> bool:
        """Whether something is said after an answer."""
        outcome = self._rules.judge(given)[1].get(feedback.get("outcomeIdentifier", ""))
        found = outcome if isinstance(outcome, tuple) else ()
        return (feedback.get("identifier", "") in found) == (feedback.get("showHide", "show") == "show")


_KINDS: Mapping[str, Callable[[_Item], Question]] = MappingProxyType(
    {
        **dict.fromkeys(("choiceInteraction", "inlineChoiceInteraction", "hottextInteraction"), _Item.choice),
        "orderInteraction": _Item.order,
        "textEntryInteraction": _Item.typed,
        "matchInteraction": _Item.match,
        "associateInteraction": _Item.associate,
        "gapMatchInteraction": _Item.gaps,
    }
)


def _is_whole(first: Mapping[str, Answer], second: Mapping[str, Answer], pairs: list[tuple[str, str]]) -> bool:
    """Whether each thing of the first row has exactly one of the second."""
    return sorted(left for left, _right in pairs) == sorted(first) and all(right in second for _left, right in pairs)
