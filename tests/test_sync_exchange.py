"""An exchange: what either side lacks, in whole batches, until both stand at the same positions."""

import pytest

from sync import batch as batches
from sync import exchange, give, protocol
from sync.errors import MessageWrong, SignatureWrong
from sync.exchange import Limits, Link, Report
from sync.messages import Page, PullSaid
from sync.protocol import Peering
from tests.fixtures.fused import Cut
from tests.fixtures.properties import check_folded, check_whole, digest
from tests.fixtures.sync_hub import BareHub, MakeHub, befriend, neighbours

NOOP_UP, NOOP_DOWN = 140, 100
"""What a hello may weigh without HTTP around it, so that 300 and 250 bytes suffice with it."""


@pytest.fixture
def region(make_hub: MakeHub) -> BareHub:
    """A region."""
    return make_hub("region")


@pytest.fixture
def hub(region: BareHub, make_hub: MakeHub) -> BareHub:
    """A community that has joined it."""
    made = make_hub("hub")
    befriend(made, region)
    return made


@pytest.fixture
def other(region: BareHub, make_hub: MakeHub) -> BareHub:
    """Another community of the region."""
    made = make_hub("other")
    befriend(made, region)
    return made


class Spy:
    """A link that notes what it carries, and is cut after so many messages."""

    def __init__(self, hub: BareHub, lasts: int = 1000, lose_answer: bool = False) -> None:
        self.hub, self.lasts, self.lose_answer = hub, lasts, lose_answer
        self.names: list[str] = []

    def __call__(self, name: str, body: bytes) -> bytes:
        """Carry one message."""
        self.names.append(name)
        if len(self.names) > self.lasts and not self.lose_answer:
            raise Cut("before it was there")
        answer = self.hub.answer(name, body)
        if len(self.names) > self.lasts:
            raise Cut("on the way back")
        return answer


def test_news_go_to_the_region(hub: BareHub, region: BareHub) -> None:
    """Everything for its audiences, with the same ids, and nothing local."""
    hub.say("local", "here")
    hub.say("region", "copy")
    hub.say("public", "for all")
    report = hub.sync(region)
    assert (report.pushed, report.pulled, report.agreed) == (4, 0, True)
    assert region.texts("region") == ["copy"] and region.texts("public") == ["for all"]
    assert region.texts("local") == []


def test_news_of_the_region_come_back(hub: BareHub, region: BareHub) -> None:
    """In the same exchange."""
    region.say("public", "welcome")
    hub.say("region", "copy")
    report = hub.sync(region)
    assert (report.pushed, report.pulled, report.agreed) == (2, 2, True)
    assert hub.texts("public") == ["welcome"]


def test_what_is_public_is_carried_on(hub: BareHub, other: BareHub, region: BareHub) -> None:
    """Another community hears what is public, signed by its owner, and not what is the region's."""
    hub.say("public", "for all")
    hub.say("region", "copy")
    hub.sync(region)
    report = other.sync(region)
    assert (report.pulled, report.agreed) == (2, True)
    assert other.texts("public") == ["for all"] and other.texts("region") == []


def test_neighbours_carry_the_region_news_to_each_other(hub: BareHub, other: BareHub, region: BareHub) -> None:
    """A hub that never reaches the region gets them from one that did, and gives what it has itself."""
    neighbours(hub, other)
    region.say("public", "welcome")
    other.sync(region)
    hub.say("public", "from the hills")
    assert hub.sync(other).agreed
    assert hub.texts("public") == ["from the hills", "welcome"]
    assert other.sync(region).agreed
    assert region.texts("public") == ["from the hills", "welcome"]


def test_without_news_one_small_request_is_all(hub: BareHub, region: BareHub) -> None:
    """However much was exchanged before."""
    hub.say("region", *(f"copy {number}" for number in range(300)))
    hub.sync(region)
    report = hub.sync(region)
    assert (report.requests, report.pushed, report.pulled, report.agreed) == (1, 0, 0, True)
    assert report.bytes_up <= NOOP_UP and report.bytes_down <= NOOP_DOWN


def test_news_cost_one_request_a_batch_after_the_hello(hub: BareHub, region: BareHub) -> None:
    """The answer to the last batch tells that both agree."""
    hub.say("region", *(f"copy {number}" for number in range(99)))
    assert hub.sync(region).requests == 2


def test_the_signed_time_of_the_other_hub_is_told(hub: BareHub, region: BareHub) -> None:
    """For a clock that is to be mended by it."""
    region.clock.quality = 3
    report = hub.sync(region)
    assert (report.peer_ms, report.peer_quality) == (region.clock.now_ms(), 3)
    assert report.heard_ms == hub.clock.monotonic_ms()


def test_the_time_alone_can_be_asked_for(hub: BareHub, region: BareHub) -> None:
    """One request, before anything is made ready to leave; what waits still waits."""
    hub.say("region", "waits")
    peering = hub.peerings[region.identity.hub_id]
    report = exchange.ask_time(hub.journal, hub.identity, peering, region.answer)
    assert (report.requests, report.peer_ms, report.pushed) == (1, region.clock.now_ms(), 0)
    assert region.texts("region") == []


@pytest.mark.parametrize("lose_answer", [False, True])
@pytest.mark.parametrize("lasts", range(8))
def test_a_cut_anywhere_costs_one_batch(hub: BareHub, region: BareHub, lasts: int, lose_answer: bool) -> None:
    """What was confirmed is not sent again, what was not is, and nothing is there twice."""
    region.say("public", *(f"news {number}" for number in range(30)))
    hub.say("region", *(f"copy {number}" for number in range(30)))
    limits, report = Limits(entries=10, entries_max=10), Report()
    peering = hub.peerings[region.identity.hub_id]
    with pytest.raises(Cut):
        link = Spy(region, lasts, lose_answer)
        exchange.run(hub.journal, hub.identity, peering, link, limits=limits, report=report)
    again = hub.sync(region, limits=limits)
    assert again.agreed
    assert 62 - 10 <= report.pushed + report.pulled + again.pushed + again.pulled <= 62
    assert len(region.texts("region")) == len(hub.texts("public")) == 30
    for each in (hub, region):
        check_whole(each)
        check_folded(each)


def test_batches_fit_the_time_that_the_line_takes(hub: BareHub, region: BareHub) -> None:
    """On a slow line they shrink to a limit, on a fast one they grow to another."""
    hub.say("region", *(f"copy {number}" for number in range(199)))
    sizes: list[int] = []

    def slow(name: str, body: bytes) -> bytes:
        hub.clock.advance(10)
        if name == "push":
            sizes.append(len(batches.read(body[33:-64]).rows))
        return region.answer(name, body)

    hub.sync(region, link=slow)
    assert sizes == [100, 50, 25, 12, 10, 3]


def test_batches_grow_on_a_fast_line(hub: BareHub, region: BareHub) -> None:
    """Twice as many each time, up to a thousand: 100, 200, 400, 800, 1000 and the rest."""
    hub.write(lambda: [hub.journal.append("region", "note", b"x") for _ in range(2999)])
    assert hub.sync(region).requests == 1 + 6


def test_batches_stay_on_an_ordinary_line(hub: BareHub, region: BareHub) -> None:
    """Four seconds a batch is as it should be."""
    hub.write(lambda: [hub.journal.append("region", "note", b"x") for _ in range(299)])

    def ordinary(name: str, body: bytes) -> bytes:
        hub.clock.advance(4)
        return region.answer(name, body)

    assert hub.sync(region, link=ordinary).requests == 1 + 3


def test_what_is_written_meanwhile_goes_too(hub: BareHub, region: BareHub) -> None:
    """Both sides are compared again when the other one went on."""
    hub.say("region", "one")

    def busy(name: str, body: bytes) -> bytes:
        answer = region.answer(name, body)
        if name == "hello" and not region.texts("public"):
            region.say("public", "meanwhile")
        return answer

    assert hub.sync(region, link=busy).agreed
    assert hub.texts("public") == ["meanwhile"]


def test_a_hub_that_never_rests_is_left_for_the_next_time(hub: BareHub, region: BareHub) -> None:
    """After three comparisons the exchange ends, and says that both do not agree yet."""

    def restless(name: str, body: bytes) -> bytes:
        answer = region.answer(name, body)
        region.say("public", "again")
        return answer

    region.say("public", "first")
    hub.say("region", "one")
    report = hub.sync(region, link=restless)
    assert not report.agreed
    assert region.texts("region") == ["one"]


def test_a_batch_that_no_longer_fits_is_left_for_the_next_time(
    hub: BareHub, region: BareHub, make_hub: MakeHub
) -> None:
    """The region went back to a backup between two messages; nothing is wrong, it is asked again."""
    hub.say("region", "one")
    hub.sync(region)
    hub.say("region", "two")
    empty = make_hub("empty").database
    is_restored = False

    def restoring(name: str, body: bytes) -> bytes:
        nonlocal is_restored
        if name == "push" and not is_restored:
            is_restored = True
            region.restore(empty)
        return region.answer(name, body)

    assert not hub.sync(region, link=restoring).agreed
    assert hub.sync(region).agreed
    assert region.texts("region") == ["one", "two"]


def test_a_copied_card_loses_nothing(hub: BareHub, region: BareHub) -> None:
    """Both devices go on, the region keeps both tails once, and both go on in new incarnations."""
    hub.say("region", "before")
    hub.sync(region)
    twin = hub.copy("twin")
    hub.say("region", *(f"here {number}" for number in range(5)))
    twin.say("region", *(f"there {number}" for number in range(20)))
    for each in (hub, twin, hub, twin):
        assert each.sync(region).agreed
    assert hub.texts("region") == twin.texts("region") == region.texts("region")
    assert len(region.texts("region")) == 26
    assert digest(hub, region) == digest(twin, region) == digest(region, hub)
    for each in (hub, twin, region):
        check_whole(each)
        check_folded(each)


def test_a_copied_card_comes_to_rest(hub: BareHub, region: BareHub) -> None:
    """After each device has its own incarnation, they only tell their news: no fork again, one request without news."""
    twin = hub.copy("twin")
    hub.say("region", "here")
    twin.say("region", "there")
    for each in (hub, twin, hub, twin):
        each.sync(region)
    lines = len(region.journal.streams())
    hub.say("region", "here again")
    twin.say("region", "there again")
    for each in (hub, twin, hub, twin):
        each.sync(region)
    assert len(region.journal.streams()) == lines
    assert [each.sync(region).requests for each in (hub, twin)] == [1, 1]


def test_a_region_that_was_restored_gets_everything_again(hub: BareHub, region: BareHub) -> None:
    """Its own tail too, from the first community that comes."""
    older = region.database.twin()
    region.say("public", "lost")
    hub.say("region", "copy")
    hub.sync(region)
    region.restore(older, with_marks=True)
    region.say("public", "meanwhile")
    assert hub.sync(region).agreed
    assert region.texts("public") == hub.texts("public") == ["lost", "meanwhile"]
    assert region.texts("region") == ["copy"]


def test_streams_of_third_hubs_come_in_pages(
    hub: BareHub, other: BareHub, region: BareHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More of them than fit one page are all compared."""
    monkeypatch.setattr("sync.server.PAGE_POSITIONS", 2)
    for _ in range(5):
        other.say("public", "news")
        other.journal.begin_incarnation("again")
    other.sync(region)
    link = Spy(region)
    assert hub.sync(region, link=link).agreed
    assert len(hub.texts("public")) == 5
    assert link.names.count("positions") == 4


def test_a_page_does_not_part_a_stream(
    hub: BareHub, other: BareHub, region: BareHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stream and its branch come in one page, whatever fits."""
    other.say("public", "news")
    twin = other.copy("twin")
    other.say("public", "here")
    twin.say("public", "there")
    other.sync(region)
    twin.sync(region)
    monkeypatch.setattr("sync.server.PAGE_POSITIONS", 3)
    assert hub.sync(region).agreed
    assert hub.texts("public") == ["here", "news", "there"]


def test_nothing_local_is_exchanged_even_when_a_peering_says_so(hub: BareHub, region: BareHub) -> None:
    """What is local never leaves, by construction."""
    hub.say("local", "here")
    region.say("local", "there")
    for one, two in ((hub, region), (region, hub)):
        one.peerings[two.identity.hub_id] = Peering(two.identity.hub_id, ("local",), ("local",))
    assert hub.sync(region).requests == 1
    assert hub.texts("local") == ["here"] and region.texts("local") == ["there"]


def test_what_a_hub_is_not_to_take_is_refused(hub: BareHub, region: BareHub) -> None:
    """A peering that takes nothing gets nothing in, and says so."""
    region.say("public", "welcome")
    hub.peerings[region.identity.hub_id] = Peering(region.identity.hub_id, ("public",), ())
    assert "may not bring it" in next(iter(hub.sync(region).refused.values()))
    assert hub.journal.streams() == []


def test_another_hub_behind_the_address_is_noticed(hub: BareHub, region: BareHub, other: BareHub) -> None:
    """Somebody who answers in the region's place has not its key."""

    def pretended(name: str, body: bytes) -> bytes:
        return protocol.answer(other.identity, name, body, bytes(8))

    with pytest.raises(SignatureWrong, match="somebody else"):
        hub.sync(region, link=pretended)


def _lying(region: BareHub, name: str, body: bytes) -> Link:
    """A link to a region that has the right key and always answers one of the messages with `body`."""

    def link(asked_name: str, asked: bytes) -> bytes:
        is_lie = asked_name == name
        return protocol.answer(region.identity, name, asked, body) if is_lie else region.answer(asked_name, asked)

    return link


def test_another_stream_than_was_asked_for_is_refused(hub: BareHub, region: BareHub, other: BareHub) -> None:
    """A batch that is right in itself does not come in by the way."""
    region.say("public", "welcome")
    other.say("public", "other")
    (line,) = other.journal.streams(hub=other.identity.hub_id)
    data, _ = give.make(other.journal, line, 0, 10)
    with pytest.raises(MessageWrong, match="not asked for"):
        hub.sync(region, link=_lying(region, "pull", PullSaid(data).packed()))


def test_a_region_that_says_nothing_new_is_not_asked_for_ever(hub: BareHub, region: BareHub) -> None:
    """A promise of entries that never come ends the exchange, unagreed."""
    region.say("public", "welcome")
    report = hub.sync(region, link=_lying(region, "pull", b""))
    assert (report.agreed, report.requests) == (False, 3)


def test_pages_that_go_in_a_circle_are_refused(hub: BareHub, other: BareHub, region: BareHub) -> None:
    """A page must come after the one before."""
    other.say("public", "news")
    other.sync(region)
    page = Page((protocol.Position("00" * 16, 1, bytes(16)),))
    with pytest.raises(MessageWrong, match="circle"):
        hub.sync(region, link=_lying(region, "positions", page.packed()))
