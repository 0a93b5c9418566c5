"""The file of mended wordings is one that translators' tools read."""

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from hub import wordings
from hub.web.tongues import TRANSLATIONS
from tests.fixtures.cast import Cast

MENDED = {
    "Library": ["Livres “d’ici”"],
    "%(num)s step done": ["%(num)s pas fait", "%(num)s pas faits"],
}


def exported(cast: Cast, language: str = "fr") -> bytes:
    """The file after two texts were mended."""
    client = cast.client("librarian")
    for text, forms in MENDED.items():
        sent = {f"form{number}": form for number, form in enumerate(forms)}
        assert client.post(f"/wordings/{language}/{wordings.key(text)}/", data=sent).status_code == 303
    answer = client.get(f"/wordings/{language}.po")
    assert f"mangrove.{language}.po" in answer.headers["Content-Disposition"]
    return answer.data


def test_it_holds_what_was_mended_and_nothing_else(cast: Cast) -> None:
    """Both forms of what counts, the language, its rule for plurals, and which hub it comes from."""
    catalogue = read_po(io.BytesIO(exported(cast)), abort_invalid=True)
    said = {each.id if isinstance(each.id, str) else each.id[0]: each for each in catalogue if each.id}
    assert {
        text: [each.string] if isinstance(each.string, str) else list(each.string) for text, each in said.items()
    } == (MENDED)
    assert said["%(num)s step done"].id == ("%(num)s step done", "%(num)s steps done")
    assert all(each.python_format == ("%(" in str(each.id)) and not each.fuzzy for each in said.values())
    assert (str(catalogue.locale), catalogue.num_plurals, catalogue.last_translator) == ("fr", 2, "Mbuyu")


def test_english_is_mended_and_exported_too(cast: Cast) -> None:
    """Its texts stand in no catalogue of their own."""
    catalogue = read_po(io.BytesIO(exported(cast, "en")), abort_invalid=True)
    assert {each.id if isinstance(each.id, str) else each.id[0] for each in catalogue if each.id} == set(MENDED)


@pytest.mark.skipif(shutil.which("msgmerge") is None, reason="gettext is not installed")
def test_gettexts_own_tools_take_it(cast: Cast, tmp_path: Path) -> None:
    """`msgfmt` finds nothing wrong, and `msgcat` puts it before the catalogue of the program."""
    ours = tmp_path / "ours.po"
    ours.write_bytes(exported(cast))
    upstream = TRANSLATIONS / "fr" / "LC_MESSAGES" / "messages.po"
    subprocess.run(["msgfmt", "--check", "--output-file", "/dev/null", ours], check=True)
    merged = subprocess.run(["msgcat", "--use-first", ours, upstream], check=True, capture_output=True).stdout
    found = {each.id: each.string for each in read_po(io.BytesIO(merged)) if isinstance(each.id, str)}
    assert found["Library"] == MENDED["Library"][0]
    assert len(found) > len(MENDED)
