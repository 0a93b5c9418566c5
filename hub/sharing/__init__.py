"""The sharing policy: what may leave this place, to whom and in which form, as the community decided.

`rows` says which forms there are and which policy holds while nothing was decided, `standing` reckons what holds now
from what was adopted, `proposing` puts another one to the community.
"""
