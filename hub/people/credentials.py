"""Secrets: three pictures in order for most, a PIN or a passphrase for grown-ups. Only their argon2 hashes are kept."""

import re
import secrets as random_choice
import threading
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret_raw

from hub import acts
from hub.acts import By
from hub.errors import InputWrong
from hub.node import Node
from hub.people import attempts, roster
from hub.people.pictures import SECRET_LENGTH, SECRETS
from hub.tables import put

PIN_LENGTH = 6
GAPS = re.compile(r"[\s\u2010-\u2015-]+")
"""What people type between the digits of a PIN: cards show it in two groups."""
PASSPHRASE_MIN = 10
PASSPHRASE_MAX = 200
MEMORY_KIB = 7168
ROUNDS = 5
"""7 MiB and five rounds: the smallest memory of OWASP's equally strong choices, for a small machine."""
HASHERS = threading.BoundedSemaphore(2)
"""Two at once in a process: a class that signs in together waits a moment instead of filling the memory."""

Secret = str | tuple[str, ...]

_HASHER = PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=1)


@dataclass(frozen=True)
class Hashed:
    """A secret as it is kept; `kind` is picture, pin or passphrase."""

    kind: str
    secret: str


def kind_of(node: Node, person: str) -> str:
    """How a person proves who they are: picture, pin or passphrase; new while they may choose; '' when they cannot yet.

    Whoever holds a role that opens other people's records is never new: a keeper hands them a secret.
    """
    row = node.tables.Credential.get_or_none(node.tables.Credential.person == person)
    if row is not None and row.kind != "new":
        return str(row.kind)
    found = roster.find(node, person)
    return "new" if found is not None and found.is_plain else ""


def set_secret(node: Node, *, person: str, secret: Secret, by: By | None = None) -> None:
    """Give somebody a secret: six digits or a passphrase as text, or the names of three pictures in order.

    The standing one ends. `by` is whose doing it is, None for their own. Raises InputWrong when it cannot be taken.
    """
    is_plain = roster.person(node, person).is_plain
    if isinstance(secret, tuple) and not is_plain:
        raise InputWrong("This person's role needs a PIN or a passphrase, not pictures. Nothing was changed.")
    keep(node, person=person, hashed=hashed(secret), by=by)


def hashed(secret: Secret) -> Hashed:
    """A secret checked and hashed; it takes some time, so it is done outside `node.write`. Raises InputWrong."""
    if isinstance(secret, tuple):
        check_pictures(secret)
        kind = "picture"
    else:
        secret = check_adult_secret(secret)
        kind = "pin" if secret.isdigit() else "passphrase"
    with HASHERS:
        return Hashed(kind, _HASHER.hash(_text(secret, kind)))


def keep(node: Node, *, person: str, hashed: Hashed, by: By | None = None) -> None:
    """Keep a hashed secret, and whose doing that is when it is not their own; counted tries are forgiven."""

    def work() -> None:
        changed_ms = node.clock.now_ms()
        put(node.tables.Credential, person=person, kind=hashed.kind, secret=hashed.secret, changed_ms=changed_ms)
        attempts.forgive(node, person=person)
        if by is not None:
            acts.note(node, by, sort=acts.SECRET, about=person, what=hashed.kind)

    node.write(work)


def verify(node: Node, *, person: str, secret: Secret, address: str = "") -> bool:
    """Whether the secret is this person's. Raises TooMany after too many wrong ones from the person or the address."""
    attempts.take(node, person=person, address=address)
    row = node.tables.Credential.get_or_none(node.tables.Credential.person == person)
    if row is None or not _matches(row.secret, _text(secret, row.kind)):
        return False
    attempts.forgive(node, person=person, address=address)
    return True


def check_adult_secret(secret: str) -> str:
    """A PIN of six digits, or a passphrase, as it is kept. Raises InputWrong."""
    tidy, pin = secret.strip(), GAPS.sub("", secret)
    if pin.isascii() and pin.isdigit() and len(pin) == PIN_LENGTH:
        if len(set(pin)) == 1 or pin in "01234567890" or pin in "9876543210":
            raise InputWrong("That PIN is guessed first. Nothing was changed; choose six other digits.")
        return pin
    if not PASSPHRASE_MIN <= len(tidy) <= PASSPHRASE_MAX:
        raise InputWrong(
            "A secret is six digits, or at least %(least)s letters. Nothing was changed; choose another.",
            least=PASSPHRASE_MIN,
        )
    return tidy


def check_pictures(names: tuple[str, ...]) -> None:
    """Three different pictures of the twelve. Raises InputWrong."""
    if len(names) != SECRET_LENGTH or len(set(names)) != SECRET_LENGTH or not set(names) <= set(SECRETS):
        raise InputWrong("A secret is three different pictures of the twelve. Nothing was changed; choose again.")


def fresh(node: Node, *, person: str, by: By | None = None) -> Secret:
    """A new random secret for somebody, kept and told once: pictures, or a PIN where the role needs one.

    `by` is whose doing it is.
    """
    secret: Secret
    if roster.person(node, person).is_plain and kind_of(node, person) in ("picture", "new"):
        secret = tuple(random_choice.SystemRandom().sample(SECRETS, SECRET_LENGTH))
    else:
        secret = _random_pin()
    set_secret(node, person=person, secret=secret, by=by)
    return secret


def forget(node: Node, *, person: str, by: By | None = None) -> None:
    """Let somebody choose a new secret at the next sign-in; `by` is whose doing it is.

    Raises InputWrong for a role that needs a handed one.
    """
    if not roster.person(node, person).is_plain:
        raise InputWrong("This person's role needs a secret that is handed over. Nothing was changed.")
    node.write(lambda: keep(node, person=person, hashed=Hashed("new", ""), by=by))


def stretched(words: str, salt: bytes) -> bytes:
    """Thirty-two bytes out of words that only somebody knows: slow on purpose, so that guessing does not pay."""
    with HASHERS:
        return hash_secret_raw(
            words.encode(), salt, time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=1, hash_len=32, type=Type.ID
        )


def _random_pin() -> str:
    while True:
        pin = f"{random_choice.randbelow(10**PIN_LENGTH):0{PIN_LENGTH}}"
        try:
            return check_adult_secret(pin)
        except InputWrong:
            continue


def _text(secret: Secret, kind: str) -> str:
    """A secret as it is hashed."""
    if isinstance(secret, tuple):
        return " ".join(secret)
    return GAPS.sub("", secret) if kind == "pin" else secret.strip()


def _matches(kept: str, text: str) -> bool:
    try:
        with HASHERS:
            return _HASHER.verify(kept, text)
    except (VerificationError, InvalidHashError):
        return False
