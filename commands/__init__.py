"""Commands: actions of a user, and the events that they record. One file for each aggregate."""
