"""docs/vocabulary.md names exactly the words of hub/vocabulary.py, and names lead back to what they were made of."""

import re
from pathlib import Path

import pytest

from hub import vocabulary
from hub.vocabulary import Place, activity, agent_key, index_key, person_actor, place

PAGE = Path(__file__).parent.parent / "docs" / "vocabulary.md"


def test_the_page_lists_exactly_the_words_of_the_code() -> None:
    """None is missing, none is made up."""
    text = PAGE.read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([^`]+)`", text, re.MULTILINE))
    names = {value for name, value in vars(vocabulary).items() if name.isupper() and isinstance(value, str)}
    assert listed == names | set(vocabulary.VERBS.values()) | set(vocabulary.ITEM_TYPES.values())


@pytest.mark.parametrize("parts", [("market.en",), ("market.en", "quiz"), ("market.en", "quiz", "q1")])
def test_a_name_leads_back_to_its_place(parts: tuple[str, ...]) -> None:
    """Package, item, question."""
    assert place(activity(*parts)) == Place(*parts)


@pytest.mark.parametrize(
    "name",
    ["", "urn:mangrove:activity:", "urn:mangrove:activity:a::b", "urn:mangrove:activity:a:b:c:d", "http://a.org"],
)
def test_another_name_leads_nowhere(name: str) -> None:
    """Not ours, or not whole."""
    assert place(name) is None


def test_equal_agents_have_equal_keys_and_others_never() -> None:
    """A person of the hub is the plain id; nobody else can be spelled like one."""
    ids = ["p1", "~p1", "mailto:p1", "account:urn:mangrove:people|p1"]
    agents = [
        person_actor("p1"),
        {"account": {"homePage": vocabulary.PSEUDONYMS, "name": "p1"}},
        {"mbox": "mailto:p1"},
        {"account": {"homePage": "urn:mangrove:people", "name": "account:urn:mangrove:people|p1"}},
        person_actor("~p1"),
        person_actor("p1@far"),
        {"openid": "http://a.org/p1"},
        {"mbox_sha1sum": "p1"},
        {"objectType": "Group", "member": []},
    ]
    keys = [agent_key(agent) for agent in agents]
    assert keys[:3] == ids[:3]
    assert len(set(keys)) == len(keys)
    assert "p1@far" not in keys
    assert keys[-1] == ""


def test_a_long_name_is_indexed_by_its_hash() -> None:
    """PostgreSQL refuses index rows over 2,700 bytes."""
    assert index_key("ä" * 250) == "ä" * 250
    assert index_key("ä" * 251).startswith("sha256:")
    with pytest.raises(ValueError, match="NUL"):
        index_key("a\0b")
