"""Texts in which the pattern of a source could begin in many places."""

#: Texts in which the pattern of a source could begin in many places.
LONG = ("a-" * 4000, "mum who aa bb " * 1500, "assistant " * 1500)
