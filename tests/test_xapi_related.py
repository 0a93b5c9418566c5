"""`agent` and `activity` find what stands in the plain places; `related_…` what stands in any place, and no more."""

from typing import Any

import pytest

from hub.node import Node
from tests.fixtures.learning import Tool, statement

WHO = {"mbox": "mailto:who@a.org"}
TEAM = {"objectType": "Group", "account": {"homePage": "http://a.org", "name": "team"}}
WHAT = {"id": "http://a.org/what"}
THING = {"id": "http://a.org/thing"}
OTHER = {"mbox": "mailto:other@a.org"}


def _group(*members: Any) -> dict[str, Any]:
    return {"objectType": "Group", "member": list(members)}


def _context_agent(who: Any) -> dict[str, Any]:
    return {"contextAgents": [{"objectType": "contextAgent", "agent": who, "relevantTypes": ["http://a.org/t"]}]}


def _context_group(who: Any) -> dict[str, Any]:
    return {"contextGroups": [{"objectType": "contextGroup", "group": who, "relevantTypes": ["http://a.org/t"]}]}


def _said(**parts: Any) -> dict[str, Any]:
    return statement(**{"actor": OTHER, "object": THING, **parts})


def _within(**parts: Any) -> dict[str, Any]:
    return _said(object={"objectType": "SubStatement", **_said(**parts)})


def _activities(kind: str, rows: Any) -> dict[str, Any]:
    return {"contextActivities": {kind: rows}}


PLAIN_AGENTS = {
    "the actor": _said(actor=WHO),
    "the object": _said(object={"objectType": "Agent", **WHO}),
    "a member of a nameless actor": _said(actor=_group(OTHER, WHO)),
    "a member of a named actor": _said(actor={**TEAM, "member": [OTHER, WHO]}),
    "a member of the object": _said(object=_group(OTHER, WHO)),
}
RELATED_AGENTS = {
    "the instructor": _said(context={"instructor": WHO}),
    "a member of the instructor": _said(context={"instructor": _group(WHO, OTHER)}),
    "a member of the team": _said(context={"team": _group(OTHER, WHO)}),
    "a context agent": _said(context=_context_agent(WHO)),
    "a member of a context group": _said(context=_context_group(_group(OTHER, WHO))),
    "the actor within": _within(actor=WHO),
    "a member of the actor within": _within(actor=_group(OTHER, WHO)),
    "the object within": _within(object={"objectType": "Agent", **WHO}),
    "a member of the object within": _within(object=_group(WHO)),
    "the instructor within": _within(context={"instructor": WHO}),
    "a member of the team within": _within(context={"team": {**TEAM, "member": [WHO]}}),
    "a context agent within": _within(context=_context_agent(WHO)),
    "a member of a context group within": _within(context=_context_group(_group(WHO))),
}
PLAIN_ACTIVITIES = {"the object": _said(object=WHAT)}
RELATED_ACTIVITIES = {
    **{f"a {kind}": _said(context=_activities(kind, [THING, WHAT])) for kind in ("parent", "grouping", "category")},
    "another": _said(context=_activities("other", [WHAT])),
    "a single parent": _said(context=_activities("parent", WHAT)),
    "the object within": _within(object=WHAT),
    **{f"a {kind} within": _within(context=_activities(kind, [WHAT])) for kind in ("parent", "grouping")},
    **{f"a {kind} within": _within(context=_activities(kind, [WHAT])) for kind in ("category", "other")},
}
NOWHERE = {
    "in an extension": _said(result={"extensions": {"http://a.org/x": [WHO, WHAT]}}),
    "as a claimed authority": _said(authority=WHO),
    "nowhere": _said(),
}


def _send(tool: Tool, **groups: dict[str, Any]) -> dict[str, str]:
    """Send all; returns id → name."""
    named = [(name, said) for said_of in groups.values() for name, said in said_of.items()]
    return dict(zip(tool.send(*[said for _, said in named]), [name for name, _ in named], strict=True))


def _found(tool: Tool, ids: dict[str, str], **words: Any) -> list[str]:
    return sorted(ids[each["id"]] for each in tool.find(**words))


@pytest.mark.parametrize(
    ("word", "value", "plain", "related"),
    [
        ("agent", WHO, PLAIN_AGENTS, RELATED_AGENTS),
        ("activity", WHAT["id"], PLAIN_ACTIVITIES, RELATED_ACTIVITIES),
    ],
)
def test_each_place_is_plain_or_related(tool: Tool, word: str, value: Any, plain: Any, related: Any) -> None:
    """Without the word `related` only the plain ones, with it both, and a claim or an extension never."""
    ids = dict(_send(tool, plain=plain))
    for group in (related, NOWHERE):
        ids |= _send(tool, group=group)
    broad = {f"related_{'agents' if word == 'agent' else 'activities'}": "true"}
    assert _found(tool, ids, **{word: value}) == sorted(plain)
    assert _found(tool, ids, **{word: value, **broad}) == sorted([*plain, *related])
    narrow = dict.fromkeys(broad, "false")
    assert _found(tool, ids, **{word: value, **narrow}) == sorted(plain)


@pytest.mark.parametrize(
    ("is_plain", "said"),
    [
        (True, _said(actor={**TEAM, "member": [OTHER]})),
        (True, _said(object=TEAM)),
        (False, _said(context={"team": TEAM})),
        (False, _said(context={"instructor": TEAM})),
        (False, _said(context=_context_group(TEAM))),
        (False, _within(actor=TEAM)),
    ],
)
def test_a_named_group_is_found_like_an_agent(tool: Tool, is_plain: bool, said: Any) -> None:
    """By its own name, in each place; a group and an agent of one name are told by it alone."""
    (kept,) = tool.send(said)
    tool.send(_said())
    assert [each["id"] for each in tool.find(agent=TEAM)] == ([kept] if is_plain else [])
    assert [each["id"] for each in tool.find(agent=TEAM, related_agents="true")] == [kept]


def test_whoever_vouches_is_related_and_not_plain(tool: Tool) -> None:
    """The authority that the hub gave, not one that a sender claimed."""
    (kept,) = tool.send(_said(authority=WHO))
    (said,) = tool.find()
    assert tool.find(agent=said["authority"]) == []
    assert [each["id"] for each in tool.find(agent=said["authority"], related_agents="true")] == [kept]
    assert tool.find(agent=WHO, related_agents="true") == []


def test_a_related_filter_does_not_widen_the_other(tool: Tool) -> None:
    """`related_agents` says nothing of activities, nor the other way round; both together need both."""
    both = _said(context={"instructor": WHO, **_activities("parent", [WHAT])})
    (kept,) = tool.send(both)
    assert tool.find(agent=WHO, activity=WHAT["id"], related_agents="true") == []
    assert tool.find(agent=WHO, activity=WHAT["id"], related_activities="true") == []
    words = {"agent": WHO, "activity": WHAT["id"], "related_agents": "true", "related_activities": "true"}
    assert [each["id"] for each in tool.find(**words)] == [kept]
    assert tool.find(**words, verb="http://a.org/other") == []


@pytest.mark.parametrize("size", [60, 700])
def test_the_last_member_of_a_large_group_is_found(tool: Tool, size: int) -> None:
    """A school is a group too: whoever fits into a statement is found, in the actor and in the context."""
    members = [{"mbox": f"mailto:m{number}@a.org"} for number in range(size)]
    ids = tool.send(_said(actor=_group(*members)), _said(context={"team": _group(*members)}))
    assert [each["id"] for each in tool.find(agent=members[-1])] == ids[:1]
    assert [each["id"] for each in tool.find(agent=members[-1], related_agents="true", ascending="true")] == ids


def test_names_that_look_alike_are_kept_apart(tool: Tool, node: Node) -> None:
    """An account of another home, a mailbox and its address as an openid, an activity that begins alike."""
    alike = [
        {"account": {"homePage": "http://a.org", "name": "who"}},
        {"account": {"homePage": "http://b.org", "name": "who"}},
        {"account": {"homePage": "http://a.org", "name": "|who"}},
        {"mbox": "mailto:who@a.org"},
        {"openid": "mailto:who@a.org"},
        {"mbox_sha1sum": "a" * 40},
        {"account": {"homePage": "urn:mangrove:hub", "name": node.identity.hub_id}},
    ]
    ids = tool.send(*[_said(actor=each) for each in alike])
    for number, each in enumerate(alike):
        assert [found["id"] for found in tool.find(agent=each)] == [ids[number]], each
    capitals = [{"mbox": "mailto:who@A.ORG"}, {"mbox_sha1sum": "A" * 40}]
    assert [[found["id"] for found in tool.find(agent=each)] for each in capitals] == [ids[3:4], ids[5:6]]
    assert tool.find(agent={"mbox": "mailto:WHO@a.org"}) == []
    acts = [{"id": WHAT["id"] + tail} for tail in ("", "/", "?", "#x", "ever")]
    ids = tool.send(*[_said(object=each) for each in acts])
    for number, act in enumerate(acts):
        assert [found["id"] for found in tool.find(activity=act["id"], related_activities="true")] == [ids[number]]
