"""What people do with records that hubs hold together: share one, change or propose, choose, hand over, link.

Whoever may change a thing chooses what stands of it: librarian and steward everything, a facilitator the own circles.
Every choice is a fact; it travels, and all places end the same.
"""

from hub.consent import standing as consents
from hub.consent.purposes import ELSEWHERE, NAMED
from hub.errors import InputWrong, NotAllowed, NotFound
from hub.node import Node
from hub.people import circles, rights, roster
from hub.people.roster import Person
from hub.sharing import rows
from hub.sharing.standing import in_force
from hub.tables.consents import GIVEN
from hub.tables.joint import ADD, HOLD, HOME, PROPOSAL, RELEASE, REMOVE, WRITE
from hub.together import held, merge, step
from hub.together.held import CIRCLE, FIELDS, MEMBERS, PERSON, SAME, Held
from hub.together.merge import Fact

FACTS_MAX = 500
"""Facts about one record that are written here; one that is quarrelled over more is settled by talking."""


def share(node: Node, *, actor: Person, sort: str, record: str, hub: str) -> Held:
    """Hold a person or a group together with a neighbour, who sees it and may propose changes.

    Raises NotAllowed, NotFound, or InputWrong while the community or the person has not said yes to that.
    """
    _check_keeps(actor)
    about = held.subject(node.identity.hub_id, sort, record)
    values = step.local_values(node, about)
    if values is None:
        raise NotFound("There is nobody and no group of that name here. Nothing was changed; look at the list again.")
    if not may_tell(node, about, hub):
        raise InputWrong(
            "The sharing policy, or the person, does not let that go to this neighbour. Nothing was changed; propose"
            " another form first, or ask the person."
        )

    def work() -> None:
        known = held.facts(node, [about])[about]
        ended = [each for each in known if each.sort == RELEASE and each.value == hub]
        if hub not in held.one(node, about).partners:
            held.say(node, HOLD, about, value=hub, replaces=ended)
        step.keep(node, about)

    node.write(work)
    return held.one(node, about)


def end(node: Node, *, actor: Person, subject: str, hub: str) -> bool:
    """Hold something together with a neighbour no more; True when it was. What it had seen cannot be called back."""
    _check_keeps(actor)
    record = found(node, subject)
    if record.origin != node.identity.hub_id:
        raise NotAllowed("Only the hub where it began ends that. Nothing was changed.")
    if hub not in record.partners:
        return False
    node.write(lambda: held.say(node, RELEASE, subject, value=hub))
    return True


def change(node: Node, *, actor: Person, subject: str, field: str, value: str) -> Held:
    """Set a field where this hub decides, else propose it to the one that does.

    Raises NotFound, NotAllowed or InputWrong.
    """
    record = found(node, subject)
    check_may(node, actor=actor, found=record)
    fitting = _checked(record, field, value)

    def work() -> None:
        stands = held.one(node, subject).field(field)
        if record.is_ours:
            held.say(node, WRITE, subject, field=field, value=fitting, replaces=stands.heads)
            step.apply(node, subject, field, fitting)
        elif stands.value != fitting:
            mine = {each.id for each in stands.proposals if each.hub == node.identity.hub_id}
            held.say(node, PROPOSAL, subject, field=field, value=fitting, replaces=stands.heads | mine)

    _check_room(node, subject)
    node.write(work)
    return held.one(node, subject)


def choose(node: Node, *, actor: Person | None, subject: str, field: str, word: str) -> Held:
    """Choose one of the values that stand beside each other; the choice answers all of them and travels.

    `word` is the fact whose value is chosen; without an actor it is whoever holds the machine. Raises NotFound,
    NotAllowed or InputWrong; then nothing was changed.
    """
    record = found(node, subject)
    if actor is not None:
        check_may(node, actor=actor, found=record)
    if not record.is_ours:
        raise NotAllowed("The hub at home chooses; this one may propose. Nothing was changed.")
    if field not in {each.field for each in record.fields}:
        raise InputWrong("There is nothing of that name to choose. Nothing was changed; open the page once more.")
    _check_room(node, subject)

    def work() -> None:
        stands = held.one(node, subject).field(field)
        words = {each.id: each for each in (*stands.rivals, *stands.proposals, *([stands.word] if stands.word else []))}
        if word not in words:
            raise InputWrong("Something new has come meanwhile. Nothing was changed; look at both again and choose.")
        value = _checked(record, field, words[word].value)
        held.say(node, WRITE, subject, field=field, value=value, replaces=stands.heads | set(words))
        step.apply(node, subject, field, value)

    node.write(work)
    return held.one(node, subject)


def hand_over(node: Node, *, actor: Person, subject: str, hub: str) -> Held:
    """Let another hub that sees the record decide from now on. Raises NotFound, NotAllowed or InputWrong."""
    _check_keeps(actor)
    record = found(node, subject)
    if not record.is_ours:
        raise NotAllowed("Only the hub that decides hands that over. Nothing was changed.")
    if hub not in {*record.partners, *record.homes} or hub == record.home:
        raise InputWrong("That hub does not hold this together with us. Nothing was changed; share it first.")

    def work() -> None:
        last = merge.handings(held.facts(node, [subject])[subject], record.origin)
        held.say(node, HOME, subject, value=hub, replaces=last[-1:])

    node.write(work)
    return held.one(node, subject)


def put_in(node: Node, *, actor: Person, subject: str, person: str) -> Held:
    """Put somebody of ours into a group that hubs hold together. Raises NotFound, NotAllowed or InputWrong."""
    record = found(node, subject)
    check_may(node, actor=actor, found=record)
    roster.person(node, person)
    value = held.subject(node.identity.hub_id, PERSON, person)
    others = {*record.partners, record.origin} - {node.identity.hub_id}
    if record.sort != CIRCLE or not all(may_tell(node, value, hub) for hub in others):
        raise InputWrong(
            "Not everybody who holds this group may be told of that person. Nothing was changed; ask the person first."
        )
    if value not in record.members:
        node.write(lambda: held.say(node, ADD, subject, field=MEMBERS, value=value))
    return held.one(node, subject)


def take_out(node: Node, *, actor: Person, subject: str, field: str, value: str) -> Held:
    """Take something out of a set, as far as it was seen here. Raises NotFound or NotAllowed."""
    record = found(node, subject)
    check_may(node, actor=actor, found=record)
    seen = held.adds(held.facts(node, [subject])[subject], field, value)
    if seen:
        node.write(lambda: held.say(node, REMOVE, subject, field=field, value=value, replaces=seen))
    return held.one(node, subject)


def link(node: Node, *, actor: Person, one: str, other: str) -> Held:
    """Say that two people are the same. Nothing of either is rewritten; the link can be taken back.

    Raises NotAllowed, NotFound or InputWrong.
    """
    _check_keeps(actor)
    if one == other:
        raise InputWrong("These are one and the same already. Nothing was changed; choose two.")
    ours = [roster.person(node, each) for each in (one, other)]
    about, value = (held.subject(node.identity.hub_id, PERSON, each.id) for each in ours)
    if not held.adds(held.facts(node, [about])[about], SAME, value):
        node.write(lambda: held.say(node, ADD, about, field=SAME, value=value))
    return held.one(node, about)


def same_as(node: Node, person: str) -> list[Person]:
    """Who is marked as the same person as somebody of ours, in either direction."""
    mine = held.subject(node.identity.hub_id, PERSON, person)
    links = held.facts(node)
    found = set(held.reckon(node, mine, links[mine]).same)
    found |= {about for about, each in links.items() if mine in held.reckon(node, about, each).same}
    own = [held.record_of(each)[1] for each in found if each.startswith(f"{node.identity.hub_id}:")]
    return roster.chosen(node, own)


def check_may(node: Node, *, actor: Person, found: Held) -> None:
    """Raises NotAllowed unless `actor` may change a record, or choose what stands of it."""
    if rights.keeps(actor):
        return
    sort, record = held.record_of(found.subject)
    led = {each.id for each in circles.led_by(node, actor.id)} if "facilitator" in actor.roles else set()
    if sort != CIRCLE or found.origin != node.identity.hub_id or record not in led:
        raise NotAllowed("That is chosen by who looks after it: a librarian, a steward, or who leads the circle.")


def may_tell(node: Node, about: str, hub: str) -> bool:
    """Whether the policy that holds, and the person, let a record of ours go to a neighbour."""
    sort, record = held.record_of(about)
    policy, audience = in_force(node), rows.pair(hub)
    if sort == CIRCLE:
        return policy.row(rows.CIRCLE, audience).how == rows.AS_IT_IS
    said = consents.of_person(node, record)
    is_yes = said.get(NAMED) == GIVEN and not consents.is_no(said.get(ELSEWHERE, ""))
    return policy.row(rows.PERSON, audience).how == rows.BY_NAME and is_yes


def _check_keeps(actor: Person) -> None:
    if not rights.keeps(actor):
        raise NotAllowed("What hubs hold together is kept by a librarian or steward. Nothing was changed.")


def _check_room(node: Node, subject: str) -> None:
    if len(held.facts(node, [subject])[subject]) >= FACTS_MAX:
        raise InputWrong("This was changed too many times. Nothing was changed; talk about it, and share it anew.")


def found(node: Node, subject: str) -> Held:
    """A record that is held together. Raises NotFound."""
    known: list[Fact] = held.facts(node, [subject])[subject]
    if not known:
        raise NotFound("Nothing of that name is held together here. Look at the list again.")
    return held.reckon(node, subject, known)


def about(node: Node, person: str) -> str:
    """The name under which hubs hold a person of ours together."""
    return held.subject(node.identity.hub_id, PERSON, person)


def own_name(node: Node, subject: str) -> str:
    """What our own tables call somebody or a group; "" for what is not ours."""
    values = step.local_values(node, subject)
    return values["name"] if values else ""


def _checked(found: Held, field: str, value: str) -> str:
    """A value that a field may have, as it is kept. Raises InputWrong."""
    if field not in FIELDS:
        raise InputWrong("That cannot be changed together. Nothing was changed.")
    if field == "name":
        return roster.check_name(value)
    return circles.check_place(value) if found.sort == CIRCLE else roster.checked({"picture": value})["picture"]
