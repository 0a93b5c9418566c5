"""Canaries: a word is planted in everything that can be kept here, and none of it reaches another hub by any road.

Every kind of entry that is folded is planted, column by column as its table has them, so that a kind which comes later
is covered from its first day; what is no table's row has its maker below, and a kind without one fails. So does every
table of this machine alone, and every file of the home. Then the hub goes to the tide with a region and two neighbours
under the first policy, and under the widest one that can be decided.
"""

import json
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import peewee
import pytest
import zstandard

from hub import first_boot, tables
from hub.node import LOCAL, Node
from hub.projections import FOLDS, records
from hub.sharing import rows
from hub.tables import local, put, writing
from hub.tide import link, outbox, policy, publish, run, sealing, stands, stick_in, stick_out
from sync import give, part, protocol, words
from sync.erasing import ERASE
from tests.fixtures import tide
from tests.fixtures.deciding import gather
from tests.fixtures.sharing import decide
from tests.fixtures.web import Served

WORD = "zqxcanary"
"""In no language, in no name of ours; each place where it is planted adds its own letters."""
MAGIC = zstandard.MAGIC_NUMBER.to_bytes(4, "little")
"""How a packed part begins."""
NEEDED = {"Note", "Peer", "Invite", "Tide", "Job"}
"""Tables of this machine that the tide itself works by; each is planted below by hand where it can hold a word."""
CANARY = re.compile(WORD.encode() + rb"[\w ]*", re.IGNORECASE)
GROUPS = {f"{WORD} circle name", f"{WORD} circle picture"}
"""What the widest policy lets go of it all: names of groups, to the neighbours whom the community names."""
OWN: dict[str, tuple[str, ...]] = {
    "hub": ("{own}:{number}",),
    "hub.package": ("{own}:{number}",),
    policy.CERTIFICATE: ("{own}:{own}", f"{WORD} {{number}}", f"{{own}}:{WORD}"),
}
"""Kinds of which some fields are public by the first policy, and subjects; only the other fields hold the word."""


def _canary(place: str) -> str:
    """A word that tells where it was planted."""
    return f"{WORD} {place}"


def row_of(kind: str, subject: str) -> dict[str, Any]:
    """A record of a kind with a canary in every column of text."""
    meta: Any = _MODELS[records.KINDS[kind]]._meta
    public = policy.PUBLIC_FIELDS.get(kind, frozenset())
    fields = {field.name: _value(kind, field) for field in meta.sorted_fields if not field.primary_key}
    kept = {name: value for name, value in fields.items() if name not in public} | {"added_later": _canary(kind)}
    return {"id": subject, "set": kept}


def _value(kind: str, field: peewee.Field) -> object:
    return 1 if isinstance(field, peewee.IntegerField) else _canary(f"{kind} {field.name}")


_MODELS = {model.__name__: model for model in tables.PROJECTIONS}


def _statement(number: int) -> dict[str, Any]:
    """A statement with a canary in every part that takes a text."""
    word = _canary("statement")
    words = {"und": word}
    extensions = {f"https://tool.example/{WORD}": {"deep": [word]}}
    thing = {"name": words, "description": words, "moreInfo": f"https://tool.example/{WORD}", "extensions": extensions}
    context = {"instructor": {"name": word, "mbox": f"mailto:{WORD}@example.org"}, "platform": word, "language": "en"}
    parent = {"id": f"https://tool.example/{WORD}", "definition": thing}
    context |= {"extensions": extensions, "statement": {"objectType": "StatementRef", "id": _id(900)}}
    context |= {"contextActivities": {"parent": [parent], "grouping": [parent], "other": [parent]}}
    return {
        "id": _id(number),
        "actor": {"name": word, "mbox": f"mailto:{WORD}@example.org"},
        "verb": {"id": f"https://tool.example/{WORD}", "display": words},
        "object": {"id": f"https://tool.example/{WORD}", "definition": thing},
        "result": {"response": word, "duration": "PT1S", "success": True, "extensions": extensions},
        "context": context,
        "attachments": [
            {"usageType": f"https://tool.example/{WORD}", "display": words, "fileUrl": f"https://x/{WORD}"}
        ],
    }


def _id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def _statements(node: Node) -> None:
    """One of an outside tool, one of our own pages with the same words, and one that another says."""
    tool = {"account": {"homePage": f"https://{WORD}.example", "name": WORD}}
    tide.record(node, _statement(901), authority=tool)
    tide.record(node, {**_statement(902), "verb": {"id": policy.VERBS["answered"]}}, authority=tide.OURS)
    tide.record(
        node, {**_statement(903), "object": {"objectType": "Agent", "name": WORD, "mbox": f"mailto:{WORD}@b.c"}}
    )


def _visit(node: Node) -> None:
    """Somebody's consent, with a giver's name and a witness."""
    said = {"answer": "given", "said": "yes", "assent": "", "replaces": []}
    evidence = {name: _canary(name) for name in ("giver", "giver_name", "how", "witness", "card")}
    node.record("consent.visit", {"person": _canary("person"), "answers": {_canary("purpose"): said}, **evidence})


def _fix(node: Node) -> None:
    """What the time was in a start of a machine, whose name is the canary."""
    node.record("clock.fix", {"boot": WORD, "offset_ms": 0, "quality": 1, "was": []})


def _fact(node: Node) -> None:
    """A group that hubs hold together, shared with nobody, and what somebody proposed for it."""
    about = f"{node.identity.hub_id}:circle:{_canary('subject')}"
    for sort in ("write", "proposal", "add"):
        said = {"id": _canary(sort), "sort": sort, "subject": about, "field": _canary("field"), "depth": 1}
        node.record("joint", {**said, "value": _canary("value"), "stream": "s", "replaces": []})


def _erase(node: Node) -> None:
    """What has others erased, with a word more than it should have."""
    node.record(ERASE, {"stream": "07" * 16, "erased": [], "known": [], "added_later": _canary("erase")})


MADE_BY_HAND: dict[str, Callable[[Node], None]] = {
    "statement": _statements,
    "consent.visit": _visit,
    "clock.fix": _fix,
    "joint": _fact,
    "erase": _erase,
}
"""Kinds that are no record of fields → what plants them."""


def _plant(node: Node) -> None:
    """A canary in every kind of entry, every table of this machine, every file of the home, and a kind of no fold."""

    def work() -> None:
        for number, kind in enumerate(sorted(FOLDS)):
            if kind in MADE_BY_HAND:
                MADE_BY_HAND[kind](node)
            else:
                own = node.identity.hub_id
                for subject in OWN.get(kind, (_canary(str(number)),)):
                    node.record(kind, row_of(kind, subject.format(own=own, number=number)))
        node.record("kind.of.tomorrow", {"id": _canary("tomorrow"), "set": {"text": _canary("tomorrow")}})
        node.record("statement", {"raw": _canary("no statement at all")})
        for model in (*local.MODELS, *writing.MODELS):
            if model.__name__ not in NEEDED:
                _plant_row(node, model)
        put(node.tables.Note, name=_canary("note"), value=json.dumps(_canary("note")))

    node.write(work)
    for name in (
        "drafts",
        "photos",
        "safe",
        "said",
        "sound",
        "recordings",
        "uploads",
        "inbox",
        "attached",
        "jobs",
        "backups",
        "zims",
    ):
        folder = node.home / name
        folder.mkdir(exist_ok=True)
        (folder / f"{WORD}.txt").write_text(_canary(f"file in {name}"), encoding="utf-8")


def _plant_row(node: Node, model: type[peewee.Model]) -> None:
    """One row of a table of this machine, with a canary in each column of text."""
    twin, meta = getattr(node.tables, model.__name__), model._meta
    values: dict[str, Any] = {}
    for field in meta.sorted_fields:  # type: ignore[attr-defined]
        if isinstance(field, peewee.TextField):
            values[field.name] = _canary(f"{model.__name__} {field.name}")
        elif isinstance(field, peewee.BlobField):
            values[field.name] = _canary(f"{model.__name__} {field.name}").encode()
        elif not isinstance(field, peewee.AutoField):
            values[field.name] = 1
    put(twin, **values)


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Every byte of a message's body that goes between the hubs of this test, in either direction."""
    carried: list[bytes] = []
    once = link.Link._once

    def spied(self: link.Link, name: str, body: bytes) -> tuple[int, bytes, int]:
        carried.append(name.encode() + b" " + body)
        status, answer, wait_s = once(self, name, body)
        carried.append(answer)
        return status, answer, wait_s

    monkeypatch.setattr(link.Link, "_once", spied)
    return carried


def _opened(data: bytes) -> Iterator[bytes]:
    """Bytes as they are, and whatever is packed in them unpacked: each zstd frame, with every dictionary there is."""
    yield data
    start = data.find(MAGIC)
    while start >= 0:
        for known in (None, *map(words.dictionary, (words.WIRE, *words.OF_JOURNAL))):
            with suppress(zstandard.ZstdError):
                yield _unpacked(data[start:], known)
        start = data.find(MAGIC, start + 1)
    with suppress(zlib.error):
        yield zlib.decompress(data, 47)


def _unpacked(frame: bytes, known: zstandard.ZstdCompressionDict | None) -> bytes:
    """What a frame holds, whatever follows it."""
    return zstandard.ZstdDecompressor(dict_data=known).decompressobj().decompress(frame)


def _found(data: bytes) -> set[str]:
    """The canaries in some bytes, packed or not; each tells where it was planted."""
    return {found.decode(errors="replace") for part in _opened(data) for found in CANARY.findall(part)}


def _told(data: bytes) -> set[str]:
    """The same of a message, with what is packed in it read as its receiver reads it, and no other way."""
    head, magic, packed = data.partition(MAGIC)
    unpacked = _unpacked(magic + packed, words.dictionary(words.WIRE)) if magic else b""
    return {found.decode(errors="replace") for part in (head, unpacked) for found in CANARY.findall(part)}


def _database(node: Node) -> Iterator[bytes]:
    """Every entry of another hub's journal as it was written, and every row of its tables."""
    for line in node.journal.streams():
        yield from (row[2] for row in node.journal.store.entries(line, 0, 100_000))
    for model in (*node.tables.projections, *node.tables.views):
        yield from (repr(row).encode() for row in model.select().tuples())
    for model in (node.tables.Note, node.tables.Peer, node.tables.Tide, node.tables.Job):
        yield from (repr(row).encode() for row in model.select().tuples())


@pytest.fixture
def four(hub: Node, region: Node, make_node: Callable[..., Node], serve_node: Callable[[Node], Served]) -> list[Node]:
    """A hub full of canaries with its region and two neighbours, all behind real servers and joined."""
    _plant(hub)
    others = [region, make_node("neighbour"), make_node("third")]
    for other in others:
        tide.joined(hub, other, serve_node(other).url)
    return [hub, *others]


def test_every_kind_is_planted(node: Node) -> None:
    """A kind of entry that is folded and planted nowhere would leave this test without a word about it."""
    assert set(FOLDS) == set(records.KINDS) | set(MADE_BY_HAND)
    _plant(node)
    entries = [
        each for line in node.journal.streams(audience=LOCAL) for each in node.journal.read(line.stream, limit=999)
    ]
    planted = {each.entry.kind for each in entries if _found(each.entry.payload)}
    assert planted >= set(FOLDS)


def test_a_canary_is_seen_wherever_it_is_packed(node: Node) -> None:
    """In the open, in a batch, and in a run of the journal: the eyes of these tests are good."""
    node.write(lambda: [node.record("note", {"text": _canary(str(number))}) for number in range(130)])
    (line,) = node.journal.streams(audience=LOCAL)
    data, _ = give.make(node.journal, line, 0, 100)
    assert WORD.encode() not in data and _found(data)
    assert _found(protocol.request(node.identity, node.identity.hub_id, "push", data))


def _widest(neighbours: list[Node]) -> rows.Policy:
    """The policy that lets go as much as can be decided, to everybody."""
    hubs = [each.identity.hub_id for each in neighbours]
    return rows.made(rows.Row(*place, *rows.offers(*place)[0]) for place in rows.places(hubs))


@pytest.mark.parametrize("is_widest", [False, True], ids=["the first policy", "the widest policy"])
def test_no_byte_of_what_is_local_leaves(four: list[Node], wire: list[bytes], *, is_widest: bool) -> None:
    """No canary on the wire in either direction, unpacked too, nor anywhere in the other hubs' databases and files."""
    hub, *others = four
    if is_widest:
        decide(gather(hub), _widest(others[1:]))
    tide.learn(hub, first=1, count=3)
    assert [each.problem for each in run.sync_all(hub)] == ["", "", ""]
    publish.by_itself(hub)
    assert all(each.agreed for each in run.sync_all(hub))
    allowed = GROUPS if is_widest else set()
    assert {place for data in wire for place in (_told(data) if is_widest else _found(data))} == allowed
    for other in others:
        agreed = allowed if other in others[1:] else set()
        assert {place for data in _database(other) for place in _found(data)} == agreed, other.name
    files = [path for other in others for path in other.home.rglob("*") if path.is_file()]
    assert [path.name for path in files if _found(path.name.encode())] == []
    assert [path.name for path in files if not path.name.startswith("mangrove.db") and _found(path.read_bytes())] == []
    assert sum(other.tables.Statement.select().count() for other in others) >= 3
    assert all(WORD not in each.says for audience in policy.AUDIENCES for each in outbox.going(hub, audience))


@pytest.mark.parametrize("is_widest", [False, True], ids=["the first policy", "the widest policy"])
def test_no_byte_of_what_is_local_rides_on_a_stick(four: list[Node], tmp_path: Path, *, is_widest: bool) -> None:
    """Nor as it is carried, nor opened by the hub that it is for: covers, receipts, batches and the file's name."""
    hub, *others = four
    if is_widest:
        decide(gather(hub), _widest(others[1:]))
    tide.learn(hub, first=1, count=3)
    assert [each.problem for each in run.sync_all(hub)] == ["", "", ""], "each has told the key to seal to"
    first_boot.name_hub(hub, "Alder hill")
    for number, other in enumerate(others):
        first_boot.name_hub(other, f"Other {number}")
        run.sync_all(hub)
        hub.write(partial(stands.forget, hub, other.identity.hub_id))
        made = stick_out.export(hub, hub=other.identity.hub_id, to=tmp_path)
        assert made.records >= (3 if other is others[0] else 1)
        seen = set[str]()
        for file in made.files:
            assert not _found(file.read_bytes()) and not _found(file.name.encode())
            for data in stick_in.read_parts(file):
                opened = part.read(other.identity, sealing.ring(other), data)
                seen |= {place for each in opened.batches for place in _told(each.data)}
                seen |= _found(repr((opened.cover, opened.receipt)).encode())
        assert seen == (GROUPS if is_widest and other in others[1:] else set())
