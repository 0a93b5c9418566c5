"""Care for a hub: backups, restoring them, building the tables again, and saying whether all is well."""
