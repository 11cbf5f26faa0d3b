"""Spreadsheets that tests upload, with and without errors."""

import csv
import io

HEADINGS = ("Date", "What was said", "Who told you", "How do you know?", "Urgent?")
GOOD = ("14/02/2011", "He picked her up outside the chip shop", "me", "I saw it myself", "no")
WORDLESS = ("15/02/2011", "", "Jade", "", "")


def log_of(*rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS) -> bytes:
    made = io.StringIO()
    csv.writer(made).writerows([headings, *rows])
    return made.getvalue().encode()
