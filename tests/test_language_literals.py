"""Words for people are written where the catalogues find them: in `_()` of a template, in `gettext` or a sentence."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from hub.web.static_files import FOLDER
from tests.fixtures.pseudo import DATA, KEYWORDS, SILENT, SPOKEN_ATTRIBUTES

TEMPLATES = sorted((FOLDER.parent / "templates").rglob("*.html"))
JINJA = Environment(autoescape=True, extensions=["jinja2.ext.do"])
COMMANDS_ALONE = {"hub/handout.py", "hub/keys.py"}
"""What only commands say, and those speak English."""
MODULES = sorted(
    path for folder in ("hub", "content") for path in Path(folder).rglob("*.py") if str(path) not in COMMANDS_ALONE
)
HOLE = "\ue000"
"""Stands for whatever a template fills in."""
LETTER = re.compile(r"[^\W\d_]")
SENTENCE = re.compile(r"[A-Za-z’']+ [A-Za-z’' ]*[a-z]")
"""Two words in a row: something people read, and no name of an icon, a class or an address."""
CALLS = {"_", "gettext", "ngettext"}
CLASSES = {"main_class", "tone"}
"""Blocks of `base.html` that are names of classes."""


class Words(HTMLParser):
    """The words that a template writes itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An attribute that is read out or shown."""
        self.found += [f"{name}={value}" for name, value in attrs if name in SPOKEN_ATTRIBUTES and is_words(value)]
        if tag in SILENT | (DATA - {"title"}) or ("dir", "ltr") in attrs:
            self._silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """The end of what nobody reads."""
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        """Words between tags."""
        if not self._silent and is_words(data):
            self.found.append(" ".join(data.split()))


def is_words(text: str | None) -> bool:
    """Whether a text has letters of its own."""
    return bool(text and LETTER.search(text.replace(HOLE, "")))


def written(source: str) -> list[str]:
    """The words that a template writes outside its texts: between tags, in attributes, and as values it shows."""
    tree = JINJA.parse(source)
    classes = {id(output) for block in tree.find_all(nodes.Block) if block.name in CLASSES for output in block.body}
    html = "".join(
        part.data if isinstance(part, nodes.TemplateData) else HOLE
        for output in tree.find_all(nodes.Output)
        if id(output) not in classes
        for part in output.nodes
    )
    words = Words()
    words.feed(html)
    words.close()
    told = {id(const) for call in tree.find_all(nodes.Call) if _is_told(call) for const in call.find_all(nodes.Const)}
    values = [const.value for const in tree.find_all(nodes.Const) if id(const) not in told]
    return words.found + [value for value in values if isinstance(value, str) and _is_sentence(value)]


def _is_told(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name in CALLS


def _is_sentence(value: str) -> bool:
    return bool(SENTENCE.search(value)) and not value.lstrip().startswith(("<", "/", "#", ".", "main ", "tone-"))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>{{ _('Hello') }}</p>", []),
        ("<p>Hello</p>", ["Hello"]),
        ("<p>{{ name }} of 3</p>", ["\ue000 of 3"]),
        ('<img alt="A cow">', ["alt=A cow"]),
        ('<img alt="{{ name }}">', []),
        ("<p>{% if a %}yes{% endif %}</p>", ["yes"]),
        ("{{ note('Nothing is lost') }}", ["Nothing is lost"]),
        ("{{ note(_('Nothing is lost'), icon='check') }}", []),
        ("<script>let hello = 1;</script><code>mangrove sync</code>", []),
        ("<p>· – 1 · {{ _('a') }}</p>", []),
    ],
)
def test_words_that_no_catalogue_finds_are_seen(source: str, found: list[str]) -> None:
    """Between tags, in an attribute, as a value of a macro; not names of drawings and no signs."""
    assert written(source) == found


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_template_writes_no_words_of_its_own(template: Path) -> None:
    """All of them go through `_` or `ngettext`."""
    assert written(template.read_text(encoding="utf-8")) == []


def bare(module: Path) -> Iterator[str]:
    """Calls that show or raise a text which `make translations` does not find."""
    for call in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if not isinstance(call, ast.Call) or not call.args:
            continue
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        first = call.args[0]
        if name == "say" and isinstance(first, ast.Constant | ast.JoinedStr):
            yield f"line {call.lineno}: say() of a text that is not marked"
        if name in KEYWORDS and isinstance(first, ast.JoinedStr | ast.BinOp):
            yield f"line {call.lineno}: {name}() of a text that is put together"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_says_only_what_is_marked(module: Path) -> None:
    """A text is one pattern with named values, so that it is found; and what a page says once is one."""
    assert list(bare(module)) == []


def test_a_text_put_together_is_seen(tmp_path: Path) -> None:
    """An f-string in a mark, and a plain text in `say`."""
    module = tmp_path / "views.py"
    module.write_text('say("Done.")\nInputWrong(f"No {name}.")\nsay(_("Done."))\ngettext("a" + b)\n', encoding="utf-8")
    assert [each.partition(":")[0] for each in bare(module)] == ["line 1", "line 2", "line 4"]
