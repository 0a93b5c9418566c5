"""Consent: what a person, or a child's guardian with the child, has allowed to be done with what is learned here.

`visits` takes what was said, `standing` reads what holds, `withheld` is asked by whatever lets something leave.
"""
