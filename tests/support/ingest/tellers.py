"""Texts that make a slow pattern very slow, because the naming of a source could begin at many
positions in them."""

#: Long texts in which the pattern of a source could match at many positions.
LONG = ("a-" * 4000, "mum who aa bb " * 1500, "assistant " * 1500)
