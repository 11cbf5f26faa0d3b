"""What do the logs say was destroyed? Out of events that no key seals, so that anybody may ask."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import zip_longest
from uuid import UUID

from domain.data_protection.erasure import (
    ERASURES,
    ErasureApproved,
    ErasureCertified,
    ErasureHeldBack,
    ErasurePlanned,
    KeysDestroyed,
    Outcome,
    approved_in,
    planned,
)
from domain.kernel.envelope import Event, Explained, LogName, Shredded

PART = 2000
"""Items or hashes in one event, and facts in one transaction."""

TOLD: tuple[type[Event], ...] = (
    ErasureApproved,
    ErasurePlanned,
    ErasureHeldBack,
    KeysDestroyed,
    ErasureCertified,
)
"""The events that are asked for."""


def explained(told: Callable[[UUID], Iterable[Event]]) -> Explained:
    """The destroyed keys that have a reason. `told` gives what a stream of the evidence log says
    of these events.

    An erasure that was approved and has no certificate yet accounts for all that it plans.
    """
    register = list(told(ERASURES))
    keys = set(_keys(register))
    streams: set[tuple[LogName, UUID]] = set()
    for one in approved_in(register):
        events = list(told(one))
        keys.update(_keys(events))
        if not any(isinstance(event, ErasureCertified) for event in events):
            streams.add(("evidence", one))  # the redactions that it was proposed with
            streams.update((item.log, item.id) for item in planned(events))
    return Explained(frozenset(keys), frozenset(streams))


def destroyed_by(told: Iterable[Event]) -> dict[LogName, set[str]]:
    """By log, the keys that these events say were destroyed: SHA-256 (hex) of their ids."""
    found: dict[LogName, set[str]] = {}
    for event in told:
        if isinstance(event, KeysDestroyed):
            found.setdefault(event.log, set()).update(event.keys)
    return found


def being_carried_out(told: Callable[[UUID], Iterable[Event]]) -> bool:
    """Whether an erasure was approved and has no certificate yet; `told` as for `explained`."""
    approved = approved_in(told(ERASURES))
    return not all(any(isinstance(e, ErasureCertified) for e in told(one)) for one in approved)


def accounts_of(destroyed: Iterable[Shredded], known: Collection[str] = ()) -> list[KeysDestroyed]:
    """What is written down of destroyed keys, but of those that are `known`."""
    made = []
    for one in destroyed:
        if keys := [key for key in one.keys if key not in known]:
            pages = zip_longest(_pages(keys), _pages(one.leaves), fillvalue=())
            made += [KeysDestroyed(one.log, *page, one.epochs) for page in pages]
    return made


def _pages(hashes: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(hashes[at : at + PART]) for at in range(0, len(hashes), PART))


def _keys(events: Iterable[Event]) -> Iterable[str]:
    return (key for event in events if isinstance(event, KeysDestroyed) for key in event.keys)


def held_back(many: int) -> str:
    """What legal holds kept of an approved erasure, and how it goes on."""
    what = "item is" if many == 1 else "items are"
    return (
        f"{many} {what} kept and restricted: a legal hold reached what was approved before it was "
        "destroyed; once the hold is lifted, propose to erase it again"
    )


#: The heading of a certificate, by what the erasure came to.
CERTIFIED: dict[Outcome, str] = {
    "erased": "Erased and certified",
    "erased but for what is restricted": "Erased and certified, but for what is restricted",
    "only restricted": "Restricted, and certified: nothing was erased",
}
