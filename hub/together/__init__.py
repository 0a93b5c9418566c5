"""What several hubs hold together: people and groups that a neighbour sees, each with one hub that decides.

`merge` reckons what stands from facts, `held` reads and writes them, `acting` is what people do, `telling` is what
a neighbour gets, and `step` keeps our own tables in step with what was decided.
"""
