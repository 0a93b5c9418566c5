"""`mangrove forward`: send learning records on to an outside store, such as a ministry's."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from hub import sentences
from hub.cli.options import home_option, json_option, opened, show
from hub.errors import LineDropped
from hub.moments import moment_text
from hub.node import Node
from hub.out import destinations, sent
from hub.out import forward as forwarding
from hub.out.destinations import VERSIONS, Access, Destination
from hub.out.sharing import MADE_UP, PEOPLE_NAMED, STEP_MS, Sharing, names_in

SECRET_FILE_BYTES_MAX = 4_096
LISTS = ("verbs", "packages")


@click.group()
def forward() -> None:
    """Outside stores of learning records that this hub sends to. Nothing goes unless somebody adds one."""


@forward.command()
@home_option
@json_option
@click.argument("url")
@click.option("--key", "username", required=True, help="The key, or user name, that the outside store gave.")
@click.option("--secret-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Else it is asked.")
@click.option("--version", type=click.Choice(VERSIONS), default=VERSIONS[0], show_default=True, help="Of xAPI, there.")
@click.option("--name", default="", help="What it is called here.")
@click.option("--people", type=click.Choice(PEOPLE_NAMED), default=MADE_UP, show_default=True)
@click.option("--decision", default="", help="The decision by which the community agreed to --people account.")
@click.option("--times", type=click.Choice(list(STEP_MS)), default="day", show_default=True, help="Rounded down to.")
@click.option("--verb", "verbs", multiple=True, help="Only records with these verbs.")
@click.option("--package", "packages", multiple=True, help="Only records about these packages.")
@click.option("--unasked", is_flag=True, help="Also of people whom nobody has asked; never of who said no.")
@click.option("--past", is_flag=True, help="Also what was recorded before now.")
@click.option("--answers", is_flag=True, help="Also what people wrote.")
@click.option("--extensions", is_flag=True, help="Also extensions, which may hold anything.")
@click.option("--titles", is_flag=True, help="Also the titles of what was learned.")
@click.option("--tools", is_flag=True, help="Also the names that outside tools gave to activities and verbs.")
def add(home: Path, as_json: bool, url: str, secret_file: Path | None, **given: Any) -> None:
    """Add the store at URL, the address before /statements. Without more, as little goes there as can."""
    secret = _secret(secret_file)
    access = Access(url, given.pop("version"), given.pop("username"), secret)
    name = given.pop("name")
    rule = Sharing(**{**given, **{each: names_in(given[each]) for each in LISTS}})
    with opened(home) as node:
        made = destinations.add(node, name=name, access=access, sharing=rule)
    words = f"Records go to {made.name} ({made.id[:8]}) from now on. See what left with: mangrove forward list"
    show(_facts(made), as_json, words=words)


@forward.command("list")
@home_option
@json_option
def list_all(home: Path, as_json: bool) -> None:
    """Show every destination: how it stands, and how much went."""
    with opened(home) as node:
        found = [(each, sent.counts(node, each.id)) for each in destinations.destinations(node)]
        lists = [sent.refused(node, each.id) for each, _ in found]
    words = "\n".join(_line(each, counts) for each, counts in found) or "Nothing is sent on."
    facts = [
        {**_facts(each), "counts": counts, "not_taken": [asdict(row) for row in rows]}
        for (each, counts), rows in zip(found, lists, strict=True)
    ]
    show(facts, as_json, words=words)


@forward.command()
@home_option
@json_option
def now(home: Path, as_json: bool) -> None:
    """Send now to every destination that does not rest."""
    with opened(home) as node:
        reports = forwarding.now(node)
    counts = ("name", "sent", "known", "refused", "voided", "problem")
    result = [{name: getattr(each, name) for name in counts} for each in reports]
    problems = [each for each in reports if each.problem]
    if as_json or not problems:
        show(result, as_json, words="\n".join(map(forwarding.told_of, reports)))
    if problems:
        said = sentences.joined(*map(forwarding.told_of, problems))
        raise LineDropped(said.pattern, **said.facts)


@forward.command()
@home_option
@json_option
@click.argument("name")
def pause(home: Path, as_json: bool, name: str) -> None:
    """Let nothing more go to NAME until it is resumed."""
    _change(home, as_json, name, destinations.pause, "Nothing more goes to {name} until: mangrove forward resume")


@forward.command()
@home_option
@json_option
@click.argument("name")
def resume(home: Path, as_json: bool, name: str) -> None:
    """Go on sending to NAME where it stopped."""
    _change(home, as_json, name, destinations.resume, "Records go to {name} again.")


@forward.command("secret")
@home_option
@json_option
@click.argument("name")
@click.option("--secret-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Else it is asked.")
def replace(home: Path, as_json: bool, name: str, secret_file: Path | None) -> None:
    """Keep another secret for NAME, and go on if the old one had stopped it."""
    secret = _secret(secret_file)

    def keep(node: Node, found: str) -> Destination:
        return destinations.replace_secret(node, found, secret=secret)

    _change(home, as_json, name, keep, "The secret of {name} is kept.")


@forward.command()
@home_option
@json_option
@click.argument("name")
def remove(home: Path, as_json: bool, name: str) -> None:
    """Forget NAME and its secret. What went there stays there, and stays written down here."""
    _change(home, as_json, name, destinations.remove, "Nothing goes to {name} any more, and its secret is forgotten.")


def _change(home: Path, as_json: bool, name: str, change: Any, words: str) -> None:
    with opened(home) as node:
        found = change(node, destinations.named(node, name).id)
    show(_facts(found), as_json, words=words.format(name=found.name))


def _secret(file: Path | None) -> str:
    """The secret from a file, or asked for without showing it."""
    if file is None:
        return str(click.prompt("Secret", hide_input=True))
    with file.open("rb") as opened_file:
        raw = opened_file.read(SECRET_FILE_BYTES_MAX)
    return raw.decode(errors="surrogateescape")


def _facts(found: Destination) -> dict[str, Any]:
    """A destination as JSON gives it; no secret is in it, and no record."""
    facts = asdict(found)
    del facts["latest"]
    return facts


def _line(found: Destination, counts: dict[str, int]) -> str:
    last = moment_text(found.last_ms)[:16] if found.last_ms else "never"
    went = f"{counts[sent.SENT]} sent, {counts[sent.VOIDED]} taken back, {counts[sent.REFUSED]} not taken"
    head = f"{found.id[:8]}  {found.state}  {found.name}  {found.url}  {went}  last {last}"
    return f"{head}\n          {found.problem}" if found.problem else head
