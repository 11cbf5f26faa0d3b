"""No command changes an item that the user may not see; the command refuses a hidden item exactly
like an unknown one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, get_args
from uuid import UUID

import msgspec
import pytest

from access.who_may import scope
from commands.data_protection import disclosure, subject_request
from commands.erasure import legal_hold, retention
from commands.families import casework, charity_support, compartment, missing, protection, referral
from commands.information import covert_source_review, observation, source, withdrawal
from commands.intelligence import identity, incident, intelligence_report, links, release
from commands.justice import arrest_to_result, evidence
from commands.kernel import entity
from commands.kernel.unit_of_work import Desk
from commands.people_and_teams import two_person
from domain.families.charity_support import ContactMade
from domain.families.referral import (
    Case,
    MissingFound,
    MissingGraded,
    MissingReported,
    WithholdingWeighed,
    evolve,
)
from domain.justice.arrest_to_result import ArrestMade
from domain.justice.evidence import EvidenceGathered, EvidenceTransferred
from domain.kernel.codes import What
from domain.kernel.values import Grade, Handling, Reader, Refused, Role
from questions.information import entry
from tests.access.staff import Staff
from tests.commands.office import Office, Place, prepared
from tests.fuzz import TIMES

WHY = "because it is needed"
NOWHERE = UUID("012ec831-5680-7637-8ee8-b2be421e42c7")
Command = Callable[[Desk, Reader, UUID], Any]


def _confirm(what: What, d: Desk, r: Reader, i: UUID) -> Any:
    return two_person.confirm(d, r, i, what, reason=WHY)


def _refuse(what: What, d: Desk, r: Reader, i: UUID) -> Any:
    return two_person.refuse(d, r, i, what, WHY)


#: Each command that takes an item's id, as a function of this id.
COMMANDS: dict[str, Command] = {
    "take": observation.take,
    "urgency up": lambda d, r, i: observation.raise_urgency(d, r, i, WHY),
    "urgency down": lambda d, r, i: observation.lower_urgency(d, r, i, WHY),
    "correct": lambda d, r, i: observation.correct(d, r, i, "He said so.", WHY),
    "withdraw": lambda d, r, i: withdrawal.words(d, r, i, WHY, "parent-wishes", "no"),
    "triage": lambda d, r, i: observation.triage(d, r, i, "no-value", WHY),
    "confirm": lambda d, r, i: observation.confirm(d, r, i, "phone:07700 900999"),
    "refile to": lambda d, r, i: observation.refile(d, r, i, str(i), WHY),
    "assess": lambda d, r, i: intelligence_report.assess(d, r, i, Grade("A", "2"), Handling("P")),
    "assess into": lambda d, r, i: intelligence_report.assess(
        d, r, i, Grade("A", "2"), Handling("P"), report=i
    ),
    "regrade": lambda d, r, i: intelligence_report.regrade(
        d, r, i, Grade("A", "2"), Handling("P"), WHY
    ),
    "sanitise": lambda d, r, i: intelligence_report.sanitise(d, r, i, "Somebody was there."),
    "disseminate": lambda d, r, i: release.disseminate(d, r, i, "A force", WHY),
    "consent ask": lambda d, r, i: intelligence_report.ask_consent(d, r, i, WHY),
    "consent give": lambda d, r, i: intelligence_report.give_consent(d, r, i, None),
    "retract report": lambda d, r, i: intelligence_report.withdraw(d, r, i, WHY),
    "retract link": lambda d, r, i: links.retract(d, r, i, WHY),
    "link on": lambda d, r, i: links.assert_link(
        d, r, i, "vehicle:PK95 ABC", "vehicle:PK95 ABD", "other"
    ),
    "incident on": lambda d, r, i: incident.record(
        d, r, i, "a party", "party", where="place:Mill Lane, Town B"
    ),
    "incident of": lambda d, r, i: incident.record(
        d, r, i, "a party", "party", parts=[(str(i), "involved-in")]
    ),
    "link to": lambda d, r, i: links.assert_link(d, r, i, str(i), "vehicle:PK95 ABD", "uses"),
    "alias": lambda d, r, i: entity.add_alias(d, r, str(i), "nickname", "Kay"),
    "class": lambda d, r, i: entity.classify(d, r, str(i), "witness", WHY),
    "age": lambda d, r, i: entity.record_age(d, r, str(i), True, None, None),
    "same": lambda d, r, i: identity.judge(d, r, str(i), str(i), "same", WHY),
    "split": lambda d, r, i: identity.split(d, r, str(i), WHY),
    "transfer": lambda d, r, i: evidence.transfer(
        d, r, str(i), EvidenceTransferred(None, "DC Reed", "the store")
    ),
    "exclude": lambda d, r, i: evidence.change_status(d, r, str(i), "excluded", WHY),
    "gather of": lambda d, r, i: evidence.gather(d, r, EvidenceGathered("exhibit", "AB1", (i,))),
    "gather for": lambda d, r, i: evidence.gather(
        d, r, EvidenceGathered("exhibit", "AB1", (), case=i)
    ),
    "because of": lambda d, r, i: observation.record(d, r, words=WHY, because_of=(str(i),)),
    "arrest": lambda d, r, i: arrest_to_result.record(
        d, r, ArrestMade(i), because_of=("none-known",)
    ),
    "threshold": lambda d, r, i: casework.assess_threshold(d, r, str(i), "high"),
    "allocate": lambda d, r, i: casework.allocate(d, r, str(i), "psw.ellis", "parents"),
    "missing": lambda d, r, i: casework.report_missing(d, r, str(i), MissingReported()),
    "found": lambda d, r, i: casework.record_found(d, r, str(i), MissingFound()),
    "danger": lambda d, r, i: missing.grade(d, r, str(i), MissingGraded("high", "no coat")),
    "missing plan": lambda d, r, i: missing.write_plan(d, r, str(i), "aunt", date(2031, 1, 1)),
    "weigh": lambda d, r, i: missing.weigh(
        d, r, str(i), WithholdingWeighed("kept-back", "it names nobody")
    ),
    "engagement": lambda d, r, i: casework.record_engagement(
        d, r, str(i), "parents", "engaged", None
    ),
    "flag": lambda d, r, i: casework.flag(d, r, str(i), "other", "child", None),
    "exit": lambda d, r, i: casework.assess_exit(d, r, str(i), "protected", WHY),
    "close": lambda d, r, i: two_person.close(d, r, str(i), WHY),
    **{
        f"confirm {argument}": partial(_confirm, argument)
        for argument in get_args(What)
    },
    **{
        f"refuse {argument}": partial(_refuse, argument)
        for argument in get_args(What)
    },
    "disability": lambda d, r, i: entity.record_learning_disability(d, r, str(i), True, WHY),
    "custody": lambda d, r, i: entity.state_custody(d, r, str(i), "on-remand", WHY),
    "health note": lambda d, r, i: compartment.note_health(d, r, str(i), "allergy", WHY),
    "placement": lambda d, r, i: compartment.place(
        d, r, str(i), "foster-care", "1 Mill Lane, Town A"
    ),
    "placement ended": lambda d, r, i: compartment.end_placement(d, r, str(i)),
    "compartment open": lambda d, r, i: compartment.open_to(d, r, str(i), "health", "sw.ash", WHY),
    "support contact": lambda d, r, i: charity_support.make_contact(
        d, r, ContactMade(i, "emotional-support", "visit", "parent")
    ),
    "alert": lambda d, r, i: protection.answer_alert(
        d, r, str(i), lambda: (i, i, "co-resident"), "acted", WHY
    ),
    "hold": lambda d, r, i: legal_hold.place(
        d, r, legal_hold.items_under_hold(d, i), "inquiry", WHY
    ),
    "restrict": lambda d, r, i: retention.restrict(d, r, [i], WHY, ground="part-3-s47-2"),
    "grade source": lambda d, r, i: source.grade(d, r, str(i), "2", WHY),
    "conflict": lambda d, r, i: source.note_conflict(d, r, str(i), WHY),
    "join roots": lambda d, r, i: source.join_roots(d, r, str(i), str(UUID(int=9)), WHY),
    "source show": entry.entry_of,
    "drift due": lambda d, r, i: covert_source_review.review_due(
        d, r, str(i), str(i), "direction", WHY
    ),
    "disclose": lambda d, r, i: disclosure.gather(d, r, i, "vital-interests"),
    "rectify": lambda d, r, i: subject_request.add_statement(d, r, i, "Not so.", WHY),
    "access request": lambda d, r, i: subject_request.receive(
        d, r, i, "Ms Marlow, by letter", datetime(2011, 3, 18, tzinfo=UTC)
    ),
}  # fmt: skip

#: A user of another team in each role, some with further rights.
STRANGERS: dict[str, Role] = {
    "psw.far": "psw",
    "dc.far": "detective",
    "sw.far": "social-worker",
    "csw.far": "childrens-support-worker",
    "m.far": "manager",
    "do.far": "disclosure-officer",
    "a.min": "administrator",
}


@dataclass
class Deter:
    """A family of the team Deter with records of every kind, and users of other teams who try
    commands on them.
    """

    office: Office
    staff: Staff
    items: dict[str, UUID] = field(default_factory=dict)


def _deter(office: Office) -> dict[str, UUID]:
    """Record the family of the team Deter; return the ids of its records."""
    desk, ours = office.desk, msgspec.structs.replace(office.reader, team="Deter")
    case = referral.receive(desk, ours, child="Kayleigh Marlow").id
    told = {"heard_from": "Ms Marlow", "case": str(case)}
    words = observation.record(desk, ours, words="A man waits at the school.", **told).id
    graded = observation.record(desk, ours, words="He gave her a phone.", **told).id
    report = intelligence_report.assess(desk, ours, graded, Grade("A", "2"), Handling("P")).id
    child = desk.fold(case, Case(), evolve)[0].child
    assert child
    mother = entity.record_person(desk, ours, name="Jo Marlow").id
    link = links.assert_link(desk, ours, report, str(child), str(mother), "family").id
    exhibit = evidence.gather(desk, ours, EvidenceGathered("exhibit", "AB1", (), case)).id
    arrest = arrest_to_result.record(
        desk, ours, ArrestMade(mother, case), because_of=("none-known",)
    ).id
    note = charity_support.make_contact(
        desk, ours, ContactMade(case, "emotional-support", "visit", "parent")
    ).id
    first = desk.logs["evidence"].history(words)[0].event
    staff = Staff(office)
    for name, role in STRANGERS.items():
        staff.hire(name, role, teams=["Engage"] if role != "administrator" else [])
    return {
        "case": case,
        "words": words,
        "graded words": graded,
        "report": report,
        "child": child,
        "mother": mother,
        "link": link,
        "exhibit": exhibit,
        "arrest": arrest,
        "support": note,
        "entry": first.entry,  # type: ignore[attr-defined]
        "token": first.root,  # type: ignore[attr-defined]
    }


DETER = prepared("deter", _deter)


@pytest.fixture
def deter(place: Place) -> Iterator[Deter]:
    with DETER(*place) as (office, items):
        yield Deter(office, Staff(office), dict(items))


def refusal_message(command: Command, desk: Desk, reader: Reader, one: UUID) -> tuple[str, str]:
    """Run a command on the item `one`; return the name of the error's class and its message without
    the id. Return "done" and no message if the command is not refused.
    """
    try:
        command(desk, reader, one)
    except (Refused, ValueError) as error:
        return type(error).__name__, str(error).replace(str(one), "ID").replace(str(one)[-8:], "ID")
    return "done", ""


@pytest.mark.usually_on("sqlite")
def test_what_is_hidden_is_refused_as_what_is_not_there(deter: Deter) -> None:
    """A command on a hidden item is refused in the same words as a command on an unknown item."""
    desk, before = deter.office.desk, deter.office.count()
    odd = []
    turns = 3 if TIMES == 1 else 1
    for number, name in enumerate(STRANGERS):
        reader = deter.staff.now(name)
        for turn, (called, command) in enumerate(COMMANDS.items(), number):
            nothing = refusal_message(command, desk, reader, NOWHERE)
            assert nothing[0] != "done", (name, called)
            for sort, one in list(deter.items.items())[turn % turns :: turns]:
                if (answer := refusal_message(command, desk, reader, one)) != nothing:
                    odd.append(f"{name} {called} {sort}: {answer} / {nothing}")
    assert not odd, "\n".join(odd)
    assert deter.office.count() == before


@pytest.mark.parametrize("name", STRANGERS)
@pytest.mark.usually_on("sqlite")
def test_words_come_in_no_matter_who_hears_them(deter: Deter, name: str) -> None:
    office, reader = deter.office, deter.staff.now(name)
    foreign = observation.record(
        office.desk, reader, words="He is back.", case=str(deter.items["case"])
    )
    unknown = observation.record(office.desk, reader, words="He is back.", case=str(NOWHERE))
    kept = [office.desk.logs["evidence"].history(one.id) for one in (foreign, unknown)]
    assert [[fact.event.stored.name for fact in facts] for facts in kept] == [
        ["observation.recorded", "observation.flagged"]
    ] * 2
    with office.system.reading() as db:
        seen = scope.visible_items(db, reader, [foreign.id, unknown.id])
    assert len(seen) in (0, 2)
