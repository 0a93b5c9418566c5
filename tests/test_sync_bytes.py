"""What an exchange costs on the line, without HTTP around it; `make bench` prints the same with it."""

import json
import random

import pytest

from sync.exchange import Limits
from tests.fixtures.sync_hub import BareHub, MakeHub, befriend

PER_RECORD_MAX = 40
"""Signed, in batches of 100, each with an id that does not pack (the budget with HTTP is 60)."""
VERBS = "http://adlnet.gov/expapi/verbs/"


@pytest.fixture
def pair(make_hub: MakeHub) -> tuple[BareHub, BareHub]:
    """A community and its region that have met before."""
    hub, region = make_hub("hub"), make_hub("region")
    befriend(hub, region)
    hub.say("region", "first")
    hub.sync(region)
    return hub, region


def _copy(chance: random.Random, people: list[str]) -> bytes:
    """A learning record as it leaves: under a pseudonym, with a stand-in for its id."""
    mark = f"{chance.getrandbits(80):020x}"
    lesson = f"safe-water-at-home-en:{chance.choice(('why', 'boil', 'store', 'quiz'))}"
    is_right = chance.random() < 0.7
    result = {"success": is_right, "score": {"scaled": int(is_right)}}
    statement = {
        "id": f"{mark[:8]}-{mark[8:12]}-8{mark[12:15]}-8{mark[15:18]}-{mark[18:]}0000000000",
        "actor": {"account": {"homePage": "urn:mangrove:pseudonyms", "name": chance.choice(people)}},
        "verb": {"id": VERBS + "answered"},
        "object": {"id": f"urn:mangrove:activity:{lesson}:q{chance.randrange(6)}"},
        "result": result,
    }
    return json.dumps({"raw": statement}, separators=(",", ":")).encode()


def test_a_record_costs_few_bytes(pair: tuple[BareHub, BareHub]) -> None:
    """A hundred records in one batch: with head, signatures, hello and all answers' requests."""
    hub, region = pair
    chance = random.Random(1)
    people = [f"{chance.getrandbits(80):020x}" for _ in range(50)]
    hub.write(
        lambda: [hub.journal.append("region", "statement", _copy(chance, people), at_ms=3_600_000) for _ in range(100)]
    )
    report = hub.sync(region, limits=Limits(entries=100, entries_max=100))
    assert (report.pushed, report.requests) == (100, 2)
    assert report.bytes_up / report.pushed <= PER_RECORD_MAX


def test_no_news_cost_the_same_however_many_streams(pair: tuple[BareHub, BareHub], make_hub: MakeHub) -> None:
    """One request of 121 bytes, answered with 73."""
    hub, region = pair
    for number in range(20):
        other = make_hub(f"other {number}")
        befriend(other, region)
        other.say("public", "news")
        other.sync(region)
    hub.sync(region)
    report = hub.sync(region)
    assert (report.requests, report.bytes_up, report.bytes_down) == (1, 121, 73)
