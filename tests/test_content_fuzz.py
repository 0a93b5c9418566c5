"""Each format with something wrong at random: what comes of it is a package or one sentence, and soon.

The same examples at every run; MANGROVE_SOAK makes it go on for so many fresh ones of each format (`make soak`).
"""

import io
import os
import time
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.checks import check_draft
from content.draft import pieces
from content.errors import ContentError
from content.formats import describe
from content.limits import MIB, Limits
from content.remote import addresses
from tests.fixtures.samples import SAMPLES

IS_SOAKED = "MANGROVE_SOAK" in os.environ
EXAMPLES = int(os.environ.get("MANGROVE_SOAK", "12"))
SECONDS_MAX = 10
"""Far more than any takes, also on a busy machine."""
LIMITS = Limits(total_bytes=16 * MIB, file_bytes=16 * MIB)
CHANGES = ("flip", "cut", "double", "zero", "ones", "swap", "deep", "drop")

SPOILT = st.lists(
    st.tuples(st.sampled_from(CHANGES), st.floats(0, 1), st.integers(1, 64)),
    min_size=1,
    max_size=4,
)


def spoil(data: bytes, how: str, where: float, much: int) -> bytes:
    """Data with one thing wrong, about `where` of its length."""
    at = int(where * len(data))
    there = data[at : at + much]
    wrong = {
        "flip": bytes(byte ^ (1 << much % 8) for byte in there[:1]) + there[1:],
        "cut": b"",
        "double": there * 2,
        "zero": bytes(len(there)),
        "ones": b"\xff" * len(there),
        "swap": there[::-1],
        "deep": there * 200,
        "drop": there[1:],
    }[how]
    return data[:at] + wrong + (b"" if how == "cut" else data[at + much :])


def spoil_inside(data: bytes, inside: float, how: str, where: float, much: int) -> bytes:
    """A zip that is whole, with something wrong in one of its members, or with the names of two changed over."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = [(name, archive.read(name)) for name in archive.namelist()]
    at = min(int(inside * len(files)), len(files) - 1)
    (name, bad), other = files[at], (at + much) % len(files)
    if how == "swap":
        files[at], files[other] = (name, files[other][1]), (files[other][0], bad)
    else:
        files[at] = (name, spoil(bad, how, where, much))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for each, text in files:
            archive.writestr(each, text)
    return out.getvalue()


def look(source: Path) -> None:
    """All that the shelf reads of a file before it keeps it."""
    with closing(describe(source, LIMITS)) as draft:
        check_draft(draft, LIMITS)
        for path, origin in draft.origins.items():
            addresses(path, b"".join(pieces(origin, path=path, package="x")))


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The samples, written once."""
    return {name: each.make(tmp_path_factory.mktemp(name) / each.name) for name, each in SAMPLES.items()}


@pytest.mark.parametrize("name", SAMPLES)
def test_whatever_is_wrong_ends_with_a_package_or_a_sentence(right: dict[str, Path], name: str) -> None:
    """Bytes turned, cut, doubled and changed over; in zips and folders also inside one of the files."""
    source = right[name]
    files = sorted(path for path in source.rglob("*") if path.is_file()) if source.is_dir() else [source]
    kept = {path: path.read_bytes() for path in files}

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None, derandomize=not IS_SOAKED)
    @given(spoilt=SPOILT, inside=st.none() | st.floats(0, 1))
    def one(spoilt: list[tuple[str, float, int]], inside: float | None) -> None:
        place = files[min(int((inside or 0) * len(files)), len(files) - 1)]
        data = kept[place]
        start = time.monotonic()
        if inside is not None and data.startswith(b"PK"):
            data = spoil_inside(data, inside, *spoilt[0])
        else:
            for how, where, much in spoilt:
                data = spoil(data, how, where, much)
        place.write_bytes(data)
        try:
            look(source)
        except ContentError as sentence:
            assert "\n" not in str(sentence)
        finally:
            place.write_bytes(kept[place])
        assert time.monotonic() - start < SECONDS_MAX

    one()
