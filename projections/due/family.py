"""What a family is owed: answers to their words, promises, safe contact, and what comes with a
court and after it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from domain.clocks import AFTERCARE, CLOCKS, aftercare_from
from domain.families.charity_support import ContactMade, NoteWritten, WayChecked
from domain.families.exploitation import ModelAssessed
from domain.families.family_contact import (
    ACKNOWLEDGES,
    CARERS,
    NEWS,
    FamilyAsked,
    FamilyTold,
    PromiseEnded,
    PromiseMade,
)
from domain.families.family_member import AtRiskDecided, AtRiskNamed, RelationAssessed
from domain.families.marac import MaracHeard, MaracReferred
from domain.families.need import NeedAnswered, NeedTold, ThreatAnswered, ThreatTold
from domain.families.parent import ParentRiskEnded, ParentRiskNoted
from domain.families.protection import AlertAnswered, DangerFlagged, alert_stream
from domain.families.publication import PublicationAnswered, PublicationNoted
from domain.families.waiting_family import WaitingAsked, WaitingEnded, WaitingTold
from domain.forms.intervals import LONDON
from domain.information.observation import (
    ObservationRecorded,
    ObservationRefiled,
    ObservationUnfiled,
    ObservationWithdrawn,
)
from domain.justice.arrest_to_result import NOT_PURSUED, ResultRecorded
from domain.justice.charging import ChargingDecided, ReviewTold
from domain.justice.court import (
    TRIAL_ENDS,
    BailEnded,
    BailSet,
    HearingHeld,
    HearingMoved,
    HearingSet,
    StepTaken,
)
from domain.justice.verdict import OrderMade
from domain.kernel.codes import Clock, ResultKind
from domain.kernel.envelope import Recorded
from domain.people_and_teams import deadline
from projections.due.rows import SILENCE, UNSAFE, CaseRow, DueRow, begin, end, owned, waiting
from projections.kernel.batch import RowBatch
from projections.kernel.schema import rows

ACKNOWLEDGED: Clock = "parent-acknowledged"
ANSWERED: Clock = "parent-answered"
#: What is the parents' worker's to do.
WORKERS: tuple[Clock, ...] = (
    *(ACKNOWLEDGED, ANSWERED, "victim-told", "victim-updated", "visit", "debrief", "feedback"),
    *(clock for clock, _, _ in AFTERCARE),
)
#: By which ways words come with nobody there to hear them.
UNHEARD = frozenset({"sms", "email", "provenance-log"})


@rows("due_owed", key=("words",), index=(("case",),))
@dataclass(frozen=True)
class OwedRow:
    """Words of a family: since when they wait for an answer of this case (None: nobody's, until
    they are filed with another). `unheard` ones came with nobody there to hear them and are
    acknowledged first; `owed` ones were owed an answer wherever they were filed before; `answered`
    is the case that answered them last. `ref` is the fact that they came by."""

    table: ClassVar[sa.Table]
    words: UUID
    case: UUID | None
    since: datetime
    by: str
    unheard: bool
    ref: str
    acknowledged: bool = False
    owed: bool = False
    answered: UUID | None = None


def words(fact: Recorded, batch: RowBatch) -> None:
    """A family's words are acknowledged, where nobody was there to hear them, and answered: those
    that came unheard, and those that the parents' own worker wrote down. Words that are moved to
    another family are owed to that one, from when they came."""
    one = fact.stream
    match fact.event:
        case ObservationRecorded() as event if event.form != "own-observation":
            told = min(event.told or fact.recorded, fact.recorded)
            unheard = event.channel in UNHEARD
            _filed(batch, OwedRow(one, None, told, fact.by, unheard, fact.ref), event.case)
        case ObservationRefiled() | ObservationUnfiled() as event:
            if row := batch.get(OwedRow, one):
                batch.put(replace(row, case=None))
                _reckon(batch, row.case)
                # whoever heard from us meanwhile was another family
                _filed(batch, replace(row, acknowledged=False), event.case)
        case ObservationWithdrawn():
            if row := batch.get(OwedRow, one):
                batch.drop(OwedRow, one)
                _reckon(batch, row.case)


def _filed(batch: RowBatch, row: OwedRow, case: UUID | None) -> None:
    """Words are filed with this case, which owes an answer to them or not."""
    filed = batch.get(CaseRow, case) if case else None
    owed = row.owed or row.unheard or bool(filed and row.by == filed.worker)
    of = case if owed and case != row.answered else None
    batch.put(replace(row, case=of, owed=owed))
    _reckon(batch, of)


def _heard(batch: RowBatch, case: UUID, at: datetime, *, answered: bool) -> None:
    """A family heard from us: what they said before that is acknowledged, or answered."""
    for row in batch.having(OwedRow, case=case):
        if row.since <= at and answered:
            batch.put(replace(row, case=None, acknowledged=True, answered=case))
        elif row.since <= at:
            batch.put(replace(row, acknowledged=True))
    _reckon(batch, case)


def _reckon(batch: RowBatch, case: UUID | None) -> None:
    """The clocks of a family run from the first of their words that is open."""
    filed = batch.get(CaseRow, case) if case else None
    if case is None or filed is None:
        return
    rows = batch.having(OwedRow, case=case)
    unheard = [row for row in rows if row.unheard and not row.acknowledged]
    for clock, some in ((ACKNOWLEDGED, unheard), (ANSWERED, rows)):
        first = min(some, key=lambda row: (row.since, row.words), default=None)
        runs = waiting(batch, case, clock)
        if first is None:
            end(batch, case, clock)
        elif runs is None or runs.since != first.since:
            at, key = first.since + CLOCKS[clock].within, deadline.stream(case, clock)
            owner, team = filed.worker, filed.team
            batch.put(DueRow(key, case, clock, first.since, at, owner, None, team, first.ref))


def family(fact: Recorded, batch: RowBatch) -> None:
    """They are met, told, promised something and asked; a way to them is safe or not."""
    one = fact.stream
    match fact.event:
        case ContactMade() | FamilyTold() as event if event.whom != "professional":
            row = batch.get(CaseRow, event.case)
            met = min(event.happened or fact.recorded, fact.recorded)
            if row and not row.closed:
                silent_since(batch, fact, row, met)
            if event.whom in CARERS:
                told = isinstance(event, FamilyTold) and event.became not in ACKNOWLEDGES | NEWS
                _heard(batch, event.case, met, answered=told)
        case FamilyAsked(answered="answered" | "declined") as event:
            end(batch, event.case, "feedback")
        case PromiseMade() as event:
            begin(batch, fact, one, "promise", event.by)
        case PromiseEnded():
            end(batch, one, "promise")
        case AtRiskNamed() as event:
            row = batch.get(CaseRow, event.case)
            begin(batch, fact, one, "named-at-risk", team=row.team if row else None)
        case AtRiskDecided():
            end(batch, one, "named-at-risk")
        case NoteWritten() | RelationAssessed() | ModelAssessed() | ParentRiskNoted() as event:
            begin(batch, fact, one, "opinion-review", event.review)
        case ParentRiskEnded():
            end(batch, one, "opinion-review")
        case WayChecked() as event:
            way = str(event.channel or event.told or "")
            row = batch.get(CaseRow, event.case)
            if row and event.verdict != "ask-first":
                unsafe = {*row.unsafe, way} if event.verdict == "unsafe" else {*row.unsafe} - {way}
                row = replace(row, unsafe=tuple(sorted(unsafe)))
                batch.put(row)
                silent_by(batch, row)
            if event.verdict == "unsafe":
                alert = alert_stream(event.case, "unsafe-contact", one)
                team = row.team if row else None
                begin(batch, fact, event.case, "alert", key=alert, anybody=True, team=team)
        case DangerFlagged() as event:
            row = batch.get(CaseRow, event.case)
            alert, team = alert_stream(event.case, "danger-now", one), row.team if row else None
            begin(
                batch,
                fact,
                event.case,
                "danger-now",
                at=fact.recorded,
                key=alert,
                anybody=True,
                team=team,
            )
        case AlertAnswered():
            end(batch, one, "alert")
            end(batch, one, "danger-now")


def lives(fact: Recorded, batch: RowBatch) -> None:
    """What a family needs, that it is threatened, that it waits, and what is published about it."""
    one = fact.stream
    match fact.event:
        case NeedTold() as told:
            begin(batch, fact, one, "family-need", told.by)
        case NeedAnswered() as answered:
            _again(batch, fact, "family-need", answered.by)
        case WaitingTold() as told:
            row = batch.get(CaseRow, told.case)
            team = row.team if row else None
            if row:
                row = no_longer_waits(batch, row) if told.state == "signposted" else row
                batch.put(replace(row, waits=(*row.waits, one)))
            begin(batch, fact, one, "family-waits", told.review, anybody=True, team=team)
        case WaitingAsked() as asked:
            _again(batch, fact, "family-waits", asked.review)
        case WaitingEnded():
            end(batch, one, "family-waits")
        case MaracReferred() as told:
            begin(batch, fact, one, "marac", told.meets)
        case MaracHeard() as heard:
            _again(batch, fact, "marac", heard.meets)
        case ThreatTold() as told:
            row = batch.get(CaseRow, told.case)
            team = row.team if row else None
            begin(batch, fact, one, "threat", anybody=True, team=team)
        case ThreatAnswered():
            end(batch, one, "threat")
        case PublicationNoted(identifies=True) as noted:
            row = batch.get(CaseRow, noted.case)
            team = row.team if row else None
            begin(batch, fact, one, "publication", anybody=True, team=team)
        case PublicationAnswered():
            end(batch, one, "publication")


def no_longer_waits(batch: RowBatch, row: CaseRow) -> CaseRow:
    """A family that was given a worker, or was sent to somebody who helps; its row after that."""
    for one in row.waits:
        end(batch, one, "family-waits")
    return replace(row, waits=())


def _again(batch: RowBatch, fact: Recorded, clock: Clock, day: date | None) -> None:
    """It comes back on a later day, or (None) no more."""
    row = waiting(batch, fact.stream, clock)
    if row and day:
        batch.put(replace(row, due=deadline.last_moment(day), ref=fact.ref))
    else:
        end(batch, fact.stream, clock)


def court(fact: Recorded, batch: RowBatch) -> None:
    """A hearing comes, bail ends, a trial ends, and what was seen to afterwards is done."""
    one = fact.stream
    match fact.event:
        case HearingSet() as event:
            begin(batch, fact, one, "hearing", at=event.starts, anybody=True)
            case = batch.get(CaseRow, event.case)
            if case and case.worker:
                owned(batch, one, "hearing", case.worker)
        case HearingMoved() as moved:
            if row := batch.get(DueRow, deadline.stream(one, "hearing")):
                batch.put(replace(row, due=moved.starts, ref=fact.ref))
        case HearingHeld():
            end(batch, one, "hearing")
        case BailSet() as bail if bail.until:
            begin(batch, fact, one, "bail-ends", bail.until)
        case BailEnded(how="ended"):
            end(batch, one, "bail-ends")
        case StepTaken(step="pre-trial-visit") as step:
            _visited(batch, fact, step)
        case StepTaken(step="debrief", state="done" | "not-wanted") as step:
            _debriefed(batch, fact, step)
        case StepTaken(step="aftercare", state="done" | "not-wanted") as step:
            _looked_after(batch, fact, step)
        case ResultRecorded(case=UUID() as of) as result:
            was = min(result.happened or fact.recorded, fact.recorded)
            _after(batch, fact, of, result.kind, was)


def charging(fact: Recorded, batch: RowBatch) -> None:
    """A family may have a decision not to charge looked at again, and is answered; an order
    ends."""
    one = fact.stream
    match fact.event:
        case ChargingDecided(decision="no-charge") as decided:
            was = min(decided.happened or fact.recorded, fact.recorded)
            case = batch.get(CaseRow, decided.case)
            begin(batch, fact, one, "review-right", since=was, anybody=True)
            owned(batch, one, "review-right", case.worker if case else None)
        case ReviewTold(state="asked") as told:
            end(batch, one, "review-right")
            was = min(told.happened or fact.recorded, fact.recorded)
            begin(batch, fact, one, "review-answer", since=was, anybody=True)
        case ReviewTold(state="declined" | "upheld" | "overturned"):
            end(batch, one, "review-right")
            end(batch, one, "review-answer")
        case OrderMade() as made if made.until:
            begin(batch, fact, one, "order-ends", made.until)


def _after(batch: RowBatch, fact: Recorded, case: UUID, kind: ResultKind, was: datetime) -> None:
    """A trial ended, or no trial comes: the family is debriefed, looked after and asked, from that
    day on. What runs goes on; a sentence follows a verdict, and begins nothing that it began."""
    filed = batch.get(CaseRow, case)
    clocks: tuple[Clock, ...] = ("feedback",)
    if kind in TRIAL_ENDS:
        clocks = ("debrief", *(clock for clock, _, _ in AFTERCARE), "feedback")
    elif kind not in NOT_PURSUED:
        return
    for clock in clocks:
        before = batch.get(DueRow, deadline.stream(case, clock))
        if before and (not before.ended or before.since >= was or kind == "sentenced"):
            continue
        missed = was + CLOCKS[clock].within <= fact.recorded
        if missed and clock not in ("debrief", "feedback"):
            continue  # it was told so late that the next one counts
        team = filed.team if filed else None
        begin(batch, fact, case, clock, since=was, anybody=True, team=team)
        if filed:
            owned(batch, case, clock, filed.worker)


def _visited(batch: RowBatch, fact: Recorded, step: StepTaken) -> None:
    """A visit before a trial comes back at the time for which it was planned last, until it was
    made or is not wanted. One that was made before this one was planned is another."""
    if step.state != "planned":
        _seen_to(batch, fact, step, "visit")
    elif step.happened:
        filed = batch.get(CaseRow, step.case)
        team = filed.team if filed else None
        begin(batch, fact, step.case, "visit", at=step.happened, anybody=True, team=team)
        owned(batch, step.case, "visit", filed.worker if filed else None)


def _debriefed(batch: RowBatch, fact: Recorded, step: StepTaken) -> None:
    """It is done, also for a verdict of before that is told later; not for one that came since."""
    if batch.get(DueRow, deadline.stream(step.case, "debrief")) is None:
        was = min(step.happened or fact.recorded, fact.recorded)
        begin(batch, fact, step.case, "debrief", since=was, anybody=True)
    _seen_to(batch, fact, step, "debrief")


def _seen_to(batch: RowBatch, fact: Recorded, step: StepTaken, clock: Clock) -> None:
    """It was done on the day on which this began, or later; or it is not wanted."""
    row = waiting(batch, step.case, clock)
    if row and (
        step.state == "not-wanted" or _day(step, fact) >= row.since.astimezone(LONDON).date()
    ):
        end(batch, step.case, clock)


def _day(step: StepTaken, fact: Recorded) -> date:
    """On which day it was done."""
    return min(step.happened or fact.recorded, fact.recorded).astimezone(LONDON).date()


def _looked_after(batch: RowBatch, fact: Recorded, step: StepTaken) -> None:
    """A family was asked how they are: for each time after the trial at which that counts by then.
    What they do not want is what is owed next."""
    rows = [waiting(batch, step.case, clock) for clock, _, _ in AFTERCARE]
    owed = sorted((row for row in rows if row), key=lambda row: row.due)
    if step.state == "not-wanted":
        done = owed[:1]
    else:
        day = _day(step, fact)
        done = [row for row in owed if aftercare_from(row.clock, row.since) <= day]
    for row in done:
        batch.put(replace(row, ended=True))


def silent_since(batch: RowBatch, fact: Recorded, case: CaseRow, met: datetime) -> None:
    """Nobody was in contact with the family since then, as far as is known; what is told of an
    earlier contact moves nothing."""
    row = batch.get(DueRow, deadline.stream(case.case, SILENCE))
    if row is None or row.ended or met > row.since:
        begin(batch, fact, case.case, SILENCE, since=met, anybody=True, team=case.team)
        silent_by(batch, case)


def silent_by(batch: RowBatch, case: CaseRow) -> None:
    """Whose a family's silence is: their worker's, and a supervisor's alone where a way to reach
    them is unsafe."""
    row = batch.get(DueRow, deadline.stream(case.case, SILENCE))
    if row and case.unsafe and row.clock != UNSAFE:
        batch.put(replace(row, clock=UNSAFE, owner=None))
    elif row and not case.unsafe:
        batch.put(replace(row, clock=SILENCE, owner=case.worker))
