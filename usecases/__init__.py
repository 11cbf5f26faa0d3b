"""Use cases: each is declared once, and the command line, the screens and the API are made from the
declaration."""
