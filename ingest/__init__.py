"""Turn people's words, sheets and messages into commands."""
