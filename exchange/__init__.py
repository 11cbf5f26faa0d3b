"""The exchange of blind offers between forces: tokens, the key service, and the hub."""
