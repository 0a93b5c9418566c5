"""Taking back: everybody their own changes, step by step and forward again; a form that is sent twice counts once."""

from dataclasses import replace

import pytest

from hub.errors import InputWrong
from hub.node import Node
from hub.writing import drafts, media, parts, steps, undo
from hub.writing.drafts import Draft
from hub.writing.parts import Part
from hub.writing.undo import Hand
from tests.fixtures import photos, writing

AMINA, KOFI = Hand("p1"), Hand("p2")


def ways(node: Node, draft: Draft, by: Hand = AMINA) -> undo.Ways:
    """Where somebody can go."""
    standing = drafts.draft(node, draft.id)
    return undo.ways(node, draft.id, person=by.person, body=standing.body)


def back(node: Node, draft: Draft, by: Hand = AMINA) -> Draft:
    """Take back the last step of somebody."""
    found = ways(node, draft, by).back
    assert found is not None
    return drafts.take_back(node, draft.id, person=by.person, step=found.id)


def again(node: Node, draft: Draft, by: Hand = AMINA) -> Draft:
    """Do again what somebody took back."""
    found = ways(node, draft, by).again
    assert found is not None
    return drafts.do_again(node, draft.id, person=by.person, step=found.id)


def heading(node: Node, draft: Draft, text: str, by: Hand = AMINA) -> Draft:
    """Add a heading."""
    return drafts.add(node, draft.id, part=Part("", "heading", text), by=by)


def texts(draft: Draft) -> list[str]:
    """What stands in the lesson, in order."""
    return [each.text for each in draft.body.lesson]


def changed(node: Node) -> tuple[Draft, list[Draft]]:
    """A draft that went through every kind of change, and how it stood after each."""
    made = writing.begun(node)
    seen = [made, heading(node, made, "one"), heading(node, made, "two")]
    one, two = seen[-1].body.lesson
    seen.append(drafts.alter(node, made.id, part=replace(two, text="zwei"), by=AMINA))
    seen.append(drafts.move(node, made.id, part_id=two.id, is_up=True, by=AMINA))
    seen.append(drafts.move(node, made.id, part_id=two.id, is_up=False, by=AMINA))
    seen.append(drafts.remove(node, made.id, part_id=one.id, by=AMINA))
    seen.append(drafts.bring_back(node, made.id, part_id=one.id, by=AMINA))
    seen.append(drafts.describe(node, made.id, about=replace(writing.ABOUT, title="Hands"), by=AMINA))
    return made, seen


def test_every_change_is_taken_back_and_done_again(node: Node) -> None:
    """Eight steps back to the empty draft, and eight forward to where it was."""
    made, seen = changed(node)
    shown = [(each.body.about, each.body.parts) for each in seen]
    backwards = [back(node, made) for _ in shown[1:]]
    assert [(each.body.about, each.body.parts) for each in backwards] == shown[-2::-1]
    assert ways(node, made).back is None and not backwards[-1].body.removed
    forwards = [again(node, made) for _ in shown[1:]]
    assert [(each.body.about, each.body.parts) for each in forwards] == shown[1:]
    assert ways(node, made).again is None


def test_a_new_change_ends_the_way_forward(node: Node) -> None:
    """Of the one who makes it."""
    made = writing.begun(node)
    heading(node, made, "one")
    back(node, made)
    heading(node, made, "two")
    assert ways(node, made).again is None and texts(back(node, made)) == []


def test_nobody_takes_back_what_another_did(node: Node) -> None:
    """Two write at once: each goes back through their own, and the other's stays."""
    made = writing.begun(node)
    heading(node, made, "hers")
    heading(node, made, "his", KOFI)
    assert texts(back(node, made)) == ["his"]
    assert ways(node, made).back is None
    hers = ways(node, made).again
    assert hers is not None
    with pytest.raises(InputWrong, match="too old"):
        drafts.take_back(node, made.id, person=KOFI.person, step=hers.id)
    assert texts(again(node, made)) == ["hers", "his"]


def test_what_another_changed_since_is_passed_over(node: Node) -> None:
    """It stays as they left it, and is not offered; what stands as it was left still is."""
    made = writing.begun(node)
    one = heading(node, made, "one").body.lesson[0]
    heading(node, made, "two")
    drafts.alter(node, made.id, part=replace(one, text="eins"), by=AMINA)
    old = ways(node, made).back
    drafts.alter(node, made.id, part=replace(one, text="moja"), by=KOFI)
    assert old is not None
    with pytest.raises(InputWrong, match="changed the same thing"):
        drafts.take_back(node, made.id, person=AMINA.person, step=old.id)
    assert texts(drafts.draft(node, made.id)) == ["moja", "two"]
    assert texts(back(node, made)) == ["moja"]


def test_a_part_that_another_took_out_is_not_moved_back(node: Node) -> None:
    """Nor is a description that another wrote."""
    made = writing.begun(node)
    heading(node, made, "one")
    two = heading(node, made, "two").body.lesson[1]
    drafts.move(node, made.id, part_id=two.id, is_up=True, by=AMINA)
    drafts.describe(node, made.id, about=replace(writing.ABOUT, title="Hands"), by=AMINA)
    drafts.remove(node, made.id, part_id=two.id, by=KOFI)
    drafts.describe(node, made.id, about=replace(writing.ABOUT, title="Mikono"), by=KOFI)
    found = ways(node, made).back
    assert found is not None and found.step.kind == steps.ADD and found.step.part is not None
    assert found.step.part.text == "one"


def test_pressing_twice_takes_back_once(node: Node) -> None:
    """And a page that is older than the last change says so."""
    made = writing.begun(node)
    heading(node, made, "one")
    first = ways(node, made).back
    heading(node, made, "two")
    assert first is not None
    with pytest.raises(InputWrong, match="changed something else"):
        drafts.take_back(node, made.id, person="p1", step=first.id)
    last = ways(node, made).back
    assert last is not None
    for _ in range(2):
        assert texts(drafts.take_back(node, made.id, person="p1", step=last.id)) == ["one"]


def test_so_many_steps_are_kept(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest go; a draft that is deleted leaves none; a change that changed nothing is none."""
    monkeypatch.setattr(undo, "STEPS_MAX", 3)
    made = writing.begun(node)
    for text in "abcde":
        made = heading(node, made, text)
    drafts.move(node, made.id, part_id=made.body.lesson[0].id, is_up=True, by=AMINA)
    drafts.alter(node, made.id, part=made.body.lesson[0], by=AMINA)
    assert [texts(back(node, made)) for _ in range(3)] == [list("abcd"), list("abc"), list("ab")]
    assert ways(node, made).back is None
    drafts.forget(node, made.id)
    assert node.tables.DraftStep.select().count() == 0


def test_a_picture_stays_as_long_as_it_can_come_back(node: Node) -> None:
    """The one that was replaced too."""
    made = writing.begun(node)
    names = [media.keep_picture(node, photos.photo(64, side)) for side in (40, 48)]
    part = drafts.add(node, made.id, part=Part("", "picture", "Hands", file=names[0]), by=AMINA).body.lesson[0]
    drafts.alter(node, made.id, part=replace(part, file=names[1]), by=AMINA)
    media.clear_away(node, old_ms=0)
    assert all(media.path(node, name).exists() for name in names)


def test_a_form_sent_twice_makes_one_part(node: Node) -> None:
    """With other words in it, it is another part: somebody went back in the browser and wrote on."""
    made, by = writing.begun(node), Hand("p1", "form-1")
    for _ in range(2):
        heading(node, made, "one", by)
    assert texts(drafts.draft(node, made.id)) == ["one"]
    assert texts(heading(node, made, "two", by)) == ["one", "two"]
    back(node, made)
    assert texts(heading(node, made, "two", by)) == ["one", "two"]


def test_a_button_pressed_twice_counts_once(node: Node) -> None:
    """Up goes one place, and taking out twice is no mistake."""
    made = writing.begun(node)
    for text in ("one", "two", "three"):
        made = heading(node, made, text)
    last = made.body.lesson[2].id
    for _ in range(2):
        moved = drafts.move(node, made.id, part_id=last, is_up=True, by=Hand("p1", "f"))
    assert texts(moved) == ["one", "three", "two"]
    for _ in range(2):
        left = drafts.remove(node, made.id, part_id=last, by=Hand("p1", "f"))
    assert texts(left) == ["one", "two"]


def test_beginning_twice_begins_one(node: Node) -> None:
    """Another title is another draft."""
    for title in ("Hands", "Hands", "Wells"):
        drafts.begin(node, by=Hand("p1", "f"), about=replace(writing.ABOUT, title=title))
    assert sorted(each.body.about.title for each in drafts.drafts(node, person="p1")) == ["Hands", "Wells"]


def test_a_description_is_not_kept_over_another(node: Node) -> None:
    """It was changed since the form was opened; the same words are no matter."""
    made = writing.begun(node)
    mark, theirs = parts.mark(made.body.about), replace(writing.ABOUT, title="Theirs")
    drafts.describe(node, made.id, about=theirs, seen=mark, by=KOFI)
    with pytest.raises(InputWrong, match="changed this meanwhile"):
        drafts.describe(node, made.id, about=replace(writing.ABOUT, title="Mine"), seen=mark, by=AMINA)
    assert drafts.describe(node, made.id, about=theirs, seen=mark, by=AMINA).body.about == theirs
