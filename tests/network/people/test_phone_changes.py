"""In the call records, the program detects the group that changed its phones, and no other
group.
"""

from uuid import UUID, uuid5

import pytest

from network.people.replaced_contacts import Moved, PhoneContact, replaced
from tests.network.calls import FIRST, Records, records

SPACE = UUID(int=7)


def read(told: Records, days: int, *, masts: bool = True) -> dict[str, Moved]:
    """Return the changes of phones that the program detects in these call records, by the number of
    the old phone. Without `masts`, the program does not compare over which masts phones called."""
    name = {uuid5(SPACE, one): one for call in told.calls for one in (call.caller, call.called)}
    contacts, places = [], []
    for call in told.calls:
        period = (call.at - FIRST).days
        a, b = uuid5(SPACE, call.caller), uuid5(SPACE, call.called)
        contacts.append(PhoneContact(a, b, period))
        if masts:
            places.append(PhoneContact(a, uuid5(SPACE, call.mast), period))
    return {name[one.old]: one for one in replaced(contacts, places, name, days)}


@pytest.mark.parametrize(("seed", "masts"), [(1, True), (2, True), (3, False), (8, False)])
def test_the_circle_is_found_with_its_day(seed: int, masts: bool) -> None:
    told = records(seed)
    phones = {phone for call in told.calls for phone in (call.caller, call.called)}
    assert (len(told.calls), len(phones)) == (9_800, 400)
    found = read(told, 10, masts=masts)
    first = {old: one for old, one in found.items() if one.circle == 1}
    assert {old: one.new for old, one in first.items()} == {
        old: uuid5(SPACE, new) for old, new in told.moved.items()
    }
    assert {one.period for one in first.values()} == {7}
    assert all(one.likeness > one.rival for one in first.values())
