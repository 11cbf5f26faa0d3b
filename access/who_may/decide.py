"""Decide whether a reader may do an act, or see an item: one pure function, which denies by
default.

`access.who_may.scope` applies the same rules in SQL, and a property test compares the two.
"""

from collections.abc import Iterator
from typing import get_args
from uuid import UUID

from msgspec import Struct

from access.who_may.table import AUDIT, DISCLOSURE, EVERYBODY, GLASS, SAID, WIDTHS, Width
from domain.kernel.acts import Act, Sort
from domain.kernel.values import Denied, HandlingCode, Reader

SORTS: tuple[Sort, ...] = get_args(Sort)
SEEING: dict[Sort, Act] = {
    "words": "see-words",
    "case": "see-case",
    "child": "see-child",
    "person": "see-person",
    "suspect": "see-network",
    "thing": "see-network",
    "incident": "see-network",
    "link": "see-link",
    "report": "see-report",
    "evidence": "see-outcome",
    "outcome": "see-outcome",
    "source": "see-source",
    "support": "see-support",
    "court": "see-case",
    "request": "see-case",
    "member": "see-child",
    "parent-risk": "see-parent-risk",
    "judgement": "see-network",
    "hold": "erase",
    "meeting": "see-meeting",
    "decision": "see-case",
    "tasking": "see-meeting",
    "supervision": "supervise",
    "target": "allocate",
    "chart": "see-network",
    "chart-around": "see-network",
}
#: Sorts of items that join two others: a reader sees such an item only if they see both ends.
#: "tasking" is a meeting's note about a person or thing, and "chart-around" a saved map around a
#: person or thing.
JOINS: tuple[Sort, ...] = ("link", "judgement", "tasking", "chart-around")
#: Sorts of items that are persons.
PERSONS: tuple[Sort, ...] = ("child", "person", "suspect")
ENDS: tuple[Sort, ...] = (*PERSONS, "thing", "incident")


class Thing(Struct, frozen=True):
    """An item about which access is decided. `shared`: True if teams share the item with each other
    (suspects, vehicles, phones, places, and graded links with handling code P). `waiting`: True if
    the item is a log entry that waits for assessment."""

    sort: Sort
    id: UUID
    team: str
    by: str
    case: UUID | None = None
    shared: bool = False
    handling: HandlingCode | None = None
    waiting: bool = False
    assessor: str | None = None


class AccessDecision(Struct, frozen=True):
    """The decision whether a reader may do or see something, with the reason; `why` names no
    item."""

    allowed: bool
    why: str


_NO = AccessDecision(False, "nothing allows it")
_OPEN = AccessDecision(True, "the store has no accounts")


def decide(reader: Reader, act: Act, thing: Thing | None = None) -> AccessDecision:
    """Return the decision whether `reader` may do the act `act` on the item `thing`; if `thing` is
    None, whether the reader may do the act at all, perhaps only on some items. If an error occurs,
    the decision is to deny.
    """
    try:
        return _OPEN if not reader.closed else _decide(reader, act, thing)
    except Exception:  # noqa: BLE001 (whatever went wrong, nothing may be seen for it)
        return AccessDecision(False, "the rules could not be applied")


def _decide(reader: Reader, act: Act, thing: Thing | None) -> AccessDecision:
    if thing is None and act in EVERYBODY:
        return AccessDecision(True, "everybody")
    widths = WIDTHS[reader.keeps_for == reader.charity]
    for role in sorted(reader.roles):
        width = widths[role].get(act)
        if width and (thing is None or reaches(reader, width, thing)):
            return AccessDecision(True, role)
    if thing is None:
        opened = any(act in acts for ids, acts in granted(reader) if ids)
        return AccessDecision(True, "opened for a time") if opened else _NO
    if any(thing.case in ids and act in acts for ids, acts in granted(reader)):
        return AccessDecision(True, "opened for a time")
    if act == "see-source" and thing.id in reader.entries:
        return AccessDecision(True, "a threat to life")
    return _NO


def granted(reader: Reader) -> Iterator[tuple[frozenset[UUID], frozenset[Act]]]:
    """Yield each set of cases that the reader may open only for a limited time, such as by
    emergency access, with the acts that the reader may do on these cases.
    """
    yield reader.glass, GLASS
    if "auditor" in reader.roles:
        yield reader.audited, AUDIT
    if "disclosure-officer" in reader.roles:
        yield reader.disclosed, DISCLOSURE


def reaches(reader: Reader, width: Width, thing: Thing) -> bool:
    """Return whether the reader's access extends to an item. `width` is how far the access extends:
    to the reader's own families, the queue of the reader's team, the team's items, items that all
    teams share, or any item.
    """
    if width == "any" or _own(reader, thing):
        return True
    if width == "own":
        return False
    if thing.team in reader.teams:
        return width != "queue" or thing.waiting or thing.assessor == reader.name
    return width == "shared" and thing.shared and thing.handling != "C"


def _own(reader: Reader, thing: Thing) -> bool:
    if thing.case is not None:
        return thing.case in reader.cases or thing.id in reader.children
    return thing.by == reader.name or thing.id in reader.children


def see(reader: Reader, thing: Thing) -> bool:
    """Return whether the reader sees this item."""
    return decide(reader, SEEING[thing.sort], thing).allowed


def answers_for(reader: Reader) -> str:
    """Return the data controller in whose name the reader answers people who ask about their own
    data. For a charity worker this is the charity, even if the account belongs to another
    controller.
    """
    charitys = decide(reader, "support").allowed and not decide(reader, "disclose").allowed
    return reader.charity if charitys else reader.controller


def require(reader: Reader, act: Act) -> None:
    """Raise Denied if no role of the reader allows this act."""
    if not decide(reader, act).allowed:
        raise Denied(f"your role does not allow you to {SAID[act]}")


def require_any(reader: Reader, *acts: Act) -> None:
    """Raise Denied if no role of the reader allows any of these acts."""
    if not any(decide(reader, act).allowed for act in acts):
        raise Denied(f"your role does not allow you to {SAID[acts[0]]}")


def ceiling(*handlings: str | None) -> HandlingCode:
    """Return the handling code that applies to a document with several items: the stricter code C
    if one of the items has C, otherwise P.
    """
    return "C" if "C" in handlings else "P"
