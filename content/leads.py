"""What a lesson of a course leads to: links to other works that stand alone in a paragraph, each with what is said
before it. Pure; whether a work is here is for the hub to say.
"""

from dataclasses import dataclass

from content.lesson import alone


@dataclass(frozen=True)
class Lead:
    """One link to a work: `before` is the Markdown since the last one, `words` what the link says, `target` a package,
    or a package and an item parted by "/"."""

    before: str
    words: str
    target: str

    @property
    def package(self) -> str:
        """The package it leads to."""
        return self.target.partition("/")[0]

    @property
    def item(self) -> str:
        """The item it leads to, "" for the work as a whole."""
        return self.target.partition("/")[2]


@dataclass(frozen=True)
class Led:
    """A lesson parted by where it leads; `after` is the Markdown behind the last link."""

    leads: tuple[Lead, ...]
    after: str


def parted(text: str) -> Led:
    """A lesson parted by the links that stand alone."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    lines, found, start = plain.split("\n"), [], 0
    for first, behind, words, target in alone(plain):
        found.append(Lead("\n".join(lines[start:first]), words, target))
        start = behind
    return Led(tuple(found), "\n".join(lines[start:]))
