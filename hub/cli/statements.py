"""`mangrove statements export`: the learning records of this hub as a file."""

import json
from pathlib import Path

import click

from hub.cli.options import home_option, json_option, opened, show
from hub.out import records
from hub.vocabulary import VERBS, activity, person_actor


@click.group()
def statements() -> None:
    """The learning records that are kept here."""


@statements.command()
@home_option
@json_option
@click.option("--format", "form", type=click.Choice(records.FORMS), required=True)
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write.")
@click.option("--since", help="Only what was stored after this moment (ISO 8601).")
@click.option("--until", help="Only what was stored until this moment (ISO 8601).")
@click.option("--agent", help="Only about this one: the id of a person here, or an agent as xAPI writes it (JSON).")
@click.option("--verb", help="Only with this verb: its address, or the last word of one of the hub's own.")
@click.option("--activity", "thing", help="Only about this activity, or this package and what is in it.")
@click.option("--with-voided", is_flag=True, help='Also what was voided, marked "voided": true.')
def export(home: Path, as_json: bool, form: str, to: Path, with_voided: bool, **asked: str | None) -> None:
    """Write the learning records into a file, in the order in which they were stored.

    It names people and holds what they answered: keep it as you keep the register.
    """
    with opened(home) as node:
        count = records.export(node, form=form, to=to, words=_words(asked), with_voided=with_voided)
    words = f"{count} learning records are in {to}. They name people: keep the file as you keep the register."
    show({"file": str(to), "statements": count}, as_json, words=words)


def _words(asked: dict[str, str | None]) -> dict[str, str]:
    """The filters as the statements resource knows them."""
    words = {name: text for name, text in asked.items() if text is not None}
    if "agent" in words and not words["agent"].lstrip().startswith("{"):
        words["agent"] = json.dumps(person_actor(words["agent"]))
    if "verb" in words:
        words["verb"] = VERBS.get(words["verb"], words["verb"])
    thing = words.pop("thing", None)
    if thing is not None:
        words["activity"] = thing if ":" in thing else activity(thing)
        words["related_activities"] = "true"
    return words
