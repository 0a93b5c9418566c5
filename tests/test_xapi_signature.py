"""Signed statements: a signature that holds is kept with its statement, every other is refused in a sentence."""

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hub.errors import StatementWrong
from hub.node import Node
from hub.xapi import signature
from tests.fixtures.learning import Tool, statement
from tests.fixtures.parcels import apart, certificate, described, jws, key, send, sha2, signed, x5c

ID = "aaaaaaaa-2222-4333-8444-555555555555"
SAID = statement(id=ID, timestamp="2026-11-24T08:30:00Z", result={"success": True, "duration": "PT1.239S"})
KEY, OTHER, ROOT, BETWEEN = key(), key(), key(), key()
SELF = certificate(KEY, "Amina")
CHAIN = (
    certificate(KEY, "Amina", by=BETWEEN, issuer="School"),
    certificate(BETWEEN, "School", by=ROOT, issuer="Ministry"),
    certificate(ROOT, "Ministry"),
)


def _check(said: dict[str, Any], token: bytes, line: str = "2.0", **parts: Any) -> None:
    whole = signed(said, token, **parts)
    signature.check(whole, lambda digest, most: token[:most] if digest == sha2(token) else None, line=line)


def _without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in SAID.items() if name not in names}


HOLDS: dict[str, bytes] = {
    **{name: jws(SAID, KEY, name, x5c=x5c(SELF)) for name in signature.ALGORITHMS},
    "no certificate": jws(SAID, KEY),
    "a chain to the root": jws(SAID, KEY, x5c=x5c(*CHAIN)),
    "a chain that ends before its root": jws(SAID, KEY, x5c=x5c(*CHAIN[:2])),
    "signed before it had id and time": jws(_without("id", "timestamp"), KEY, x5c=x5c(SELF)),
    "members in another order": jws(dict(reversed(SAID.items())), KEY, x5c=x5c(SELF)),
    "written with spaces": jws(json.dumps(SAID, indent=2).encode(), KEY, x5c=x5c(SELF)),
    "another display of the verb": jws({**SAID, "verb": {"id": SAID["verb"]["id"]}}, KEY, x5c=x5c(SELF)),
    "the time in another place": jws({**SAID, "timestamp": "2026-11-24T10:30:00+02:00"}, KEY),
    "the id in capitals": jws({**SAID, "id": ID.upper()}, KEY),
}


@pytest.mark.parametrize("case", HOLDS)
def test_a_signature_that_holds_is_taken(case: str) -> None:
    """By each algorithm, with and without certificates, in any serialisation of the same statement."""
    _check(SAID, HOLDS[case])


def _tampered(token: bytes, place: int, value: bytes) -> bytes:
    pieces = token.split(b".")
    pieces[place] = base64.urlsafe_b64encode(value).rstrip(b"=")
    return b".".join(pieces)


def _by_hand(secret: bytes) -> bytes:
    """What a forger makes who knows only the public key, where a reader lets the header choose the algorithm."""
    header, payload = json.dumps({"alg": "HS256", "x5c": x5c(SELF)}).encode(), json.dumps(SAID).encode()
    said = b".".join(base64.urlsafe_b64encode(each).rstrip(b"=") for each in (header, payload))
    proof = hmac.new(secret, said, "sha256").digest()
    return said + b"." + base64.urlsafe_b64encode(proof).rstrip(b"=")


GOOD = jws(SAID, KEY, x5c=x5c(SELF))
PUBLIC = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
SMALL, CURVE = key(1024), ec.generate_private_key(ec.SECP256R1())
HEADER = {"alg": "RS256", "x5c": x5c(SELF)}
TWICE = b'{"actor": {}, ' + json.dumps(SAID).encode()[1:]

FALLS: dict[str, tuple[bytes, str]] = {
    "no algorithm": (jws(SAID, None, "none", x5c=x5c(SELF)), "RS256"),
    "no algorithm, and no signature": (
        _tampered(jws(SAID, KEY), 0, b'{"alg":"none"}').rpartition(b".")[0] + b".",
        "RS256",
    ),
    "HS256": (jws(SAID, "secret" * 8, "HS256"), "RS256"),
    "HS256 by the public key": (_by_hand(PUBLIC), "RS256"),
    "PS256": (jws(SAID, KEY, "PS256", x5c=x5c(SELF)), "RS256"),
    "ES256": (jws(SAID, CURVE, "ES256"), "RS256"),
    "a key that is not the certificate's": (jws(SAID, OTHER, x5c=x5c(SELF)), "no JSON Web Signature that holds"),
    "another algorithm than it was signed by": (
        _tampered(GOOD, 0, json.dumps({**HEADER, "alg": "RS512"}).encode()),
        "no JSON Web Signature that holds",
    ),
    "a payload that was changed": (_tampered(GOOD, 1, json.dumps({**SAID, "x": 1}).encode()), "that holds"),
    "a signature that was changed": (_tampered(GOOD, 2, bytes(256)), "that holds"),
    "another statement": (jws({**SAID, "result": {"success": False}}, KEY, x5c=x5c(SELF)), "another statement"),
    "another actor": (jws({**SAID, "actor": {"mbox": "mailto:b@c.org"}}, KEY), "another statement"),
    "another id": (jws({**SAID, "id": ID[::-1].replace("5", "a")}, KEY), "no statement|another statement"),
    "the statement under another id": (jws({**SAID, "id": ID.replace("a", "b")}, KEY), "another statement"),
    "the statement at another time": (jws({**SAID, "timestamp": "2026-11-24T08:30:00.001Z"}, KEY), "another statement"),
    "no statement": (jws({"actor": 5}, KEY), "no statement"),
    "a list": (jws([SAID], KEY), "no statement"),
    "no JSON": (jws(b"{'a': 1}", KEY), "no statement"),
    "a key twice": (jws(TWICE, KEY), "no statement"),
    "tables a hundred deep": (jws(b"[" * 100 + b"]" * 100, KEY), "no statement"),
    "two parts": (GOOD.rpartition(b".")[0], "that holds"),
    "four parts": (GOOD + b".AAAA", "that holds"),
    "a line behind it": (GOOD + b"\n", "that holds"),
    "nothing": (b"", "that holds"),
    "as JSON": (json.dumps({"payload": "x", "signatures": []}).encode(), "that holds"),
    "a header that is a list": (_tampered(GOOD, 0, b"[]"), "that holds"),
    "a header fifty thousand deep": (_tampered(GOOD, 0, b"[" * 40_000), "that holds"),
    "a header of 100 kB": (_tampered(GOOD, 0, json.dumps({"alg": "RS256", "x": "x" * 100_000}).encode()), "larger"),
    "half a megabyte": (jws({**SAID, "result": {"response": "x" * 500_000}}, KEY), "larger"),
    "a header that must be known and is not": (_tampered(GOOD, 0, b'{"alg":"RS256","crit":["x"],"x":1}'), "that holds"),
    "a payload that lies elsewhere": (_tampered(GOOD, 0, b'{"alg":"RS256","b64":false,"crit":["b64"]}'), "that holds"),
    "a chain in which one is missing": (jws(SAID, KEY, x5c=x5c(CHAIN[0], CHAIN[2])), "did not issue"),
    "a chain turned round": (jws(SAID, KEY, x5c=x5c(*reversed(CHAIN))), "did not issue"),
    "an issuer of that name with another key": (
        jws(SAID, KEY, x5c=x5c(CHAIN[0], certificate(OTHER, "School", by=ROOT, issuer="Ministry"))),
        "did not issue",
    ),
    "a certificate that is a text": (jws(SAID, KEY, x5c=base64.b64encode(b"x").decode()), "must be a list"),
    "no certificate in the list": (jws(SAID, KEY, x5c=[]), "must be a list"),
    "eleven certificates": (jws(SAID, KEY, x5c=x5c(*[SELF] * 11)), "must be a list"),
    "a certificate that is none": (jws(SAID, KEY, x5c=["AAAA"]), "no certificate"),
    "a certificate that is a number": (jws(SAID, KEY, x5c=[5]), "no certificate"),
    "a certificate that is no base64": (jws(SAID, KEY, x5c=["-_!"]), "no certificate"),
    "the certificate of an elliptic curve": (jws(SAID, KEY, x5c=x5c(certificate(CURVE, "Amina"))), "RSA key"),
}


@pytest.mark.parametrize("case", FALLS)
def test_every_other_signature_is_refused_with_its_place_and_reason(case: str) -> None:
    """One sentence; nothing but StatementWrong ever comes of bytes that somebody sent."""
    token, why = FALLS[case]
    with pytest.raises(StatementWrong, match=rf"^statement\.attachments\[0\].*({why}).*\.$"):
        _check(SAID, token)


@pytest.mark.filterwarnings("ignore:The RSA key is 1024 bits")
def test_a_key_that_is_too_small_is_refused() -> None:
    """RFC 7518, 3.3: 2,048 bits or more."""
    with pytest.raises(StatementWrong, match="2048"):
        _check(SAID, jws(SAID, SMALL, x5c=x5c(certificate(SMALL, "Amina"))))


def test_a_signature_is_of_its_own_type_and_comes_along() -> None:
    """As octets; a signature that lies elsewhere cannot be verified, and one of two that falls is one too many."""
    with pytest.raises(StatementWrong, match="contentType: must be application/octet-stream"):
        _check(SAID, GOOD, contentType="text/plain")
    with pytest.raises(StatementWrong, match="must come along"):
        signature.check(signed(SAID, GOOD, fileUrl="http://a.org/s"), lambda *_: None, line="2.0")
    falls = jws(SAID, OTHER, x5c=x5c(SELF))
    both = signed(signed(SAID, GOOD), falls)
    with pytest.raises(StatementWrong, match=r"attachments\[1\]"):
        signature.check(both, lambda digest, _: GOOD if digest == sha2(GOOD) else falls, line="2.0")


def test_durations_compare_as_the_line_says() -> None:
    """As texts in 1.0, to the hundredth of a second in 2.0."""
    token = jws({**SAID, "result": {"success": True, "duration": "PT1.231S"}}, KEY)
    _check(SAID, token, line="2.0")
    with pytest.raises(StatementWrong, match="another statement"):
        _check(SAID, token, line="1.0")


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_a_signed_statement_is_kept_with_its_signature(make_tool: Callable[..., Tool], version: str) -> None:
    """And given out with it; another file beside is no signature."""
    tool, beside = make_tool("all", version=version), b"a photo"
    said = {**SAID, "attachments": [described(beside)]}
    token = jws(said, KEY, x5c=x5c(*CHAIN))
    assert send(tool, signed(said, token), token, beside).json == [ID]
    _, files = apart(tool.ask("GET", f"statements?statementId={ID}&attachments=true"))
    assert {data for _, data in files.values()} == {token, beside}


def test_one_wrong_signature_refuses_the_whole_request(node: Node, tool: Tool) -> None:
    """400, nothing kept, no file left."""
    falls = jws({**SAID, "result": {"success": False}}, KEY, x5c=x5c(SELF))
    answer = send(tool, [statement(), signed(SAID, falls)], falls)
    assert (answer.status_code, "signs another statement" in answer.text) == (400, True)
    assert (tool.find(), list((node.home / "attachments").glob("*/*"))) == ([], [])
