"""A form that was sent from a shared phone after a rest is held until its sender has shown to be the same person.

It waits in the browser's signed cookie, so it must be short; answers are. Nobody else who signs in finds it.
"""

import json
from dataclasses import dataclass

from flask import request, session

HELD_MAX_BYTES = 1800
"""A cookie has 4 kB in all."""
ADDRESS = "/people/go-on/"


@dataclass(frozen=True)
class Held:
    """A form on its way to `path`; an empty path says that it was too long to hold."""

    person: str
    path: str
    fields: list[tuple[str, str]]


def take(person: str) -> str:
    """Hold the form of this request for a person; returns where they go on afterwards."""
    pairs = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
    kept = Held(person, request.path, pairs)
    if request.files or len(json.dumps(pairs).encode()) > HELD_MAX_BYTES:
        kept = Held(person, "", [])
    put_back(kept)
    return ADDRESS


def of(person: str) -> Held | None:
    """What is held for this person in this browser, or None."""
    kept = session.get("held")
    if kept is None or kept["person"] != person:
        return None
    return Held(kept["person"], kept["path"], [(name, value) for name, value in kept["fields"]])


def put_back(kept: Held) -> None:
    """Hold it in this browser's cookie."""
    session["held"] = {"person": kept.person, "path": kept.path, "fields": kept.fields}


def drop_sent() -> None:
    """Let go of a form that is being sent now."""
    if "held" in session and session["held"]["path"] in ("", request.path) and request.method == "POST":
        del session["held"]
