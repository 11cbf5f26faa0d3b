"""Somebody new on a live store, whose roles a second person has confirmed already.

What that takes is tried in tests/access/who_may/test_two_hands.py; other tests begin after it.
"""

from dataclasses import replace
from typing import Any

from commands.kernel.unit_of_work import Desk, Receipt
from commands.people_and_teams import account
from domain.kernel.values import Reader


def hired(desk: Desk, keeper: Reader, name: str, **told: Any) -> Receipt:
    """Add an account as `account.add` does, with its roles."""
    return account.add(replace(desk, trial=lambda: True), keeper, name, **told)
