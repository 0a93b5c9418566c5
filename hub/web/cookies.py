"""The cookie of a sign-in, which no clock makes lapse: the hub itself knows how long each sign-in counts.

Flask would write a day into it by the machine's clock and refuse one that seems to come from the future. On a machine
that wakes in 1970 a phone would drop such a cookie at once, and everybody would be signed out after each power cut.
"""

from datetime import UTC, datetime

from flask import Flask
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.wrappers import Request
from itsdangerous import BadSignature

FAR = datetime(2099, 1, 1, tzinfo=UTC)
"""Browsers keep a cookie for some hundred days at most, whatever it says."""


class Cookies(SecureCookieSessionInterface):
    """Flask's signed cookie without its age; `hub.people.sessions` ends sign-ins."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the browser holds, empty where that was not signed here."""
        signing = self.get_signing_serializer(app)
        if signing is None:
            return None
        try:
            held = signing.loads(request.cookies.get(self.get_cookie_name(app), ""))
        except BadSignature:
            held = None
        return self.session_class(held if isinstance(held, dict) else {})

    def get_expiration_time(self, app: Flask, session: SessionMixin) -> datetime | None:
        """A day that no browser reaches for a phone of somebody's own; none for a shared one."""
        return FAR if session.permanent else None
