"""`mangrove content …`: collections of our own for other hubs, and those of other hubs for us."""

from pathlib import Path
from typing import Any

import click

from hub.cli.options import home_option, json_option, opened, show, text_only
from hub.cli.sizes import size_words
from hub.collections import fetch as fetching
from hub.collections import offers, own, subscriptions
from hub.node import Node


@click.command()
@click.argument("title", callback=text_only)
@click.argument("packages", nargs=-1, required=True, metavar="ID...")
@click.option("--collection", default="", help="Change this one instead of making another.")
@click.option("--about", default="", callback=text_only, help="What it says of itself.")
@home_option
@json_option
def collect(home: Path, as_json: bool, title: str, packages: tuple[str, ...], **given: str) -> None:
    """Make a collection of packages, in this order, and offer it to hubs that exchange with this one."""
    about, collection = given["about"], given["collection"]
    with opened(home) as node:
        if collection:
            made = own.change(node, collection, title=title, summary=about, packages=packages)
        else:
            made = own.make(node, title=title, summary=about, packages=packages)
        made = own.publish(node, made.id)
    words = f"{made.title} ({made.id}) is offered as version {made.version}, with {len(made.packages)} packages."
    show(_own(made), as_json, words=words)


@click.command()
@home_option
@json_option
def collections(home: Path, as_json: bool) -> None:
    """List the collections of this hub."""
    with opened(home) as node:
        found = own.collections(node)
    lines = [f"{each.id}  version {each.version}  {each.title}" for each in found]
    show([_own(each) for each in found], as_json, words="\n".join(lines) or "There is no collection here yet.")


@click.command()
@home_option
@json_option
def offered(home: Path, as_json: bool) -> None:
    """Ask the hubs that this one has joined what they offer, and list it with what would travel."""
    with opened(home) as node:
        said = fetching.look(node)
        rows = [_offered(node, each) for each in offers.offered(node)]
    lines = [_offered_words(row) for row in rows]
    show(rows, as_json, words="\n".join([*lines, said]))


@click.command()
@click.argument("collection", metavar="ID")
@click.option("--package", "packages", multiple=True, help="Only this package of it; may be said again.")
@click.option("--priority", type=click.IntRange(1, 3), default=2, show_default=True, help="1 is fetched first.")
@click.option("--night/--any-hour", "is_night", default=False, help="Fetch it at night only.")
@home_option
@json_option
def subscribe(home: Path, as_json: bool, collection: str, packages: tuple[str, ...], **how: Any) -> None:
    """Take a collection that is offered, now and whenever its publisher changes it."""
    with opened(home) as node:
        taken = subscriptions.subscribe(node, collection, chosen=packages, **how)
        row = _taken(node, taken)
    words = f"{row['title']} is taken from now on: at most {size_words(row['missing_bytes'])} are to come."
    show(row, as_json, words=f"{words} The hub fetches them by itself, or: mangrove content fetch")


@click.command("subscriptions")
@home_option
@json_option
def subscriptions_(home: Path, as_json: bool) -> None:
    """List the collections that this hub takes, and what of them is still to come."""
    with opened(home) as node:
        rows = [_taken(node, each) for each in subscriptions.subscriptions(node)]
    lines = [
        f"{row['id']}  {row['title']}: {len(row['coming'])} packages to come, at most"
        f" {size_words(row['missing_bytes'])}. {row['problem']}".rstrip()
        for row in rows
    ]
    show(rows, as_json, words="\n".join(lines) or "This hub takes no collection yet.")


@click.command()
@click.argument("collection", metavar="[ID]", default="")
@home_option
@json_option
def fetch(home: Path, as_json: bool, collection: str) -> None:
    """Fetch now what is to come of one collection, or of all; what came is kept when the line drops."""
    with opened(home) as node:
        fetching.look(node)
        for each in subscriptions.subscriptions(node):
            if collection in ("", each.id):
                subscriptions.ask_now(node, each.id)
        said = fetching.fetch(node, only=collection)
        rows = [_taken(node, each) for each in subscriptions.subscriptions(node)]
    show({"said": said, "subscriptions": rows}, as_json, words=said)


@click.command()
@click.argument("collection", metavar="ID")
@home_option
@json_option
def unsubscribe(home: Path, as_json: bool, collection: str) -> None:
    """Take a collection no longer; what came of it stays on the shelf."""
    with opened(home) as node:
        subscriptions.leave(node, collection)
    words = "The collection is not taken any more. What came of it stays on the shelf."
    show({"id": collection}, as_json, words=words)


COMMANDS = (collect, collections, offered, subscribe, subscriptions_, fetch, unsubscribe)


def _own(each: own.Own) -> dict[str, Any]:
    return {"id": each.id, "title": each.title, "version": each.version, "packages": list(each.packages)}


def _offered(node: Node, each: offers.Offered) -> dict[str, Any]:
    found = each.collection
    missing = sum(row.missing_bytes for row in subscriptions.stands(node, found, None))
    return {
        "id": found.id,
        "title": found.title,
        "publisher": found.publisher,
        "version": found.version,
        "languages": list(found.languages),
        "packages": [row.id for row in found.packages],
        "size_bytes": found.size_bytes,
        "missing_bytes": missing,
        "seconds": subscriptions.seconds(node, missing),
        "is_taken": subscriptions.subscription(node, found.id) is not None,
    }


def _offered_words(row: dict[str, Any]) -> str:
    time = f", about {row['seconds']} s" if row["seconds"] else ""
    size = f"{size_words(row['size_bytes'])}, of which at most {size_words(row['missing_bytes'])} would travel{time}"
    return f"{row['id']}  {row['title']} (version {row['version']}, {', '.join(row['languages'])}): {size}"


def _taken(node: Node, taken: subscriptions.Subscription) -> dict[str, Any]:
    standing = subscriptions.stands(node, taken.collection, taken)
    return {
        "id": taken.id,
        "title": taken.collection.title,
        "publisher": taken.collection.publisher,
        "version": taken.collection.version,
        "coming": [each.id for each in subscriptions.wanted(node, taken)],
        "missing_bytes": sum(each.missing_bytes for each in standing if each.is_chosen),
        "dropped": list(taken.dropped),
        "is_paused": taken.is_paused,
        "problem": str(taken.problem),
    }
