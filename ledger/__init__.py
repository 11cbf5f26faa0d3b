"""The ledger stores facts in such a way that every later change of a fact can be detected."""
