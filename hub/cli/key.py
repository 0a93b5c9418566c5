"""`mangrove key`: credentials for outside tools."""

from dataclasses import asdict
from pathlib import Path

import click

from hub import keys
from hub.cli.options import home_option, json_option, opened, show
from hub.moments import moment_text


@click.group()
def key() -> None:
    """Keys with which outside tools send and read learning records."""


@key.command()
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, required=True, metavar="S", help=f"One or more of {', '.join(keys.SCOPES)}."
)
@home_option
@json_option
def add(name: str, scopes: tuple[str, ...], home: Path, as_json: bool) -> None:
    """Make a key called NAME. Its secret is shown this once."""
    with opened(home) as node:
        shown, secret = keys.add(node, name=name, scopes=scopes)
    words = f"key     {shown.id}\nsecret  {secret}\nWrite the secret down now: it is not shown again."
    show({"key": shown.id, "secret": secret}, as_json, words=words)


@key.command("list")
@home_option
@json_option
def list_keys(home: Path, as_json: bool) -> None:
    """Show all keys, those taken back included."""
    with opened(home) as node:
        found = keys.keys(node)
    lines = [
        f"{each.id}  {'taken back' if each.is_revoked else ' '.join(each.scopes)}  {moment_text(each.made_ms)[:10]}"
        f"  {each.name}"
        for each in found
    ]
    show([asdict(each) for each in found], as_json, words="\n".join(lines) or "There is no key yet.")


@key.command()
@click.argument("key_id", metavar="ID")
@home_option
@json_option
def revoke(key_id: str, home: Path, as_json: bool) -> None:
    """Take the key ID back for good."""
    with opened(home) as node:
        shown = keys.revoke(node, key_id)
    show(asdict(shown), as_json, words=f"The key of {shown.name} opens nothing any more.")
