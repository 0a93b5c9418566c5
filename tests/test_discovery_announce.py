"""What a hub announces, and what is made of announcements: nothing a neighbour says can do harm."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from zeroconf import ServiceInfo

import hub
from hub import discovery
from hub.node import Node
from tests.fixtures import engines

pytestmark = pytest.mark.sqlite(engines.PROGRAM)

ADDRESS = ("192.0.2.7",)
HUB = "b" * 51 + "a"
SAID = {"id": HUB, "name": "Alder hill", "role": "community", "version": "1", "path": "/"}


def _info(*, port: int = 8080, addresses: tuple[str, ...] = ADDRESS, **said: Any) -> ServiceInfo:
    name = f"somebody.{discovery.HUB_TYPE}"
    return ServiceInfo(
        discovery.HUB_TYPE, name, port=port, properties={**SAID, **said}, parsed_addresses=list(addresses)
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=300))
def test_a_hub_of_any_name_can_be_announced_and_understood(node: Node, name: str) -> None:
    """Whatever a hub is called, the announcement fits DNS and is understood by another hub."""
    hub_info, web_info = discovery.announcement(node, addresses=ADDRESS, name=name)
    heard = discovery.understood(hub_info)
    assert heard is not None
    assert (heard.hub_id, heard.role, heard.url) == (node.identity.hub_id, "community", "http://192.0.2.7:8080/")
    for info in (hub_info, web_info):
        assert len(info.name.removesuffix(f".{info.type}").encode()) <= discovery.LABEL_BYTES_MAX
        assert all(len(f"{key}={value}".encode()) <= 255 for key, value in info.decoded_properties.items())


@pytest.mark.parametrize("role", ["community", "region"])
def test_the_announcement_keeps_the_contract(make_node: Callable[..., Node], role: str) -> None:
    """Both kinds of service; the hub's own says its id, name, role, version and path, each as it is."""
    node = make_node("contract", role=role, port=8123)
    hub_info, web_info = discovery.announcement(node, addresses=ADDRESS, name="Alder hill")
    assert (hub_info.type, web_info.type) == ("_mangrove._tcp.local.", "_http._tcp.local.")
    assert hub_info.decoded_properties == {
        **{"id": node.identity.hub_id, "name": "Alder hill", "role": role},
        **{"version": hub.__version__, "path": "/"},
    }
    assert web_info.decoded_properties == {"path": "/"}
    assert (hub_info.port, web_info.port) == (8123, 8123)


STRANGE = {
    "no id": {"id": ""},
    "an id that is none": {"id": "x"},
    "an id with other signs": {"id": "<" * 52},
    "no address": {"addresses": ()},
    "an address of another kind": {"addresses": ("2001:db8::1",)},
}


@pytest.mark.parametrize("case", STRANGE)
def test_what_is_no_hub_is_passed_over(case: str) -> None:
    """An announcement that does not say who and where is not shown."""
    assert discovery.understood(_info(**STRANGE[case])) is None


def test_a_path_is_only_a_path() -> None:
    """What could lead elsewhere becomes the front page."""
    assert [
        getattr(discovery.understood(_info(path=path)), "path", None) for path in ("", "evil.example/", "/\n", "/hub/")
    ] == [
        "/",
        "/",
        "/",
        "/hub/",
    ]


def test_a_name_is_shown_without_signs_that_act() -> None:
    """Letters that are not printable are left out; a hub without a name goes by its id."""
    names = [getattr(discovery.understood(_info(name=name)), "name", None) for name in ("A\x1b[31m\u202eB", "\x00")]
    assert names == ["A[31mB", HUB[:8]]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_a_hub_for_this_machine_alone_is_not_announced(host: str) -> None:
    """There is nobody who could come."""
    assert discovery.lan_addresses(host) == ()


def test_a_hub_with_one_address_is_announced_there_alone() -> None:
    """Of several networks only the one it listens on; an address that has gone is none."""
    assert discovery.lan_addresses("192.0.2.7") == ()
    for address in discovery.lan_addresses("0.0.0.0"):
        assert discovery.lan_addresses(address) == (address,)


@pytest.mark.parametrize("host", ["127.0.0.1", "192.0.2.7"])
def test_announcing_never_stands_in_the_way(make_node: Callable[..., Node], host: str) -> None:
    """Without a network, or with an address that has gone, the hub goes on, tries again, and stops in good order."""
    node, looks = make_node("quiet", host=host), threading.Event()
    with discovery.announced(node, check_s=0.01):
        looks.wait(0.05)
    assert "announcer" not in {thread.name for thread in threading.enumerate()}


def test_a_hub_is_announced_by_the_name_in_its_records(node: Node) -> None:
    """Until somebody named it, the name of its settings."""
    assert node.name == "Hub"
    node.write(lambda: node.change("hub", node.identity.hub_id, name="Alder hill"))
    assert node.name == "Alder hill"
