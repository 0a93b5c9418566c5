"""What the demo's librarian has written: a lesson that stands on the shelf, a draft still open, a bank of questions."""

import tempfile
from dataclasses import replace
from pathlib import Path

from hub import library
from hub.node import Node
from hub.writing import banks, media, publishing
from hub.writing.parts import About, Body, Choice, Part, dump
from hub.writing.publishing import Edition

PICTURE = Path(__file__).parent / "tippy-tap.png"
LESSON = "5ca1ab1e-7a9b-4e57-8c1e-0a7e57a9b001"
"""The draft's id; it names the package, so that filling the demo again finds it."""
LICENCE = "CC-BY-SA-4.0"
ABOUT = About(
    "Make a tippy tap",
    "en",
    author="Lucía",
    summary="A place to wash hands from two poles, a can and a string.",
    level="beginner",
    licence=LICENCE,
    able="I can make a tippy tap.",
    quiz="Questions",
)
PARTS = (
    Part(
        "why",
        "text",
        "Dirty hands carry illness to the mouth. A **tippy tap** washes them with little water,"
        " and nobody touches the tap: the foot does the work.",
    ),
    Part("look", "picture", "A can with water hangs between two poles; a string leads to a stick on the ground"),
    Part("how", "heading", "How to make it"),
    Part(
        "steps",
        "text",
        "1. Dig two holes, an arm's length apart, and put the poles in.\n2. Lay a third stick across.\n"
        "3. Make a small hole in the can, high up at the front.\n4. Hang the can and the soap from the stick.\n"
        "5. Tie a string to the can, and its other end to a stick on the ground.",
    ),
    Part("try", "text", "Step on the stick: the can tips, and water runs."),
    Part(
        "foot",
        "choose",
        "What do you press to let the water run?",
        choices=(
            Choice("a", "The stick on the ground", is_right=True),
            Choice("b", "The can"),
            Choice("c", "The soap"),
        ),
        hint="Your hands are still dirty.",
        explanation="The foot does it, so that dirty hands touch nothing.",
    ),
    Part(
        "poles", "number", "How many poles stand in the ground?", answers=("2",), hint="Look at the picture once more."
    ),
)
BANK = "Clean hands"
SOAP = Part("soap", "words", "What takes the fat away with the dirt?", answers=("soap", "ash"))
OPEN = Body(
    About("Stories of our baobab", "en", author="Lucía", licence=LICENCE, quiz="Questions"),
    (Part("old", "text", "Mzee Baako says that the baobab was here before the village."),),
)


def shelve(node: Node) -> str:
    """Put the lesson on the shelf; return its package. Safe to repeat. Raises a ContentError or StorageFull."""
    edition = _edition(node, person="")
    with tempfile.TemporaryDirectory(prefix=publishing.STAGED, dir=node.home) as folder:
        source = publishing.lay(node, edition, _package(edition), Path(folder) / "package")
        library.add_if_newer(node, source)
    return _package(edition)


def keep(node: Node, *, person: str) -> None:
    """Keep both drafts, the bank, and the lesson as it was published. Only inside `node.write`."""
    edition, table = _edition(node, person=person), node.tables.Draft
    row = {"person": person, "made_ms": edition.made_ms, "changed_ms": edition.made_ms}
    body = dump(edition.body)
    bank = banks.begin(node, person=person, title=BANK, language=ABOUT.language)
    banks.put(node, bank.id, questions=(*PARTS[-2:], SOAP))
    table.insert(id=LESSON, package=_package(edition), version=1, body=body, **row).execute()
    table.insert(id=node.new_id(), package="", version=0, body=dump(OPEN), **row).execute()
    node.tables.Edition.insert(
        id=edition.id, draft=LESSON, version=1, person=person, body=body, made_ms=edition.made_ms
    ).execute()


def take_off(node: Node) -> None:
    """Take the lesson off the shelf, where it still stands. Safe to repeat."""
    package = publishing.package_id(LESSON, ABOUT.title)
    if node.shelf.standing(package) is not None:
        library.remove(node, package)


def _edition(node: Node, *, person: str) -> Edition:
    """The lesson as it is published, with its picture kept among the drafts' files."""
    name = media.keep_picture(node, PICTURE.read_bytes())
    parts = tuple(replace(each, file=name) if each.kind == "picture" else each for each in PARTS)
    now = node.clock.now_ms()
    return Edition(f"{LESSON}:1", LESSON, 1, person, Body(ABOUT, parts), now, is_here=True)


def _package(edition: Edition) -> str:
    return publishing.package_id(edition.draft, edition.body.about.title)
