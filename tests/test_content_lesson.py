"""A lesson becomes a safe page: only its own pictures, no script, no foreign address."""

from html.parser import HTMLParser

import pytest

from content import lesson, picture
from content.errors import LessonWrong

UNSAFE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](javascript:alert(1))",
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x)",
    '![x](a.png "><script>alert(1)</script>")',
    "[x](//evil.example/)",
    "![x](https://evil.example/x.png)",
    "![x](../../etc/passwd)",
    "![x](%2e%2e/%2e%2e/etc/passwd)",
    "<iframe src=//evil.example></iframe>",
    "<style>body{display:none}</style>",
    "[x](\\\\evil\\x)",
]


def render(text: str) -> str:
    """The page of a lesson whose files live below /f/."""
    return lesson.render(text, lambda path: f"/f/{path}")


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep one."""
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("text", UNSAFE)
def test_nothing_unsafe_comes_through(text: str) -> None:
    """No script, no handler, no address but our own: what is left is text."""
    for tag, attributes in Elements(render(text)).found:
        assert tag in ("p", "span", "a", "img")
        assert not [name for name in attributes if name.startswith("on")]
        addresses = [attributes[name] or "" for name in ("src", "href") if name in attributes]
        assert all(address.startswith("/f/") and "passwd" not in address for address in addresses)


def test_pictures_sounds_and_films_come_from_the_package() -> None:
    """Each has its description and its own player; sizes are told so that the page does not jump."""
    text = "![A well](a%20b.png)\n\n![Hear](hear.mp3)\n\n![See](see.webm)"
    html = lesson.render(text, lambda path: f"/f/{path}", lambda path: (80, 60) if path == "a b.png" else None)
    assert '<img src="/f/a b.png" alt="A well" width="80" height="60" loading="lazy">' in html
    assert '<audio controls="" preload="none" src="/f/hear.mp3" aria-label="Hear">' in html
    assert "<video" in html


def test_a_page_has_one_top_heading() -> None:
    """The first is the title; later ones step down."""
    html = render("# One\n\ntext\n\n# Two")
    assert html.count("<h1>") == 1
    assert "<h2>Two</h2>" in html
    assert lesson.title("# One *more*") == "One more"
    assert lesson.title("no heading") == ""


def test_remote_addresses_are_shown_as_text() -> None:
    """A reader sees where it would be, and no page waits for a line that is not there."""
    html = render("[more](https://example.org/a) and ![map](https://example.org/m.png)")
    assert "<a" not in html
    assert "<img" not in html
    assert "https://example.org/a" in html


def test_plain_text_is_what_is_read_aloud() -> None:
    """Blocks in lines, pictures by their description, no signs."""
    assert lesson.plain("# Well\n\n- **One**\n- ![Two](a.png)\n\n| a |\n|---|\n| b |") == "Well\nOne\nTwo\na\nb"


def test_paths_are_told_once_and_outside_ones_as_nothing() -> None:
    """The installer refuses what comes as an empty path."""
    text = "![a](a.png) ![a](a.png) [b](b.md#part) [c](../c.md) [d](https://x.org) [e](#here)"
    assert lesson.paths(text) == ["a.png", "b.md", ""]


@pytest.mark.parametrize(
    ("head", "size"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x50\0\0\0\x3c", (80, 60)),
        (b"GIF89a\x50\0\x3c\0", (80, 60)),
        (b"\xff\xd8\xff\xe0\0\x10" + bytes(14) + b"\xff\xc0\0\x11\x08\0\x3c\0\x50", (80, 60)),
        (b'<svg xmlns="x" viewBox="0 0 80 60">', (80, 60)),
        (b'<svg width="80px" height="60">', (80, 60)),
        (b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x4f\0\0\x3b\0\0", (80, 60)),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xff\xff\xff\0\0\0\x3c", None),
        (b"\xff\xd8\xff\xe0\0\0", None),
        (b'<svg viewBox="0 0 . 60">', None),
        (b"", None),
    ],
)
def test_the_size_of_a_picture_is_read_from_its_head(head: bytes, size: tuple[int, int] | None) -> None:
    """Every common kind; whatever is odd has no known size."""
    assert picture.size(head) == size


def test_a_mark_before_the_text_is_no_part_of_it() -> None:
    """What Windows' editor writes first (a BOM) hides no heading."""
    text = lesson.read(b"\xef\xbb\xbf# Boil it\n\nWell.")
    assert (lesson.title(text), "<h1>Boil it</h1>" in render(text)) == ("Boil it", True)


def test_a_lesson_that_is_no_text_is_named() -> None:
    """With its file, and what to do."""
    with pytest.raises(LessonWrong, match=r"read\.md is not text in UTF-8"):
        lesson.read(b"\xff\xfe#", where="read.md")


def test_an_empty_corner_of_a_table_is_the_head_of_nothing() -> None:
    """A reader of the screen is not told of a column without a name."""
    html = lesson.render("| | tens |\n|---|---|\n| You have | 4 |\n", lambda path: path)
    assert "<td></td>" in html
    assert html.count("<th") == len(["thead", "tens"])
