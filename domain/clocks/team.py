"""The deadlines of a team: decisions of its meetings, supervision of its workers, the workers'
yearly confirmation of their role charter, and targets.
"""

from datetime import timedelta

from domain.clocks.rule import SENIORS, ClockRule, Rules

CLOCKS: Rules = {
    "meeting-decision": ClockRule(
        says="do what a meeting decided, and record the result",
        begins="a meeting made a decision, with its owner and its day",
        source="the day that the meeting set (report: the weekly brief, the working group)",
        after=None,
        role="supervisor",
        chain=("manager", "dci"),
        tier="practice",
        extends=SENIORS,
        done_by="recording the result: meeting result {item}",
    ),
    "supervision": ClockRule(
        says="hold a worker's line management supervision",
        begins="a worker was given a family, or their last line supervision was held",
        source="report: the sustainability of such intense and demanding work must be considered; "
        "four weeks are the team's own [verify]",
        after=timedelta(days=28),
        role="manager",
        chain=("dci",),
        tier="practice",
        extends=("manager",),
    ),
    "charter": ClockRule(
        says="read the role charter: what a Parent Support Worker does and never does",
        begins="a worker was given a family, or last read the charter",
        source='report, conclusion: "all agencies have the same understanding of their role"; a '
        "week, and then a year, are the team's own [verify]",
        after=timedelta(days=7),
        role="psw",
        chain=("manager",),
        tier="practice",
        done_by="reading the charter: charter acknowledge",
    ),
    "target-told": ClockRule(
        says="report the results of a year's targets to a funder or a board: card",
        begins="a target was set; its result is due a month after its year has ended",
        source='report, conclusion: "The targets set by Pace for the funders"; a month is the '
        "team's own [verify]",
        after=None,
        role="manager",
        chain=("dci",),
        tier="practice",
        extends=("manager",),
    ),
}
