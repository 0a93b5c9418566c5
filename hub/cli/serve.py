"""`mangrove serve`: web, background worker and announcement."""

from pathlib import Path

import click

from hub import config
from hub import serve as server
from hub.cli.options import home_option
from hub.node import Node, check_whole, open_node
from hub.supervisor import Supervisor
from hub.tide import own_key


@click.command()
@home_option
@click.option("--host", help="The address to listen on.")
@click.option("--port", type=int, help="Where the pages are (8080).")
@click.option("--content-port", type=int, help="Where packages run, apart from the pages (8081).")
@click.option("--workers", type=int, help="How many processes serve pages (1).")
@click.option("--no-announce", is_flag=True, help="Do not announce this hub on the local network.")
def serve(home: Path, no_announce: bool, **flags: object) -> None:
    """Serve the hub until it is told to stop."""
    check_whole(home)
    settings, supervisor = config.load(home, flags), Supervisor(*config.supervised())
    own_key.go_on(home, settings)

    def open_one() -> Node:
        return open_node(home, settings, still=supervisor.still)

    server.serve(open_one, settings, supervisor, announce=not no_announce)
