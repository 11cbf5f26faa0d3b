"""A legal hold on a case covers a mother's log entry and the people whom it names, whether the hold
was placed on the command line, on a screen or through the API."""

from commands.erasure import erasure, legal_hold
from commands.erasure.hold_reach import Reckoning
from commands.information import observation
from domain.data_protection.legal_hold import Query
from tests.support.console.fronts import FRONTS, Fronts
from tests.support.console.fronts_two import line, program, screen

FIRST, SECOND = "ds.hart", "di.okoro"


@FRONTS
def test_a_held_case_keeps_its_words_and_whom_they_name(fronts: Fronts, front: str) -> None:
    office = fronts.office
    desk, reader = office.desk, office.reader
    case, baz = office.case("Zoe Dale"), office.person("Bazza Quill")
    words = observation.record(desk, reader, words="Bazza Quill drives her", case=str(case)).id
    observation.confirm(desk, reader, words, str(baz), "Bazza Quill")
    if front == "line":
        told = line(fronts, FIRST, "hold", "place", str(case), "--reason", "they asked")
        assert "Held" in told.out
    elif front == "screen":
        page = screen(fronts, FIRST).send(
            f"/records/retention/{case}/hold", ground="inquiry", reason="they asked"
        )
        assert page.status_code == 200
    else:
        query = {"kind": "case", "item": str(case)}
        told = program(fronts, FIRST).post(
            "/holds", query=query, ground="inquiry", reason="they asked"
        )
        assert told.status_code == 201, told.text
    assert {words, baz, case} <= Reckoning(desk.logs).reached().keys()
    for subject in (words, baz):
        if front == "line":
            basis = ("--basis", "part-3-s47")
            line(fronts, FIRST, "erase", str(subject), *basis)
            one = erasure_of(fronts)
            line(fronts, SECOND, "erase", "--approve", one)
        else:
            screen(fronts, FIRST).send("/erasures", of=str(subject), basis="part-3-s47")
            screen(fronts, SECOND).send(f"/records/erasures/{erasure_of(fronts)}/approve")
        assert erasure.unfinished(desk) == []
    assert not [
        destruction
        for destruction in office.system.destructions()
        if destruction.stream in {words, baz, case}
    ]
    (first, *_) = desk.logs["evidence"].history(words)
    assert not first.erased


def erasure_of(fronts: Fronts) -> str:
    from domain.data_protection.erasure import ErasureProposed

    proposed = [f for f in fronts.office.facts() if isinstance(f.event, ErasureProposed)]
    return str(proposed[-1].stream)


def test_the_screens_of_holds_tell_what_each_is_about(fronts: Fronts) -> None:
    office = fronts.office
    baz = office.person("Baz")
    one = legal_hold.place(
        office.desk, office.reader, legal_hold.items_under_hold(office.desk, baz), "cpia", "a trial"
    ).id
    order = "Rule 9, 2011/4"
    legal_hold.place(
        office.desk, office.reader, Query("store"), "inquiry", "its terms", reference=order
    )
    listed, shown = fronts.screen.get("/holds"), fronts.screen.get(f"/holds/{one}")
    assert (listed.status_code, shown.status_code) == (200, 200)
    assert "The whole store" in listed.text
    assert "Second person to confirm by" in listed.text
    assert "the person Baz: all records that name them" in shown.text


def test_a_hold_is_named_by_what_it_is_on(fronts: Fronts) -> None:
    case = fronts.office.case("Zoe Dale")
    for one in ("1", str(case)):
        assert "there is no legal hold" in line(fronts, FIRST, "hold", "prove", one).err
    line(fronts, FIRST, "hold", "place", str(case), "--reason", "they asked")
    for one in ("1", str(case)):
        assert "all records filed in it" in line(fronts, FIRST, "hold", "prove", one).out
