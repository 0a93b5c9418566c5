"""The door for learning records: the rules of xAPI, and the store that keeps statements in the journal."""
