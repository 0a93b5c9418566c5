"""A text sentence by sentence, as it is read aloud, and the key under which a sentence's sound is kept. Pure.

Pages and the slow work that renders sounds ask here, so that both mean the same by a sentence.
"""

import hashlib
import re
import unicodedata

SENTENCE_CHARS_MAX = 400
"""A sentence that is longer is read in parts: half a minute of sound."""
KEY_CHARS = 24
"""Hex digits of a key: 96 bits, so that no two sentences of a hub share one."""
KEY = re.compile(rf"[0-9a-f]{{{KEY_CHARS}}}")

_END = re.compile(r"(?<=[.!?؟۔।॥])[\"'»”’)\]]*\s+(?=\S)|(?<=[。！？])")
_NUMBERED = re.compile(r"(?:^|\s)(?:\d+|\w)\.$")
"""An end that is none: "1." at the head of a line, or a letter that stands for a word."""
_PART = re.compile(rf".{{1,{SENTENCE_CHARS_MAX}}}(?=\s|$)|.{{{SENTENCE_CHARS_MAX}}}")


def normal(text: str) -> str:
    """The text without what is not heard: runs of blanks, and other spellings of the same letters."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def is_heard(text: str) -> bool:
    """Whether there is anything to say: a letter or a number."""
    return any(unicodedata.category(sign)[0] in "LN" for sign in text)


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order and in their normal form; together they are the whole of it."""
    found: list[str] = []
    is_open = False
    for piece in _pieces(normal(text)):
        if found and (is_open or not is_heard(piece)):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
        is_open = not is_heard(found[-1]) or bool(_NUMBERED.search(found[-1]))
    return [part.strip() for sentence in found for part in _PART.findall(sentence) if is_heard(sentence)]


def key(text: str, language: str) -> str:
    """The name of a sentence's sound: the same for the same words in the same language."""
    told = f"{language.lower()}\x1f{normal(text)}"
    return hashlib.sha256(told.encode()).hexdigest()[:KEY_CHARS]


def is_key(text: str) -> bool:
    """Whether a text can be a key."""
    return KEY.fullmatch(text) is not None


def letters(text: str) -> int:
    """How many signs a sentence has, blanks aside: by these a page finds it among its words.

    Counted as browsers count, which take a sign outside the first plane for two.
    """
    return len("".join(text.split()).encode("utf-16-le")) // 2


def _pieces(text: str) -> list[str]:
    ends = [match.end() for match in _END.finditer(text)]
    starts = [0, *ends]
    return [text[start:end].strip() for start, end in zip(starts, [*ends, len(text)], strict=True) if text[start:end]]
