"""Use cases: each is declared once, and every front is made from the declaration."""
