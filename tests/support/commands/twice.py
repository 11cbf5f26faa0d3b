"""A table with every command that writes, each with a step that runs it. All are in one table, so
that no new command is forgotten."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec

from commands.families import (
    casework,
    charity_support,
    compartment,
    family_contact,
    family_member,
    identifier,
    marac,
    missing,
    need,
    parent,
    profile,
    protection,
    publication,
    referral,
    supervision,
)
from commands.information import covert_source_review, observation, photograph, source, withdrawal
from commands.intelligence import (
    identity,
    incident,
    intelligence_report,
    links,
    meeting,
    release,
    saved_maps,
)
from commands.justice import (
    abduction_notices,
    arrest_to_result,
    charging,
    court,
    duty_to_report,
    evidence,
    victim_request,
)
from commands.justice.arrest_to_result import OutcomeSubject
from commands.kernel import entity
from commands.kernel.item_references import UNNAMED
from commands.kernel.unit_of_work import Receipt
from commands.people_and_teams import succession, two_person
from domain.families.charity_support import ContactMade, NoteWritten
from domain.families.ethnicity import EthnicityTold, FamilyEthnicityTold
from domain.families.exploitation import ModelAssessed
from domain.families.family_contact import (
    FamilyAsked,
    FamilyInvited,
    FamilyTold,
    PromiseEnded,
    PromiseMade,
)
from domain.families.family_member import (
    AtRiskAssessed,
    AtRiskNamed,
    CareTold,
    EngagementTold,
    MemberNamed,
    RelationAssessed,
)
from domain.families.marac import MaracHeard, MaracReferred
from domain.families.missing import pattern_id
from domain.families.nationality import NationalityTold
from domain.families.need import FamilyMoved, NeedAnswered, NeedTold, ThreatAnswered, ThreatTold
from domain.families.parent import ParentRiskEnded, ParentRiskNoted
from domain.families.protection import DangerFlagged
from domain.families.publication import PressChecked, PublicationAnswered, PublicationNoted
from domain.families.referral import (
    MissingFound,
    MissingGraded,
    MissingReported,
    ReturnInterviewRecorded,
    WithholdingWeighed,
)
from domain.families.supervision import SupervisionTold
from domain.families.waiting_family import WaitingAsked, WaitingTold
from domain.intelligence.for_decision import Facts
from domain.intelligence.meeting import BoardKept, Decided, MeetingCalled, MeetingCalledOff
from domain.intelligence.saved_map import Shows
from domain.justice.abduction_notice import BreachFollowedUp, NoticeBreached, ServiceTold
from domain.justice.arrest_to_result import ArrestMade, NoticeServed
from domain.justice.charging import ChargingDecided, ReviewTold
from domain.justice.court import (
    AccountTaken,
    BailEnded,
    BailSet,
    HearingHeld,
    HearingMoved,
    HearingSet,
    MeasureTold,
    PleaEntered,
    StepTaken,
)
from domain.justice.duty_to_report import AbuseReported, DutyArose
from domain.justice.evidence import EvidenceGathered, EvidenceTransferred
from domain.justice.verdict import AppealDecided, AppealLodged, OrderMade
from domain.justice.victim_request import InformationDecided, VictimTold
from domain.kernel.values import Grade, Handling, Mention
from tests.commands.office import Office
from tests.usecases.stories.victim_request import ASKED


@dataclass
class Story:
    """The ids of items that earlier steps recorded, for the arguments of later steps."""

    office: Office
    made: dict[str, UUID] = field(default_factory=dict)

    def run(self, do: Callable[..., Receipt], *told: Any, **more: Any) -> Receipt:
        return do(self.office.desk, self.office.reader, *told, **more)


def _weekly(place: str) -> MeetingCalled:
    return MeetingCalled("weekly-brief", datetime(2011, 3, 18, 9, tzinfo=UTC), "", "ds.hart", place)


#: A function that runs one command and returns its receipt. It gets the story, a word that varies
#: the command's body, and a command id.
Step = Callable[[Story, str, UUID], Receipt]
P = Handling("P")
SERVED = datetime(2011, 3, 1, tzinfo=UTC)
STEPS: dict[str, Step] = {
    "record": lambda s, w, c: s.run(
        observation.record, words=f"Baz has a Corsa {w}", heard_from="Carol Marlow", command_id=c
    ),
    "record too": lambda s, w, c: s.run(
        observation.record,
        words="Baz again",
        heard_from=f"Dave {w}",
        mentions=[Mention(0, 3, "person", "baz", 0.5)],
        command_id=c,
    ),
    "refer": lambda s, w, c: s.run(
        referral.refer, [s.made["record"]], f"Kayleigh Marlow {w}", command_id=c
    ),
    "refer by case": lambda s, w, c: s.run(
        referral.refer, [], str(s.made["refer"]), concern=w, command_id=c
    ),
    "receive": lambda s, w, c: s.run(
        referral.receive, reference="E-12", child=f"Ellie Stone {w}", command_id=c
    ),
    "threshold": lambda s, w, c: s.run(
        casework.assess_threshold, str(s.made["refer"]), "high", reason=w, command_id=c
    ),
    "allocate": lambda s, w, c: s.run(
        casework.allocate, str(s.made["refer"]), f"Ann {w}", "child", command_id=c
    ),
    "engagement": lambda s, w, c: s.run(
        casework.record_engagement, str(s.made["refer"]), "child", "engaged", w, command_id=c
    ),
    "missing": lambda s, w, c: s.run(
        casework.report_missing, str(s.made["refer"]), MissingReported(note=w), command_id=c
    ),
    "danger": lambda s, w, c: s.run(
        missing.grade, str(s.made["refer"]), MissingGraded("high", f"no coat {w}"), command_id=c
    ),
    "found": lambda s, w, c: s.run(
        casework.record_found,
        str(s.made["refer"]),
        MissingFound(where=f"Station Hotel {w}"),
        command_id=c,
    ),
    "missing too": lambda s, w, c: s.run(
        casework.report_missing, str(s.made["receive"]), MissingReported(note=w), command_id=c
    ),
    "found too": lambda s, w, c: s.run(
        casework.record_found,
        str(s.made["receive"]),
        MissingFound(where=f"Station Hotel {w}"),
        command_id=c,
    ),
    "judge a pattern": lambda s, w, c: s.run(
        missing.judge,
        str(pattern_id("same-place", s.made["refer"], s.made["receive"])),
        "dismissed",
        f"a school trip {w}",
        command_id=c,
    ),
    "interview": lambda s, w, c: s.run(
        casework.record_interview,
        str(s.made["refer"]),
        ReturnInterviewRecorded("declined", "v.reed", note=w, withhold="her phone"),
        command_id=c,
    ),
    "weigh": lambda s, w, c: s.run(
        missing.weigh,
        str(s.made["refer"]),
        WithholdingWeighed("kept-back", f"so {w}"),
        command_id=c,
    ),
    "missing plan": lambda s, w, c: s.run(
        missing.write_plan, str(s.made["refer"]), f"aunt {w}", date(2031, 1, 1), command_id=c
    ),
    "flag": lambda s, w, c: s.run(
        casework.flag, str(s.made["refer"]), "order-unclear", "exit", w, command_id=c
    ),
    "exit": lambda s, w, c: s.run(
        casework.assess_exit, str(s.made["refer"]), "protected", f"moved {w}", command_id=c
    ),
    "confirm exit": lambda s, w, c: two_person.confirm(
        s.office.desk,
        s.office.somebody("ds.bell"),
        s.made["refer"],
        "exit",
        reason=w or None,
        command_id=c,
    ),
    "take": lambda s, w, c: observation.take(
        s.office.desk, s.office.somebody(f"psw {w}"), s.made["record"], command_id=c
    ),
    "raise": lambda s, w, c: s.run(
        observation.raise_urgency, s.made["record"], f"out {w}", command_id=c
    ),
    "lower": lambda s, w, c: s.run(
        observation.lower_urgency, s.made["record"], f"home {w}", command_id=c
    ),
    "confirm lower": lambda s, w, c: two_person.confirm(
        s.office.desk,
        s.office.somebody("ds.bell"),
        s.made["record"],
        "lower-urgency",
        reason=w or None,
        command_id=c,
    ),
    "urgency": lambda s, w, c: s.run(
        observation.change_urgency, s.made["record"], "up", f"out again {w}", command_id=c
    ),
    "correct": lambda s, w, c: s.run(
        observation.correct, s.made["record"], f"an Astra {w}", None, command_id=c
    ),
    "refile": lambda s, w, c: s.run(
        observation.refile, s.made["record"], str(s.made["refer"]), w, command_id=c
    ),
    "triage": lambda s, w, c: s.run(
        observation.triage, s.made["record"], "assess", f"a car {w}", command_id=c
    ),
    "person": lambda s, w, c: s.run(
        entity.record_person, name="Baz", known=False, description=w, command_id=c
    ),
    "other person": lambda s, w, c: s.run(
        entity.record_person, name="Bazza", known=False, description=w, command_id=c
    ),
    "photograph": lambda s, w, c: s.run(
        photograph.take,
        s.office.system.originals,
        s.made["record"],
        photograph.ShownPhotograph("jpeg", w.encode(), b"shown"),
        paper=True,
        command_id=c,
    ),
    "misread": lambda s, w, c: s.run(
        observation.misread, s.made["record too"], f"Baz{w}", command_id=c
    ),
    "confirm": lambda s, w, c: s.run(
        observation.confirm, s.made["record"], str(s.made["person"]), w[:1] or None, command_id=c
    ),
    "alias": lambda s, w, c: s.run(
        entity.add_alias, str(s.made["person"]), "nickname", f"B {w}", command_id=c
    ),
    "name": lambda s, w, c: s.run(
        entity.name_person, str(s.made["person"]), f"Barry {w}", command_id=c
    ),
    "classify": lambda s, w, c: s.run(
        entity.classify, str(s.made["person"]), "suspect", f"seen {w}", command_id=c
    ),
    "end class": lambda s, w, c: s.run(
        entity.end_classification, str(s.made["person"]), "suspect", f"alibi {w}", command_id=c
    ),
    "person by names": lambda s, w, c: s.run(
        entity.add_person, None, ("Gaz", "Gazza"), description=w, command_id=c
    ),
    "class": lambda s, w, c: s.run(
        entity.change_class,
        str(s.made["person"]),
        "witness",
        f"saw it {w}",
        end=False,
        command_id=c,
    ),
    "age": lambda s, w, c: s.run(
        entity.record_age, str(s.made["person"]), None, date(1990, 1, 2), w, command_id=c
    ),
    "same": lambda s, w, c: s.run(
        identity.judge,
        str(s.made["person"]),
        str(s.made["other person"]),
        "same",
        f"one phone {w}",
        command_id=c,
    ),
    "split": lambda s, w, c: s.run(identity.split, str(s.made["person"]), w or "two", command_id=c),
    "confirm split": lambda s, w, c: two_person.confirm(
        s.office.desk,
        s.office.somebody("ds.bell"),
        s.made["person"],
        "judge-identity",
        reason=w or None,
        command_id=c,
    ),
    "incident": lambda s, w, c: s.run(
        incident.record,
        s.made["record"],
        f"a party {w}",
        "party",
        where="place:Mill Lane, Town B",
        command_id=c,
    ),
    "link": lambda s, w, c: s.run(
        links.assert_link,
        s.made["record"],
        str(s.made["person"]),
        f"vehicle:PK95 ABC{w}",
        "uses",
        command_id=c,
    ),
    "assess": lambda s, w, c: s.run(
        intelligence_report.assess,
        s.made["record"],
        Grade.parse("2A" if not w else "2C"),
        P,
        command_id=c,
    ),
    "assess under conditions": lambda s, w, c: s.run(
        intelligence_report.assess,
        s.made["record too"],
        Grade.parse("2C"),
        Handling("C", "A1", "S2", f"ask {w}"),
        command_id=c,
    ),
    "regrade": lambda s, w, c: s.run(
        intelligence_report.regrade,
        s.made["record"],
        Grade.parse("2C"),
        P,
        f"heard {w}",
        command_id=c,
    ),
    "sanitise": lambda s, w, c: s.run(
        intelligence_report.sanitise, s.made["record"], f"A man uses a car {w}", command_id=c
    ),
    "disseminate": lambda s, w, c: s.run(
        release.disseminate, s.made["assess"], f"Team B {w}", "safety", command_id=c
    ),
    "ask": lambda s, w, c: s.run(
        intelligence_report.ask_consent, s.made["record too"], f"use {w}", command_id=c
    ),
    "give": lambda s, w, c: intelligence_report.give_consent(
        s.office.desk, s.office.somebody("ds.bell"), s.made["record too"], w or None, command_id=c
    ),
    "refuse": lambda s, w, c: intelligence_report.refuse_consent(
        s.office.desk, s.office.somebody("ds.bell"), s.made["record too"], f"no {w}", command_id=c
    ),
    "status due": lambda s, w, c: s.run(
        covert_source_review.review_due,
        str(s.made["record"]),
        str(s.made["person"]),
        "deception",
        f"his phone {w}",
        command_id=c,
    ),
    "status decided": lambda s, w, c: s.run(
        covert_source_review.decide,
        str(s.made["mum"]),
        str(s.made["person"]),
        "not-covert",
        date(2011, 9, 1),
        f"a mother {w}",
        command_id=c,
    ),
    "contact": lambda s, w, c: s.run(
        charity_support.make_contact,
        ContactMade(s.made["refer"], "advocacy", "visit", "parent", words=w),
        command_id=c,
    ),
    "note": lambda s, w, c: s.run(
        charity_support.write_note,
        NoteWritten(s.made["refer"], "parents", "note", "fact", f"at home {w}"),
        command_id=c,
    ),
    "hearing": lambda s, w, c: s.run(
        court.set_hearing,
        HearingSet(UNNAMED, "trial", datetime(2011, 3, 1, 10, tzinfo=UTC), note=w),
        str(s.made["refer"]),
        command_id=c,
    ),
    "moved": lambda s, w, c: s.run(
        court.move_hearing,
        s.made["hearing"],
        HearingMoved(datetime(2011, 3, 2, 10, tzinfo=UTC), f"ill {w}"),
        command_id=c,
    ),
    "held hearing": lambda s, w, c: s.run(
        court.hold_hearing, s.made["hearing"], HearingHeld(f"adjourned {w}"), command_id=c
    ),
    "bail": lambda s, w, c: s.run(
        court.set_bail,
        BailSet(UNNAMED, UNNAMED, f"none {w}"),
        str(s.made["refer"]),
        str(s.made["person"]),
        command_id=c,
    ),
    "bail ended": lambda s, w, c: s.run(
        court.end_bail, s.made["bail"], BailEnded("breached", f"seen {w}"), command_id=c
    ),
    "plea": lambda s, w, c: s.run(
        court.enter_plea,
        PleaEntered(UNNAMED, UNNAMED, "guilty", note=w),
        str(s.made["refer"]),
        str(s.made["person"]),
        command_id=c,
    ),
    "measure": lambda s, w, c: s.run(
        court.tell_measure,
        MeasureTold(UNNAMED, "screens", "asked", w),
        str(s.made["refer"]),
        command_id=c,
    ),
    "charging": lambda s, w, c: s.run(
        charging.decide,
        ChargingDecided(
            *(UNNAMED, UNNAMED, "no-charge", "police", "not-met", "not-reached"),
            *(f"x {w}", "a", "b", "c"),
        ),
        str(s.made["refer"]),
        str(s.made["person"]),
        command_id=c,
    ),
    "review": lambda s, w, c: s.run(
        charging.tell_review, s.made["charging"], ReviewTold("asked", w), command_id=c
    ),
    "order": lambda s, w, c: s.run(
        charging.make_order,
        OrderMade(UNNAMED, UNNAMED, "restraining", f"not near {w}"),
        str(s.made["refer"]),
        str(s.made["person"]),
        command_id=c,
    ),
    "appeal": lambda s, w, c: s.run(
        charging.lodge_appeal,
        AppealLodged(UNNAMED, UNNAMED, "sentence", "defence", note=w),
        str(s.made["refer"]),
        str(s.made["person"]),
        command_id=c,
    ),
    "appeal decided": lambda s, w, c: s.run(
        charging.decide_appeal, s.made["appeal"], AppealDecided("allowed", f"so {w}"), command_id=c
    ),
    "account": lambda s, w, c: s.run(
        court.take_account,
        AccountTaken(UNNAMED, f"dc.rowe {w}", why_again="more"),
        str(s.made["refer"]),
        command_id=c,
    ),
    "court step": lambda s, w, c: s.run(
        court.take_step,
        StepTaken(UNNAMED, "debrief", "done", words=w),
        str(s.made["refer"]),
        command_id=c,
    ),
    "duty": lambda s, w, c: s.run(
        duty_to_report.arise,
        DutyArose(UNNAMED, f"she told me {w}", datetime(2011, 3, 18, 8, tzinfo=UTC)),
        str(s.made["refer"]),
        command_id=c,
    ),
    "duty waits": lambda s, w, c: s.run(
        duty_to_report.delay,
        s.made["duty"],
        f"he is there {w}",
        datetime(2011, 3, 25, 7, tzinfo=UTC),
        command_id=c,
    ),
    "reported": lambda s, w, c: s.run(
        duty_to_report.report,
        s.made["duty"],
        AbuseReported("police", f"4411 {w}", why_later="x"),
        command_id=c,
    ),
    "information asked": lambda s, w, c: s.run(
        victim_request.request_information,
        msgspec.structs.replace(ASKED, sought=f"the notes {w}"),
        str(s.made["refer"]),
        command_id=c,
    ),
    "victim told": lambda s, w, c: s.run(
        victim_request.tell_victim,
        s.made["information asked"],
        VictimTold("not-given", None, "risks-serious-harm", f"he reads them {w}"),
        command_id=c,
    ),
    "information decided": lambda s, w, c: s.run(
        victim_request.decide,
        s.made["information asked"],
        InformationDecided("part", f"one note {w}"),
        [str(s.made["note"])],
        command_id=c,
    ),
    "information not needed": lambda s, w, c: s.run(
        victim_request.withdraw, s.made["information asked"], f"admitted {w}", command_id=c
    ),
    "meeting": lambda s, w, c: s.run(meeting.call, _weekly(w), command_id=c),
    "meeting too": lambda s, w, c: s.run(meeting.call, _weekly(f"2 {w}"), command_id=c),
    "meeting off": lambda s, w, c: s.run(
        meeting.call_off, s.made["meeting too"], MeetingCalledOff(f"snow {w}"), command_id=c
    ),
    "agenda": lambda s, w, c: s.run(
        meeting.add_item, str(s.made["meeting"]), f"the car {w}", command_id=c
    ),
    "decided": lambda s, w, c: s.run(
        meeting.take,
        str(s.made["meeting"]),
        Decided(UNNAMED, f"see them {w}", "contact-family", "ds.hart", date(2030, 1, 1)),
        because_of=("none-known",),
        command_id=c,
    ),
    "result of it": lambda s, w, c: s.run(
        meeting.record_result, s.made["decided"], "done", f"seen {w}", command_id=c
    ),
    "board": lambda s, w, c: s.run(
        meeting.keep_board,
        str(s.made["meeting"]),
        BoardKept(UNNAMED, "map", f"the gate {w}", ()),
        [str(s.made["person"])],
        command_id=c,
    ),
    "people shown": lambda s, w, c: s.run(
        meeting.show_people, str(s.made["meeting"]), [f"ds.hart{w}"], Facts, command_id=c
    ),
    "held": lambda s, w, c: s.run(
        meeting.hold, s.made["meeting"], ["ds.hart"], w or None, lambda one: (), command_id=c
    ),
    "chart": lambda s, w, c: s.run(saved_maps.save, f"the gate {w}", Shows(), command_id=c),
    "chart note": lambda s, w, c: s.run(
        saved_maps.note, str(s.made["chart"]), str(s.made["person"]), f"seen {w}", command_id=c
    ),
    "supervised": lambda s, w, c: s.run(
        supervision.record_supervision,
        SupervisionTold("psw.ellis", "line", "held", date(2011, 3, 18), w or None),
        command_id=c,
    ),
    "told": lambda s, w, c: s.run(
        family_contact.record_feedback,
        FamilyTold(UNNAMED, "parent", "kept", "phone", words=f"thank you {w}"),
        str(s.made["refer"]),
        command_id=c,
    ),
    "promise": lambda s, w, c: s.run(
        family_contact.promise,
        PromiseMade(UNNAMED, "parent", f"a call {w}", date(2030, 1, 1)),
        str(s.made["refer"]),
        command_id=c,
    ),
    "kept": lambda s, w, c: s.run(
        family_contact.end_promise,
        s.made["promise"],
        PromiseEnded("not-kept", f"ill {w}"),
        command_id=c,
    ),
    "invited": lambda s, w, c: s.run(
        family_contact.invite,
        FamilyInvited(UNNAMED, "booklet", "parent", "visit", "came", words=w),
        str(s.made["refer"]),
        command_id=c,
    ),
    "member": lambda s, w, c: s.run(
        family_member.name,
        MemberNamed(UNNAMED, UNNAMED, "father", "has", f"an order {w}"),
        str(s.made["refer"]),
        str(s.made["person"]),
        command_id=c,
    ),
    "cares": lambda s, w, c: s.run(
        family_member.tell_care,
        CareTold(UNNAMED, UNNAMED, "cares", date(2011, 1, 1) if w else date(2011, 1, 2)),
        str(s.made["refer"]),
        str(s.made["person"]),
        command_id=c,
    ),
    "engaged": lambda s, w, c: s.run(
        family_member.tell_engagement,
        EngagementTold(UNNAMED, UNNAMED, "engaged", w),
        str(s.made["refer"]),
        str(s.made["person"]),
        command_id=c,
    ),
    "relation": lambda s, w, c: s.run(
        family_member.assess_relation,
        RelationAssessed(UNNAMED, UNNAMED, "broken", f"seen {w}", date(2030, 1, 1)),
        str(s.made["refer"]),
        str(s.made["person"]),
        command_id=c,
    ),
    "at risk": lambda s, w, c: s.run(
        family_member.name_at_risk,
        AtRiskNamed(UNNAMED, UNNAMED, "friend", ("trouble",), f"seen {w}"),
        str(s.made["refer"]),
        str(s.made["other person"]),
        command_id=c,
    ),
    "suspect": lambda s, w, c: s.run(
        entity.record_person,
        name="Gaz Stone",
        known=False,
        categories=(("suspect", f"seen {w}"),),
        command_id=c,
    ),
    "ethnicity": lambda s, w, c: s.run(
        profile.record_ethnicity,
        EthnicityTold(UNNAMED, "told", "arab" if w else "white-irish"),
        str(s.made["suspect"]),
        command_id=c,
    ),
    "family ethnicity": lambda s, w, c: s.run(
        profile.tell_family_ethnicity,
        FamilyEthnicityTold(UNNAMED, UNNAMED, "arab" if w else "white-irish"),
        str(s.made["refer"]),
        str(s.made["person"]),
        command_id=c,
    ),
    "model": lambda s, w, c: s.run(
        profile.assess_model,
        ModelAssessed(UNNAMED, ("gang",), f"seen {w}", date(2030, 1, 1)),
        str(s.made["refer"]),
        command_id=c,
    ),
    "nationality": lambda s, w, c: s.run(
        profile.record_nationality,
        NationalityTold(UNNAMED, "deportation", f"Danish{w}"),
        str(s.made["suspect"]),
        command_id=c,
    ),
    "identifier": lambda s, w, c: s.run(
        identifier.record_number,
        "Kayleigh Marlow",
        "nhs-number",
        "9990001146" if w else "9990001138",
        "the school nurse",
        date(2011, 3, 1),
        command_id=c,
    ),
    "identifier opened": lambda s, w, c: s.run(
        identifier.unseal,
        "Kayleigh Marlow",
        "nhs-number",
        "missing" if w else "enquiry",
        command_id=c,
    ),
    "identifier withdrawn": lambda s, w, c: s.run(
        identifier.withdraw,
        "Kayleigh Marlow",
        "nhs-number",
        f"her sister's {w}",
        command_id=c,
    ),
    "need": lambda s, w, c: s.run(
        need.tell,
        NeedTold(UNNAMED, "family", "housing", f"rooms {w}", date(2030, 1, 1)),
        str(s.made["refer"]),
        command_id=c,
    ),
    "need answered": lambda s, w, c: s.run(
        need.answer,
        str(s.made["need"]),
        NeedAnswered("under-way", f"asked {w}", date(2030, 1, 1)),
        command_id=c,
    ),
    "threat": lambda s, w, c: s.run(
        need.threaten,
        ThreatTold(UNNAMED, "family", "message", f"seen {w}"),
        str(s.made["refer"]),
        command_id=c,
    ),
    "threat answered": lambda s, w, c: s.run(
        need.answer_threat,
        str(s.made["threat"]),
        ThreatAnswered("school-told", f"rung {w}"),
        command_id=c,
    ),
    "family moved": lambda s, w, c: s.run(
        need.move,
        FamilyMoved(UNNAMED, date(2011, 3, 1), "threats", f"overnight {w}"),
        str(s.made["refer"]),
        command_id=c,
    ),
    "waiting": lambda s, w, c: s.run(
        need.wait,
        WaitingTold(UNNAMED, "waiting", f"no time {w}", date(2030, 1, 1)),
        str(s.made["refer"]),
        command_id=c,
    ),
    "waiting asked": lambda s, w, c: s.run(
        need.record_waiting_contact,
        str(s.made["waiting"]),
        WaitingAsked(f"well {w}", date(2030, 1, 1)),
        command_id=c,
    ),
    "waiting ended": lambda s, w, c: s.run(
        need.end_waiting, str(s.made["waiting"]), "other", f"gone {w}", command_id=c
    ),
    "marac": lambda s, w, c: s.run(
        marac.refer,
        MaracReferred(UNNAMED, ("judgement",), date(2030, 1, 1), f"he hit her {w}"),
        str(s.made["refer"]),
        command_id=c,
    ),
    "marac heard": lambda s, w, c: s.run(
        marac.hear,
        str(s.made["marac"]),
        MaracHeard("plan", f"a plan {w}", date(2011, 3, 1)),
        command_id=c,
    ),
    "publication": lambda s, w, c: s.run(
        publication.note,
        PublicationNoted(UNNAMED, "article", True, f"a paper {w}"),
        str(s.made["refer"]),
        command_id=c,
    ),
    "publication answered": lambda s, w, c: s.run(
        publication.answer,
        str(s.made["publication"]),
        PublicationAnswered("taken-down", f"rung {w}"),
        command_id=c,
    ),
    "press text": lambda s, w, c: s.run(
        publication.check,
        PressChecked(UNNAMED, "a paper", f"a man was sentenced {w}"),
        str(s.made["refer"]),
        command_id=c,
    ),
    "parent risk": lambda s, w, c: s.run(
        parent.note_risk,
        ParentRiskNoted(UNNAMED, UNNAMED, "drink", f"seen {w}", date(2030, 1, 1)),
        str(s.made["refer"]),
        str(s.made["person"]),
        command_id=c,
    ),
    "parent risk ended": lambda s, w, c: s.run(
        parent.end_risk, s.made["parent risk"], ParentRiskEnded(f"she is well {w}"), command_id=c
    ),
    "danger now": lambda s, w, c: s.run(
        parent.flag_danger,
        DangerFlagged(UNNAMED, ("officers",) if w else ("ambulance",)),
        str(s.made["refer"]),
        command_id=c,
    ),
    "at risk assessed": lambda s, w, c: s.run(
        family_member.assess_at_risk,
        s.made["at risk"],
        AtRiskAssessed("low", (), f"she is well {w}", date(2012, 3, 1)),
        command_id=c,
    ),
    "at risk decided": lambda s, w, c: s.run(
        family_member.decide_at_risk,
        s.made["at risk"],
        "ended",
        None,
        f"no sign {w}",
        command_id=c,
    ),
    "asked": lambda s, w, c: s.run(
        family_contact.ask,
        FamilyAsked(UNNAMED, "parent", "answered", ("believed",), words=w),
        str(s.made["refer"]),
        command_id=c,
    ),
    "health": lambda s, w, c: s.run(
        compartment.note_health, str(s.made["refer"]), "injury", f"a burn {w}", command_id=c
    ),
    "place": lambda s, w, c: s.run(
        compartment.place, str(s.made["refer"]), "residential", f"2 Mill Lane {w}", command_id=c
    ),
    "open to": lambda s, w, c: s.run(
        compartment.open_to, str(s.made["refer"]), "health", "csw.moss", f"hers {w}", command_id=c
    ),
    "close to": lambda s, w, c: s.run(
        compartment.close_to, str(s.made["refer"]), "health", "csw.moss", f"left {w}", command_id=c
    ),
    "end placement": lambda s, w, c: s.run(
        compartment.end_placement, str(s.made["refer"]), None, w or None, command_id=c
    ),
    "answer": lambda s, w, c: s.run(
        protection.answer_alert,
        str(UUID(int=7)),
        lambda: (UUID(int=7), s.made["refer"], "co-resident"),
        "acted",
        f"told {w}",
        command_id=c,
    ),
    "consider": lambda s, w, c: s.run(
        protection.consider,
        s.made["person"],
        s.made["other person"],
        "not-now",
        f"no sign {w}",
        command_id=c,
    ),
    "gather": lambda s, w, c: s.run(
        evidence.gather,
        EvidenceGathered("exhibit", f"AB1{w}", (s.made["record"],), produced_by="DC Bell"),
        command_id=c,
    ),
    "transfer": lambda s, w, c: s.run(
        evidence.transfer,
        str(s.made["gather"]),
        EvidenceTransferred(giver="DC Bell", receiver=f"Store{w}"),
        command_id=c,
    ),
    "arrest": lambda s, w, c: s.run(
        arrest_to_result.record,
        ArrestMade(s.made["person"], note=w),
        because_of=(str(s.made["gather"]),),
        command_id=c,
    ),
    "charge": lambda s, w, c: s.run(
        arrest_to_result.record_against,
        "charge",
        OutcomeSubject(person=str(s.made["person"])),
        note=w,
        because_of=(str(s.made["gather"]),),
        command_id=c,
    ),
    "notice": lambda s, w, c: s.run(
        arrest_to_result.serve_notice,
        NoticeServed(
            s.made["person"], s.made["other person"], "s2-caa-1984", happened=SERVED, note=w
        ),
        because_of=(str(s.made["gather"]),),
        command_id=c,
    ),
    "service": lambda s, w, c: s.run(
        abduction_notices.record_service,
        s.made["notice"],
        ServiceTold(f"PC {w}", "at home"),
        command_id=c,
    ),
    "breach": lambda s, w, c: s.run(
        abduction_notices.breach,
        str(s.made["notice"]),
        str(s.made["record"]),
        NoticeBreached(UNNAMED, UNNAMED, UNNAMED, f"x {w}", "y", datetime(2011, 3, 2, tzinfo=UTC)),
        command_id=c,
    ),
    "followed up": lambda s, w, c: s.run(
        abduction_notices.follow_up,
        s.made["breach"],
        BreachFollowedUp("nothing", f"so {w}"),
        command_id=c,
    ),
    "exclude": lambda s, w, c: s.run(
        evidence.change_status, str(s.made["gather"]), "excluded", f"unlawful {w}", command_id=c
    ),
    "retract": lambda s, w, c: s.run(links.retract, s.made["link"], f"not so {w}", command_id=c),
    "join": lambda s, w, c: s.run(
        source.join_roots, str(s.made["mum"]), str(s.made["dave"]), f"one child {w}", command_id=c
    ),
    "part": lambda s, w, c: s.run(
        source.part_roots, str(s.made["mum"]), str(s.made["dave"]), f"two {w}", command_id=c
    ),
    "grade source": lambda s, w, c: s.run(
        source.grade, str(s.made["mum"]), "1", f"borne out {w}", command_id=c
    ),
    "conflict": lambda s, w, c: s.run(
        source.note_conflict, str(s.made["mum"]), f"a feud {w}", command_id=c
    ),
    "withdraw report": lambda s, w, c: s.run(
        intelligence_report.withdraw, s.made["assess"], f"made up {w}", command_id=c
    ),
    "withdraw": lambda s, w, c: s.run(
        withdrawal.words,
        s.made["record"],
        f"not so {w}",
        "parent-wishes",
        "no",
        command_id=c,
    ),
    "close": lambda s, w, c: s.run(
        two_person.close, str(s.made["refer"]), f"safe {w}", command_id=c
    ),
    "refuse closing": lambda s, w, c: s.run(
        two_person.refuse, s.made["refer"], "close", f"too early {w}", command_id=c
    ),
    "disability": lambda s, w, c: s.run(
        entity.record_learning_disability, str(s.made["person"]), True, f"school {w}", command_id=c
    ),
    "custody": lambda s, w, c: s.run(
        entity.state_custody, str(s.made["person"]), "on-remand", f"court {w}", command_id=c
    ),
    "propose a copy": lambda s, w, c: s.run(succession.propose, f"guessable {w}", command_id=c),
    "give the copy up": lambda s, w, c: s.run(succession.refuse, f"not now {w}", command_id=c),
}
