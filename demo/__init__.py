"""The demo: fifteen invented cases, recorded by ordinary commands step by step, with the files that
people send.
"""
