"""Rules flag the contradictions in the report's figures (appendix A7), and change no figure."""

import pytest
from msgspec.structs import replace

from domain.kernel.figures import REGISTER, ReportFigure
from domain.people_and_teams.figure_checks import flags

FLAGS = dict(zip((one.what for one in REGISTER), flags(REGISTER), strict=True))
#: The contradictions by their numbers in the appendix A7, each with the figure and its flag.
FOUND = {
    1: (
        "professionals interviewed, as the text says",
        "13 in: professionals interviewed, as Table Three lists them",
    ),
    2: (
        "year in which Engage was established, at first",
        "2008 in: year in which Engage was established, in its description",
    ),
    3: (
        "years in which the teams were established",
        "Deter is called the newest, and Cherish began in the same year",
    ),
    4: (
        "referrals to Engage, a year",
        "1272 in 24 months at this rate, and not 579, NK, 310, NK",
    ),
    5: ("offenders and charges, a quarter", "19 charges are fewer than 44 offenders"),
    6: ("age of the children", "no group has the age of 12"),
    7: ("ethnicity of the children", "the shares are 98 % together"),
    8: ("age of the girl in the first story", '"14.8 months" can be read in more than one way'),
    9: (
        "what became of the sisters in the fifth story",
        "its end is of one child, and it has 2",
    ),
    10: (
        "what became of the girl in the fourth story",
        "it does not say that the child is no longer at risk",
    ),
    11: (
        "children reported missing, a quarter",
        "no fewer here, fewer in: times that a young person ran away",
    ),
    12: (
        "referrals to the teams (Engage, Cherish, Deter, Freedom)",
        "NK is not known, and not none",
    ),
    13: (
        "people at training, a quarter",
        "1200 to 1600 in 12 months at this rate, and not 1,750",
    ),
    14: ("supported at court", "whether the 1 pending count in the number is not said"),
    15: (
        "referrals to the teams (Engage, Cherish, Deter, Freedom)",
        "Freedom: 12 of 24 months",
    ),
}


def test_rules_find_all_fifteen() -> None:
    assert sorted(FOUND) == list(range(1, 16))


@pytest.mark.parametrize("number", FOUND)
def test_a_rule_finds_the_contradiction(number: int) -> None:
    what, flag = FOUND[number]
    assert flag in FLAGS[what]


def test_the_averages_and_the_residence_are_flagged_too() -> None:
    assert "400 in 12 months at this rate, and not 636" in FLAGS["referrals to Engage, on average"]
    assert "the shares are 98 % together" in FLAGS["where the children lived"]


def figure(what: str, **fields: object) -> ReportFigure:
    return ReportFigure(what, "1", "2012", "said", "here", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "register",
    [
        (figure("all", shares=(85, 13, 2)),),
        (figure("bands", bands=((0, 12), (13, 15), (16, 17))),),
        (figure("charges", pairs=((12, 25),)),),
        (
            figure("a quarter", about="referrals", low=150, high=160, months=3),
            figure("a year", about="referrals", low=636, high=636, months=12),
        ),
        (figure("a", about="one", low=14), figure("b", about="another", low=13)),
        (figure("teams", years=(("A", 2008), ("B", 2009)), newest="B"),),
        (figure("a", about="missing", trend="fewer"), figure("b", about="missing", trend="fewer")),
        (figure("a girl", age="14 years 8 months", end="Child is no longer at risk."),),
        (figure("sisters", children=2, end="The sisters are no longer at risk."),),
        (figure("an only child", children=1, end="The child is no longer at risk."),),
    ],
)
def test_what_fits_has_no_flag(register: tuple[ReportFigure, ...]) -> None:
    assert not any(flags(register))


def test_a_corrected_figure_loses_its_flag() -> None:
    corrected = [
        replace(one, shares=(85, 13, 2)) if one.what == "ethnicity of the children" else one
        for one in REGISTER
    ]
    found = dict(zip((one.what for one in REGISTER), flags(corrected), strict=True))
    assert not found["ethnicity of the children"]
