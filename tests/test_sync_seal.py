"""Sealing: what is sealed opens with its key and nothing else, and anything changed beside it keeps it shut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import seal
from sync.errors import SealWrong

SECRET = bytes(range(32))
PUBLIC = seal.public_key(SECRET)


@given(data=st.binary(max_size=200), info=st.binary(max_size=20), aad=st.binary(max_size=20))
def test_what_is_sealed_opens_again(data: bytes, info: bytes, aad: bytes) -> None:
    """The same bytes, 48 longer meanwhile, and never the same twice."""
    sealed = seal.seal(data, PUBLIC, info=info, aad=aad)
    assert len(sealed) == len(data) + seal.OVERHEAD_BYTES
    assert seal.unseal(sealed, SECRET, info=info, aad=aad) == data
    assert seal.seal(data, PUBLIC, info=info, aad=aad) != sealed


def test_any_changed_bit_keeps_it_shut() -> None:
    """In every byte of it."""
    sealed = seal.seal(b"a secret", PUBLIC, info=b"i", aad=b"a")
    for at in range(len(sealed)):
        spoilt = sealed[:at] + bytes((sealed[at] ^ 1,)) + sealed[at + 1 :]
        with pytest.raises(SealWrong):
            seal.unseal(spoilt, SECRET, info=b"i", aad=b"a")


@pytest.mark.parametrize(("info", "aad"), [(b"ia", b""), (b"", b"ia"), (b"i", b"b"), (b"j", b"a")])
def test_it_is_bound_to_what_it_is_for_and_to_what_lies_beside(info: bytes, aad: bytes) -> None:
    """Also where only the border between the two moved."""
    sealed = seal.seal(b"a secret", PUBLIC, info=b"i", aad=b"a")
    with pytest.raises(SealWrong):
        seal.unseal(sealed, SECRET, info=info, aad=aad)


def test_another_key_or_too_little_opens_nothing() -> None:
    """Each is one sentence."""
    sealed = seal.seal(b"a secret", PUBLIC, info=b"")
    for data, secret in ((sealed, b"\1" * 32), (sealed[:20], SECRET), (b"", SECRET)):
        with pytest.raises(SealWrong, match="nothing was taken"):
            seal.unseal(data, secret, info=b"")


@pytest.mark.parametrize("key", [b"", b"\1" * 31, bytes(32)])
def test_a_key_that_is_none_seals_nothing(key: bytes) -> None:
    """Too short, or one with which everybody would share the same secret."""
    with pytest.raises(SealWrong, match="nothing was sealed"):
        seal.seal(b"a secret", key, info=b"")
