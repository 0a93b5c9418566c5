"""A hub without a clock is told the time: whom it believes, and that nobody is put out by it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hub import keys, projections, timekeeping
from hub.config import load
from hub.errors import InputWrong, NotAllowed
from hub.kept_clock import FILE_NAME, KeptClock
from hub.node import Node, make_home, open_node
from hub.people import roster, sessions
from hub.tables import local
from hub.tide import join
from sync import join as proofs
from sync.clock import CROWD, MACHINE, NONE, REGION
from sync.identity import Identity
from tests.fixtures.clock import START_MS, WAKES_MS, BlindClock

DAY_S = 86_400
OTHER = Identity(b"o" * 32).hub_id
MINUTE_MS = 60_000
Open = Callable[[], Node]


@pytest.fixture
def machine() -> BlindClock:
    """A machine that wakes in 1970."""
    return BlindClock()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home of its hub."""
    make_home(tmp_path / "hub")
    return tmp_path / "hub"


@pytest.fixture
def opened(home: Path, machine: BlindClock, database_url: Callable[[], str]):
    """A function that opens the hub on the machine, having closed it first."""
    nodes: list[Node] = []
    settings = load(home, {"database": database_url()}, {})

    def reopen() -> Node:
        for each in nodes:
            each.close()
        nodes.append(open_node(home, settings, clock=machine))
        return nodes[-1]

    yield reopen
    nodes[-1].close()


def phone(node: Node, machine: BlindClock, number: int, *, is_keeper: bool = False, wrong_ms: int = 0) -> bool:
    """Somebody signs in on a phone of their own."""
    return timekeeping.hear_phone(
        node,
        person=f"person {number}",
        is_keeper=is_keeper,
        phone=f"phone {number}",
        moment_ms=machine.true_ms + wrong_ms,
    )


def is_right(node: Node, machine: BlindClock) -> bool:
    """Whether the hub knows the time to the minute."""
    return abs(node.clock.now_ms() - machine.true_ms) <= MINUTE_MS


def visit(node: Node, name: str) -> str:
    """Somebody new, and one yes to one purpose in a bare entry; the person's id."""
    person = roster.add_person(node, name=name, picture="kite").id
    answers = {"elsewhere": {"answer": "given", "said": "yes"}}
    node.write(lambda: node.record("consent.visit", {"person": person, "answers": answers}))
    return person


def said_ms(node: Node, person: str) -> int:
    """When the consent was given, as pages read it."""
    return int(node.tables.ConsentAnswer.get(node.tables.ConsentAnswer.person == person).at_ms)


def test_three_phones_tell_the_time_and_two_do_not(opened: Open, machine: BlindClock) -> None:
    """The middle one of three counts, so that one liar moves nothing."""
    node = opened()
    assert not phone(node, machine, 1)
    assert not phone(node, machine, 2, wrong_ms=56 * 365 * DAY_S * 1000)
    assert node.clock.quality == NONE
    assert phone(node, machine, 3)
    assert node.clock.quality == CROWD
    assert is_right(node, machine)


@pytest.mark.parametrize("same", ["person", "phone"])
def test_one_phone_or_one_person_counts_once(opened: Open, machine: BlindClock, same: str) -> None:
    """Whoever signs in ten times, or lets ten people sign in on one phone, is one voice."""
    node = opened()
    for number in range(10):
        who = {"person": f"p{number}", "phone": f"f{number}", same: "the same"}
        assert not timekeeping.hear_phone(node, **who, is_keeper=False, moment_ms=machine.true_ms)
    assert node.clock.quality == NONE


def test_a_keeper_tells_the_time_alone(opened: Open, machine: BlindClock) -> None:
    """By the phone they sign in with, or by hand; others not, and an impossible day is refused."""
    node = opened()
    with pytest.raises(NotAllowed):
        timekeeping.set_by_hand(node, is_keeper=False, moment_ms=machine.true_ms)
    with pytest.raises(InputWrong):
        timekeeping.set_by_hand(node, is_keeper=True, moment_ms=0)
    assert timekeeping.set_by_hand(node, is_keeper=True, moment_ms=machine.true_ms - 3_600_000)
    assert phone(node, machine, 1, is_keeper=True)
    assert is_right(node, machine)
    assert not phone(node, machine, 1, is_keeper=True), "the same time is no news"


def test_people_never_overrule_a_kept_clock_or_the_region(opened: Open, machine: BlindClock) -> None:
    """A worse source is not heard; a better one is, and says it to the millisecond."""
    node = opened()
    assert phone(node, machine, 1, is_keeper=True, wrong_ms=-DAY_S * 1000)
    heard = machine.monotonic_ms()
    assert not timekeeping.hear_region(node, moment_ms=machine.true_ms, quality=CROWD, heard_ms=heard)
    assert timekeeping.hear_region(node, moment_ms=machine.true_ms, quality=MACHINE, heard_ms=heard)
    assert (node.clock.quality, node.clock.now_ms()) == (REGION, machine.true_ms)
    assert not phone(node, machine, 2, is_keeper=True, wrong_ms=DAY_S * 1000)
    with pytest.raises(InputWrong):
        timekeeping.set_by_hand(node, is_keeper=True, moment_ms=machine.true_ms + DAY_S * 1000)
    assert node.clock.now_ms() == machine.true_ms


def test_another_hub_is_worth_one_of_our_people(opened: Open, machine: BlindClock) -> None:
    """A neighbour that keeps the time tells it as a keeper does."""
    node = opened()
    heard = machine.monotonic_ms()
    assert timekeeping.hear_neighbour(node, moment_ms=machine.true_ms, quality=MACHINE, heard_ms=heard)
    assert (node.clock.quality, is_right(node, machine)) == (CROWD, True)


def test_a_machine_that_keeps_the_time_writes_nothing(opened: Open, machine: BlindClock) -> None:
    """No entry, whoever says what, while all agree."""
    machine.start(says_ms=machine.true_ms, quality=MACHINE)
    node = opened()
    timekeeping.look(node)
    heard = machine.monotonic_ms()
    assert not timekeeping.hear_region(node, moment_ms=machine.true_ms + 900, quality=MACHINE, heard_ms=heard)
    assert not node.tables.ClockFix.select().exists()


def test_a_battery_clock_that_is_wrong_gives_way_to_the_region(opened: Open, machine: BlindClock) -> None:
    """Also what was written by it is mended."""
    machine.start(says_ms=machine.true_ms + 56 * 365 * DAY_S * 1000, quality=MACHINE)
    node = opened()
    person, at = visit(node, "Amina"), machine.true_ms
    assert timekeeping.hear_region(node, moment_ms=machine.true_ms, quality=MACHINE, heard_ms=machine.monotonic_ms())
    assert node.clock.now_ms() == machine.true_ms
    assert abs(said_ms(node, person) - at) <= MINUTE_MS


def test_a_time_server_that_is_heard_late_mends_what_was_written(opened: Open, machine: BlindClock) -> None:
    """The machine's clock jumps by itself; the entry that tells by how much follows."""
    node = opened()
    person, at = visit(node, "Amina"), machine.true_ms
    machine.says_ms, machine.quality = machine.true_ms - machine.monotonic_ms(), MACHINE
    timekeeping.look(node)
    timekeeping.look(node)
    assert abs(said_ms(node, person) - at) <= MINUTE_MS
    assert (node.tables.ClockFix.select().count(), node.clock.now_ms()) == (1, machine.true_ms)


def test_the_next_start_goes_on_where_the_last_one_was(opened: Open, machine: BlindClock) -> None:
    """Time does not go back to 1970 with each start, and other starts' fixes do not count."""
    node = opened()
    phone(node, machine, 1, is_keeper=True)
    timekeeping.look(node)
    before = node.clock.now_ms()
    machine.advance(DAY_S)
    machine.start()
    again = opened()
    assert (again.clock.quality, before <= again.clock.now_ms() <= machine.true_ms) == (NONE, True)


def test_starts_that_nobody_told_are_dated_about(opened: Open, machine: BlindClock) -> None:
    """Four evenings off between the last known time and the next: each start is dated to within some hours."""
    machine.start(says_ms=machine.true_ms, quality=MACHINE)
    opened().clock.note()
    people = []
    for number in range(3):
        machine.advance(18 * 3600)
        machine.start()
        node = opened()
        people.append((visit(node, f"Amina {number}"), machine.true_ms))
        machine.advance(6 * 3600)
        node.clock.note()
    machine.advance(18 * 3600)
    machine.start()
    node = opened()
    assert said_ms(node, people[2][0]) < people[0][1]
    assert phone(node, machine, 1, is_keeper=True)
    assert timekeeping.estimated(node) == 3
    for person, at in people:
        assert abs(said_ms(node, person) - at) < 3_600_000


def test_nobody_is_put_out_when_the_time_becomes_known(opened: Open, machine: BlindClock) -> None:
    """Sign-ins, codes, tickets, tries and loans stand as before a jump of 56 years, and as long as they had left."""
    node = opened()
    lender = roster.add_person(node, name="Lucía", picture="cloud")
    roster.give_role(node, person=lender.id, role="librarian")
    token = sessions.begin(node, person=lender.id, device="shared")
    invite = join.invite(node)
    ticket = keys.write_ticket(node, person=lender.id, activity="a", registration="")
    machine.advance(60)
    assert phone(node, machine, 1, is_keeper=True)
    assert not sessions.find(node, token).is_resting
    assert keys.read_ticket(node, ticket).person == lender.id
    key = proofs.code_key(invite.code, node.identity.hub_id)
    shown = proofs.client_proof(key, client=OTHER, server=node.identity.hub_id)
    asked = {"hub": OTHER, "name": "Dune", "which": join._label(key), "proof": shown.hex()}
    assert b"proof" in join.answer(node, join._packed(asked))
    machine.advance(node.settings.shared_idle + 60)
    assert sessions.find(node, token).is_resting
    machine.advance(keys.TICKET_MS / 1000)
    with pytest.raises(keys.KeyWrong):
        keys.read_ticket(node, ticket)


def test_a_key_does_not_end_by_a_clock_that_nobody_keeps(opened: Open, machine: BlindClock) -> None:
    """A machine that wakes in 2082 lets it in, until somebody tells the time."""
    node = opened()
    phone(node, machine, 1, is_keeper=True)
    key, secret = keys.add(node, name="Tool", scopes=["state"], until="2025-12-31")
    machine.start(says_ms=machine.true_ms + 56 * 365 * DAY_S * 1000)
    node = opened()
    assert keys.check(node, key=key.id, secret=secret).id == key.id
    machine.advance(60 * DAY_S)
    phone(node, machine, 1, is_keeper=True)
    with pytest.raises(keys.KeyWrong):
        keys.check(node, key=key.id, secret=secret)


def test_lent_things_are_due_on_the_mended_day(opened: Open, machine: BlindClock) -> None:
    """All moments of a record move together, and 0 stays 0."""
    node = opened()
    day_ms, lent = DAY_S * 1000, machine.true_ms
    fields = {"thing": "t", "copy": "1", "borrower_kind": "person", "borrower": "p", "back_ms": 0}
    now = node.clock.now_ms()
    node.write(lambda: node.change("loan", "loan 1", **fields, lent_ms=now, due_ms=now + 7 * day_ms))
    phone(node, machine, 1, is_keeper=True)
    row = node.tables.Loan.get_by_id("loan 1")
    assert abs(row.lent_ms - lent) <= MINUTE_MS
    assert (row.due_ms - row.lent_ms, row.back_ms) == (7 * day_ms, 0)
    before = projections.fingerprint(node.tables)
    node.write(lambda: projections.rebuild(node.tables, node.journal.replay()))
    assert projections.fingerprint(node.tables) == before


def test_another_process_hears_of_it(opened: Open, machine: BlindClock, home: Path) -> None:
    """Within seconds, by the file beside the database; a damaged file says nothing."""
    node = opened()
    other = KeptClock(machine, home)
    phone(node, machine, 1, is_keeper=True)
    machine.advance(6)
    assert other.now_ms() == node.clock.now_ms()
    for wrong in ("{", "[]", '{"boot": 7, "line_ms": 1}', '{"boot": "b", "line_ms": 1, "last_ms": -5}'):
        (home / FILE_NAME).write_text(wrong)
        assert KeptClock(machine, home).quality == NONE


def test_a_machine_without_a_name_for_its_start_is_told_nothing(opened: Open, machine: BlindClock) -> None:
    """There is nothing to hang a fix on."""
    machine.boot_id = ""
    node = opened()
    assert not phone(node, machine, 1, is_keeper=True)


def test_every_moment_of_this_machine_is_moved_or_chosen_by_somebody() -> None:
    """A new table of a machine's own is thought of, or this fails."""
    chosen = {("Key", "until_ms")}
    found = {
        (model.__name__, field.name)
        for model in local.MODELS
        for field in model._meta.sorted_fields
        if field.name.endswith("_ms")
    }
    assert found == chosen | {(name, each) for name, columns in timekeeping.MOMENTS.items() for each in columns}


def test_the_clock_of_the_tests_is_right() -> None:
    """Time goes on while the machine is off."""
    clock = BlindClock()
    clock.advance(5)
    clock.start()
    assert (clock.true_ms, clock.now_ms(), clock.starts) == (START_MS + 5_000, WAKES_MS, 2)
