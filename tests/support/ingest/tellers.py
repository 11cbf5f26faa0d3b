"""Texts in which many a teller could begin."""

#: Texts in which many a teller could begin.
LONG = ("a-" * 4000, "mum who aa bb " * 1500, "assistant " * 1500)
