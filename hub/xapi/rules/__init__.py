"""What a statement must be: one module for each part of it, as xAPI 1.0.3 (part 2) and 2.0 set it out.

`check` is the only entrance. Nothing here reads a table or a clock; the same statement is right or wrong on
every hub.
"""

from hub.xapi.rules.statement import check

__all__ = ["check"]
