"""The way to the door for tools: what is asked below `/xapi/` goes to an application of its own.

It passes by all that pages need. A tool sends its key with each request, so nothing here knows cookies, forms,
languages or whose browser this is.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask.sessions import NullSession, SessionInterface
from werkzeug.wrappers import Request

from hub.web.xapi.alternate import DOOR, unfolded

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

NOBODY = NullSession()
"""The session of everybody who comes here; it takes nothing."""


class NoSessions(SessionInterface):
    """No cookie is looked at and none is set."""

    def open_session(self, app: Flask, request: Request) -> NullSession:  # noqa: ARG002 - as Flask calls it
        """Nobody's."""
        return NOBODY


class Tools(Flask):
    """The application for tools."""

    session_interface = NoSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Nothing here is a coroutine, so that nothing is looked at for it, seven times in each request."""
        return func


class Front:
    """Gives the pages and the tools what is theirs, the tools as plain requests."""

    def __init__(self, pages: "WSGIApplication", tools: "WSGIApplication") -> None:
        self._pages, self._tools = pages, tools

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        if environ.get("PATH_INFO", "").startswith(DOOR):
            return self._tools(unfolded(environ), start_response)
        return self._pages(environ, start_response)
