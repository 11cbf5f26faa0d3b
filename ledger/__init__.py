"""The ledger: it stores facts so that nobody can change them unnoticed."""
