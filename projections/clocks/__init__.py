"""Which clocks run, since when, and what ends them?"""
