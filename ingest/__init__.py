"""Turn people's log entries, sheets and messages into commands that record them."""
