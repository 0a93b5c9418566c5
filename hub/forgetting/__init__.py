"""Forgetting a person: everything that the hub keeps of them goes, here and wherever it went.

`traces` finds it, `rewritten` is what others keep of it without them, `rows` empties what is this machine's alone,
`listed` remembers beside the key that it was done, and `people` does it all in one transaction.
"""
