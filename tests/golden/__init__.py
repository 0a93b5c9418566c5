"""Golden bytes of each version of the protocol, kept for ever. A file that is here is never edited or taken away."""
