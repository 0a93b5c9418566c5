"""The documents keep up with the program."""

import re
from pathlib import Path
from typing import Any

import click
import pytest
from flask import Flask

from hub import config
from hub.cli import main
from hub.discovery import announcement
from hub.node import Node
from hub.people import attempts
from tests.fixtures.web import rules_of

ROOT = Path(__file__).parent.parent
LINK = re.compile(r"\]\(([^)#:]+)\)")
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
CONTEXT = click.Context(main)
COMMANDS = {name: command for name in main.list_commands(CONTEXT) if (command := main.get_command(CONTEXT, name))}


def _commands() -> list[str]:
    """Every command's last word, those of groups included."""
    names = []
    for name, command in COMMANDS.items():
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


def _options(command: click.Command) -> list[str]:
    """The long names of what a command, or one of a group's, may be told."""
    below = command.commands.values() if isinstance(command, click.Group) else ()
    own = [name for each in command.params for name in (*each.opts, *each.secondary_opts) if name.startswith("--")]
    return own + [name for each in below for name in _options(each)]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_in_some_page(name: str) -> None:
    """Nothing that a command takes is known to its --help alone."""
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [option for option in _options(COMMANDS[name]) if not re.search(rf"{option}(?![\w-])", text)] == []


def test_what_is_announced_is_in_the_manual(node: Node) -> None:
    """Whoever looks for hubs reads in docs/sync.md under which types, and what each key is called."""
    text = (ROOT / "docs" / "sync.md").read_text(encoding="utf-8")
    for info in announcement(node, addresses=("192.0.2.1",), name="Mbuyu"):
        assert [word for word in (info.type, *info.decoded_properties) if f"`{word}`" not in text] == []


def test_the_limits_of_trying_are_in_the_manual() -> None:
    """Tries for a person and from an address, and newcomers, by the numbers that hold."""
    text = " ".join((ROOT / "docs" / "operate.md").read_text(encoding="utf-8").split())
    tries = config.Settings().sign_in_tries
    assert (attempts.ADDRESS_TRIES, attempts.NEWCOMERS_MAX) == (6, 10)
    assert f"six times as often from one address ({tries} and {tries * attempts.ADDRESS_TRIES}); ten newcomers" in text


def _told(text: str) -> list[list[str]]:
    """The commands that a page tells somebody to type: the words after `mangrove`, up to what varies."""
    lines = re.findall(r"(?:^ {4}|`|/bin/)mangrove((?: [a-z]+)+)", text, re.MULTILINE)
    return [line.split() for line in lines]


def _is_command(words: list[str]) -> bool:
    command = COMMANDS.get(words[0])
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
    places = {"/" + rule.rule.split("/")[1] for rule in rules_of(app)}
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
