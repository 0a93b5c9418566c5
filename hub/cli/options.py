"""What commands share: the home folder, opening its node, and printing results."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from hub import config
from hub.node import Node, open_node
from hub.tide import own_key

F = TypeVar("F", bound=Callable[..., Any])


def home_option(command: F) -> F:
    """Add `--home DIR`, handed on as a Path."""
    return click.option(
        "--home",
        type=click.Path(file_okay=False, path_type=Path),
        default=lambda: config.default_home(os.environ),
        help="The hub's home folder; MANGROVE_HOME names it too.",
    )(command)


def json_option(command: F) -> F:
    """Add `--json`, handed on as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(command)


def text_only(_context: click.Context, _option: click.Parameter, words: str | None) -> str | None:
    """Words that can be kept and shown: a shell hands on bytes that are not UTF-8 as signs that no file takes."""
    try:
        (words or "").encode()
    except UnicodeEncodeError:
        raise click.BadParameter("this is not text in UTF-8. Nothing was changed; type it once more.") from None
    return words


@contextmanager
def opened(home: Path, **flags: object) -> Iterator[Node]:
    """The node in `home`, closed at the end. Raises what `config.load` and `open_node` raise.

    A key of its own that was prepared is taken first, unless the hub is running.
    """
    settings = config.load(home, flags)
    own_key.go_on(home, settings)
    node = open_node(home, settings)
    try:
        yield node
    finally:
        node.close()


def show(result: Any, as_json: bool, *, words: str) -> None:
    """Print a result: as JSON for programs, in words for people."""
    click.echo(json.dumps(result, ensure_ascii=False, indent=2) if as_json else words)
