"""An export masks children in every format, has the same bytes each time, and has no formulas in
its cells.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from datetime import date
from typing import get_args

import networkx as nx
import pytest
import sqlalchemy as sa
from defusedxml import ElementTree
from pypdf import PdfReader

from domain.kernel.values import Refused
from network.export.export import Export, Format, export
from network.export.export_rules import beyond_team
from network.picture.footer import Stamp
from network.picture.typeface import FONT
from network.query.masked_export import MaskedExport, outgoing
from network.query.view import NetworkAnswer, ego, whole_layer
from projections.intelligence.links import LinkFilter
from projections.intelligence.people import AgeRow, CategoryRow, NameRow
from tests.network.world import READER, World, day

STAMP = Stamp(day(400), synthetic=True)
FORMATS: tuple[Format, ...] = get_args(Format)
SECRET = ("Clover", "Clo-Clo", "Daisy", "Elder", "07700 900555", "1994-05-06", "Mill Lane")


@pytest.fixture
def story(world: World) -> World:
    world.put("Ash", "suspect", aliases=("Ashy", "Clo-Clo's man"))
    world.put("Birch", "suspect", "eliminated")
    world.put("Elder", "suspect", child=True)
    world.put("Clover", "victim", born=date(1994, 5, 6), aliases=("Clo-Clo",), child=True)
    world.put("Daisy", "victim", known=3)
    world.put("Fern", "victim", child=False)
    world.put("friend of Clover's, tall", "person-of-interest")
    world.put("AB91 ABC", kind="vehicle")
    world.put("07700 900555", kind="phone")
    world.put("Mill Lane, Town B", kind="place")
    world.put("hotel, Town A", kind="place")
    world.link("Ash", "Clover", "association", stage="evidence", root=world["Ash"])
    world.link("Ash", "Daisy", "association", "2C")
    world.link("Ash", "Elder")
    world.link("Ash", "Fern", "association")
    world.link("Ash", "Birch")
    world.link("Ash", "friend of Clover's, tall")
    world.link("Clover", "Daisy")
    world.link("Elder", "Daisy", "association")
    world.link("Ash", "AB91 ABC", "driver-of")
    world.link("Clover", "AB91 ABC", "uses")
    world.link("Ash", "07700 900555", "contact")
    world.link("Daisy", "07700 900555", "uses", grade=None)
    world.link("Ash", "hotel, Town A", "seen-at")
    world.link("Ash", "Mill Lane, Town B", "seen-at")
    world.link("Daisy", "Mill Lane, Town B", "placed-at", grade=None)
    return world


def leaving(world: World, asked: LinkFilter = LinkFilter()) -> tuple[NetworkAnswer, MaskedExport]:  # noqa: B008
    with world.db() as db:
        picture = ego(db, READER, world["Ash"], 2, link_filter=asked)
        return picture, outgoing(db, READER, picture)


def words(made: Export) -> str:
    if made.form in ("i2", "pole", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
            return "\n".join(archive.read(name).decode() for name in archive.namelist())
    return made.content.decode("utf-8", errors="ignore")


def test_children_are_numbered_by_when_they_were_first_recorded(story: World) -> None:
    _, out = leaving(story)
    labels = {node.label for node in out.nodes}
    assert {"Child 1", "Child 2", "Child 3", "Victim 1", "Child's phone 1", "Ash"} <= labels
    assert "AB91 ABC" in labels, "a suspect's car that a child uses keeps its plate"
    assert "friend of (name masked)'s, tall" in labels
    # A person who was cleared is marked as cleared, and not masked.
    assert next(node for node in out.nodes if node.label == "Birch").cleared
    assert [node.suspect for node in out.nodes if node.label == "Child 1"] == [True]
    assert [node.aliases for node in out.nodes if node.label == "Ash"] == [("Ashy",)]
    assert not [node for node in out.nodes if node.masked and node.aliases]


def test_no_other_name_leaves_the_team(story: World) -> None:
    """A name for a person that only one source uses is left out of every export for another
    organisation, because it would reveal the source."""
    _, out = leaving(story)
    assert not [node for node in beyond_team(out).nodes if node.aliases]


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_names_a_child_or_leads_back_to_one(story: World, form: Format) -> None:
    picture, out = leaving(story)
    made = export(out, form, STAMP)
    told = words(made)
    children = [one for one in picture.graph if picture.entity(one).is_child]
    theirs = [
        link
        for pair in picture.pairs
        if pair.source in children or pair.target in children
        for link in (*pair.links, *pair.evidence)
    ]
    assert len(children) == 3
    for secret in (*SECRET, *map(str, children), *map(str, theirs)):
        assert secret not in told
    if form not in ("png", "pdf"):
        assert "Child 1" in told


def test_children_are_never_tied_to_each_other(story: World) -> None:
    _, out = leaving(story)
    assert out.protected == 2
    for tie in out.ties:
        assert not {"child", "victim"} >= {tie.source.role, tie.target.role}
    assert out.at_home == 1, "the ungraded placement was not even in the picture"


def test_a_home_never_leaves(story: World) -> None:
    with story.db() as db:
        picture = ego(db, READER, story["Mill Lane, Town B"])
        with pytest.raises(Refused, match="a child's home or placement is never exported"):
            outgoing(db, READER, picture)


def test_the_record_of_an_export_holds_the_real_ids(story: World) -> None:
    _, out = leaving(story)
    made = export(out, "csv", STAMP)
    assert story["Clover"] in made.ids
    assert {link for pair in out.picture.pairs for link in pair.links} <= set(made.ids)
    assert made.sha256 == hashlib.sha256(made.content).hexdigest()
    assert made.filters["focus"] == str(story["Ash"])


@pytest.mark.parametrize("form", FORMATS)
def test_the_map_as_known_then_is_the_same_bytes_whenever_it_is_made(
    story: World, form: Format
) -> None:
    then = LinkFilter(as_known=day(10))
    _, before = leaving(story, then)
    one = export(before, form, Stamp(day(10), synthetic=True))
    story.put("Gorse", "suspect", known=20)
    story.link("Ash", "Gorse", known=20)
    story.judge("Ash", "friend of Clover's, tall", known=20)
    _, after = leaving(story, then)
    other = export(after, form, Stamp(day(300), synthetic=True))
    assert one.content == other.content


def test_graphml_and_gexf_read_back_as_the_same_network(story: World) -> None:
    story.put("Gorse", "suspect")
    story.link("Ash", "Gorse", valid=(10, 20))
    _, out = leaving(story)
    graphml = nx.read_graphml(io.BytesIO(export(out, "graphml", STAMP).content))
    gexf = nx.read_gexf(io.BytesIO(export(out, "gexf", STAMP).content))
    for graph in (graphml, gexf):
        assert set(graph) == {node.id for node in out.nodes}
        assert graph.number_of_edges() == len(out.ties)
        assert graph.nodes[str(story["Ash"])]["label"] == "Ash"
    dated = gexf.edges[str(story["Ash"]), str(story["Gorse"])]
    assert (dated["start"], dated["end"]) == ("2010-01-11T00:00:00Z", "2010-01-21T00:00:00Z")
    grades = {held["grade"] for _, _, held in graphml.edges(data=True)}
    assert grades == {"2B", "2C"}
    assert "OFFICIAL-SENSITIVE" in graphml.graph["note"]
    assert "SYNTHETIC" in graphml.graph["note"]


def test_the_sheet_is_the_links_form_and_holds_no_formula(story: World) -> None:
    story.put('=HYPERLINK("x")', "suspect")
    story.put("+44", "suspect")
    story.link("Ash", '=HYPERLINK("x")')
    story.link("Ash", "+44")
    _, out = leaving(story)
    sheet = export(out, "csv", STAMP).content.decode()
    rows = list(csv.DictReader(io.StringIO(sheet)))
    assert len(rows) == len(out.ties)
    first = rows[0]
    assert (first["source"], first["source_kind"]) == ("Ash", "person/suspect")
    assert (first["target"], first["target_kind"]) == ("Child 2", "person/vulnerable-child")
    assert (first["information"], first["source_grade"], first["handling"]) == ("B", "2", "P")
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert '\'=HYPERLINK("x")' in cells


def test_follow_the_money_lines_hold_entities_and_links(story: World) -> None:
    _, out = leaving(story)
    rows = [json.loads(line) for line in export(out, "ftm", STAMP).content.splitlines()]
    schemata = [row["schema"] for row in rows]
    assert schemata.count("Vehicle") == 1
    ends = {row["id"] for row in rows}
    for row in rows:
        for end in ("person", "associate", "subject", "object"):
            assert set(row["properties"].get(end, [])) <= ends


def test_the_picture_is_well_formed_whatever_people_are_called(world: World) -> None:
    world.put("</svg><script>alert(1)</script>", "suspect")
    world.put("Ash\x00\x1b[2J\u202egnp.exe & “co”", "suspect")
    world.put("x" * 500, "suspect")
    names = list(world.ids)
    world.link(names[0], names[1])
    world.link(names[1], names[2], "co-offender", "3E")
    with world.db() as db:
        picture = whole_layer(db, READER)
        out = outgoing(db, READER, picture)
    drawn = export(out, "svg", STAMP).content.decode()
    root = ElementTree.fromstring(drawn)
    assert root.tag.endswith("svg")
    assert "<script" not in drawn
    assert not {"\x00", "\x1b", "\u202e"} & set(drawn)
    assert export(out, "png", STAMP).content.startswith(b"\x89PNG")
    assert export(out, "pdf", STAMP).content.startswith(b"%PDF-")
    for form in FORMATS:
        assert export(out, form, STAMP).content


def test_the_picture_carries_the_letters_that_were_reckoned_with(story: World) -> None:
    _, out = leaving(story)
    drawn = export(out, "svg", STAMP).content.decode()
    assert f'font-family="{FONT}"' in drawn
    assert drawn.count("@font-face") == drawn.count("data:font/woff2;base64,") == 2
    paper = export(out, "pdf", STAMP).content
    assert b"+Arimo-Regular" in paper
    (page,) = PdfReader(io.BytesIO(paper)).pages
    shown = page.extract_text()
    assert "OFFICIAL-SENSITIVE" in shown
    assert [
        node.label for node in out.nodes if not set(node.label.split()) <= {*shown.split()}
    ] == []


def test_the_picture_says_what_it_is_and_what_it_leaves_out(story: World) -> None:
    story.link("Ash", "Birch", grade=None)
    _, out = leaving(story)
    drawn = export(out, "svg", STAMP).content.decode()
    plain = export(out, "svg", Stamp(day(400))).content.decode()
    for said in (
        "OFFICIAL-SENSITIVE",
        "SYNTHETIC",
        "as known 2011-02-05 00:00 UTC",
        "3 ungraded not shown",
        "2 links between children or victims never shown",
        "Network around Ash",
        "Eliminated or acquitted",
    ):
        assert said in drawn
    assert "SYNTHETIC" not in plain


# The formats whose text is checked; PNG and PDF are made from the SVG, and so are left out.
MARKED = [form for form in FORMATS if form not in ("png", "pdf")]


@pytest.mark.parametrize("form", MARKED)
def test_every_format_says_that_conditions_apply_to_something_in_it(
    world: World, form: Format
) -> None:
    world.suspects("Ash", "Birch")
    for handling in ("P", "C"):
        world.link("Ash", "Birch", handling=handling)
        with world.db() as db:
            out = outgoing(db, READER, whole_layer(db, READER))
        for leaving in (out, beyond_team(out)):
            told = words(export(leaving, form, STAMP))
            assert "OFFICIAL-SENSITIVE" in told
            assert ("handling C: conditions apply" in told) == (handling == "C")


@pytest.mark.parametrize("form", MARKED)
def test_who_is_tied_to_nobody_leaves_with_the_marking_too(world: World, form: Format) -> None:
    world.suspects("Ash")
    with world.db() as db:
        out = outgoing(db, READER, ego(db, READER, world["Ash"]))
    assert [node.label for node in out.nodes] == ["Ash"]
    told = words(export(out, form, STAMP))
    assert "OFFICIAL-SENSITIVE" in told
    assert "SYNTHETIC" in told


def test_too_much_for_a_slide_is_refused_with_what_to_do(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("network.picture.picture.MOST", 2)
    world.suspects("Ash", "Birch", "Cedar")
    world.link("Ash", "Birch")
    world.link("Birch", "Cedar")
    with world.db() as db:
        out = outgoing(db, READER, whole_layer(db, READER))
    with pytest.raises(Refused, match="export graphml"):
        export(out, "svg", STAMP)


SPELT = [
    ("Clover Moor", "CLOVER  MOOR's man"),
    ("Zoë Moor", "friend of Zoe Moor"),
    ("Kelly-Anne Moor", "Kelly Anne Moor's uncle"),
    ("Kelly O’Brien", "Kelly O'Brien's uncle"),
    ("Clover Moor", "Clo\u200bver Moor's uncle"),
    ("Clover Moor", "friend of MOOR, Clover"),
    ("Clover Moor", "friend of Clover J. Moor"),
    ("Kelly O'Moor", "friend of Kelly T. O'Moor"),
]


@pytest.mark.parametrize(("child", "words"), SPELT)
@pytest.mark.parametrize("seen", ["in the picture", "elsewhere"])
def test_a_masked_name_is_found_in_any_spelling(
    world: World, child: str, words: str, seen: str
) -> None:
    """A child's name in a text is masked in any spelling, whether or not the child is in the
    exported picture."""
    words = words if seen == "elsewhere" else words.replace("Kelly Anne", "KellyAnne")
    world.put("Ash", "suspect", aliases=("Ashy", words))
    world.put(child, "victim", child=True)
    world.put(f"{words}, tall", "person-of-interest", described=True)
    world.put(f"{words}, flat 2", kind="place")
    world.link("Ash", f"{words}, tall")
    world.link("Ash", f"{words}, flat 2", "seen-at")
    if seen == "in the picture":
        world.link("Ash", child, "association")
    _, out = leaving(world)
    assert [node.aliases for node in out.nodes if node.label == "Ash"] == [("Ashy",)]
    described = {node.label for node in out.nodes if node.label.endswith((", tall", ", flat 2"))}
    assert len(described) == 2
    assert all("(name masked)" in one and "Moor" not in one for one in described)


@pytest.mark.parametrize(("child", "words"), [("Zoë", "Zoe's man"), ("Elizabeth", "Beth's man")])
def test_a_masked_first_name_that_says_whose_somebody_is_does_not_leave(
    world: World, child: str, words: str
) -> None:
    """A masked child's first name is also masked in another person's name that shows whose relative
    or partner that person is. A shop of this name, and a person with the same first name, are
    not masked."""
    world.put("Ash", "suspect", aliases=("Ashy", words))
    world.put(f"{child} Moor", "victim", child=True)
    world.put(words, "person-of-interest", described=True)
    world.put(f"{child}'s Kebabs", kind="place")
    world.put(f"{child} Khan", "suspect")
    world.link("Ash", f"{child} Moor", "association")
    world.link("Ash", words)
    world.link("Ash", f"{child} Khan")
    world.link("Ash", f"{child}'s Kebabs", "seen-at")
    _, out = leaving(world)
    told = {node.label for node in out.nodes}
    assert told == {"Ash", "Child 1", "(name masked)'s man", f"{child} Khan", f"{child}'s Kebabs"}
    assert [node.aliases for node in out.nodes if node.label == "Ash"] == [("Ashy",)]


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("friend of zoe, tall", "friend of (name masked), tall"),
        ("Zoes man", "(name masked) man"),
        ("Zoe M's man", "(name masked)'s man"),
        ("driver for Z. Moor", "driver for (name masked)"),
        ("tall, called Zoe", "tall, called Zoe"),
        ("in jeans with many marks", "in jeans with many marks"),
    ],
)
def test_a_first_name_in_a_description_is_masked_where_it_says_whose_somebody_is(
    world: World, words: str, left: str
) -> None:
    world.put("Ash", "suspect")
    world.put("Zoë Moor", "victim", child=True, aliases=("Jean", "Mark"))
    world.put(words, "person-of-interest", described=True)
    world.link("Ash", "Zoë Moor", "association")
    world.link("Ash", words)
    _, out = leaving(world)
    assert {node.label for node in out.nodes} == {"Ash", "Child 1", left}


def test_a_name_that_a_child_elsewhere_bears_too_is_kept(world: World) -> None:
    world.put("Ash Moor", "suspect")
    world.put("Ash", "victim", child=True, aliases=("Ash Moor",))
    world.put("friend of Ash Moor's, tall", "person-of-interest", described=True)
    world.link("Ash Moor", "friend of Ash Moor's, tall")
    with world.db() as db:
        out = outgoing(db, READER, ego(db, READER, world["Ash Moor"], 2))
    assert {node.label for node in out.nodes} == {"Ash Moor", "friend of (name masked)'s, tall"}


def test_who_is_known_as_a_child_since_is_one_in_every_picture(world: World) -> None:
    """A person who is recorded as a child today is masked in every picture, even in a picture of
    what was known on an earlier day. All names of the child are masked, older and newer."""
    world.put("Ash", "suspect", aliases=("Clover Moor's man", "Clo-Clo's man", "Ashy"))
    clover, fern = world.put("Clo-Clo", "suspect", known=1), world.put("Fern", known=1)
    world.put("Daisy", "victim", child=True)
    world.link("Ash", "Clo-Clo", known=2)
    world.link("Ash", "Fern", known=2)
    world.link("Clo-Clo", "Daisy", known=2)
    at = day(20)
    world.rows.append(AgeRow(clover, 900, True, None, None, at))
    world.rows.append(NameRow(clover, 901, "Clover Moor", "clover moor", "name", True, at))
    world.rows.append(CategoryRow(fern, 902, "victim", "told", "analyst", at, None))
    world.rows.append(AgeRow(fern, 903, False, None, None, at))
    _, out = leaving(world, LinkFilter(as_known=day(10)))
    assert {node.label for node in out.nodes} == {"Ash", "Child 1", "Victim 1"}
    assert [node.aliases for node in out.nodes if node.label == "Ash"] == [("Ashy",)]
    assert out.protected == 1


def test_a_picture_as_known_then_is_cut_with_as_many_statements_whatever_its_size(
    world: World,
) -> None:
    statements, asked = list[str](), LinkFilter(as_known=day(10))
    sa.event.listen(world.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    world.suspects("Ash", *(f"Birch {number}" for number in range(30)))
    world.link("Ash", "Birch 0")
    counts = list[int]()
    for last in (1, 30):
        for number in range(1, last):
            world.link("Ash", f"Birch {number}")
        with world.db() as db:
            picture = ego(db, READER, world["Ash"], link_filter=asked)
            statements.clear()
            assert len(outgoing(db, READER, picture).nodes) == last + 1
            counts.append(len(statements))
    assert counts[0] == counts[1]
