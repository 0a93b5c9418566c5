"""A hub that is killed (`kill -9`) while records come in: what was answered is there, and of no batch a half.

MANGROVE_SOAK makes it go on for so many rounds; a failure prints its seed, and MANGROVE_SEED plays that one again.
"""

import os
import random
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.learning import statement
from tests.fixtures.records import LOST, Client, Store

ROUNDS = int(os.environ.get("MANGROVE_SOAK", "2"))
SENDERS = 4
BATCH = 7
WITHIN_S = 0.4
"""Within this time after the first answers the power goes."""
STATE = "activities/state?activityId=http%3A%2F%2Fa.org%2F1&agent=%7B%22mbox%22%3A%22mailto%3Aa%40b.org%22%7D&stateId="


class Sender:
    """Sends batches, single statements and documents until the line breaks, and remembers which were answered."""

    def __init__(self, client: Client, chance: random.Random) -> None:
        self.client, self._chance = client, chance
        self.answered: list[list[str]] = []
        self.asked: list[list[str]] = []
        self.documents: list[str] = []
        self.refused: list[Any] = []

    def _id(self) -> str:
        return str(uuid.UUID(bytes=self._chance.randbytes(16), version=4))

    def send_until(self, over: threading.Event) -> None:
        """Go on until the hub has gone, or it is over."""
        try:
            while not over.is_set():
                self._send(self.client, self._chance.choice((1, BATCH)))
        except LOST:
            self.client.close()

    def _send(self, client: Client, count: int) -> None:
        ids = [self._id() for _ in range(count)]
        self.asked.append(ids)
        said = [statement(id=each, result={"response": each * 20}) for each in ids]
        status = client.ask("POST", "statements", said).status if count > 1 else client.put(said[0])
        if status in (200, 204):
            self.answered.append(ids)
        else:
            self.refused.append(status)
        name = self._id()
        if client.ask("PUT", STATE + name, {"page": name}).status == 204:
            self.documents.append(name)


def _cut_while_sending(store: Store, senders: list[Sender], chance: random.Random) -> None:
    over = threading.Event()
    before = [len(each.answered) for each in senders]
    threads = [threading.Thread(target=each.send_until, args=(over,)) for each in senders]
    for thread in threads:
        thread.start()
    while any(len(each.answered) == count for each, count in zip(senders, before, strict=True)):
        assert any(thread.is_alive() for thread in threads), [each.refused for each in senders]
        time.sleep(0.005)
    time.sleep(chance.random() * WITHIN_S)
    store.machine.cut()
    over.set()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("workers", [1, 2])
def test_what_was_answered_is_there_after_a_kill(make_store: Callable[..., Store], workers: int, engine: str) -> None:
    """Batches whole or not at all, statements and documents; each once, under its id, and in lists."""
    seed = int(os.environ.get("MANGROVE_SEED") or random.SystemRandom().getrandbits(32))
    print(f"{workers} processes on {engine}; once more with MANGROVE_SEED={seed}")
    chance, store = random.Random(seed), make_store(workers)
    senders = [Sender(store.client(), chance) for _ in range(SENDERS)]
    for _ in range(ROUNDS):
        _cut_while_sending(store, senders, chance)
        store.machine.start("--workers", str(workers))
    client = store.client()
    found = [each["id"] for each in client.find()]
    here = set(found)
    assert len(found) == len(here)
    for sender in senders:
        assert sender.refused == []
        assert [ids for ids in sender.answered if not here.issuperset(ids)] == []
        assert [ids for ids in sender.asked if here.intersection(ids) and not here.issuperset(ids)] == []
        assert [name for name in sender.documents if client.ask("GET", STATE + name).json != {"page": name}] == []
    assert here <= {each for sender in senders for ids in sender.asked for each in ids}
