"""The feed of changes returns each change once, in order, and no change that its reader may not
see.
"""

from itertools import pairwise
from typing import Any

import pytest

from commands.information import observation
from commands.kernel import changes
from domain.kernel.values import Reader, Refused
from tests.access.staff import Staff
from tests.commands.office import Office, opened
from tests.web.api.conftest import Program, client_of


def followed(program: Program, after: str | None = None, limit: int = 2) -> tuple[list[Any], str]:
    """Read all changes after the position `after`; return the changes and the last position."""
    rows: list[Any] = []
    while True:
        asked = {"limit": limit} | ({"after": after} if after else {})
        answer = program.get("/changes", **asked)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        rows += told["rows"]
        after = told["next"]
        assert after
        if not told["more"]:
            return rows, after


def test_each_step_comes_once_and_in_order_no_matter_who_asks_how_often(program: Program) -> None:
    first = program.words("the first")
    rows, place = followed(program, limit=1)
    assert [(row["item"], row["event"]) for row in rows if row["item"] == first] == [
        (first, "observation.recorded")
    ]
    assert followed(program, place)[0] == []
    second = program.words("the second")
    program.post(f"/observations/{first}/taking")
    rows, later = followed(program, place)
    assert {row["item"] for row in rows} <= {first, second}
    assert rows[0]["item"] == second
    assert followed(program, later)[0] == []
    assert followed(program, place)[0] == rows, "a place may be asked for again"
    whole, _ = followed(program)
    seen = [(one["ref"]) for one in whole]
    assert len(seen) == len(set(seen))
    assert all(one["recorded"] <= two["recorded"] for one, two in pairwise(whole))


def test_a_place_is_of_one_caller_and_of_this_feed(program: Program) -> None:
    program.words()
    _, place = followed(program)
    other = client_of(program.office, "rms.south")
    for after in (place, "anything", ""):
        answer = other.get("/api/v1/changes", params={"after": after})
        assert answer.status_code == 400, after
        assert answer.json()["type"] == "urn:continuum:no-cursor"


def test_a_place_that_the_log_has_not_come_to_is_refused(program: Program) -> None:
    with pytest.raises(Refused, match="request the changes again without `after`"):
        changes.changes_after(program.office.desk, program.office.reader, 10_000, 10)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Make two stores that differ only in records that a user of another team may not see."""
    made: list[Office] = []
    for number in range(2):
        office = opened(tmp_path_factory.mktemp("changes") / "store")
        staff = Staff(office)
        staff.hire("dc.quinn", "detective", teams=["Cherish"])
        hart = staff.hire("dc.hart", "detective", teams=["Engage"])
        for step in range(4):
            quinn = staff.now("dc.quinn")
            observation.record(office.desk, quinn, words=f"known to Cherish {step}")
            if number:
                for _ in range(7):
                    observation.record(office.desk, hart, words="known to Engage alone")
        made.append(office)
    yield made
    for office in made:
        office.system.close()


def pages(office: Office, reader: Reader, limit: int) -> list[tuple[list[str], bool]]:
    """Read all changes that this reader may see, page by page; return for each page its changes,
    and whether more pages follow.
    """
    found, place = [], 0
    while True:
        one = changes.changes_after(office.desk, reader, place, limit)
        found.append(([f"{row.kind} {row.event}" for row in one.rows], one.more))
        place = one.reached
        if not one.more:
            return found


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_what_others_record_changes_no_page(
    worlds: list[Office], limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "AT_ONCE", 3)
    seen = [pages(world, Staff(world).now("dc.quinn"), limit) for world in worlds]
    assert seen[0] == seen[1]
    assert sum(len(rows) for rows, _ in seen[0]) == 4
    hart = Staff(worlds[1]).now("dc.hart")
    assert sum(len(rows) for rows, _ in pages(worlds[1], hart, 100)) == 28


def test_the_place_tells_not_how_much_others_record(worlds: list[Office]) -> None:
    lengths = set()
    for office in worlds:
        answer = client_of(office, "dc.quinn").get("/api/v1/changes")
        lengths.add(len(answer.json()["next"]))
        assert len(answer.json()["rows"]) == 4
    assert len(lengths) == 1


def test_words_of_others_are_not_opened_to_be_passed_by(
    worlds: list[Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    office = worlds[1]
    log: Any = office.system.logs["evidence"]
    whole = log.read

    def counted(after: int, limit: int, *told: Any) -> Any:
        found = whole(after, limit, *told)
        read.extend(fact.seq for fact in found)
        return found

    quinn = Staff(office).now("dc.quinn")
    office.system.keep_up()
    monkeypatch.setattr(log, "read", counted)
    assert len(changes.changes_after(office.desk, quinn, 0, 100).rows) == 4
    assert len(read) == 4
