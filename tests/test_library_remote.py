"""Whoever keeps the shelf reads which addresses on the internet a package asks for; learners read that it does."""

from pathlib import Path

from hub import inbox
from hub.node import Node
from tests.fixtures import packages
from tests.fixtures.cast import ROLES, Cast

LIST = "Addresses on the internet that it asks for"
NOTE = "Some of it comes from the internet"


def test_the_whole_cast_reads_what_it_asks_for(cast: Cast, node: Node, tmp_path: Path) -> None:
    """All of them for the librarian, one for everybody else; said too when it comes onto the shelf."""
    script = 'fetch("https://far.net/a"); fetch("https://far.net/b");'
    (node.home / "inbox").mkdir(exist_ok=True)
    packages.page_zip(node.home / "inbox" / "far.zip", f"<title>Far</title><script>{script}</script>")
    said = inbox.bring_in(node, {"path": "inbox/far.zip"}, lambda _: None)
    assert said == "Far is on the shelf. It asks for addresses on the internet; its page names them."
    (package,) = (row.id for row in node.catalogue.list() if row.title == "Far")
    for role in ROLES:
        text = cast.client(role).get(f"/library/{package}/").text
        assert NOTE in text and "https://far.net/a" in text
        assert (LIST in text, "<code>https://far.net/b</code>" in text) == ((role in ("librarian", "steward")),) * 2, (
            role
        )
