"""Collections: what this hub offers others of its shelf, and what it takes of theirs, over days and bad lines."""
