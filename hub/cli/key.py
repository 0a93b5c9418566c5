"""`mangrove key`: credentials for outside tools."""

from dataclasses import asdict
from pathlib import Path

import click

from hub import keys
from hub.cli.options import home_option, json_option, opened, show
from hub.keys import KeyShown
from hub.moments import moment_text
from hub.xapi import senders


@click.group()
def key() -> None:
    """Keys with which outside tools send and read learning records."""


@key.command()
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, required=True, metavar="S", help=f"One or more of {', '.join(keys.SCOPES)}."
)
@click.option("--until", default="", metavar="DATE", help="The last day on which it is good, such as 2027-01-31 (UTC).")
@home_option
@json_option
def add(name: str, scopes: tuple[str, ...], until: str, home: Path, as_json: bool) -> None:
    """Make a key called NAME. Its secret is shown this once."""
    with opened(home) as node:
        shown, secret = keys.add(node, name=name, scopes=scopes, until=until)
    words = f"key     {shown.id}\nsecret  {secret}\nWrite the secret down now: it is not shown again."
    show({"key": shown.id, "secret": secret}, as_json, words=words)


@key.command("list")
@home_option
@json_option
def list_keys(home: Path, as_json: bool) -> None:
    """Show all keys, those taken back included, with their last day, their last use and what they wrote."""
    with opened(home) as node:
        now_ms = node.clock.now_ms()
        found = [(each, senders.wrote(node, each)) for each in keys.keys(node)]
    rows = [{**asdict(each), "last_day": each.last_day, "wrote": wrote} for each, wrote in found]
    lines = [_line(each, wrote, now_ms) for each, wrote in found]
    show(rows, as_json, words="\n".join(lines) or "There is no key yet.")


def _line(key: KeyShown, wrote: int, now_ms: int) -> str:
    """A key in a line."""
    over = "taken back" if key.is_revoked else "its time is over" if key.has_ended(now_ms) else ""
    used = f"used {moment_text(key.used_ms)[:10]}" if key.used_ms else "not used yet"
    until = f"until {key.last_day}" if key.last_day else "no end"
    facts = (over or " ".join(key.scopes), f"made {moment_text(key.made_ms)[:10]}", until, used, f"wrote {wrote}")
    return "  ".join((key.id, *facts, key.name))


@key.command()
@click.argument("key_id", metavar="ID")
@home_option
@json_option
def revoke(key_id: str, home: Path, as_json: bool) -> None:
    """Take the key ID back for good."""
    with opened(home) as node:
        shown = keys.revoke(node, key_id)
    show(asdict(shown), as_json, words=f"The key of {shown.name} opens nothing any more.")
