"""Judged pairs of people with the same name, from which better matching weights can be trained. In
this store such pairs are often two people, who then have different birth dates."""

from datetime import date

from commands.intelligence import identity
from domain.kernel.codes import Judgement
from domain.matching.held_back import OF_EACH
from tests.commands.office import Office

BORN = date(1970, 1, 1)


def judge_pairs(office: Office, judgement: Judgement, letter: str = "a") -> None:
    """Record pairs of people with the same name, and judge each pair. The two people have different
    birth dates if the judgement is "different".
    """
    for number in range(OF_EACH):
        name = f"{letter}{chr(98 + number) * 3} {judgement[0]}{letter}{chr(98 + number) * 4}"
        days = BORN.replace(year=1950 + number), BORN.replace(year=1980 + number, month=7)
        one, other = (
            str(office.person(name, born=days[which * (judgement == "different")]))
            for which in range(2)
        )
        identity.judge(office.desk, office.reader, one, other, judgement, "looked at both")
