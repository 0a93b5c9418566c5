"""What other hubs and bad lines may try with a collection, and what comes of it: nothing that was not signed for."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import urllib3

from content.chunks import CHUNK_BYTES
from content.collection import parse
from hub import library
from hub.collections import fetch, own, subscriptions
from hub.collections.own import SIGNED
from hub.errors import InputWrong, NotFound
from hub.node import Node
from hub.tide import peers
from sync import protocol
from sync.identity import Identity
from sync.shelf import FilesAsk, OffersAsk
from tests.fixtures import engines, offering
from tests.fixtures.liar import Answer, Liar, Twist
from tests.fixtures.web import Served

pytestmark = pytest.mark.sqlite(engines.SHELF)
Lying = Callable[[Twist], Liar]


@pytest.fixture
def water(region: Node, up: Served, tmp_path: Path) -> str:
    """A collection of a lesson and a film that the region offers."""
    return offering.offer(region, tmp_path / "made")


@pytest.fixture
def lying(hub: Node, up: Served) -> Iterator[Lying]:
    """A function that puts a liar between the hub and the region."""
    made: list[Liar] = []

    def between(twist: Twist) -> Liar:
        made.append(Liar(up.url, twist))
        offering.through(hub, made[-1].url)
        return made[-1]

    yield between
    for each in made:
        each.close()


def _blobs(change: Callable[[Answer], Answer]) -> Twist:
    """Change answers about files alone."""
    return lambda path, answer: change(answer) if "/blobs/" in path else answer


def _flipped(answer: Answer, at: int) -> Answer:
    status, headers, body = answer
    return status, headers, body[:at] + bytes([body[at] ^ 4]) + body[at + 1 :]


def test_a_flipped_bit_costs_one_chunk(hub: Node, region: Node, water: str, lying: Lying) -> None:
    """The chunk that it fell into is asked for again, and what came before it is kept."""
    offering.take(hub, water)
    flips = iter([2 * CHUNK_BYTES + 77])
    liar = lying(_blobs(lambda answer: _flipped(answer, at) if (at := next(flips, None)) else answer))
    offering.go(hub)
    assert offering.digests(hub) == offering.digests(region)
    assert [range_ for path, range_ in liar.asked if "/blobs/" in path] == ["", f"bytes={2 * CHUNK_BYTES}-"]


LIES: dict[str, Callable[[Answer], Answer]] = {
    "another place": lambda a: (206, {**a[1], "Content-Range": "bytes 5-9/10"}, a[2]),
    "no place": lambda a: (206, {"ETag": a[1].get("ETag", "")}, a[2]),
    "another file": lambda a: (a[0], {**a[1], "ETag": '"other"'}, a[2]),
    "another length": lambda a: (200, {}, a[2] + b"more"),
    "a page": lambda a: (200, {"Content-Type": "text/html"}, b"<html>"),
    "a way elsewhere": lambda a: (302, {}, b""),
    "nothing": lambda a: (206, a[1], b""),
    "nonsense": lambda a: (a[0], a[1], bytes(len(a[2]))),
    "busy": lambda a: (503, {"Retry-After": "5"}, b""),
    "gone": lambda a: (404, {}, b""),
    "no such range": lambda a: (416, {}, b"x"),
    "a condition that failed": lambda a: (412, {}, b""),
}


def test_a_lie_about_a_file_is_no_file(hub: Node, region: Node, water: str, lying: Lying) -> None:
    """The lesson comes, the film does not, a sentence says why; from an honest hub it comes then."""
    offering.take(hub, water)
    liar = lying(_blobs(LIES["gone"]))
    for name, lie in LIES.items():
        liar.twist = _blobs(lie)
        said = offering.go(hub)
        assert said.startswith("Water: ") and said.endswith(".") and offering.problem(hub), name
        assert set(offering.digests(hub)) == {"well.en"} and hub.shelf.verify() == [], name
    liar.twist = lambda _path, answer: answer
    offering.go(hub)
    assert offering.digests(hub) == offering.digests(region)


def test_a_server_without_ranges_begins_anew(hub: Node, region: Node, water: str, lying: Lying) -> None:
    """It sends all of the file however it is asked: what came is dropped, and the file is whole in the end."""
    offering.take(hub, water)
    liar = lying(_blobs(LIES["gone"]))
    offering.go(hub)
    film = next(each for each in region.shelf.list() if each.id != "well.en")
    (entry,) = film.files.values()
    part = hub.shelf.root / "incoming" / f"{entry.sha256}.part"
    part.write_bytes(region.shelf.blob_path(entry.sha256).read_bytes()[:2_000_000])
    whole = region.shelf.blob_path(entry.sha256).read_bytes()
    liar.twist = _blobs(lambda _answer: (200, {}, whole))
    offering.go(hub)
    assert offering.digests(hub) == offering.digests(region)
    assert liar.asked[-1][1] == f"bytes={2_000_000}-"


def test_a_server_may_send_less_than_it_is_asked(hub: Node, region: Node, water: str, lying: Lying) -> None:
    """Right ranges of half a megabyte: it is asked on until the file is whole."""

    def less(answer: Answer) -> Answer:
        _, headers, body = answer
        start = int(headers["Content-Range"][6:].partition("-")[0]) if "Content-Range" in headers else 0
        body = body[:500_000]
        return 206, {"Content-Range": f"bytes {start}-{start + len(body) - 1}/{size}"}, body

    size = max(entry.size for each in region.shelf.list() for entry in each.files.values())
    offering.take(hub, water)
    liar = lying(_blobs(less))
    offering.go(hub)
    assert offering.digests(hub) == offering.digests(region)
    assert sum("/blobs/" in path for path, _ in liar.asked) == size // 500_000 + 1


def test_what_was_on_the_disk_is_looked_at_again(hub: Node, region: Node, water: str, lying: Lying) -> None:
    """A part that a power cut filled with nonsense is kept as far as it is right."""
    offering.take(hub, water)
    liar = lying(_blobs(LIES["gone"]))
    offering.go(hub)
    (entry,) = next(each for each in region.shelf.list() if each.id != "well.en").files.values()
    data = region.shelf.blob_path(entry.sha256).read_bytes()
    part = hub.shelf.root / "incoming" / f"{entry.sha256}.part"
    part.write_bytes(data[:CHUNK_BYTES] + bytes(CHUNK_BYTES + 5))
    liar.twist = lambda _path, answer: answer
    offering.go(hub)
    assert liar.asked[-1][1] == f"bytes={CHUNK_BYTES}-"
    assert offering.digests(hub) == offering.digests(region)


def _resigned(region: Node, water: str, *, by: Identity, **changes: object) -> None:
    """Let the region offer another text of its collection, signed by somebody."""
    table = region.tables.Collection
    row = table.get(table.id == water)
    text = replace(parse(row.text.encode()), **changes).text  # type: ignore[arg-type]
    values = {"text": text.decode(), "signature": by.sign(SIGNED + text).hex()}
    said = parse(text).version
    region.write(table.update(**values, version=said).where(table.id == water).execute)


def test_an_edition_that_nobody_signed_is_none(hub: Node, region: Node, water: str) -> None:
    """A text that the signature does not fit is passed over, the first time and later."""
    stranger = Identity(bytes(32))
    _resigned(region, water, by=stranger, version=2)
    fetch.look(hub)
    with pytest.raises(NotFound, match="No hub offers this collection"):
        subscriptions.subscribe(hub, water)
    own.publish(region, water)
    offering.take(hub, water)
    _resigned(region, water, by=stranger, version=9, title="Poison")
    fetch.look(hub)
    assert [each.collection.title for each in subscriptions.subscriptions(hub)] == ["Water"]


def test_another_publisher_is_told_and_not_followed(hub: Node, region: Node, water: str) -> None:
    """The key was pinned at subscribing; a collection of that id that another hub signs changes nothing."""
    offering.take(hub, water)
    stranger = Identity(bytes(32))
    _resigned(region, water, by=stranger, version=5, publisher=stranger.hub_id, packages=())
    fetch.look(hub)
    (taken,) = subscriptions.subscriptions(hub)
    assert (taken.collection.version, len(taken.collection.packages)) == (1, 2)
    assert "Another hub" in offering.problem(hub)


def test_an_older_edition_is_told_and_not_taken(hub: Node, region: Node, water: str) -> None:
    """Rightly signed and old: a rollback. The same number with another text is one too."""
    own.publish(region, water)
    own.publish(region, water)
    offering.take(hub, water)
    for changes in ({"version": 2}, {"version": 3, "packages": ()}):
        _resigned(region, water, by=region.identity, **changes)
        hub.write(hub.tables.Offer.delete().execute)
        fetch.look(hub)
        (taken,) = subscriptions.subscriptions(hub)
        assert (taken.collection.version, len(taken.collection.packages)) == (3, 2)
        assert "older edition" in offering.problem(hub)


def test_a_shelf_that_changed_is_said(hub: Node, region: Node, water: str, tmp_path: Path) -> None:
    """The publisher's package is another one since: nothing of it is taken for what was signed."""
    offering.take(hub, water, chosen=["well.en"])
    offering.offer(region, tmp_path / "again", with_film=False)
    (tmp_path / "again" / "well" / "read.md").write_text("# Another", encoding="utf-8")
    library.add(region, source=tmp_path / "again" / "well")
    assert "changed its shelf" in offering.go(hub)
    own.publish(region, water)
    fetch.look(hub)
    offering.go(hub)
    assert offering.digests(hub)["well.en"] == offering.digests(region)["well.en"]


def test_what_cannot_be_chosen_is_refused(hub: Node, region: Node, water: str) -> None:
    """A package that is not in it, a priority that is none, a collection that nobody offers."""
    fetch.look(hub)
    for how in ({"chosen": ["other"]}, {"priority": 7}):
        with pytest.raises(InputWrong, match="Nothing was changed"):
            subscriptions.subscribe(hub, water, **how)  # type: ignore[arg-type]
    for unknown in (lambda: subscriptions.leave(hub, water), lambda: subscriptions.subscribe(hub, "none")):
        with pytest.raises(NotFound):
            unknown()


def _asks(sender: Node, region: Node, up: Served, blob: str) -> dict[str, int]:
    """The status of everything about shelves that a hub may ask another."""
    pool, to = urllib3.PoolManager(retries=False), region.identity.hub_id
    bodies = {"offers": OffersAsk({}).packed(), "files": FilesAsk(100, (bytes.fromhex(blob),)).packed()}
    found = {
        name: pool.request(
            "POST", f"{up.url}/sync/v1/{name}", body=protocol.request(sender.identity, to, name, body)
        ).status
        for name, body in bodies.items()
    }
    shown = protocol.ticket(sender.identity, to, blob)
    where = f"{up.url}/sync/v1/blobs/{blob}"
    return {
        **found,
        "blob": pool.request("GET", where, headers={"Authorization": f"Mangrove {shown}"}).status,
        "bare": pool.request("GET", where).status,
        "other": pool.request(
            "GET", f"{up.url}/sync/v1/blobs/{'0' * 64}", headers={"Authorization": f"Mangrove {shown}"}
        ).status,
    }


def test_only_hubs_that_joined_get_anything(
    hub: Node, region: Node, up: Served, water: str, make_node: Callable[..., Node]
) -> None:
    """A hub that did not join, somebody without a signature, and a ticket for another file get nothing."""
    blob = next(entry.sha256 for each in region.shelf.list() for entry in each.files.values())
    assert _asks(hub, region, up, blob) == {"offers": 200, "files": 200, "blob": 200, "bare": 403, "other": 403}
    assert set(_asks(make_node("stranger"), region, up, blob).values()) == {403}
    peers.end(region, hub.identity.hub_id)
    assert set(_asks(hub, region, up, blob).values()) == {403}


def test_only_what_stands_on_the_shelf_is_given(hub: Node, region: Node, up: Served, water: str) -> None:
    """A file that no package of the shelf needs, though it lies there, is none."""
    spare = region.shelf.blob_path("ab" + "0" * 62)
    spare.parent.mkdir(exist_ok=True)
    spare.write_bytes(b"on its way")
    assert _asks(hub, region, up, spare.name)["blob"] == 404
