"""The fifteen cases of the report's Appendix A. The demo records these cases, and the tests query
them with commands."""
