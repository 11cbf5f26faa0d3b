"""Read what the logs record about destroyed data keys and erased items, to prove that a store is
complete. The events that are read here are not encrypted, so anyone can check them.
"""

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
"""The largest number of items or hashes in one event, and of events in one transaction."""

TOLD: tuple[type[Event], ...] = (
    ErasureApproved,
    ErasurePlanned,
    ErasureHeldBack,
    KeysDestroyed,
    ErasureCertified,
)
"""The types of events from which this module learns about erasures and destroyed keys."""


def explained_keys(read_events: Callable[[UUID], Iterable[Event]]) -> Explained:
    """Return the destroyed data keys whose destruction the log explains by an approved erasure.
    `read_events` is a function that returns the events of a stream of the evidence log, limited to
    the types in `TOLD`.

    An approved erasure that has no certificate yet may be incomplete: all keys of its planned items
    then count as explained.
    """
    register = list(read_events(ERASURES))
    keys = set(_keys(register))
    streams: set[tuple[LogName, UUID]] = set()
    for erasure in approved_in(register):
        events = list(read_events(erasure))
        keys.update(_keys(events))
        if not any(isinstance(event, ErasureCertified) for event in events):
            # this erasure's own stream has the replacement texts, so its keys count too
            streams.add(("evidence", erasure))
            streams.update((item.log, item.id) for item in planned(events))
    return Explained(frozenset(keys), frozenset(streams))


def destroyed_by(events: Iterable[Event]) -> dict[LogName, set[str]]:
    """Return, for each log, the data keys that an erasure destroyed according to these events. Each
    key is given as the SHA-256 (hex) of its id.
    """
    hashes_by_log: dict[LogName, set[str]] = {}
    for event in events:
        if isinstance(event, KeysDestroyed):
            hashes_by_log.setdefault(event.log, set()).update(event.keys)
    return hashes_by_log


def is_in_progress(read_events: Callable[[UUID], Iterable[Event]]) -> bool:
    """Return whether any approved erasure has no certificate yet; `read_events` is a function that
    returns the events of a stream.
    """
    approved = approved_in(read_events(ERASURES))
    return not all(
        any(isinstance(e, ErasureCertified) for e in read_events(item)) for item in approved
    )


def accounts_of(
    destroyed: Iterable[Shredded], explained: Collection[str] = ()
) -> list[KeysDestroyed]:
    """Return the events that record which data keys were destroyed in each log. Keys in `explained`
    are left out, because earlier events record them.
    """
    accounts = []
    for shredded in destroyed:
        if keys := [key for key in shredded.keys if key not in explained]:
            pages = zip_longest(_pages(keys), _pages(shredded.leaves), fillvalue=())
            accounts += [KeysDestroyed(shredded.log, *page, shredded.epochs) for page in pages]
    return accounts


def _pages(hashes: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(hashes[at : at + PART]) for at in range(0, len(hashes), PART))


def _keys(events: Iterable[Event]) -> Iterable[str]:
    return (key for event in events if isinstance(event, KeysDestroyed) for key in event.keys)


def describe_held_back(many: int) -> str:
    """Return a sentence that says how many items legal holds excluded from an approved erasure, and
    how to continue."""
    counted = "item is" if many == 1 else "items are"
    return (
        f"{many} {counted} kept and restricted: a legal hold reached what was approved before it "
        "was "
        "destroyed; once the hold is lifted, propose to erase it again"
    )


#: The heading of an erasure certificate for each outcome.
CERTIFIED: dict[Outcome, str] = {
    "erased": "Erased and certified",
    "erased but for what is restricted": "Erased and certified, except restricted items",
    "only restricted": "Restricted and certified: nothing was erased",
}
