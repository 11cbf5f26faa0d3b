"""The installation: its settings, the running system that is built from them, access for auditors,
and backups."""
