"""`mangrove outcomes export`: what may leave, with small counts hidden."""

from pathlib import Path

import click

from hub import outcomes as counts
from hub.cli.options import home_option, json_option, opened, show


@click.group()
def outcomes() -> None:
    """What was learned here, for all together."""


@outcomes.command()
@home_option
@json_option
@click.option("--format", "form", type=click.Choice(["csv", "xapi", "parquet"]), required=True)
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write.")
def export(home: Path, as_json: bool, form: str, to: Path) -> None:
    """Write the counts of the last whole period; those of fewer than ten people are hidden."""
    with opened(home) as node:
        shown = counts.export(node, form=form, to=to)
    show({"file": str(to), "counts": shown}, as_json, words=f"{shown} counts are in {to}; small ones are hidden.")
