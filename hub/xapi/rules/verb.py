"""Did what: verbs (xAPI 1.0.3 part 2, 2.4.3)."""

from typing import Any

from hub.xapi.rules.values import Check, iri, languages, table


def verb(value: Any, at: str) -> None:
    """A verb: its IRI, and its word in some languages."""
    table(value, at, _VERB, ("id",))


_VERB: dict[str, Check] = {"id": iri, "display": languages}
