"""Views of the recorded facts: each file holds a view and its queries."""
