"""`mangrove people`: bring lists of people in, write them out, look at them."""

from dataclasses import asdict
from pathlib import Path

import click

from hub import handout
from hub.acts import COMMAND, By
from hub.cli.options import home_option, json_option, opened, show
from hub.forgetting import backups
from hub.forgetting import people as forgetting
from hub.people import roster
from hub.people.lists import giving, opening, planning, taking
from hub.tide import erased, report


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
        taken = planning.plan(node, intake).taken if dry_run else taking.take(node, intake, by=By(COMMAND))
    verb = "Would take" if dry_run else "Took"
    words = (
        f"{verb} in {_counted(taken.people_new, 'new person', 'new people')} and"
        f" {_counted(taken.circles_new, 'new circle', 'new circles')};"
        f" {_counted(taken.people_changed, 'person differs', 'people differ')},"
        f" {_counted(taken.people_same, 'stays as it is', 'stay as they are')}."
    )
    if taken.people_forgotten:
        words += f" {_counted(taken.people_forgotten, 'was', 'were')} forgotten here and left out."
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


@people.command()
@home_option
@json_option
@click.option(
    "--wish", type=click.Choice(forgetting.WISHES), default=forgetting.COMMUNITY, help="Who wants it; nobody is named."
)
@click.argument("person")
def forget(home: Path, as_json: bool, wish: str, person: str) -> None:
    """Forget the person with the id PERSON for good, here and wherever copies went. It cannot be taken back."""
    with opened(home) as node:
        made = forgetting.forget(node, person=person, wish=wish, by=By(COMMAND))
        forgetting.clean_now(node)
        shown = next(each for each in erased.erasures(node) if each.id == made.erasure)
        old = [each.name for each in backups.old(node)]
    held = f" These copies from before still hold them: {', '.join(old)}." if old else ""
    words = f"{shown.entries} entries: {_where(shown)}{held}"
    show({**asdict(made), "done": shown.done, "old_backups": old}, as_json, words=words)


@people.command()
@home_option
@json_option
def forgotten(home: Path, as_json: bool) -> None:
    """Say at how many places everybody who was forgotten is erased, and where not yet. Nobody is named."""
    with opened(home) as node:
        found = erased.erasures(node)
    words = [f"{report.clock_time(each.made_ms)}, {each.wish}: {_where(each)}" for each in found]
    listed = [{**asdict(each), "done": each.done} for each in found]
    show(listed, as_json, words="\n".join(words) or "Nobody was forgotten here.")


def _where(shown: erased.Erasure) -> str:
    """At how many places, and which are missing."""
    own = [] if shown.is_clean else ["the disk of this hub"]
    missing = ", ".join([*own, *(each.name for each in shown.lacking)])
    return f"erased at {shown.done} of {shown.places} places.{f' Not shown yet: {missing}.' if missing else ''}"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
