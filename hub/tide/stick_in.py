"""Take in what a stick brought: parts of bundles for us, in any order, and those that we carry for others.

Each part is whole or not at all, so a file that was cut off still brings its whole parts, and the same file twice
brings nothing twice. A receipt for the sender is written beside the file; it also rides in our next bundle to it.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from content import outside
from content.errors import N_
from hub import sentences, timekeeping
from hub.errors import HubError, InputWrong
from hub.kept_clock import MINUTE_MS
from hub.node import Node
from hub.sentences import Sentence, counted, sentence
from hub.tide import broken, carried, certificates, erased, parked, peers, quota, run, sealing, stands, stick_out
from hub.tide.broken import Broken
from hub.tide.stick_files import files, heard, nameless, read_parts, recipient
from hub.tide.stick_out import RECEIPT, SUFFIX
from sync import arrive, part
from sync.arrive import Arrival, Need
from sync.errors import EnoughForToday, PeerUnknown, SealWrong, ShutOut, SignatureWrong, SyncError, VersionUnknown
from sync.part import Note

DAY_M = 24 * 60
PROBLEMS_MAX = 5
Say = Callable[[Sentence], None]
NOT_CARRIED = N_("This bundle is for another hub, which this one does not meet or has no room for. Nothing was taken.")
OWN = N_("This bundle was written by this hub itself, for another one. Nothing was taken; carry it there.")
EMPTY = N_(
    "%(name)s has nothing in it, as when a stick was pulled out too early. Nothing of it was taken; write it once more."
)
NOTHING = N_("Nothing here is for this hub, or to be kept for another one. Nothing was changed.")
REFUSED: dict[type[SyncError], str] = {
    VersionUnknown: N_(
        "A bundle is of another version of the program. Nothing of it was taken; the older of the two hubs needs an"
        " update."
    ),
    ShutOut: N_(
        "A bundle is of a hub that does not belong to the region any more. Nothing of it was taken; what came before"
        " counts and stays."
    ),
    PeerUnknown: N_(
        "A bundle is of a hub that this one does not exchange with, or brings what that hub may not bring. Nothing of"
        " it was taken; join the hub with a code first."
    ),
    SignatureWrong: N_(
        "A bundle is not signed by the hub that it claims. Nothing of it was taken; ask who wrote it for a new one."
    ),
    SealWrong: N_(
        "A part of a bundle was changed on its way, or is sealed to a key that this hub does not have any more."
        " Nothing of it was taken; ask for a new bundle."
    ),
    EnoughForToday: quota.ENOUGH,
    SyncError: N_(
        "A part of a bundle is cut off or damaged. Nothing of it was taken, and what came whole is safe; carry it once"
        " more."
    ),
}
"""What is said of a part that was refused, by the first family that fits."""


@dataclass
class Imported:
    """What was brought: `records` new ones from the hubs `names`, in `parts` parts that were for us.

    `waiting` parts wait for others, `missing` could not wait, `carried` are kept for other hubs, and `delivered` came
    to theirs before, as those say themselves: `heard` are their words. `receipts` says how often somebody signed where
    it stands; `problems` are sentences about what was not taken.
    """

    names: list[str] = field(default_factory=list)
    records: int = 0
    parts: int = 0
    waiting: int = 0
    missing: int = 0
    carried: int = 0
    receipts: int = 0
    problems: list[Sentence] = field(default_factory=list)
    delivered: int = 0
    receipt_file: Path | None = None
    heard: dict[str, Note] = field(default_factory=dict)
    hubs: set[str] = field(default_factory=set)

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        names = ("records", "parts", "waiting", "missing", "carried", "delivered", "receipts")
        file = str(self.receipt_file) if self.receipt_file else ""
        said = [str(each) for each in self.problems]
        return {"from": self.names, **{name: getattr(self, name) for name in names}, "problems": said, "receipt": file}


def take_in(
    node: Node, file: Path, *, say: Say = lambda _said: None, look: Callable[[], None] = lambda: None
) -> Imported:
    """Take in a file with those of the same bundle beside it, or all bundles in a folder.

    Raises InputWrong when there is none. What could not be taken is told, and nothing of it is kept.
    """
    found, odd = files(file), nameless(file)
    if not found and not odd:
        name = outside.readable(str(file))
        raise InputWrong("There is no bundle of the tide at %(name)s. Nothing was taken.", name=name)
    made = Imported(heard=heard(found))
    if odd:
        _add_problem(made, left_out(odd))
    with run.alone(node):
        carried.grow_older(node)
        carried.forget(node, made.heard.values())
        for number, path in enumerate(found, 1):
            say(sentence("Reading file %(number)s of %(count)s.", number=number, count=len(found)))
            for data in _tried_parts(path, made):
                look()
                _take(node, path, data, made)
        if made.hubs:
            made.receipt_file = _receipt(node, file, sorted(made.hubs))
    return made


def take_part(node: Node, data: bytes, made: Imported) -> str:
    """Take one part that is for us, and return its bundle. Raises what `arrive` raises; nothing was taken then.

    It waits for no exchange of ours: the hub that hands it over may be waiting for us.
    """
    _take_ours(node, data, made)
    return part.look(data).bundle


def told(made: Imported) -> Sentence:
    """What was brought, in sentences."""
    said: list[Sentence] = []
    if made.parts:
        said.append(_came(made))
    if made.waiting:
        said.append(
            counted(
                "%(num)d part waits for another that goes before it.",
                "%(num)d parts wait for others that go before them.",
                made.waiting,
            )
        )
    if made.carried:
        said.append(
            counted("%(num)d part is kept for another hub.", "%(num)d parts are kept for other hubs.", made.carried)
        )
    if made.delivered:
        said.append(
            counted(
                "%(num)d part has come to its hub already; the file that it lies in can be deleted.",
                "%(num)d parts have come to their hubs already; the files that they lie in can be deleted.",
                made.delivered,
            )
        )
    said += made.problems
    return sentences.joined(*said) if said else sentence(NOTHING)


def left_out(count: int) -> Sentence:
    """That files have names which cannot be written down."""
    return counted(
        "%(num)d file has a name that this hub cannot write down. It was left out; give it another name.",
        "%(num)d files have names that this hub cannot write down. They were left out; give them other names.",
        count,
    )


def _came(made: Imported) -> Sentence:
    names = ", ".join(made.names)
    if not made.records:
        return sentence("%(name)s: nothing new. All of it was here already.", name=names)
    return counted(
        "%(name)s: %(num)d new record came.", "%(name)s: %(num)d new records came.", made.records, name=names
    )


def _tried_parts(path: Path, made: Imported) -> Iterator[bytes]:
    """The same, with what is wrong in the list of problems."""
    is_empty, name = True, outside.readable(path.name)
    try:
        for data in read_parts(path):
            is_empty = False
            yield data
        if is_empty:
            _add_problem(made, sentence(EMPTY, name=name))
    except SyncError as mistake:
        _add_problem(made, _refused(mistake))
    except OSError as mistake:
        why = mistake.strerror or ""
        _add_problem(
            made, sentence("%(name)s cannot be read (%(why)s). What came before it is safe.", name=name, why=why)
        )


def _take(node: Node, path: Path, data: bytes, made: Imported) -> None:
    """One part: for us, or for somebody whom we meet."""
    try:
        cover = part.look(data)
        if cover.recipient == node.identity.hub_id:
            _take_ours(node, data, made)
        elif carried.is_delivered(node, cover, made.heard):
            made.delivered += 1
        elif cover.bundle in stands.standing(node, cover.recipient).sent:
            if not path.name.endswith(f"{RECEIPT}{SUFFIX}"):
                _add_problem(made, sentence(OWN))
        elif carried.take(node, data):
            made.carried += 1
        else:
            _add_problem(made, sentence(NOT_CARRIED))
    except OSError as mistake:
        raise stick_out.refused(mistake) from mistake
    except SyncError as mistake:
        _add_problem(made, _refused(mistake))


def _take_ours(node: Node, data: bytes, made: Imported) -> None:
    listed = certificates.peerings(node)
    park = parked.waiting(node)
    came = arrive.arrive(node.journal, node.identity, sealing.ring(node), listed, park, data)
    sender = came.part.sender
    made.parts += 1
    made.records += came.fresh - came.opened
    name = peers.called(node, sender)
    if name not in made.names:
        made.names.append(name)
    _remember(node, came, made)
    broken.note(node, sender, came.taken.left, came.taken.brought)
    for each in broken.broken(node, sender) if came.taken.left else ():
        if each.root in came.taken.left:
            _add_problem(made, _left_says(node, name, each))
    if came.need is not None and not came.waits:
        made.missing += 1
        _add_problem(made, _needs(name, came.need))
    made.waiting += came.waits


def _remember(node: Node, came: Arrival, made: Imported) -> None:
    """What a part says beside its records."""
    sender, cover = came.part.sender, came.part.cover
    underway_ms = min(cover.age_m, node.settings.carry_days * DAY_M) * MINUTE_MS
    timekeeping.hear_carried(node, moment_ms=came.part.now_ms + underway_ms, quality=came.part.quality)
    peers.note_visit(node, sender)
    stands.note_part(node, sender, cover, is_taken=came.need is None)
    if came.part.receipt is not None:
        stands.note_receipt(node, sender, came.part.receipt)
        _prove(node, sender)
        made.receipts += 1
    if came.part.batches:
        made.hubs.add(sender)


def _prove(node: Node, hub: str) -> None:
    """Where a hub stands says which erasures it has taken."""
    awaited, known, peer = erased.awaited(node, hub), stands.standing(node, hub).positions, peers.peer(node, hub)
    if awaited and known and peer and erased.stands_past(node, certificates.peering(node, peer), known):
        erased.prove(node, awaited)


def _needs(name: str, need: Need) -> Sentence:
    return sentence(
        "A part of “%(name)s” goes on from records that are not here: they are needed from number %(first)s on. Nothing"
        " of it was taken; bring the parts before it, or ask for a new bundle.",
        name=name,
        first=need.first,
    )


def _left_says(node: Node, name: str, left: Broken) -> Sentence:
    """Which stream was left, and why."""
    if left.hub:
        return sentence(
            "Of what “%(name)s” brings, the records of “%(hub)s” were left where they stand, and everything else was"
            " taken. %(why)s",
            name=name,
            hub=peers.called(node, left.hub),
            why=left.says,
        )
    return sentence(
        "Of what “%(name)s” brings, the stream %(stream)s was left where it stands, and everything else was taken."
        " %(why)s",
        name=name,
        stream=left.root[:8],
        why=left.says,
    )


def _refused(mistake: SyncError) -> Sentence:
    return sentence(next(said for family, said in REFUSED.items() if isinstance(mistake, family)))


def _add_problem(made: Imported, said: Sentence) -> None:
    if said not in made.problems and len(made.problems) < PROBLEMS_MAX:
        made.problems.append(said)


def _is_for(hub: str, place: Path) -> bool:
    return recipient(place) == hub


def _receipt(node: Node, file: Path, hubs: list[str]) -> Path | None:
    """Write receipts beside what was taken; where that cannot be, they ride in our next bundles."""
    made = None
    folder = file if file.is_dir() else file.parent
    for hub in hubs:
        place = stick_out.fresh(folder, peers.called(node, hub), RECEIPT, is_ours=partial(_is_for, hub))
        with suppress(HubError):
            made = stick_out.write_receipt(node, hub=hub, to=place) or made
    return made
