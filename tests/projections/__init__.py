"""The views: events in, rows out."""
