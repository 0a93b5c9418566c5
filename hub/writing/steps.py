"""One change of a draft as plain data: what stood there before, what stands there since, and both ways between them.

Pure. A step touches one thing, and is taken back only while that thing stands as the step left it: so whoever takes
back their own work takes nothing else away.
"""

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from hub.errors import InputWrong
from hub.writing import parts
from hub.writing.parts import About, Body, Part, Removed

ADD, CHANGE, UP, DOWN, REMOVE, BACK, ABOUT = "add", "change", "up", "down", "remove", "back", "about"
KINDS = (ADD, CHANGE, UP, DOWN, REMOVE, BACK, ABOUT)
REMOVED_MAX = 20
"""Parts that were taken out and can be brought back."""
_MOVES = {UP: -1, DOWN: 1}


@dataclass(frozen=True)
class Step:
    """A change of one of KINDS. `before` and `after` are the part, None where it does not stand; with ABOUT they are
    what the draft says of itself. `place` is how many parts of its group stood before it."""

    kind: str
    before: Part | About | None
    after: Part | About | None
    place: int = 0

    @property
    def part(self) -> Part | None:
        """The part it is about, or None."""
        found = self.after or self.before
        return found if isinstance(found, Part) else None

    @property
    def files(self) -> set[str]:
        """The pictures and sounds that are needed both ways."""
        both = (self.before, self.after)
        return {name for each in both if isinstance(each, Part) for name in each.files}


def between(kind: str, before: Body, after: Body, part_id: str = "") -> Step | None:
    """The step that leads from one body to another; None when nothing changed. `part_id` names the part of a move."""
    if before == after:
        return None
    if kind == ABOUT:
        return Step(kind, before.about, after.about)
    names = dict.fromkeys(each.id for each in (*before.parts, *after.parts))
    name = part_id or next(each for each in names if before.part(each) != after.part(each))
    old, new = before.part(name), after.part(name)
    part, body = (old, before) if old is not None else (new, after)
    return None if part is None else Step(kind, old, new, body.group(part).index(part))


def undone(body: Body, step: Step) -> Body:
    """The body without the step. Raises InputWrong when what it touched was changed since."""
    if step.kind in _MOVES:
        return _moved(body, step, -_MOVES[step.kind])
    back = _swapped(body, step, step.after, step.before)
    if step.kind != ADD or step.part is None:
        return back
    return replace(back, removed=tuple(each for each in back.removed if each.part.id != step.part.id))


def redone(body: Body, step: Step) -> Body:
    """The body with the step once more. Raises InputWrong when what it touches was changed since."""
    if step.kind in _MOVES:
        return _moved(body, step, _MOVES[step.kind])
    return _swapped(body, step, step.before, step.after)


def put(body: Body, part: Part, place: int) -> Body:
    """With a part that did not stand there, at a place in its group; it waits no more among what was taken out."""
    group = list(body.group(part))
    group.insert(place, part)
    back = body.with_group(part, tuple(group))
    return replace(back, removed=tuple(each for each in body.removed if each.part.id != part.id))


def taken_out(body: Body, part: Part) -> Body:
    """Without a part; it waits among what was taken out."""
    group = body.group(part)
    gone = Removed(part, group.index(part))
    left = body.with_group(part, tuple(each for each in group if each != part))
    return replace(left, removed=(*body.removed, gone)[-REMOVED_MAX:])


def moved(body: Body, part: Part, by: int) -> Body:
    """With a part so many places further on; at an end nothing changes."""
    group = list(body.group(part))
    place = group.index(part)
    other = place + by
    if 0 <= other < len(group):
        group[place], group[other] = group[other], group[place]
    return body.with_group(part, tuple(group))


def dump(step: Step) -> str:
    """A step as it stands in a row."""
    return json.dumps(asdict(step), ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> Step:
    """What `dump` wrote."""
    values = json.loads(text)
    read = _about if values["kind"] == ABOUT else _part
    return Step(values["kind"], read(values["before"]), read(values["after"]), values["place"])


def _about(values: Any) -> About:
    return About(**values)


def _part(values: Any) -> Part | None:
    return None if values is None else parts.part(values)


def _moved(body: Body, step: Step, by: int) -> Body:
    standing = body.part(step.part.id) if step.part is not None else None
    if standing is None:
        raise _changed()
    return moved(body, standing, by)


def _swapped(body: Body, step: Step, old: Part | About | None, new: Part | About | None) -> Body:
    """The same with `new` where `old` stands."""
    if isinstance(old, About) or isinstance(new, About):
        return _described(body, old, new)
    name = (old or new or Part("", "")).id
    if body.part(name) != old:
        raise _changed()
    if old is None or new is None:
        return put(body, new, step.place) if new is not None else taken_out(body, old) if old is not None else body
    return body.with_group(new, tuple(new if each.id == name else each for each in body.group(new)))


def _described(body: Body, old: Any, new: Any) -> Body:
    if body.about != old:
        raise _changed()
    return replace(body, about=new)


def _changed() -> InputWrong:
    return InputWrong(
        "Somebody changed the same thing since. Nothing was changed; look at what stands there now, and change that."
    )
