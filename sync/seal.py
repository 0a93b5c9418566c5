"""Seal bytes so that only the holder of one key can read them: HPKE (RFC 9180).

The suite is X25519 with HKDF-SHA256 and ChaCha20-Poly1305, which small boards without AES do quickly.
Anybody can seal to a public key, so a seal says nothing about its writer; who must be known signs inside. `info` says
what the bytes are for and `aad` binds what lies beside them in the open: with others of either, nothing opens.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from sync.errors import SealWrong

KEY_BYTES = 32
OVERHEAD_BYTES = 48
"""How much longer sealed bytes are: the sender's one-time key, and the tag."""
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


def public_key(secret: bytes) -> bytes:
    """The public key, 32 bytes, that belongs to a secret of any 32 bytes."""
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def seal(data: bytes, to: bytes, *, info: bytes, aad: bytes = b"") -> bytes:
    """Seal `data` to the public key `to`. Raises SealWrong when that is no key."""
    try:
        return _SUITE.encrypt(data, X25519PublicKey.from_public_bytes(to), info=_bound(info, aad))
    except ValueError:
        raise SealWrong("That is no key to seal with; nothing was sealed.") from None


def unseal(data: bytes, secret: bytes, *, info: bytes, aad: bytes = b"") -> bytes:
    """What was sealed to the key of `secret`. Raises SealWrong when it was not, or any bit of it or `aad` changed."""
    try:
        return _SUITE.decrypt(data, X25519PrivateKey.from_private_bytes(secret), info=_bound(info, aad))
    except (InvalidTag, ValueError):
        raise SealWrong("This was changed or cut on its way, or is sealed to another key; nothing was taken.") from None


def _bound(info: bytes, aad: bytes) -> bytes:
    """Both in one: sealed once with a key of its own, what lies beside can be bound through the key itself."""
    return len(info).to_bytes(2, "big") + info + aad
