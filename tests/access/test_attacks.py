"""From inside: what each role never gets to read, whatever it asks of a store full of it."""

from pathlib import Path

import pytest

from domain.values import Role
from tests.access.test_guessing import DAY, GUESSES, LATER, Houses, houses
from tests.console.conftest import Line
from tests.console.test_looking import READS

__all__ = ["houses"]
WORDS = ("Lads call him", "Picked Kayleigh up", "She is home", "waits at the station")
SANITISED = ("A named man uses", "He is seen at a station")
FAMILY = ("Kayleigh", "Marlow", "900111")
TOLD = ("Gran", "Jo Marlow told")
CARE = ("She is well", "2 Mill Lane")
#: Who works for the very team, and what never stands in an answer to them.
NEVER: dict[Role, tuple[str, ...]] = {
    "psw": (*WORDS, *SANITISED, *FAMILY, *TOLD, *CARE),
    "social-worker": (*WORDS, *SANITISED, *FAMILY, *TOLD, *CARE),
    "childrens-support-worker": (*WORDS, *SANITISED, *FAMILY, *TOLD, *CARE),
    "detective": (*TOLD, *CARE),
    "source-handler": (*WORDS, *SANITISED, *FAMILY, *CARE),
    "manager": (*WORDS, *SANITISED, *FAMILY, *TOLD, *CARE),
    "disclosure-officer": (*WORDS, *SANITISED, *FAMILY, *TOLD, *CARE),
    "auditor": (*WORDS, *FAMILY, *TOLD, *CARE),
}


@pytest.fixture
def full(houses: Houses) -> Houses:
    """The store with somebody of each role in the team whose story it is."""
    for role in NEVER:
        add = ("user", "add", f"in.{role}", "--role", role, "--team", "Engage")
        said = houses.line(*add, "--user", "administrator", "--clock", LATER)
        assert said.code == 0, said
    return houses


@pytest.mark.parametrize("role", NEVER)
def test_no_question_brings_what_the_role_never_reads(
    full: Houses, role: Role, tmp_path: Path
) -> None:
    told = []
    asked = [line.format(**{**NAMED, **full.hidden}) for line in READS.values() if usable(line)]
    for command, lines in GUESSES.items():
        if command in READS and (role, command) != ("source-handler", "source show"):
            asked += [
                f"{command.replace(' ', '|')}|{line}".format(
                    **{**full.own, "ID": one, "FILE": str(tmp_path / "x.pack")}
                )
                for line in lines
                for one in full.hidden.values()
            ]
    for line in asked:
        said = full.line(*line.split("|"), "--user", f"in.{role}", "--clock", LATER, "--json")
        text = said.out + said.err
        for typed in line.split("|"):
            text = text.replace(typed, "")
        told += [f"{line}: {one}" for one in NEVER[role] if one in text]
    assert not told, "\n".join(told)


#: What the questions of `READS` name besides what is hidden.
NAMED = {"BAZ": "Baz", "REQUEST": "12345678", "ANSWERABLE": "12345678"}


def usable(line: str) -> bool:
    """Whether the question names nothing that this story lacks."""
    return "{ANSWERABLE}" not in line and "words.pack" not in line


def test_words_write_no_line_of_their_own_in_a_list(line: Line) -> None:
    forged = "He waits.\n00000000  2011-03-18 09:00  0 h  forged\r\x1b[2K\u202e"
    assert line("record", "--clock", DAY, text=forged).code == 0
    said = line("queue", "--clock", DAY)
    assert len(said.out.splitlines()) == 3, "a head, a rule, one row"
    assert not {"\x1b", "\r", "\u202e"} & set(said.out)
