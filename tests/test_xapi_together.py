"""Many at once: of equal ones one is kept, of different ones under an id one wins; nothing is lost, nothing twice."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.fixtures.learning import statement
from tests.fixtures.records import Client, Store

WRITERS = 6
EACH = 12
NOBODY = "2020-01-01T00:00:00Z"


def _ids(count: int) -> list[str]:
    return [str(uuid.uuid4()) for _ in range(count)]


def _together(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all at once; what each returned, in order."""
    answers: list[Any] = [None] * len(works)
    start = threading.Barrier(len(works))

    def run(number: int) -> None:
        start.wait()
        answers[number] = works[number]()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _said(verb: str, kept: str, **parts: Any) -> dict[str, Any]:
    return statement(id=kept, verb={"id": verb}, **parts)


@pytest.fixture(scope="module", params=[1, 2], ids=["one process", "two processes"])
def store(request: pytest.FixtureRequest, make_store: Callable[..., Store]) -> Store:
    """A hub that serves from so many processes, for all tests here."""
    return make_store(request.param)


@pytest.fixture
def verb() -> str:
    """What only the statements of this test say."""
    return f"http://a.org/{uuid.uuid4()}"


def test_writers_at_once_lose_nothing_and_keep_nothing_twice(store: Store, verb: str) -> None:
    """Equal ones by all, different ones under one id by all, and each its own, at the same time."""
    same, fought, own = _ids(EACH), _ids(EACH), [_ids(EACH) for _ in range(WRITERS)]

    def write(client: Client, number: int) -> dict[str, int]:
        statuses = {}
        for at in range(EACH):
            assert client.put(_said(verb, same[at])) == 204
            statuses[fought[at]] = client.put(_said(verb, fought[at], result={"response": str(number)}))
            assert client.ask("POST", "statements", [_said(verb, own[number][at])]).status == 200
        return statuses

    clients = [store.client() for _ in range(WRITERS)]
    answers = _together([lambda c=client, n=number: write(c, n) for number, client in enumerate(clients)])
    for each in fought:
        winners = [number for number, statuses in enumerate(answers) if statuses[each] == 204]
        assert [len(winners), Counter(statuses[each] for statuses in answers)[409]] == [1, WRITERS - 1]
        standing = clients[0].ask("GET", f"statements?statementId={each}").json
        assert standing["result"]["response"] == str(winners[0])
    found = Counter(each["id"] for each in clients[0].find(verb=verb))
    assert found == Counter([*same, *fought, *(each for ids in own for each in ids)])


def test_each_sender_s_own_order_is_kept(store: Store, verb: str) -> None:
    """Oldest first, what one tool sent one after the other stands one after the other, whoever writes beside it."""
    own = [_ids(EACH) for _ in range(WRITERS)]
    clients = [store.client() for _ in range(WRITERS)]

    def write(client: Client, ids: list[str]) -> None:
        for at in range(0, EACH, 3):
            assert client.ask("POST", "statements", [_said(verb, each) for each in ids[at : at + 3]]).status == 200

    _together([lambda c=client, i=ids: write(c, i) for client, ids in zip(clients, own, strict=True)])
    found = [each["id"] for each in clients[0].find(verb=verb, ascending="true")]
    stored = [each["stored"] for each in clients[0].find(verb=verb, ascending="true")]
    assert stored == sorted(stored)
    assert [[each for each in found if each in ids] for ids in own] == own
    assert [each["id"] for each in clients[0].find(verb=verb)] == found[::-1]


def test_batches_that_fight_leave_whole_ones_only(store: Store, verb: str) -> None:
    """Each batch holds something of its own and one id that all want: one batch is whole, of the others nothing."""
    shared, own = _ids(1)[0], [_ids(4) for _ in range(WRITERS)]

    def send(client: Client, number: int) -> int:
        fought = _said(verb, shared, result={"response": str(number)})
        mine = [_said(verb, each) for each in own[number]]
        return client.ask("POST", "statements", [*mine[:2], fought, *mine[2:]]).status

    clients = [store.client() for _ in range(WRITERS)]
    statuses = _together([lambda c=client, n=number: send(c, n) for number, client in enumerate(clients)])
    assert Counter(statuses) == {200: 1, 409: WRITERS - 1}
    found = {each["id"] for each in clients[0].find(verb=verb)}
    assert found == {shared, *own[statuses.index(200)]}


def test_a_follower_misses_nothing(store: Store, verb: str) -> None:
    """Whoever asks since the last moment that was promised whole gets each statement, once, while many write."""
    own, over = [_ids(2 * EACH) for _ in range(WRITERS)], threading.Event()
    left = threading.Semaphore(0)

    def write(client: Client, ids: list[str]) -> None:
        for each in ids:
            assert client.put(_said(verb, each)) == 204
        left.release()

    def end() -> None:
        for _ in range(WRITERS):
            left.acquire()
        over.set()

    def follow(client: Client) -> list[str]:
        met, moment, is_last = [], NOBODY, False
        while not is_last:
            is_last = over.is_set()
            answer = client.ask("GET", f"statements?verb={verb}&ascending=true&since={moment}")
            through = answer.headers["x-experience-api-consistent-through"]
            met += [each["id"] for each in answer.json["statements"] if each["stored"] <= through]
            assert not answer.json["more"]
            moment = max(moment, through)
        return met + [each["id"] for each in client.find(verb=verb, ascending="true", since=moment)]

    clients = [store.client() for _ in range(WRITERS + 1)]
    works = [lambda c=client, i=ids: write(c, i) for client, ids in zip(clients, own, strict=False)]
    answers = _together([*works, end, lambda: follow(clients[-1])])
    assert Counter(answers[-1]) == Counter(each for ids in own for each in ids)
