"""`mangrove region`: where a region keeps the record, and moving parts of it to other servers."""

from dataclasses import asdict
from pathlib import Path

import click

from hub.cli.options import home_option, json_option, opened, show
from hub.tide import parts as keeping
from hub.tide.parts import Part


@click.group()
def region() -> None:
    """The records of a large region on several servers."""


@region.command()
@home_option
@json_option
def parts(home: Path, as_json: bool) -> None:
    """List the parts of the record, where each is, and how many hubs are in it."""
    with opened(home) as node:
        found = keeping.parts(node)
    show(
        [asdict(part) for part in found],
        as_json,
        words="\n".join(map(_line, found)) or "The record is in one piece here.",
    )


@region.command()
@home_option
@json_option
@click.argument("numbers", metavar="PART...", nargs=-1, required=True, type=int)
@click.option("--to", "to", default="", metavar="ADDRESS", help="postgresql://USER@HOST/DATABASE, empty there.")
@click.option("--home-again", is_flag=True, help="Bring the parts back into the region's own database.")
def move(numbers: tuple[int, ...], to: str, home_again: bool, home: Path, as_json: bool) -> None:
    """Move each PART (a number) of the record to another PostgreSQL server, or home again."""
    if bool(to) == home_again:
        raise click.UsageError("Say where with --to ADDRESS, or --home-again.")
    with opened(home) as node:
        moved = keeping.move(node, numbers=numbers, to=to)
    show([asdict(part) for part in moved], as_json, words="\n".join(map(_line, moved)))


def _line(part: Part) -> str:
    """A part in a line."""
    where = part.server or ("here, with this hub's own records" if part.is_home else "here")
    return f"{part.number:3}  {part.hubs:5} hubs  {part.streams:5} streams  {where}"
