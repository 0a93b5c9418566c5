"""`mangrove init`: make the home folder, keys and database; safe to repeat."""

from pathlib import Path

import click

from content.errors import ContentError
from hub import config, first_boot
from hub.cli.options import home_option, json_option, opened, show, text_only
from hub.demo import marks, seed
from hub.errors import NotAllowed, StorageFull
from hub.node import Node


@click.command()
@home_option
@json_option
@click.option("--name", callback=text_only, help="What people call this hub.")
@click.option("--admin", callback=text_only, help="The name of the person who looks after it.")
@click.option("--secret", callback=text_only, help="That person's PIN (six digits) or passphrase.")
@click.option("--role", type=click.Choice(["community", "region"]), help="What this hub is; it stays so.")
@click.option("--database", callback=text_only, help="A postgresql:// address instead of a file in the home folder.")
@click.option("--demo", is_flag=True, help="Fill it with the demo community, unless somebody lives there or did.")
def init(home: Path, as_json: bool, demo: bool, admin: str | None, secret: str | None, **choices: str | None) -> None:
    """Make a hub in the home folder. Run it again to change its name or its keeper's secret."""
    if (admin is None) != (secret is None):
        raise click.UsageError("--admin and --secret go together.")
    given = {name: value for name, value in choices.items() if value is not None}
    name = given.get("name", "")
    first_boot.check_words(name=given.get("name"), keeper=admin, secret=secret)
    first_boot.lay_home(home, given)
    with opened(home, **given) as node:
        first_boot.check_role(node)
        if demo:
            _fill_demo(node, name)
        first_boot.settle(node, name=name, keeper=admin or "", secret=secret or "")
        config.keep(home, given)
        if not demo:
            _fill_shelf(node)
        is_demo, role = marks.is_demo(node), node.settings.role
        result = {"home": str(home), "hub": node.identity.hub_id, "role": role, "demo": is_demo}
    show(result, as_json, words=f"The hub is ready in {home}. Start it with: mangrove serve")


def _fill_demo(node: Node, name: str) -> None:
    """The demo needs its library first; where it may not be, the hub stays as it is and somebody is told."""
    _fill_shelf(node)
    try:
        seed.fill(node, name=name)
    except NotAllowed as mistake:
        click.echo(str(mistake), err=True)


def _fill_shelf(node: Node) -> None:
    """A hub without some of its lessons is a hub; what is missing comes when this is said again."""
    if node.settings.role != "community":
        return
    try:
        first_boot.fill_shelf(node)
    except (ContentError, StorageFull, OSError) as mistake:
        click.echo(f"Not all of the starter library is on the shelf; the hub is ready without. {mistake}", err=True)
