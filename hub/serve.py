"""Start the web servers, the background worker and the announcement; stop them in order on SIGTERM.

Pages and packages have a port each. One loop feeds both; each has its own threads, so that packages can never keep
pages waiting. More processes share the same listening sockets and end with the first.
"""

import ctypes
import errno
import logging
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import FrameType
from typing import Any

from waitress.server import create_server

from hub.app import create_app, create_content_app
from hub.config import Settings
from hub.discovery import announced
from hub.errors import PortTaken, ProcessLost
from hub.forgetting import people as forgetting
from hub.memory import collect_seldom, give_large_back, share_one_pool
from hub.node import Node
from hub.sending import Channel, PagesChannel
from hub.supervisor import Supervisor
from hub.worker import working

BACKLOG = 512
SEND_BYTES = 18_000
"""A shorter answer is left to the loop, which sends it whole. While a thread sent it the loop would spin, since it sees
that something waits and may not touch it; so it would while a view told a little now and then. It is set on the
server: waitress will drop the setting one day, and then this does nothing."""
CONTENT_THREADS = 8
"""Threads for packages; they only read files, which the loop sends by itself."""
FILES_BESIDE = 1024
"""Files a process opens besides its connections: databases of each thread, packages being sent."""
EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
PR_SET_PDEATHSIG = 1


def serve(open_one: Callable[[], Node], settings: Settings, supervisor: Supervisor, *, announce: bool) -> None:
    """Serve until SIGTERM or SIGINT. `open_one` opens the node, once in each process after the fork.

    Raises PortTaken when another program has a port, and what `open_one` raises; then nothing was started. Raises
    ProcessLost when all had to stop because one of several processes ended by itself.
    """
    _stop_on_signals()
    share_one_pool()
    give_large_back()
    _allow_files(settings)
    lost: list[int] = []
    with suppress(SystemExit), ExitStack() as stack:
        ports = (("--port", settings.port), ("--content-port", settings.content_port))
        sockets = [stack.enter_context(_listen(settings.host, port, flag)) for flag, port in ports]
        node = open_one()
        forgetting.again(node)
        if settings.workers > 1:
            node.close()
            _end_with([_fork(sockets, open_one) for _ in range(settings.workers - 1)], lost)
            node = open_one()
        stack.callback(node.close)
        stack.enter_context(working(node))
        if announce and settings.announce:
            stack.enter_context(announced(node))
        server = stack.enter_context(serving(node, sockets))
        collect_seldom()
        print(f"Mangrove is at http://{_shown(settings.host)}:{settings.port}/", file=sys.stderr, flush=True)
        stack.enter_context(supervisor.watched(f"http://{_reached(settings.host)}:{settings.port}/healthz"))
        server.run()
    if lost:
        raise ProcessLost(
            f"The serving process {lost[0]} stopped by itself, so all were stopped. What was saved is safe;"
            " start the hub again."
        )


@contextmanager
def serving(node: Node, sockets: list[socket.socket]) -> Iterator[Any]:
    """The two servers over one loop; `run()` of what is yielded feeds both."""
    settings, loop = node.settings, {}  # type: ignore[var-annotated]
    shared = {
        "connection_limit": settings.connections,
        "channel_timeout": settings.idle_close,
        "ident": None,
        "asyncore_use_poll": True,
        "clear_untrusted_proxy_headers": True,
        "map": loop,
        **_proxied(settings),
    }
    pages = create_server(
        create_app(node),
        sockets=[sockets[0]],
        threads=settings.threads,
        max_request_body_size=settings.body_max,
        **shared,
    )
    packages = create_server(
        create_content_app(node),
        sockets=[sockets[1]],
        threads=CONTENT_THREADS,
        max_request_body_size=settings.body_max,
        **shared,
    )
    for server, channel in ((pages, PagesChannel), (packages, Channel)):
        server.adj.send_bytes = SEND_BYTES
        server.channel_class = channel
    try:
        yield pages
    finally:
        for server in (pages, packages):
            server.task_dispatcher.shutdown()
            server.close()
        for connection in list(loop.values()):
            connection.close()


def _proxied(settings: Settings) -> dict[str, Any]:
    """Believe the proxy in front about who asks, by which name and whether over HTTPS; believe nobody else."""
    if not settings.trusted_proxy:
        return {}
    told = {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"}
    return {"trusted_proxy": settings.trusted_proxy, "trusted_proxy_headers": told}


def _listen(host: str, port: int, flag: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as mistake:
        listening.close()
        raise PortTaken(_no_port(host, port, flag, mistake)) from None
    listening.setblocking(False)
    return listening


def _no_port(host: str, port: int, flag: str, mistake: OSError) -> str:
    """Why the hub cannot listen, and what to do; `flag` chooses another port."""
    if mistake.errno == errno.EADDRINUSE:
        return f"Another program already uses port {port}. Nothing was started; stop it, or choose another with {flag}."
    return (
        f"The hub cannot listen on {host}, port {port} ({mistake.strerror}). Nothing was started; choose another with"
        f" --host or {flag}."
    )


def _fork(sockets: list[socket.socket], open_one: Callable[[], Node]) -> int:
    """A second process on the same sockets, which dies with this one."""
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() == parent:
            _serve_beside(open_one(), sockets)
        status = 0
    finally:
        os._exit(status)


def _serve_beside(node: Node, sockets: list[socket.socket]) -> None:
    """What a further process does: pages and packages, no worker and no announcement."""
    with ExitStack() as stack:
        stack.callback(node.close)
        server = stack.enter_context(serving(node, sockets))
        collect_seldom()
        server.run()


def _end_with(children: list[int], lost: list[int]) -> None:
    """When one process dies, it is noted in `lost` and all stop; whoever started them starts them afresh.

    Each is waited for by its number: a program that the slow work runs, such as the voice, may end as it likes.
    """

    def wait(child: int) -> None:
        if os.waitpid(child, 0)[1]:
            lost.append(child)
            os.kill(os.getpid(), signal.SIGTERM)

    for child in children:
        threading.Thread(target=wait, args=(child,), name="children", daemon=True).start()


def _stop_on_signals() -> None:
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _allow_files(settings: Settings) -> None:
    """Let the process open a file for each connection it may hold, as far as the system lets it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = settings.connections + FILES_BESIDE
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))


def _shown(host: str) -> str:
    return "localhost" if host in EVERY_ADDRESS else host


def _reached(host: str) -> str:
    """How the hub reaches itself."""
    own = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"[{own}]" if ":" in own and not own.startswith("[") else own
