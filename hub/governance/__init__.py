"""Deciding together: proposals, their rounds, what was adopted, and when it is looked at again.

Everything said is an entry of its own, so that it does not matter in which order two copies of a hub hear of it;
`standing` reckons from all of them how a proposal stands. Where two things cannot both hold, the one that restricts
wins. Nothing of it leaves this place.
"""
