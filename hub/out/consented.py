"""Whose records may go to an outside store: nothing that somebody said no to, and of most destinations only a yes."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from hub.consent import standing
from hub.consent.purposes import ELSEWHERE
from hub.consent.standing import Act
from hub.consent.withheld import Opening, Withheld, opening, withheld
from hub.moments import moment_ms
from hub.node import LOCAL, Node
from hub.out.sharing import Sharing
from hub.tables.consents import GIVEN
from sync.journal import Placed


@dataclass(frozen=True)
class Consented:
    """What may go as it stands now. `yes` says from where on, for those who said it; None where nobody is asked."""

    noes: Withheld
    yes: Mapping[str, Opening] | None

    def keeps(self, placed: Placed, person: str, timestamp: str) -> bool:
        """Whether an entry of `person` stays here. Raises what reading it raises, when it is not as it should be."""
        if self.noes.keeps(placed):
            return True
        if self.yes is None:
            return False
        since = self.yes.get(person)
        if since is None or (self.noes.incarnations.get(placed.stream, 0), placed.seq) <= since.after:
            return True
        told_ms = moment_ms(timestamp)
        return told_ms is None or told_ms < since.since_ms


def consented(node: Node, sharing: Sharing) -> Consented:
    """Whose records may go by a rule. Read it inside the transaction that notes what goes."""
    noes = withheld(node, (ELSEWHERE,))
    if sharing.unasked:
        return Consented(noes, None)
    yes: dict[str, Opening] = {}
    for person, found in _asked(node).items():
        since = opening(found, noes.incarnations, is_open_unasked=False)
        if since is not None:
            yes[person] = since
    return Consented(noes, yes)


def taken_back(node: Node) -> frozenset[str]:
    """People of whom nothing may be elsewhere any more: who said no, and no yes since."""
    return frozenset(person for person, found in _asked(node).items() if standing.holding(found) != GIVEN)


def words(node: Node) -> int:
    """How many times somebody has said yes or no: whoever looked at as many has nothing new to look at."""
    return int(node.tables.ConsentAnswer.select().count())


def own_streams(node: Node) -> list[str]:
    """The streams of what happened here, in their order."""
    lines = node.journal.streams(hub=node.identity.hub_id, audience=LOCAL)
    return [line.stream for line in sorted(lines, key=lambda line: (line.incarnation, line.base))]


def _asked(node: Node) -> dict[str, list[Act]]:
    """Person → all that was said about letting learning go elsewhere."""
    found: dict[str, list[Act]] = defaultdict(list)
    for each in standing.acts(node):
        if each.purpose == ELSEWHERE:
            found[each.person].append(each)
    return found
