"""A person moves to another hub and takes along what they learned: a sealed file that only they can open.

`sealed` is the file, `making` makes it at the hub that is left, `opening` opens it at the other, and `receipt` tells
the first one, if the person wishes.
"""
