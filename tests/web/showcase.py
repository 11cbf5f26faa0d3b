"""The demo's filled store behind its screens, some entries of the night on top of it, and a signer:
what the pictures show, and what the browser tests walk through."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from cli import captured
from commands import drift, entity, erasure, observation, retention, subject_request, support
from console.session import Kept
from domain.support import ContactMade, NoteWritten
from domain.values import Reader
from ingest import telling
from projections import cases, links, trail
from projections.drift import reviews
from settings import Settings
from system import open_office, open_system
from tests.commands.office import Office
from tests.web.screens import OFFICER, SERGEANT, WORKER
from web.tray import Sent, Tray, new_name

#: The demo's last day.
NIGHT = datetime(2012, 12, 10, 22, 40, tzinfo=UTC)
SUSPECT = "Darren Pike"
SENT = (
    "Mum says a lad they call Baz was outside again at half nine, in a silver Corsa, PK95 "
    "something and then BC. She rang 07700 900461, the number he gave her daughter, and a man "
    "answered and said wrong house."
)
CIDER = "Gran says the lads by the bus station give out cider; one of them is called Macca."
VAN = (
    "A neighbour saw a white van with no plate outside the unit on Mill Lane, Town A, three "
    "nights running, always after eleven."
)

LOG = b"""Date,What was said,Who told you,How do you know?,Urgent?
14/02/2012,He waited outside the chip shop in a silver car,me,I saw it myself,no
19/02/2012,"She came home with a new phone, she would not say whose",me,I saw it myself,no
21/02/2012,,Jade,,
"""


@dataclass(frozen=True)
class Showcase:
    """An open store, and the ids that the screens' addresses name."""

    office: Office
    ids: dict[str, str]

    def address(self, at: str) -> str:
        """A screen's address in this store."""
        return at.format(**self.ids)


def told(place: Path) -> Showcase:
    """Tell the demo to a new store in `place`, then a night's entries, then sign what is there."""
    code, _, said = captured(["demo", str(place)], "", Kept())
    assert code == 0, said
    settings = Settings(store=str(place), home=place, user=SERGEANT, team="Engage")
    office = Office(open_system(settings, now=NIGHT), settings)
    ids = _night(office)
    signed(office, place.with_name(f"{place.name}-signer"))
    return Showcase(office, ids)


def _night(office: Office) -> dict[str, str]:
    """What came in tonight, and where the screens find what they show."""
    worker = office.somebody(WORKER, assessor=False)

    def tell(words: str, ago: timedelta, **more: Any) -> UUID:
        done = telling.tell(office.desk, worker, words, NIGHT, told=NIGHT - ago, **more)
        return done.receipt.id

    older = tell(CIDER, timedelta(days=4), how_known="saw-or-heard", heard_from="Gran")
    later = tell(VAN, timedelta(hours=5), how_known="other-told")
    sent = tell(
        SENT,
        timedelta(minutes=20),
        when="tonight about half nine",
        urgent_reason="he is still outside",
        how_known="saw-or-heard",
        case="1",
    )
    observation.take(office.desk, office.somebody(SERGEANT), later, command_id=uuid4())
    suspect = entity.find(office.desk, office.reader, SUSPECT)[0]
    with office.system.reading() as db:
        ties = links.touching(db, office.reader, [suspect], links.Asked())
        steps = trail.back(db, office.reader, ties[0].link).steps
    graded = next(step.id for step in steps if step.event == "observation.recorded")
    log = Sent(new_name(), WORKER, "log-marion-oakes.csv", NIGHT, "auto", "1", "Marion Oakes")
    Tray(office.system.home / "arriving", office.system.keys).put(log, LOG)
    found = {"sent": sent, "waiting": older, "suspect": suspect, "tie": ties[0].link}
    found |= _further(office, worker)
    found |= _kept(office) | {"review": _standing(office, graded, suspect)}
    return {"log": log.id, "graded": str(graded)} | {name: str(one) for name, one in found.items()}


def _further(office: Office, worker: Reader) -> dict[str, UUID]:
    """A family with a contact and two notes, and a subject's request."""
    with office.system.reading() as db:
        case = cases.worked_by(db, worker, worker.name)[0]
    desk = office.desk
    told = ContactMade(case.case, "advocacy", "visit", "parents", NIGHT - timedelta(hours=30), 50)
    support.make_contact(desk, worker, told)
    for note in (
        NoteWritten(case.case, "family", "note", "fact", "The back door has a new lock."),
        NoteWritten(
            case.case,
            "parent",
            "attitude",
            "opinion",
            "Worn out, and glad of somebody to ring.",
            WORKER,
            "three visits this month",
            NIGHT.date() + timedelta(days=60),
        ),
    ):
        support.write_note(desk, worker, note)
    asked = subject_request.receive(
        desk, office.somebody(OFFICER), case.child, "herself, with her mother, in person", NIGHT
    )
    return {"case": case.case, "asked": asked.id}


def _standing(office: Office, item: UUID, suspect: UUID) -> UUID:
    """Somebody asks whether who told this has become a covert source about this suspect."""
    reason = "She says that she was asked to find out where he sleeps."
    asker = office.somebody(SERGEANT)
    drift.review_due(office.desk, asker, item, str(suspect), "direction", reason)
    with office.system.reading() as db:
        return reviews(db, asker, NIGHT)[0].id


def _kept(office: Office) -> dict[str, UUID]:
    """An erasure that waits for a second person, a legal hold, and words out of use."""
    desk, officer = office.desk, office.somebody(OFFICER)
    child = entity.find(desk, officer, "Megan Stroud")[0]
    proposed, _ = erasure.propose(desk, officer, [child], "uk-gdpr-art17")
    held = entity.find(desk, officer, "Neil Garvey")[0]
    retention.place_hold(desk, officer, held, "cpia", "material of the trial that is listed")
    rumour = observation.record(desk, officer, words="It is said that a teacher knew of it.").id
    retention.restrict(desk, officer, [rumour], "contested: it is being looked into")
    return {"erasure": proposed.id, "leaving": entity.find(desk, officer, "Stuart Penrose")[0]}


def signed(office: Office, state: Path) -> None:
    """A signer looks at the logs once, and publishes what they hold."""
    with open_office(office.settings, None) as opened:
        if not state.exists():
            opened.init_signer(state)
        for one in opened.rounds(state, None, time.time, time.sleep):
            opened.sign(one)
