"""The ledger: storage of facts that cannot be changed unnoticed."""
