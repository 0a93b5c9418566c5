"""A receipt in the tide: carried by the region to the hub that was left, read there alone, and only when wished."""

import base64
import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner

from hub import jobs, projections
from hub.app import create_app
from hub.cli import main
from hub.errors import InputWrong
from hub.moving import posted, receipt
from hub.node import Node
from hub.people.roster import Person
from hub.tide import outbox, sealing
from hub.worker import HANDLERS, Worker
from tests.fixtures.cast import Cast
from tests.fixtures.moving import Moved, work
from tests.fixtures.mules import coast, meet, named, village
from tests.fixtures.web import Served

__all__ = ["coast", "village"]


def _sent(node: Node) -> list[bytes]:
    """The receipts in a hub's public stream."""
    lines = node.journal.streams(hub=node.identity.hub_id, audience="public")
    entries = [each.entry for line in lines for each in node.journal.read(line.stream)]
    return [each.payload for each in entries if each.kind == posted.KIND]


def _told(node: Node, person: Person) -> list[str]:
    return [each.name for each in receipt.moved(node, person.id)]


def test_it_reaches_the_hub_that_was_left_and_nobody_else(moved: Moved, coast: Node) -> None:
    """Sealed: the region carries it and takes in nothing; there it is known once, however often it is looked at."""
    assert posted.may_send(moved.new, moved.data)
    posted.send(moved.new, moved.data)
    meet(moved.new, coast)
    meet(moved.old, coast)
    (row,) = coast.tables.MovingReceipt.select()
    said = base64.b85decode(row.sealed)
    assert moved.person.id.encode() not in said and moved.old.identity.hub_id not in repr(row.__data__)
    assert posted.hear(coast) == 0
    assert [posted.hear(moved.old), posted.hear(moved.old)] == [1, 0]
    assert _told(moved.old, moved.person) == ["Beech ford"]
    lines = [each.says for each in outbox.going(moved.new, "public") if each.copy.kind == posted.KIND]
    assert lines == ["A sealed receipt goes to the hub that somebody has left, as they wished."]


def test_nothing_goes_without_the_wish(moved: Moved, coast: Node) -> None:
    """The receipt alone is a file."""
    meet(moved.new, coast)
    meet(moved.old, coast)
    assert posted.hear(moved.old) == 0 and _told(moved.old, moved.person) == []


def test_all_have_one_length(moved: Moved) -> None:
    """So that no name is told by its letters."""
    said = json.loads(moved.data)
    for name in ("X", "X" * 60):
        posted.send(moved.new, json.dumps({**said, "name": name}).encode())
    sizes = {len(json.loads(each)["set"]["sealed"]) for each in _sent(moved.new)}
    assert (len(sizes), len(_sent(moved.new))) == (1, 2)


def test_a_hub_that_is_not_known_gets_only_the_file(moved: Moved, make_node: Callable[..., Node]) -> None:
    """No key to seal to, or no region: it is not offered, and refused with a sentence."""
    lone = named(make_node("lone"), "Lone")
    assert not posted.may_send(lone, moved.data)
    with pytest.raises(InputWrong, match="no tide goes there"):
        posted.send(lone, moved.data)


@pytest.mark.parametrize("sealed", ["", "no base 85 \x7f", "0" * 5000, "valid"])
def test_what_is_no_receipt_is_left(moved: Moved, sealed: str) -> None:
    """Broken, too long, or sealed rightly with other words in it: looked at once, and nothing is written."""
    hint = posted.hint_of(sealing.ring(moved.old).public).hex()
    text = sealed
    if sealed == "valid":
        aad = f"{moved.new.identity.hub_id} {moved.old.identity.hub_id}".encode()
        made = posted.seal.seal(b"{}".ljust(100), sealing.ring(moved.old).public, info=posted.INFO, aad=aad)
        text = base64.b85encode(made).decode()
    fields = {"id": f"{moved.new.identity.hub_id}:x", "hub": moved.new.identity.hub_id, "hint": hint, "sealed": text}
    moved.old.write(lambda: moved.old.tables.MovingReceipt.insert(**fields).execute())
    assert posted.hear(moved.old) == 0 and _told(moved.old, moved.person) == []


def test_the_worker_hears_it_with_a_tide(moved: Moved, coast: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to do anything at the hub that was left."""
    posted.send(moved.new, moved.data)
    meet(moved.new, coast)
    monkeypatch.setattr("hub.handlers.tide.by_itself", lambda node: meet(node, coast) or "done")
    jobs.add(moved.old, "sync", arguments={})
    work(moved.old)
    assert _told(moved.old, moved.person) == ["Beech ford"]
    before = projections.fingerprint(moved.old.tables)
    moved.old.write(lambda: projections.rebuild(moved.old.tables, moved.old.journal.replay()))
    assert projections.fingerprint(moved.old.tables) == before


@pytest.mark.parametrize("way", ["the command", "the door"])
def test_it_is_heard_whichever_way_it_came(
    moved: Moved, coast: Node, serve_node: Callable[[Node], Served], way: str
) -> None:
    """`mangrove sync now` hears it; a hub that others come to hears it when its worker looks what is due."""
    posted.send(moved.new, moved.data)
    meet(moved.new, coast)
    if way == "the door":
        meet(moved.old, coast)
        Worker(moved.old, HANDLERS).ask_for_what_is_due()
        work(moved.old)
    else:
        url, table = serve_node(coast).url, moved.old.tables.Peer
        moved.old.write(table.update(url=url).where(table.id == coast.identity.hub_id).execute)
        assert CliRunner().invoke(main, ["sync", "now", "--home", str(moved.old.home)]).exit_code == 0
    assert _told(moved.old, moved.person) == ["Beech ford"]


def test_it_is_a_press_of_its_own(moved: Moved) -> None:
    """On the page where the file was opened, for whoever opened it; a second press counts no more than the file."""
    app = create_app(moved.new)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    cast = Cast(moved.new, app)
    client, page = cast.client_of(moved.keeper), f"/people/arriving/{moved.job}/"
    assert "Send the receipt with the tide" in client.get(page).text
    assert cast.client("learner").post(f"{page}send/").status_code == 404
    assert _sent(moved.new) == []
    assert client.post(f"{page}send/").status_code == 303
    assert len(_sent(moved.new)) == 1
