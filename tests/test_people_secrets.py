"""Secrets: which can be taken, how they are kept, and how guessing ends."""

from collections.abc import Callable

import pytest

from hub.errors import InputWrong, TooMany
from hub.node import Node
from hub.people import credentials, roster, sessions
from hub.people.credentials import Secret
from tests.fixtures import quick
from tests.fixtures.clock import HandClock

THREE = ("star", "key", "leaf")
OTHER = ("star", "key", "cup")
TRIES, REST_S = 5, 300

REFUSED: list[tuple[Secret, str]] = [
    ("", "six digits"),
    ("12345", "six digits"),
    ("short", "six digits"),
    ("111111", "guessed first"),
    ("123456", "guessed first"),
    ("654321", "guessed first"),
    ("123 456", "guessed first"),
    ("x" * 201, "six digits"),
    ((), "three different pictures"),
    (("star", "key"), "three different pictures"),
    (("star", "star", "key"), "three different pictures"),
    (("star", "key", "dragon"), "three different pictures"),
    (("star", "key", "leaf", "cup"), "three different pictures"),
]


@pytest.fixture
def amina(node: Node) -> str:
    """A learner with three pictures."""
    person = roster.add_person(node, name="Amina", picture="butterfly")
    credentials.set_secret(node, person=person.id, secret=THREE)
    return person.id


def _fails(node: Node, person: str, times: int, address: str = "10.0.0.2") -> None:
    for _ in range(times):
        assert not credentials.verify(node, person=person, secret=OTHER, address=address)


@pytest.mark.parametrize(
    ("secret", "kind"), [(THREE, "picture"), ("246813", "pin"), ("the river is wide", "passphrase")]
)
def test_the_right_secret_fits_and_another_does_not(node: Node, amina: str, secret: Secret, kind: str) -> None:
    """All three kinds; the order of the pictures matters."""
    credentials.set_secret(node, person=amina, secret=secret)
    assert credentials.kind_of(node, amina) == kind
    assert credentials.verify(node, person=amina, secret=secret)
    assert not credentials.verify(node, person=amina, secret=secret[::-1])


@pytest.mark.parametrize("typed", ["311 549", "311-549", " 311549 ", "311\u202f549", "3 1 1 5 4 9"])
def test_a_pin_may_be_typed_as_the_card_shows_it(node: Node, amina: str, typed: str) -> None:
    """Whether it is chosen or shown, gaps between its digits do not count."""
    credentials.set_secret(node, person=amina, secret="311549")
    assert credentials.verify(node, person=amina, secret=typed)
    credentials.set_secret(node, person=amina, secret=typed)
    assert credentials.kind_of(node, amina) == "pin"
    assert credentials.verify(node, person=amina, secret="311549")


def test_a_passphrase_keeps_its_gaps(node: Node, amina: str) -> None:
    """Only a PIN loses them."""
    credentials.set_secret(node, person=amina, secret="the river is wide")
    assert not credentials.verify(node, person=amina, secret="theriveriswide")


def test_only_an_argon2_hash_is_kept(node: Node, amina: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No letter of the secret stands in the table; guessing costs what OWASP asks."""
    monkeypatch.setattr(credentials, "_HASHER", quick.AS_DEPLOYED)
    credentials.set_secret(node, person=amina, secret=THREE)
    kept = node.tables.Credential.get_by_id(amina).secret
    assert kept.startswith("$argon2id$v=19$m=7168,t=5,p=1$")
    assert not any(name in kept for name in ("star key", "leaf"))


@pytest.mark.parametrize(("secret", "sentence"), REFUSED)
def test_a_weak_or_impossible_secret_is_refused(node: Node, amina: str, secret: Secret, sentence: str) -> None:
    """The standing one stays."""
    with pytest.raises(InputWrong, match=sentence):
        credentials.set_secret(node, person=amina, secret=secret)
    assert credentials.verify(node, person=amina, secret=THREE)


def test_a_child_starts_as_new_and_a_keeper_without_a_secret(node: Node) -> None:
    """Nobody becomes a librarian by being the first to tap the picture."""
    child = roster.add_person(node, name="Amina", picture="butterfly")
    keeper = roster.add_person(node, name="Lucía", picture="cloud", roles=("librarian",))
    assert (credentials.kind_of(node, child.id), credentials.kind_of(node, keeper.id)) == ("new", "")
    assert not credentials.verify(node, person=keeper.id, secret="")


def test_guessing_ends_after_a_few_tries_even_for_the_right_secret(node: Node, amina: str) -> None:
    """After the tries comes a rest, for whoever asks."""
    _fails(node, amina, TRIES)
    with pytest.raises(TooMany, match="Everything is safe"):
        credentials.verify(node, person=amina, secret=THREE, address="10.0.0.3")


def test_the_rest_outlives_a_restart(make_node: Callable[..., Node]) -> None:
    """Counted tries are in the database, so pulling the plug is no second chance."""
    first = make_node()
    person = roster.add_person(first, name="Amina", picture="butterfly").id
    credentials.set_secret(first, person=person, secret=THREE)
    _fails(first, person, TRIES)
    rows = list(first.tables.Attempt.select().order_by(first.tables.Attempt.id).tuples())
    assert [(row[0], row[1]) for row in rows] == [("address:10.0.0.2", TRIES), (f"person:{person}", TRIES)]


def test_after_the_rest_all_is_forgiven(node: Node, amina: str, clock: HandClock) -> None:
    """The rest begins with the last try and ends by itself."""
    _fails(node, amina, TRIES - 1)
    clock.advance(REST_S - 1)
    _fails(node, amina, 1)
    clock.advance(REST_S - 1)
    with pytest.raises(TooMany):
        credentials.verify(node, person=amina, secret=THREE)
    clock.advance(1)
    assert credentials.verify(node, person=amina, secret=THREE)


def test_a_right_secret_forgives_the_person_but_not_the_address(node: Node, amina: str) -> None:
    """Signing in oneself in between does not let one guess on at others."""
    for _ in range(6):
        other = roster.add_person(node, name="Kofi", picture="drum").id
        credentials.set_secret(node, person=other, secret=THREE)
        _fails(node, other, TRIES - 1)
        assert credentials.verify(node, person=other, secret=THREE, address="10.0.0.2")
    _fails(node, amina, 4)
    juma = roster.add_person(node, name="Juma", picture="goat").id
    credentials.set_secret(node, person=juma, secret=THREE)
    _fails(node, juma, 2)
    with pytest.raises(TooMany):
        credentials.verify(node, person=juma, secret=THREE, address="10.0.0.2")
    assert credentials.verify(node, person=juma, secret=THREE, address="10.0.0.9")


def test_a_clock_that_falls_back_does_not_lock_for_years(node: Node, amina: str, clock: HandClock) -> None:
    """A clock set back to 1970 forgets counts from the future."""
    _fails(node, amina, TRIES)
    clock.time_ms = 1000
    assert credentials.verify(node, person=amina, secret=THREE)


def test_a_reset_tells_a_new_secret_once_and_forgives(node: Node, amina: str) -> None:
    """The old one ends, the new one fits, and the rest is over."""
    _fails(node, amina, TRIES)
    secret = credentials.fresh(node, person=amina)
    assert credentials.verify(node, person=amina, secret=secret)
    assert isinstance(secret, tuple)


def test_a_guardian_starts_without_a_secret_and_is_given_a_pin(node: Node) -> None:
    """The first who taps a guardian's picture does not read the children's cards."""
    fatou = roster.add_person(node, name="Fatou", picture="mango", roles=("guardian", "learner"))
    assert credentials.kind_of(node, fatou.id) == ""
    with pytest.raises(InputWrong, match="needs a PIN"):
        credentials.set_secret(node, person=fatou.id, secret=THREE)
    assert isinstance(credentials.fresh(node, person=fatou.id), str)


def test_who_may_choose_again_chooses_no_more_as_a_guardian(node: Node, amina: str) -> None:
    """Whoever came first would see the children; and nobody stays signed in from before."""
    credentials.forget(node, person=amina)
    token = sessions.begin(node, person=amina, device="personal")
    roster.give_role(node, person=amina, role="guardian")
    assert credentials.kind_of(node, amina) == ""
    assert sessions.find(node, token) is None


def test_a_role_held_already_ends_no_secret(node: Node, amina: str) -> None:
    """A list that is taken in again signs nobody out."""
    roster.give_role(node, person=amina, role="guardian")
    credentials.set_secret(node, person=amina, secret="246813")
    token = sessions.begin(node, person=amina, device="personal")
    roster.give_role(node, person=amina, role="guardian")
    assert credentials.verify(node, person=amina, secret="246813")
    assert sessions.find(node, token) is not None


def test_a_keeper_is_given_a_pin(node: Node) -> None:
    """Random, six digits, and not one that is guessed first."""
    keeper = roster.add_person(node, name="Lucía", picture="cloud", roles=("librarian",))
    secret = credentials.fresh(node, person=keeper.id)
    assert isinstance(secret, str)
    assert credentials.check_adult_secret(secret) == secret
    assert credentials.kind_of(node, keeper.id) == "pin"


def test_a_child_may_be_let_choose_again_but_not_a_keeper(node: Node, amina: str) -> None:
    """What was chosen ends; a keeper's would be anybody's."""
    credentials.forget(node, person=amina)
    assert credentials.kind_of(node, amina) == "new"
    assert not credentials.verify(node, person=amina, secret=THREE)
    keeper = roster.add_person(node, name="Lucía", picture="cloud", roles=("librarian",))
    with pytest.raises(InputWrong, match="handed over"):
        credentials.forget(node, person=keeper.id)


def test_somebody_who_rests_is_signed_out(node: Node, amina: str) -> None:
    """Letting a person rest ends their sign-ins at once."""
    token = sessions.begin(node, person=amina, device="shared")
    roster.set_active(node, person=amina, is_active=False)
    assert sessions.find(node, token) is None
