"""Police action and its outcome: arrest, charge, notice, result. Each is a stream of its own.

The cause of an action is in the field `because_of` of the event's header, as a person stated it. If
no cause is known, a person has to state this, too ("none-known").

The file is long because its small aggregates follow each other.
"""

from calendar import isleap
from datetime import date, datetime
from typing import Annotated, ClassVar, Literal, get_args
from uuid import UUID

from msgspec import Struct

from domain.kernel.card_effects import Counts
from domain.kernel.codes import CareStatus, NoticeBasis, ResultKind
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import (
    ABOUT,
    CODE,
    IDENTIFYING,
    NAMED,
    NOT_CHECKED,
    NOT_REACHED,
    OCCURRED,
    OUTCOME,
    SAID,
    WRITTEN,
)
from domain.kernel.values import Refused, TakesTwo

#: Care orders under which removing a child is an offence (Children Act 1989 s.49(2)). An interim
#: order counts [verify].
IN_CARE: frozenset[CareStatus] = frozenset(
    {"care-order", "interim-care-order", "emergency-protection-order", "police-protection"}
)
UNTIL: dict[NoticeBasis, int] = {"s2-caa-1984": 16, "s49-ca-1989": 18}
Odd = Literal[
    "notice-child-too-old",
    "notice-past-birthday",
    "notice-birth-not-known",
    "notice-child-not-in-care",
    "sentence-without-conviction",
    "nfa-decided-by-one",
    "dated-ahead",
    "mark-used-twice",
    "rated-low-without-knowing",
    "exit-without-knowing",
    "no-further-action-without-knowing",
    "ages-conflict",
]
#: Inconsistencies in records of arrests, notices and results, in words.
ODD: dict[Odd, str] = {
    "notice-child-too-old": "the child was too old for this notice: section 2 protects until 16, "
    "section 49 until 18",
    "notice-past-birthday": "it ends after the birthday with which its law stops protecting",
    "notice-birth-not-known": "the child's date of birth is not known, and it decides whether the "
    "law carries the notice and until when",
    "notice-child-not-in-care": "section 49 needs a care order, an emergency protection order or "
    "police protection, and none is recorded; accommodation under section 20 is not enough",
    "sentence-without-conviction": "no conviction of this person is recorded",
    "nfa-decided-by-one": "no further action takes two people who decide, and fewer are named",
    "dated-ahead": "it is dated later than it was recorded",
    "mark-used-twice": "another item of this case has the same mark",
    "rated-low-without-knowing": "a later fact speaks against the low rating",
    "exit-without-knowing": "a later fact speaks against the exit",
    "no-further-action-without-knowing": "a later fact speaks against no further action",
    "ages-conflict": "the recorded ages of the child contradict each other",
}
#: How many people have to decide on no further action. The source is a finding of the independent
#: inquiry on Rotherham.
TWO = 2
#: Results that can only follow a conviction.
AFTER = frozenset({"sentenced", "registered-sex-offender"})


class ArrestMade(Event, frozen=True):
    """A person was arrested."""

    stored: ClassVar = Stored("justice.arrest_made", "evidence", "subject", ("offence", "note"))
    meaning: ClassVar = Meaning(
        ("outcome",),
        kind="arrest",
        enters=("arrest", "made"),
        reach="outcome",
        step="beside",
        journey=("arrest",),
        files=True,
        contact=("person", "case"),
        doubts=(
            "exit",
            "result",
        ),
        activity=True,
        card=(Counts("arrest"),),
    )
    person: Annotated[UUID, NAMED, OUTCOME]
    case: Annotated[UUID | None, ABOUT, OUTCOME] = None
    happened: Annotated[datetime | None, OCCURRED] = None
    offence: Annotated[str | None, CODE] = None
    note: Annotated[str | None, WRITTEN] = None


class ChargeBrought(Event, frozen=True):
    """A person was charged with an offence."""

    stored: ClassVar = Stored("justice.charge_brought", "evidence", "subject", ("offence", "note"))
    meaning: ClassVar = Meaning(
        ("outcome",),
        kind="charge",
        enters=("charge", "brought"),
        reach="outcome",
        step="beside",
        journey=("charge",),
        files=True,
        contact=("person", "case"),
        doubts=(
            "exit",
            "result",
        ),
        activity=True,
        card=(Counts("charge"),),
    )
    person: Annotated[UUID, NAMED, OUTCOME]
    case: Annotated[UUID | None, ABOUT, OUTCOME] = None
    happened: Annotated[datetime | None, OCCURRED] = None
    offence: Annotated[str | None, CODE] = None
    note: Annotated[str | None, WRITTEN] = None


class NoticeServed(Event, frozen=True):
    """A child abduction warning notice was served; the child's consent is not needed. The notice
    ends on the child's 16th birthday (s.2 Child Abduction Act 1984) or, for a child in care, on the
    18th birthday (s.49 Children Act 1989)."""

    stored: ClassVar = Stored("justice.notice_served", "evidence", "subject", ("rationale", "note"))
    meaning: ClassVar = Meaning(
        ("outcome",),
        kind="notice",
        enters=("notice", "served"),
        reach="outcome",
        step="beside",
        journey=("warning notice", "basis"),
        files=True,
        contact=("person", "case"),
        activity=True,
        card=(Counts("notice"),),
    )
    person: Annotated[UUID, NAMED, OUTCOME]
    child: Annotated[UUID, NAMED, OUTCOME]
    basis: NoticeBasis
    case: Annotated[UUID | None, ABOUT, OUTCOME] = None
    happened: Annotated[datetime | None, OCCURRED] = None
    expires: date | None = None
    recipient_under_18: bool | None = None
    rationale: Annotated[str | None, WRITTEN] = None
    note: Annotated[str | None, WRITTEN] = None


class ResultRecorded(Event, frozen=True):
    """The result of court proceedings, or a decision not to prosecute, was recorded. If the length
    of the sentence is not known, `sentence_months` is None, and never zero.
    """

    stored: ClassVar = Stored(
        "justice.result_recorded",
        "evidence",
        "subject",
        ("rationale", "parents_view", "childs_view", "decided_by", "note"),
    )
    meaning: ClassVar = Meaning(
        ("outcome",),
        kind="result",
        enters=("result", "kind"),
        reach="outcome",
        step="beside",
        journey=("result", "kind"),
        files=True,
        contact=("person", "case"),
        activity=True,
        card=(
            Counts("result"),
            Counts("conviction", "kind", ("convicted",)),
        ),
        brief="kind",
    )
    kind: ResultKind
    person: Annotated[UUID | None, NAMED, OUTCOME] = None
    case: Annotated[UUID | None, ABOUT, OUTCOME] = None
    happened: Annotated[datetime | None, OCCURRED] = None
    sentence_months: int | None = None
    suspended: bool = False
    review_due: date | None = None
    rationale: Annotated[str | None, WRITTEN] = None
    parents_view: Annotated[str | None, SAID] = None
    childs_view: Annotated[str | None, SAID] = None
    decided_by: Annotated[tuple[str, ...], IDENTIFYING] = ()
    note: Annotated[str | None, WRITTEN] = None


class ResultReopened(Event, frozen=True):
    """A decision of no further action was reopened, because a fact that was unknown at the time of
    the decision contradicts it. The review of the decision is due on the next working day.
    """

    stored: ClassVar = Stored("justice.result_reopened", "evidence", "subject", ("lacked",))
    meaning: ClassVar = Meaning(("run-store",), step="beside", doubts=("exit",))
    of: Annotated[str, CODE]
    lacked: Annotated[str, CODE]
    case: Annotated[UUID | None, NOT_CHECKED, NOT_REACHED] = None


class CareStated(Event, frozen=True):
    """The legal basis of a child's care at the time an abduction notice was served was recorded."""

    stored: ClassVar = Stored("justice.care_stated", "evidence", "subject", ("care",))
    meaning: ClassVar = Meaning(("outcome",), step="beside")
    care: CareStatus


EVENTS = (ArrestMade, ChargeBrought, NoticeServed, ResultRecorded, ResultReopened, CareStated)
Outcome = ArrestMade | ChargeBrought | NoticeServed | ResultRecorded
NFA: tuple[ResultKind, ...] = tuple(
    argument for argument in get_args(ResultKind) if argument.startswith("nfa-")
)
#: Results without a prosecution, which are reviewed when new facts are recorded.
NOT_PURSUED: frozenset[ResultKind] = frozenset({*NFA, "not-prosecuted-best-interests"})


class Proceeding(Struct, frozen=True):
    """The state of one police action: its arrest, charge, notice or result."""

    happened: Outcome | None = None


def evolve(state: Proceeding, event: Event) -> Proceeding:
    match event:
        case ArrestMade() | ChargeBrought() | NoticeServed() | ResultRecorded():
            return Proceeding(event)
    return state


def record(
    outcome: Outcome,
    because_of: tuple[str, ...],
    care: CareStatus | None = None,
    *,
    agreed: bool = False,
) -> tuple[Event, ...]:
    """Record an arrest, a charge, a notice or a result. It is recorded even if `check_notice` or
    `check_result` finds it inconsistent.

    Raises Refused:
    - if the cause is neither named nor stated as unknown;
    - if the recipient of a notice is under 18 and a supervisor's rationale is missing;
    - if the result is no further action for another reason ("nfa-other"), and no words give this
      reason;
    - if the result is a decision not to prosecute and its reasons or the family's views are
      missing;
    - if the length of a sentence is negative.

    Raises TakesTwo if the result is no further action and no second person `agreed`.
    """
    if not because_of:
        raise Refused(
            "say what led to this step; if no cause is known, give none-known",
            field="because_of",
        )
    match outcome:
        case NoticeServed() if outcome.recipient_under_18 and not outcome.rationale:
            raise Refused(
                "a notice to a person under 18 needs the rationale of a supervisor",
                field="rationale",
            )
        case ResultRecorded(kind="nfa-other") if not (outcome.rationale or "").strip():
            raise Refused("give a coded reason for no further action, or write the rationale")
        case ResultRecorded(sentence_months=int(months)) if months < 0:
            raise Refused(
                "give the length of the sentence in months, 0 or more; if it is not "
                "known, leave it out"
            )
        case ResultRecorded(kind="not-prosecuted-best-interests"):
            missing = [
                word
                for word, value in (
                    ("its rationale", outcome.rationale),
                    ("the parents' view", outcome.parents_view),
                    ("the child's view, or why it is not recorded", outcome.childs_view),
                    ("who decided", outcome.decided_by),
                )
                if not value
            ]
            if missing:
                raise Refused("a decision not to prosecute needs " + ", ".join(missing))
    if isinstance(outcome, ResultRecorded) and outcome.kind in NOT_PURSUED and not agreed:
        if outcome.case is None and outcome.person is None:
            raise Refused("say in which case, or against whom, there is no further action")
        raise TakesTwo("recording no further action takes two people")
    return (outcome, CareStated(care)) if care else (outcome,)


def check_notice(
    basis: NoticeBasis,
    served: date,
    born: date | None,
    expires: date | None,
    care: CareStatus | None,
) -> tuple[Odd, ...]:
    """Return the inconsistencies between an abduction notice and the law. A notice under section 2
    of the Child Abduction Act 1984 protects a child until 16. A notice under section 49 of the
    Children Act 1989 protects, until 18, a child who is under a care order, under an emergency
    protection order or in police protection.
    """
    inconsistencies: list[Odd] = []
    if born is None:
        inconsistencies.append("notice-birth-not-known")
    elif served >= (last := notice_ends(born, basis)):
        inconsistencies.append("notice-child-too-old")
    elif expires and expires > last:
        inconsistencies.append("notice-past-birthday")
    if basis == "s49-ca-1989" and care not in IN_CARE:
        inconsistencies.append("notice-child-not-in-care")
    return tuple(inconsistencies)


def check_result(result: str, *, convicted: bool, deciders: int) -> tuple[Odd, ...]:
    """Return the inconsistencies of a recorded result. A result is inconsistent if it is a sentence
    or a registration without a conviction, or if it is "no further action" and fewer than two
    people decided it.
    """
    if result in AFTER and not convicted:
        return ("sentence-without-conviction",)
    return ("nfa-decided-by-one",) if result in NFA and deciders < TWO else ()


def refuse_unlawful(odd: tuple[Odd, ...], basis: NoticeBasis) -> None:
    """Raise Refused if a child abduction warning notice has no basis in law."""
    if odd:
        until = UNTIL[basis]
        raise Refused(
            f"this notice (a child until {until}) cannot be issued: "
            + "; ".join(ODD[code] for code in odd),
            field="basis",
        )


def ends_by_law(recorded_end: date | None, basis: NoticeBasis, born: date | None) -> date | None:
    """Return the day on which an abduction notice ends: the recorded day or the birthday on which
    the notice ends by law, whichever is earlier. Return None if neither day is given.
    """
    days = [day for day in (recorded_end, notice_ends(born, basis) if born else None) if day]
    return min(days, default=None)


def notice_ends(born: date, basis: NoticeBasis) -> date:
    """Return the day on which an abduction notice ends by law: the child's 16th birthday, or the
    18th if the notice is under the law for children in care. If the child was born on 29 February
    and that year is no leap year, the birthday is 1 March.
    """
    year = born.year + UNTIL[basis]
    leap = (born.month, born.day) == (2, 29)
    return date(year, 3, 1) if leap and not isleap(year) else born.replace(year=year)
