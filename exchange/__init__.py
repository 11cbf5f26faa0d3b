"""The exchange of blind offers between police forces: tokens, the key service, and the hub."""
