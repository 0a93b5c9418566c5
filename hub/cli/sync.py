"""`mangrove sync`: join a region or a neighbour, exchange with it, and see what leaves."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from hub.cli.options import home_option, json_option, opened, show
from hub.errors import BundleRefused, LineDropped
from hub.node import Node
from hub.tide import join as joining
from hub.tide import peers, policy, publish, report, run, stick_in, stick_out


@click.group()
def sync() -> None:
    """The tide: what goes to the region and comes from it."""


@sync.command()
@home_option
@json_option
def invite(home: Path, as_json: bool) -> None:
    """Print a code with which one hub can join this one."""
    with opened(home) as node:
        made = joining.invite(node)
    until = report.clock_time(made.ends_ms)
    words = f"The code is {made.code}. It is good for one hub, until {until}. There: mangrove sync join URL --code CODE"
    show({"code": made.code, "ends_ms": made.ends_ms}, as_json, words=words)


@sync.command()
@home_option
@json_option
@click.argument("url")
@click.option("--code", required=True, help="The ten letters that the other hub printed.")
def join(home: Path, as_json: bool, url: str, code: str) -> None:
    """Join the hub at URL with its code."""
    with opened(home) as node:
        peer = joining.join(node, url=url, code=code)
    words = f"This hub has joined {peer.name}. Send what is ready with: mangrove sync now"
    show({"hub": peer.hub, "name": peer.name, "url": peer.url}, as_json, words=words)


@sync.command()
@home_option
@json_option
@click.option("--with", "url", help="Only with the hub at this address.")
def now(home: Path, as_json: bool, url: str | None) -> None:
    """Exchange now with every hub that this one has joined."""
    with opened(home) as node:
        tides = [run.sync_with(node, url=url)] if url else run.sync_all(node)
    total: dict[str, Any] = {name: sum(getattr(tide, name) for tide in tides) for name in report.COUNTS}
    total["agreed"] = all(tide.agreed for tide in tides)
    problems = [report.told(tide) for tide in tides if tide.problem]
    if as_json or not problems:
        show(total, as_json, words="\n".join(report.told(tide) for tide in tides))
    if problems:
        sentences = "\n".join(problems)
        raise LineDropped(sentences)


@sync.command()
@home_option
@json_option
def status(home: Path, as_json: bool) -> None:
    """Say how the last tide went and when the next one goes."""
    with opened(home) as node:
        states = report.states(node)
        words = "\n".join(report.words(state) for state in states) or report.no_peer()
    show([state.as_dict() for state in states], as_json, words=words)


@sync.command()
@home_option
@json_option
@click.option("--audience", type=click.Choice(policy.AUDIENCES), help="Only what goes to this audience.")
def outbox(home: Path, as_json: bool, audience: str | None) -> None:
    """Print what has left and what would leave next, as it leaves: one line for each record."""
    with opened(home) as node:
        lines = _as_list(_copies(node, audience)) if as_json else map(_line, _copies(node, audience))
        for line in lines:
            click.echo(line)


@sync.command(name="export")
@home_option
@json_option
@click.option("--for", "hub", required=True, help="The hub that is to get it: its name, its id, or the front of that.")
@click.option("--to", "file", required=True, type=click.Path(path_type=Path), help="The file to write, or a folder.")
def export_file(home: Path, as_json: bool, hub: str, file: Path) -> None:
    """Write what a hub is to get into a file that only it can read, to be carried there."""
    with opened(home) as node:
        made = stick_out.export(node, hub=hub, to=file)
    listed = [str(each) for each in made.files]
    words = f"{made.records} records for {made.name} are in {', '.join(listed)}. There: mangrove sync import FILE"
    counts = {"parts": made.parts, "records": made.records, "carried": made.carried, "bytes": made.size_bytes}
    show({"hub": made.hub, "name": made.name, "files": listed, **counts}, as_json, words=words)


@sync.command(name="import")
@home_option
@json_option
@click.argument("file", type=click.Path(path_type=Path))
def import_file(home: Path, as_json: bool, file: Path) -> None:
    """Take in what another hub wrote into a file, or all such files in a folder."""
    with opened(home) as node:
        made = stick_in.take_in(node, file)
        words = str(stick_in.told(made))
    if as_json or not made.problems:
        show(made.as_dict(), as_json, words=words)
    if made.problems:
        raise BundleRefused(words)


Leaving = tuple[str, str, publish.Copy]
"""An audience, whether the copy has left, waits, or would leave if a hub were joined; and the copy."""


def _copies(node: Node, audience: str | None) -> Iterator[Leaving]:
    """What has left and what comes next, for one audience or for all."""
    sent = peers.audiences(node)
    for name in (audience,) if audience else policy.AUDIENCES:
        next_ones = "waiting" if name in sent else "would leave"
        for state, copies in (("left", publish.left(node, name)), (next_ones, publish.waiting(node, name))):
            for copy in copies:
                yield name, state, copy


def _line(leaving: Leaving) -> str:
    """One copy for people: the very bytes that go."""
    audience, state, copy = leaving
    return f"{audience}  {state}  {copy.kind}  {copy.payload.decode()}"


def _as_list(leaving: Iterable[Leaving]) -> Iterator[str]:
    """All copies as one JSON list, a line for each, however many they are."""
    before = "["
    for audience, state, copy in leaving:
        said = {"audience": audience, "state": state, "kind": copy.kind, "at_ms": copy.at_ms}
        yield before + json.dumps({**said, "payload": json.loads(copy.payload)}, ensure_ascii=False)
        before = ","
    yield "]" if before == "," else "[]"
