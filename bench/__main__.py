"""Print every table; exit status 1 when a budget is not kept. `python -m bench tide pages` prints only these."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

from bench import (
    answers,
    collections,
    delivery,
    files,
    finding,
    importing,
    ingest,
    journal,
    packing,
    pages,
    ranges,
    readers,
    record,
    search,
    sound,
    start,
    tide,
    writes,
    zim,
)
from bench.figure import Figure, table
from bench.hub import make_demo

Block = tuple[str, Callable[[Path], Iterator[Figure]]]
BLOCKS: dict[str, Block] = {
    "start": ("Starting and resting", start.measure),
    "pages": ("Bytes of views", pages.measure),
    "packing": ("Packing", packing.measure),
    "answers": ("Answers recorded, durably, an fsync of 10 ms", lambda _home: answers.measure()),
    "journal": ("The journal alone", lambda _home: journal.measure()),
    "tide": ("The tide", lambda _home: chain(tide.measure(), delivery.measure(), ingest.measure())),
    "collections": ("Collections", lambda _home: collections.measure()),
    "search": ("Search in 100,000 passages", search.measure),
    "zim": ("A ZIM file of 5,000 pages", zim.measure),
    "finding": ("Search beside Kolibri", finding.measure),
    "sound": ("Voices", sound.measure),
    "record": ("The record", lambda _home: record.measure()),
    "writes": ("Learning records over HTTP", lambda _home: writes.measure()),
    "importing": ("Putting things on the shelf", lambda _home: importing.measure()),
    "files": ("Small files, beside Flask's own way", files.measure),
    "ranges": ("A film in ranges, beside nginx", ranges.measure),
    "readers": ("Sixty at once", readers.measure),
}


def main(wanted: list[str]) -> int:
    """Measure the wanted blocks, all when none is named."""
    kept = True
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "demo"
        make_demo(home)
        for name in wanted or BLOCKS:
            title, measure = BLOCKS[name]
            figures = list(measure(home))
            kept = kept and all(figure.is_kept for figure in figures)
            print(table(title, figures), flush=True)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
