"""Links from a lesson to another work of the shelf: they lead there, or are words."""

from content import lesson

TEXT = "See [the well](shelf:well.en/read) and [more](shelf:more.en) or [away](https://example.org/)."
HERE = {"well.en/read": "/learn/well.en/read/"}


def test_a_link_leads_where_the_work_stands() -> None:
    """What is not here is words, without an address that nobody can use."""
    html = lesson.render(TEXT, str, elsewhere=lambda target: HERE.get(target, ""))
    assert '<a href="/learn/well.en/read/">the well</a> and more or away' in html
    assert "shelf:" not in html


def test_without_a_shelf_its_words_remain() -> None:
    """In a file or on paper that goes home."""
    html = lesson.render(TEXT, str)
    assert "See the well and more or away" in html and "<a" not in html


def test_it_is_no_file_of_the_package() -> None:
    """Nothing is asked of the package for it, and it is read aloud like any words."""
    assert lesson.paths(TEXT) == []
    assert lesson.blocks("[the well](shelf:well.en)") == ["the well"]
