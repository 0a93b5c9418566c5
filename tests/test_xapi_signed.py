"""Signed statements, from outside: signatures made here by hand, sound ones kept, and every other one refused."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.fixtures.learning import Tool, statement
from tests.fixtures.parcels import certificate, key, send, signed, x5c

ID = "aaaaaaaa-2222-4333-8444-555555555555"
HASHES = {"RS256": hashes.SHA256(), "RS384": hashes.SHA384(), "RS512": hashes.SHA512()}
SAID = statement(id=ID, timestamp="2025-11-24T08:00:00Z", result={"success": True, "duration": "PT1S"})
ROOT, SIGNER, OTHER = key(), key(), key()
CHAIN = x5c(certificate(SIGNER, "signer", by=ROOT, issuer="root"), certificate(ROOT, "root"))


def _word(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def _raw(value: Any) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def _by(signer: rsa.RSAPrivateKey, payload: Any = None, algorithm: str = "RS256", **header: Any) -> bytes:
    """A signature as RFC 7515 sets it out."""
    said = _word(_raw({"alg": algorithm, **header})) + b"." + _word(_raw(SAID if payload is None else payload))
    return said + b"." + _word(signer.sign(said, padding.PKCS1v15(), HASHES[algorithm]))


def _plain(header: dict[str, Any], last: bytes) -> bytes:
    return _word(_raw(header)) + b"." + _word(_raw(SAID)) + b"." + _word(last)


def _hmac() -> bytes:
    """What a verifier takes that lets the header choose: the public key, used as a secret."""
    secret = SIGNER.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    said = _word(_raw({"alg": "HS256", "x5c": CHAIN})) + b"." + _word(_raw(SAID))
    return said + b"." + _word(hmac.new(secret, said, hashlib.sha256).digest())


def _changed(token: bytes, part: int) -> bytes:
    parts = token.split(b".")
    raw = bytearray(base64.urlsafe_b64decode(parts[part] + b"=" * (-len(parts[part]) % 4)))
    raw[-2] ^= 1
    parts[part] = _word(bytes(raw))
    return b".".join(parts)


def _other(**parts: Any) -> dict[str, Any]:
    return {**SAID, **parts}


SOUND = {
    **{f"by {name}": _by(SIGNER, algorithm=name, x5c=CHAIN) for name in HASHES},
    "with one certificate": _by(SIGNER, x5c=CHAIN[:1]),
    "without certificates": _by(SIGNER),
    "of the statement without what a store fills in": _by(SIGNER, {k: v for k, v in SAID.items() if k != "id"}),
    "of a statement with its parts in another order": _by(SIGNER, dict(reversed(SAID.items())), x5c=CHAIN),
    "of the time in another zone": _by(SIGNER, _other(timestamp="2025-11-24T10:00:00+02:00"), x5c=CHAIN),
}
UNSOUND = {
    "the signature changed": _changed(_by(SIGNER, x5c=CHAIN), 2),
    "the payload changed": _changed(_by(SIGNER, x5c=CHAIN), 1),
    "by another key than the certificate's": _by(OTHER, x5c=CHAIN),
    "by the key of the second certificate": _by(ROOT, x5c=CHAIN),
    "a chain in which one did not issue the other": _by(SIGNER, x5c=[CHAIN[0], *x5c(certificate(OTHER, "root"))]),
    "a chain turned round": _by(SIGNER, x5c=CHAIN[::-1]),
    "an empty chain": _by(SIGNER, x5c=[]),
    "a certificate that is none": _by(SIGNER, x5c=["AAAA"]),
    "unsigned, and said so": _plain({"alg": "none"}, b""),
    "unsigned, with certificates": _plain({"alg": "none", "x5c": CHAIN}, b""),
    "by the public key as a secret": _hmac(),
    "no algorithm": _plain({"x5c": CHAIN}, b"x" * 256),
    "another verb": _by(SIGNER, _other(verb={"id": "http://a.org/v"}), x5c=CHAIN),
    "another actor": _by(SIGNER, _other(actor={"mbox": "mailto:x@a.org"}), x5c=CHAIN),
    "another result": _by(SIGNER, _other(result={"success": False, "duration": "PT1S"}), x5c=CHAIN),
    "no result": _by(SIGNER, {k: v for k, v in SAID.items() if k != "result"}, x5c=CHAIN),
    "another time": _by(SIGNER, _other(timestamp="2025-11-24T08:00:01Z"), x5c=CHAIN),
    "another statement without certificates": _by(SIGNER, _other(verb={"id": "http://a.org/v"})),
    "no statement": _by(SIGNER, b"hello", x5c=CHAIN),
    "a list": _by(SIGNER, [SAID], x5c=CHAIN),
    "a key twice in what was signed": _by(SIGNER, json.dumps(SAID)[:-1].encode() + b',"id":"x"}', x5c=CHAIN),
    "nothing": b"",
    "two dots": b"..",
    "no dots": b"hello",
    "a header that is no JSON": b"e30x." + _word(_raw(SAID)) + b".AAAA",
    "a deep header": _word(b"[" * 30_000) + b"." + _word(_raw(SAID)) + b".AAAA",
    "JSON in place of the compact form": _raw({"payload": "", "signatures": []}),
}


@pytest.mark.parametrize("case", SOUND)
def test_a_sound_signature_is_kept_with_its_statement(tool: Tool, case: str) -> None:
    """And given out byte for byte."""
    token = SOUND[case]
    answer = send(tool, signed(SAID, token), token)
    assert (answer.status_code, answer.text) == (200, f'["{ID}"]')
    assert token in tool.ask("GET", f"statements?statementId={ID}&attachments=true").get_data()


def test_every_unsound_signature_is_refused(tool: Tool) -> None:
    """400, one sentence, nothing kept; in both versions."""
    for version in ("1.0.3", "2.0.0"):
        tool.version = version
        for case, token in UNSOUND.items():
            answer = send(tool, signed(SAID, token), token)
            assert (case, answer.status_code, answer.text.strip().endswith(".")) == (case, 400, True)
    assert tool.find() == []


def test_a_signature_must_come_along_and_be_called_one(tool: Tool) -> None:
    """By its address alone it cannot be verified; of another type it is none."""
    token = SOUND["by RS256"]
    elsewhere = signed(SAID, token, fileUrl="http://a.org/signature")
    answers = [
        tool.ask("POST", body=elsewhere),
        tool.ask("POST", body=signed(SAID, token)),
        send(tool, signed(SAID, token, contentType="text/plain"), token),
    ]
    assert [each.status_code for each in answers] == [400] * 3
    assert tool.find() == []
