"""The documents keep up with the program."""

import re
from pathlib import Path
from typing import Any

import click
import pytest
from flask import Flask

from hub import config
from hub.cli import main

ROOT = Path(__file__).parent.parent
LINK = re.compile(r"\]\(([^)#:]+)\)")
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]


def _commands() -> list[str]:
    """Every command's last word, those of groups included."""
    names = []
    for name, command in main.commands.items():
        names += list(command.commands) if isinstance(command, click.Group) else [name]
    return names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_leads_to_what_is_there(page: Path) -> None:
    """Links between documents lead to files."""
    text = page.read_text(encoding="utf-8")
    assert [link for link in LINK.findall(text) if not (page.parent / link).exists()] == []


def test_every_command_is_in_the_manual() -> None:
    """`docs/operate.md` names every command."""
    text = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    assert [name for name in _commands() if not re.search(rf"`[a-z ]*\b{name}`", text)] == []


def _told(text: str) -> list[list[str]]:
    """The commands that a page tells somebody to type: the words after `mangrove`, up to what varies."""
    lines = re.findall(r"(?:^ {4}|`|/bin/)mangrove((?: [a-z]+)+)", text, re.MULTILINE)
    return [line.split() for line in lines]


def _is_command(words: list[str]) -> bool:
    command = main.commands.get(words[0])
    if isinstance(command, click.Group):
        return len(words) == 1 or words[1] in command.commands
    return command is not None


@pytest.mark.parametrize("page", [*PAGES, *ROOT.glob("deploy/**/*.md")], ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_tells_nobody_to_type_what_is_not_there(page: Path) -> None:
    """Every `mangrove …` is a command and every `make …` a target."""
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [words for words in _told(text) if not _is_command(words)] == []
    assert [word for word in re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE) if word not in targets] == []


def test_every_place_is_in_the_manual(app: Flask) -> None:
    """The first part of every page's address is named in some document."""
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    places = {"/" + rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    assert sorted(place for place in places if f"{place}/" not in text and f"{place}`" not in text) == []


def _row(setting: dict[str, Any]) -> str:
    """A setting as the manual's table has it: its default in the words of the file, and what it can be."""
    default = setting["default"] if setting["unit"] != "yes or no" else ("no", "yes")[setting["default"]]
    can_be = f"{setting['low']} to {setting['high']}" if setting["low"] is not None else " or ".join(setting["choices"])
    told = f"{setting['help']} ({can_be})" if can_be else setting["help"]
    return f"| `{setting['name']}` | {default} | {setting['unit']} | {told} |"


def test_every_setting_is_in_the_manual() -> None:
    """`docs/settings.md` lists exactly the settings there are, each with its default, unit, words and limits."""
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `.*$", text, re.MULTILINE) == [_row(setting) for setting in config.rows()]


def test_decisions_are_numbered_once() -> None:
    """Each decision has a number of its own, in its name and in its title."""
    notes = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(note.name[:4]) for note in notes]
    titles = [int(note.read_text(encoding="utf-8").split()[1].rstrip(".")) for note in notes]
    assert numbers == titles
    assert len(set(numbers)) == len(numbers)
