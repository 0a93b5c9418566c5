"""What goes out: all records as a file, everything about one person, and forwarding to an outside store of records.

Each has its own rule of who may have what; docs/decisions/0041-what-goes-out.md says why it is so.
"""
