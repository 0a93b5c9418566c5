"""What must not be lost: entries, streams, the journal, and their reconciliation with other hubs."""
