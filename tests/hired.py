"""Add an account on a live store, with roles that a second person has already confirmed.

tests/access/who_may/test_two_hands.py tests the confirmation; other tests start with confirmed
accounts.
"""

from dataclasses import replace
from typing import Any

from commands.kernel.unit_of_work import Desk, Receipt
from commands.people_and_teams import account
from domain.kernel.values import Reader


def hired(desk: Desk, keeper: Reader, name: str, **told: Any) -> Receipt:
    """Add an account with its roles as `account.add` does, and let a second person confirm the
    roles.
    """
    return account.add(replace(desk, trial=lambda: True), keeper, name, **told)
