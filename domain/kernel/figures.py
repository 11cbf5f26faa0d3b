"""The figures of the evaluation report, each with its period and quotation, shown beside a team's
own figures.

These figures are constants, never facts: the program calculates only with the cost of a night
missing and of a year in care (`domain.people_and_teams.costs`). Where the report contradicts
itself, rules detect it (`domain.people_and_teams.figure_checks`), and the figures are not
corrected. "NK" means that a figure is not known, and never that it is zero.

The file is long because it is the register.
"""

from typing import Literal

from msgspec import Struct


class ReportFigure(Struct, frozen=True):
    """One figure of the evaluation report: its subject, value and period, its quotation, and its
    place in the report. `pounds` is the unit cost, for figures in calculations; `doubt` is a
    remark. The rules that look for contradictions read the other fields:

    - `about`: the common subject of several figures.
    - `low` to `high`: the number; if it is a rate, per this many `months`.
    - `shares`: percentages.
    - `bands`: the first and last year of age groups.
    - `pairs`: numbers of offenders and of their charges.
    - `years`: the years in which teams began; `newest`: the team that is called the newest.
    - `begins`: months after the period's start at which a team's figures begin.
    - `trend`: whether the report says that a number rises or falls.
    - For a story in the report, `age`: the child's age in the report's words; `children`: the
      number of children; `end`: the story's last sentence.
    """

    what: str
    value: str
    period: str
    quote: str
    where: str
    doubt: str = ""
    pounds: int = 0
    each: str = ""
    about: str = ""
    low: int = 0
    high: int = 0
    months: int = 0
    shares: tuple[int, ...] = ()
    bands: tuple[tuple[int, int], ...] = ()
    pairs: tuple[tuple[int, int], ...] = ()
    years: tuple[tuple[str, int], ...] = ()
    newest: str = ""
    begins: tuple[tuple[str, int], ...] = ()
    trend: Literal["", "no fewer", "fewer"] = ""
    age: str = ""
    children: int = 1
    end: str = ""


_COSTS, _DATA, _TABLE = "section 3, objective 7", "outcome data", "Table Two"
_ENGAGE, _TRAINED, _MISSING = "referrals to Engage", "training", "missing from home"
_INTERVIEWED, _BEGAN, _TEAMS = "people interviewed", "the beginning of Engage", "section 1"
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
        about=_ENGAGE,
        low=579,
        high=579,
        months=24,
        begins=(("Freedom", 12),),
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
    ),
    ReportFigure(
        "referrals to Engage, a quarter",
        "46, then 127",
        "last quarters of 2009 and 2012",
        "Increased from 46 in last quarter of 2009 to 127 in corresponding last quarter of 2012",
        _DATA,
        about=_ENGAGE,
        low=46,
        high=127,
        months=3,
    ),
    ReportFigure(
        "referrals to Engage, on average",
        "100 a quarter",
        "not said",
        "referrals have been running at an average of 100 per quarter",
        _DATA,
        about=_ENGAGE,
        low=100,
        high=100,
        months=3,
    ),
    ReportFigure(
        "referrals to Engage, a year",
        "636",
        "2012",
        "There was a total of 636 referrals for 2012",
        _DATA,
        about=_ENGAGE,
        low=636,
        high=636,
        months=12,
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
        "support of the family in the twelfth story",
        "7 months",
        "not said",
        "The PSW worked with a CSW for seven months to gain the confidence of them both",
        "scenario 12",
    ),
    ReportFigure(
        "support of the family in the thirteenth story",
        "9 months",
        "not said",
        "support the parent over a period of 9 months whilst the court case was being pursued",
        "scenario 13",
    ),
    ReportFigure(
        "people at training, a quarter",
        "300 to 400",
        "not said",
        "with an average of 300 – 400 attending CSE sessions per quarter",
        _DATA,
        about=_TRAINED,
        low=300,
        high=400,
        months=3,
    ),
    ReportFigure(
        "professionals at training, a year",
        "1,750",
        "2011-12",
        "1750 professionals took part in awareness raising on CSE in 2011-12",
        _DATA,
        about=_TRAINED,
        low=1_750,
        high=1_750,
        months=12,
    ),
    ReportFigure(
        "children reported missing, a quarter",
        "305",
        "2009",
        "The baseline of 'Missing From Home' (MFH) reports was 305 per quarter",
        _DATA,
        about=_MISSING,
        trend="no fewer",
    ),
    ReportFigure(
        "times that a young person ran away",
        "fewer with a worker",
        "not said",
        "the PSW reduced the number of times a young person ran away",
        _COSTS,
        about=_MISSING,
        trend="fewer",
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
        "offences prosecuted",
        "1",
        "before 2008",
        "Prior to 2008, only one offence of CSE was prosecuted within this Division",
        _DATA,
    ),
    ReportFigure(
        "offenders and charges, a quarter",
        "12 and 25, then 44 and about 19",
        "last quarters of 2009 and 2012",
        "44 offenders and an estimated 19 charges",
        _DATA,
        "the average is 25 to 30 charges",
        pairs=((12, 25), (44, 19)),
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
        shares=(85, 13),
    ),
    ReportFigure(
        "where the children lived",
        "at home 83%, children's or foster home 15%",
        _CHILDREN,
        "83%, were living at home",
        _DATA,
        shares=(83, 15),
    ),
    ReportFigure(
        "age of the children",
        "under 12: 6%, 13 to 15: 79%, 16 and over: 15%",
        _CHILDREN,
        "6% were aged under 12 years",
        _DATA,
        "the law's line is under 13",
        shares=(6, 79, 15),
        bands=((0, 11), (13, 15), (16, 17)),
    ),
    ReportFigure(
        "professionals interviewed, as the text says",
        "12 and 2 Parent Support Workers: 14",
        "not said",
        "The two PSWs and 12 professionals who work or oversee the multi-agency CSE teams",
        "summary",
        about=_INTERVIEWED,
        low=14,
        high=14,
    ),
    ReportFigure(
        "professionals interviewed, as Table Three lists them",
        "13",
        "not said",
        "Table Three: List of professionals interviewed by role and by team",
        "Table Three",
        about=_INTERVIEWED,
        low=13,
        high=13,
    ),
    ReportFigure(
        "year in which Engage was established, at first",
        "2005",
        "not said",
        "followed by Engage in 2005",
        _TEAMS,
        about=_BEGAN,
        low=2005,
        high=2005,
    ),
    ReportFigure(
        "year in which Engage was established, in its description",
        "2008",
        "not said",
        "The team was established in 2008, following a lengthy police-led operation from 2005",
        _TEAMS,
        about=_BEGAN,
        low=2008,
        high=2008,
    ),
    ReportFigure(
        "years in which the teams were established",
        "Cherish 2009, Deter 2009, Engage 2008, Freedom 2008",
        "not said",
        "Deter is the newest of the four CSE teams considered in this evaluation",
        _TEAMS,
        years=(("Cherish", 2009), ("Deter", 2009), ("Engage", 2008), ("Freedom", 2008)),
        newest="Deter",
    ),
    ReportFigure(
        "age of the girl in the first story",
        "14.8 months",
        "not said",
        "A female aged 14.8 months was sexually exploited by a male aged 17",
        "scenario 1",
        age="14.8 months",
        end="Child is no longer at risk.",
    ),
    ReportFigure(
        "what became of the girl in the fourth story",
        "found again",
        "not said",
        "she was tracked down again by the men who had exploited her",
        "scenario 4",
        end="she was tracked down again by the men who had exploited her.",
    ),
    ReportFigure(
        "what became of the sisters in the fifth story",
        "no longer at risk",
        "not said",
        "Two sisters aged 15 & 16, one diagnosed with a learning disability",
        "scenario 5",
        children=2,
        end="The child is no longer at risk.",
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
