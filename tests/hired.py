"""Add an account on a live store, with roles that count at once, as if a second person had
confirmed them.

tests/access/who_may/test_two_hands.py tests the confirmation; other tests start with such accounts.
"""

from dataclasses import replace
from typing import Any

from commands.kernel.unit_of_work import Desk, Receipt
from commands.people_and_teams import account
from domain.kernel.values import Reader


def hired(desk: Desk, keeper: Reader, name: str, **told: Any) -> Receipt:
    """Add an account as `account.add` does on a trial store, where its roles count at once and need
    no second person.
    """
    return account.add(replace(desk, trial=lambda: True), keeper, name, **told)
