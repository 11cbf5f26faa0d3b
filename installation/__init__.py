"""The installation: its settings, the running system built from them, access for auditors, and
backups.
"""
