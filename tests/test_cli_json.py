"""Every command that prints a result prints it as JSON too: found by walking the commands, not by a list."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from hub import config, library
from hub.care import doctor
from hub.cli import main
from hub.collections import own
from hub.node import Node, open_node
from hub.tide import stick_out
from tests.fixtures import packages
from tests.fixtures.web import Served

PEOPLE = "name,roles\nAmina,learner\n"


def _leaves(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that does something, with its words."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _leaves(command, (*before, name))
        elif command is not None:
            yield (*before, name), command


COMMANDS = {" ".join(words): command for words, command in _leaves(main)}
PRINT_NOTHING = {"serve"}
OF_SERVERS = {"region move", "sync revoke", "sync leave"}
"""Asked in `test_region_shards`, `test_region_certificates` and `test_region_leave`, with a region to ask."""
RESULTS: dict[str, set[str]] = {
    "init": {"home", "hub", "role", "demo"},
    "content add": {"id", "title", "items"},
    "content list": {"id", "title", "language"},
    "content search": {"total", "is_capped", "hits", "near"},
    "content show": {"id", "title", "items", "files", "digest"},
    "content export": {"id", "path"},
    "content give": {"packages", "path"},
    "content verify": set(),
    "content rebuild": {"packages"},
    "content collect": {"id", "title", "version", "packages"},
    "content collections": {"id", "title", "version", "packages"},
    "content remove": {"id", "key", "freed_bytes"},
    "content restore": {"title", "aside"},
    "sync invite": {"code", "ends_ms"},
    "sync join": {"hub", "name", "url"},
    "content offered": {"id", "title", "publisher", "version", "size_bytes", "missing_bytes", "seconds", "is_taken"},
    "content subscribe": {"id", "title", "version", "coming", "missing_bytes", "problem"},
    "content subscriptions": {"id", "coming", "dropped", "is_paused"},
    "content fetch": {"said", "subscriptions"},
    "content unsubscribe": {"id"},
    "sync now": {"pushed", "pulled", "bytes_up", "bytes_down", "requests", "agreed"},
    "sync status": {"hub", "name", "url", "safe", "waiting", "next_ms", "last", "broken"},
    "sync together": {"records", "twins"},
    "sync copied": {"halves", "clones", "cloned_from", "is_prepared"},
    "sync outbox": {"audience", "state", "kind", "at_ms", "payload"},
    "sync hubs": set(),
    "region parts": set(),
    "sync export": {"hub", "name", "files", "parts", "records", "carried", "bytes"},
    "sync import": {
        "from",
        "records",
        "parts",
        "waiting",
        "missing",
        "carried",
        "delivered",
        "receipts",
        "problems",
        "receipt",
    },
    "key add": {"key", "secret"},
    "key list": {"id", "name", "scopes"},
    "key revoke": {"id", "name", "scopes", "is_revoked"},
    "people import": {"dry_run", "people_new", "circles_new", "people_changed", "people_same"},
    "people list": {"id", "name", "roles"},
    "people export": {"id", "name", "roles", "circles", "birth_year"},
    "people forget": {"erasure", "entries", "places", "done", "old_backups"},
    "people forgotten": {"id", "made_ms", "wish", "entries", "places", "done", "is_clean", "lacking"},
    "outcomes export": {"file", "counts"},
    "statements export": {"file", "statements"},
    "forward add": {"id", "name", "url", "state"},
    "forward list": {"id", "name", "url", "state", "counts", "not_taken"},
    "forward now": {"name", "sent", "known", "refused", "voided", "problem"},
    "forward pause": {"id", "state"},
    "forward resume": {"id", "state"},
    "forward secret": {"id", "state"},
    "forward remove": {"id", "name"},
    "backup": {"file", "bytes"},
    "restore": {"entries", "packages_missing"},
    "rebuild": {"entries", "fingerprint"},
    "doctor": {"well", "checks"},
}
"""What a result, or each row of one, says at least; in an order in which one command can follow the other."""


@pytest.fixture
def home(tmp_path: Path, choose_database: Callable[[Path], Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a hub will be; the doctor does not wait for neighbours."""
    monkeypatch.setattr(doctor, "HEAR_S", 0.0)
    return choose_database(tmp_path / "alder")


@pytest.fixture
def run(home: Path) -> Callable[..., Result]:
    """A function that runs a command over that home."""
    return lambda *words: CliRunner().invoke(main, [*map(str, words), "--home", str(home)])


@pytest.fixture
def region(
    tmp_path: Path, choose_database: Callable[[Path], Path], serve_node: Callable[[Node], Served]
) -> Iterator[Served]:
    """A region that serves."""
    home = choose_database(tmp_path / "coast")
    assert CliRunner().invoke(main, ["init", "--home", str(home), "--role", "region", "--name", "Coast"]).exit_code == 0
    node = open_node(home, config.load(home, {}, {}))
    yield serve_node(node)
    node.close()


def test_every_command_is_asked_here() -> None:
    """A command that is added says its result as JSON too, and what it says is looked at here."""
    assert set(COMMANDS) == set(RESULTS) | PRINT_NOTHING | OF_SERVERS


@pytest.mark.parametrize("words", sorted(set(COMMANDS) - PRINT_NOTHING))
def test_every_command_that_prints_a_result_knows_json(words: str) -> None:
    """The words are for people, the JSON for programs."""
    assert "--json" in {option for each in COMMANDS[words].params for option in each.opts}


def _arguments(words: str, said: dict[str, Any], region: Served, place: Path) -> list[object]:
    """What a command needs to be said, out of what others said before it."""
    (place / "people.csv").write_text(PEOPLE, encoding="utf-8")
    given: dict[str, Callable[[], list[object]]] = {
        "init": lambda: ["--name", "Alder hill"],
        "content add": lambda: [packages.folder(place / "well")],
        "content search": lambda: ["well"],
        "content show": lambda: ["well.en"],
        "content export": lambda: ["well.en", "--to", place / "stick"],
        "content give": lambda: ["well.en", "--to", place],
        "content collect": lambda: ["Wells", "well.en"],
        "content offered": lambda: _offer(region, place),
        "content subscribe": lambda: [said["content offered"][0]["id"]],
        "content unsubscribe": lambda: [said["content offered"][0]["id"]],
        "content remove": lambda: ["well.en"],
        "sync join": lambda: [region.url, "--code", _code(region)],
        "sync export": lambda: ["--for", said["sync join"]["hub"], "--to", place / "alder.tide"],
        "sync import": lambda: [_bundle(region, place, said)],
        "key add": lambda: ["Tablet", "--scope", "all/read"],
        "key revoke": lambda: [said["key add"]["key"]],
        "people import": lambda: [place / "people.csv"],
        "people forget": lambda: [next(each["id"] for each in said["people list"] if each["roles"] == ["learner"])],
        "outcomes export": lambda: ["--format", "csv", "--to", place / "counts.csv"],
        "statements export": lambda: ["--format", "jsonl", "--to", place / "records.jsonl"],
        "forward add": lambda: [f"{region.url}/xapi", *_key(region, place)],
        **dict.fromkeys(["forward pause", "forward resume", "forward remove"], lambda: [said["forward add"]["id"]]),
        "forward secret": lambda: [said["forward add"]["id"], "--secret-file", place / "secret"],
        "backup": lambda: ["--to", place],
        "restore": lambda: [said["backup"]["file"], "--force"],
    }
    return given.get(words, list)()


def _offer(region: Served, place: Path) -> list[object]:
    """The region offers a collection, so that there is one to take."""
    library.add(region.node, source=packages.folder(place / "well"))
    own.publish(region.node, own.make(region.node, title="Wells", packages=["well.en"]).id)
    return []


def _code(region: Served) -> str:
    made = CliRunner().invoke(main, ["sync", "invite", "--json", "--home", str(region.node.home)])
    return str(json.loads(made.stdout)["code"])


def _bundle(region: Served, place: Path, said: dict[str, Any]) -> Path:
    """The region writes a bundle for the hub."""
    return stick_out.export(region.node, hub=said["init"]["hub"], to=place / "coast.tide").files[0]


def _key(region: Served, place: Path) -> list[object]:
    """A key of the outside store, and its secret in a file."""
    made = CliRunner().invoke(
        main, ["key", "add", "Alder", "--scope", "all", "--json", "--home", str(region.node.home)]
    )
    key = json.loads(made.stdout)
    (place / "secret").write_text(key["secret"], encoding="utf-8")
    return ["--key", key["key"], "--secret-file", place / "secret"]


def test_every_result_is_json(run: Callable[..., Result], region: Served, tmp_path: Path) -> None:
    """One hub, every command after the other: each prints one JSON value and nothing else, and says its fields."""
    said: dict[str, Any] = {}
    for words, fields in RESULTS.items():
        result = run(*words.split(), *_arguments(words, said, region, tmp_path), "--json")
        assert result.exit_code == 0 or words == "doctor", (words, result.output)
        said[words] = json.loads(result.stdout)
        rows = said[words] if isinstance(said[words], list) else [said[words]]
        assert rows or not fields, words
        assert [row for row in rows if not fields <= set(row)] == [], (words, fields)
