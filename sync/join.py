"""Two hubs that never met prove to each other that they know the same ten-letter code.

    the joining hub            the inviting hub
      ask for its id    ---->
                        <----  its id
      client_proof      ---->  client_is_right: this is the hub that was given our code
      server_is_right   <----  server_proof: and we are the hub that gave it

Both proofs cover both ids, so somebody in between who puts in a key of his own has no proof for it. A code has
forty-nine bits and goes through a slow function first, so that listening does not help to guess it. It is used once.
"""

import hashlib
import hmac
from collections.abc import Callable

from sync import identity
from sync.errors import CodeWrong

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""What cannot be taken for each other when it is read aloud or written by hand."""
CODE_LETTERS = 10
_COST, _BLOCK, _MEMORY = 2**15, 8, 64 * 1024 * 1024
"""scrypt with 32 MiB: a tenth of a second on a server core, half a second on a small board."""


def new_code(randomness: Callable[[int], bytes]) -> str:
    """A fresh code, written as two groups of five."""
    letters = ""
    while len(letters) < CODE_LETTERS:
        number = randomness(1)[0] % 32
        letters += LETTERS[number : number + 1]
    return f"{letters[:5]}-{letters[5:]}"


def code_key(code: str, server: str) -> bytes:
    """The key that a code stands for at the inviting hub `server`; slow on purpose. Raises CodeWrong.

    The inviting hub keeps this in place of the code.
    """
    letters = "".join(letter for letter in code[:100].lower() if letter not in " -\u2010\u2011\u2013")
    if len(letters) != CODE_LETTERS or set(letters) - set(LETTERS):
        raise CodeWrong(
            "A code has ten letters, like abcde-fghjk, and never i, l, o, 0 or 1. Nothing was changed; look at it"
            " again."
        )
    salt = b"mangrove join 1" + identity.public_key(server)
    return hashlib.scrypt(letters.encode(), salt=salt, n=_COST, r=_BLOCK, p=1, maxmem=_MEMORY, dklen=32)


def client_proof(key: bytes, *, client: str, server: str) -> bytes:
    """What the joining hub shows to have the code; 32 bytes."""
    return _proof(b"client", key, client, server)


def server_proof(key: bytes, *, client: str, server: str) -> bytes:
    """What the inviting hub answers to have given it; 32 bytes."""
    return _proof(b"server", key, client, server)


def client_is_right(proof: bytes, key: bytes, *, client: str, server: str) -> bool:
    """Whether `client` knows the code behind `key`."""
    return hmac.compare_digest(proof, client_proof(key, client=client, server=server))


def server_is_right(proof: bytes, key: bytes, *, client: str, server: str) -> bool:
    """Whether `server` knows the code behind `key`."""
    return hmac.compare_digest(proof, server_proof(key, client=client, server=server))


def _proof(role: bytes, key: bytes, client: str, server: str) -> bytes:
    both = identity.public_key(client) + identity.public_key(server)
    return hmac.digest(key, b"mangrove join 1 " + role + both, "sha256")
