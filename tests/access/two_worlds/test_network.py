"""Measures, counts, places and exports of the network depend only on records that the reader may
see.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any, get_args
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from commands.erasure import retention
from commands.families import casework, compartment, referral
from commands.information import observation
from commands.intelligence import identity, intelligence_report, links
from commands.justice import evidence
from commands.kernel import entity
from domain.families.referral import Case, evolve
from domain.justice.evidence import EvidenceGathered
from domain.kernel.values import Denied, Grade, Handling, LinkKind, PoleCategory, Reader, Refused
from domain.people_and_teams.store_admin import ExportMade
from network.export import record_export
from network.export.export import Export, Format, export
from network.export.export_rules import beyond_team
from network.index.index import read_ahead
from network.measures import measures
from network.people import risk
from network.people.risk import AtRisk
from network.picture import picture_data, terminal_map
from network.picture.footer import Stamp
from network.query import paths, view
from network.query.graph_builder import GRADED
from network.query.masked_export import outgoing
from projections.intelligence import people
from projections.intelligence.links import LinkFilter
from tests.access.staff import Staff
from tests.commands.office import START, Office, Place, prepared
from web.map_data import LayoutCache, MapQuery, chart

ANY = LinkFilter(min_rank=None)
UNDER_CONDITIONS = Handling("C", "A1", "S2", "Ask the originator first.")


@dataclass
class Map:
    """A store with a suspect whom the teams Deter and Freedom know. Only Deter has recorded the
    suspect's links to a child and to a mother, and a link with handling conditions.
    """

    office: Office
    staff: Staff
    ids: dict[str, UUID]

    def whole(self, name: str, asked: LinkFilter = ANY) -> view.NetworkAnswer:
        with self.office.system.reading() as db:
            return view.whole_layer(db, self.staff.now(name), link_filter=asked)

    def leaves(
        self,
        name: str,
        form: Format,
        recipient: str | None = None,
        conditions: str | None = "kept in the safe",
    ) -> bytes:
        """Return the unpacked content of an export of the map by this user."""
        return unpacked(self.exported(name, form, recipient, conditions).content)

    def exported(
        self,
        name: str,
        form: Format,
        recipient: str | None = None,
        conditions: str | None = "kept in the safe",
        around: UUID | None = None,
    ) -> Export:
        return record_export.handed_over(
            self.office.desk,
            self.staff.now(name),
            form,
            ANY,
            part=view.Extent(around, 2),
            layer="all",
            recipient=recipient,
            now=self.office.system.clock(),
            synthetic=True,
            consulted=lambda ids: None,
            conditions_met=conditions,
        )


def unpacked(content: bytes) -> bytes:
    if not zipfile.is_zipfile(BytesIO(content)):
        return content
    with zipfile.ZipFile(BytesIO(content)) as packed:
        return b"".join(packed.read(name) for name in packed.namelist())


def _draw(office: Office) -> dict[str, UUID]:
    """Record the people and links that the map shows; return their ids by name."""
    desk = office.desk
    deter, freedom = (
        msgspec.structs.replace(office.reader, team=team) for team in ("Deter", "Freedom")
    )
    case = referral.receive(desk, deter, child="Kayleigh Marlow").id
    child = desk.fold(case, Case(), evolve)[0].child
    assert child
    suspect: list[tuple[PoleCategory, str]] = [("suspect", "named")]
    ids = {
        "case": case,
        "child": child,
        "baz": entity.record_person(desk, deter, name="Baz Undercliff", categories=suspect).id,
        "ned": entity.record_person(desk, deter, name="Ned Overhill", categories=suspect).id,
        "mother": entity.record_person(desk, deter, name="Jo Marlow").id,
        "zed": entity.record_person(desk, freedom, name="Zed Blank", categories=suspect).id,
    }

    def tie(team: Reader, a: str, b: str, kind: LinkKind, handling: Handling | None) -> None:
        words = observation.record(desk, team, words=f"{a} {kind} {b}").id
        ids[f"words of {a}-{b}"] = basis = words
        if handling:
            basis = intelligence_report.assess(desk, team, words, Grade("A", "2"), handling).id
            ids[f"report of {a}-{b}"] = basis
        one, other = (str(ids.get(end, end)) for end in (a, b))
        ids[f"{a}-{b}"] = links.assert_link(desk, team, basis, one, other, kind).id

    tie(deter, "baz", "zed", "associate", Handling("P"))
    tie(deter, "baz", "child", "association", Handling("P"))
    tie(deter, "mother", "phone:07700 900111", "uses", Handling("P"))
    tie(deter, "baz", "ned", "associate", UNDER_CONDITIONS)
    tie(deter, "zed", "ned", "associate", None)
    tie(freedom, "zed", "vehicle:PK95 ABC", "uses", Handling("P"))
    staff = Staff(office)
    staff.hire("dc.own", "detective", teams=["Deter"])
    staff.hire("dc.far", "detective", teams=["Freedom"])
    staff.hire("sw.own", "social-worker", teams=["Deter"])
    staff.hire("sw.far", "social-worker", teams=["Freedom"])
    staff.hire("m.own", "manager", teams=["Deter"])
    staff.hire("psw.own", "psw", teams=["Deter"])
    casework.allocate(desk, staff.now("m.own"), str(case), "sw.own", "child")
    casework.allocate(desk, staff.now("m.own"), str(case), "psw.own", "parents")
    return ids


DRAWN = prepared("drawn", _draw)


@pytest.fixture
def drawn(place: Place) -> Iterator[Map]:
    with DRAWN(*place) as (office, ids):
        yield Map(office, Staff(office), dict(ids))


def test_counts_strengths_and_measures_lean_on_what_is_seen(drawn: Map) -> None:
    own, far = drawn.whole("dc.own", GRADED), drawn.whole("dc.far", GRADED)
    assert (own.ungraded, far.ungraded) == (1, 0)
    hidden = {"baz-child", "mother-phone:07700 900111", "baz-ned", "zed-ned"}
    shown = {link for pair in far.pairs for link in pair.links}
    assert shown == {drawn.ids["baz-zed"], drawn.ids["zed-vehicle:PK95 ABC"]}
    assert shown.isdisjoint({drawn.ids[one] for one in hidden})
    assert drawn.ids["ned"] not in far.graph
    with drawn.office.system.reading() as db:
        ranked = [
            {row.id for row in measures.key_people(db, drawn.staff.now(name)).rows}
            for name in ("dc.own", "dc.far")
        ]
    assert ranked[0] - ranked[1] == {drawn.ids["ned"]}


@pytest.mark.usually_on("sqlite")
def test_what_a_link_rests_on_is_named_and_counted_as_far_as_it_is_seen(drawn: Map) -> None:
    """If a link is based on an entry that the reader may not see, the reader does not see the
    entry's id either. Otherwise the reader could see that two links are based on the same entry."""
    rests = {
        name: {end: pair.evidence for pair in drawn.whole(name).pairs for end in pair.links}
        for name in ("dc.own", "dc.far")
    }
    ids, car = drawn.ids, "zed-vehicle:PK95 ABC"
    shared, own = ids["baz-zed"], ids[car]
    assert rests["dc.own"][shared] == (ids["report of baz-zed"],), "another took the words"
    assert rests["dc.far"][shared] == ()
    assert rests["dc.far"][own] == (ids[f"report of {car}"],)
    with drawn.office.system.reading() as db:
        seen = view.ego(db, drawn.staff.now("dc.far"), ids["zed"], link_filter=ANY)
        way = paths.path(db, drawn.staff.now("dc.far"), ids["baz"], ids["zed"], link_filter=ANY)
    assert way
    told = str(picture_data.path_document(way)) + str(picture_data.document(seen))
    told += "\n".join([*terminal_map.path_lines(way), *terminal_map.lines(seen)])
    bases = [name for name in ids if name.startswith(("words of", "report of"))]
    assert [name for name in bases if str(ids[name]) in told] == [f"report of {car}"]
    assert "0 items" not in told


def test_a_place_on_the_map_tells_nothing_of_what_is_hidden(drawn: Map) -> None:
    atlas, question = LayoutCache(), MapQuery(view.Extent(drawn.ids["zed"], 3), ANY)
    with drawn.office.system.reading() as db:
        own = chart(db, drawn.staff.now("dc.own"), question, atlas)
        far = chart(db, drawn.staff.now("dc.far"), question, atlas)
        alone = chart(db, drawn.staff.now("dc.far"), question, LayoutCache())
    assert str(drawn.ids["ned"]) in own.places
    assert far.places == alone.places
    assert far.known_stops == alone.known_stops
    assert str(drawn.ids["ned"]) not in far.places


@pytest.mark.parametrize("form", get_args(Format))
@pytest.mark.usually_on("sqlite")
def test_an_export_holds_nothing_hidden_and_no_child(drawn: Map, form: Format) -> None:
    told = drawn.leaves("dc.far", form)
    car = "zed-vehicle:PK95 ABC"
    seen = ("baz", "zed", "baz-zed", car, f"report of {car}")
    never = [str(one) for name, one in drawn.ids.items() if name not in seen]
    never += ["Marlow", "Kayleigh", "Overhill", "900111", "Child 1"]
    never += [digits.replace("-", "") for digits in never if re.fullmatch(r"[0-9a-f-]{36}", digits)]
    found = [one for one in never if one.encode() in told]
    assert found == []
    inside = drawn.leaves("dc.own", form)
    assert b"Kayleigh" not in inside
    assert str(drawn.ids["child"]).encode() not in inside


def every_format(drawn: Map, name: str) -> dict[str, bytes]:
    """Return what this user sees of the network, exported at one moment in every format, for the
    team and for other organisations. PDF is left out because two PDFs never have equal bytes, and
    PNG because it is made from the SVG.
    """
    stamp, made = Stamp(START, synthetic=True), dict[str, bytes]()
    for asked in (ANY, replace(ANY, as_known=START + timedelta(days=1))):
        with drawn.office.system.reading() as db:
            reader = drawn.staff.now(name)
            out = outgoing(db, reader, view.whole_layer(db, reader, link_filter=asked))
        for form in get_args(Format):
            if form not in ("png", "pdf"):
                made[f"{form}, {asked.as_known}"] = export(out, form, stamp).content
                made[f"{form} beyond, {asked.as_known}"] = export(
                    beyond_team(out), form, stamp
                ).content
    return made


def record_what_is_hidden(drawn: Map) -> None:
    """Record facts of the team Deter that the team Freedom must not see, about people whom both
    teams see: for example an ungraded link, a link to a child, a placement, and evidence that
    was withdrawn."""
    desk, ids, own = drawn.office.desk, drawn.ids, drawn.staff.now("dc.own")
    baz, zed = str(ids["baz"]), str(ids["zed"])
    child = "Ellie Stone"
    case = referral.receive(desk, own, child=child, concern="seen with Zed").id
    told = [
        ("co-offender", zed, None),
        ("contact", zed, UNDER_CONDITIONS),
        ("association", child, Handling("P")),
        ("lives-at", "place:Mill Lane, Town A", None),
        ("uses", "phone:07700 900222", None),
    ]
    for kind, whom, handling in told:
        words = basis = observation.record(
            desk, own, words=f"Baz {kind} {child}", heard_from="Gran", case=str(case)
        ).id
        if handling:
            basis = intelligence_report.assess(desk, own, words, Grade("A", "2"), handling).id
        links.assert_link(desk, own, basis, baz, whom, kind)  # type: ignore[arg-type]
        if kind == "co-offender":
            retention.restrict(desk, own, [words], "under appeal", ground="part-3-s47-2")
        if kind == "contact":
            intelligence_report.regrade(
                desk, own, words, Grade("D", "3"), UNDER_CONDITIONS, "doubtful"
            )
            intelligence_report.withdraw(desk, own, basis, "the originator took it back")
    links.assert_link(desk, own, words, child, "vehicle:PK95 ABC", "uses")
    links.assert_link(desk, own, words, child, "phone:07700 900222", "uses")
    links.assert_link(desk, own, words, child, "place:Canal Road, Town A", "lives-at")
    other = entity.record_person(desk, own, name="Bazza Undercliff").id
    identity.judge(desk, own, baz, str(other), "same", "the same car")
    social_worker = drawn.staff.now("sw.own")
    compartment.place(desk, social_worker, str(ids["case"]), "residential", "Canal Road, Town A")
    for mark, fell in (("AB1", False), ("AB2", True)):
        made = EvidenceGathered("exhibit", mark)
        exhibit = evidence.gather(desk, own, made, case=str(case)).id
        links.assert_link(desk, own, exhibit, zed, str(ids["ned"]), "associate")
        links.assert_link(desk, own, exhibit, baz, child, "contact")
        if fell:
            evidence.change_status(desk, own, str(exhibit), "undermined", "another car")


@pytest.mark.usually_on("sqlite")
def test_what_is_hidden_changes_no_byte_of_an_export(drawn: Map) -> None:
    desk, far = drawn.office.desk, drawn.staff.now("dc.far")
    place = "place:Canal Road, Town A"
    words = observation.record(desk, far, words="Zed waits at Canal Road").id
    links.assert_link(desk, far, words, str(drawn.ids["zed"]), place, "frequents")
    entity.add_alias(desk, far, str(drawn.ids["zed"]), "nickname", "Ellie Stone's man")
    before, known = every_format(drawn, "dc.far"), drawn.leaves("dc.own", "csv")
    record_what_is_hidden(drawn)
    after = every_format(drawn, "dc.far")
    assert [form for form in before if before[form] != after[form]] == []
    assert drawn.leaves("dc.own", "csv") != known, "Deter itself sees it"


@pytest.mark.usually_on("sqlite")
def test_an_export_is_for_those_who_export(drawn: Map) -> None:
    for name in ("sw.own", "m.own", "psw.own"):
        with pytest.raises(Denied, match="your role does not allow you to export data"):
            drawn.leaves(name, "csv")


@pytest.mark.usually_on("sqlite")
def test_a_recipient_of_blanks_is_nobody_and_the_team_in_any_spelling_itself(drawn: Map) -> None:
    inside = drawn.leaves("dc.own", "csv")
    for recipient in ("  ", " DETER "):
        assert drawn.leaves("dc.own", "csv", recipient) == inside
    told = [event.recipient for event in drawn.office.events(ExportMade, "access")]
    assert told == ["dc.own", "dc.own", "DETER"]


@pytest.mark.usually_on("sqlite")
def test_what_is_under_conditions_puts_all_of_it_under_conditions(drawn: Map) -> None:
    with pytest.raises(Refused, match="conditions"):
        drawn.leaves("dc.own", "csv", conditions=None)
    assert b"Undercliff" in drawn.leaves("dc.own", "csv")
    assert b"Undercliff" in drawn.leaves("dc.far", "csv", conditions=None)


@pytest.mark.parametrize("form", get_args(Format))
@pytest.mark.usually_on("sqlite")
def test_beyond_the_team_a_map_goes_without_what_waits_for_its_originators_consent(
    drawn: Map, form: Format
) -> None:
    """An export of the map for another organisation leaves out each link whose originator has not
    consented to pass it on. The other links are exported.
    """
    made = drawn.exported("dc.own", form, "Another force", None, around=drawn.ids["baz"])
    (held,) = made.withheld
    assert (held.link, held.says) == (
        drawn.ids["baz-ned"],
        "Baz Undercliff associate Ned Overhill",
    )
    assert (held.consent, held.ask) == ("none", drawn.ids["report of baz-ned"])
    assert drawn.ids["baz-ned"] not in made.ids
    assert drawn.ids["zed-ned"] in made.ids, "what ties them otherwise stays"
    left = drawn.office.events(ExportMade, "access")[-1]
    assert left.filters["without"] == str(held.link)


@pytest.mark.usually_on("sqlite")
def test_a_pair_keeps_what_it_rests_on_besides(drawn: Map) -> None:
    desk, own = drawn.office.desk, drawn.staff.now("dc.own")
    words = observation.record(desk, own, words="and again").id
    report = intelligence_report.assess(desk, own, words, Grade("C", "3"), Handling("P")).id
    baz, ned = str(drawn.ids["baz"]), str(drawn.ids["ned"])
    links.assert_link(desk, own, report, baz, ned, "associate")
    whole, made = drawn.leaves("dc.own", "csv"), drawn.exported("dc.own", "csv", "Another force")
    assert len(made.withheld) == 1
    for content, grade in ((whole, "A,2"), (made.content, "C,3")):
        (row,) = [r for r in content.decode().splitlines() if "Overhill" in r and "Baz" in r]
        assert grade in row


@pytest.mark.usually_on("sqlite")
def test_what_an_originator_consents_to_leaves(drawn: Map) -> None:
    desk = drawn.office.desk
    (held,) = drawn.exported("dc.own", "csv", "Another force").withheld
    assert held.ask
    assert b"Ned" not in drawn.leaves("dc.far", "csv", "Another force")
    intelligence_report.ask_consent(desk, drawn.staff.now("dc.own"), held.ask, "a picture")
    (held,) = drawn.exported("dc.own", "csv", "Another force").withheld
    assert held.consent == "asked"
    drawn.staff.hire("dc.two", "detective", teams=["Deter"])
    intelligence_report.give_consent(
        desk, drawn.staff.now("dc.two"), drawn.ids["report of baz-ned"], None
    )
    made = drawn.exported("dc.own", "csv", "Another force")
    assert made.withheld == ()
    assert drawn.ids["baz-ned"] in made.ids


@pytest.mark.usually_on("sqlite")
def test_what_is_known_around_ones_own_children_is_what_all_of_it_tells_of_them(
    drawn: Map,
) -> None:
    """A worker sees that her own child is linked to a suspect through a car, a place or a second
    record of the child, but only if she may see this car, place or record."""
    desk, own, ids = drawn.office.desk, drawn.staff.now("dc.own"), drawn.ids

    def tie(a: str, b: str, kind: LinkKind) -> None:
        words = observation.record(desk, own, words=f"{a} {kind} {b}").id
        report = intelligence_report.assess(desk, own, words, Grade("A", "2"), Handling("P")).id
        links.assert_link(desk, own, report, a, b, kind)

    tie(str(ids["child"]), "vehicle:PK95 ABD", "uses")
    tie(str(ids["zed"]), "vehicle:PK95 ABD", "uses")
    older = entity.record_person(desk, own, name="Kay Marlow").id
    identity.judge(desk, own, str(ids["child"]), str(older), "same", "her sister said so")
    tie(str(ids["ned"]), str(older), "contact")
    for number in range(3):
        who = entity.record_person(desk, own, name=f"Ash {number}").id
        for one in (str(ids["child"]), str(ids["ned"]), str(who)):
            tie(one, "place:the arcade, Town A", "frequents")
    worker = drawn.staff.now("sw.own")
    knowing = msgspec.structs.replace(worker, closed=False, roles=frozenset({"detective"}))
    with drawn.office.system.reading() as db:
        every = risk.children_at_risk(db, knowing)
        assert {row.suspect for row in every.rows} >= {ids["baz"], ids["zed"], ids["ned"]}
        (found,) = risk.children_at_risk(db, worker).rows
        (through_ned,) = risk.children_at_risk(db, worker, ids["ned"]).rows
        earlier = replace(GRADED, as_known=START - timedelta(days=1))
        assert risk.children_at_risk(db, worker, link_filter=earlier).rows == ()
    assert (found.id, found.label) == (ids["child"], "Kayleigh Marlow")
    child = [row for row in every.rows if row.id in (ids["child"], older)]
    kinds = {kind for row in child for reason in row.reasons for kind in reason.kinds}
    assert set(found.reasons[0].kinds) == kinds
    assert kinds >= {"association", "contact", "uses", "frequents"}
    assert through_ned.id == ids["child"]
    assert set(through_ned.reasons[0].kinds) == {"contact", "frequents"}


@pytest.mark.usually_on("sqlite")
def test_more_children_of_ones_own_are_looked_around_with_no_more_questions(drawn: Map) -> None:
    office, worker = drawn.office, drawn.staff.now("sw.own")
    desk, own = office.desk, drawn.staff.now("dc.own")

    one, asked_of_one = warned(office, worker)
    assert [row.id for row in one] == [drawn.ids["child"]]
    wanted: dict[UUID, set[LinkKind]] = {drawn.ids["child"]: {"association"}}
    kinds: tuple[LinkKind, ...] = "contact", "family", "associate", "uses", "uses"
    for number, kind in enumerate(kinds):
        case = referral.receive(desk, own, child=f"Robin Marlow {number}").id
        child = desk.fold(case, Case(), evolve)[0].child
        assert child
        casework.allocate(desk, drawn.staff.now("m.own"), str(case), "sw.own", "child")
        words = observation.record(desk, own, words=f"{number} {kind}").id
        report = intelligence_report.assess(desk, own, words, Grade("A", "2"), Handling("P")).id
        if kind == "uses":
            car = f"vehicle:PK95 AB{'CD'[number % 2]}"
            links.assert_link(desk, own, report, str(child), car, kind)
            links.assert_link(desk, own, report, str(drawn.ids["ned"]), car, kind)
        else:
            links.assert_link(desk, own, report, str(drawn.ids["baz"]), str(child), kind)
        wanted[child] = {kind}
    several, asked_of_several = warned(office, drawn.staff.now("sw.own"))
    assert {row.id: set(row.reasons[0].kinds) for row in several} == wanted
    assert asked_of_several == asked_of_one


def warned(office: Office, reader: Reader, *, indexed: bool = False) -> tuple[list[AtRisk], int]:
    """Return the children at risk whom this reader sees, and the number of SQL queries that the
    answer took. With `indexed`, the index of the network is built before, as in a server.
    """
    queries: list[str] = []

    def count(*was: Any) -> None:
        queries.append(was[2])

    with office.system.reading() as db:
        if indexed:
            read_ahead(db)
        sa.event.listen(db, "before_cursor_execute", count)
        found = risk.children_at_risk(db, reader).rows
        sa.event.remove(db, "before_cursor_execute", count)
    return list(found), len(queries)


@pytest.mark.usually_on("sqlite")
@pytest.mark.parametrize("own", ["child", "adult"])
def test_hidden_judgements_and_links_change_no_number_of_queries(drawn: Map, own: str) -> None:
    """Hidden links and judgements of another team about a worker's child cause no additional SQL
    query.
    """
    office, desk, staff = drawn.office, drawn.office.desk, drawn.staff
    staff.hire("sw.new", "social-worker", teams=["Freedom"])
    staff.hire("m.far", "manager", teams=["Freedom"])
    dc_far, dc_own = staff.now("dc.far"), staff.now("dc.own")
    whom: list[UUID] = []
    for name in ("Robin Stone", "Ali Stone"):
        if own == "child":
            case = referral.receive(desk, dc_far, child=name).id
            casework.allocate(desk, staff.now("m.far"), str(case), "sw.new", "child")
            child = desk.fold(case, Case(), evolve)[0].child
            assert child
            whom.append(child)
        else:
            whom.append(entity.record_person(desk, staff.now("sw.new"), name=name).id)
    worker = staff.now("sw.new")
    with office.system.reading() as db:
        assert people.reached(db, worker, "see-risk") == sorted(whom)
    answers = [warned(office, worker, indexed=True)]
    knows_all = msgspec.structs.replace(office.reader, team="Deter")
    last = whom[0]
    for number in range(3):
        other = entity.record_person(desk, dc_own, name=f"Robin {number}").id
        identity.judge(desk, knows_all, str(last), str(other), "same", "the same day of birth")
        answers.append(warned(office, worker, indexed=True))
        last = other
    for one, thing in ((last, "vehicle:PK95 ABD"), (drawn.ids["mother"], "vehicle:PK95 ABD")):
        words = observation.record(desk, dc_own, words=f"{one} drives it").id
        report = intelligence_report.assess(desk, dc_own, words, Grade("A", "2"), Handling("P")).id
        links.assert_link(desk, knows_all, report, str(one), thing, "uses")
        answers.append(warned(office, worker, indexed=True))
    assert answers == [answers[0]] * 6
    assert answers[0][0] == []


@pytest.mark.usually_on("sqlite")
def test_the_social_worker_is_warned_of_their_own_children_and_shown_little(drawn: Map) -> None:
    with drawn.office.system.reading() as db:
        (own,) = risk.children_at_risk(db, drawn.staff.now("sw.own")).rows
        assert risk.children_at_risk(db, drawn.staff.now("sw.far")).rows == ()
        (sergeant,) = risk.children_at_risk(db, drawn.staff.now("dc.own")).rows
        assert risk.children_at_risk(db, drawn.staff.now("dc.far")).rows == ()
    assert (own.id, own.suspect, own.label) == (drawn.ids["child"], None, "Kayleigh Marlow")
    assert [(reason.kinds, reason.via, reason.links) for reason in own.reasons] == [
        (("association",), None, ())
    ]
    assert "Undercliff" not in repr(own)
    assert sergeant.suspect == drawn.ids["baz"]
