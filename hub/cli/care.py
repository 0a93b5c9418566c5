"""`mangrove backup`, `restore`, `rebuild` and `doctor`: taking care of a hub."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from hub import projections
from hub.care import backup as backups
from hub.care import doctor as doctors
from hub.care.restore import restore as bring_back
from hub.cli.options import home_option, json_option, opened, show
from hub.forgetting import people as forgetting

ACT = "Not all is well. Nothing was changed by looking; do what is said of it, and look once more."
MARKS = {doctors.GOOD: "good", doctors.NOTE: "note", doctors.BAD: "BAD "}


@click.command()
@home_option
@json_option
@click.option(
    "--to", type=click.Path(file_okay=False, path_type=Path), help="The folder to write to (backups in the home)."
)
@click.option("--with-content", is_flag=True, help="Take the packages on the shelf along.")
def backup(home: Path, as_json: bool, to: Path | None, with_content: bool) -> None:
    """Write the hub's records and settings into one file, while it runs. Keys are not in it."""
    with opened(home) as node:
        made = backups.make(node, to or home / "backups", with_content=with_content)
    result = {"file": str(made), "bytes": made.stat().st_size}
    show(
        result, as_json, words=f"The backup is {made}. It holds no keys; keep a copy of {home / 'keys'} apart from it."
    )


@click.command()
@home_option
@json_option
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace the records that stand in the home folder; they are kept beside.")
@click.option("--as-new-hub", is_flag=True, help="Go on under a new key, when the hub's own keys are lost.")
def restore(home: Path, as_json: bool, file: Path, force: bool, as_new_hub: bool) -> None:
    """Bring the records of a backup back into the home folder."""
    back = bring_back(home, file, force=force, as_new_hub=as_new_hub)
    with opened(home) as node:
        forgetting.again(node)
    missing = f" Not on the shelf yet: {', '.join(back.packages_missing)}." if back.packages_missing else ""
    words = f"{back.entries} entries are back in {home}.{missing} Start the hub with: mangrove serve"
    show(asdict(back), as_json, words=words)


@click.command()
@home_option
@json_option
def rebuild(home: Path, as_json: bool) -> None:
    """Make every table again from the journal. The fingerprint is the same before and after."""
    with opened(home) as node:
        count = node.writer.write(lambda: projections.rebuild(node.tables, node.journal.replay()), within_s=None)
        result = {"entries": count, "fingerprint": projections.fingerprint(node.tables)}
    show(result, as_json, words=f"The tables are made again from {count} entries: {result['fingerprint']}")


@click.command()
@home_option
@json_option
@click.option("--deep", is_flag=True, help="Read every file on the shelf too.")
def doctor(home: Path, as_json: bool, deep: bool) -> None:
    """Look at everything that can go wrong. Exit status 1 when somebody has to act."""
    checks = doctors.examine(home, deep=deep)
    is_well = doctors.is_well(checks)
    lines = [f"{MARKS[check.state]}  {check.name:9} {check.says}" for check in checks]
    show({"well": is_well, "checks": [asdict(check) for check in checks]}, as_json, words="\n".join(lines))
    if not is_well:
        click.echo(ACT, err=True)
        sys.exit(1)
