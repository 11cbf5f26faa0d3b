"""Search results are counted and narrowed only among items that the reader sees; people are listed
first.
"""

from collections.abc import Iterator

import pytest
from msgspec import structs

from commands.information import observation
from domain.kernel.values import Reader, Refused
from projections.composed import finding
from projections.composed.facets import FacetFilter
from tests.access.staff import Staff
from tests.commands.office import Office, Place, prepared


def _record_facts(office: Office) -> None:
    case = str(office.case())
    office.words("Barry was at the gate", case=case)
    office.assessed(office.words("Barry again, with Gaz"))
    office.later(hours=24 * 40)
    office.words("Barry drives off")
    office.person("Barry Vole")
    others = structs.replace(office.reader, team="Deter")
    observation.record(office.desk, others, words="Barry is known here")
    staff = Staff(office)
    staff.hire("ds.hale", "detective")
    staff.hire("dc.far", "detective", teams=["Deter"])


TOLD = prepared("facets", _record_facts)


@pytest.fixture
def office(place: Place) -> Iterator[Office]:
    with TOLD(*place) as (office, _):
        yield office


def search(office: Office, reader: Reader, words: str, **wanted: str) -> finding.SearchPage:
    with office.desk.asking() as db:
        return finding.search(db, reader, words, 20, FacetFilter(**wanted))


def counts(found: finding.SearchPage, facet: str) -> dict[str, int]:
    return {count.value: count.many for count in found.counts if count.facet == facet}


def test_it_is_counted_by_what_the_searcher_sees_and_narrowed(office: Office) -> None:
    hale = Staff(office).now("ds.hale")
    found = search(office, hale, "Barry")
    assert found.hits[0].kind == "person"
    assert counts(found, "kind") == {"observation": 2, "person": 1}
    assert counts(found, "team") == {"Engage": 3}, "what another team holds is in no count"
    assert counts(found, "period") == {"2011-03": 1, "2011-04": 2}, "within one year by months"
    assert counts(found, "stage") == {"information": 2}, "a detective sees no words of a report"
    ((number, filed),) = counts(found, "case").items()
    assert filed == 1
    assert found.every == 3

    narrow = search(office, hale, "Barry", kind="observation", period="2011-03")
    assert narrow.every == 1
    assert counts(narrow, "kind") == {"observation": 1}, "of those of March"
    assert counts(narrow, "period") == {"2011-03": 1, "2011-04": 1}
    assert search(office, hale, "Barry", case=number).every == 1
    assert search(office, hale, "Barry", team="Deter").every == 0
    with pytest.raises(Refused, match="a year or a month"):
        search(office, hale, "Barry", period="March")
