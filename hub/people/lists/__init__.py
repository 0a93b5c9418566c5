"""Lists of people as files: OneRoster 1.2 and a plain CSV in, a plain CSV out.

`rows` reads a CSV with limits, `oneroster` and `plain` turn one into an intake, `planning` finds out by reading alone
what it would change, `taking` does it step by step; `giving` writes everybody out.
"""
