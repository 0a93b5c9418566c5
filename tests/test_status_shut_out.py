"""A hub whose certificate was taken back: its pages say so once, in the reader's words, and nothing else."""

from collections.abc import Callable
from html import unescape

import pytest

from hub import sentences
from hub.node import Node
from hub.tide import certificates, peers, report, run
from tests.fixtures import tide
from tests.fixtures.cast import Cast
from tests.fixtures.web import Served


@pytest.fixture
def shut_out(
    node: Node, cast: Cast, make_node: Callable[..., Node], serve_node: Callable[[Node], Served]
) -> report.State:
    """How it stands with the region, which has all of this hub and has taken its certificate back."""
    region = make_node("coast", role="region")
    tide.joined(node, region, serve_node(region).url)
    tide.learn(node, first=1, count=3)
    assert run.sync_with(node).agreed
    node.tables.Tide.update(ended_ms=node.clock.now_ms() - 60_000).execute()
    certificates.revoke(region, hub=node.identity.hub_id)
    assert "The other hub says" in run.sync_with(node).problem
    return report.states(node)[0]


def test_the_state_does_not_contradict_itself(shut_out: report.State, cast: Cast) -> None:
    """All that went is safe there and nothing goes any more: neither "not all is sent" nor a next tide is said."""
    text = unescape(cast.client("steward").get("/status/tide/").text)
    for said in (text, report.words(shut_out)):
        assert "until the region gives the certificate back. This hub asks again on" in said
        assert "ot all is sent yet" not in said and "next tide is" not in said and "The next tide:" not in said
    assert (shut_out.is_shut_out, shut_out.waiting) == (True, 0)
    assert "Nothing is exchanged</span>" in text and f"{shut_out.safe} of {shut_out.safe} records" in text


@pytest.mark.parametrize("address", ["/status/tide/", "/status/", "/region/", "/"])
def test_the_refusal_is_in_the_readers_language(shut_out: report.State, cast: Cast, address: str) -> None:
    """On every page that tells it: what another hub says in words of this program too."""
    client = cast.client("region" if address == "/" else "steward")
    assert client.post("/language/", data={"language": "ar"}).status_code == 303
    text = unescape(client.get(address).text)
    assert "سحبت المنطقة شهادة هذا المركز" in text
    assert "The other hub says" not in text and "taken back this hub's" not in text


def test_what_is_no_text_of_the_program_stands_apart(shut_out: report.State, cast: Cast, node: Node) -> None:
    """Words that no catalogue has are shown as they came, in their own direction."""
    said = sentences.sentence("The other hub says: %(why)s", why="Come back on Monday.")
    peer = peers.upstream(node)[0]
    report.keep(node, report.Tide(peer.hub, "Coast", 1, node.clock.now_ms() + 60_000, problem=said))
    client = cast.client("steward")
    client.post("/language/", data={"language": "ar"})
    assert "يقول المركز الآخر: \u2068Come back on Monday.\u2069" in unescape(client.get("/status/tide/").text)


def test_all_sent_and_then_no_line_is_not_called_left_over(shut_out: report.State, cast: Cast, node: Node) -> None:
    """What did not end well is told; that not all was sent only where something waits."""
    peer = peers.upstream(node)[0]
    total = shut_out.safe
    went = report.Tide(peer.hub, "Coast", 1, node.clock.now_ms() + 60_000, safe=total, total=total, problem="No line.")
    report.keep(node, went)
    text = unescape(cast.client("steward").get("/status/tide/").text)
    assert "The last tide did not end well" in text and "Not all is sent yet" not in text and "The next tide:" in text
    assert "ot all is sent yet" not in report.words(report.states(node)[0])
