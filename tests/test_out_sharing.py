"""What a destination gets, and in which form: as little as can be, unless a steward opened more; never beyond a no."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hub.cli import main
from hub.config import keep
from hub.errors import InputWrong
from hub.governance import standing
from hub.node import Node
from hub.out import consented, destinations, forward, sharing
from hub.out.destinations import Access
from hub.out.sharing import ACCOUNT, Sharing
from hub.people.roster import Person
from hub.tide import policy
from hub.tide.policy import Stand
from hub.vocabulary import BADGE, FEEDBACK, HUBS, PSEUDONYMS, TRIES, VERBS, VOIDED, activity, person_actor
from hub.xapi import rules
from tests.fixtures import consents, tide
from tests.fixtures.cast import Cast
from tests.fixtures.outside import Strange, add, learn

KEY = b"k" * 32
STAND = Stand(KEY, "forward:one")
TOOL = {"account": {"homePage": "https://tool.example", "name": "canary-tool"}}
EXTENSION = "https://tool.example/mood"


def whole(**parts: Any) -> dict[str, Any]:
    """A statement as the store gives it, with a canary wherever one fits."""
    said = tide.statement(1, **parts)
    said["result"] = {
        **said["result"],
        "duration": "PT4.20S",
        "extensions": {EXTENSION: "a canary wrote this", TRIES: 2},
    }
    said["context"] |= {
        "registration": "7b0e9b1c-0000-4000-8000-000000000001",
        "extensions": {EXTENSION: "canary-tool"},
    }
    added = {"stored": "2026-09-21T14:15:23.456Z", "timestamp": "2026-09-21T14:15:16.000Z", "version": "2.0.0"}
    return {**said, **added, "authority": parts.get("authority", tide.OURS)}


def test_the_narrowest_rule_lets_out_nothing_that_anybody_wrote() -> None:
    """A made-up name, the day, the verb, the lesson, numbers; and what goes is a right statement."""
    made = sharing.shared(whole(), Sharing(), STAND)
    assert made is not None
    assert not [word for word in (*tide.CANARIES, tide.PERSON) if word in json.dumps(made)]
    assert made["actor"]["account"] == {
        "homePage": PSEUDONYMS,
        "name": policy.pseudonym(KEY, "forward:one", tide.PERSON),
    }
    assert made["timestamp"] == "2026-09-21T00:00:00.000Z"
    assert made["object"]["id"] == activity("safe-water", "look", "q1")
    assert made["result"] == {
        "success": True,
        "score": {"scaled": 0.123},
        "extensions": {TRIES: 2},
        "duration": "PT4.20S",
    }
    assert set(made) == {"id", "actor", "verb", "object", "result", "context", "timestamp"}
    assert set(made["context"]) == {"registration"} and made["context"]["registration"] not in json.dumps(whole())
    for line in ("1.0", "2.0"):
        rules.check(made, line=line)


def test_titles_go_with_our_own_names_alone() -> None:
    """The kind of a lesson goes, its title when that is opened; a tool's names are stand-ins until they are opened."""
    ours = whole()
    ours["object"]["definition"] = {"type": "https://type", "name": {"en": "Look"}, "description": {"en": "canary"}}
    made = [sharing.shared(ours, Sharing(titles=titles), STAND) for titles in (False, True)]
    kind = {"type": "https://type"}
    assert [each and each["object"]["definition"] for each in made] == [kind, {**kind, "name": {"en": "Look"}}]
    strange = whole(
        authority=TOOL, verb={"id": "https://tool.example/canary-tool"}, object={"id": "https://x/canary-tool"}
    )
    closed, open_ = (sharing.shared(strange, Sharing(tools=tools), STAND) for tools in (False, True))
    assert closed and open_
    assert closed["verb"]["id"] == policy.OTHER_VERB and "canary" not in json.dumps(closed)
    assert (open_["verb"]["id"], open_["object"]["id"]) == ("https://tool.example/canary-tool", "https://x/canary-tool")


def test_each_opening_adds_what_it_says() -> None:
    """Answers, extensions, times: one at a time, and nothing beside."""
    made = {name: sharing.shared(whole(), Sharing(**rule), STAND) for name, rule in OPENINGS.items()}
    assert all(made.values())
    said = {name: json.dumps(each) for name, each in made.items()}
    assert "a canary wrote this" in said["answers"] and EXTENSION not in said["answers"]
    assert EXTENSION in said["extensions"] and '"response"' not in said["extensions"]
    assert '"2026-09-21T14:00:00.000Z"' in said["hour"] and '"2026-09-21T14:15:16.000Z"' in said["exact"]
    assert tide.PERSON in said["account"] and "Canary Diallo" not in said["account"]
    seen = whole()
    seen["result"]["extensions"] = {FEEDBACK: "a sentence"}
    for rule, is_there in ((Sharing(extensions=True), False), (Sharing(extensions=True, answers=True), True)):
        assert (FEEDBACK in json.dumps(sharing.shared(seen, rule, STAND))) is is_there


OPENINGS: dict[str, dict[str, Any]] = {
    "answers": {"answers": True},
    "extensions": {"extensions": True},
    "hour": {"times": "hour"},
    "exact": {"times": "exact"},
    "account": {"people": ACCOUNT, "decision": "d"},
}


@pytest.mark.parametrize(
    "stays",
    [
        {"actor": {"objectType": "Group", "member": [person_actor(tide.PERSON)]}},
        {"object": {"id": f"{BADGE}1"}},
        {"verb": {"id": VOIDED}, "object": {"objectType": "StatementRef", "id": tide.PERSON}},
    ],
    ids=["a group", "a badge", "a voiding"],
)
def test_some_never_go_as_they_are(stays: dict[str, Any]) -> None:
    """Groups name several people, badges are for this place, and what voids is written by the hub itself."""
    assert sharing.shared(whole(**stays), Sharing(), STAND) is None


def test_verbs_and_packages_narrow_it() -> None:
    """Only what is named goes; verbs may be named by their last word."""
    rule = sharing.checked(Sharing(verbs=("answered",), packages=("safe-water",)))
    assert rule.verbs == (VERBS["answered"],)
    assert sharing.shared(whole(), rule, STAND) is not None
    assert sharing.shared(whole(verb={"id": VERBS["passed"]}), rule, STAND) is None
    assert sharing.shared(whole(object={"id": activity("water", "look")}), rule, STAND) is None
    assert sharing.shared(whole(object={"id": "https://tool.example/x"}), rule, STAND) is None


def test_two_destinations_cannot_compare_their_names(node: Node) -> None:
    """Nor can one with the region: people, statements and sittings have other stand-ins for each."""
    said = whole()
    made = [sharing.shared(said, Sharing(), Stand(KEY, name)) for name in ("forward:one", "forward:two", "region")]
    names = {json.dumps([each and (each["id"], each["actor"], each["context"]["registration"])]) for each in made}
    assert len(names) == 3
    assert sharing.unpacked(sharing.packed(Sharing(verbs=("a",), past=True))) == Sharing(verbs=("a",), past=True)


WRONG = (
    {"people": "name"},
    {"times": "week"},
    {"people": ACCOUNT},
    {"people": ACCOUNT, "decision": "d", "unasked": True},
    {"verbs": ("",)},
    {"packages": ("x" * 201,)},
    {"packages": tuple(f"p{number}" for number in range(101))},
)


@pytest.mark.parametrize("wrong", WRONG, ids=range(len(WRONG)))
def test_a_rule_that_cannot_be(wrong: dict[str, Any]) -> None:
    """One sentence."""
    with pytest.raises(InputWrong):
        sharing.checked(Sharing(**wrong))


def _goes(node: Node, store: Strange, **rule: Any) -> set[str]:
    """The made-up names of whom something went to a fresh destination."""
    made = add(node, store.access, **rule)
    before = len(store.requests)
    forward.go(node, made.id)
    destinations.remove(node, made.id)
    sent = [each for request in store.requests[before:] for each in request]
    return {each["actor"]["account"]["name"] for each in sent}


def test_only_a_yes_lets_records_go(node: Node, strange: Callable[..., Strange]) -> None:
    """From the yes on; who was not asked goes where the rule says so, who said no never."""
    store = strange(lambda _: (200, "[]", {}))
    keeper, people = consents.keeper(node), [consents.grown_up(node, name) for name in ("Yes", "No", "Unasked")]
    for number, person in enumerate(people):
        learn(node, person.id, first=10 * number, count=1)
    consents.says(node, keeper, people[0], "yes")
    consents.says(node, keeper, people[1], "no")
    assert _goes(node, store) == set()
    assert len(_goes(node, store, unasked=True)) == 2
    for number, person in enumerate(people):
        learn(node, person.id, first=100 + 10 * number, count=1)
    assert len(_goes(node, store)) == 1
    assert [len(request) for request in store.requests][-1] == 1
    closed = consented.taken_back(node)
    assert closed == {people[1].id}


def test_accounts_go_by_decision_alone(
    node: Node, cast: Cast, strange: Callable[..., Strange], monkeypatch: Any
) -> None:
    """A destination with accounts needs a decision that is in force, and stops when it ends."""
    store = strange(lambda _: (200, "[]", {}))
    with pytest.raises(InputWrong, match="a decision that is in force"):
        add(node, store.access, people=ACCOUNT, decision="nothing")
    assert destinations.destinations(node) == []
    learner = consents.grown_up(node)
    consents.says(node, cast.person("librarian"), learner, "yes")
    state = {"is": standing.ADOPTED}
    monkeypatch.setattr(standing, "read", lambda *_: [_Decided(state["is"])])
    made = add(node, store.access, people=ACCOUNT, decision="d1")
    learn(node, learner.id, first=1, count=1)
    assert forward.go(node, made.id).sent == 1
    assert store.requests[-1][0]["actor"]["account"]["name"] == learner.id
    state["is"] = standing.ENDED
    learn(node, learner.id, first=2, count=1)
    report = forward.go(node, made.id)
    assert (report.sent, report.is_stopped, "a decision that is in force" in report.problem) == (0, True, True)
    with pytest.raises(InputWrong):
        destinations.resume(node, made.id)


class _Decided:
    def __init__(self, state: str) -> None:
        self.state = state


def test_a_voiding_names_nobody(node: Node) -> None:
    """The hub says it, of the stand-in."""
    made = sharing.voiding("s1", hub=node.identity.hub_id, at_ms=1, sharing=Sharing(), stand=STAND)
    assert made["actor"]["account"]["homePage"] == HUBS
    assert made["object"] == {"objectType": "StatementRef", "id": STAND.statement("s1")}
    rules.check(made, line="1.0")


@pytest.fixture
def command(node: Node, tmp_path: Path) -> Callable[..., Result]:
    """A function that runs `mangrove forward …` over the hub."""
    keep(node.home, {"database": node.settings.database})

    def run(*words: object, **options: Any) -> Result:
        name, *more = map(str, words)
        return CliRunner().invoke(main, ["forward", name, "--home", str(node.home), *more], **options)

    return run


def test_the_command_from_end_to_end(
    node: Node, command: Callable[..., Result], strange: Callable[..., Strange], tmp_path: Path
) -> None:
    """Add, list, now, pause, resume, secret, remove; no answer of it holds the secret."""
    store, file = strange(lambda _: (200, "[]", {})), tmp_path / "secret"
    file.write_text("whisper\n")
    learner = consents.grown_up(node)
    consents.says(node, consents.keeper(node), learner, "yes")
    words = ["--key", "key", "--secret-file", file, "--name", "Ministry", "--version", "2.0.0", "--past", "--json"]
    made = command("add", store.access.url, *words, "--verb", "answered", "--package", "safe-water")
    assert made.exit_code == 0, made.output
    assert json.loads(made.output)["sharing"]["verbs"] == [VERBS["answered"]]
    learn(node, learner.id, first=1, count=2)
    now = command("now", "--json")
    assert [(each["sent"], each["problem"]) for each in json.loads(now.output)] == [(2, "")]
    assert store.proof() == "key:whisper"
    listed = json.loads(command("list", "--json").output)
    assert (listed[0]["counts"]["sent"], listed[0]["state"]) == (2, "active")
    assert "2 sent" in command("list").output
    for name, state in (("pause", "paused"), ("resume", "active")):
        assert json.loads(command(name, "Ministry", "--json").output)["state"] == state
    assert command("secret", "Ministry", input="another\n").exit_code == 0
    learn(node, learner.id, first=5, count=1)
    store.decide = lambda _: (401, "", {})
    refused = command("now")
    assert (refused.exit_code, "does not take our key" in refused.stderr) == (1, True)
    assert store.proof() == "key:another"
    assert command("remove", "Ministry").exit_code == 0
    assert command("list").output.strip() == "Nothing is sent on."
    assert (command("now").exit_code, command("pause", "Ministry").exit_code) == (1, 1)
    told = "".join(each.output for each in (made, now, refused, command("list", "--json")))
    assert "whisper" not in told and "another" not in told


def test_a_wrong_destination_is_one_sentence(command: Callable[..., Result], tmp_path: Path) -> None:
    """Status 1, nothing kept; a forgotten key is wrong usage."""
    file = tmp_path / "secret"
    file.write_bytes(b"\xff\xfe")
    for url in ("http://lrs.example/xapi", "https://lrs.example/xapi"):
        result = command("add", url, "--key", "k", "--secret-file", file)
        assert (result.exit_code, "Nothing was changed" in result.stderr) == (1, True)
    assert command("add", "https://lrs.example/xapi").exit_code == 2
    assert Access("u", "1.0.3", "n", "s").secret not in command("list", "--json").output


def test_people_are_named_the_same_each_time(node: Node, strange: Callable[..., Strange]) -> None:
    """One name for all that somebody learns, so that progress can be seen; another for everybody else."""
    store = strange(lambda _: (200, "[]", {}))
    keeper = consents.keeper(node)
    people: list[Person] = [consents.grown_up(node, name) for name in ("Joseph", "Hawa")]
    for person in people:
        consents.says(node, keeper, person, "yes")
    for number, person in enumerate([*people, *people]):
        learn(node, person.id, first=10 * number, count=1)
    assert len(_goes(node, store)) == 2
