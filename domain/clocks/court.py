"""The deadlines of notices, bail and courts, and of the updates and calls that a family has a right
to."""

from datetime import date, datetime, timedelta

from domain.clocks.rule import INVESTIGATORS, ClockRule, Rules
from domain.forms.intervals import LONDON
from domain.kernel.codes import Clock

#: The calls to a family after a trial. Each row has the type of deadline, when the call is due in
#: words, and the same time in days after the trial.
AFTERCARE: tuple[tuple[Clock, str, int], ...] = (
    ("aftercare-1", "one month", 30),
    ("aftercare-3", "three months", 91),
    ("aftercare-9", "nine months", 274),
)


def aftercare_from(clock: Clock, trial: datetime) -> date:
    """Return the first day on which a call to a family after a trial meets the deadline `clock`.

    The calls are due 30, 91 and 274 days after the trial. A call may be made early, but no earlier
    than midway between the previous due day and its own: the call due after 91 days counts from day
    60. Raises ValueError for any other type of deadline.
    """
    before = 0
    for aftercare_clock, _, days in AFTERCARE:
        if aftercare_clock == clock:
            return trial.astimezone(LONDON).date() + timedelta(days=(before + days) // 2)
        before = days
    raise ValueError(f"{clock} is not a deadline after a trial")


CLOCKS: Rules = {
    "notice-expiry": ClockRule(
        says="a warning notice ends",
        begins="a warning notice was served, with the day on which it ends",
        source="the notice itself; s.2 Child Abduction Act 1984, s.49 Children Act 1989",
        after=None,
        role="detective",
        chain=("manager", "dci"),
        tier="practice",
        extends=(*INVESTIGATORS, "manager", "dci"),
    ),
    "notice-renewal": ClockRule(
        says="a warning notice is about to end: decide about another one",
        begins="a warning notice was served, with the day on which it ends",
        source="the notice itself; the two weeks before its end are the team's own [verify]",
        after=None,
        role="detective",
        chain=("manager", "dci"),
        tier="practice",
        extends=(*INVESTIGATORS, "manager", "dci"),
    ),
    "notice-breach": ClockRule(
        says="follow up, as a supervisor, the breach of a warning notice",
        begins="a breach of a warning notice was recorded",
        source="a child is with a person who was warned not to be with them, and a breach is not "
        "an offence by itself; the limit of a day is the product's own [verify]",
        after=timedelta(hours=24),
        role="supervisor",
        chain=("dci",),
        tier="danger",
        done_by="following up the breach: notice response {item}",
    ),
    "no-action-review": ClockRule(
        says="review a decision of no further action",
        begins="a result of no further action was recorded, perhaps with its own day of review",
        source="the day that the user set, or else half a year [verify]",
        after=timedelta(days=182),
        role="detective",
        chain=("manager", "dci"),
        tier="practice",
        extends=(*INVESTIGATORS, "manager", "dci"),
    ),
    "bail-ends": ClockRule(
        says="bail ends",
        begins="a suspect was put on bail until a day",
        source="the day that was set; Police and Criminal Evidence Act 1984 Part 4 [verify]",
        after=None,
        role="detective",
        chain=("supervisor", "dci"),
        tier="law",
        done_by="recording how the bail ended: court bail-ended {item}",
    ),
    "hearing": ClockRule(
        says="a court hears the case",
        begins="a court hearing was set, or its date was changed",
        source="the day that the court set",
        after=None,
        role="psw",
        chain=("manager",),
        tier="law",
        verb="Attend",
        done_by="recording the outcome of the hearing, or its new date: court hearing-outcome "
        "{item}",
    ),
    "visit": ClockRule(
        says="show a family the court before the trial",
        begins="a visit to the court before the trial was planned, with its day",
        source='report: "arranging for them to take parents around the court"; the day that was '
        "planned",
        after=None,
        role="psw",
        chain=("manager",),
        tier="practice",
        verb="Attend",
        done_by="recording the visit: court step {item} pre-trial-visit",
    ),
    "order-ends": ClockRule(
        says="a court order ends",
        begins="a court made an order that ends on a day",
        source="the day that the court set",
        after=None,
        role="detective",
        chain=("supervisor", "manager"),
        tier="law",
        extends=(*INVESTIGATORS, "manager", "dci"),
    ),
    "review-right": ClockRule(
        says="the time ends in which a family may request a review of a decision not to charge",
        begins="a decision not to charge was recorded",
        source="Victims' Code right 6, the Victims' Right to Review scheme: three months [verify]",
        after=timedelta(days=91),
        role="psw",
        chain=("manager", "dci"),
        tier="law",
        verb="Answer",
        done_by="recording whether the family requests a review: charging review {item}",
    ),
    "review-answer": ClockRule(
        says="answer a family's request to review a decision not to charge",
        begins="a family requested a review of a decision not to charge",
        source="Victims' Right to Review scheme: 30 working days [verify]",
        after=None,
        working_days=30,
        role="detective",
        chain=("supervisor", "dci"),
        tier="law",
        verb="Answer",
        done_by="recording the outcome of the review: charging review {item}",
    ),
    "victim-told": ClockRule(
        says="tell a family what happened in the case, unless they would rather not know",
        begins="the first step of a case of which the family was not told: an arrest, bail, a "
        "charging decision, a hearing, a verdict, a sentence, an order or an appeal",
        source="Victims' Code 2021, rights 6 and 9: one working day for a victim with enhanced "
        "rights, as a sexually exploited child is; five for others [verify]",
        after=None,
        working_days=1,
        role="detective",
        chain=("supervisor", "dci"),
        tier="law",
        verb="Contact",
        done_by="telling the family: family inform {item} step, or news-declined",
    ),
    "victim-updated": ClockRule(
        says="tell a family the state of the case, even if nothing happened",
        begins="the first step of the case of which the family was told, and each later time "
        "when they were told, until the case is no longer pursued or there is a verdict",
        source="Victims' Code 2021, right 6: each month during an investigation, or as "
        "agreed with the victim; a month is counted as 31 days [verify]",
        after=timedelta(days=31),
        role="detective",
        chain=("supervisor", "dci"),
        tier="law",
        verb="Contact",
        extends=(*INVESTIGATORS, "psw", "charity-worker"),
        done_by="telling the family the state of the case: family inform {item} step --of update",
    ),
    "debrief": ClockRule(
        says="debrief a family after the trial",
        begins="a verdict or a sentence was recorded in the case",
        source='report: "post court debriefing"; two weeks are the team\'s own [verify]',
        after=timedelta(days=14),
        role="psw",
        chain=("manager",),
        tier="practice",
        verb="Attend",
        extends=("psw", "charity-worker", "manager"),
        done_by="recording the debriefing: court step {item} debrief",
    ),
    **{
        clock: ClockRule(
            says=f"a family is asked how they are {words} after the trial",
            begins="a verdict or a sentence was recorded in the case",
            source='report: "still phoned the PSW, 9 months after the end of the trial"; the '
            "team's own [verify]",
            after=timedelta(days=days),
            role="psw",
            chain=("manager",),
            tier="practice",
            verb="Attend",
            extends=("psw", "charity-worker", "manager"),
            done_by="recording the call: court step {item} aftercare",
        )
        for clock, words, days in AFTERCARE
    },
    "feedback": ClockRule(
        says="ask a family how they found the support",
        begins="a verdict, a sentence or the end of a prosecution was recorded in the case",
        source="report, conclusion: parents take part in an evaluation soon after a trial; "
        "four weeks are the team's own [verify]",
        after=timedelta(days=28),
        role="psw",
        chain=("manager",),
        tier="practice",
        verb="Contact",
        extends=("psw", "charity-worker", "manager"),
        done_by="asking the family: family feedback {item}",
    ),
}
