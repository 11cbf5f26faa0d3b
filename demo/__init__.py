"""The demo: fifteen invented cases, as ordinary commands step by step, with the files that people
send.
"""
