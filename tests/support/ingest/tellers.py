"""Texts in which the pattern of a source could match at many positions, which makes a slow pattern
very slow.
"""

#: Long texts in which the pattern of a source could match at many positions.
LONG = ("a-" * 4000, "mum who aa bb " * 1500, "assistant " * 1500)
