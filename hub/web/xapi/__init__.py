"""`/xapi/`: learning records for tools and content, as xAPI 1.0.3 and 2.0 set it out; one module a resource."""

from hub.web.xapi import about, activities, agents, documents, elsewhere, statements
from hub.web.xapi.speaking import blueprint

__all__ = ["about", "activities", "agents", "blueprint", "documents", "elsewhere", "statements"]
