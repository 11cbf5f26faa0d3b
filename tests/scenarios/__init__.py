"""Tests of the fifteen cases of the report's Appendix A: the demo records them, commands query
them.
"""
