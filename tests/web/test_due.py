"""What is due on the screen."""

import re
from dataclasses import replace

from commands import justice, observation
from domain.justice import ResultRecorded
from domain.observation import NoValueAudited
from tests.web.conftest import House


def test_a_drawn_decision_is_answered_and_what_does_not_fit_is_listed(house: House) -> None:
    office = house.office
    office.desk.policy = replace(office.desk.policy, no_value_sample=1)
    item = office.words("He was at the arcade again.")
    observation.triage(office.desk, office.somebody("ds.hart"), item, "no-value", "nothing")
    sentence = ResultRecorded("sentenced", office.person("Baz"))
    justice.record(office.desk, office.reader, sentence, because_of=("none-known",))
    decider, other = house.somebody("ds.hart"), house.somebody("ds.bell")
    page = other.get("/due?mine=true").text
    assert "He was at the arcade again." in page
    assert "no conviction of this person is recorded" in page
    assert "Nothing is due" in decider.get("/due?mine=true").text
    which = re.findall(r'action="/due/([0-9a-f-]+)/answer"', page)[0]
    own = decider.send(f"/due/{which}/answer", said="agree", reason="fine")
    assert own.status_code == 422
    assert (
        "It waits in the queue again"
        in other.send(f"/due/{which}/answer", said="assess", reason="the plate is known").text
    )
    assert [one.answer for one in house.office.events(NoValueAudited)] == ["assess"]
    assert "He was at the arcade again." in other.get("/queue").text
