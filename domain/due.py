"""What has a date: which clocks there are, when each is due, and whose it is.

A date that somebody sets comes back on its day. The due instant is stored; whether it is past is a
question at a moment (`projections/due.py`). A further clock is a row of `CLOCKS`, and an arm there.
Long because every clock stands here with its rule.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar, Literal, get_args
from uuid import UUID, uuid5

from domain.codes import Clock, Tier
from domain.envelope import Event, Stored
from domain.forms import working_days
from domain.forms.intervals import LONDON
from domain.values import Refused, Role

TIERS: tuple[Tier, ...] = get_args(Tier)
Answer = Literal["agree", "assess", "done", "again"]
ANSWERS: tuple[Answer, ...] = get_args(Answer)
DUE = UUID("8d1f4c3b-2a6e-5d70-9b8c-7f6e5d4c3b2a")


INVESTIGATORS: tuple[Role, ...] = ("detective", "intelligence-officer", "supervisor")
SENIORS: tuple[Role, ...] = ("supervisor", "manager", "dci")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What is due, in words; which fact begins it, and where the rule stands. After how long where
    nobody sets a day; which role's it is where no person is named; to which roles it goes in turn
    while nobody acts, whom no setting passes over; who may put it off, with a reason. `done_by` is
    what ends it, where that is another command than answering it here; `working_days` are its time,
    until the last of them is over, where the law counts in those."""

    says: str
    begins: str
    source: str
    after: timedelta | None
    role: Role
    chain: tuple[Role, ...]
    tier: Tier
    extends: tuple[Role, ...] = ()
    done_by: str | None = None
    working_days: int | None = None

    @property
    def within(self) -> timedelta:
        """How long it has. Raises Refused for a clock of which every date is set."""
        if self.after is None:
            raise Refused(f"say when: {self.says}")
        return self.after


#: When a family is asked how they are, after a trial.
AFTERCARE: tuple[tuple[Clock, str, int], ...] = (
    ("aftercare-1", "one month", 30),
    ("aftercare-3", "three months", 91),
    ("aftercare-9", "nine months", 274),
)
CLOCKS: dict[Clock, Rule] = {
    "no-value-audit": Rule(
        says="a second person looks at a decision that words have no value",
        begins="a decision that words have no value was drawn for the sample",
        source="two people decide that nothing follows; the sample and the week are the team's own",
        after=timedelta(days=7),
        role="detective",
        chain=("manager", "dci"),
        tier="practice",
    ),
    "no-action-review": Rule(
        says="no further action is reviewed",
        begins="a result that ends the pursuit of somebody, or its own day of review",
        source="the day that was set; half a year where none was [verify]",
        after=timedelta(days=182),
        role="detective",
        chain=("manager", "dci"),
        tier="practice",
        extends=(*INVESTIGATORS, "manager", "dci"),
    ),
    "opinion-review": Rule(
        says="an opinion is looked at again",
        begins="an opinion was written, with the day of its review",
        source="Data Protection Act 2018 s.38: opinion apart from fact; the day that was set",
        after=None,
        role="psw",
        chain=("manager",),
        tier="practice",
        extends=("psw", "charity-worker", "manager"),
    ),
    "notice-expiry": Rule(
        says="a warning notice ends",
        begins="a warning notice was served, with the day on which it ends",
        source="the notice itself; s.2 Child Abduction Act 1984, s.49 Children Act 1989",
        after=None,
        role="detective",
        chain=("manager", "dci"),
        tier="practice",
        extends=(*INVESTIGATORS, "manager", "dci"),
    ),
    "restriction-review": Rule(
        says="a restriction is reviewed",
        begins="something was restricted",
        source="Data Protection Act 2018 s.47 has no day: half a year is the team's own [verify]",
        after=timedelta(days=182),
        role="detective",
        chain=("manager", "dci"),
        tier="practice",
        extends=(*INVESTIGATORS, "manager", "dci", "disclosure-officer"),
    ),
    "retention-review": Rule(
        says="what was retained until now is reviewed",
        begins="a review retained something until a day",
        source="Police Information and Records Management Code of Practice 2023 [verify]",
        after=None,
        role="detective",
        chain=("manager", "dci"),
        tier="law",
        extends=(*INVESTIGATORS, "manager", "dci"),
    ),
    "release-review": Rule(
        says="another officer looks at what was shared at once",
        begins="intelligence was shared at once by one person, who said when it is reviewed",
        source="two people release; what could not wait is looked at within a day",
        after=timedelta(hours=24),
        role="detective",
        chain=("manager", "dci"),
        tier="practice",
    ),
    "hold-review": Rule(
        says="a legal hold is reviewed",
        begins="a legal hold was ordered or reviewed",
        source="the day that was set; half a year where none was [verify]",
        after=timedelta(days=182),
        role="detective",
        chain=("manager", "dci"),
        tier="law",
        extends=(*INVESTIGATORS, "manager", "dci", "disclosure-officer"),
    ),
    "hold-confirmation": Rule(
        says="a second person confirms a hold on the whole store, which stands until it is lifted",
        begins="a hold on the whole store was ordered",
        source="two people hold everything; 72 hours are the product's own",
        after=timedelta(hours=72),
        role="manager",
        chain=("dci",),
        tier="law",
        done_by="confirming the hold: hold confirm {item}",
    ),
    "return-interview": Rule(
        says="a child who was missing is interviewed, within 72 hours of coming back",
        begins="a missing child was found",
        source="statutory guidance on children who run away or go missing, 2014 [verify]",
        after=timedelta(hours=72),
        role="missing-coordinator",
        chain=("manager", "dci"),
        tier="law",
        done_by="recording the interview: missing interview {item}",
    ),
    "words-waiting": Rule(
        says="words wait to be assessed",
        begins="words came in, from when a worker was told them",
        source="no word is left lying (Rochdale); 72 hours, unless a force sets another time",
        after=timedelta(hours=72),
        role="detective",
        chain=("supervisor", "dci"),
        tier="practice",
        done_by="deciding about them: triage {item}, or assess",
    ),
    "urgent-words": Rule(
        says="urgent words wait to be assessed",
        begins="words are urgent, by somebody's word or by what stands in them",
        source="no word is left lying (Rochdale); an hour, unless a force sets another time",
        after=timedelta(hours=1),
        role="detective",
        chain=("supervisor", "dci"),
        tier="danger",
        done_by="deciding about them: triage {item}, or assess",
    ),
    "alert": Rule(
        says="an alert waits for an answer",
        begins="a message went a way that is unsafe, or a child with a case was arrested",
        source="victims arrested while exploited (Jay); a day is the product's own [verify]",
        after=timedelta(hours=24),
        role="detective",
        chain=("supervisor", "dci"),
        tier="danger",
        done_by="answering the alert: alerts lists it",
    ),
    "danger-now": Rule(
        says="somebody is in danger now",
        begins="a worker said that somebody of a family is in danger, and what that needs",
        source='report: "life and death for parents too"; it rings at once',
        after=None,
        role="detective",
        chain=("supervisor", "dci"),
        tier="danger",
        done_by="answering the alert: alerts lists it",
    ),
    "missing-child": Rule(
        says="a child is missing: what is done to find them is looked at again",
        begins="a child was reported missing",
        source="statutory guidance on children who run away or go missing, 2014 [verify the hour]",
        after=timedelta(hours=1),
        role="missing-coordinator",
        chain=("supervisor", "dci"),
        tier="danger",
        extends=("missing-coordinator", *SENIORS),
        done_by="recording that the child was found: missing found {item}",
    ),
    "unallocated-child": Rule(
        says="a child has no worker",
        begins="a case was opened, or opened again",
        source="the weekly brief decides about new referrals: the team's own week [verify]",
        after=timedelta(days=7),
        role="manager",
        chain=("dci",),
        tier="practice",
        done_by="allocating a worker: allocate {item}",
    ),
    "threshold-reassessment": Rule(
        says="a child's rating is assessed again",
        begins="a case was opened, or its rating assessed",
        source="risk tools are repeated at least every three months (SERAF) [verify]",
        after=timedelta(days=92),
        role="detective",
        chain=("manager", "dci"),
        tier="practice",
        extends=SENIORS,
        done_by="assessing the rating: threshold {item}",
    ),
    "family-silence": Rule(
        says="nobody was in contact with a family: ask how they are. Silence is not safety",
        begins="the parents were given a worker, or the last contact with the family",
        source="the contact that was agreed; two weeks where nobody set a day [verify]",
        after=timedelta(days=14),
        role="psw",
        chain=("manager",),
        tier="practice",
        extends=("psw", "charity-worker", "manager", "supervisor"),
        done_by="recording the contact: support contact {item}",
    ),
    "parent-acknowledged": Rule(
        says="a parent is told that what they sent has come in",
        begins="words of a family came by message, letter or log, with nobody there to hear them",
        source="report: concerns were not valued, recognised or responded to; a day is the team's "
        "own [verify]",
        after=timedelta(hours=24),
        role="psw",
        chain=("manager",),
        tier="practice",
        done_by="telling them, or any contact with them: family told {item} received",
    ),
    "parent-answered": Rule(
        says="a parent is told what became of what they said",
        begins="a family's words were recorded, the first since they were last answered",
        source="report: concerns were not valued, recognised or responded to; 28 days are the "
        "team's own [verify]",
        after=timedelta(days=28),
        role="psw",
        chain=("manager",),
        tier="practice",
        extends=("psw", "charity-worker", "manager"),
        done_by="telling them: family told {item}",
    ),
    "named-at-risk": Rule(
        says="another child who may be at risk is decided about",
        begins="a sibling, a friend or another child was named at risk",
        source='report: "Siblings are also affected by CSE"; two weeks are the team\'s own '
        "[verify]",
        after=timedelta(days=14),
        role="detective",
        chain=("manager", "dci"),
        tier="practice",
        done_by="giving them a case of their own, or ending it: family decided {item}",
    ),
    "hearing": Rule(
        says="a court hears the case",
        begins="a hearing was set, or moved",
        source="the day that the court set",
        after=None,
        role="psw",
        chain=("manager",),
        tier="law",
        done_by="saying what came of it, or moving it: court held {item}",
    ),
    "bail-ends": Rule(
        says="bail ends",
        begins="somebody was put on bail until a day",
        source="the day that was set; Police and Criminal Evidence Act 1984 Part 4 [verify]",
        after=None,
        role="detective",
        chain=("supervisor", "manager"),
        tier="law",
        done_by="saying how it ended: court bail-ended {item}",
    ),
    "debrief": Rule(
        says="a family is debriefed after the trial",
        begins="a verdict or a sentence in the case",
        source='report: "post court debriefing"; two weeks are the team\'s own [verify]',
        after=timedelta(days=14),
        role="psw",
        chain=("manager",),
        tier="practice",
        extends=("psw", "charity-worker", "manager"),
        done_by="recording it: court step {item} debrief",
    ),
    **{
        clock: Rule(
            says=f"a family is asked how they are {words} after the trial",
            begins="a verdict or a sentence in the case",
            source='report: "still phoned the PSW, 9 months after the end of the trial"; the '
            "team's own [verify]",
            after=timedelta(days=days),
            role="psw",
            chain=("manager",),
            tier="practice",
            extends=("psw", "charity-worker", "manager"),
            done_by="recording it: court step {item} aftercare",
        )
        for clock, words, days in AFTERCARE
    },
    "feedback": Rule(
        says="a family is asked how they found the support",
        begins="a verdict, a sentence, or the end of a prosecution in the case",
        source="report, conclusion: parents take part in an evaluation soon after a trial; "
        "four weeks are the team's own [verify]",
        after=timedelta(days=28),
        role="psw",
        chain=("manager",),
        tier="practice",
        extends=("psw", "charity-worker", "manager"),
        done_by="asking them: family asked {item}",
    ),
    "promise": Rule(
        says="a family was promised something",
        begins="the promise, with its day",
        source='report: parents valued "that they do what they said they were going to do"',
        after=None,
        role="psw",
        chain=("manager",),
        tier="practice",
        done_by="saying whether it was kept: family kept {item} kept",
    ),
    "family-silence-unsafe": Rule(
        says="a family is silent, and a way to reach them is unsafe: do not contact them. "
        "A supervisor decides how it is asked safely",
        begins="as for the silence of a family, once a way to reach them was found unsafe",
        source="nobody is prompted to contact a family where a suspect may hear it",
        after=timedelta(days=14),
        role="supervisor",
        chain=("dci",),
        tier="practice",
        extends=("supervisor", "dci"),
        done_by="recording a contact by a safe way: support contact {item}",
    ),
    "notice-renewal": Rule(
        says="a warning notice is about to end: another one, or none?",
        begins="a warning notice was served, with the day on which it ends",
        source="the notice itself; two weeks before it ends are the team's own [verify]",
        after=None,
        role="detective",
        chain=("manager", "dci"),
        tier="practice",
        extends=(*INVESTIGATORS, "manager", "dci"),
    ),
    "notice-breach": Rule(
        says="a warning notice was breached: a supervisor follows it up",
        begins="a breach of a warning notice was recorded",
        source="a child is with somebody who was warned of it, and a breach is no offence by "
        "itself; a day is the product's own [verify]",
        after=timedelta(hours=24),
        role="supervisor",
        chain=("dci",),
        tier="danger",
        done_by="following it up: notice followed {item}",
    ),
    "victim-told": Rule(
        says="a family is told what happened in the case, or would rather not be",
        begins="an arrest, bail, a decision to charge or not, a hearing, a verdict, a sentence, an "
        "order or an appeal; the first of which they were not told",
        source="Victims' Code 2021, rights 6 and 9: one working day for a victim with enhanced "
        "rights, as a sexually exploited child is; five for others [verify]",
        after=None,
        working_days=1,
        role="detective",
        chain=("supervisor", "dci"),
        tier="law",
        done_by="telling them: family told {item} step, or news-declined",
    ),
    "review-right": Rule(
        says="a family may ask that a decision not to charge is looked at again: that ends",
        begins="a decision not to charge",
        source="Victims' Code right 6, the Victims' Right to Review scheme: three months [verify]",
        after=timedelta(days=91),
        role="psw",
        chain=("manager", "dci"),
        tier="law",
        done_by="saying whether they ask: charging review {item}",
    ),
    "review-answer": Rule(
        says="a family asked that a decision not to charge is looked at again: they are answered",
        begins="the family asked for it",
        source="Victims' Right to Review scheme: 30 working days [verify]",
        after=None,
        working_days=30,
        role="detective",
        chain=("supervisor", "manager"),
        tier="law",
        done_by="saying what was answered: charging review {item}",
    ),
    "order-ends": Rule(
        says="an order of a court ends",
        begins="a court ordered something until a day",
        source="the day that the court set",
        after=None,
        role="detective",
        chain=("supervisor", "manager"),
        tier="law",
        extends=(*INVESTIGATORS, "manager", "dci"),
    ),
    "proposal": Rule(
        says="a second person decides about what was proposed",
        begins="something was proposed that takes two people",
        source="what lessens protection takes two people; a week is the product's own",
        after=timedelta(days=7),
        role="detective",
        chain=("manager", "dci"),
        tier="practice",
        done_by="confirming or refusing it: confirm {item}",
    ),
    "release-proposal": Rule(
        says="a second officer decides about a release that the checker marks",
        begins="the release of a marked text was proposed",
        source="two people release; three days are the product's own",
        after=timedelta(days=3),
        role="detective",
        chain=("manager", "dci"),
        tier="practice",
        done_by="confirming or refusing it: disseminate {item}",
    ),
    "consent": Rule(
        says="an originator was asked for their consent and has not answered",
        begins="consent to use an item under conditions was asked for",
        source="handling conditions of the 3x5x2; a week is the product's own [verify]",
        after=timedelta(days=7),
        role="detective",
        chain=("manager", "dci"),
        tier="practice",
        done_by="giving or refusing it: consent give {item}",
    ),
    "access-request": Rule(
        says="somebody who asks what is held about them is answered",
        begins="a request for access was received, or extended",
        source="Data Protection Act 2018 s.54, UK GDPR arts.12 and 12A, as in force since 5 "
        "February 2026: a month, or three; days of asking the subject do not count",
        after=None,
        role="disclosure-officer",
        chain=("manager", "dci"),
        tier="law",
        done_by="answering it: request answer; request extend gives two further months",
    ),
    "access-request-part": Rule(
        says="a team decides what it gives of what somebody asks to see",
        begins="another team was asked what it holds",
        source="Data Protection Act 2018 s.54, UK GDPR art.12(3): the request's own day [verify]",
        after=None,
        role="disclosure-officer",
        chain=("manager", "dci"),
        tier="law",
        done_by="completing the team's part: request complete {item}",
    ),
    "access-request-asked": Rule(
        says="somebody who asks what is held has not said what they were asked: ask them again",
        begins="the subject of a request was asked who they are, or what they mean",
        source="their clock stands still (Data Protection Act 2018 s.54(3C)), and nobody forgets "
        "them; two weeks are the product's own [verify]",
        after=timedelta(days=14),
        role="disclosure-officer",
        chain=("manager",),
        tier="practice",
        done_by="telling what they answered: request heard",
    ),
    "victim-information-request": Rule(
        says="whose support notes are asked for decides what is given",
        begins="information about a victim was asked for",
        source="Police, Crime, Sentencing and Courts Act 2022 ss.44A-44F and its code: the day "
        "that who asks set; 28 days are the team's own [verify]",
        after=timedelta(days=28),
        role="psw",
        chain=("manager",),
        tier="practice",
        extends=("psw", "charity-worker"),
        done_by="deciding about it: victim-request decide {item}, then hand-over",
    ),
    "complaint-acknowledged": Rule(
        says="somebody who complains about data is told that it came in",
        begins="a complaint about data came in",
        source="Data Protection Act 2018 s.164A(3) (Data (Use and Access) Act 2025 s.103), in "
        "force 19 June 2026: within 30 days",
        after=timedelta(days=30),
        role="disclosure-officer",
        chain=("manager", "dci"),
        tier="law",
        done_by="telling them: complaint acknowledged {item}",
    ),
    "complaint-outcome": Rule(
        says="somebody who complains about data is told what came of it",
        begins="a complaint about data came in",
        source="Data Protection Act 2018 s.164A(4): without undue delay; 90 days are the "
        "product's own [verify]",
        after=timedelta(days=90),
        role="disclosure-officer",
        chain=("manager", "dci"),
        tier="practice",
        extends=("disclosure-officer", "psw", "charity-worker", "manager"),
        done_by="telling them: complaint outcome {item}",
    ),
    "duty-to-report": Rule(
        says="child sexual abuse is reported, to the police or the local authority",
        begins="somebody said that they have to report it, from when they knew",
        source="Crime and Policing Act 2026 [verify its commencement]: as soon as is practicable, "
        "in seven days at the latest; a day is the product's own",
        after=timedelta(hours=24),
        role="psw",
        chain=("manager", "dci"),
        tier="law",
        done_by="telling it: reporting reported {item}; reporting later says why it waits",
    ),
    "contact-decision": Rule(
        says="another team looked for a child of yours: do you get in touch?",
        begins="a search met what its searcher may not see",
        source="no child is lost between two teams; a day is the product's own",
        after=timedelta(hours=24),
        role="detective",
        chain=("manager", "dci"),
        tier="practice",
        done_by="deciding about the contact: hits lists it",
    ),
    "glass-review": Rule(
        says="somebody else looks at why a case was opened past the rules",
        begins="somebody broke the glass of a case",
        source="whoever looks is looked at; a day is the product's own",
        after=timedelta(hours=24),
        role="supervisor",
        chain=("dci",),
        tier="practice",
        done_by="reviewing it: glass lists it",
    ),
    "withheld-words": Rule(
        says="a supervisor weighs what a child asked not to be passed on",
        begins="a return interview was held in which the child asked for it",
        source="a child's wish is weighed and never dropped; a day is the team's own [verify]",
        after=timedelta(hours=24),
        role="supervisor",
        chain=("dci",),
        tier="practice",
        done_by="weighing it: missing weighed {item}",
    ),
    "missing-plan-review": Rule(
        says="the plan for when a child goes missing is looked at again",
        begins="the plan was written, with the day of its review",
        source="the day that was set",
        after=None,
        role="missing-coordinator",
        chain=("manager",),
        tier="practice",
        done_by="writing the plan anew: missing plan {item}",
    ),
    "meeting-decision": Rule(
        says="what a meeting decided is done, and its result told",
        begins="a meeting decided it, with whose it is and its day",
        source="the day that the meeting set (report: the weekly brief, the working group)",
        after=None,
        role="supervisor",
        chain=("manager", "dci"),
        tier="practice",
        extends=SENIORS,
        done_by="saying what came of it: meeting result {item}",
    ),
    "supervision": Rule(
        says="a worker has line management supervision",
        begins="a worker was given a family, or their last line supervision was held",
        source="report: the sustainability of such intense and demanding work must be considered; "
        "four weeks are the team's own [verify]",
        after=timedelta(days=28),
        role="manager",
        chain=("dci",),
        tier="practice",
        extends=("manager",),
    ),
}
#: What prompts a worker to speak with a family.
CONTACTING: frozenset[Clock] = frozenset(
    {
        "parent-acknowledged",
        "parent-answered",
        "victim-told",
        "debrief",
        "feedback",
        *(clock for clock, _, _ in AFTERCARE),
    }
)
#: What is said beside it where a suspect may hear or read what they are told.
NOT_THERE = "a way to reach them is unsafe: speak to them in person, away from home"
#: So long before a notice ends somebody is asked whether another one is served.
BEFORE_NOTICE_ENDS = timedelta(days=14)


class DueAnswered(Event, frozen=True):
    """Somebody answered what was due: it is done, or comes again at `until`."""

    stored: ClassVar = Stored("due.answered", "evidence", "record", ("reason",))
    item: UUID
    clock: Clock
    answer: Answer
    reason: str
    until: datetime | None = None


EVENTS = (DueAnswered,)


def stream(item: UUID, clock: Clock) -> UUID:
    """The id of what is due about an item by one clock, and the stream of its answers."""
    return uuid5(DUE, f"{item}|{clock}")


def last_moment(day: date) -> datetime:
    """When a day is over in London: until then what is due on it is not late."""
    return datetime.combine(day + timedelta(days=1), time(), LONDON)


def instant(clock: Clock, since: datetime, day: date | None) -> datetime | None:
    """When it is due: at the end of the day that somebody set, else after the clock's own time;
    None where there is neither."""
    if day is not None:
        return last_moment(day)
    rule = CLOCKS[clock]
    if rule.working_days is not None:
        today = since.astimezone(LONDON).date()
        return last_moment(working_days.after(today, rule.working_days))
    return since + rule.after if rule.after else None


def answer(
    item: UUID, clock: Clock, said: Answer, reason: str, until: datetime | None, now: datetime
) -> tuple[Event, ...]:
    """Answer what is due. Raises Refused without a reason, for an answer that this clock does not
    take, and for a day that is past."""
    if said not in ("done", "again"):
        raise Refused("answer done, or again with the day on which it comes back")
    if not reason.strip():
        raise Refused("say what was done, or why it comes again")
    if (said == "again") != (until is not None):
        raise Refused("again needs the day on which it comes back; what is done has none")
    if until and until <= now:
        raise Refused("it would be due again at once: give a later day", field="until")
    return (DueAnswered(item, clock, said, reason, until),)
