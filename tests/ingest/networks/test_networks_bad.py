"""A network file that is broken, cut short or harmful is refused, or the faulty rows are. A message
says where the fault is and what to do; no row is imported in part."""

from __future__ import annotations

import base64
import io
import json
import re
import tracemalloc
import zipfile
from pathlib import Path
from random import Random

import pytest

from ingest.files.problems import BadFile
from network.export.export import Format, export
from network.picture.footer import Stamp
from tests.ingest.conftest import FakeIntake, Importing, lines
from tests.support.ingest.networks_back import known_people
from tests.support.network.round_trips import AT


def _chart(items: str, head: str = "") -> bytes:
    return f"{head}<Chart>\n<ChartItemCollection>\n{items}</ChartItemCollection></Chart>".encode()


def _entity(number: str, label: str = "", icon: str = "Person", identity: str | None = None) -> str:
    named = f'EntityId="{number}" Identity="{identity or number}"'
    style = f'<Icon><IconStyle Type="{icon}"/></Icon>'
    return f'<ChartItem Label="{label}"><End><Entity {named}>{style}</Entity></End></ChartItem>\n'


def _link(a: str, b: str, arrow: str = "ArrowNone", kind: str = "") -> str:
    style = f'<LinkStyle ArrowStyle="{arrow}" Type="{kind}"/>'
    link = f'<Link End1Id="{a}" End2Id="{b}">{style}</Link>'
    return f'<ChartItem Id="L" Label="tie">{link}</ChartItem>\n'


def _ftm(one: str, schema: str = "Person", **properties: object) -> str:
    return json.dumps({"id": one, "schema": schema, "properties": properties})


def _zip(path: Path, **tables: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in tables.items():
            archive.writestr(f"{name}.csv", content)
    return path


LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
    "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]>"
)
I2 = b"Identity,Label,Type\r\n1,Ann,person\r\n"
FILES = {
    "laughs.anx": (_chart(_entity("1", "&c;"), LAUGHS), "Remove its DOCTYPE"),
    "outside.anx": (_chart("", "<!DOCTYPE x SYSTEM 'file:///etc/passwd'>"), "document type"),
    "cut.anx": (_chart(_entity("1"))[:-12], "row 4: it is not a readable network"),
    "codes.anx": (_chart("", "<?xml version='1.0' encoding='shift_jis'?>"), "Save it as utf-8"),
    "bytes.anx": (_chart(_entity("1", "Zo\u00eb")).decode().encode("cp1252"), "row 3"),
    "twice.anx": (_chart(_entity("1") + _entity("1")), "row 4: two of its entities have .* '1'"),
    "same.anx": (
        _chart(_entity("1", identity="a") + _entity("2", identity="a")),
        "row 4: two of its nodes have the id 'a'",
    ),
    "twice.json": (f"{_ftm('a')}\n\n{_ftm('a')}\n".encode(), "row 3: two of its nodes have .* 'a'"),
    "bytes.json": (f"{_ftm('a')}\n".encode() + b'{"id": "\xeb"}', "row 2: .* not UTF-8"),
    "wide.json": (_ftm("a", name="b").encode("utf-16"), "row 1: .* not UTF-8"),
    "list.json": (f"[{_ftm('a')}]".encode(), "one JSON list.*each entity on its own line"),
    "other.json": (b'{\n "heard_from": "Carer A"\n}', "row 1: none of its lines is an entity"),
    "long.json": (_ftm("a", name="b" * (5 << 20)).encode(), "row 1: the line is longer"),
}


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_that_cannot_be_read_says_where_and_leaves_nothing(
    imports: Importing, intake: FakeIntake, tmp_path: Path, name: str
) -> None:
    path, (content, wrong) = tmp_path / name, FILES[name]
    path.write_bytes(content)
    with pytest.raises(BadFile, match=f"(?s){name}.*{wrong}"):
        imports(path)
    assert not intake.recorded
    assert not intake.files


TABLES: dict[str, tuple[dict[str, bytes], str]] = {
    "no-column": (
        {"entities": b"Identity,Type\r\n1,person\r\n", "links": b"From,To,Type\r\n"},
        "sheet 'entities.csv', row 1: the table has no column 'label'",
    ),
    "two-columns": (
        {"entities": b"Identity,Label,Type,label\r\n", "links": b"From,To,Type\r\n"},
        "two columns have the heading 'label'",
    ),
    "twice": (
        {"entities": I2 + b"1,Baz,person\r\n", "links": b"From,To,Type\r\n"},
        "sheet 'entities.csv', row 3: two of its nodes have the id '1'",
    ),
    "bytes": (
        {"entities": I2, "links": b"From,To,Type\r\n1,\xeb,contact\r\n"},
        "sheet 'links.csv', row 2, column 'To': the bytes there are not UTF-8",
    ),
    "bomb": ({"entities": I2, "links": b"\0" * (64 << 20)}, "zip bomb"),
    "persons": (
        {"person": b"person id\r\n1\r\n1\r\n", "association": b"source,target\r\n"},
        "sheet 'person.csv', row 3: two of its nodes",
    ),
}


@pytest.mark.parametrize("name", sorted(TABLES))
def test_tables_that_cannot_be_read_say_where_and_leave_nothing(
    imports: Importing, intake: FakeIntake, tmp_path: Path, name: str
) -> None:
    tables, wrong = TABLES[name]
    with pytest.raises(BadFile, match=wrong):
        imports(_zip(tmp_path / "network.zip", **tables))
    assert not intake.recorded
    assert not intake.files


def test_a_table_that_says_nothing_alone_asks_for_the_others(
    imports: Importing, tmp_path: Path
) -> None:
    for name, head in (
        ("entities.csv", b"Identity,Label,Type,Role,Masked,Eliminated or acquitted\r\n"),
        ("links.csv", b"From,To,Type,Direction,Known from,Independent roots\r\n"),
        ("object.csv", b"object id,object type,identifier\r\n"),
        ("location.csv", b"location id,location\r\n"),
    ):
        (tmp_path / name).write_bytes(head)
        with pytest.raises(BadFile, match=r"without the others. Import the whole .zip"):
            imports(tmp_path / name)


def test_a_bad_line_is_one_rejected_row_and_the_others_come_in(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    deep = "[" * 100_000
    path = tmp_path / "network.json"
    path.write_text(
        "\n".join(
            [
                _ftm("a", name="Ann"),
                _ftm("b", name="Baz"),
                "{not json}",
                "[1, 2]",
                '{"schema": "Person"}',
                '{"id": "c", "schema": 7}',
                '{"id": "c", "schema": "Person", "properties": []}',
                f'{{"id": {deep}',
                _ftm("t1", "Associate", person=["a"], associate=["b"]),
                _ftm("t2", "Associate", person=["a"], associate=["nobody"]),
                _ftm("t3", "Associate", person=["a", "b"], associate=["b"]),
                _ftm("t4", "Associate", person=["a"]),
                _ftm("d", "Company", name="Acme"),
                _ftm("e", name="x" * 200_000),
                "",
                _ftm("t5", "Associate", person=["a"], associate=["b"], startDate=["soon"]),
            ]
        ),
        encoding="utf-8",
    )
    report = imports(path, rejects=tmp_path / "rejects.csv")
    assert [(link.source, link.target, link.link_kind) for link in intake.links] == [
        ("Ann", "Baz", "associate")
    ]
    assert [(one.place.row, one.place.column, one.reason[:40]) for one in report.rejected] == [
        (10, "target_id", "its end 'nobody' is not a person or thin"),
        (12, "target_id", "this end of the link is empty: add it, o"),
        (16, "valid_from", "'soon' is not a date: write it like 2011"),
        (13, "source_kind", "'company' is not a kind: write person, p"),
        (14, "source", "the cell has 200,000 letters; at most 10"),
        (3, None, "the line is not JSON (Expecting property"),
        (4, None, "the line is not an object: write an enti"),
        (5, "id", "the entity has no id: write the id as te"),
        (6, "schema", "the entity has no schema: write the sche"),
        (7, "properties", "the properties of the entity are not an "),
        (8, None, report.rejected[10].reason[:40]),
        (11, "person", "the link has several entities at one end"),
    ]
    # the corrected row can be imported
    told = [row for row in lines(tmp_path / "rejects.csv") if row["_row"] == "12"]
    head, row = [*told[0]], {**told[0], "target": "Baz"}
    mended = tmp_path / "mended.csv"
    mended.write_text(
        "\n".join(",".join(f'"{cell}"' for cell in one) for one in (head, row.values())),
        encoding="utf-8",
    )
    imports(mended)
    assert len(intake.links) == 2


def test_who_is_said_to_be_the_same_stays_two_and_is_reported(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    """People whom a file declares to be the same person are imported as separate people, with a
    note. Only a user may judge that two records are one person."""
    path = tmp_path / "network.json"
    path.write_text(
        "\n".join(
            [
                _ftm("a", name="Ann", sameAs=["b"]),
                _ftm("b", name="Anne", sameAs=["a"]),
                _ftm("s", "Similar", candidate=["a"], match=["b"]),
                _ftm("t", "UnknownLink", subject=["a"], object=["b"], role=["contact"]),
            ]
        ),
        encoding="utf-8",
    )
    report = imports(path)
    assert [(link.source, link.target) for link in intake.links] == [("Ann", "Anne")]
    assert any("that is judged here" in note for note in report.files[0].notes)


@pytest.mark.parametrize(
    "phone",
    [
        # the format had these properties before version 3.8
        {"number": ["07700 900111"], "service": ["telephone"]},
        {"phone": ["07700 900111"]},
        {"username": ["07700 900111"], "phone": ["07700 900111"], "service": ["telephone"]},
    ],
    ids=["former", "by its number", "as exported"],
)
def test_another_programs_entities_are_what_their_schema_says(
    imports: Importing, intake: FakeIntake, tmp_path: Path, phone: dict[str, list[str]]
) -> None:
    path = tmp_path / "network.json"
    path.write_text(
        "\n".join(
            [
                _ftm("p", name=["Ann", "Annie"], weakAlias=["A"], topics=["crime"]),
                _ftm("q", name=["Baz"]),
                _ftm("c", "Vehicle", registrationNumber=["PK95 ABC"]),
                _ftm("m", "UserAccount", **phone),
                _ftm("u", "UserAccount", username=["@ann"]),
                _ftm("1", "Family", person=["p"], relative=["q"], relationship=["sister"]),
                _ftm("2", "Ownership", owner=["p"], asset=["c"], startDate=["2011-02"]),
                _ftm("3", "UnknownLink", subject="p", object={"id": "m"}, endDate=["2011"]),
                _ftm("4", "UnknownLink", subject=["p"], object=["u"], startDate="2011-07-01T12:00"),
            ]
        ),
        encoding="utf-8",
    )
    report = imports(path)
    assert not report.rejected
    told = [(link.target, link.target_kind, link.link_kind) for link in intake.links]
    assert told == [
        ("Baz", "person", "family"),
        ("PK95 ABC", "vehicle", "owns"),
        ("07700 900111", "phone", None),
        ("@ann", "handle", None),
    ]
    ann = intake.links[0]
    assert ann.source_kind == "person", "nobody becomes a suspect by somebody else's topic"
    assert ann.source_own is not None
    assert ann.source_own.aliases == ("Annie", "A")
    dates = [link.valid_from or link.valid_to for link in intake.links[1:]]
    assert [f"{at:%Y-%m-%d %H:%M}" for at in dates if at] == [
        "2011-02-01 00:00",
        "2011-12-31 00:00",
        "2011-07-01 12:00",
    ]


def test_a_link_of_a_chart_that_ends_nowhere_is_reported_with_its_element(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    path = tmp_path / "chart.anx"
    items = [_entity("1", "Ann"), _entity("2", "Baz"), _entity("3", "Acme", "Bank")]
    items += [_link("1", "9"), _link("1", "2"), _link("1", "3"), "<ChartItem Label='note'/>"]
    path.write_bytes(_chart("".join(items)))
    report = imports(path)
    assert [(link.source, link.target) for link in intake.links] == [("Ann", "Baz")]
    assert [(one.place.row, one.place.column, one.reason[:35]) for one in report.rejected] == [
        (8, "target_kind", "'bank' is not a kind: write person,"),
        (6, "Link", "the link 'L' ends at '9', which is "),
    ]
    assert any("1 item of the chart" in note for note in report.files[0].notes)


def test_another_programs_chart_is_read_by_its_icons_and_arrows(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    """A chart of another program is read by its icons and arrows, even if it is written on one line
    or names a link before the link's ends."""
    path = tmp_path / "chart.anx"
    when = 'DateSet="true" TimeSet="{}" DateTime="2011-07-01T12:00:00.000"'
    items = [
        _link("c", "p", "ArrowOnTail", "driver-of").replace('Id="L"', when.format("true")),
        _link("p", "m", "ArrowOnHead", "Rang").replace('Id="L"', when.format("false")),
        _entity("c", "PK95 ABC", "Van"),
        _entity("p", "Ann", "Woman"),
        _entity("m", "07700 900111", "Mobile Phone"),
    ]
    path.write_bytes(_chart("".join(items)).replace(b"\n", b""))
    assert not imports(path).rejected
    found = [(link.source, link.target, link.target_kind, link.link_kind) for link in intake.links]
    assert found == [
        ("Ann", "PK95 ABC", "vehicle", "driver-of"),
        ("Ann", "07700 900111", "phone", None),
    ]
    # the first time is London's local time, the second only a day
    times = [f"{link.valid_from:%Y-%m-%d %H:%M}" for link in intake.links if link.valid_from]
    assert times == ["2011-07-01 11:00", "2011-07-01 00:00"]


def test_a_chart_that_names_its_types_and_ends_by_reference_is_read(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    path = tmp_path / "chart.anx"
    ends = "".join(
        f'<ChartItem Id="{one}" Label="{label}"><End><Entity><Icon>'
        f'<IconStyle EntityTypeReference="{kind}"/></Icon></Entity></End></ChartItem>'
        for one, label, kind in (("i1", "Ann", "t1"), ("i2", "PK95 ABC", "t2"))
    )
    types = '<EntityType Id="t1" Name="Person"/><EntityType Id="t2" Name="Car"/>'
    link = (
        '<ChartItem><Link End1Reference="i1" End2Reference="i2">'
        '<LinkStyle LinkTypeReference="t3"/></Link></ChartItem>'
    )
    path.write_bytes(_chart(f'{types}<LinkType Id="t3" Name="owns"/>{ends}{link}'))
    assert not imports(path).rejected
    found = [(one.source, one.target, one.target_kind, one.link_kind) for one in intake.links]
    assert found == [("Ann", "PK95 ABC", "vehicle", "owns")]


def test_rows_of_tables_that_name_nothing_are_reported_one_by_one(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    """Links without an end and things without an id are reported one by one. A name that looks like
    a formula is imported as plain text.
    """
    path = _zip(
        tmp_path / "network.zip",
        entities=I2 + b"2,'=HYPERLINK(1),person\r\n,Nobody,person\r\n=cmd,'+44,handle\r\n",
        links=(
            b"From,To,Type,Direction\r\n"
            b"1,2,associate,\r\n2,=cmd,uses,->\r\n1,7,associate,\r\n=cmd,1,uses,<-\r\n"
        ),
    )
    report = imports(path)
    assert [(link.source, link.target) for link in intake.links] == [
        ("Ann", "=HYPERLINK(1)"),
        ("=HYPERLINK(1)", "+44"),
        ("Ann", "+44"),
    ]
    places = [(one.place.sheet, one.place.row, one.place.column) for one in report.rejected]
    assert places == [("links.csv", 4, "target_id"), ("entities.csv", 4, "Identity")]


def test_tables_of_another_force_are_read_by_what_they_name(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    """In tables of another force, people are named by numbers and things by names. Both are
    read."""
    path = _zip(
        tmp_path / "pole.zip",
        person=b"person id,full name,category\r\n17,Sam,suspect\r\n18,Sam,\r\n",
        association=(
            b"source,source_kind,target,target_kind,link\r\n"
            b"17,person,18,person,associate\r\n17,person,PK95 ABC,vehicle,driver-of\r\n"
            b"19,person,17,person,associate\r\n"
        ),
    )
    report = imports(path)
    assert [(link.source, link.source_kind, link.target) for link in intake.links] == [
        ("Sam (17)", "person/suspect", "Sam (18)"),
        ("Sam (17)", "person/suspect", "PK95 ABC"),
    ]
    assert [(one.place.row, one.place.column) for one in report.rejected] == [(4, "source_id")]


def test_who_is_masked_is_nobody_in_a_table_alone(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    """A table with masked people, such as "child-1", is refused if it is imported alone. Each
    export numbers masked people from 1, so the same name can mean another person."""
    path = tmp_path / "person.csv"
    path.write_text("person id,description,category\nchild-1,Child 1,vulnerable-child\n", "utf-8")
    (bad,) = imports(path).rejected
    assert bad.place.column == "person id"
    assert "import the whole .zip of the export" in bad.reason
    assert not intake.drafts


PICTURE = b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(range(256)) * 2
WRITTEN = base64.b64encode(PICTURE).decode()


@pytest.mark.parametrize("name", ["photo.jpg", "notes.csv", "x/readme.txt", "event.csv"])
@pytest.mark.parametrize("content", [PICTURE, f"id,photo\r\n1,{WRITTEN}\r\n".encode()])
def test_a_picture_beside_the_tables_of_a_network_is_not_kept(
    imports: Importing, tmp_path: Path, name: str, content: bytes
) -> None:
    """A picture in an archive beside a network's tables is not stored, whatever its name is. Only
    its hash, size and type are recorded."""
    path = _zip(
        tmp_path / "network.zip",
        entities=I2 + b"2,Baz,person\r\n",
        links=b"From,To,Type\r\n1,2,associate\r\n",
    )
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, content)
        archive.writestr("about.txt", b"as known then")
    assert not imports(path).rejected
    with zipfile.ZipFile(io.BytesIO(imports.original())) as kept:
        told = {each: kept.read(each) for each in kept.namelist()}
    assert told["entities.csv"].startswith(I2)
    assert told["about.txt"] == b"as known then"
    assert b"call the investigator" in told[name]
    assert WRITTEN.encode() not in told[name]


def test_a_part_of_an_archive_is_never_held_whole(imports: Importing, tmp_path: Path) -> None:
    """A file in an archive is never in memory as a whole, because a few megabytes may unpack to
    gigabytes.
    """
    path = _zip(tmp_path / "n.zip", entities=I2, links=b"From,To,Type\r\n")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("photo.jpg", PICTURE * (12 << 11))
        archive.writestr("long.txt", b"as known " * (12 << 17))
    tracemalloc.start()
    try:
        imports(path)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 10 << 20
    with zipfile.ZipFile(io.BytesIO(imports.original())) as kept:
        assert kept.read("photo.jpg").startswith(b"[jpg, ")
        assert len(kept.read("long.txt")) == 12 * 9 << 17


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("chart.anx", _chart(f'{_entity("1")}<Picture Data="{WRITTEN}"/>')),
        ("network.graphml", f"<graphml><graph/><!--{WRITTEN}--></graphml>".encode()),
        ("network.json", _ftm("a", notes=WRITTEN).replace("/", r"\/").encode()),
    ],
)
def test_of_a_network_with_a_picture_in_its_text_the_hash_alone_is_kept(
    imports: Importing, intake: FakeIntake, tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    report = imports(path)
    assert any("remove them to store the file" in note for note in report.files[0].notes)
    assert not [file.kept for file in intake.files.values() if file.kept]


@pytest.mark.parametrize("form", ["people", "provenance-log", "calls"])
def test_a_network_is_read_as_no_other_form(
    imports: Importing, intake: FakeIntake, tmp_path: Path, form: str
) -> None:
    """If the user says that a network file is another kind of file, it is refused. Otherwise its
    rows would be recorded as statements of people."""
    kinds: tuple[tuple[str, Format], ...] = (
        ("n.xml", "graphml"),
        ("n.json", "ftm"),
        ("n.zip", "i2"),
    )
    for name, kind in kinds:
        path = tmp_path / name
        path.write_bytes(export(known_people(), kind, Stamp(AT)).content)
        told = re.escape(
            f"{name}: the file contains links (a network), not {form}. Use --form links"
        )
        with pytest.raises(BadFile, match=told):
            imports(path, form=form)
    assert not intake.recorded
    assert not intake.files


def _carrying(path: Path, **told: str) -> Path:
    """Write a network file with one link that has these attributes; return its path."""
    data = "".join(f"<data key={one!r}>{value}</data>" for one, value in told.items())
    edge = f"<edge source='Ann' target='Baz'>{data}</edge>"
    path.write_text(f"<graphml><graph>{edge}</graph></graphml>", encoding="utf-8")
    return path


def test_what_a_tie_carries_does_not_say_what_becomes_of_its_row(
    imports: Importing, intake: FakeIntake, tmp_path: Path
) -> None:
    """If a link in an imported file has attributes with the names of this product's columns, they
    do not change how the link is recorded."""
    told = {"_form": "provenance-log", "_id": "64f0", "source id": "q", "weight": "2"}
    report = imports(_carrying(tmp_path / "n.graphml", **told))
    assert (report.files[0].form, report.rejected) == ("links", [])
    assert [(link.source, link.weight) for link in intake.links] == [("Ann", 2.0)]


def test_two_things_of_one_title_are_named(imports: Importing, tmp_path: Path) -> None:
    path = _carrying(tmp_path / "n.graphml", Weight="1", weight="2")
    with pytest.raises(BadFile, match="have 'Weight' and 'weight', which are one heading"):
        imports(path)


@pytest.mark.parametrize(
    ("tables", "what"),
    [
        ({"links": b"From,To,Type\r\n"}, "'links.csv' and no 'entities.csv'"),
        ({"entities": I2}, "'entities.csv' and no 'links.csv'"),
        ({"person": b"person id\r\n"}, "'person.csv' and no 'association.csv'"),
    ],
)
def test_an_archive_that_lacks_a_table_says_which(
    imports: Importing, tmp_path: Path, tables: dict[str, bytes], what: str
) -> None:
    with pytest.raises(BadFile, match=f"it contains {what}.*all tables of the export together"):
        imports(_zip(tmp_path / "part.zip", **tables))


@pytest.mark.parametrize("folder", ["", "../", "/", "Network\\", "Zo\u00eb/a/"])
def test_tables_are_found_in_any_folder_of_an_archive(
    imports: Importing, intake: FakeIntake, tmp_path: Path, folder: str
) -> None:
    path = tmp_path / "network.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{folder}entities.csv", I2 + b"2,Baz,person\r\n")
        archive.writestr(f"{folder}links.csv", b"From,To,Type\r\n1,2,associate\r\n")
        archive.writestr("links.csv/", b"")
    assert not imports(path).rejected
    assert [(link.source, link.target) for link in intake.links] == [("Ann", "Baz")]


def test_an_archive_within_another_is_to_be_taken_out(imports: Importing, tmp_path: Path) -> None:
    path = tmp_path / "outer.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Network/export.zip", b"PK")
    with pytest.raises(
        BadFile, match=r"another archive, 'Network/export.zip'. Unpack that archive"
    ):
        imports(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("chart.anx", _chart("")),
        ("network.graphml", b"<graphml><graph/></graphml>"),
        ("network.json", json.dumps({"id": "s", "schema": "Similar"}).encode()),
    ],
)
def test_a_network_of_nothing_says_so(
    imports: Importing, tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    (file,) = imports(path).files
    assert "it contains no person, thing or link" in file.notes


def test_a_number_of_very_many_figures_is_no_json_in_words(
    imports: Importing, tmp_path: Path
) -> None:
    path = tmp_path / "network.json"
    path.write_text(f'{_ftm("a")}\n{{"id": "b", "schema": {"9" * 5000}}}\n', "utf-8")
    (bad,) = imports(path).rejected
    assert bad.reason == "the line is not JSON: write one object on the line"


def test_an_archive_that_holds_no_network_is_said_to_be_none(
    imports: Importing, tmp_path: Path
) -> None:
    with pytest.raises(BadFile, match="not a workbook"):
        imports(_zip(tmp_path / "other.zip", notes=b"a,b\r\n"))
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(BadFile, match="cut short or damaged"):
        imports(tmp_path / "broken.zip")


@pytest.mark.parametrize("form", ["graphml", "gexf", "anx", "ftm", "i2", "pole"])
def test_a_damaged_network_never_ends_in_a_traceback(
    imports: Importing, tmp_path: Path, form: Format
) -> None:
    draw, content = Random(7), export(known_people(), form, Stamp(AT)).content
    refused = 0
    for _ in range(40):
        path, spoilt = tmp_path / "spoilt", bytearray(content)
        for _ in range(draw.choice((1, 2, 5))):
            at = draw.randrange(len(spoilt))
            spoilt[at : at + draw.randrange(3)] = draw.randbytes(draw.randrange(4))
        path.write_bytes(spoilt)
        try:
            imports(path)
        except BadFile:
            refused += 1
    assert refused


def test_tables_whose_bytes_were_changed_are_refused(imports: Importing, tmp_path: Path) -> None:
    path = tmp_path / "network.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("entities.csv", I2)
        archive.writestr("links.csv", b"From,To,Type\r\n")
    whole = path.read_bytes()
    newer = whole.replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\xc8")
    assert newer != whole
    for spoilt in (whole.replace(b"Ann", b"Bob"), newer):
        path.write_bytes(spoilt)
        with pytest.raises(BadFile, match="cut short or damaged"):
            imports(path)
