"""Settings: one table, read once, checked once, a sentence for each mistake."""

import re
from pathlib import Path

import pytest

from hub import config
from hub.errors import HomeUnusable, SettingWrong
from tests.fixtures.forgetful import Forgetful

MISTAKES = [
    ("prot = 8080", "There is no setting called 'prot'"),
    ("port = 0", "port is 0 port; it can be 1 to 65535"),
    ("port = 70000", "it can be 1 to 65535"),
    ("threads = 11", "threads is 11 threads; it can be 12 to 128"),
    ("connections = 499", "connections is 499 connections; it can be 500 to 20000"),
    ('port = "eighty"', "must be a whole number"),
    ("port = true", "must be a whole number"),
    ('role = "king"', "it can be community or region"),
    ('announce = "perhaps"', "must be yes or no"),
    ("name = 7", "must be text"),
    ("port = 8081", "must differ"),
    ('database = "mysql://x"', "postgresql://"),
    ("port = ", "cannot be read as settings"),
    ('address = "hub.example"', "address must be empty or like https://hub.example, without a path"),
    ('content_address = "https://run.example/x"', "content_address must be empty or like"),
    ('address = "https://a.example"\ncontent_address = "https://a.example"', "so that packages run apart"),
    ('name = "  "', "name is 0 letters; it can be 1 to 60"),
    (f'name = "{"x" * 61}"', "name is 61 letters; it can be 1 to 60"),
    ('name = "a\\u0007b"', "name is .* a sign in it that is in no text"),
    ('language = "french!"', "language is 'french!'; it can be a code such as en"),
    ('trusted_proxy = "*"', "trusted_proxy must be empty or an address such as 127.0.0.1"),
]


def test_defaults_stand_when_nothing_is_said(tmp_path: Path) -> None:
    """An empty home has every default."""
    assert config.load(tmp_path, {}, {}) == config.Settings()


def test_a_class_has_room_by_default(tmp_path: Path) -> None:
    """A server's own defaults freeze under four films, and lock out the eighteenth browser of a class."""
    standing = config.load(tmp_path, {}, {})
    assert (standing.threads, standing.connections) == (16, 1000)


def test_a_flag_beats_the_environment_beats_the_file(tmp_path: Path) -> None:
    """The first that speaks is heard."""
    (tmp_path / "settings.toml").write_text("port = 1001\nthreads = 20\nworkers = 3\n")
    settings = config.load(tmp_path, {"port": 1003, "name": None}, {"MANGROVE_PORT": "1002", "MANGROVE_THREADS": "24"})
    assert (settings.port, settings.threads, settings.workers) == (1003, 24, 3)


def test_a_mistyped_name_in_the_environment_is_said(tmp_path: Path) -> None:
    """It does not stay unheard; the home's name and other programs' are no mistakes."""
    environ = {"MANGROVE_GUEST": "no", "MANGROVE_HOME": "/srv/hub", "MANGROVE_GUESTS": "no", "MAN": "less"}
    with pytest.raises(SettingWrong, match="There is no setting called 'MANGROVE_GUEST'.$"):
        config.load(tmp_path, {}, environ)


def test_a_name_that_is_no_text_is_said(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 reach a program as signs that no file keeps."""
    with pytest.raises(SettingWrong, match="in no text"):
        config.load(tmp_path, {"name": "Mbuyu \udcff"}, {})


@pytest.mark.parametrize(("text", "sentence"), MISTAKES)
def test_a_mistake_is_said_in_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    """Each kind of mistake in the file names the setting and what it can be."""
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(SettingWrong, match=sentence.replace("(", r"\(")):
        config.load(tmp_path, {}, {})


def test_all_mistakes_are_said_at_once(tmp_path: Path) -> None:
    """Nobody has to start the hub once for each mistake."""
    (tmp_path / "settings.toml").write_text('prot = 1\nrole = "king"\n')
    with pytest.raises(SettingWrong) as caught:
        config.load(tmp_path, {}, {})
    assert "prot" in str(caught.value)
    assert "role" in str(caught.value)


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    """Choices of `init` stand in settings.toml, whatever letters they hold."""
    config.keep(tmp_path, {"name": 'The "Well" — بئر'})
    config.keep(tmp_path, {"role": "region"})
    settings = config.load(tmp_path, {}, {})
    assert (settings.name, settings.role) == ('The "Well" — بئر', "region")


def test_what_is_kept_is_private(tmp_path: Path) -> None:
    """An address of a database may hold its password."""
    config.keep(tmp_path, {"name": "Well"})
    assert (tmp_path / "settings.toml").stat().st_mode & 0o077 == 0


def test_what_is_kept_outlives_a_power_cut(tmp_path: Path, forgetful: Forgetful) -> None:
    """A region that lost its settings would come back as another hub, over another database."""
    config.keep(tmp_path, {"role": "region"})
    forgetful.cut(tmp_path)
    assert config.load(tmp_path, {}, {}).role == "region"


def test_settings_that_cannot_be_written_are_said(tmp_path: Path) -> None:
    """What stood there stands; one sentence, no trace."""
    (tmp_path / "settings.new").mkdir()
    with pytest.raises(HomeUnusable, match="They are as they were"):
        config.keep(tmp_path, {"name": "Well"})


def test_the_home_is_named_by_the_environment(tmp_path: Path) -> None:
    """MANGROVE_HOME stands before the user's data folder."""
    assert config.default_home({"MANGROVE_HOME": str(tmp_path)}) == tmp_path
    assert config.default_home({}).name == "mangrove"


def test_every_setting_has_a_unit_and_a_sentence() -> None:
    """The table is whole."""
    assert all(row["unit"] and row["help"].endswith(".") for row in config.rows())


def test_every_setting_is_used() -> None:
    """No row of the table is read by nobody."""
    root = Path(config.__file__).parent
    code = "\n".join(path.read_text(encoding="utf-8") for path in root.rglob("*.py") if path.name != "config.py")
    names = [row["name"] for row in config.rows()]
    assert [name for name in names if not re.search(rf"settings(\(\))?\.{name}\b", code)] == []
