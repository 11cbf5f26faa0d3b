"""What people do here: each use case is declared once, and every front is made from it."""
