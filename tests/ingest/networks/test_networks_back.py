"""A network that was exported in any format is imported into another store unchanged, and only
once.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings

from domain import forms
from ingest.importing.load import import_files
from network.export.export import Format, export
from network.export.sheets import kind_of
from network.picture.footer import Stamp
from network.query.masked_export import ExportedLink, ExportedNode, MaskedExport, Role, outgoing
from network.query.view import whole_layer
from projections.intelligence.links import LinkFilter
from tests.ingest.conftest import FakeIntake, Importing, opened
from tests.support.ingest.networks_back import known_people, nodes, ties
from tests.support.network.round_trips import AT, every_tie, networks

#: All formats except pictures. The workbook is tested with fewer examples, because a separate
#: process opens it.
FORMATS = tuple(argument for argument in get_args(Format) if argument not in ("svg", "png", "pdf"))
READ_BACK = pytest.mark.parametrize("form", FORMATS)


def import_twice(out: MaskedExport, form: Format, imports: Importing, home: Path) -> None:
    """Import an exported network into a store twice. Assert that the second import adds nothing."""
    path = home / "network"
    path.write_bytes(export(out, form, Stamp(AT)).content)
    first = imports(path)
    again = imports(path)
    assert (again.recorded, again.already_recorded) == (0, first.recorded)
    assert all("two different ends" in one.reason for one in first.rejected)


def node(one: ExportedNode) -> tuple[Any, ...]:
    """Return a node in the form in which the import must read it."""
    times = _seconds(one.since), _seconds(one.until)
    name = one.label if one.kind in ("person", "incident") else ""
    return (kind_of(one), name, one.masked, one.aliases, one.unnamed, one.sort, *times)


def _seconds(at: datetime | None) -> datetime | None:
    return at.replace(microsecond=0) if at else None


def expected_link(one: ExportedLink, called: dict[str, str]) -> tuple[Any, ...]:
    """Return a link in the form in which the import must read it; `called` names the nodes."""
    pair, grade = one.pair, tuple(one.pair.grade or (None, None))
    ends = called[one.source.id], called[one.target.id]
    times = pair.valid_from, pair.valid_to
    return (*ends, pair.kind, *times, pair.weight, *grade, pair.handling, pair.undermined)


def is_as_it_was(out: MaskedExport, form: Format, home: Path) -> None:
    intake = FakeIntake()
    import_twice(out, form, Importing(intake, home / "originals"), home)
    called = forms.distinct_names({one.id: (one.kind, one.label) for one in out.nodes})
    came = nodes(intake.links)
    known = {one.id: (one.kind, called[one.id]) for one in out.nodes}
    # two phones with the same number are one phone, which has no link to itself
    one_thing = [t for t in out.ties if known[t.source.id] == known[t.target.id]]
    others = [t for t in out.ties if t not in one_thing]
    assert {*known.values()} - came.keys() <= {known[t.source.id] for t in one_thing}
    assert came.keys() <= {*known.values()}
    for one in out.nodes:
        if known[one.id] in came:
            kind, name, *rest = came[known[one.id]]
            told = (kind, name if one.kind in ("person", "incident") else "", *rest)
            assert told == node(one)
    assert ties(intake.links) == sorted((expected_link(t, called) for t in others), key=str)


@pytest.mark.parametrize("form", [one for one in FORMATS if one != "xlsx"])
@settings(max_examples=8)
@given(out=networks())
def test_whatever_left_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, form: Format, out: MaskedExport
) -> None:
    is_as_it_was(out, form, tmp_path_factory.mktemp("back"))


@settings(max_examples=3)
@given(out=networks())
def test_whatever_left_as_a_workbook_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, out: MaskedExport
) -> None:
    is_as_it_was(out, "xlsx", tmp_path_factory.mktemp("back"))


@READ_BACK
def test_each_kind_of_tie_comes_back_and_makes_nobody_a_suspect(
    tmp_path: Path, form: Format
) -> None:
    roles: tuple[Role, ...] = ("child", "person", "suspect", "convicted", "victim")
    is_as_it_was(every_tie(roles), form, tmp_path)


@READ_BACK
def test_what_another_store_exported_is_exported_again_as_it_was(
    tmp_path: Path, form: Format
) -> None:
    out, path = known_people(), tmp_path / "network"
    path.write_bytes(export(out, form, Stamp(AT)).content)
    system = opened(tmp_path / "store", None, "importer")
    report = import_files(
        system.desk, system.reader, [path], originals=system.originals, now=system.clock()
    )
    assert report.rejections == 0
    with system.reading() as db:
        seen = whole_layer(db, system.reader, link_filter=LinkFilter(min_rank=None))
        again = outgoing(db, system.reader, seen)
    system.close()
    assert network_content(again) == network_content(out)


def network_content(out: MaskedExport) -> list[Any]:
    """Return the people, things and links of a network without their ids and line numbers."""
    people = [
        (*node(one)[:1], one.label, *node(one)[2:], one.role, one.cleared, one.suspect)
        for one in out.nodes
    ]
    between = [expected_link(tie, {n.id: n.label for n in out.nodes}) for tie in out.ties]
    return [sorted(people, key=str), sorted(between, key=str)]
