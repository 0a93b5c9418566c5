"""The design system: sizes, spaces and colours come from its tokens, and its page shows the parts as they are."""

import io
import re
import zipfile

import pytest

from hub import __version__
from hub.web.colours import TOKENS
from hub.web.palette import measures, scheme
from hub.web.static_files import FOLDER
from tests.fixtures import engines
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.stylesheet import Declaration, declarations, parts
from tests.test_look_sprites import drawn

pytestmark = pytest.mark.sqlite(engines.WORDS)

SPACING = re.compile(r"(row-|column-)?gap|(padding|margin)(-(block|inline))?(-(start|end))?")
SPACE = re.compile(
    r"0|-?[14]px|-?(8|12|16|24|32)px|(4[89]|5\d|6\d)px|auto|var\(--space-[1-6]\)|calc\(.*\)|[\d.]+em|\d+mm"
)
"""Of the scale; a hair's breadth; room for what is pressed (48 px and more); what grows with the letters beside it; and
millimetres, which are on paper only."""
SIZE = re.compile(r"var\(--step-[\w]+\)|inherit")
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(|\b(?:white|black|gr[ae]y|red|green|blue|orange|yellow)\b")
"""A colour that is written out."""
SECTIONS = ("letters", "colours", "space", "cards", "forms", "tables", "charts", "states", "drawings", "paper")


def _of(name: str) -> list[Declaration]:
    return [each for each in declarations() if each.name == name]


def test_letters_have_the_sizes_of_the_scale() -> None:
    """No rule names a size of its own, neither by itself nor within `font`."""
    odd = [each for each in _of("font-size") if not SIZE.fullmatch(each.value)]
    odd += [each for each in _of("font") if re.search(r"\d(?:px|r?em|pt|%)", each.value)]
    assert odd == []


def test_spaces_are_of_the_scale() -> None:
    """Gaps, paddings and margins are steps of space."""
    spaces = [each for each in declarations() if SPACING.fullmatch(each.name)]
    odd = [each for each in spaces if not all(map(SPACE.fullmatch, parts(each.value.removesuffix("!important"))))]
    assert len(spaces) > 100
    assert odd == []


def test_colours_are_tokens() -> None:
    """Only a token says what a colour is; every other rule says which token."""
    assert [each for each in declarations() if not each.name.startswith("--") and COLOUR.search(each.value)] == []


@pytest.mark.parametrize("colour", ["#fff", "#0f6b5c", "rgb(0 0 0)", "white", "1px solid grey"])
def test_a_colour_that_is_written_out_is_seen(colour: str) -> None:
    """As a number, a function or a name."""
    assert COLOUR.search(colour)


def test_headings_stand_in_steps() -> None:
    """28, 22 and 18 px on a body of 17: each at least a step above the next."""
    base = float(re.findall(r"--base: ([\d.]+)%", TOKENS.read_text(encoding="utf-8"))[0]) / 100 * 16
    sizes = {name: round(float(size.removesuffix("rem")) * base) for name, size in measures().items() if "step" in name}
    assert [sizes[f"step-{name}"] for name in (3, 2, 1, 0)] == [28, 22, 18, 17]


@pytest.mark.parametrize("role", ROLES)
def test_everybody_may_look_at_the_design(cast: Cast, role: str) -> None:
    """Guests and every role, with and without the slash, and what the hub is."""
    client = cast.client(role)
    assert [client.get(f"/about/{page}").status_code for page in ("", "design", "design/")] == [200] * 3


def test_the_design_shows_every_part(cast: Cast) -> None:
    """Each section, each step, each colour, each drawing with its name."""
    shown = cast.client(OUTSIDER).get("/about/design").text
    assert re.findall(r'<section class="section" id="(\w+)"', shown) == list(SECTIONS)
    names = set(re.findall(r"<code>([^<]+)</code>", shown))
    assert {*measures(), *drawn("icons.svg"), *drawn("pictures.svg")} <= names
    assert set(scheme(0)) - {part for name in names for part in name.split(" / ")} <= {"line", "sheet", "film", "sun"}


def test_the_design_s_forms_send_nothing(cast: Cast) -> None:
    """Fields in every state, one of them refused, and no button that would send them."""
    shown = cast.client(OUTSIDER).get("/about/design").text
    forms = re.findall(r'<form class="example">.*?</form>', shown, re.DOTALL)
    assert [form.count("aria-invalid") for form in forms] == [1]
    assert "<button" not in forms[0]
    assert "autofocus" not in shown


def test_the_community_leads_to_what_this_is(cast: Cast) -> None:
    """A quiet link, and from there to the design."""
    client = cast.client(OUTSIDER)
    assert 'href="/about/"' in client.get("/community/").text
    about = client.get("/about/").text
    assert all(words in about for words in ('href="/about/design"', "AGPL-3.0-or-later", __version__))


def test_the_program_can_be_taken_along(cast: Cast) -> None:
    """Its source as it runs here, whole and with its licence, for everybody who uses it."""
    answer = cast.client(OUTSIDER).get("/about/source.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as opened:
        names = set(opened.namelist())
        assert opened.read("hub/web/static/css/10-tokens.css") == TOKENS.read_bytes()
        assert b"GNU AFFERO GENERAL PUBLIC LICENSE" in opened.read("LICENSE")
    assert {"hub/__init__.py", "content/shelf.py", "sync/journal.py"} <= names
    assert not any(name.endswith(".pyc") for name in names)


@pytest.mark.parametrize(
    ("role", "tone"), [("learner", "for-child"), ("facilitator", "for-grown"), (OUTSIDER, "for-grown")]
)
def test_a_page_has_the_tone_of_who_looks(cast: Cast, role: str, tone: str) -> None:
    """Children and grown-ups get the same page with another class, and nothing else decides about it."""
    assert f'<body class="{tone}">' in cast.client(role).get("/library/").text


def test_tone_is_decided_in_one_place() -> None:
    """No template asks by itself who is a child, but for what only children have."""
    asking = [path for path in (FOLDER.parent / "templates").rglob("*.html") if "is_child" in path.read_text("utf-8")]
    assert asking == []
