"""What a program writes of a lesson folder: `package.toml` and quiz files, in the spelling that the library reads.

The other direction of `formats.folder` and `quiz_file`: what is written here is read there as the same values. Names
of files and the text of lessons are the business of whoever writes.
"""

import json
from collections.abc import Iterable, Mapping

from content.package import Manifest
from content.question import Option, Quiz

_PAGE = (
    *("id", "work", "version", "title", "summary", "language", "licence", "author", "reviewed_by", "level"),
    *("audience", "cover", "sdg", "published", "keywords", "sound", "needs"),
)
"""Fields of a manifest that stand in `package.toml` by themselves, in their order there."""
_DELETE = "\x7f"
"""The one sign that TOML wants escaped and JSON does not."""


def page(manifest: Manifest) -> bytes:
    """The `package.toml` of a package; its files and remote addresses are found when it is installed."""
    lines = _table({name: getattr(manifest, name) for name in _PAGE})
    for name, tables in (("competency", manifest.competencies), ("item", manifest.items)):
        for each in tables:
            lines += ["", f"[[{name}]]", *_table(vars(each))]
    return _bytes(lines)


def quiz(made: Quiz) -> bytes:
    """The file of a quiz."""
    lines = [f"title = {_value(made.title)}"]
    for each in made.questions:
        lines += ["", "[[question]]", *_table(vars(each))]
    for draw in made.draws:
        lines += ["", "[[draw]]", *_table(vars(draw))]
    return _bytes(lines)


def _table(values: Mapping[str, object]) -> list[str]:
    """A line for each field that says something."""
    return [f"{name} = {_value(value)}" for name, value in values.items() if value not in ("", (), 0)]


def _value(value: object) -> str:
    """A value as TOML has it; a basic string is spelled as in JSON."""
    match value:
        case str():
            return json.dumps(value, ensure_ascii=False).replace(_DELETE, "\\u007f")
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case Option():
            return f"{{ {', '.join(_table(vars(value)))} }}"
        case tuple():
            return f"[{_joined(value)}]"
    raise TypeError(f"{type(value).__name__} has no spelling")


def _joined(values: Iterable[object]) -> str:
    return ", ".join(_value(each) for each in values)


def _bytes(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
