"""The writer when the disk does not answer, and when the hub is stopping."""

import threading
from collections.abc import Callable

import pytest

from hub.errors import StorageSlow, WriterClosed
from hub.node import Node

WAIT_S = 10.0


def test_a_disk_that_does_not_answer_is_said(node: Node) -> None:
    """Whoever waits no longer than so long hears of it; the change itself is finished later."""
    go, held = threading.Event(), threading.Event()

    def slow() -> None:
        held.set()
        go.wait(WAIT_S)

    thread = threading.Thread(target=lambda: node.write(slow))
    thread.start()
    held.wait(WAIT_S)
    with pytest.raises(StorageSlow, match="has not answered in time"):
        node.writer.write(lambda: None, within_s=0.01)
    go.set()
    thread.join()
    assert node.write(lambda: "well again") == "well again"


def test_nobody_waits_for_a_writer_that_has_stopped(make_node: Callable[..., Node]) -> None:
    """Many who ask while it closes get an answer or a refusal, and none hangs."""
    node, ends = make_node(), []

    def ask() -> None:
        try:
            for _ in range(50):
                node.write(lambda: None)
            ends.append("kept")
        except WriterClosed:
            ends.append("refused")

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    node.writer.close()
    for thread in threads:
        thread.join(WAIT_S)
    assert len(ends) == len(threads)
