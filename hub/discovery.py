"""Announce this hub on the local network, and hear the others (DNS-SD over multicast DNS).

Announcing is a courtesy and never a condition: without a network, after a change of address or beside a hub
of the same name the hub goes on serving, and the announcement follows by itself within a minute. What
neighbours say of themselves is not trusted; it only tells where to knock.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address

import ifaddr
from zeroconf import Error, IPVersion, ServiceBrowser, ServiceInfo, ServiceStateChange, Zeroconf

from hub import __version__
from hub.errors import HubError
from hub.node import Node

HUB_TYPE = "_mangrove._tcp.local."
WEB_TYPE = "_http._tcp.local."
CHECK_S = 60.0
"""How often the announcer looks whether the addresses or the name have changed."""
LABEL_BYTES_MAX = 63
"""The longest name that DNS takes in one label."""
VALUE_BYTES_MAX = 200
"""The longest value in a TXT record; DNS takes 255 bytes for key and value together."""
HEARD_MAX = 200
"""Hubs listened to at once; whoever announces more is not a neighbour but a flood."""
RESOLVE_MS = 1500
"""How long one hub that was heard may take to say its address."""
ID_LETTERS = 52
EVERY_ADDRESS = ("0.0.0.0", "::", "")  # noqa: S104 - compared, not bound


@dataclass(frozen=True)
class Heard:
    """A hub that announced itself: its id, what it calls itself and where its pages are."""

    hub_id: str
    name: str
    role: str
    version: str
    path: str
    addresses: tuple[str, ...]
    port: int

    @property
    def url(self) -> str:
        """The address of its home page."""
        return f"http://{self.addresses[0]}:{self.port}{self.path}"


@contextmanager
def announced(node: Node, *, check_s: float = CHECK_S) -> Iterator[None]:
    """Announce the hub in the background until the block ends; then say goodbye.

    Never raises for want of a network: it tries again every `check_s` seconds.
    """
    announcer = _Announcer(node, check_s=check_s)
    announcer.start()
    try:
        yield
    finally:
        announcer.stop()


def heard(seconds: float) -> list[Heard]:
    """Listen for so many seconds and return the hubs heard, by name and id; empty without a network."""
    addresses = lan_addresses("")
    if not addresses:
        return []
    try:
        zeroconf = _open(addresses)
    except OSError:
        return []
    try:
        names = _listen(zeroconf, seconds)
        infos = [zeroconf.get_service_info(HUB_TYPE, name, timeout=RESOLVE_MS) for name in names]
    finally:
        zeroconf.close()
    hubs = {hub for hub in map(understood, infos) if hub is not None}
    return sorted(hubs, key=lambda hub: (hub.name, hub.hub_id, hub.addresses))


def lan_addresses(host: str) -> tuple[str, ...]:
    """The IPv4 addresses of this machine under which other devices can reach a server that listens on `host`."""
    found = {ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips if isinstance(ip.ip, str)}
    return tuple(sorted(ip for ip in found if not _is_loopback(ip) and host in (*EVERY_ADDRESS, ip)))


def _is_loopback(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return True
    return address.is_loopback or not isinstance(address, IPv4Address)


def _open(addresses: tuple[str, ...]) -> Zeroconf:
    return Zeroconf(interfaces=list(addresses), ip_version=IPVersion.V4Only)


class _Announcer:
    """The thread that keeps the announcement true."""

    def __init__(self, node: Node, *, check_s: float) -> None:
        self._node = node
        self._check_s = check_s
        self._stopping = threading.Event()
        self._standing: tuple[tuple[str, ...], str] | None = None
        self._zeroconf: Zeroconf | None = None
        self._thread = threading.Thread(target=self._run, name="announcer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._refresh()
            self._stopping.wait(self._check_s)
        self._withdraw()

    def _refresh(self) -> None:
        """Announce anew when something changed; what cannot be done now is tried again at the next look."""
        try:
            wanted = (lan_addresses(self._node.settings.host), self._node.name)
        except HubError:
            return
        if wanted == self._standing:
            return
        self._withdraw()
        if not wanted[0]:
            return
        try:
            self._zeroconf = _open(wanted[0])
            for info in announcement(self._node, addresses=wanted[0], name=wanted[1]):
                self._zeroconf.register_service(info, allow_name_change=True)
            self._standing = wanted
        except (OSError, Error) as mistake:
            logging.getLogger("mangrove").info("The hub cannot be announced now and tries again: %s", mistake)
            self._withdraw()

    def _withdraw(self) -> None:
        self._standing = None
        if self._zeroconf is not None:
            self._zeroconf.close()
            self._zeroconf = None


def announcement(node: Node, *, addresses: tuple[str, ...], name: str) -> list[ServiceInfo]:
    """What is announced: the hub for other hubs, its pages for any browser."""
    hub_id = node.identity.hub_id
    said = {"id": hub_id, "name": name, "role": node.settings.role, "version": __version__, "path": "/"}
    return [
        ServiceInfo(
            kind,
            f"{_label(name, hub_id)}.{kind}",
            port=node.settings.port,
            properties={key: _cut(value, VALUE_BYTES_MAX) for key, value in properties.items()},
            server=f"mangrove-{hub_id[:8]}.local.",
            parsed_addresses=list(addresses),
        )
        for kind, properties in ((HUB_TYPE, said), (WEB_TYPE, {"path": "/"}))
    ]


def _label(name: str, hub_id: str) -> str:
    """The name people see in a list of services, with a piece of the id that tells namesakes apart."""
    mark = f" ({hub_id[:6]})"
    plain = "".join(letter if letter.isprintable() and letter != "." else " " for letter in name)
    return _cut(plain, LABEL_BYTES_MAX - len(mark)).strip() + mark


def _cut(text: str, bytes_max: int) -> str:
    """The text's beginning in at most so many UTF-8 bytes, cut between letters."""
    return text.encode()[:bytes_max].decode(errors="ignore")


def _listen(zeroconf: Zeroconf, seconds: float) -> list[str]:
    """The names of all hubs announced within so many seconds."""
    names: dict[str, None] = {}

    def note(*, name: str, state_change: ServiceStateChange, **_rest: object) -> None:
        if state_change is ServiceStateChange.Removed:
            names.pop(name, None)
        elif len(names) < HEARD_MAX:
            names[name] = None

    browser = ServiceBrowser(zeroconf, HUB_TYPE, handlers=[note])
    threading.Event().wait(seconds)
    browser.cancel()
    return list(names)


def understood(info: ServiceInfo | None) -> Heard | None:
    """A hub's announcement, or None when it is not one that we understand."""
    if info is None or info.port is None:
        return None
    said = {key: value or "" for key, value in info.decoded_properties.items()}
    addresses = tuple(sorted(info.parsed_addresses(IPVersion.V4Only)))
    hub_id = said.get("id", "")
    if not addresses or len(hub_id) != ID_LETTERS or not hub_id.isalnum():
        return None
    path = said.get("path", "/")
    return Heard(
        hub_id=hub_id,
        name=_printable(said.get("name", "")) or hub_id[:8],
        role=_printable(said.get("role", "")),
        version=_printable(said.get("version", "")),
        path=path if path.startswith("/") and path.isprintable() else "/",
        addresses=addresses,
        port=info.port,
    )


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())
