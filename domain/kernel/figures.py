"""The figures of the report, each with its period and quotation, shown beside a team's own.

Constants, never facts: the program calculates only with the cost of a night missing and of a year
in care (`domain.people_and_teams.costs`). `doubt` says where the report contradicts itself; the
figures are the report's. "NK" is not known, and never none.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReportFigure:
    """One figure: its subject, value and period, its quotation and place in the report; `pounds` is
    the unit cost, for figures in calculations."""

    what: str
    value: str
    period: str
    quote: str
    where: str
    doubt: str = ""
    pounds: int = 0
    each: str = ""


_COSTS, _DATA, _TABLE = "section 3, objective 7", "outcome data", "Table Two"
_TABLED, _CHILDREN = "October 2010 to October 2012", "July to September 2012"
MISSING = ReportFigure(
    "search for a missing child",
    "£1,300",
    "not said",
    "the potential to save £1,300 each time",
    _COSTS,
    pounds=1_300,
    each="child and night that the police search",
)
CARE = ReportFigure(
    "a year in care",
    "£37,669",
    "2009/10",
    "the average cost per looked after child was £37,669 in 2009/10",
    _COSTS,
    pounds=37_669,
    each="looked-after child and year",
)
REGISTER: tuple[ReportFigure, ...] = (
    ReportFigure(
        "referrals to the teams (Engage, Cherish, Deter, Freedom)",
        "579, NK, 310, NK",
        _TABLED,
        "Referrals to team 579 NK 310 NK",
        _TABLE,
        "Freedom's cover 12 of the 24 months; 579 in 24 months stand beside 636 in 2012",
    ),
    ReportFigure(
        "referred to a Parent Support Worker",
        "72, 5, 12, 4",
        _TABLED,
        "Referred to PSW 72 5 12 4",
        _TABLE,
    ),
    ReportFigure(
        "supported at court",
        "27, 1, 0, 3",
        _TABLED,
        "Supported at Court 27 1 0 3 (1 pending)",
        _TABLE,
        "whether the pending one is among the three is not said",
    ),
    ReportFigure(
        "referrals to Engage, a quarter",
        "46, then 127",
        "last quarters of 2009 and 2012",
        "Increased from 46 in last quarter of 2009 to 127 in corresponding last quarter of 2012",
        _DATA,
    ),
    ReportFigure(
        "referrals to Engage, on average",
        "100 a quarter",
        "not said",
        "referrals have been running at an average of 100 per quarter",
        _DATA,
        "636 in a year are 159 a quarter",
    ),
    ReportFigure(
        "referrals to Engage, a year",
        "636",
        "2012",
        "There was a total of 636 referrals for 2012",
        _DATA,
    ),
    ReportFigure(
        "families with Engage, a quarter",
        "about 100, a quarter of them with a Parent Support Worker",
        "2009 to 2012",
        "Roughly a quarter of this figure would comprise parents supported by Pace",
        _DATA,
    ),
    ReportFigure(
        "longest support of one family",
        "more than two years",
        "not said",
        "one PSW has spent over two years supporting one particular family",
        "section 3, objective 1",
    ),
    ReportFigure(
        "people at training",
        "300 to 400 a quarter; 1,750 professionals",
        "2011-12",
        "1750 professionals took part in awareness raising on CSE in 2011-12",
        _DATA,
        "300 to 400 a quarter are 1,200 to 1,600 a year",
    ),
    ReportFigure(
        "children reported missing, a quarter",
        "305",
        "2009",
        "The baseline of 'Missing From Home' (MFH) reports was 305 per quarter",
        _DATA,
        "they have not declined, while a worker is said to have reduced them",
    ),
    ReportFigure(
        "warning notices",
        "5, then 38",
        "2009 and 2012",
        "S.2 notices rose again from 5 in 2009, to 38 in 2012",
        _DATA,
        "150 soon after the team began",
    ),
    ReportFigure(
        "offenders and charges, a quarter",
        "12 and 25, then 44 and about 19",
        "last quarters of 2009 and 2012",
        "44 offenders and an estimated 19 charges",
        _DATA,
        "fewer charges than offenders; the average is 25 to 30 charges",
    ),
    ReportFigure(
        "who referred the child",
        "police almost two thirds, parents or carers 18%",
        _CHILDREN,
        "18% also coming from parents or carers",
        _DATA,
    ),
    ReportFigure(
        "ethnicity of the children",
        "White British 85%, Asian 13%",
        _CHILDREN,
        "85% were classed as being White British",
        _DATA,
        "98% together",
    ),
    ReportFigure(
        "where the children lived",
        "at home 83%, children's or foster home 15%",
        _CHILDREN,
        "83%, were living at home",
        _DATA,
        "98% together",
    ),
    ReportFigure(
        "age of the children",
        "under 12: 6%, 13 to 15: 79%, 16 and over: 15%",
        _CHILDREN,
        "6% were aged under 12 years",
        _DATA,
        "children of 12 stand in no group; the law's line is under 13",
    ),
    MISSING,
    CARE,
    ReportFigure(
        "what early help returns",
        "£6 or £12 for £1",
        "2011",
        "for every £1 spent on Barnardos support services saves the taxpayer either £6 or £12",
        _COSTS,
        "another service's; such reckoning was not the report's",
    ),
)
