"""The teeth of our own tests: deliberate faults in the store of learning records, each of which some test must notice.

`python -m tests.mutants` puts them one at a time into a copy of the program and runs the tests named beside them.
"""
