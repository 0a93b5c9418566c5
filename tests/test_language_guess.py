"""The language of a page: one's own, the phone's, the browser's wish, the hub's, in this order."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub.app import create_app
from hub.node import Node
from hub.people import roster
from tests.fixtures import engines
from tests.fixtures.cast import OUTSIDER, Cast

pytestmark = pytest.mark.sqlite(engines.WORDS)

WISHES = {
    "fr": "fr",
    "fr-CA,fr;q=0.9": "fr",
    "pt-BR": "pt",
    "ar-EG,en;q=0.5": "ar",
    "sw-KE": "sw",
    "es-419,en;q=0.9": "es",
    "hi-Deva-IN": "hi",
    "fr-CA,en;q=0.8": "fr",
    "yo,sw;q=0.3,en;q=0.2": "sw",
    "en;q=0.2,fr;q=0.7": "fr",
    "fr;q=0,en": "en",
    "PT-br": "pt",
    "pt_BR": "pt",
    "*": "en",
    "yo": "en",
    "": "en",
    ",,;q=,fr;q=x,\u00e9": "en",
    "-,--,x-fr": "en",
    ",".join(f"a{chr(97 + number % 26)}{chr(97 + number // 26)}" for number in range(600)) + ",fr": "en",
}
"""What a browser wishes for, and what it gets."""


def spoken(client: FlaskClient, wish: str = "", address: str = "/") -> str:
    """The language of a page."""
    shown = client.get(address, headers={"Accept-Language": wish}).get_data(as_text=True)
    return shown.split('<html lang="')[1].split('"')[0]


@pytest.mark.parametrize("wish", WISHES, ids=lambda wish: wish[:30] or "nothing")
def test_the_browsers_wish_counts_where_nobody_chose(cast: Cast, wish: str) -> None:
    """The first that pages speak, in any country's way of it, by its weight; nonsense counts as no wish."""
    assert spoken(cast.client(OUTSIDER), wish) == WISHES[wish]


def test_the_hubs_language_stands_where_nobody_wished(make_node: Callable[..., Node]) -> None:
    """Also where the setting names a country."""
    for setting, said in (("sw", "sw"), ("pt-BR", "pt"), ("yo", "en")):
        app: Flask = create_app(make_node(f"hub-{said}", language=setting))
        assert spoken(app.test_client(), address="/setup/") == said


def test_what_somebody_chose_counts_before_all(cast: Cast, node: Node) -> None:
    """A person's own before the phone's, the phone's before the browser's."""
    client = cast.client("learner")
    client.post("/language/", data={"language": "es"})
    assert spoken(client, "fr") == "es"
    roster.change_person(node, person=cast.person("learner").id, language="hi")
    assert spoken(client, "fr") == "hi"
    roster.change_person(node, person=cast.person("learner").id, language="yo")
    assert spoken(client, "fr") == "es"
