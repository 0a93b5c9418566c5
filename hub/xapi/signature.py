"""Signed statements (xAPI 1.0.3 part 2, 2.6): a JWS in compact form (RFC 7515) that came as an attachment.

Its payload says the same as the statement it came with, and where its header brings certificates (`x5c`), the first
one's key made the signature and each was issued by the next. Whom to trust is for whoever reads it: a hub without a
network cannot ask an authority, and a certificate that has run out since still shows who signed.
"""

import base64
import binascii
import warnings
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWS
from jwt.exceptions import PyJWTError

from hub.errors import StatementWrong
from hub.moments import moment_ms
from hub.xapi.attached import SIGNATURE as USAGE
from hub.xapi.reading import read
from hub.xapi.rules import check as check_statement
from hub.xapi.rules.values import wrong
from hub.xapi.same import same

CONTENT_TYPE = "application/octet-stream"
ALGORITHMS = ("RS256", "RS384", "RS512")
BYTES_MAX = 256 * 1024
"""The whole of a signature: a statement of the largest size in base64, and its certificates."""
HEADER_CHARS_MAX = 64 * 1024
CERTIFICATES_MAX = 10
"""From who signed up to a root; chains in use have three or four."""
KEY_BITS_MAX = 8192
"""A larger key makes one signature cost seconds."""

_JWS = PyJWS(algorithms=ALGORITHMS)


def check(statement: dict[str, Any], data: Callable[[str, int], bytes | None], *, line: str) -> None:
    """Check every signature that a checked statement carries.

    `data` gives the first so many bytes of attached data by its hash, or None when it did not come along.

    Raises StatementWrong, whose sentence names the place and the reason.
    """
    for number, row in enumerate(statement.get("attachments", ())):
        if row["usageType"] == USAGE:
            at = f"statement.attachments[{number}]"
            if row["contentType"].partition(";")[0].strip().lower() != CONTENT_TYPE:
                wrong(f"{at}.contentType", f"must be {CONTENT_TYPE}, since this is a signature")
            token = data(row["sha2"].lower(), BYTES_MAX + 1)
            if token is None:
                wrong(at, "is a signature, which must come along with the statement to be verified")
            _verify(statement, token, at, line)


def _verify(statement: dict[str, Any], token: bytes, at: str, line: str) -> None:
    if len(token) > BYTES_MAX or len(token.partition(b".")[0]) > HEADER_CHARS_MAX:
        wrong(at, "is larger than any signature of a statement")
    header = _opened(token, None, at)["header"]
    if header.get("alg") not in ALGORITHMS:
        wrong(at, f"must be signed by {', '.join(ALGORITHMS)}")
    key = _key(header["x5c"], at) if "x5c" in header else None
    _compare(statement, _opened(token, key, at)["payload"], at, line)


def _opened(token: bytes, key: RSAPublicKey | None, at: str) -> dict[str, Any]:
    """Header and payload; with a key, only when the signature is that key's."""
    options = {"verify_signature": key is not None, "enforce_minimum_key_length": True}
    try:
        return _JWS.decode_complete(token, key or "", algorithms=ALGORITHMS, options=options)  # type: ignore[arg-type]
    except (PyJWTError, ValueError, TypeError, RecursionError) as mistake:
        wrong(at, f"is no JSON Web Signature that holds ({mistake})")


def _key(chain: Any, at: str) -> RSAPublicKey:
    """The key of the certificate that signed, when every certificate of the chain was issued by the next."""
    certificates = _certificates(chain, at)
    for each, issuer in pairwise(certificates):
        try:
            each.verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
            wrong(f"{at}: x5c", "holds a certificate that the next one did not issue")
    try:
        key = certificates[0].public_key()
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPublicKey) or key.key_size > KEY_BITS_MAX:
        wrong(f"{at}: x5c", f"must begin with the certificate of an RSA key of at most {KEY_BITS_MAX} bits")
    return key


def _certificates(chain: Any, at: str) -> list[x509.Certificate]:
    if not isinstance(chain, list) or not 1 <= len(chain) <= CERTIFICATES_MAX:
        wrong(f"{at}: x5c", f"must be a list of one to {CERTIFICATES_MAX} certificates")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [x509.load_der_x509_certificate(base64.b64decode(each, validate=True)) for each in chain]
    except (ValueError, TypeError, binascii.Error, UnsupportedAlgorithm):
        wrong(f"{at}: x5c", "holds something that is no certificate")


def _compare(statement: dict[str, Any], payload: bytes, at: str, line: str) -> None:
    try:
        signed = read(payload)
        check_statement(signed, line=line, attached=None)
    except StatementWrong as mistake:
        raise StatementWrong(f"{at}: what was signed is no statement; {mistake}") from None
    if not same(signed, statement, line=line) or _differ(signed, statement):
        wrong(at, "signs another statement than the one it came with")


def _differ(signed: dict[str, Any], statement: dict[str, Any]) -> bool:
    """What the comparison leaves out, because a store may fill it in, must not differ where both say it."""
    ids = {str(each["id"]).lower() for each in (signed, statement) if "id" in each}
    moments = {moment_ms(each["timestamp"]) for each in (signed, statement) if "timestamp" in each}
    return len(ids) > 1 or len(moments) > 1
