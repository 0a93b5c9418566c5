"""Who may open which page, and send which form: one table of all of them; everybody else gets nothing from any.

A word is planted in every column of every kind of record, and what was planted stands in the addresses. A new view
fails here until somebody has said who may have it.

The table tells of what is a stranger's. Whoever may see their own, their children's or their circle's things beside it
is asked for by the tests of those pages.
"""

from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from hub.node import Node
from hub.projections import records
from tests.fixtures import engines
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.web import rules_of
from tests.test_tide_canaries import CANARY, WORD, row_of

pytestmark = pytest.mark.sqlite(engines.WORDS)

EVERYBODY = "everybody, guests too"
SIGNED_IN = "learner guardian facilitator librarian steward partner region neighbour"
OF_THIS_PLACE = "learner guardian facilitator librarian steward partner neighbour"
WATCHERS, TEAM = "facilitator librarian steward region", "facilitator librarian steward"
TIDE, KEEPERS = "librarian steward region", "librarian steward"
LEADERS, VOICES, ENDERS = "facilitator steward", "facilitator librarian", "steward region"
STEWARD, LIBRARIAN, FACILITATOR, REGION = "steward", "librarian", "facilitator", "region"
THEMSELVES = "nobody but those whose it is"
MAY: dict[str, dict[str, str]] = {
    EVERYBODY: {
        "about": "design give_source show",
        "collections": "one show",
        "community": "show",
        "courses": "go_on",
        "demo": "begin look_as show",
        "encyclopaedia": "search titles",
        "exchange": "take",
        "finding": "by suggest",
        "health": "healthz metrics",
        "help": "go_on mine put_away show tour",
        "home": "show",
        "install": "card manifest show",
        "kept": "away show worker",
        "language": "choose learn_in show",
        "learn": "again answer answered choose_look end finish mine place played show",
        "library": "download file package show topic",
        "moving": "file",
        "newcomers": "ask come_in",
        "opds": "publication search shelf show",
        "opds_atom": "describe_search search shelf show",
        "openapi": "document",
        "pictures": "draw photograph show",
        "region": "show",
        "safe": "ask say_more sent take",
        "secret": "ask show",
        "setup": "finish show",
        "sharing": "show",
        "sign_in": "choose_among_others choose_circle choose_in_circle go_on sign_out",
        "sound": "hear recording voice",
        "static_files": "send",
        "status": "show tide",
        "switch": "choose",
        "takehome": "file give offer paper ready",
        "things": "photograph show show_all",
    },
    SIGNED_IN: {
        "badges": "show show_all",
        "home": "show_as",
        "known": "about_me",
        "moving": "ask_file file_receipt send_receipt take_file watch_arriving",
        "secret": "change_my_secret my_secret",
        "switch": "hand_over use_as",
        "takehome": "back close out show take",
        "things": "ask",
    },
    OF_THIS_PLACE: {
        "ballots": "ask vote",
        "clips": "show",
        "decisions": "minutes register show show_all",
        "matters": "show_all",
        "rounds": "amend ask_amend withdraw",
        "voices": "ask take take_back",
    },
    WATCHERS: {
        "clock": "show tell",
        "outcomes": "show",
    },
    TEAM: {
        "bank_takings": "ask_bank ask_draft copy take",
        "banks": (
            "add alter ask_about ask_change ask_delete ask_file ask_new ask_question begin bring_back delete "
            "file one rename show take_file take_out"
        ),
        "cards": "card",
        "consents": "show_all",
        "drafting": (
            "ask_delete ask_send_back begin_from delete do_again go_on hand_in look look_back publish "
            "send_back take_back watch"
        ),
        "forgetting": "show_all",
        "moving": "take_receipt",
        "people": "ask_new show_all",
        "takehome": "circle_papers",
        "together": "change change_members choose show show_one",
        "writing": (
            "add alter ask_about ask_change ask_new ask_part begin bring_back describe file move one remove show"
        ),
    },
    TIDE: {
        "status": "dismiss go_now invite join_hub listen outbox",
        "tide_sticks": "fetch send_in show take watch write",
    },
    KEEPERS: {
        "cards": "reset",
        "circles": "add change end put_in show show_all take_out",
        "collections": "ask change delete make make_of move offer put",
        "consents": "ask_back done paper show take take_back",
        "covering": "ask change",
        "describing": "ask change change_many choose show_to take_back",
        "elsewhere": "keep leave look now one rest show take",
        "forgetting": "ask ask_again forget make_anew",
        "giving": "choose send turn watch",
        "households": "add change put_in show show_all take_out",
        "keeping": "add agree ask bring_back choose forget remove send show_removed throw_away turn watch",
        "known": "about",
        "lists": "bring_in show watch write_out",
        "log": "show",
        "moving": "show",
        "parcels": "ask file watch",
        "people": "add change change_roles join let_choose rest show",
        "sharing": "show_others",
        "sticks": "ask choose show",
        "stocktaking": "show use",
        "together": "end hand_over same share",
        "unanswered": "done show",
        "uploads": "begin instead say take tell throw_away",
        "wholeness": "look mend show turn",
        "wordings": "export mark mend one show take_back",
    },
    LEADERS: {
        "badges": "define give rest take_back",
        "classes": "all_mine",
    },
    VOICES: {
        "sound": "of_item of_package of_pages record record_page show",
    },
    ENDERS: {
        "copied": "one_place show stay two_places",
        "status": "again end",
    },
    STEWARD: {
        "ballots": "ask_count ask_draw count draw",
        "community": "rename",
        "leaving": "leave show",
        "matters": "ask change",
        "outgoing": "add change one show",
        "rounds": "adopt ask_adopt ask_hands ask_new ask_review count move open_new review",
        "safe": "ask_named name show show_all step voice",
        "sharing": "ask_change change",
    },
    LIBRARIAN: {
        "keys": "ask_back ask_new make once show take_back",
        "things": "add change give_back lend let_go longer mended put_photo show_out",
    },
    FACILITATOR: {
        "classes": "learner one",
        "paper": "ask choose show_groups take",
        "seen": "ask choose keep take_back",
    },
    REGION: {
        "region": "end invite",
    },
    THEMSELVES: {
        "exchange": "blob",
        "moving": "ask watch",
        "region": "certify",
    },
}
"""Who may → set of pages → its views."""
SUBJECT = f"{WORD} subject"
UNREAD = {"wording", "package.words"}
"""Kinds whose columns hold JSON: a word in its place is no record that this program could have written."""
ASKED = "librarian"
"""Whom the "?" of each page names: anybody may ask them."""
OPEN = {
    "person": {"sign_in", "secret", "safe"},
    "circle": {"sign_in", "newcomers", "home", "community"},
    "thing": {"things"},
}
"""Kind of record → the sets of pages on which a guest may read of it: who signs in here and reads reports, where people
meet, and what can be borrowed."""


def _table() -> dict[str, frozenset[str]]:
    """View → the roles that may have it."""
    roles = {EVERYBODY: frozenset(ROLES), THEMSELVES: frozenset[str]()}
    return {
        f"{pages}.{view}": roles.get(who, frozenset(who.split()))
        for who, sets in MAY.items()
        for pages, views in sets.items()
        for view in views.split()
    }


def _asked(app: Flask) -> Iterator[tuple[str, str, str]]:
    """View, method and address of everything, with what was planted where the address has a place for it."""
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            for method in sorted({"GET", "POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set())):
                yield rule.endpoint, method, adapter.build(rule.endpoint, _filled(rule), method=method)


def _filled(rule: Rule) -> dict[str, object]:
    return {name: _value(rule, name) for name in rule.arguments}


def _value(rule: Rule, name: str) -> object:
    converter = rule._converters[name]
    if items := getattr(converter, "items", None):
        return sorted(items)[0]
    return 1 if type(converter).__name__ == "IntegerConverter" else SUBJECT


def _is_refused(answer: TestResponse) -> bool:
    """Led to the sign-in, refused, or told that there is no such thing."""
    is_led = answer.status_code == 303 and "/people/sign-in/" in answer.location
    return is_led or answer.status_code in (401, 403, 404)


@pytest.fixture
def planted(node: Node, cast: Cast) -> Node:
    """The hub of the cast with a canary in every record: one of each kind, under one name."""

    def work() -> None:
        for kind in sorted(set(records.KINDS) - UNREAD):
            node.record(kind, row_of(kind, SUBJECT))

    node.write(work)
    return node


def test_every_view_stands_in_the_table_once(app: Flask) -> None:
    """A new one is missing, and one that went is too many."""
    views = [f"{pages}.{view}" for sets in MAY.values() for pages, some in sets.items() for view in some.split()]
    assert len(views) == len(set(views))
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(views)


@pytest.mark.parametrize("role", ROLES)
def test_a_wrong_role_gets_nothing_from_any_page(planted: Node, app: Flask, cast: Cast, role: str) -> None:
    """No page, no file, no deed; and no name or planted word in what is answered instead."""
    client, may = cast.client(role), _table()
    names = [cast.person(each).name for each in ROLES if each not in (role, OUTSIDER, ASKED)]
    wrong: list[str] = []
    for view, method, address in _asked(app):
        if role in may[view]:
            continue
        answer = client.open(address, method=method)
        wrong += [f"{method} {address}: {answer.status_code}"] * (not _is_refused(answer))
        wrong += [f"{method} {address} says {word}" for word in _told(answer, address, names)]
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_a_right_role_is_refused_nowhere(node: Node, app: Flask, cast: Cast, role: str) -> None:
    """The table says no more than there is: each view of a role answers it, if only that there is no such thing."""
    client, may = cast.client(role), _table()
    refused = [
        f"{method} {address}"
        for view, method, address in _asked(app)
        if role in may[view] and not view.startswith("sign_in.")
        if _is_shut(client.open(address, method=method))
    ]
    assert refused == []


def _is_shut(answer: TestResponse) -> bool:
    return answer.status_code in (401, 403) or (
        answer.status_code == 303 and "/people/sign-in/?next" in answer.location
    )


def test_a_guest_reads_nothing_that_was_planted(planted: Node, app: Flask, cast: Cast) -> None:
    """On all pages that guests may open, but for what the place shows to whoever comes in."""
    client, may = cast.client(OUTSIDER), _table()
    told = {
        (view.partition(".")[0], found.decode().split()[1])
        for view, method, address in _asked(app)
        if method == "GET" and OUTSIDER in may[view]
        for found in CANARY.findall(client.get(address).data.replace(SUBJECT.encode(), b""))
        if len(found.split()) > 1
    }
    assert {(pages, kind) for pages, kind in told if pages not in OPEN.get(kind, ())} == set()
    assert {kind for _, kind in told} == set(OPEN)


def test_tools_need_a_key(app: Flask, cast: Cast) -> None:
    """Behind the door for tools nobody gets anything by a role alone."""
    tools = app.extensions["tools"]
    assert len(rules_of(app)) > len(list(app.url_map.iter_rules()))
    open_views = {rule.endpoint for rule in tools.url_map.iter_rules() if rule.endpoint.endswith("about")}
    for rule in tools.url_map.iter_rules():
        if rule.endpoint in open_views or rule.arguments:
            continue
        for role in ("steward", OUTSIDER):
            assert cast.client(role).get(rule.rule).status_code in (400, 401, 404, 405), rule.rule


def _told(answer: TestResponse, address: str, names: list[str]) -> list[str]:
    """Names of the cast and planted words in an answer; of the address itself it may speak."""
    text = unquote(unescape(answer.text)).replace("+", " ").replace(unquote(address), "").replace(SUBJECT, "")
    return [name for name in names if name in text] + CANARY.findall(text.encode())
