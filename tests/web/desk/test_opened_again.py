"""If a decision to take no further action is reopened, every front says that it is open again, when
it was reopened, and why."""

from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from commands.families import casework, rejudging
from commands.intelligence import links
from commands.justice import arrest_to_result
from domain.families.referral import MissingReported
from domain.justice.arrest_to_result import ResultRecorded
from projections.families import cases
from tests.console.conftest import Line
from tests.web.conftest import House

AGAIN = "opened again 18 Mar 2011 because of a tie with a child"


@pytest.mark.usually_on("sqlite")
def test_each_front_says_when_and_why_and_names_the_suspect_at_closing(
    house: House, tmp_path: Path
) -> None:
    office = house.office
    desk, reader = office.desk, office.reader
    case = office.case("Kayleigh Marlow")
    with office.system.reading() as db:
        child = cases.children(db, reader, case)[case]
    man = office.person("Baz", categories=(("suspect", "named by two"),))
    result = ResultRecorded("nfa-other", man, case, rationale="abroad all that year")
    arrest_to_result.record(desk, reader, result, because_of=("none-known",))
    office.agreed(case, "no-further-action")
    office.later()
    words = office.words("He meets her")
    links.assert_link(desk, reader, words, str(man), str(child), "contact")
    rejudging.reopen(desk)
    casework.report_missing(desk, reader, str(case), MissingReported())
    office.later()
    sergeant = house.somebody("ds.hale")
    for page in (f"/people/{man}", f"/cases/{case}?tab=court", "/today/missing"):
        assert AGAIN in sergeant.get(page).text, page
    api = house.anybody.get(f"/api/v1/people/{man}", headers={"X-Continuum-User": "ds.hale"})
    (told,) = (one for one in api.json()["outcomes"] if one["what"] == "nfa-other")
    assert told["lacked"] == "a tie with a child"
    assert told["reopened"].startswith("2011-03-18")
    sergeant.send("/do/close", case=str(case), reason="quiet", command_id=str(uuid4()))
    assert "1 open suspect" in sergeant.get("/today/to-decide").text
    with closing(Line(office.settings.store, tmp_path / "store")) as line:
        assert AGAIN in line("person", "show", str(man)).out
