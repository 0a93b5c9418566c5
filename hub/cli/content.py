"""`mangrove content`: the shelf from the command line."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from content.catalogue import Hit
from content.errors import ContentError
from hub import library, undoing, wholeness
from hub.cli import collections
from hub.cli.options import home_option, json_option, opened, show
from hub.cli.sizes import size_words
from hub.collections import heal, own
from hub.errors import InputWrong
from hub.giving import asked, out
from hub.node import Node


@click.group()
def content() -> None:
    """What stands on the shelf: add, list, search, show, remove, export, verify, rebuild."""


@content.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--in-part", is_flag=True, help="Take files also where something of them is left out.")
@home_option
@json_option
def add(home: Path, as_json: bool, in_part: bool, paths: tuple[Path, ...]) -> None:
    """Put files or folders on the shelf; what cannot be taken is said, and the others are taken."""
    with _shelf(home) as node:
        results = [_added(node, each, in_part=in_part) for path in paths for each in _taken_as(path)]
    taken = [result for result in results if "refused" not in result]
    refused = [f"{result['refused']}" for result in results if "refused" in result]
    show(taken, as_json, words="\n".join(_added_words(result) for result in taken) or "Nothing was added.")
    if refused:
        sentences = "\n".join(refused)
        raise InputWrong(sentences)


@content.command("list")
@click.option("--language", default="", help="Only packages in this language, such as fr.")
@click.option("--kind", default="", help="Only packages with an item of this kind, such as lesson or video.")
@home_option
@json_option
def list_(home: Path, as_json: bool, language: str, kind: str) -> None:
    """List what stands on the shelf."""
    with _shelf(home) as node:
        rows = library.packages(node, language=language, kind=kind)
    lines = [f"{row.id:32} {row.language:6} {size_words(row.size_bytes):>9}  {row.title}" for row in rows]
    show([asdict(row) for row in rows], as_json, words="\n".join(lines) or "The shelf is empty.")


@content.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--language", default="", help="Only in this language, such as fr.")
@click.option("--limit", type=click.IntRange(1, 500), default=library.PAGE_HITS, show_default=True)
@home_option
@json_option
def search(home: Path, as_json: bool, words: tuple[str, ...], language: str, limit: int) -> None:
    """Find passages with all these words."""
    with _shelf(home) as node:
        chosen = {"language": language} if language else {}
        results = library.search(node, words=" ".join(words), chosen=chosen, limit=limit)
    found = results.found
    instead = results.shown if results.shown is not found else library.NOTHING
    lines = [_hit_words(hit) for hit in found.hits] or ["Nothing has all these words."]
    lines += [f"Looked for instead: {results.mended}"] if results.mended else []
    lines += [f"Near: {_hit_words(hit)}" for hit in instead.hits]
    values = {
        "total": found.total,
        "is_capped": found.is_capped,
        "hits": [_hit(hit) for hit in found.hits],
        "near": [_hit(hit) for hit in instead.hits],
        "mended": results.mended,
    }
    show(values, as_json, words="\n".join(lines))


@content.command("show")
@click.argument("package", metavar="ID")
@home_option
@json_option
def show_(home: Path, as_json: bool, package: str) -> None:
    """Show one package: what it says of itself, and its items."""
    with opened(home) as node:
        manifest = library.package(node, package)
    values = {
        **{name: getattr(manifest, name) for name in ("id", "work", "version", "title", "summary", "language")},
        **{name: getattr(manifest, name) for name in ("licence", "author", "reviewed_by", "level", "published")},
        **{name: list(getattr(manifest, name)) for name in ("audience", "sdg", "remote")},
        "items": [asdict(item) for item in manifest.items],
        "competencies": [asdict(each) for each in manifest.competencies],
        "files": len(manifest.files),
        "size_bytes": manifest.size_bytes,
        "digest": manifest.digest,
    }
    head = f"{manifest.title} ({manifest.id}, version {manifest.version}, {size_words(manifest.size_bytes)})"
    items = [f"  {item.kind:7} {item.id:24} {item.title}" for item in manifest.items]
    show(values, as_json, words="\n".join([head, *filter(None, [manifest.summary]), *items]))


@content.command()
@click.argument("package", metavar="ID")
@home_option
@json_option
def remove(home: Path, as_json: bool, package: str) -> None:
    """Take a package off the shelf; what people learned from it stays in their records."""
    with opened(home) as node:
        key, freed = undoing.take_off(node, package)
    show(
        {"id": package, "key": key, "freed_bytes": freed},
        as_json,
        words=f"{package} is off the shelf; bring it back with: mangrove content restore {key}"
        if key
        else f"{package} is off the shelf; {size_words(freed)} are free.",
    )


@content.command()
@click.argument("key", metavar="KEY", required=False, default="")
@home_option
@json_option
def restore(home: Path, as_json: bool, key: str) -> None:
    """Bring back what was taken off the shelf; without KEY, list what can be."""
    with opened(home) as node:
        title = undoing.bring_back(node, key) if key else ""
        left = [{"key": each.key, "id": each.manifest.id, "left_ms": left} for each, left in undoing.listed(node)]
    lines = [f"{title} stands on the shelf again."] if key else [each["key"] for each in left]
    show({"title": title, "aside": left}, as_json, words="\n".join(map(str, lines)) or "Nothing lies aside.")


@content.command()
@click.argument("package", metavar="ID")
@click.option("--to", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder to write in.")
@click.option("--as", "form", type=click.Choice(sorted(library.FORMS)), default=library.OWN_FORM, show_default=True)
@home_option
@json_option
def export(home: Path, as_json: bool, package: str, to: Path, form: str) -> None:
    """Write a package into a new folder, which another hub takes in, or as a channel into one for Kolibri."""
    with opened(home) as node:
        target = library.export(node, package, to=to, form=form)
    show({"id": package, "path": str(target)}, as_json, words=f"{package} is in {target}.")


@content.command()
@click.argument("packages", nargs=-1, metavar="[ID]...")
@click.option("--to", required=True, type=click.Path(file_okay=False, exists=True, path_type=Path), help="The stick.")
@click.option("--collection", default="", metavar="ID", help="All of this collection, after the works that are named.")
@click.option("--as", "form", type=click.Choice(asked.FORMS), default=asked.OWN_FORM, show_default=True)
@click.option("--title", default="", help="What the folder is called; else the work, or the hub.")
@home_option
@json_option
def give(  # noqa: PLR0913 - one for each option
    home: Path, as_json: bool, title: str, form: str, collection: str, to: Path, packages: tuple[str, ...]
) -> None:
    """Write works into one new folder of a stick, with a cover page that opens without a hub."""
    with opened(home) as node:
        shared = own.collection(node, collection) if collection else None
        chosen = [*packages, *(shared.packages if shared else ())]
        wanted = asked.checked(
            node, name="", title=title or (shared.title if shared else ""), packages=chosen, form=form
        )
        made = out.into(node, wanted, to)
    given = list(wanted.packages)
    show({"packages": given, "path": str(made)}, as_json, words=f"{len(given)} works are in {made}.")


@content.command()
@click.option("--heal", "is_healing", is_flag=True, help="Fetch again what is not whole from hubs that have it.")
@home_option
@json_option
def verify(home: Path, as_json: bool, is_healing: bool) -> None:
    """Read every file on the shelf and compare its hash; exit status 1 when something is not whole."""
    with opened(home) as node:
        healed = heal.heal(node) if is_healing else None
        problems = list(healed.left) if healed else library.verify(node)
        wholeness.looked(node, problems)
    mended = len(healed.found) - len(problems) if healed else 0
    words = f"Everything is whole; {mended} files were mended." if mended else "Everything is whole."
    show([asdict(problem) for problem in problems], as_json, words="" if problems else words)
    if problems:
        lines = [f"{each.package}: {each.path or 'its manifest'} is {each.state}" for each in problems]
        head = "No hub that was reached has these; add" if is_healing else "Not whole; add"
        listed = "\n".join([f"{head} these packages again to mend them:", *lines])
        raise InputWrong(listed)


@content.command()
@home_option
@json_option
def rebuild(home: Path, as_json: bool) -> None:
    """Make the catalogue again from the shelf, and clear what an interrupted import left."""
    with opened(home) as node:
        count = library.rebuild(node)
    show({"packages": count}, as_json, words=f"The catalogue is made again: {count} packages.")


for command in collections.COMMANDS:
    content.add_command(command)


@contextmanager
def _shelf(home: Path) -> Iterator[Node]:
    """The node in `home`, whose catalogue is made again first when it was lost or is of another version."""
    with opened(home) as node:
        if node.catalogue.is_stale:
            library.mend(node)
        yield node


def _taken_as(path: Path) -> list[Path]:
    """The packages of a path: channels of a stick, topics of a large channel; itself where it is one, or is refused."""
    with suppress(ContentError):
        return [each.path for each in library.parts(path)] or [path]
    return [path]


def _added(node: Node, path: Path, *, in_part: bool) -> dict[str, Any]:
    try:
        added = library.add(node, source=path, in_part=in_part)
    except ContentError as mistake:
        return {"refused": str(mistake)}
    values = asdict(added)
    return {"id": values.pop("package"), **values, "remote": list(added.remote)}


def _added_words(result: dict[str, Any]) -> str:
    line = f"{result['id']} is on the shelf ({result['items']} items, {size_words(result['size_bytes'])})."
    count = len(result["remote"])
    return (
        f"{line} It would load {count} addresses from the internet, such as {result['remote'][0]}." if count else line
    )


def _hit(hit: Hit) -> dict[str, Any]:
    values = asdict(hit)
    return values | {"snippet": "".join(part.text for part in hit.snippet)}


def _hit_words(hit: Hit) -> str:
    where = f"{hit.package}/{hit.item}" if hit.item else hit.package
    return f"{where}: {hit.title} – {''.join(part.text for part in hit.snippet)}"
