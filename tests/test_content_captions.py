"""Captions beside films and sounds: checked, made of SubRip, and what cannot be shown is said first."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.captions import CAPTIONS_BYTES_MAX, NAMELESS, TWICE, UNREADABLE, from_srt, is_web_vtt
from content.errors import PackagePartly
from content.formats import describe
from content.install import install
from content.package import captions
from content.shelf import Shelf
from tests.fixtures import packages, sounds

CUE = "00:01.000 --> 00:02.500\nHello\n"
WHOLE = f"WEBVTT - about water\n\nNOTE by hand\n\n1\n{CUE}\n01:00:03.000 --> 01:00:04.000 line:0\nBye\n"
SRT = """1
00:00:01,000 --> 00:00:02,5
<i>Boil</i> it & wait <3
<font color=red>long</font>

2
0:00:03,000 --> 0:00:04,000
Bye
""".replace("\n", "\r\n")
WRONG = {
    "no head": CUE,
    "a head that goes on": f"WEBVTTX\n\n{CUE}",
    "an end before its beginning": "WEBVTT\n\n00:03.000 --> 00:02.000\nHello\n",
    "no moments": "WEBVTT\n\nsoon --> later\nHello\n",
    "minutes beyond the hour": "WEBVTT\n\n00:61:00.000 --> 00:62:00.000\nHello\n",
    "other letters": b"WEBVTT\n\n\xff\xfe",
    "too long": "WEBVTT\n\n" + "x" * CAPTIONS_BYTES_MAX,
}


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An empty shelf."""
    return Shelf(tmp_path / "shelf")


def _film(folder: Path, **beside: str | bytes) -> Path:
    for name, text in beside.items():
        place = folder / f"film.{name.replace('__', '.')}"
        place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return packages.mp4(folder / "film.mp4")


def test_what_is_well_formed_stays_byte_for_byte(tmp_path: Path, shelf: Shelf) -> None:
    """With a mark of its encoding and the ends of lines of any system."""
    told = {"vtt": WHOLE, "fr__vtt": "\ufeff" + WHOLE.replace("\n", "\r\n"), "pt-BR__vtt": "WEBVTT"}
    manifest = install(shelf, _film(tmp_path, **told))
    assert [language for language, _ in captions(manifest, manifest.items[0])] == ["fr", "pt-BR", "und"]
    assert shelf.read(manifest, "film.fr.vtt") == told["fr__vtt"].encode()


def test_subrip_becomes_what_browsers_read(tmp_path: Path, shelf: Shelf) -> None:
    """Words, times and slanted letters; a language of three letters is the same by two."""
    manifest = install(shelf, _film(tmp_path, swa__srt=SRT))
    assert captions(manifest, manifest.items[0]) == [("sw", "film.sw.vtt")]
    made = shelf.read(manifest, "film.sw.vtt").decode()
    assert "00:00:01.000 --> 00:00:02.500\n<i>Boil</i> it &amp; wait &lt;3\nlong\n" in made and is_web_vtt(made)
    assert "film.swa.srt" not in manifest.files


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG.keys())
def test_what_no_browser_shows_is_said_first(tmp_path: Path, shelf: Shelf, text: str | bytes) -> None:
    """The film comes without them when somebody agrees."""
    film = _film(tmp_path, vtt=text)
    with pytest.raises(PackagePartly) as told:
        install(shelf, film)
    assert UNREADABLE in str(told.value) and not shelf.list()
    assert set(install(shelf, film, in_part=True).files) == {"film.mp4"}


@pytest.mark.parametrize(
    ("beside", "what"),
    [
        ({"srt": "Hello"}, UNREADABLE),
        ({"srt": "1\n00:00:05,000 --> 00:00:04,000\nHello"}, UNREADABLE),
        ({"Final cut__vtt": WHOLE}, NAMELESS),
        ({"fr__vtt": WHOLE, "fra__srt": SRT}, TWICE),
    ],
)
def test_what_is_left_out_has_its_reason(tmp_path: Path, beside: dict[str, str], what: str) -> None:
    """One for each kind of mistake, with the number of the film."""
    assert [(each.what, each.places) for each in describe(_film(tmp_path, **beside)).left_out] == [(what, (1,))]


def test_films_in_a_folder_and_sounds_have_captions_too(tmp_path: Path, shelf: Shelf) -> None:
    """By the same rules."""
    item = '\n[[item]]\nid = "film"\nkind = "video"\ntitle = "Film"\npath = "film.mp4"\n'
    source = packages.folder(tmp_path / "well")
    (source / "package.toml").write_text((source / "package.toml").read_text() + item)
    packages.mp4(source / "film.mp4")
    (source / "film.es.srt").write_text(SRT)
    manifest = install(shelf, source)
    assert captions(manifest, manifest.items[-1]) == [("es", "film.es.vtt")]
    (tmp_path / "song.mp3").write_bytes(sounds.mp3())
    (tmp_path / "song.srt").write_text(SRT)
    song = install(shelf, tmp_path / "song.mp3")
    assert captions(song, song.items[0]) == [("und", "song.vtt")]


@given(st.text(max_size=300), st.lists(st.text(alphabet="<>&-\n iub/;a", max_size=40), max_size=4))
def test_what_is_made_is_always_well_formed(text: str, words: list[str]) -> None:
    """Whatever stands in it; what is no SubRip is none."""
    assert from_srt(text) == "" or is_web_vtt(from_srt(text))
    blocks = [f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{said}" for n, said in enumerate(words, start=1)]
    made = from_srt("\n\n".join(blocks))
    assert made == "" or is_web_vtt(made)
