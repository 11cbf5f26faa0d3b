"""The deadlines of a child's case, until adult services take over."""

from datetime import timedelta

from domain.clocks.rule import SENIORS, ClockRule, Rules

CLOCKS: Rules = {
    "unallocated-child": ClockRule(
        says="allocate a worker to a child",
        begins="a case was opened, or opened again",
        source="the weekly brief decides about new referrals; the limit of a week is the team's "
        "own [verify]",
        after=timedelta(days=7),
        role="manager",
        chain=("dci",),
        tier="practice",
        verb="Allocate",
        done_by="allocating a worker: allocate {item}",
    ),
    "threshold-reassessment": ClockRule(
        says="assess a child's rating again",
        begins="a case was opened, or its rating assessed",
        source="risk tools are repeated at least every three months (SERAF) [verify]",
        after=timedelta(days=92),
        role="detective",
        chain=("manager", "dci"),
        tier="practice",
        extends=SENIORS,
        done_by="assessing the rating: threshold {item}",
    ),
    "missing-child": ClockRule(
        says="a child is missing: review the search for them",
        begins="a child was reported missing",
        source="statutory guidance on children who run away or go missing, 2014 [verify the hour]",
        after=timedelta(hours=1),
        role="missing-coordinator",
        chain=("supervisor", "dci"),
        tier="danger",
        verb="Find",
        extends=("missing-coordinator", *SENIORS),
        done_by="recording that the child was found: missing found {item}",
    ),
    "return-interview": ClockRule(
        says="interview a child within 72 hours of their return",
        begins="a missing child was found",
        source="statutory guidance on children who run away or go missing, 2014 [verify]",
        after=timedelta(hours=72),
        role="missing-coordinator",
        chain=("manager", "dci"),
        tier="law",
        verb="Find",
        done_by="recording the interview: missing interview {item}",
    ),
    "withheld-words": ClockRule(
        says="decide, as a supervisor, about a child's wish that something is not passed on",
        begins="in a return interview a child asked that something is not passed on",
        source="a child's wish is always weighed; the limit of a day is the team's own [verify]",
        after=timedelta(hours=24),
        role="supervisor",
        chain=("dci",),
        tier="practice",
        done_by="weighing the child's wish: missing confidence {item}",
    ),
    "missing-plan-review": ClockRule(
        says="review the plan for when a child goes missing",
        begins="a trigger plan was written, with the day of its review",
        source="the day that the user set",
        after=None,
        role="missing-coordinator",
        chain=("supervisor", "dci"),
        tier="practice",
        done_by="writing the plan again: missing plan {item}",
    ),
    "named-at-risk": ClockRule(
        says="decide about another child who may be at risk",
        begins="a sibling, a friend or another child was named at risk",
        source='report: "Siblings are also affected by CSE"; two weeks are the team\'s own '
        "[verify]",
        after=timedelta(days=14),
        role="detective",
        chain=("supervisor", "dci"),
        tier="practice",
        done_by="opening a case for the child, or ending the concern: family at-risk-decision "
        "{item}",
    ),
    "duty-to-report": ClockRule(
        says="report child sexual abuse to the police or the local authority",
        begins="a worker knew of abuse that they have to report",
        source="Crime and Policing Act 2026 [verify its commencement]: as soon as is practicable, "
        "in seven days at the latest; the limit of a day is the product's own",
        after=timedelta(hours=24),
        role="psw",
        chain=("supervisor", "dci"),
        tier="law",
        verb="Answer",
        done_by="reporting the abuse: reporting report {item}; reporting postpone records why "
        "the report waits",
    ),
    "marac": ClockRule(
        says="record the MARAC's decision about a young person",
        begins="a young person was referred to a MARAC, with the day on which it meets",
        source='report, section 4: "two female victims of CSE became high-risk young adults"; the '
        "day that was set",
        after=None,
        role="social-worker",
        chain=("manager",),
        tier="practice",
        done_by="recording the decision: marac outcome {item}",
    ),
    "adult-services": ClockRule(
        says="ask adult services whether they support a young person",
        begins="a case ended with the move to adult services",
        source="silence is not safety, so a worker asks; the limit of four weeks is the "
        "product's own [verify]",
        after=timedelta(days=28),
        role="social-worker",
        chain=("manager",),
        tier="practice",
        extends=("social-worker", "psw", "manager"),
    ),
}
