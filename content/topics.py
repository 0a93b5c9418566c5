"""The topics of a package: its items as a tree, where they say in which topics they lie. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from content.package import Item, Manifest


@dataclass
class Topic:
    """One topic, or with number 0 the whole package: what lies in it by itself, and the topics in it.

    `number` counts from 1 in the order of the package; `way` holds the topics above it, the outermost first.
    """

    number: int
    title: str
    way: "tuple[Topic, ...]" = ()
    items: list[Item] = field(default_factory=list)
    topics: "list[Topic]" = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many items lie in it, however deep."""
        return len(self.items) + sum(each.total for each in self.topics)

    @property
    def all_items(self) -> list[Item]:
        """Every item in it, its own first."""
        return [*self.items, *(item for topic in self.topics for item in topic.all_items)]


def tree(manifest: Manifest) -> list[Topic]:
    """The whole package as number 0, and every topic at the place of its number."""
    found = [Topic(0, manifest.title)]
    known: dict[Sequence[str], Topic] = {(): found[0]}
    for item in manifest.items:
        for depth in range(1, len(item.topics) + 1):
            topics = item.topics[:depth]
            if topics not in known:
                above = known[topics[:-1]]
                way = (*above.way, above) if above.number else ()
                known[topics] = Topic(len(found), topics[-1], way)
                found.append(known[topics])
                above.topics.append(known[topics])
        known[item.topics].items.append(item)
    return found
