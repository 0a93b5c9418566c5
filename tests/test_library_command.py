"""`mangrove content`: the shelf from the command line, in words and in JSON."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hub.cli import main
from hub.config import keep
from hub.node import make_home
from tests.fixtures import engines, packages

pytestmark = pytest.mark.sqlite(engines.SHELF)
Run = Callable[..., Result]

MISTAKES = [
    (["show", "nobody"], 1, "There is no package called nobody on the shelf."),
    (["remove", "nobody"], 1, "There is no package called nobody on the shelf."),
    (["export", "nobody", "--to", "x"], 1, "There is no package called nobody on the shelf."),
    (["export", "nobody"], 2, "Missing option '--to'"),
    (["add"], 2, "Missing argument"),
    (["search"], 2, "Missing argument"),
    (["search", "x", "--limit", "0"], 2, "is not in the range"),
]


@pytest.fixture
def home(tmp_path: Path, database_url: Callable[[], str]) -> Path:
    """A hub's home, on the engine of this run."""
    home = tmp_path / "hub"
    make_home(home)
    keep(home, {"name": "Mbuyu", "database": database_url()})
    return home


@pytest.fixture
def run(home: Path) -> Run:
    """A function that runs `mangrove content` over that home."""
    return lambda *words: CliRunner().invoke(main, ["content", *map(str, words), "--home", str(home)])


@pytest.fixture
def well(run: Run, tmp_path: Path) -> Path:
    """A package, added."""
    source = packages.folder(tmp_path / "well")
    assert run("add", source).exit_code == 0
    return source


def value(result: Result) -> Any:
    """What a command printed as JSON."""
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_several_are_added_at_once(run: Run, tmp_path: Path) -> None:
    """Each with its id, size and what it would load from elsewhere."""
    page = packages.page_zip(tmp_path / "a.zip", "<title>A</title><img src='http://far.example/a.png'>")
    added = value(run("add", packages.folder(tmp_path / "well"), page, "--json"))
    assert [each["title"] for each in added] == ["Keep the well clean", "A"]
    assert (added[0]["id"], added[0]["items"], added[0]["is_new"]) == ("well.en", 2, True)
    assert added[1]["remote"] == ["http://far.example/a.png"]
    assert "1 addresses from the internet" in run("add", page).stdout


def test_what_is_refused_does_not_keep_the_others_out(run: Run, tmp_path: Path) -> None:
    """One sentence for each on standard error, exit status 1, the good one on the shelf."""
    result = run("add", tmp_path / "gone.zip", packages.folder(tmp_path / "well"), "--json")
    assert result.exit_code == 1
    assert [each["id"] for each in json.loads(result.stdout)] == ["well.en"]
    assert result.stderr.startswith("There is nothing at")
    assert len(result.stderr.strip().splitlines()) == 1


def test_each_that_is_refused_has_its_sentence(run: Run, tmp_path: Path) -> None:
    """Two that cannot be taken: two lines on standard error, each with its file's name."""
    result = run("add", tmp_path / "gone.zip", tmp_path / "away.zip")
    first, second = result.stderr.splitlines()
    assert (result.exit_code, "gone.zip" in first, "away.zip" in second) == (1, True, True)


def test_the_shelf_is_listed(run: Run, well: Path, tmp_path: Path) -> None:
    """All of it, or what is in one language or of one kind."""
    run("add", packages.epub(tmp_path / "goat.epub"))
    assert [each["title"] for each in value(run("list", "--json"))] == ["Keep the well clean", "The Goat and the Moon"]
    assert [each["language"] for each in value(run("list", "--language", "sw", "--json"))] == ["sw"]
    assert [each["id"] for each in value(run("list", "--kind", "quiz", "--json"))] == ["well.en"]
    assert "well.en" in run("list").stdout


def test_an_empty_shelf_says_so(run: Run) -> None:
    """In words, and as an empty list."""
    assert run("list").stdout == "The shelf is empty.\n"
    assert value(run("list", "--json")) == []


def test_words_are_searched(run: Run, well: Path) -> None:
    """Several words need no quotes; what is near is told apart from what was found."""
    found = value(run("search", "leaves", "out", "--json"))
    assert (found["total"], found["is_capped"], found["near"]) == (2, False, [])
    assert "leaves out" in found["hits"][0]["snippet"]
    near = value(run("search", "leaves", "zebra", "--json"))
    assert (near["total"], len(near["near"])) == (0, 2)
    assert "well.en/read: A clean well" in run("search", "leaves").stdout


def test_words_typed_wrong_are_mended_and_told(run: Run, well: Path) -> None:
    """Only under what was looked for instead, and never as found."""
    mended = value(run("search", "laeves", "--json"))
    assert (mended["total"], mended["hits"], mended["mended"], len(mended["near"])) == (0, [], "leaves", 2)
    assert "Nothing has all these words.\nLooked for instead: leaves\nNear: " in run("search", "laeves").stdout
    assert value(run("search", "leaves", "--json"))["mended"] == ""


def test_one_package_is_shown(run: Run, well: Path) -> None:
    """All it says of itself, and its items."""
    shown = value(run("show", "well.en", "--json"))
    assert (shown["title"], shown["licence"], shown["files"]) == ("Keep the well clean", "CC-BY-SA-4.0", 3)
    assert [item["id"] for item in shown["items"]] == ["read", "try"]
    assert "version 1" in run("show", "well.en").stdout


def test_a_package_goes_out_and_comes_in(run: Run, well: Path, tmp_path: Path) -> None:
    """Exported, removed, and added again from the export."""
    out = value(run("export", "well.en", "--to", tmp_path / "stick", "--json"))
    assert value(run("remove", "well.en", "--json"))["key"]
    assert value(run("list", "--json")) == []
    assert value(run("add", out["path"], "--json"))[0]["is_new"]


def test_verify_tells_what_is_not_whole(run: Run, well: Path, home: Path) -> None:
    """Exit status 0 when all is well, 1 with the path when it is not; adding it again mends it."""
    assert run("verify").stdout == "Everything is whole.\n"
    next(home.glob("blobs/objects/*/*")).write_bytes(b"rot")
    result = run("verify", "--json")
    assert (result.exit_code, json.loads(result.stdout)[0]["what"]) == (1, "changed")
    assert re.search(r"^well\.en: \S+ is changed$", result.stderr, re.MULTILINE)
    next(home.glob("blobs/packages/*.json")).write_text("{}")
    assert "well.en: its manifest is damaged\n" in run("verify").stderr
    assert run("add", well).exit_code == 0
    assert run("verify").exit_code == 0


def test_a_lost_catalogue_is_made_again_before_it_is_asked(run: Run, well: Path, home: Path) -> None:
    """A shelf with something on it is never called empty."""
    for words in (["list"], ["search", "leaves"]):
        (home / "catalogue.db").unlink()
        assert "well.en" in run(*words).stdout


def test_the_catalogue_is_made_again(run: Run, well: Path, home: Path) -> None:
    """Also after its file was lost; what an interrupted import left is gone."""
    (home / "catalogue.db").write_bytes(b"nonsense" * 2000)
    (home / "blobs" / "staging" / "0").write_bytes(b"left over")
    assert value(run("rebuild", "--json")) == {"packages": 1}
    assert value(run("search", "leaves", "--json"))["total"] == 2
    assert not list((home / "blobs" / "staging").iterdir())


def test_mistakes_are_said(run: Run) -> None:
    """What cannot be is status 1; wrong usage is status 2."""
    for words, status, sentence in MISTAKES:
        result = run(*words)
        assert (words, result.exit_code, sentence in result.stderr) == (words, status, True)


def test_a_quiz_that_fits_in_part_is_added_when_asked(run: Run, tmp_path: Path) -> None:
    """Otherwise what would be left out is said, and nothing is added."""
    source = tmp_path / "water.gift"
    source.write_text("What? {=this ~that}\n\nWrite. {}\n", encoding="utf-8")
    refused = run("add", str(source))
    assert (refused.exit_code, "are left out (2)" in refused.output) == (1, True)
    assert run("add", "--in-part", str(source)).exit_code == 0
    assert "water" in run("list").output


@pytest.mark.usefixtures("well")
def test_works_go_onto_a_stick(run: Run, tmp_path: Path) -> None:
    """By name or by collection; the folder has a cover, and nothing chosen is said."""
    made = json.loads(run("collect", "Wells", "well.en", "--json").stdout)
    given = json.loads(run("give", "--collection", made["id"], "--to", tmp_path, "--json").stdout)
    assert (given["packages"], Path(given["path"]).name[:6]) == (["well.en"], "Wells ")
    assert (Path(given["path"]) / "index.html").is_file()
    refused = run("give", "--to", tmp_path)
    assert (refused.exit_code, "Nothing was chosen" in refused.output) == (1, True)
    assert run("give", "nobody", "--to", tmp_path).exit_code == 1
