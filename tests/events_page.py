"""Writes the page of all events from the catalogue: `python -m tests.events_page`."""

import inspect
from pathlib import Path

from domain import catalogue
from domain.kernel.envelope import Event

PAGE = Path(__file__).parent.parent / "docs" / "events.md"
#: What a stream is called, where that is another word than its events begin with.
STREAMS = {
    "roots": "pair of root tokens",
    "product": "released copy",
    "release": "report, or what was shared",
    "thing": "vehicle, phone, place or handle",
    "identity": "pair of entities",
    "join": "pair of items",
    "supervision": "a worker's supervision",
    "target": "one target of a team",
    "charter": "a worker's supervision",
    "calendar": "what somebody took along",
    "meeting": "meeting, or what was said there",
    "missing": "pattern, or the plan of a case",
    "evidence": "item of evidence",
    "justice": "arrest, charge, notice or result",
    "store": "the store",
    "pack": "pack of proofs",
    "copy": "beside a copy",
    "log": "anchors",
    "origin": "anchors",
    "keys": "the keys",
    "signer": "the signer's keys",
    "loss": "the store",
    "succession": "the store",
    "clock": "the clock",
    "user": "account",
    "charity": "the charity",
    "outbox": "outbox of a phone",
    "glass": "breaking of glass",
    "entry": "opening of a source entry",
    "consultation": "sitting of one user",
    "record": "sitting of one user",
    "search": "search that met something",
    "request": "subject's request",
    "complaint": "complaint about data",
    "material": "item of unused material",
    "schedule": "schedule of a case",
    "access": "review of a user's consultations",
    "support": "contact, or note, of support",
    "reporting": "duty to report",
    "notice": "breach of a notice, or the notice itself",
    "charging": "charging decision",
    "verdict": "order, or appeal",
    "victim_request": "request for information about a victim",
    "court": "hearing, bail, plea, measure, account or step",
    "family": "what a family was told, promised, invited to or asked, or who belongs to it",
    "exploitation": "opinion of a case",
    "identifier": "a child's number across agencies",
    "need": "what a family needs",
    "threat": "threat against a family",
    "waiting": "family without a worker",
    "marac": "referral to a MARAC",
    "publication": "what is published about a child",
    "press": "text for the press",
    "parent": "what endangers a parent",
    "danger": "somebody in danger",
    "health": "compartment of a case",
    "placement": "compartment of a case",
    "proposal": "case, person, or beside an item",
    "compartment": "compartment of a case",
    "referral": "suspect and child",
    "hold": "beside an item",
    "restriction": "beside an item",
    "review": "beside an item",
    "item": "any item",
    "rota": "duty",
    "weights": "the weights of who is who",
    "due": "item and clock",
    "note": "the erased note",
}
HEAD = """# The events

Every fact that may be recorded. The table is made from the catalogue (`python -m
tests.events_page`), and a test holds the two together. A stored name never changes its meaning; a
breaking change is a new version, and a stored sample of each version must still load
(`tests/data/events/`).

*Key* says whose key will seal the sealed fields: the record's, a data subject's, a source's, or
nobody's. The clear fields (ids, versions, times, workflow codes) stay readable when that key is
destroyed. Around every event stands the header: by, team, controller, regime, because_of, and
clock where the log's time is another than the clock's.

| stored name | version | log | stream | key | clear fields | sealed fields | meaning |
|---|---|---|---|---|---|---|---|
"""


def page() -> str:
    """The page as it has to be."""
    return HEAD + "".join(map(_line, catalogue.EVENTS))


def _line(event: type[Event]) -> str:
    stored = event.stored
    begins = stored.name.partition(".")[0]
    clear = [name for name in event.__struct_fields__ if name not in stored.sealed]
    cells = (
        f"`{stored.name}`",
        str(stored.version),
        stored.log,
        STREAMS.get(begins, begins.replace("_", " ")),
        stored.key,
        ", ".join(clear) or "–",
        ", ".join(stored.sealed) or "–",
        _meaning(event),
    )
    return f"| {' | '.join(cells)} |\n"


def _meaning(event: type[Event]) -> str:
    """The first sentence that the event's class says of itself, or its name in words."""
    told = " ".join((event.__doc__ or "").split())
    if not told or event.__doc__ == Event.__doc__:
        words = "".join(f" {c.lower()}" if c.isupper() else c for c in event.__name__).strip()
        return words.capitalize()
    first = inspect.cleandoc(told).partition(". ")[0]
    return first.rstrip(".:").replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
