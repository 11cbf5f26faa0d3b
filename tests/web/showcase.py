"""The demo's store, with a signer and the entries of a last night. Its screens are shown in the
documentation and opened by browser tests."""

import json
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from cli import captured
from commands.data_protection import complaint, subject_request
from commands.erasure import erasure, legal_hold, retention
from commands.families import casework, charity_support, family_member
from commands.families import family_contact as family
from commands.information import covert_source_review, observation
from commands.intelligence import intelligence_report, meeting
from commands.intelligence import links as links_command
from commands.justice import court, victim_request
from commands.kernel import entity
from commands.kernel.item_references import UNNAMED
from commands.people_and_teams import account, grant, two_person
from console.engine.session import OpenStore
from domain.families.charity_support import ContactMade, NoteWritten
from domain.families.family_contact import FamilyAsked, FamilyTold, PromiseMade
from domain.families.family_member import AtRiskNamed, CareTold, MemberNamed, RelationAssessed
from domain.families.referral import MissingReported
from domain.intelligence.meeting import Decided, MeetingCalled
from domain.justice.court import HearingSet, MeasureTold, StepTaken
from domain.justice.victim_request import InformationAsked
from domain.kernel.values import Grade, Handling, Reader, Role
from ingest.words import record_words
from installation.auditing import open_office
from installation.opening import open_system
from installation.settings import Settings
from projections.families import cases
from projections.information.covert_source_review import reviews
from projections.intelligence import links
from projections.kernel import trail
from projections.people_and_teams import accounts
from tests.commands.office import Office
from tests.made import once
from tests.told import plain
from tests.web.screens import AUDITOR, HANDLER, KEEPER, MANAGER, OFFICER, SERGEANT, WORKER
from web.worker.uploads import UploadDetails, UploadStore, new_name

#: The last evening of the demo.
NIGHT = datetime(2012, 12, 10, 22, 40, tzinfo=UTC)
SUSPECT = "Darren Pike"
#: A worker of other families, who uses emergency access.
FAR = "psw.mills"
PHONES = UUID("0f6c8a52-40c7-4b0f-8d25-5f0a6d3c1e90"), UUID("7d1b1f6e-9a1e-4c52-9d6b-1f4b5a3f2c11")
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
UNIT = "Darren Pike carries boxes into the unit on Mill Lane, Town A, every evening."

LOG = b"""Date,What was said,Who told you,How do you know?,Urgent?
14/02/2012,He waited outside the chip shop in a silver car,me,I saw it myself,no
19/02/2012,"She came home with a new phone, she would not say whose",me,I saw it myself,no
21/02/2012,,Jade,,
"""


@dataclass(frozen=True)
class Showcase:
    """A store with accounts (`office`), and the ids for the names in braces in the addresses of its
    screens."""

    office: Office
    ids: dict[str, str]

    def address(self, at: str) -> str:
        """Return the address `at` with this store's ids in place of the names in braces."""
        return at.format(**self.ids)


def told(place: Path) -> Showcase:
    """Record the demo's stories in `place`, and add what `_filled` adds; return the store."""
    code, _, said = captured(["demo", str(place)], "", OpenStore())
    assert code == 0, said
    return _filled(place)


def _filled(place: Path) -> Showcase:
    """Add the entries of one more night to the demo's store, give every user an account, and sign
    the log; return the store."""
    office = _opened(place)
    ids = _night(office)
    _staff(office, ids)
    signed(office, place.with_name(f"{place.name}-signer"))
    return Showcase(office, ids)


def copied(run: Path, place: Path) -> Showcase:
    """Copy the demo's filled store into `place`. The store is made once in a test run."""

    def make(home: Path) -> None:
        shutil.copytree(plain(run) / "store", home / "store")
        made = _filled(home / "store")
        made.office.system.close()
        (home / "ids.json").write_text(json.dumps(made.ids), "utf-8")

    shutil.copytree(once(run, "showcase", make), place, dirs_exist_ok=True)
    ids = json.loads((place / "ids.json").read_text("utf-8"))
    return Showcase(_opened(place / "store"), ids)


def _opened(store: Path) -> Office:
    settings = Settings(store=str(store), home=store, user=SERGEANT, team="Engage")
    return Office(open_system(settings, now=NIGHT), settings)


def _night(office: Office) -> dict[str, str]:
    """Record the log entries of the demo's last night; return the ids of the items that occur in
    the addresses of screens, by name.
    """
    worker = office.somebody(WORKER, assessor=False)

    def tell(words: str, ago: timedelta, **more: Any) -> UUID:
        done = record_words.record_entry(
            office.desk, worker, words, NIGHT, told=NIGHT - ago, **more
        )
        return done.receipt.id

    away = MissingReported(
        NIGHT - timedelta(hours=3),
        carer_reported=True,
        risk="high",
        seen=NIGHT - timedelta(hours=3, minutes=20),
        seen_where="the bus stop by her school",
        seen_with="a man in a silver Corsa",
    )
    casework.report_missing(office.desk, office.reader, "ENG-111", away)
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
        ties = links.touching(db, office.reader, [suspect], links.LinkFilter())
        steps = trail.back(db, office.reader, ties[0].link).steps
    older_words = next(step.id for step in steps if step.event == "observation.recorded")
    graded = tell(UNIT, timedelta(days=2), how_known="saw-or-heard", heard_from="Marion Oakes")
    _assessed(office, graded)
    found = {"sent": sent, "waiting": older, "suspect": suspect, "tie": ties[0].link}
    found |= _further(office, worker)
    found["meeting"] = _meeting(office, str(found["case"]), older_words, suspect)
    family = str(cases.number_from_id(found["case"]))
    log = UploadDetails(
        new_name(), WORKER, "log-marion-oakes.csv", NIGHT, "auto", family, "Marion Oakes"
    )
    UploadStore(office.system.home / "arriving", office.system.keys, office.system.passing).put(
        log, LOG
    )
    found |= _record_proposals(office) | {"review": _request_review(office, older_words, suspect)}
    return {"log": log.id, "graded": str(graded)} | {name: str(one) for name, one in found.items()}


def _assessed(office: Office, item: UUID) -> None:
    """Grade this entry as the sergeant, and record a link that is based on it: the suspect was seen
    at a place."""
    sergeant = office.somebody(SERGEANT)
    named = "place:Unit 4, Mill Lane, Town A"
    links_command.assert_link(office.desk, sergeant, item, SUSPECT, named, "seen-at")
    report = intelligence_report.assess(
        office.desk, sergeant, item, Grade.parse("2A"), Handling("P")
    )
    links_command.assert_link(office.desk, sergeant, report.id, SUSPECT, named, "seen-at", item=1)


def _meeting(office: Office, case: str, words: UUID, suspect: UUID) -> UUID:
    """Record the weekly meeting on the demo's last evening (`NIGHT`), with two decisions; return
    the meeting's id."""
    desk, sergeant = office.desk, office.somebody(SERGEANT)
    called = MeetingCalled("weekly-brief", NIGHT - timedelta(hours=1), "Engage", SERGEANT)
    at = meeting.call(desk, sergeant, called).id
    day, rests = NIGHT.date() + timedelta(days=7), (str(words),)
    see = Decided(UNNAMED, "See both parents at home", "contact-family", WORKER, day)
    meeting.take(desk, sergeant, str(at), see, case=case, because_of=rests)
    who = Decided(UNNAMED, "Find out who drives the Corsa", "find-out", SERGEANT, day)
    meeting.take(desk, sergeant, str(at), who, subject=str(suspect), because_of=rests)
    return at


def _people(office: Office, worker: Reader, case: str) -> None:
    """Record the members of the family, and a sister who may be at risk."""
    desk = office.desk

    def person(name: str) -> str:
        return str(entity.record_person(desk, worker, name=name, known=True).id)

    mum = person("Marion Oakes")
    named = MemberNamed(UNNAMED, UNNAMED, "mother", "has")
    family_member.name(desk, worker, named, case, mum)
    care = CareTold(UNNAMED, UNNAMED, "cares", NIGHT.date() - timedelta(days=400))
    family_member.tell_care(desk, worker, care, case, mum)
    step = MemberNamed(UNNAMED, UNNAMED, "step-parent", "has-not")
    family_member.name(desk, worker, step, case, person("Colin Field"))
    stands = RelationAssessed(
        UNNAMED,
        UNNAMED,
        "rebuilding",
        "they eat together again, and she rang her mother from the bus",
        NIGHT.date() + timedelta(days=60),
    )
    family_member.assess_relation(desk, worker, stands, case, mum)
    basis = "her mother says that nobody fetches her from school any more"
    risk = AtRiskNamed(UNNAMED, UNNAMED, "sibling", ("left-out", "asks-for-care"), basis)
    family_member.name_at_risk(desk, worker, risk, case, person("Ruby Oakes"))


def _record_due_items(office: Office, worker: Reader, case: str) -> None:
    """Record news for a family, promises and feedback, and a hearing about which the family is to
    be informed."""
    desk = office.desk
    told = FamilyTold(UNNAMED, "parent", "used", "phone", words="Thank you for ringing so soon.")
    family.record_feedback(desk, worker, told, case)
    promised = PromiseMade(
        UNNAMED, "parent", "ring her on Friday", NIGHT.date() + timedelta(days=3)
    )
    family.promise(desk, worker, promised, case)
    asked = FamilyAsked(UNNAMED, "parent", "answered", ("believed", "calls-returned"))
    family.ask(desk, worker, asked, case)
    hearing = HearingSet(UNNAMED, "trial", NIGHT + timedelta(days=40), court="Crown Court, Town A")
    court.set_hearing(desk, worker, hearing, case)
    court.tell_measure(desk, worker, MeasureTold(UNNAMED, "screens", "granted"), case)
    court.take_step(desk, worker, StepTaken(UNNAMED, "pre-trial-visit", "planned"), case)


def _further(office: Office, worker: Reader) -> dict[str, UUID]:
    """Record a contact and two notes for the first family of this worker, and a subject's request
    for access; return ids by name.
    """
    with office.system.reading() as db:
        case = cases.worked_by(db, worker, worker.name)[0]
    desk = office.desk
    told = ContactMade(case.case, "advocacy", "visit", "parents", NIGHT - timedelta(hours=30), 50)
    charity_support.make_contact(desk, worker, told)
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
        charity_support.write_note(desk, worker, note)
    _people(office, worker, str(case.case))
    _record_due_items(office, worker, str(case.case))
    asks = InformationAsked(
        UNNAMED,
        True,
        "investigating",
        "the note of this month about the lock",
        "who had a key to the house",
        "nobody else wrote it down",
        "one note, and nothing about how they are",
        probative="it was written before anybody was arrested",
        rebutted="the lock is the only trace of that night",
        answer_by=NIGHT.date() + timedelta(days=14),
        notice="given",
        notice_to="parent",
    )
    victim_request.request_information(desk, office.somebody(SERGEANT), asks, str(case.case))
    complaint.receive(
        desk,
        office.somebody(OFFICER),
        "Marion Oakes, by letter",
        "You told the school before you told me.",
        received=NIGHT - timedelta(days=3),
    )
    asked = subject_request.receive(
        desk, office.somebody(OFFICER), case.child, "herself, with her mother, in person", NIGHT
    )
    return {"case": case.case, "asked": asked.id}


#: The users whose screens are shown, with their roles; other people of the demo need no account.
ROLES: dict[str, tuple[Role, ...]] = {
    KEEPER: ("administrator",),
    WORKER: ("psw",),
    SERGEANT: ("detective",),
    AUDITOR: ("auditor",),
    MANAGER: ("manager",),
    OFFICER: ("disclosure-officer",),
    HANDLER: ("source-handler", "intelligence-officer"),
    FAR: ("psw",),
}


def _staff(office: Office, ids: dict[str, str]) -> None:
    """Record the accounts, the families of each worker, and an emergency access."""
    desk = office.desk
    keeper = office.somebody(account.administrator(desk))
    with office.system.reading() as db:
        ours = [row for row in cases.list_cases(db, keeper) if row.team == "Engage"]
        far = next(row.case for row in ours if FAR not in (row.worker_child, row.worker_parents))
    for name, roles in ROLES.items():
        account.add(desk, keeper, name, roles=roles, teams=["Engage"])
        with office.system.reading() as db:
            keeper = accounts.reader(db, keeper, NIGHT)
    # with this copy of the desk, the command works as on a live store
    live = replace(desk, trial=lambda: False)
    account.add(live, keeper, "psw.new", roles=["psw"], teams=["Engage"])
    account.assign(desk, keeper, OFFICER, ids["case"])
    with office.system.reading() as db:
        inspector, worker = (
            accounts.reader(db, office.somebody(name), NIGHT) for name in (HANDLER, FAR)
        )
    grant.give_authority(
        desk,
        inspector,
        AUDITOR,
        ids["case"],
        "audit",
        NIGHT + timedelta(days=30),
        "the yearly audit of first words",
    )
    grant.break_glass(desk, worker, str(far), "she rang from a house that is not ours")
    for phone, owner, waiting in ((PHONES[0], WORKER, 2), (PHONES[1], SERGEANT, 0)):
        outboxes = office.system.credentials.outboxes
        outboxes.register(phone, owner, "Chrome on Android")
        outboxes.contact(phone, waiting, NIGHT - timedelta(minutes=50) if waiting else None)


def _request_review(office: Office, item: UUID, suspect: UUID) -> UUID:
    """Record a user's request to review whether the source of this entry has become a covert source
    about the suspect; return the id of the request.
    """
    reason = "She says that she was asked to find out where he sleeps."
    asker = office.somebody(SERGEANT)
    covert_source_review.review_due(
        office.desk, asker, str(item), str(suspect), "direction", reason
    )
    with office.system.reading() as db:
        return reviews(db, asker, NIGHT)[0].id


def _record_proposals(office: Office) -> dict[str, UUID]:
    """Record an erasure and the closing of a case that both wait for a second person, a legal hold,
    and a withdrawn entry; return ids by name.
    """
    desk, officer = office.desk, office.somebody(HANDLER)
    child = entity.find(desk, officer, "Megan Stroud")[0]
    proposed, _ = erasure.propose(desk, officer, [child], "uk-gdpr-art17")
    held = entity.find(desk, officer, "Neil Garvey")[0]
    order = "material of the trial that is listed"
    query, listed = legal_hold.items_under_hold(desk, held), "Trial list, court 2"
    placed = legal_hold.place(desk, officer, query, "cpia", order, reference=listed)
    rumour = observation.record(desk, officer, words="It is said that a teacher knew of it.").id
    retention.restrict(
        desk, officer, [rumour], "contested: it is being looked into", ground="part-3-s47-2"
    )
    quiet = "Home with her mother and her brother; back at school, nothing heard since March."
    two_person.close(desk, office.somebody("dc.rowe"), "ENG-103", quiet)
    leaving = entity.find(desk, officer, "Stuart Penrose")[0]
    return {"erasure": proposed.id, "leaving": leaving, "hold": placed.id}


def signed(office: Office, state: Path) -> None:
    """Let a signer read the logs once, and publish a signed checkpoint of each."""
    with open_office(office.settings, None) as opened:
        if not state.exists():
            opened.init_signer(state)
        for signer in opened.signers(state):
            opened.sign(signer)
