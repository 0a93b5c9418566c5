"""The background work of fetching: look what is offered, take new editions, bring what is missing, over days.

It is done in stretches: it gives way to other work that waits, and is taken up again half a minute later. Whatever
cuts it, what came is kept, and after a failure it rests, twice as long each time, up to an hour; it never gives up.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from content.errors import ContentError
from hub import jobs, library, sentences
from hub.collections import offers, pace, sources, subscriptions
from hub.collections.gather import Gathering
from hub.collections.pace import Halted, Pace
from hub.collections.subscriptions import REST_MS_MAX, Subscription
from hub.errors import HubError
from hub.node import Node
from hub.sentences import Sentence, counted, sentence
from hub.tables import put
from sync.errors import SyncError

JOB, LOOK_JOB = "fetch", "offers"
LOOKED = "offers"
REST_MS = 60_000
Say = Callable[[Sentence], None]
Sleep = Callable[[float], None]


def is_due(node: Node) -> bool:
    """Whether something is to be fetched now."""
    return not pace.is_spent(node) and next(subscriptions.due(node), None) is not None


def is_look_due(node: Node) -> bool:
    """Whether it is time to hear what hubs offer: as often as the tide goes, once somebody has subscribed."""
    every_ms = node.settings.sync_every * 1000
    if not every_ms or not node.tables.Subscription.select().exists():
        return False
    row = node.tables.Note.get_or_none(node.tables.Note.name == LOOKED)
    passed_ms = node.clock.now_ms() - int(row.value) if row is not None else every_ms
    return not 0 <= passed_ms < every_ms


def look(node: Node) -> Sentence:
    """Hear what hubs offer, and go over to new editions of what is taken here."""
    said, now = offers.look(node), node.clock.now_ms()
    node.write(lambda: put(node.tables.Note, name=LOOKED, value=str(now)))
    for each in subscriptions.subscriptions(node):
        taken, problem = subscriptions.renew(node, each)
        if problem:
            subscriptions.note_tried(
                node, taken.id, problem=problem, next_ms=taken.next_ms, fails=taken.fails, is_asked=taken.is_asked
            )
    return said


def by_itself(node: Node, say: Say) -> Sentence:
    """One stretch for the background worker; what came of it in words. Who asks for it now means what is new, too."""
    if any(each.is_asked for each in subscriptions.subscriptions(node)):
        look(node)
    return fetch(node, say=say, gives_way=True)


def fetch(
    node: Node,
    *,
    say: Say = lambda _said: None,
    gives_way: bool = False,
    only: str = "",
    sleep: Sleep = time.sleep,
) -> Sentence:
    """Fetch what may be fetched now, of one collection when it is named; what came of it in words."""
    with sources.alone(node) as is_alone:
        if not is_alone:
            return sentence("Somebody else fetches for this hub just now. It goes on by itself.")
        said = [
            _one(node, each, say=say, gives_way=gives_way, sleep=sleep)
            for each in list(subscriptions.due(node))
            if only in ("", each.id)
        ]
    subscriptions.settle(node)
    if not said:
        return sentence("There is nothing to fetch just now.")
    return sentences.joined(*said)


def _one(node: Node, taken: Subscription, *, say: Say, gives_way: bool, sleep: Sleep) -> Sentence:
    """One collection, as far as it goes."""
    begun_ms, came = node.clock.now_ms(), 0
    pace_ = Pace(node, lambda: _look(node, taken, say, begun_ms if gives_way else None), sleep=sleep)
    problem: str = ""
    is_over = False
    try:
        with ExitStack() as stack:
            known = list(sources.reachable(node, pause=sleep))
            for source in known:
                stack.callback(source.close)
            came = _bring(node, taken, known, pace_, say)
        is_over = True
    except Halted as halted:
        problem = halted.why
    except (HubError, SyncError, ContentError) as mistake:
        problem = sentences.of(mistake)
        _note_failed(node, taken, problem)
        return sentence("%(title)s: %(why)s", title=taken.collection.title, why=problem)
    finally:
        pace_.keep()
    subscriptions.note_tried(
        node, taken.id, problem="" if is_over else problem, next_ms=0, fails=0, is_asked=taken.is_asked and not is_over
    )
    if not is_over:
        return sentence("%(title)s: %(why)s", title=taken.collection.title, why=problem)
    return counted(
        "%(title)s: %(num)d package came.", "%(title)s: %(num)d packages came.", came, title=taken.collection.title
    )


def _bring(node: Node, taken: Subscription, known: Sequence[sources.Source], pace_: Pace, say: Say) -> int:
    """All packages that are missing, one after another; each is on the shelf before the next one begins."""
    gathering, came = Gathering(node, library.incoming_of(node), known, pace_), 0
    for listed in subscriptions.wanted(node, taken):
        say(sentence("%(title)s is on its way.", title=listed.title))
        pace_.look()
        gathering.bring(listed.id, listed.digest, listed.chunks)
        subscriptions.note_held(node, taken.id, listed.id)
        came += 1
    return came


def _note_failed(node: Node, taken: Subscription, problem: str) -> None:
    """Rest before the next try: twice as long each time, and by chance, so that hubs do not all come at once."""
    fails = taken.fails + 1
    chance = int.from_bytes(node.randomness(2), "big") / 0xFFFF
    rest = min(REST_MS_MAX, REST_MS * 2 ** min(taken.fails, 10)) * (0.5 + chance / 2)
    subscriptions.note_tried(
        node,
        taken.id,
        problem=problem,
        next_ms=node.clock.now_ms() + int(rest),
        fails=fails,
        is_asked=taken.is_asked,
    )


def _look(node: Node, taken: Subscription, say: Say, begun_ms: int | None) -> None:
    """Whether to go on: raises Halted, or what `say` raises when the hub stops."""
    now = subscriptions.subscription(node, taken.id)
    if now is None or now.is_paused:
        raise Halted(sentence("It rests, as somebody asked. What came is kept."))
    if now.is_night and not now.is_asked and not pace.is_night(node):
        raise Halted(sentence("The night is over. It goes on in the next one."))
    if begun_ms is not None:
        say(sentence("%(title)s is on its way.", title=taken.collection.title))
        if jobs.counts(node)[jobs.WAITING]:
            raise Halted(sentence("Other work went first. It goes on by itself."))
