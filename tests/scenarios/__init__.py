"""The fifteen cases of the report's Appendix A, as the demo records them, queried through
commands."""
