"""Bytes that leave the store do not reveal the source of a report. Two stores that differ only in
the source send the same bytes to other organisations."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.information import observation
from commands.intelligence import intelligence_report, links
from commands.intelligence import release as releasing
from commands.kernel import entity
from domain.intelligence.intelligence_report import ProductReleased
from domain.intelligence.release import TOGETHER
from domain.kernel.values import Grade, Handling
from network.export import export, export_rules
from network.picture.footer import Stamp
from network.query import masked_export, view
from projections.information import feedback
from tests.commands.office import Office, opened
from tests.fuzz import SHARED, TIMES

#: A Monday morning, and the moment of the week at which all reports are released.
MONDAY = datetime(2011, 3, 14, 6, 0, tzinfo=UTC)
SENT = datetime(2011, 3, 25, 12, 0, tzinfo=UTC)
TEXTS: tuple[export.Format, ...] = ("graphml", "gexf", "csv", "i2", "anx", "ftm", "pole", "svg")
SAME = settings(
    max_examples=4 * TIMES,
    suppress_health_check=SHARED,
)


@dataclass(frozen=True)
class Teller:
    """The way in which a report's information reached the worker: its source, the time of the week,
    the family and the people in between. It also says how many other entries have the same
    content."""

    name: str
    kind: str
    family: str
    hours: int
    passed_on: int
    again: int
    how_known: str


tellers = st.builds(
    Teller,
    name=st.sampled_from(["Carol Marlow", "Dave Stone", "Gran", "Ms Field", "a teacher"]),
    kind=st.sampled_from(["parent", "carer", "relative", "school", "child", "not-known"]),
    family=st.sampled_from(["Kayleigh Marlow", "Ellie Stone", "Jade Field"]),
    hours=st.integers(0, 7 * 24 - 8),
    passed_on=st.integers(0, 2),
    again=st.integers(0, 2),
    how_known=st.sampled_from(["saw-or-heard", "child-told", "other-told", "talked-about"]),
)


@pytest.fixture
def offices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Office]]:
    monkeypatch.chdir(tmp_path)
    made: list[Office] = []

    def new() -> Office:
        office = opened(tmp_path / f"store-{len(made)}")
        made.append(office)
        return office

    yield new
    for office in made:
        office.system.close()


def released(office: Office, teller: Teller) -> list[bytes]:
    """Return all bytes that other organisations get from this store about a report; `teller` says
    how its information arrived.
    """
    told = office.system.clock
    told.given_time = MONDAY - timedelta(days=30)
    cases = {name: office.case(name) for name in ("Ellie Stone", "Jade Field", "Kayleigh Marlow")}
    kayleigh = entity.find(office.desk, office.reader, "Kayleigh Marlow")[0]
    baz = office.person("Baz", categories=(("suspect", "seen"),))
    other = office.somebody("psw.moss")
    observation.record(office.desk, other, words="Nothing new.", case=str(cases["Jade Field"]))
    told.given_time = MONDAY + timedelta(hours=teller.hours)
    item = office.words(
        f"{teller.name} saw Baz in a Corsa",
        case=str(cases[teller.family]),
        heard_from=teller.name,
        source_kind=teller.kind,
        told_by=tuple(f"friend {n}" for n in range(teller.passed_on)),
        how_known=teller.how_known,
        told=told.given_time - timedelta(hours=1) if teller.hours else None,
    )
    ties = (
        (str(baz), "vehicle:PK95 ABC", "uses"),
        (str(baz), str(kayleigh), "association"),
        (str(baz), "place:Canal Road, Town A", "frequents"),
    )
    items = [item]
    for number in range(teller.again):
        office.later(1)
        items.append(office.words("The same again.", heard_from=f"neighbour {number}"))
    told.given_time = SENT - timedelta(days=1)
    for one in items:
        for tie in ties:
            links.assert_link(office.desk, office.reader, one, *tie)  # type: ignore[arg-type]
    report = office.assessed(item, "2C").id
    for one in items[1:]:
        intelligence_report.assess(
            office.desk, office.reader, one, Grade.parse("2C"), Handling("P")
        )
    for one in items:
        of, _ = intelligence_report.report_of(office.desk, office.reader, one)
        for tie in ties:
            links.assert_link(office.desk, office.reader, of, *tie)  # type: ignore[arg-type]
    intelligence_report.sanitise(office.desk, office.reader, item, "A named man uses a Corsa.")
    told.given_time = SENT
    desk = office.desk
    releasing.disseminate(desk, office.reader, report, "Team B", "safeguarding", reason="needed")
    releasing.confirm(desk, office.somebody("di.okoro"), report)
    told.given_time = SENT + TOGETHER
    releasing.send_due_copies(desk)
    return [*_products(office), *_exports(office), *_feedback(office)]


def _products(office: Office) -> Iterator[bytes]:
    for fact in office.facts("product"):
        assert isinstance(fact.event, ProductReleased)
        assert fact.stream.version == 4, "the copy's id is random and holds no time"
        yield msgspec.json.encode(
            [fact.event, fact.seq, fact.version, fact.recorded, fact.by, fact.team, fact.because_of]
        )


def _exports(office: Office) -> Iterator[bytes]:
    with office.system.reading() as db:
        seen = view.whole_layer(db, office.reader)
        leaving = export_rules.beyond_team(masked_export.outgoing(db, office.reader, seen))
    for form in TEXTS:
        yield export.export(leaving, form, Stamp(made=SENT)).content


def _feedback(office: Office) -> Iterator[bytes]:
    with office.system.reading() as db:
        rows = feedback.list_sent(db, office.reader, "psw.moss")
    yield msgspec.json.encode([(row.state, row.recorded, row.since) for row in rows])


@SAME
@given(one=tellers, other=tellers)
def test_what_leaves_is_the_same_whoever_the_source_is(
    offices: Callable[[], Office], one: Teller, other: Teller
) -> None:
    first, second = released(offices(), one), released(offices(), other)
    assert len(first) == len(second) == 1 + len(TEXTS) + 1
    for here, there in zip(first, second, strict=True):
        assert here == there


def test_the_weeks_differ_and_nothing_finer(offices: Callable[[], Office]) -> None:
    """Bytes that leave the store differ if the information arrived a week later. So the comparison
    in the other test of this module can fail."""
    teller = Teller("Carol Marlow", "parent", "Kayleigh Marlow", 3, 0, 0, "saw-or-heard")
    here = released(offices(), teller)[0]
    assert b"2011-W11" in here
    later = Teller("Carol Marlow", "parent", "Kayleigh Marlow", 8 * 24, 0, 0, "saw-or-heard")
    assert released(offices(), later)[0] != here


def test_beyond_the_team_no_id_leads_back(offices: Callable[[], Office]) -> None:
    office = offices()
    told = released(office, Teller("Gran", "relative", "Ellie Stone", 5, 1, 1, "other-told"))
    ids = {str(fact.stream) for fact in office.facts()}
    ids |= {str(fact.stream) for fact in office.facts("sources")}
    for content in told[1:]:
        assert not [item_id for item_id in ids if item_id.encode() in content]
