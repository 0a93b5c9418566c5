"""Data attached to statements: taken whole or not at all, given back byte for byte to whoever may read them."""

import json
from collections.abc import Callable

import pytest

from hub import keys
from hub.app import create_app
from hub.node import Node
from hub.vocabulary import VOIDED
from hub.xapi import attached, multipart
from tests.fixtures.learning import Tool, statement
from tests.fixtures.parcels import BOUNDARY, apart, body, described, first, part, send, sha2, with_files

ID = "aaaaaaaa-2222-4333-8444-555555555555"
TEXT = b"a line\r\n\r\n--" + BOUNDARY[:-1].encode() + b"\r\n\0\xff\r"
OTHER = b"another file"
MIXED = f"multipart/mixed; boundary={BOUNDARY}"


def _files(node: Node) -> list[str]:
    """Names of all files that lie below the folder, those that wait included."""
    return sorted(found.name for found in (node.home / attached.FOLDER).glob("*/*"))


def test_data_comes_back_as_it_was_sent(node: Node, tool: Tool) -> None:
    """Bytes, hash and content type; asked without attachments there is only JSON."""
    assert send(tool, with_files(TEXT, id=ID), TEXT).json == [ID]
    told, files = apart(tool.ask("GET", f"statements?statementId={ID}&attachments=true"))
    assert (told["id"], files[sha2(TEXT)][1]) == (ID, TEXT)
    assert files[sha2(TEXT)][0] == {
        "Content-Type": "text/plain",
        "Content-Transfer-Encoding": "binary",
        "X-Experience-API-Hash": sha2(TEXT),
    }
    for words in ("", "&attachments=false"):
        assert tool.ask("GET", f"statements?statementId={ID}{words}").mimetype == "application/json"
    assert _files(node) == [sha2(TEXT)]


def test_a_statement_is_put_with_its_data(tool: Tool) -> None:
    """PUT takes it as POST does."""
    sent = body(first(with_files(TEXT)), part(TEXT))
    assert tool.ask("PUT", f"statements?statementId={ID}", sent, content_type=MIXED).status_code == 204
    assert apart(tool.ask("GET", f"statements?statementId={ID}&attachments=true"))[1][sha2(TEXT)][1] == TEXT


def test_a_page_carries_each_file_once_and_goes_on_with_more(tool: Tool) -> None:
    """The same data is sent once for many statements, kept once and given once; `more` still asks for data."""
    ids = send(tool, [with_files(TEXT), with_files(TEXT, OTHER), statement()], TEXT, OTHER).json
    told, files = apart(tool.ask("GET", "statements?attachments=true&ascending=true"))
    assert [each["id"] for each in told["statements"]] == ids
    assert {name: data for name, (_, data) in files.items()} == {sha2(TEXT): TEXT, sha2(OTHER): OTHER}
    told, files = apart(tool.ask("GET", "statements?attachments=true&ascending=true&limit=1"))
    assert set(files) == {sha2(TEXT)}
    told, files = apart(tool.ask("GET", told["more"].removeprefix("/xapi/")))
    assert set(files) == {sha2(TEXT), sha2(OTHER)}


def test_head_says_what_get_would_bring(tool: Tool) -> None:
    """The true length, and no body."""
    send(tool, with_files(TEXT, id=ID), TEXT)
    path = f"statements?statementId={ID}&attachments=true"
    whole, head = tool.ask("GET", path), tool.ask("HEAD", path)
    assert (head.get_data(), head.mimetype) == (b"", "multipart/mixed")
    assert head.content_length == whole.content_length == len(whole.get_data())
    assert head.headers["Last-Modified"] == whole.headers["Last-Modified"]


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
@pytest.mark.parametrize("name", ["sha224", "sha256", "sha384", "sha512"])
def test_every_sha2_is_taken_in_any_case(make_tool: Callable[..., Tool], version: str, name: str) -> None:
    """The hash in capitals names the same data; it is given out as the statement spells it."""
    tool, digest = make_tool("all", version=version), sha2(TEXT, name)
    said = statement(id=ID, attachments=[described(TEXT, sha2=digest.upper())])
    sent = body(first(said), part(TEXT, X_Experience_API_Hash=digest))
    assert tool.ask("POST", body=sent, content_type=MIXED).status_code == 200
    assert apart(tool.ask("GET", f"statements?statementId={ID}&attachments=true"))[1][digest.upper()][1] == TEXT


def test_data_of_a_statement_within_is_taken(tool: Tool) -> None:
    """A statement within has attachments of its own."""
    within = {"objectType": "SubStatement", **with_files(TEXT)}
    assert send(tool, statement(id=ID, object=within), TEXT).status_code == 200
    assert set(apart(tool.ask("GET", f"statements?statementId={ID}&attachments=true"))[1]) == {sha2(TEXT)}


def test_a_request_of_parts_may_have_no_data(tool: Tool) -> None:
    """Nothing attached, or all of it elsewhere; the answer with attachments has one part."""
    elsewhere = statement(attachments=[described(TEXT, fileUrl="http://a.org/f")])
    assert send(tool, statement()).status_code == send(tool, elsewhere).status_code == 200
    assert apart(tool.ask("GET", "statements?attachments=true"))[1] == {}


def test_a_voided_statement_keeps_its_data(tool: Tool) -> None:
    """It is found as the statement is."""
    send(tool, with_files(TEXT, id=ID), TEXT)
    tool.send(statement(verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": ID}))
    assert sha2(TEXT) in apart(tool.ask("GET", f"statements?voidedStatementId={ID}&attachments=true"))[1]
    assert apart(tool.ask("GET", "statements?attachments=true"))[1] == {}


def test_sending_again_changes_nothing(node: Node, tool: Tool) -> None:
    """The statement is here, and its file is the same."""
    for _ in range(2):
        assert send(tool, with_files(TEXT, id=ID), TEXT, TEXT).json == [ID]
    assert (_files(node), node.tables.Attached.select().count()) == ([sha2(TEXT)], 1)


SAID = with_files(TEXT)
LONG = "x" * 3000
WRONG: dict[str, tuple[str, bytes]] = {
    "a part nobody names": (MIXED, body(first(SAID), part(TEXT), part(OTHER))),
    "a part for nothing attached": (MIXED, body(first(statement()), part(TEXT))),
    "no part and no address": (MIXED, body(first(SAID))),
    "one part of two": (MIXED, body(first(with_files(TEXT, OTHER)), part(TEXT))),
    "no part in plain JSON": ("application/json", json.dumps(SAID).encode()),
    "data of another hash": (MIXED, body(first(SAID), part(OTHER, X_Experience_API_Hash=sha2(TEXT)))),
    "no hash": (MIXED, body(first(SAID), part(TEXT, X_Experience_API_Hash=""))),
    "a hash of no length": (MIXED, body(first(SAID), part(TEXT, X_Experience_API_Hash="abc"))),
    "a hash that is a path": (MIXED, body(first(SAID), part(TEXT, X_Experience_API_Hash="../" * 21 + "x"))),
    "no encoding": (MIXED, body(first(SAID), part(TEXT, Content_Transfer_Encoding=""))),
    "another encoding": (MIXED, body(first(SAID), part(TEXT, Content_Transfer_Encoding="base64"))),
    "a header twice": (MIXED, body(first(SAID), b"x-experience-api-hash: a\r\n" + part(TEXT))),
    "a header without end": (MIXED, body(first(SAID), part(TEXT, X_Long=LONG))),
    "headers without end": (MIXED, body(first(SAID), part(TEXT, {f"X-{number}": "1" for number in range(40)}))),
    "data before statements": (MIXED, body(part(TEXT), first(SAID))),
    "statements that are text": (MIXED, body(first(SAID, "text/plain"), part(TEXT))),
    "no parts": (MIXED, body()),
    "nothing": (MIXED, b""),
    "no boundary": ("multipart/mixed", body(first(SAID), part(TEXT))),
    "another boundary": ("multipart/mixed; boundary=other", body(first(SAID), part(TEXT))),
    "a boundary of 71 signs": (
        f"multipart/mixed; boundary={'b' * 71}",
        body(first(SAID), part(TEXT), boundary="b" * 71),
    ),
    "a boundary with a line's end": ('multipart/mixed; boundary="a\tb"', body(first(SAID), part(TEXT))),
    "no last boundary": (MIXED, body(first(SAID), part(TEXT))[:-6]),
    "cut within data": (MIXED, body(first(SAID), part(TEXT))[:-60]),
    "no line before the data": (MIXED, body(first(SAID), part(TEXT).replace(b"\r\n\r\n", b"\r\n", 1))),
    "form data": (f"multipart/form-data; boundary={BOUNDARY}", body(first(SAID), part(TEXT))),
    "one of two statements wrong": (MIXED, body(first([SAID, {"actor": 5}]), part(TEXT))),
    "a content type that ends a line": (
        MIXED,
        body(first(statement(attachments=[described(TEXT, contentType="a/b\r\n;X: y")])), part(TEXT)),
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_request_is_refused_and_leaves_nothing(node: Node, tool: Tool, case: str) -> None:
    """400 in one sentence; no statement, and no file, not even one that waits."""
    kind, sent = WRONG[case]
    answer = tool.ask("POST", body=sent, content_type=kind)
    assert (answer.status_code, answer.text.count("\n"), answer.text.endswith(".\n")) == (400, 1, True), answer.text
    assert (node.tables.Statement.select().count(), _files(node)) == (0, [])


def test_each_limit_is_kept(make_node: Callable[..., Node]) -> None:
    """One file, the statements, the parts, and all together: 413, nothing kept; what just fits is taken."""
    node = make_node("small", xapi_attachment_max=100, body_max=200_000, xapi_request_max=65_536)
    key, secret = keys.add(node, name="A tool", scopes=["all"])
    tool = Tool(create_app(node).test_client(), key.id, secret)
    fits, large = b"x" * 100, b"x" * 101
    assert send(tool, with_files(large), large).status_code == 413
    assert send(tool, [statement(result={"response": "x" * 30_000})] * 3, fits).status_code == 413
    assert send(tool, statement(), *[b"%d" % number for number in range(multipart.PARTS_MAX)]).status_code == 413
    assert _files(node) == []
    assert send(tool, with_files(fits), fits).status_code == 200


def test_who_may_not_read_the_statement_gets_no_data(make_tool: Callable[..., Tool]) -> None:
    """A key that reads its own gets only its own, one that only writes none, an outsider neither."""
    writer, mine, outsider = make_tool("all"), make_tool("statements/read/mine", "statements/write"), make_tool("state")
    send(writer, with_files(TEXT, id=ID), TEXT)
    path = f"statements?statementId={ID}&attachments=true"
    assert mine.ask("GET", path).status_code == 404
    assert apart(mine.ask("GET", "statements?attachments=true"))[1] == {}
    assert outsider.ask("GET", path).status_code == 403
    assert send(outsider, with_files(OTHER), OTHER).status_code == 403


def test_naming_a_hash_gives_no_claim_to_the_data(make_tool: Callable[..., Tool]) -> None:
    """Who says that a file lies elsewhere, with the hash of another's, gets nothing of it."""
    send(make_tool("all"), with_files(TEXT), TEXT)
    guess = make_tool("statements/read/mine", "statements/write")
    guess.send(statement(attachments=[described(TEXT, fileUrl="http://a.org/f")]))
    assert apart(guess.ask("GET", "statements?attachments=true"))[1] == {}
