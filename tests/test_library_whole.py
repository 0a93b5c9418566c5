"""Every file is read now and then, slowly, over cuts; what is not whole is said, and is mended from another hub."""

from pathlib import Path

import pytest

from hub import jobs, library, wholeness
from hub.node import Node
from hub.worker import DUE, HANDLERS, Worker
from tests.fixtures import offering, packages
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.clock import HandClock

PAGE = "/library/whole/"
KEEPERS = ("librarian", "steward")


@pytest.fixture
def works(node: Node, tmp_path: Path) -> list[str]:
    """Two works on the shelf."""
    sources = (packages.folder(tmp_path / "well"), packages.pdf(tmp_path / "tree.pdf"))
    return [library.add(node, source=each).package for each in sources]


def spoil(node: Node, work: str) -> Path:
    """Turn one bit of a file of a work, as a card does."""
    manifest = node.shelf.manifest(work)
    assert manifest is not None
    place = node.shelf.blob_path(manifest.files[sorted(manifest.files)[0]].sha256)
    data = place.read_bytes()
    place.write_bytes(bytes([data[0] ^ 1]) + data[1:])
    return place


def looked(node: Node) -> wholeness.Report:
    """A whole look; what it came to."""
    wholeness.by_itself(node, lambda _said: None, lambda: None, sleep=lambda _s: None)
    return wholeness.report(node)


def work(node: Node) -> None:
    """Let the worker do all there is."""
    worker = Worker(node, HANDLERS)
    while worker.step():
        pass


def test_what_has_rotted_is_found_and_mended_by_adding_it_again(node: Node, works: list[str], tmp_path: Path) -> None:
    """The work and the file are named; once it is on the shelf anew, nothing is wrong any more, by no other look."""
    assert looked(node).broken == ()
    spoil(node, works[1])
    (found,) = looked(node).broken
    assert (found.package, found.title, found.what) == (works[1], "tree", "changed")
    library.add(node, source=tmp_path / "tree.pdf")
    assert wholeness.report(node).broken == ()
    next(node.shelf.objects.glob("*/*")).unlink()
    assert [each.what for each in looked(node).broken] == ["missing"]


def test_it_goes_on_where_it_was_cut(node: Node, works: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that was read is not read again; what was found before the cut is told at the end."""
    monkeypatch.setattr(wholeness, "SAY_S", 0.0)
    spoil(node, works[0])
    read: list[str] = []
    state = node.shelf.state

    def counted(sha256: str, **how: object) -> str:
        read.append(sha256)
        return state(sha256, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(node.shelf, "state", counted)
    files = sum(len(each.files) for each in node.shelf.list())
    for _ in range(files):

        def cut(_said: object) -> None:
            raise jobs.Halted

        with pytest.raises(jobs.Halted):
            wholeness.by_itself(node, cut, lambda: None, sleep=lambda _s: None)
        assert wholeness.share(node)[0] > 0
    found = looked(node)
    assert (len(read), found.files, len(found.broken)) == (files, files, 1)
    assert wholeness.share(node)[0] == 0


def test_other_work_goes_first(node: Node, works: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends with the file at hand, and half a minute later the hub goes on with it."""
    monkeypatch.setattr(wholeness, "SAY_S", 0.0)
    jobs.add(node, "backup", arguments={})
    said = wholeness.by_itself(node, lambda _said: None, lambda: None)
    assert "Other work went first" in said and DUE[wholeness.JOB](node)


def test_it_reads_slowly(node: Node, works: list[str]) -> None:
    """So many bytes a second, as the setting says; none is no limit."""
    work(node)
    waited: list[float] = []
    object.__setattr__(node.settings, "verify_rate", 1000)
    wholeness.by_itself(node, lambda _said: None, lambda: None, sleep=waited.append)
    size = sum(each.size_bytes for each in node.shelf.list())
    assert max(waited) == pytest.approx(size / 1000, rel=0.5)
    object.__setattr__(node.settings, "verify_rate", 0)
    waited.clear()
    wholeness.by_itself(node, lambda _said: None, lambda: None, sleep=waited.append)
    assert waited == []


def test_when_it_is_time(node: Node, works: list[str], clock: HandClock) -> None:
    """A week after the last look, or after the first work came; never where the setting says so, nor twice at once."""
    due = DUE[wholeness.JOB]
    assert not due(node)
    looked(node)
    assert not due(node)
    clock.advance(604_800)
    assert due(node)
    wholeness.ask_to_look(node)
    assert not due(node)
    work(node)
    clock.advance(604_800)
    object.__setattr__(node.settings, "verify_every", 0)
    assert not due(node)


def test_a_shelf_that_was_never_read(node: Node, works: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole when it came, so that is when its week begins; an empty one is never read."""
    week_ago = node.clock.now_ms() - 604_800_000
    monkeypatch.setattr(node.shelf, "changed_ms", lambda _package: week_ago)
    assert DUE[wholeness.JOB](node)
    for work_ in works:
        library.remove(node, work_)
    assert not DUE[wholeness.JOB](node)


def test_the_page_says_it_and_leads_on(cast: Cast, node: Node, works: list[str]) -> None:
    """When it was read, which file, what to do; the front page says it too, until it is mended."""
    browser = cast.client("librarian")
    assert "It was not read yet" in browser.get(PAGE).text and PAGE in browser.get("/library/").text
    spoil(node, works[1])
    assert browser.post(f"{PAGE}look/").headers["Location"] == PAGE
    page = browser.get(PAGE)
    assert "Waiting for its turn" in page.text and page.headers["Refresh"] == "10"
    work(node)
    page = browser.get(PAGE).text
    for word in ("1 file is not whole", "tree", "changed", "Last read: ", "put the work on the shelf again"):
        assert word in page
    assert "Mend it from another hub" not in page
    home = browser.get("/").text
    assert "1 file of the library is not whole any more" in home and PAGE in home
    browser.post(f"/library/{works[1]}/remove/")
    assert "Everything was whole" in browser.get(PAGE).text
    assert "not whole any more" not in browser.get("/").text


def test_a_look_rests_and_is_called_off(cast: Cast, node: Node, works: list[str]) -> None:
    """By the buttons that other work has; called off, the next one begins anew."""
    browser = cast.client("librarian")
    job = wholeness.ask_to_look(node)
    for wish, said in (("pause", "It rests"), ("resume", "Waiting for its turn"), ("call-off", "Read everything now")):
        assert browser.post(f"{PAGE}{job}/{wish}/").headers["Location"] == PAGE
        assert said in browser.get(PAGE).text
    assert jobs.show(node, job).state == jobs.STOPPED


@pytest.mark.usefixtures("up")
def test_it_is_mended_from_another_hub(hub: Node, region: Node, tmp_path: Path) -> None:
    """What the region has is whole again; what nobody has is said, with what to do."""
    offering.take(hub, offering.offer(region, tmp_path / "offered", with_film=False))
    offering.go(hub)
    own = library.add(hub, source=packages.pdf(tmp_path / "own.pdf")).package
    for each in ("well.en", own):
        spoil(hub, each)
    assert len(looked(hub).broken) == 2
    said = wholeness.heal_by_itself(hub, sleep=lambda _s: None)
    assert "1 file is mended" in said and "No hub that could be reached has 1 of them" in said
    assert [each.package for each in wholeness.report(hub).broken] == [own]


@pytest.mark.parametrize("role", ROLES)
def test_who_looks(cast: Cast, node: Node, works: list[str], role: str) -> None:
    """Keepers of the shelf; for nobody else anything is read or fetched."""
    client, keeps = cast.client(role), role in KEEPERS
    assert client.get(PAGE).status_code == (200 if keeps else 303 if role == OUTSIDER else 403)
    for way in ("look/", "mend/"):
        assert client.post(PAGE + way).status_code == (303 if keeps else 403)
    begun = [len(jobs.jobs(node, kind=kind)) for kind in (wholeness.JOB, wholeness.HEAL_JOB)]
    assert begun == ([1, 1] if keeps else [0, 0])
