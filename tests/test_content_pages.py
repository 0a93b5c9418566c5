"""Pages of HTML as lessons: what is said stays, what does something is not made a lesson, and no page takes long."""

import time
from contextlib import suppress

import nh3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content import lesson
from content.formats import pages
from content.fulltext import page_text

PLACES = pages.Places(lambda target: target, lambda target: target)
MADE = {
    "<p>Some <b>bold:</b> and <i>it</i></p>": "Some **bold**: and *it*\n",
    "<h2>Wells &amp; rivers</h2>text": "## Wells \\& rivers\n\ntext\n",
    "<p>1. no *list* [x](y) <code>a*b</code> # &lt;b&gt; &amp;lt;</p>": (
        "1\\. no \\*list\\* \\[x\\](y) `a*b` \\# \\<b\\> \\&lt;\n"
    ),
    "<ul><li>one<ol start=3><li>in</ol><li><p>two</p><p>more</p></ul><ol><li>x</ol>": (
        "* one\n\n  3) in\n* two\n\n  more\n\n1. x\n"
    ),
    "<table><tr><td>a|b<td>c<tr><td><p>1</p>": "|  |  |\n| --- | --- |\n| a\\|b | c |\n| 1 |  |\n",
    "<table><thead><tr><th>a</th></tr></thead><tr><td>b<br>c</table>": "| a |\n| --- |\n| b c |\n",
    "<blockquote><p>said</p></blockquote><hr><pre>a\n  b</pre>": "> said\n\n***\n\n```\na\n  b\n```\n",
    "H<sub>2</sub>O, 5<sup>th</sup>, a<br>b": "H₂O, 5th, a\\\nb\n",
    '<a href="a b(1).html">on <b>and</b> on</a>': "[on **and** on](a%20b%281%29.html)\n",
    '<a href="https://x.org/?a=1&amp;b">x</a> <a href="#top">up</a> <a href="javascript:x()">j</a>': (
        "[x](https://x.org/?a=1&b) up j\n"
    ),
    "<img src=a.png alt='a * b'><img src=b.png>": "![a \\* b](a.png)![](b.png)\n",
    "<video title='A well'><source src=w.mp4>Your browser is old.</video>": "![A well](w.mp4)\n",
    "<audio src=rain.mp3></audio>": "![rain](rain.mp3)\n",
    "<iframe src='https://x.org/film' title='A film'></iframe>": "[A film](https://x.org/film)\n",
    "<p style='color:red'>red</p><!-- no --><style>p{}</style><title>t</title>": "red\n",
    "<div><b>one<p>two</b>": "**one**\n\n**two**\n",
}
NO_LESSON = [
    "<script>x()</script>",
    "<form><input></form>",
    "<button>x</button>",
    "<svg></svg>",
    "<math></math>",
    "<table><tr><td colspan=2>x</table>",
    "<table><tr><td><table><tr><td>x</table></table>",
    "<table><tr><td><ul><li>x</ul></table>",
    "<ul><li>" * 9 + "deep",
    "<div>" * 300 + "deep",
    "<p>" + "x" * pages.CHARS_MAX,
]
HOSTILE = ["<a " * 60_000, "<b><i>" * 40_000, "<" * 20_000, "&" * 20_000, "<p>*_`[" * 5_000, "<table>" * 30_000]
WORDS = st.text(alphabet="ab 1.)-+*_`~[]()!&#|\\\n=:/é你م", max_size=10)
TAGS = [
    "p",
    "div",
    "b",
    "i",
    "em",
    "s",
    "code",
    "ul",
    "ol",
    "li",
    "h2",
    "blockquote",
    "pre",
    "table",
    "tr",
    "td",
    "th",
    "a",
    "br",
    "section",
    "sup",
]


def inside(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Some parts inside an element."""
    return st.builds(
        lambda tag, all_: f"<{tag}>{''.join(all_)}</{tag}>", st.sampled_from(TAGS), st.lists(parts, max_size=4)
    )


ODD = st.sampled_from(["<a href='x y.html'>", "<img src=p.png>", "<br>", "</p>", "<td>", "<li>", "<p", "&amp", "<!--"])
PAGES = st.lists(st.recursive(WORDS | ODD, inside, max_leaves=20), max_size=4).map("".join)


@pytest.mark.parametrize("html", MADE)
def test_a_page_becomes_a_lesson(html: str) -> None:
    """With its headings, lists, tables, pictures and links; every sign of its words stays what it is."""
    assert pages.made(html, PLACES).text == MADE[html]


@pytest.mark.parametrize("html", NO_LESSON)
def test_what_does_more_is_no_lesson(html: str) -> None:
    """It is shown as it came."""
    with pytest.raises(pages.NoLesson):
        pages.made(html, PLACES)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(PAGES)
def test_no_word_is_lost(html: str) -> None:
    """What a browser would show is what the lesson says, letter by letter, in order."""
    try:
        made = pages.made(html, PLACES)
    except pages.NoLesson:
        return
    shown = page_text(nh3.clean(html))
    letters = [sign for sign in lesson.plain(made.text) if sign.isalpha()]
    assert letters == [sign for sign in shown if sign.isalpha()]
    assert "<script" not in lesson.render(made.text, lambda path: f"/{path}")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_plain_text_stays_what_it_is(text: str) -> None:
    """Whatever signs it has."""
    assert "".join(lesson.plain(pages.text_of(text)).split()) == "".join(text.split()) or "\0" in text


@pytest.mark.parametrize("html", HOSTILE, ids=lambda html: html[:8])
def test_a_trap_takes_no_time(html: str) -> None:
    """Not more than a long page would."""
    begun = time.process_time()
    with suppress(pages.NoLesson):
        pages.made(html, PLACES)
    assert time.process_time() - begun < 10


def test_what_a_page_leaves_behind_is_told() -> None:
    """Formulas as they were typed, frames, subtitles."""
    made = pages.made(r"<p>\(a^2\)</p><iframe src='x.html'></iframe><video src=a.mp4><track src=a.vtt></video>", PLACES)
    assert (made.has_formula, made.has_frames, made.has_tracks) == (True, True, True)


def test_a_page_tells_its_title_and_words() -> None:
    """For what has no title of its own, and for what is no lesson."""
    html = "<html><head><title> Wells &amp;\n rivers </title></head><p>One</p><p>two</p><script>x()</script>"
    assert (pages.title_of(html), pages.words_of(html).split()) == ("Wells & rivers", ["One", "two"])
