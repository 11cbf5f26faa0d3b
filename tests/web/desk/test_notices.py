"""A family's page shows the men who were warned to stay away from the child, and how each breach
was followed up.
"""

from datetime import date
from uuid import UUID

from commands.families import referral
from domain.justice.abduction_notice import NoticeBreached
from tests.web.conftest import House


def test_a_notice_is_on_the_familys_page_with_its_breaches(house: House) -> None:
    office, chief = house.office, house.somebody("ds.hale")
    case = referral.receive(office.desk, office.reader, child="Kay Moss", born=date(1997, 5, 6)).id
    known = {"who": str(office.person("Baz")), "child": "Kay Moss", "because_of": ["none-known"]}
    page = chief.send("/do/outcome-notice", **known, happened="2011-03-01T10:00")
    notice = page.url.path.rpartition("/")[2]
    seen = {"seen_by": "an aunt", "place": "the arcade", "happened": "2011-03-10T22:00"}
    words = str(office.words("He had her in the car"))
    chief.send("/do/notice-breach", notice=notice, item=words, **seen)
    chief.send("/do/outcome-arrest", **known | {"case": str(case)})
    page = chief.get(f"/cases/{case}?tab=contacts").text
    assert "Arrest" in page
    assert "to be told" in page
    page = chief.get(f"/cases/{case}?tab=court").text
    assert 'its last day is <time datetime="2013-05-06">6 May 2013' in page
    assert "the breach is not followed up yet" in page
    assert "no photograph" in page
    assert "not itself an offence" in page
    (breached,) = office.events(NoticeBreached)
    assert breached.item == UUID(words)
    listed = chief.get("/list/notices?state=breached").text
    assert "Kay Moss" in listed
    assert "the arcade" in listed
