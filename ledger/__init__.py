"""The ledger stores facts in such a way that a later change is always noticed."""
