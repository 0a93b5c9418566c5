"""Settings that matter: what holds of each by the decisions of the community, or as the stewards' own.

Each is a choice out of a few, from the widest to the narrowest. A decision changes it like the sharing policy; a
steward can change it alone too, which is written down and shown as the steward's own. What was decided a steward alone
can only narrow, never widen. Of several things that hold at once the narrowest counts, so that two copies of a hub end
the same in whatever order they hear of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub import acts, typed
from hub.acts import By
from hub.errors import InputWrong, NotFound
from hub.governance import proposals, standing, voices
from hub.governance.carried import Carried, carried
from hub.governance.proposals import Words
from hub.governance.standing import Proposal
from hub.node import Node
from hub.people.roster import Person


@dataclass(frozen=True)
class Matter:
    """A setting with its choices, the widest first; the widest holds while nobody has said anything."""

    name: str
    choices: tuple[str, ...]

    def narrowest(self, values: list[str]) -> str:
        """The narrowest of these values; of a newer program's the narrowest that is known here."""
        widths = [self.choices.index(each) if each in self.choices else len(self.choices) - 1 for each in values]
        return self.choices[max(widths, default=0)]


GUESTS = Matter("guests", ("yes", "no"))
ROLES = Matter("roles", ("keepers", "stewards", "decision"))
PUBLISHING = Matter("publishing", ("keepers", "stewards"))
ERASING = Matter("erasing", ("leaders", "keepers", "stewards"))
MATTERS: Mapping[str, Matter] = {each.name: each for each in (GUESTS, ROLES, PUBLISHING, ERASING)}


@dataclass(frozen=True)
class Own:
    """What a steward said alone."""

    id: str
    matter: str
    value: str
    actor: str
    why: str
    said_ms: int
    replaces: frozenset[str]


@dataclass(frozen=True)
class Held:
    """How a matter stands: its value, and the decisions and stewards' own that it comes from."""

    matter: Matter
    value: str
    decided: tuple[Carried[str], ...] = ()
    own: tuple[Own, ...] = ()

    @property
    def heads(self) -> frozenset[str]:
        """What something new takes the place of."""
        return frozenset({each.proposal.id for each in self.decided if each.holds} | {each.id for each in self.own})


def matter(name: str) -> Matter:
    """The matter of this name. Raises NotFound."""
    if name not in MATTERS:
        raise NotFound("There is no such setting. Look in the list of what is settled together.")
    return MATTERS[name]


def value(node: Node, of: Matter) -> str:
    """What holds of a matter."""
    return all_held(node)[of.name].value


def all_held(node: Node) -> dict[str, Held]:
    """How each matter stands."""
    return node.remembered.of("matters", lambda: _all_held(node))


def _all_held(node: Node) -> dict[str, Held]:
    rows = list(node.tables.Matter.select())
    found = standing.read(node) if any(row.proposal for row in rows) else []
    return {name: _held(each, [row for row in rows if row.matter == name], found) for name, each in MATTERS.items()}


def _held(of: Matter, rows: list[Any], found: list[Proposal]) -> Held:
    said = {row.id: (str(row.value), frozenset(row.replaces.split())) for row in rows if row.proposal}
    put = carried(found, said)
    decided = tuple(each for each in put if each.counts)
    alone = [_own(row) for row in rows if not row.proposal]
    adopted = [each.replaces for each in put if each.proposal.is_adopted]
    gone = frozenset[str]().union(*(each.replaces for each in alone), *adopted)
    own = tuple(each for each in alone if each.id not in gone)
    values = [*(each.value for each in decided), *(each.value for each in own)]
    return Held(of, of.narrowest(values), decided, own)


def _own(row: Any) -> Own:
    facts = {name: getattr(row, name) for name in ("id", "matter", "value", "actor", "why", "said_ms")}
    return Own(**facts, replaces=frozenset(row.replaces.split()))


def of_proposal(node: Node, proposal: str) -> tuple[Matter, str] | None:
    """Which matter a proposal would settle, and how; None when it is about something else."""
    rows = [row for row in node.tables.Matter.select() if row.proposal]
    found = standing.read(node) if rows else []
    for of in MATTERS.values():
        said = {row.id: (str(row.value), frozenset[str]()) for row in rows if row.matter == of.name}
        for each in carried(found, said):
            if each.proposal.id == proposal:
                return of, of.narrowest([each.value])
    return None


def propose(node: Node, *, actor: Person, name: str, chosen: str, words: Words) -> Proposal:
    """Put a matter to the community: a proposal like any other. Sent twice, it is opened once.

    Raises NotAllowed, NotFound, or InputWrong when it would change nothing, before anything is written.
    """
    of = _checked(name, chosen)

    def work() -> Proposal:
        held = all_held(node)[name]
        if held.value == chosen and not held.own:
            raise InputWrong("That is what holds already. Nothing was changed; choose something else.")
        decided = [each.proposal.id for each in held.decided if each.holds]
        opened = proposals.open_proposal(node, actor=actor, words=words, parent=decided[0] if len(decided) == 1 else "")
        row = node.tables.Matter.get_or_none(node.tables.Matter.id == opened.version.id)
        if row is None:
            _write(node, opened.version.id, held, chosen, {"proposal": opened.id, "actor": actor.id})
        elif (row.matter, row.value) != (of.name, chosen):
            raise InputWrong(
                "A proposal with these words is open already, about something else. Nothing was changed; take that one"
                " back first, or say it in other words."
            )
        return opened

    return node.write(work)


def set_own(node: Node, *, actor: Person, name: str, chosen: str, why: str) -> Held:
    """Change a matter as a steward's own; what was decided can only be narrowed so. Sent twice, it is written once.

    Raises NotAllowed, NotFound or InputWrong before anything is written.
    """
    voices.check_keeps(actor)
    of, reason = _checked(name, chosen), typed.title(why)

    def work() -> Held:
        held = all_held(node)[name]
        if any((each.value, each.why, each.actor) == (chosen, reason, actor.id) for each in held.own):
            return held
        decided = of.narrowest([each.value for each in held.decided])
        if held.decided and of.narrowest([decided, chosen]) != chosen:
            raise InputWrong("The community has decided it narrower. Nothing was changed; put it to the community.")
        if held.value == chosen:
            raise InputWrong("That is what holds already. Nothing was changed; choose something else.")
        _write(node, node.new_id(), held, chosen, {"actor": actor.id, "why": reason})
        acts.note(node, By(actor.id, why=reason), sort=acts.MATTER, what=f"{name} {chosen}")
        return _all_held(node)[name]

    return node.write(work)


def _write(node: Node, subject: str, held: Held, chosen: str, who: dict[str, str]) -> None:
    own = {each.id for each in held.own}
    replaced = held.heads if "proposal" in who else own
    facts: dict[str, Any] = {"matter": held.matter.name, "value": chosen, "replaces": " ".join(sorted(replaced)), **who}
    node.change("matter", subject, said_ms=node.clock.now_ms(), **facts)


def _checked(name: str, chosen: str) -> Matter:
    of = matter(name)
    if chosen not in of.choices:
        raise InputWrong("That is not among the choices. Nothing was changed; choose one from the page.")
    return of
