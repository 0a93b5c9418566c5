"""Lists of people as files: OneRoster 1.2 and a plain CSV in, a plain CSV out.

`rows` reads a CSV with limits, `oneroster` and `plain` turn one into an intake, `taking` brings an intake in, all of it
or nothing; `giving` writes everybody out.
"""
