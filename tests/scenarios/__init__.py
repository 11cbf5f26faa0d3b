"""Tests of the fifteen cases in the report's Appendix A: the demo records these cases, and the
tests query them with commands.
"""
