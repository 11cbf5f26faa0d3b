"""The domain: events that may be recorded about a child's safety, and the rules for them."""
