"""Two people with the same name stay two people when a network is imported in any two formats,
because the id and not the name identifies a person in a data set."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.intelligence.entity import AgeRecorded, PersonRecorded
from domain.intelligence.link import LinkAsserted
from ingest.importing.load import import_files
from installation.system import System
from tests.ingest.conftest import as_csv, opened
from tests.support.ingest.equal_names import FORMS, LINKS, PEOPLE


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the same network in each format."""
    home = tmp_path_factory.mktemp("equal-names")
    for name, content in FORMS.items():
        (home / name).write_bytes(content)
    return home


@pytest.fixture(scope="module")
def system(files: Path) -> Iterator[System]:
    made = opened(files / "store", None, "importer")
    yield made
    made.close()


def bring_in(system: System, *paths: Path, dataset: str = "default") -> list[str]:
    """Import the files into one data set, one after another; return the reasons for rows that were
    left out.
    """
    reasons = []
    for path in paths:
        report = import_files(
            system.desk,
            system.reader,
            [path],
            originals=system.originals,
            now=system.clock(),
            dataset=dataset,
        )
        reasons += [one.reason for one in report.rejected]
    return reasons


def people_and_pairs(system: System, after: int) -> tuple[int, int]:
    """Return how many people and how many linked pairs of people were recorded after this position
    of the log."""
    facts = list(system.logs["evidence"].read(after, 10_000))
    people = {fact.stream for fact in facts if isinstance(fact.event, PersonRecorded)}
    links = [fact.event for fact in facts if isinstance(fact.event, LinkAsserted)]
    ends = [frozenset({link.a, link.b}) for link in links]
    return len(people), len({pair for pair in ends if pair <= people})


#: The product's own formats. Each tested pair of formats has at least one of these or GraphML,
#: because all foreign formats give the same rows.
OWN = ("people.csv", "links.csv", "links-ids.csv", "incidents.csv")


@pytest.mark.in_turn
@pytest.mark.parametrize("first", FORMS)
def test_two_people_of_one_name_are_two_in_any_two_forms(
    system: System, files: Path, first: str
) -> None:
    wrong: dict[str, object] = {}
    for second in FORMS if first in OWN else (*OWN, "network.graphml"):
        end = system.logs["evidence"].last()
        pair = [files / name for name in (first, second)]
        left_out = bring_in(system, *pair, dataset=f"{first} and {second}")
        without_links = {"people.csv", "incidents.csv"} >= {first, second}
        expected = (len(PEOPLE), 0 if without_links else len(LINKS))
        if (found := people_and_pairs(system, end)) != expected:
            wrong[second] = (found, left_out)
    assert not wrong


def test_a_name_without_an_id_is_not_a_third_person(
    system: System, files: Path, tmp_path: Path
) -> None:
    """A row that names a person without the id that the person has in the data set is left out with
    a message. It adds no second record of the person."""
    links = as_csv(tmp_path / "l.csv", ("source", "target"), ("John Smith", "N3"), ("N2", "N3"))
    names = as_csv(tmp_path / "p.csv", ("full name", "dob"), ("Barry Field", "1980-02-03"))
    acts = as_csv(
        tmp_path / "i.csv",
        ("incident id", "what happened", "suspects", "place"),
        ("I1", "Theft", "Barry Field", "Town A"),
    )
    for form in ("people.csv", "links.csv", "network.graphml", "pole.zip"):
        end = system.logs["evidence"].last()
        given = [files / form, links, names, acts]
        left_out = bring_in(system, *given, dataset=f"{form} and names")
        assert len(left_out) == 3
        assert all("with an id, and this row gives no id" in reason for reason in left_out)
        assert people_and_pairs(system, end)[0] == len(PEOPLE)


def test_people_after_their_links_add_dates_of_birth_and_no_double(
    system: System, files: Path, tmp_path: Path
) -> None:
    """If a file of links is imported before the table of its people, the table adds the people's
    other data and no second record of a person."""
    end = system.logs["evidence"].last()
    head = ("person id", "full name", "dob", "alias")
    people = as_csv(
        tmp_path / "people.csv",
        head,
        ("N1", "John Smith", "1980-02-03", "Smithy"),
        ("N2", "John Smith", "1991-05-06", ""),
        ("N3", "Jane Ash", "1970-01-01", ""),
    )
    gendered = as_csv(
        tmp_path / "more.csv", ("person id", "full name", "gender"), ("N3", "Barry Field", "male")
    )
    told = bring_in(system, files / "links.csv", people, gendered, dataset="links first")
    assert len(told) == 2
    assert "the id 'N3' for another person than 'Jane Ash'" in told[0]
    assert "a gender and a description cannot be added" in told[1]
    assert people_and_pairs(system, end) == (len(PEOPLE), len(LINKS))
    facts = list(system.logs["evidence"].read(end, 10_000))
    names = {
        fact.stream: fact.event.name for fact in facts if isinstance(fact.event, PersonRecorded)
    }
    born = [
        (names[fact.stream], str(fact.event.born))
        for fact in facts
        if isinstance(fact.event, AgeRecorded)
    ]
    assert born == [("John Smith", "1980-02-03"), ("John Smith", "1991-05-06")]
    again = as_csv(tmp_path / "again.csv", head, ("N1", "John Smith", "1981-02-03", ""))
    (refused,) = bring_in(system, again, dataset="links first")
    assert "each id names one person" in refused


def test_an_id_of_a_node_is_not_another_networks_node(system: System, tmp_path: Path) -> None:
    """A node with the id "n0" in two imported networks is two people, because programs number the
    nodes of each network from n0."""
    head = "<graphml><key id='k' for='node' attr.name='label'/><graph>"
    end = system.logs["evidence"].last()
    for names in (("Ash", "Cole"), ("Baz", "Cole"), ("Ash", "Dean")):
        nodes = (
            f"<node id='n{at}'><data key='k'>{name}</data></node>" for at, name in enumerate(names)
        )
        path = tmp_path / f"{'-'.join(names)}.graphml"
        path.write_text(f"{head}{''.join(nodes)}<edge source='n0' target='n1'/></graph></graphml>")
        assert not bring_in(system, path, dataset="numbered")
    assert people_and_pairs(system, end) == (4, 3)


def test_an_id_of_a_thing_names_one_thing(system: System, tmp_path: Path) -> None:
    heads = ("source", "target", "target_kind", "target_id")
    rows = (
        ("Ash", "PK95 ABC", "vehicle", "V1"),
        ("Baz", "PK95 ABD", "vehicle", "V1"),
        ("Cole", "", "vehicle", "V1"),
        ("Dean", "pk95abc", "vehicle", "V1"),
    )
    left_out = bring_in(system, as_csv(tmp_path / "v.csv", heads, *rows), dataset="things")
    assert len(left_out) == 1
    assert "has the id 'V1' for another vehicle than 'PK95 ABD'" in left_out[0]


@pytest.mark.postgres
def test_a_server_has_the_same_two(files: Path, tmp_path: Path, copy_url: str) -> None:
    system = opened(tmp_path / "store", copy_url, "importer")
    given = [files / name for name in ("network.graphml", "links.csv", "chart.anx", "pole.zip")]
    left_out = bring_in(system, *given)
    found = people_and_pairs(system, 0)
    system.close()
    assert (found, left_out) == ((len(PEOPLE), len(LINKS)), [])
