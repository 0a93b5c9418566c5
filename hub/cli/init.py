"""`mangrove init`: make the home folder, keys and database; safe to repeat."""

from pathlib import Path

import click

from hub import first_boot
from hub.cli.options import home_option, json_option, opened, show
from hub.demo import seed


@click.command()
@home_option
@json_option
@click.option("--name", help="What people call this hub.")
@click.option("--admin", help="The name of the person who looks after it.")
@click.option("--secret", help="That person's PIN (six digits) or passphrase.")
@click.option("--role", type=click.Choice(["community", "region"]), help="What this hub is.")
@click.option("--database", help="A postgresql:// address instead of a file in the home folder.")
@click.option("--demo", is_flag=True, help="Fill it with the demo community.")
def init(home: Path, as_json: bool, demo: bool, admin: str | None, secret: str | None, **choices: str | None) -> None:
    """Make a hub in the home folder. Run it again to change its name or its keeper's secret."""
    if (admin is None) != (secret is None):
        raise click.UsageError("--admin and --secret go together.")
    first_boot.lay_home(home, {name: value for name, value in choices.items() if value})
    with opened(home) as node:
        if node.settings.role == "community":
            first_boot.fill_shelf(node)
        if demo:
            seed.fill(node, name=choices["name"] or "")
        elif choices["name"] or admin:
            first_boot.name_hub(node, node.settings.name)
        if admin and secret:
            first_boot.add_keeper(node, name=admin, secret=secret)
        result = {"home": str(home), "hub": node.identity.hub_id, "role": node.settings.role, "demo": demo}
    show(result, as_json, words=f"The hub is ready in {home}. Start it with: mangrove serve")
