"""Commands: actions of a user, and the events that they record. There is one file for each kind of
item."""
