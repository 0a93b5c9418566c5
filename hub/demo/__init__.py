"""The demo community: who they are, ninety days of their learning, and the way from there to a hub of one's own."""
