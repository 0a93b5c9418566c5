"""At which addresses readers find the pages and the packages, also behind a proxy: one rule for whoever names them.

Packages from elsewhere run on an origin of their own. A browser refuses a frame, a file or a report whose address is
not exactly what the policy of the page says, so that every address and every policy asks here.
"""

from urllib.parse import urlsplit

from flask import request

from hub.web.here import node


def pages() -> str:
    """The origin of the hub's pages, asked on that origin: what the setting says, else as the browser calls it."""
    return node().settings.address or f"{_scheme()}://{request.host}"


def content() -> str:
    """The origin on which packages run, asked on the pages' origin: the setting, else this host at the content port."""
    settings = node().settings
    return settings.content_address or f"{_scheme()}://{_host()}:{settings.content_port}"


def content_itself() -> str:
    """The packages' origin, asked on that origin; "" when the browser named no host."""
    named = f"{_scheme()}://{request.host}" if request.host else ""
    return node().settings.content_address or named


def pages_beside() -> str:
    """The pages as a policy of the packages' origin names them: the setting, else this host at any port."""
    return node().settings.address or f"{_scheme()}://{_host()}:*"


def _scheme() -> str:
    """A proxy that speaks HTTPS with the world speaks plainly with us."""
    return "https" if node().settings.https else request.scheme


def _host() -> str:
    """The machine's name as the reader calls it, without a port."""
    host = urlsplit(request.host_url).hostname or "localhost"
    return f"[{host}]" if ":" in host else host
