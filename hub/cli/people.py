"""`mangrove people`: bring lists of people in, write them out, look at them."""

from dataclasses import asdict
from pathlib import Path

import click

from hub import handout
from hub.cli.options import home_option, json_option, opened, show
from hub.people import roster
from hub.people.lists import giving, opening, planning, taking


@click.group()
def people() -> None:
    """People: lists in and out."""


@people.command("import")
@home_option
@json_option
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.argument("file", type=click.Path(path_type=Path))
def bring_in(home: Path, as_json: bool, dry_run: bool, file: Path) -> None:
    """Bring in FILE: a plain CSV, or OneRoster 1.2 CSV as zip, folder or users.csv. Safe to repeat."""
    intake = opening.open_path(file)
    with opened(home) as node:
        taken = planning.plan(node, intake).taken if dry_run else taking.take(node, intake)
    verb = "Would take" if dry_run else "Took"
    words = (
        f"{verb} in {_counted(taken.people_new, 'new person', 'new people')} and"
        f" {_counted(taken.circles_new, 'new circle', 'new circles')};"
        f" {_counted(taken.people_changed, 'person differs', 'people differ')},"
        f" {_counted(taken.people_same, 'stays as it is', 'stay as they are')}."
    )
    show({"dry_run": dry_run, **asdict(taken)}, as_json, words=words)


@people.command("export")
@home_option
@json_option
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="A file; standard output when not said.")
def write_out(home: Path, as_json: bool, to: Path | None) -> None:
    """Write everybody out as a CSV that can be brought in again. It holds no secrets."""
    with opened(home) as node:
        rows, text = giving.rows(node), giving.as_csv(node)
    if to is not None:
        handout.write(to, text)
        show({"file": str(to), "people": len(rows)}, as_json, words=f"{len(rows)} people are in {to}.")
    elif as_json:
        show(rows, as_json, words="")
    else:
        click.echo(text, nl=False)


@people.command("list")
@home_option
@json_option
@click.option("--role", type=click.Choice(roster.ROLES), help="Only people with this role.")
def show_all(home: Path, as_json: bool, role: str | None) -> None:
    """Everybody who is here, by name."""
    with opened(home) as node:
        found = roster.people(node, role=role or "")
    result = [
        {
            "id": each.id,
            "name": each.name,
            "picture": each.picture,
            "roles": sorted(each.roles),
            "birth_year": each.birth_year,
        }
        for each in found
    ]
    words = "\n".join(f"{each.name}  ({', '.join(sorted(each.roles))})" for each in found)
    show(result, as_json, words=words or "Nobody is here yet.")


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
