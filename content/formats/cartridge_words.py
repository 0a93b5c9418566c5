"""What a Common Cartridge says in its metadata and texts, made plain. Pure."""

from html import escape
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from content.formats.trees import said


def general(metadata: Element | None, name: str) -> str:
    """What the metadata of a cartridge say in general: its title, language or description; "" for nothing."""
    found = metadata.find(f"lom/general/{name}") if metadata is not None else None
    return said(found)


def is_for_teachers(element: Element) -> bool:
    """Whether only teachers are named among those for whom something is meant."""
    roles = {
        said(value).lower()
        for each in element.iterfind("metadata/lom/educational/intendedEndUserRole")
        for value in each.iterfind("value")
    }
    return bool(roles) and not roles & {"learner", "student"}


def html_of(element: Element | None) -> str:
    """A text as HTML, whether it says that it is plain or not."""
    if element is None:
        return ""
    text = element.text or ""
    return escape(text) if element.get("texttype", "").lower() == "text/plain" else text


def attached(element: Element) -> str:
    """Links to the files that belong to a text."""
    paths = [each.get("href", "") for each in element.iter("attachment")]
    return "".join(f'<p><a href="{escape(path)}">{escape(PurePosixPath(path).name)}</a></p>' for path in paths if path)
