"""How much one sender may bring to the door at once, and how often it may come: the hub's settings as one object.

`xapi_limits = off` lifts all of it but for two things that the machine itself cannot do without: a statement fits into
one entry of the journal, and a request into `body_max`.
"""

import sys
from dataclasses import dataclass

from hub.node import Node
from hub.xapi.reading import STATEMENT_BYTES_MAX


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, counts, and requests a minute; what is larger is refused with 413, what is oftener with 429.

    `request_bytes` is one request without attached data, `attached_request_bytes` one with it. `documents` are those
    of one resource that belong to one activity, one agent, or both. `a_minute` is for one key or ticket,
    `wrong_a_minute` for wrong keys from one address; 0 is no limit.
    """

    statement_bytes: int
    statements: int
    request_bytes: int
    attached_request_bytes: int
    attachment_bytes: int
    document_bytes: int
    documents: int
    a_minute: int
    wrong_a_minute: int


def limits(node: Node) -> Limits:
    """What counts at this hub."""
    settings, most = node.settings, node.settings.body_max
    if not settings.xapi_limits:
        return Limits(STATEMENT_BYTES_MAX, sys.maxsize, most, most, most, most, sys.maxsize, 0, 0)
    return Limits(
        statement_bytes=settings.xapi_statement_max,
        statements=settings.xapi_statements_max,
        request_bytes=min(settings.xapi_request_max, most),
        attached_request_bytes=most,
        attachment_bytes=min(settings.xapi_attachment_max, most),
        document_bytes=min(settings.xapi_document_max, most),
        documents=settings.xapi_documents_max,
        a_minute=settings.xapi_rate,
        wrong_a_minute=settings.xapi_wrong_keys,
    )
