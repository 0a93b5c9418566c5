"""`mangrove sync`: join a region or a neighbour, exchange with it, and see what leaves."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from hub import after_tide
from hub.cli.options import home_option, json_option, opened, show
from hub.errors import BundleRefused, LineDropped
from hub.moments import moment_text
from hub.node import Node
from hub.sharing import rows
from hub.tide import certificates, clones, leaving, own_key, peers, report, run, stick_in, stick_out
from hub.tide import join as joining
from hub.tide import outbox as outboxes
from hub.together import acting, held
from hub.together.merge import Fact


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
        after_tide.settle(node)
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
@click.option("--audience", callback=lambda _context, _option, given: _checked(given), help="Only what goes there.")
def outbox(home: Path, as_json: bool, audience: str | None) -> None:
    """Say what has left and what would leave next, by what rule, with the bytes of each record."""
    with opened(home) as node:
        wanted = [audience] if audience else outboxes.audiences(node)
        for line in _as_list(node, wanted) if as_json else _in_words(node, wanted):
            click.echo(line)


@sync.command()
@home_option
@json_option
def hubs(home: Path, as_json: bool) -> None:
    """List the hubs that belong, or belonged, to the region, with the certificates it gave them."""
    with opened(home) as node:
        found = certificates.certificates(node)
    lines = [
        f"{each.number:4}  {each.state:8} since {moment_text(each.since_ms)[:10]}  {each.hub}  {each.name}"
        for each in found
    ]
    words = "\n".join(lines) or "No region has given a certificate yet."
    show([asdict(each) for each in found], as_json, words=words)


@sync.command()
@home_option
@json_option
@click.argument("hub")
@click.option("--undo", is_flag=True, help="Give back a certificate that was taken back.")
def revoke(home: Path, as_json: bool, hub: str, undo: bool) -> None:
    """Take back the certificate of HUB: what came until now counts, and nothing after it."""
    with opened(home) as node:
        found = certificates.restore(node, hub=hub) if undo else certificates.revoke(node, hub=hub)
    said = "belongs to the region again." if undo else "is shut out. What came from it until now counts and stays."
    show(asdict(found), as_json, words=f"{found.name} {said}")


@sync.command()
@home_option
@json_option
@click.option("--region", "hub", default="", metavar="ID", help="Which region, where this hub has joined several.")
def leave(home: Path, as_json: bool, hub: str) -> None:
    """Leave the region after a last tide: it forgets all that came from this hub, and everything stays here."""
    with opened(home) as node:
        left = leaving.leave(node, hub=hub)
    words = (
        f"This hub has left. The region forgot {left.records} records of it and keeps only counts that name nobody."
        " Everything is here, and nothing leaves any more."
    )
    show(asdict(left), as_json, words=words)


@sync.command(name="export")
@home_option
@json_option
@click.option("--for", "hub", required=True, help="The hub that is to get it: its name, its id, or the front of that.")
@click.option("--to", "file", required=True, type=click.Path(path_type=Path), help="The file to write, or a folder.")
@click.option("--own-only", is_flag=True, help="Leave out what other hubs told; it follows with a later file.")
def export_file(home: Path, as_json: bool, hub: str, file: Path, own_only: bool) -> None:
    """Write what a hub is to get into a file that only it can read, to be carried there."""
    with opened(home) as node:
        made = stick_out.export(node, hub=hub, to=file, is_near=own_only)
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
        after_tide.settle(node)
        words = str(stick_in.told(made))
    if as_json or not made.problems:
        show(made.as_dict(), as_json, words=words)
    if made.problems:
        raise BundleRefused(words)


@sync.command()
@home_option
@json_option
@click.option("--choose", nargs=3, metavar="RECORD FIELD WORD", help="Choose one of the values that stand there.")
def together(home: Path, as_json: bool, choose: tuple[str, str, str] | None) -> None:
    """Say what is held together with other hubs, and choose where two places changed the same."""
    with opened(home) as node:
        if choose:
            subject, field, word = choose
            acting.choose(node, actor=None, subject=subject, field=field, word=word)
        found = [_record(node, each) for each in held.all_held(node)]
        twins = held.twins(node)
        words = "\n".join(_lines(found)) or "Nothing is held together with another hub."
    show({"records": found, "twins": [asdict(each) for each in twins]}, as_json, words=words)


@sync.command()
@home_option
@json_option
@click.option("--one-place", is_flag=True, help="Say that the other machine is this same place, and goes on no more.")
@click.option("--two-places", metavar="NAME", help="Give this place a key of its own, and this name.")
@click.option("--call-off", is_flag=True, help="Stay under the key that is, after --two-places.")
def copied(home: Path, as_json: bool, one_place: bool, two_places: str | None, call_off: bool) -> None:
    """Say whether another machine goes on under this hub's key, as after its card was copied, and answer to that."""
    if one_place + call_off + (two_places is not None) > 1:
        raise click.UsageError("Say one of --one-place, --two-places and --call-off.")
    with opened(home) as node:
        if one_place:
            clones.one_place(node)
        if call_off:
            own_key.call_off(home)
        if two_places is not None:
            clones.two_places(node, name=two_places)
    with opened(home) as node:
        found = clones.copied(node)
        words = "\n".join(clones.told(node, found))
    show(found.as_dict(), as_json, words=words)


def _record(node: Node, found: held.Held) -> dict[str, Any]:
    """A record that hubs hold together, with what may be chosen."""
    fields = [
        {
            "field": each.field,
            "value": each.value,
            "word": each.word.id if each.word else "",
            "beside": [_word(node, one) for one in each.rivals],
            "proposed": [_word(node, one) for one in each.proposals],
        }
        for each in found.fields
    ]
    said = {"record": found.subject, "home": found.home, "home_name": peers.called(node, found.home)}
    return {**said, "is_ours": found.is_ours, "is_open": found.is_open, "fields": fields}


def _word(node: Node, fact: Fact) -> dict[str, str]:
    return {"word": fact.id, "value": fact.value, "hub": peers.called(node, fact.hub)}


def _lines(found: list[dict[str, Any]]) -> Iterator[str]:
    """The same for people to read."""
    for each in found:
        yield f"{each['record']}  at home: {each['home_name']}"
        for field in each["fields"]:
            yield f"    {field['field']}: {field['value']}  {field['word']}"
            for beside, words in (("or", field["beside"]), ("proposed", field["proposed"])):
                for one in words:
                    yield f"        {beside}: {one['value']} ({one['hub']})  {one['word']}"


def _checked(audience: str | None) -> str | None:
    """An audience that something may be given to. Raises BadParameter."""
    if audience is not None and not rows.AUDIENCE.fullmatch(audience):
        raise click.BadParameter("it is public, region, or pair:HUB")
    return audience


def _in_words(node: Node, audiences: list[str]) -> Iterator[str]:
    """For each audience its rules, then every record as a sentence and the very bytes that go."""
    for audience in audiences:
        yield from outboxes.rules(node, audience)
        for each in outboxes.going(node, audience):
            yield f"{each.audience}  {each.state}  {each.copy.kind}  {each.says}"
            yield f"    {each.copy.payload.decode()}"


def _as_list(node: Node, audiences: list[str]) -> Iterator[str]:
    """All records as one JSON list, a line for each, however many they are."""
    before = "["
    for each in (going for audience in audiences for going in outboxes.going(node, audience)):
        said = {"audience": each.audience, "state": each.state, "kind": each.copy.kind, "at_ms": each.copy.at_ms}
        said |= {"says": each.says, "payload": json.loads(each.copy.payload)}
        yield before + json.dumps(said, ensure_ascii=False)
        before = ","
    yield "]" if before == "," else "[]"
