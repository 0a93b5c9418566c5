"""The command `mangrove`: one group, one module for each set of commands, each command calls one function.

Every command knows `--home`; commands that print a result know `--json`. A mistake is one sentence on standard
error and exit status 1; wrong usage is exit status 2.
"""

import sys
from importlib import import_module
from typing import Any

import click

from content.errors import ContentError
from hub.errors import HubError
from sync.errors import SyncError

MODULES = {
    **{
        name: name
        for name in ("init", "serve", "content", "sync", "key", "people", "outcomes", "statements", "forward", "region")
    },
    **dict.fromkeys(("backup", "restore", "rebuild", "doctor"), "care"),
}
"""Command → its module, which is loaded when the command is given: a hub that serves keeps the room of the others."""


class Sentences(click.Group):
    """A group whose commands end with one sentence, never with a trace, when something is wrong."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in MODULES:
            return None
        found = getattr(import_module(f"{__name__}.{MODULES[cmd_name]}"), cmd_name)
        assert isinstance(found, click.Command)
        return found

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command; see click.Group.main."""
        try:
            return super().main(*args, **kwargs)
        except (HubError, ContentError, SyncError) as mistake:
            words = str(mistake)
        except OSError as mistake:
            words = _unreadable(mistake)
        except UnicodeError:
            words = "What was typed has a sign in it that is no text. The hub is as it was; type it once more."
        click.echo(words, err=True)
        sys.exit(1)


def _unreadable(mistake: OSError) -> str:
    """The last net under commands: a file that nobody below had a sentence for."""
    return (
        f"{mistake.filename or 'A file'} cannot be read or written by the hub ({mistake.strerror or mistake})."
        " What was saved is safe; look at who may use it, and whether there is room on the disk."
    )


@click.group(cls=Sentences, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mangrove-hub", prog_name="mangrove")
def main() -> None:
    """Mangrove: a learning hub for a community, with or without the internet."""
