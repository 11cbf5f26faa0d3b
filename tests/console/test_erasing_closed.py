"""Erasure in a store with accounts needs two people, each with the right role; a user learns
nothing about items that the user may not erase.
"""

from dataclasses import dataclass
from uuid import uuid4

import pytest

from tests.console.conftest import Line, Said

BY = ("--basis", "recorded-in-error")
ROLES = {
    "psw.ellis": "psw",
    "ds.hart": "detective",
    "mgr.cole": "manager",
    "io.webb": "intelligence-officer",
    "dc.pike": "detective",
    "aud.lane": "auditor",
}


@dataclass
class Station:
    """A store with accounts and with entries of a family of the team Engage; dc.pike belongs to
    another team.
    """

    line: Line
    words: str

    def __call__(self, who: str, *arguments: str) -> Said:
        return self.line("--user", who, *arguments)

    def proposed(self, who: str = "ds.hart") -> str:
        said = self(who, "--id", "erase", self.words, *BY)
        assert said.code == 0, said
        return said.out.strip()


@pytest.fixture
def station(either: Line) -> Station:
    assert either("user", "add", "admin.reed", "--role", "administrator").code == 0
    for who, role in ROLES.items():
        team = "Cherish" if who == "dc.pike" else "Engage"
        added = either("--user", "admin.reed", "user", "add", who, "--role", role, "--team", team)
        assert added.code == 0, added
    said = either("--user", "psw.ellis", "--id", "record", text="Wexmora waits by the arcade")
    return Station(either, said.out.strip())


def test_two_accounts_of_the_right_roles_erase(station: Station) -> None:
    for who in ("psw.ellis", "mgr.cole", "aud.lane", "nobody.here"):
        assert station(who, "erase", station.words, *BY).code in (2, 3), who
    one = station.proposed()
    for who in ("ds.hart", "psw.ellis", "dc.pike", "aud.lane", "nobody.here"):
        assert station(who, "erase", "--approve", one).code in (2, 3), who
    done = station("mgr.cole", "--json", "erase", "--approve", one).json
    certificate = done["certificate"]
    assert (certificate["proposed_by"], certificate["approved_by"]) == ("ds.hart", "mgr.cole")
    assert station("aud.lane", "--json", "verify", "--allow-unproven").json["ok"]
    assert "Wexmora" not in station("io.webb", "show", station.words).out


def test_an_officer_who_proposes_cannot_approve_though_the_role_may(station: Station) -> None:
    one = station.proposed("io.webb")
    said = station("io.webb", "erase", "--approve", one)
    assert (said.code, "two people" in said.err) == (2, True)
    assert station("mgr.cole", "erase", "--refuse", one).code == 0


@pytest.mark.parametrize("option", ["--dry-run", "--basis=recorded-in-error"])
@pytest.mark.parametrize("who", ["dc.pike", "psw.ellis", "nobody.here"])
def test_what_one_could_not_erase_is_not_there(station: Station, who: str, option: str) -> None:
    """`erase` refuses an item that the user may not erase exactly as it refuses an unknown id. The
    item may be named by its whole id, by the end of its id, or in a list of ids."""
    nothing, hidden = str(uuid4()), station.words
    if who == "psw.ellis":  # psw.ellis sees the entry, but her role may erase nothing
        assert station(who, "erase", hidden, option).code == 3
        return
    for real, other in ((hidden, nothing), (hidden[-8:], nothing[-8:])):
        answers = [station(who, "erase", one, option) for one in (real, other)]
        assert {answer.code for answer in answers} == {3 if who == "nobody.here" else 2}
        assert answers[0].err.replace(real, "X") == answers[1].err.replace(other, "X")
        assert answers[0].out == answers[1].out == ""
    told = []
    for one in (hidden, nothing):
        (lines := station.line.home / "list.txt").write_text(f"{one}\n", "utf-8")
        said = station(who, "erase", "--file", str(lines), option)
        told.append((said.code, said.out, said.err.replace(one, "X")))
    assert told[0] == told[1]
