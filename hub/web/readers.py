"""For whom a browser keeps opened lessons: a mark of the sign-in that tells nothing of the person.

Only a hub behind HTTPS gives one; on plain HTTP browsers keep nothing, and there is no mark.
"""

import hashlib

from flask import g, session

from hub.web.here import node, viewer

GUEST = "guest"
MARK_CHARS = 16


def reader() -> str:
    """The mark of whoever reads; "" where nothing is kept. A phone that rests is still its reader's."""
    if not node().settings.https:
        return ""
    if viewer() is None and g.get("resting") is None:
        return GUEST
    return hashlib.sha256(f"reader:{session.get('token', '')}".encode()).hexdigest()[:MARK_CHARS]
