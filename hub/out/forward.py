"""Send learning records on to outside stores: what may go, in the order in which it was recorded here, and no more.

A batch is noted as going before it is sent, and the place in our own journal moves only once the other side has
answered. So a cut anywhere sends some of it again, which changes nothing there: each statement keeps its id. What is
voided here, and what somebody takes a yes back for, is voided there too.
"""

import fcntl
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from content.errors import N_
from hub import own_keys, sentences
from hub.errors import InputWrong, PeerRefused
from hub.node import Node
from hub.out import consented, destinations, sent, sharing
from hub.out.destinations import ACTIVE, STOPPED, Access, Destination, position
from hub.out.line import CONFLICT, DENIED, LATER, LOST, OK, REFUSED, STRANGE, TOO_LARGE, Answer, Line
from hub.out.sent import Going
from hub.sentences import Sentence, counted, sentence
from hub.tables import put
from hub.tide.policy import Stand
from hub.vocabulary import VOIDED, agent_key
from hub.xapi import store
from sync.journal import Placed

JOB = "forward"
BATCH = 50
"""Statements in one request."""
LOOK = 200
"""Entries looked at in one transaction: a learner who answers meanwhile waits for one look at most."""
ROUNDS_MAX = 400
"""Looks of one job; what is left goes with the next, so that other work has its turn."""
EVERY_MS = 1_800_000
"""How long new records wait at most for the next job, while all is well."""
REST_MS, REST_MS_MAX = 60_000, 21_600_000
"""The first rest after a try that failed, twice as long after each further one, and the longest."""
STATEMENT = "statement"
RESTING = N_("No destination takes records now. Nothing was sent; add or resume one.")

Say = Callable[[Sentence], None]
Connect = Callable[[Access], Line]


@dataclass
class Report:
    """What came of going to one destination: counts, and a sentence when something is wrong."""

    name: str
    sent: int = 0
    known: int = 0
    refused: int = 0
    voided: int = 0
    problem: str = ""
    is_at_end: bool = True
    is_stopped: bool = False
    latest: list[dict[str, Any]] = field(default_factory=list)


class _Halt(Exception):
    """The other side cannot or will not take more now."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.word)
        self.answer = answer


def is_due(node: Node) -> bool:
    """Whether the worker should go: some destination may take records now, and there may be some for it."""
    now = node.clock.now_ms()
    going = [each for each in destinations.destinations(node) if each.state == ACTIVE]
    return any(not _is_ahead(each.next_ms, now) and sent.is_behind(node, each.id) for each in going)


def by_itself(node: Node, say: Say) -> Sentence:
    """Go to every destination whose time has come, for the background worker; what came of it in words.

    Raises PeerRefused with those words when somebody has to look at one.
    """
    now = node.clock.now_ms()
    going = [each for each in destinations.destinations(node) if each.state == ACTIVE]
    due = [each for each in going if not _is_ahead(each.next_ms, now)]
    reports = [go(node, each.id, say=say) for each in due]
    told = sentences.joined(*map(told_of, reports)) if reports else sentence("Nothing is sent on")
    if any(each.is_stopped for each in reports):
        raise PeerRefused(told.pattern, **told.facts)
    return told


def now(node: Node, *, say: Say = lambda _: None) -> list[Report]:
    """Go to every active destination at once, whatever rest it had. Raises InputWrong when there is none."""
    going = [each for each in destinations.destinations(node) if each.state == ACTIVE]
    if not going:
        raise InputWrong(RESTING)
    return [go(node, each.id, say=say) for each in going]


def go(node: Node, destination: str, *, say: Say = lambda _: None, connect: Connect = Line) -> Report:
    """Send what may go to one destination; how it went is kept with it. Safe to repeat and to cut."""
    with _alone(node):
        found = destinations.destination(node, destination)
        report = Report(found.name)
        try:
            if found.state != ACTIVE:
                raise InputWrong(RESTING)
            destinations.check_allowed(node, found)
            with closing(connect(_access(node, found))) as line:
                _Trip(node, found, line, report).go(say)
        except InputWrong as mistake:
            report.problem, report.is_stopped = sentences.of(mistake), True
        except _Halt as halt:
            report.problem, report.is_stopped = _why(halt.answer), halt.answer.word in (DENIED, STRANGE)
            _keep(node, found, report, wait_s=halt.answer.wait_s)
            return report
        _keep(node, found, report, wait_s=0)
    return report


class _Trip:
    """One way to a destination."""

    def __init__(self, node: Node, found: Destination, line: Line, report: Report) -> None:
        self._node, self._found, self._line, self._report = node, found, line, report
        self._stand = Stand(own_keys.pseudonyms(node.home), f"{JOB}:{found.id}")

    def go(self, say: Say) -> None:
        """First what is to be taken back, then what is new, until all is there or it is another job's turn."""
        self._take_back()
        for _ in range(ROUNDS_MAX):
            batch, places, is_end = self._node.write(self._look)
            if batch:
                self._deliver(batch)
            if is_end:
                return
            self._node.write(partial(self._move, places))
            if batch:
                say(told_of(self._report))
        self._report.is_at_end = False

    def _take_back(self) -> None:
        """Void there what went of people who took their yes back, however long ago."""
        words = consented.words(self._node)
        closed = consented.taken_back(self._node)
        for some in sent.of_people(self._node, self._found.id, closed, BATCH):
            self._deliver([self._void(each.statement, each.person) for each in some])
        self._node.write(partial(sent.note_words, self._node, self._found.id, words))

    def _look(self) -> tuple[list[Going], dict[str, int], bool]:
        """The next batch, noted as going; how far a stream is then; whether nothing lies behind it.

        Whose records may go is asked in the same transaction: a no that came before is known to it.
        """
        may = consented.consented(self._node, self._found.sharing)
        for stream in consented.own_streams(self._node):
            batch: list[Going] = []
            entries = self._node.journal.read(stream, after=position(self._node, self._found.id, stream), limit=LOOK)
            for placed in entries:
                batch += self._going(placed, may)
                if len(batch) >= BATCH or placed is entries[-1]:
                    sent.note_going(self._node, self._found.id, batch)
                    return batch, {stream: placed.seq}, False
        return [], {}, True

    def _going(self, placed: Placed, may: consented.Consented) -> list[Going]:
        """What an entry becomes for the destination: nothing, or one statement; what cannot be read stays here."""
        if placed.entry.kind != STATEMENT:
            return []
        with suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
            whole = store.whole(placed)
            if whole["verb"]["id"] == VOIDED:
                return self._voiding(str(whole["object"]["id"]).lower())
            person = agent_key(whole["actor"])
            if sent.is_voided(self._node, whole["id"]) or may.keeps(placed, person, whole["timestamp"]):
                return []
            body = sharing.shared(whole, self._found.sharing, self._stand)
            if body is not None:
                return [Going(whole["id"], person, body, (placed.stream, placed.seq))]
        return []

    def _voiding(self, target: str) -> list[Going]:
        """What takes back a statement that went there, once it counts as voided here."""
        went = sent.state_of(self._node, self._found.id, target)
        is_there = went is not None and went.state in (sent.GOING, sent.SENT)
        return [self._void(target, went.person)] if went and is_there and sent.is_voided(self._node, target) else []

    def _void(self, statement: str, person: str) -> Going:
        hub, at_ms = self._node.identity.hub_id, self._node.clock.now_ms()
        body = sharing.voiding(statement, hub=hub, at_ms=at_ms, sharing=self._found.sharing, stand=self._stand)
        return Going(statement, person, body, None, is_voiding=True)

    def _deliver(self, batch: Sequence[Going]) -> None:
        """Send a batch; one that is not taken whole goes in halves, so that the rest of it is not held up.

        Raises _Halt when no more can be sent now.
        """
        answer = self._line.send([each.body for each in batch])
        if answer.word == OK:
            self._settled([each for each in batch if not each.is_voiding], sent.SENT, "")
            self._settled([each for each in batch if each.is_voiding], sent.VOIDED, "")
        elif answer.word in (CONFLICT, REFUSED, TOO_LARGE):
            if len(batch) > 1:
                half = len(batch) // 2
                self._deliver(batch[:half])
                self._deliver(batch[half:])
            else:
                self._not_taken(batch[0], answer)
        else:
            raise _Halt(answer)

    def _not_taken(self, one: Going, answer: Answer) -> None:
        """One statement that the other side will not have: noted, and passed over."""
        if one.is_voiding:
            is_gone = answer.word == CONFLICT
            self._settled([one], sent.VOIDED if is_gone else sent.KEPT, answer.why)
        else:
            self._settled([one], sent.KNOWN if answer.word == CONFLICT else sent.REFUSED, answer.why)

    def _settled(self, batch: Sequence[Going], state: str, why: str) -> None:
        """The other side has answered: note it, and move our place behind the batch."""
        new = {each.place[0]: each.place[1] for each in batch if each.place is not None}

        def work() -> None:
            sent.note(self._node, self._found.id, batch, state, why)
            self._move(new)

        self._node.write(work)
        count = {sent.SENT: "sent", sent.KNOWN: "known", sent.REFUSED: "refused", sent.VOIDED: "voided"}.get(state)
        if count:
            setattr(self._report, count, getattr(self._report, count) + len(batch))
        if state in (sent.SENT, sent.VOIDED):
            self._report.latest = [*self._report.latest, *(each.body for each in batch)][-sent.SHOWN :]

    def _move(self, places: dict[str, int]) -> None:
        for stream, seq in places.items():
            put(self._node.tables.Note, name=destinations.mark(self._found.id, stream), value=json.dumps(seq))


def told_of(report: Report) -> Sentence:
    """What came of going to a destination, in words."""
    said = counted(
        "%(name)s: %(num)d record was sent.", "%(name)s: %(num)d records were sent.", report.sent, name=report.name
    )
    more = []
    if report.voided:
        more.append(counted("%(num)d was taken back there.", "%(num)d were taken back there.", report.voided))
    if report.refused:
        more.append(counted("%(num)d was not taken.", "%(num)d were not taken.", report.refused))
    if report.known:
        more.append(counted("%(num)d is there with other words.", "%(num)d are there with other words.", report.known))
    if isinstance(report.problem, Sentence):
        more.append(report.problem)
    return sentences.joined(said, *more)


def _access(node: Node, found: Destination) -> Access:
    """How the destination is spoken to. Raises InputWrong when its secret is away."""
    secret = destinations.secret(node, found.id)
    if not secret:
        raise InputWrong("The secret of this destination is away: no backup holds it. Nothing was sent; give it anew.")
    return Access(found.url, found.version, found.username, secret)


def _keep(node: Node, found: Destination, report: Report, *, wait_s: int) -> None:
    """Keep how it went with the destination: what it says, and when the next try is due."""
    now, fails = node.clock.now_ms(), found.fails + 1 if report.problem else 0
    rest = EVERY_MS if report.is_at_end else 0
    if report.problem:
        rest = max(min(REST_MS_MAX, REST_MS * 2 ** min(fails - 1, 20)), wait_s * 1000)
    facts: dict[str, Any] = {"problem": sentences.packed(report.problem), "fails": fails, "next_ms": now + rest}
    if report.sent or report.voided:
        facts |= {"last_ms": now, "latest": _latest(found, report)}
    table = node.tables.Destination

    def work() -> None:
        table.update(**facts).where(table.id == found.id).execute()
        if report.is_stopped:
            table.update(state=STOPPED).where((table.id == found.id) & (table.state == ACTIVE)).execute()

    node.write(work)


def _latest(found: Destination, report: Report) -> str:
    return json.dumps([*found.latest, *report.latest][-sent.SHOWN :], ensure_ascii=False)


def _why(answer: Answer) -> Sentence:
    """A sentence for an answer with which no more can be sent."""
    if answer.word == DENIED:
        return sentence(
            "The outside store does not take our key (%(status)s). Nothing is lost; ask for a new one, then give it"
            " here.",
            status=answer.status,
        )
    if answer.word == LATER:
        return sentence(
            "The outside store is busy (%(status)s). All is safe here and goes later.", status=answer.status
        )
    if answer.word == LOST:
        return sentence("The outside store cannot be reached now. All is safe here and goes later.")
    return sentence(
        "What answers at that address is no store of learning records (%(status)s). Nothing is lost; look at the"
        " address, then resume.",
        status=answer.status,
    )


def _is_ahead(moment_ms: int, now_ms: int) -> bool:
    """Whether a moment is still to come; one that is further off than any rest is a clock that went back."""
    return now_ms < moment_ms <= now_ms + max(REST_MS_MAX, 86_400_000)


@contextmanager
def _alone(node: Node) -> Iterator[None]:
    """Wait until nobody else of this home forwards. The lock goes with the process, however that ends."""
    with (node.home / "forward.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
