"""The tests: one file per action."""
