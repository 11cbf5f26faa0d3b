"""The report card: a team's year in figures, for the seven objectives of the report.

The card's readers (funders, evaluators, a safeguarding board) see no family. The card counts each
family once, by the day on which a fact was recorded, and only for years that have ended. Later
records do not change the card's figures; but the figures change if records are erased, restricted
or filed under another family. A share is shown with its total, and figures of too few families are
left out (`domain.kernel.suppression`). Health, placement, ethnicity, nationality and risks to a
parent are not counted.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID, uuid5

from msgspec import Struct

from domain.forms.intervals import LONDON
from domain.kernel import suppression
from domain.kernel.codes import CardMeasure, Vulnerability
from domain.kernel.envelope import Event, Meaning, Stored
from domain.kernel.fields import CODE
from domain.kernel.values import Refused

#: The seven objectives that the evaluation report measures (section 2): "Pace's contribution to
#: achieving the following objectives".
OBJECTIVES: tuple[str, ...] = (
    "To support work with parents and carers",
    "To increase parents' understanding of exploitation",
    "To improve relations within the family",
    "To reduce risk to children and young people",
    "To improve evidence gathering",
    "To support parents through prosecutions",
    "To realise potential cost savings by involving parents",
)
#: The number of the card's section on the completeness of the record, beside the seven objectives:
#: "some teams were more able to locate and share this information than others" (report, section 2).
COMPLETE = 0
#: Notes that tell the reader of a report card how to read its figures.
CAUTION: tuple[str, ...] = (
    "A team's work contributes to these figures; they do not show a cause.",
    "Each family is counted once, by the day of the record.",
    "Work may be done but not recorded: see the completeness of the record.",
    "Figures of one to four families are withheld, and so are figures that would reveal them.",
)


class Measure(Struct, frozen=True):
    """A measure of the report card, in words (`says`), and the number of its objective. `of` is the
    larger measure of which this measure is a part, if there is one. If no event counts under this
    measure itself, `counts` is the measure whose families are counted here instead.
    """

    says: str
    objective: int
    of: CardMeasure | None = None
    counts: CardMeasure | None = None


MEASURES: Mapping[CardMeasure, Measure] = {
    "referred": Measure("referred to the team", 1),
    "parents-worker": Measure("given a worker for the parents", 1, "referred"),
    "no-worker": Measure("told that there is no worker now", 1, "referred"),
    "in-contact": Measure("in contact with a worker", 1),
    "asked": Measure("asked how they find the support", 1),
    "answered": Measure("who answered", 1, "asked"),
    "invited-to-learn": Measure("invited to a session, or given a booklet", 2),
    "came-to-learn": Measure("who came or took it", 2, "invited-to-learn"),
    "learned-to-log": Measure("who learned to keep a log", 2, "came-to-learn"),
    "logs-came": Measure("of whom words came in", 2, "learned-to-log", "words"),
    "relation-told": Measure("whose worker said how parent and child stand", 3),
    "relation-better": Measure("found rebuilding or rebuilt", 3, "relation-told"),
    "out-of-harm": Measure("whose child was found out of harm's way", 4),
    "notice": Measure("for whose child a warning notice was served", 4),
    "words": Measure("of whom words came in", 5),
    "report": Measure("whose words became intelligence", 5, "words"),
    "evidence": Measure("for whom evidence was gathered", 5),
    "arrest": Measure("with an arrest", 6),
    "charge": Measure("with a charge", 6),
    "hearing": Measure("with a hearing", 6),
    "court-support": Measure("supported around a hearing", 6),
    "plea": Measure("with a plea", 6),
    "guilty-plea": Measure("where it was guilty", 6, "plea"),
    "conviction": Measure("with a conviction", 6),
    "result": Measure("with a result of a court, or a decision not to prosecute", 6),
    "missing": Measure("whose child was reported missing", 7),
    "found": Measure("whose child was found", 7),
    "interview-held": Measure("whose child had a return interview", 7, "found"),
    "rated": Measure("risk rated", COMPLETE, "referred"),
    "source-known": Measure("known who referred them", COMPLETE, "referred"),
    "concern-dated": Measure("known since when there is concern", COMPLETE, "referred"),
    "child-worker": Measure("the child has a worker", COMPLETE, "referred"),
    "engagement-known": Measure("known whether they engage", COMPLETE, "referred"),
    "carer-known": Measure("known who cares for the child", COMPLETE, "referred"),
}


#: Age groups of children at first referral: the age below which a child is in the group, and the
#: group's name. The groups of the report leave out a child of 12; the law's limit is 13 (Sexual
#: Offences Act 2003 ss.5-8) [verify].
BANDS: tuple[tuple[int | None, str], ...] = (
    (13, "under 13"),
    (16, "13 to 15"),
    (None, "16 or over"),
)
UNKNOWN = "not known"
#: Vulnerabilities that a report card does not count, because they would reveal the child's health
#: or a placement.
PRIVATE: frozenset[Vulnerability] = frozenset({"learning-disability", "in-care"})


def new_year(of: int) -> datetime:
    """Return the beginning of a year in London."""
    return datetime(of, 1, 1, tzinfo=LONDON)


def band(years: int | None) -> str:
    """Return the age group of an age in years; if the age is None, the group of unknown ages."""
    if years is None:
        return UNKNOWN
    return next(band_name for below, band_name in BANDS if below is None or years < below)


def visible_numbers(
    groups: Sequence[tuple[int, int]], whole: int
) -> list[tuple[int | None, int | None]]:
    """Return, for each group of families, two numbers: its families, and those of them that are out
    of harm's way. `groups` has these numbers unprotected, `whole` is the number of all families. A
    family may be in several groups.

    A number is hidden (None) if it is so small that it could identify a family, or if a small
    number could be computed from it: from `whole`, and from the other groups as if no family were
    in two groups.
    """
    families = suppression.parts([many for many, _ in groups])
    outs = suppression.parts([out for _, out in groups])
    visible = []
    for (many, out), family_count, safe in zip(groups, families, outs, strict=True):
        shown = suppression.part(many, whole) if family_count is not None else None
        visible.append((shown, suppression.part(out, shown) if safe is not None else None))
    return visible


def visible_separate_numbers(
    groups: Sequence[tuple[int, int]], others: int
) -> list[tuple[int | None, int | None]]:
    """Return the two numbers of each group as `visible_numbers` does, for groups that have no
    family in common (None for a hidden number). `others` is the number of families outside all
    groups; the visible numbers must not reveal this number, either.
    """
    whole = others + sum(many for many, _ in groups)
    return visible_numbers([*groups, (others, 0)], whole)[:-1]


class Counted(Struct, frozen=True):
    """The number of families in one measure of a report card, and the total. A hidden number is
    None.
    """

    measure: CardMeasure
    families: int | None
    of: int | None


def counted(families: Mapping[CardMeasure, Collection[Hashable]]) -> list[Counted]:
    """Return the figures of a team's report card for one year, in the order of the measures. A
    measure that is part of another (its whole) counts only families that count in the whole. The
    figure of a part is shown only if the figure of its whole is shown, and if the remaining
    families of the whole are not so few that they could be identified.
    """
    sets: dict[CardMeasure, frozenset[Hashable]] = {}
    counts_by_measure: dict[CardMeasure, int | None] = {}
    figures = []
    for measure, definition in MEASURES.items():
        own = frozenset(families.get(definition.counts or measure, ()))
        if definition.of is None:
            sets[measure] = own
            counts_by_measure[measure] = len(own) if suppression.may_show(len(own)) else None
        else:
            sets[measure] = own & sets[definition.of]
            counts_by_measure[measure] = suppression.part(
                len(sets[measure]), counts_by_measure[definition.of]
            )
            if definition.counts and not suppression.may_show(len(own - sets[measure])):
                counts_by_measure[measure] = None
        figures.append(
            Counted(
                measure,
                counts_by_measure[measure],
                counts_by_measure[definition.of] if definition.of else None,
            )
        )
    return figures


class TargetSet(Event, frozen=True):
    """A target was set for a team: a number of families by a measure in a year, for a funder or a
    board (report, conclusion: "The targets set by Pace for the funders"). The target that was set
    last counts.
    """

    stored: ClassVar = Stored("target.set", "evidence", "none")
    meaning: ClassVar = Meaning(("allocate",), commands=("target.set",))
    team: Annotated[str, CODE]
    measure: CardMeasure
    year: int
    number: int
    funder: Annotated[str, CODE]


EVENTS = (TargetSet,)
#: The namespace of the ids of reports to a funder. A team has one report for each year, whatever
#: the number of its targets.
_TOLD = UUID("5b0d2f6e-7a41-5c83-9e2f-3d6c8b1a4f70")


def report_stream(target: TargetSet) -> UUID:
    """Return the id of a team's report to a funder for a year."""
    return uuid5(_TOLD, f"{target.team}|{target.year}|{target.funder.strip().casefold()}")


def last_report_day(year: int) -> date:
    """Return the last day on which a year's figures can be reported to a funder. This day is in the
    following year, because the figures are complete only after the end of the year.
    """
    return date(year + 1, 1, 31)


#: How many years ahead a target for a team may be set.
_AHEAD = 10


def set_target(target: TargetSet, today: date) -> tuple[Event, ...]:
    """Set a target for a team: a number of families that count under a measure in a year. Raises
    Refused if the year has ended or is too far ahead, if the number is so small that a report card
    would not show it, and if the funder is missing.
    """
    if target.year < today.year:
        raise Refused(
            f"the year {target.year} has ended: set a target for this year or a later one",
            field="year",
        )
    if target.year > today.year + _AHEAD:
        raise Refused(
            f"the year {target.year} is too far ahead: set a target at most {_AHEAD} years ahead",
            field="year",
        )
    if target.number < suppression.FEW:
        raise Refused(
            f"set a target of at least {suppression.FEW}: smaller figures are withheld on the "
            "report card, which then could not show whether the target was reached",
            field="number",
        )
    if not target.funder.strip():
        raise Refused("name the funder who set this target", field="funder")
    return (target,)
