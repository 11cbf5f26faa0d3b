"""The fifteen cases of the report's Appendix A, as the demo tells them, asked through commands."""
